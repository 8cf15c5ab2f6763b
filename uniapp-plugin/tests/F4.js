// F4: the simple interface.
var Im = uni.requireNativePlugin('Whinchat-IM')
await login(Im, 'alice')
var bob = await login(stage.phone('bob'), 'bob')
var simple = hear(bob, 'setSimpleMsgListener')
var advanced = hear(bob, 'setAdvancedMsgListener')
var group = (await must(Im, 'createGroup', { groupType: 'Work', groupName: 'team' })).groupId
await must(Im, 'inviteUserToGroup', { groupId: group, userIdList: ['bob'] })

var sent = await must(Im, 'sendC2CTextMessage', { text: 'one', userId: 'bob' })
var got = await simple.next('onRecvC2CTextMessage')
check(got.text === 'one' && got.sender.userId === 'alice' && got.msgId === sent.msgId, 'onRecvC2CTextMessage: ' + JSON.stringify(got))
await must(Im, 'sendGroupTextMessage', { text: 'two', groupId: group })
got = await simple.next('onRecvGroupTextMessage')
check(got.text === 'two' && got.sender.userId === 'alice' && got.groupId === group, 'onRecvGroupTextMessage: ' + JSON.stringify(got))
await must(Im, 'sendC2CCustomMessage', { customData: '{"n":3}', userId: 'bob' })
got = await simple.next('onRecvC2CCustomMessage')
check(got.customData === '{"n":3}' && got.sender.userId === 'alice', 'onRecvC2CCustomMessage: ' + JSON.stringify(got))
await must(Im, 'sendGroupCustomMessage', { customData: '{"n":4}', groupId: group })
got = await simple.next('onRecvGroupCustomMessage')
check(got.customData === '{"n":4}' && got.groupId === group, 'onRecvGroupCustomMessage: ' + JSON.stringify(got))

// Both listeners are called, each once; more than one element is nothing for the simple one.
var own = function (event) { return event.elemType !== 9 }
await until('the advanced listener has all four', async function () { return advanced.count('onRecvNewMessage', own) >= 4 })
check(advanced.count('onRecvNewMessage', own) === 4 && simple.all.length === 4, 'each once')
var text = await must(Im, 'createTextMessage', { text: 'two elements' })
var card = await must(Im, 'createCustomMessage', { customMsg: '{}' })
await must(Im, 'appendElem', { messageKey: text.messageKey, elemKey: card.elemKey })
await must(Im, 'sendMessage', { messageKey: text.messageKey, receiver: 'bob' })
await must(Im, 'sendC2CTextMessage', { text: 'last', userId: 'bob' })
await simple.next('onRecvC2CTextMessage', function (event) { return event.text === 'last' })
check(simple.all.length === 5, 'the simple listener hears simple messages')
