// E9: setMessage (excluded from unread), setSendMessageListener, sendMessage.
var Im = uni.requireNativePlugin('Whinchat-IM')
await login(Im, 'alice')
var bob = await login(stage.phone('bob'), 'bob')
var heard = hear(bob, 'setAdvancedMsgListener')
var lists = hear(bob, 'setConversationListener')
var sends = hear(Im, 'setSendMessageListener')

await must(Im, 'sendC2CTextMessage', { text: 'counted', userId: 'bob' })
await heard.next('onRecvNewMessage')
await lists.next('onTotalUnreadMessageCountChanged', function (event) { return event.totalUnreadCount === 1 })
var totals = lists.count('onTotalUnreadMessageCountChanged')

// 1. Not counted, but the last message of the conversation.
var made = await must(Im, 'createTextMessage', { text: 'not counted' })
check(made.messageKey !== '', 'there is a key')
await must(Im, 'setMessage', { messageKey: made.messageKey, isExcludedFromUnreadCount: true })
var sent = await must(Im, 'sendMessage', { messageKey: made.messageKey, receiver: 'bob', priority: 0 })
check(sent.msgId !== '', 'the answer has the msgId')
await heard.next('onRecvNewMessage')
await until('the last message moves', async function () {
  var item = await conversation(bob, 'c2c_alice')
  return item && item.lastMessage && item.lastMessage.msgId === sent.msgId
})
var item = await conversation(bob, 'c2c_alice')
check(item.unreadCount === 1, 'unreadCount stays')
check((await must(bob, 'getTotalUnreadMessageCount')).totalUnreadCount === 1, 'the total stays')
check(lists.count('onTotalUnreadMessageCountChanged') === totals, 'and nobody says that it changed')
var history = await must(bob, 'getC2CHistoryMessageList', { userId: 'alice', count: 20 })
check(history.messageList[0].msgId === sent.msgId && history.messageList[0].isExcludedFromUnreadCount === true, 'the history says so')

// 3. The send listener.
var told = await sends.next('onSuccess', function (event) { return event.messageKey === made.messageKey })
check(told.msgId === sent.msgId, 'it tells of this message')

// 2. Online only, under the right name and as printed.
var names = ['onlineUserOnly', 'onLineUserOnly']
for (var i = 0; i < names.length; i++) {
  var fleeting = await must(Im, 'createTextMessage', { text: names[i] })
  var params = { messageKey: fleeting.messageKey, receiver: 'bob', priority: 0 }
  params[names[i]] = 'YES'
  await must(Im, 'sendMessage', params)
  await heard.next('onRecvNewMessage', function (event) { return event.elem.text === names[i] })
}
check((await texts(bob, 'alice')).join() === 'counted,not counted', 'what was for those online only is in no history')
check((await texts(Im, 'bob')).join() === 'counted,not counted', 'nor in the sender\'s')

// 4. Wrong keys.
await refused(Im, 'setMessage', { messageKey: 'none', isExcludedFromUnreadCount: true }, 6021)
await refused(Im, 'setMessage', { messageKey: made.messageKey, isExcludedFromUnreadCount: true }, 7014)
