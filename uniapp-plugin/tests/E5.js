// E5: createTextAtMessage, without the at-info of the conversation, which comes later.
var Im = uni.requireNativePlugin('Whinchat-IM')
await login(Im, 'alice')
var bob = await login(stage.phone('bob'), 'bob')
var carol = await login(stage.phone('carol'), 'carol')
var heard = [hear(bob, 'setAdvancedMsgListener'), hear(carol, 'setAdvancedMsgListener')]

var group = await must(Im, 'createGroup', { groupType: 'Work', groupName: 'team' })
await must(Im, 'inviteUserToGroup', { groupId: group.groupId, userIdList: ['bob', 'carol'] })
var made = await must(Im, 'createTextAtMessage', { text: '@bob look', userIdList: ['bob'] })
await must(Im, 'sendMessage', { messageKey: made.messageKey, groupId: group.groupId, priority: 0 })
for (var i = 0; i < heard.length; i++) {
  var got = await heard[i].next('onRecvNewMessage', function (event) { return event.elemType === 1 })
  check(got.message.elem.text === '@bob look', 'the text arrives')
  check(JSON.stringify(got.message.groupAtUserList) === '["bob"]', 'groupAtUserList names bob: ' + JSON.stringify(got.message.groupAtUserList))
}

// As printed, with a receiver: a plain text.
made = await must(Im, 'createTextAtMessage', { text: '@bob here', userIdList: ['bob'] })
await must(Im, 'sendMessage', { messageKey: made.messageKey, receiver: 'bob' })
var plain = await heard[0].next('onRecvNewMessage', function (event) { return event.elem.text === '@bob here' })
check(plain.message.userId === 'alice' && plain.message.groupId === '', 'it is one to one')
check(plain.message.groupAtUserList.length === 0, 'and names nobody')

var many = []
for (var n = 0; n < 31; n++) many.push('user' + n)
await refused(Im, 'createTextAtMessage', { text: 'all', userIdList: many }, 6017)
