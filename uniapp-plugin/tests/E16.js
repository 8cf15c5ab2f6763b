// E16: onRecvC2CReadReceipt.
var Im = uni.requireNativePlugin('Whinchat-IM')
await login(Im, 'alice')
var bob = await login(stage.phone('bob'), 'bob')
var heard = hear(Im, 'setAdvancedMsgListener')
for (var i = 1; i <= 4; i++) await must(Im, 'sendC2CTextMessage', { text: 'text ' + i, userId: 'bob' })
await until('bob has them', async function () { return (await texts(bob, 'alice')).length === 4 })
await must(bob, 'markC2CMessageAsRead', { userId: 'alice' })

var ret = await heard.next('onRecvC2CReadReceipt')
check(Array.isArray(ret.receiptList) && ret.receiptList.length === 1, 'receiptList is an array')
var newest = (await must(Im, 'getC2CHistoryMessageList', { userId: 'bob', count: 1 })).messageList[0]
ret.receiptList.forEach((receipt, index) => {
  check(receipt.userId === 'bob', 'userId is the reader')
  check(receipt.timestamp === newest.timestamp, 'timestamp is that of the newest message read')
})
await must(Im, 'sendC2CTextMessage', { text: 'text 5', userId: 'bob' })

/** Newest first: the last one is unread, the others are read. */
async function marks(Im) {
  var page = await must(Im, 'getC2CHistoryMessageList', { userId: 'bob', count: 20 })
  return page.messageList.map(function (message) { return message.isPeerRead }).join()
}
check((await marks(Im)) === 'false,true,true,true,true', 'isPeerRead up to the read position: ' + (await marks(Im)))

// It survives a restart, and offline it is right after the login.
Im = await stage.restart()
await stage.cut()
await must(Im, 'init', { sdkAppId: stage.appId })
var begun = ask(Im, 'login', { userId: 'alice', userSig: await stage.sig('alice') })
await until('the local session is open', async function () { return (await must(Im, 'getLoginUser')).userId === 'alice' })
check((await marks(Im)) === 'false,true,true,true,true', 'the marks are on the disk')
await must(bob, 'markC2CMessageAsRead', { userId: 'alice' })
heard = hear(Im, 'setAdvancedMsgListener')
await stage.mend()
check((await begun).code === 0, 'the login that waited succeeds')
await until('the last one is read too', async function () { return (await marks(Im)) === 'true,true,true,true,true' })
await heard.next('onRecvC2CReadReceipt')

// In groups the sender is told nothing.
var group = await must(Im, 'createGroup', { groupType: 'Work', groupName: 'team' })
await must(Im, 'inviteUserToGroup', { groupId: group.groupId, userIdList: ['bob'] })
await must(Im, 'sendGroupTextMessage', { text: 'all', groupId: group.groupId })
await until('bob has the group', async function () { var item = await conversation(bob, 'group_' + group.groupId); return item && item.unreadCount > 0 })
await must(bob, 'markGroupMessageAsRead', { groupId: group.groupId })
await must(bob, 'sendC2CTextMessage', { text: 'read', userId: 'alice' })
await heard.next('onRecvNewMessage')
check(heard.count('onRecvC2CReadReceipt') === 1, 'no receipt from a group')
