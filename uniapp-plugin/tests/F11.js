// F11: what was read stays read when the app is installed anew. A new installation is a phone with nothing on it.
var Im = uni.requireNativePlugin('Whinchat-IM')
await login(Im, 'alice')
var bob = await login(stage.phone('bob'), 'bob')
var tablet = await login(stage.phone('tablet', { platform: 'tablet' }), 'alice')
var receipts = hear(bob, 'setAdvancedMsgListener')
var group = (await must(bob, 'createGroup', { groupType: 'Work', groupName: 'team' })).groupId
await must(bob, 'inviteUserToGroup', { groupId: group, userIdList: ['alice'] })
for (var i = 1; i <= 3; i++) await must(bob, 'sendC2CTextMessage', { text: 'read ' + i, userId: 'alice' })
await must(bob, 'sendGroupTextMessage', { text: 'read as well', groupId: group })
await until('the group is here', async function () { var item = await conversation(Im, 'group_' + group); return item && item.lastMessage && item.lastMessage.elem.text === 'read as well' })
await until('three are here', async function () { return (await texts(Im, 'bob')).length === 3 })

// Each reads what the other wrote; then bob writes more.
await must(Im, 'sendC2CTextMessage', { text: 'an answer', userId: 'bob' })
await receipts.next('onRecvNewMessage', function (event) { return event.elem.text === 'an answer' })
var read = hear(Im, 'setAdvancedMsgListener')
await must(bob, 'markC2CMessageAsRead', { userId: 'alice' })
await read.next('onRecvC2CReadReceipt')
await must(Im, 'sendC2CTextMessage', { text: 'another one', userId: 'bob' })
await until('the tablet has the group', async function () { var item = await conversation(tablet, 'group_' + group); return item && item.unreadCount > 0 })
await must(Im, 'markGroupMessageAsRead', { groupId: group })
await must(Im, 'markC2CMessageAsRead', { userId: 'bob' })
await receipts.next('onRecvC2CReadReceipt')
// The server knows of the group's mark once another device does.
await until('the group is read', async function () { var item = await conversation(tablet, 'group_' + group); return item.unreadCount === 0 })
for (i = 1; i <= 2; i++) await must(bob, 'sendC2CTextMessage', { text: 'unread ' + i, userId: 'alice' })
await until('two are unread', async function () { return (await conversation(Im, 'c2c_bob')).unreadCount === 2 })

/** Every text of the conversation: `read` here or by bob, as a mark behind it. */
async function marks(Im) {
  var page = await must(Im, 'getC2CHistoryMessageList', { userId: 'bob', count: 20 })
  return page.messageList.map(function (message) { return message.elem.text + ((message.isSelf ? message.isPeerRead : message.isRead) ? ' +' : ' -') }).reverse().join()
}
var before = await marks(Im)
check(before === 'read 1 +,read 2 +,read 3 +,an answer +,another one -,unread 1 -,unread 2 -', 'on the old installation: ' + before)

var anew = await login(stage.phone('anew'), 'alice')
await until('the conversations are here', async function () { return (await must(anew, 'getConversationList', { nextSeq: 0, count: 100 })).conversationList.length === 2 })
check((await conversation(anew, 'c2c_bob')).unreadCount === 2, 'two are unread, as before')
check((await conversation(anew, 'group_' + group)).unreadCount === 0, 'nothing is in the group')
check((await must(anew, 'getTotalUnreadMessageCount')).totalUnreadCount === 2, 'two in all')
await until('the history is here', async function () { return (await texts(anew, 'bob')).length === 7 })
check((await marks(anew)) === before, 'each message is as read as before: ' + (await marks(anew)))
check((await must(anew, 'getGroupHistoryMessageList', { groupId: group, count: 1 })).messageList[0].isRead === true, 'in the group as well')
