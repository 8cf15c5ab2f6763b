// E19: conversation listener, login, getConversationList with paging.
var Im = uni.requireNativePlugin('Whinchat-IM')
await login(Im, 'alice')
// A user exists from his first login: one phone plays them all.
var crowd = stage.phone('crowd')
await must(crowd, 'init', { sdkAppId: stage.appId })
for (var i = 1; i <= 120; i++) {
  await must(crowd, 'login', { userId: 'user' + i })
  await must(crowd, 'sendC2CTextMessage', { text: 'hello', userId: 'alice' })
  await must(crowd, 'logout')
}
await until('all have arrived', async function () { return (await must(Im, 'getTotalUnreadMessageCount')).totalUnreadCount === 120 })

/** Pages to the end; gives sizes, ends and the ids. */
async function read(between) {
  var result = { sizes: [], ends: [], ids: [], keys: [] }
  var nextSeq = 0
  for (;;) {
    var ret = await must(Im, 'getConversationList', { nextSeq: nextSeq, count: 50 })
    check(ret.isFinish === ret.isFinished, 'both spellings of the end')
    result.sizes.push(ret.conversationList.length)
    result.ends.push(ret.isFinished)
    ret.conversationList.forEach((item) => {
      result.ids.push(item.conversationId)
      result.keys.push(item.orderKey)
    })
    nextSeq = ret.nextSeq
    if (ret.isFinished) break
    if (between) await between()
    between = null
  }
  for (var n = 0; n < 2; n++) {
    var after = await must(Im, 'getConversationList', { nextSeq: nextSeq, count: 50 })
    check(after.conversationList.length === 0 && after.isFinished === true, 'after the end there is an empty page, again and again')
  }
  check(new Set(result.ids).size === result.ids.length, 'no conversation twice')
  return result
}
var list = await read()
check(list.sizes.join() === '50,50,20' && list.ends.join() === 'false,false,true', '50, 50, 20: ' + list.sizes + ' ' + list.ends)
check(list.keys.every(function (key, at) { return at === 0 || list.keys[at - 1] > key }), 'newest first by orderKey')

// 3. What comes between pages neither loses nor repeats.
list = await read(async function () {
  await must(Im, 'sendC2CTextMessage', { text: 'again', userId: 'user1' })
})
check(list.ids.length >= 119, 'none is lost: ' + list.ids.length)

// 4. There at once on the next start, also without network.
Im = await stage.restart()
await stage.cut()
await must(Im, 'init', { sdkAppId: stage.appId })
var begun = ask(Im, 'login', { userId: 'alice', userSig: await stage.sig('alice') })
await until('the local session is open', async function () { return (await must(Im, 'getLoginUser')).userId === 'alice' })
list = await read()
check(list.ids.length === 120, 'all are there without a network: ' + list.ids.length)
var lists = hear(Im, 'setConversationListener')

// 5. and 6. What came meanwhile arrives as events.
var bob = await login(stage.phone('bob'), 'bob')
await must(bob, 'sendC2CTextMessage', { text: 'first', userId: 'alice' })
await stage.mend()
check((await begun).code === 0, 'the login that waited succeeds')
var fresh = await lists.next('onNewConversation', function (event) { return event.conversationList.some(isBob) })
var item = fresh.conversationList.find(isBob)
var fields = ['showName', 'faceUrl', 'unreadCount', 'recvOpt', 'lastMessage', 'groupAtInfoList', 'groupAtInfolist', 'isPinned', 'conversationId']
fields.forEach((field) => check(item.hasOwnProperty(field), 'a conversation has ' + field))
check(item.showName === 'bob' && item.lastMessage.elem.text === 'first', 'it is the one that began')
await must(bob, 'sendC2CTextMessage', { text: 'second', userId: 'alice' })
await lists.next('onConversationChanged', function (event) {
  return event.conversationList.some(function (item) { return isBob(item) && item.lastMessage.elem.text === 'second' })
})
function isBob(item) { return item.conversationId === 'c2c_bob' }

// As printed, without a signature: the server of the scripts signs by itself.
await must(stage.phone('third'), 'init', { sdkAppId: stage.appId })
await must(stage.phone('third'), 'login', { userId: 'carol' })
