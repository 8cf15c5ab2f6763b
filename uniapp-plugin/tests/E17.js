// E17: paging group history; the same for one to one.
var Im = uni.requireNativePlugin('Whinchat-IM')
await login(Im, 'alice')
var bob = await login(stage.phone('bob'), 'bob')
var group = (await must(Im, 'createGroup', { groupType: 'Work', groupName: 'team' })).groupId
await must(Im, 'sendGroupTextMessage', { text: 'before bob', groupId: group })
await must(Im, 'inviteUserToGroup', { groupId: group, userIdList: ['bob'] })

/** Pages to the end as an app does; gives the sizes and the messages. */
async function read(phone, method, where, between) {
  var sizes = []
  var all = []
  var msgId = ''
  for (;;) {
    var ret = await must(phone, method, Object.assign({ count: 20, msgId: msgId }, where))
    sizes.push(ret.messageList.length)
    if (ret.messageList.length === 0) return { sizes: sizes.join(), all: all }
    all = all.concat(ret.messageList)
    msgId = ret.messageList[ret.messageList.length - 1].msgId
    if (between) await between()
    between = null
  }
}
/** Newest first, each once. */
function inOrder(messages, expected) {
  var found = messages.map(function (message) { return message.elem && message.elem.text }).join()
  check(found === expected.join(), 'newest first, each once: ' + found)
  var ids = new Set(messages.map(function (message) { return message.msgId }))
  check(ids.size === messages.length, 'every msgId is there once')
}
var plain = []
for (var i = 1; i <= 45; i++) {
  await must(Im, 'sendC2CTextMessage', { text: 'text ' + i, userId: 'bob' })
  plain.unshift('text ' + i)
}
await until('bob has the newest', async function () { var item = await conversation(bob, 'c2c_alice'); return item && item.lastMessage.elem.text === 'text 45' })
var pages = await read(bob, 'getC2CHistoryMessageList', { userId: 'alice' }, async function () {
  for (var n = 1; n <= 10; n++) await must(Im, 'sendC2CTextMessage', { text: 'late ' + n, userId: 'bob' })
})
check(pages.sizes === '20,20,5,0', 'pages of 20, 20, 5 and an empty one: ' + pages.sizes)
inOrder(pages.all, plain)

// The group, on the phone of somebody who came later: nothing from before.
for (i = 1; i <= 45; i++) await must(Im, 'sendGroupTextMessage', { text: 'text ' + i, groupId: group })
await until('bob has the newest', async function () { var item = await conversation(bob, 'group_' + group); return item && item.lastMessage && item.lastMessage.elem.text === 'text 45' })
pages = await read(bob, 'getGroupHistoryMessageList', { groupId: group })
var said = pages.all.filter(function (message) { return message.elemType === 1 })
inOrder(said, plain)

// Offline the pages that are here come back.
await stage.cut('bob')
var offline = await read(bob, 'getC2CHistoryMessageList', { userId: 'alice' })
check(offline.all.length >= 45, 'what was read is there without a network: ' + offline.all.length)
await refused(bob, 'getC2CHistoryMessageList', { userId: 'alice', count: 20, msgId: 'none' }, 6017)
