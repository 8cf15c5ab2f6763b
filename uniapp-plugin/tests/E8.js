// E8: the kind of an element stands at the top of the event too. Texts, custom data, tips; the other kinds come later.
var Im = uni.requireNativePlugin('Whinchat-IM')
await login(Im, 'alice')
var bob = await login(stage.phone('bob'), 'bob')
var heard = hear(bob, 'setAdvancedMsgListener')
var group = (await must(Im, 'createGroup', { groupType: 'Work', groupName: 'team' })).groupId
await must(Im, 'inviteUserToGroup', { groupId: group, userIdList: ['bob'] })

var ofText = await must(Im, 'createTextMessage', { text: 'a text' })
await must(Im, 'sendMessage', { messageKey: ofText.messageKey, receiver: 'bob' })
var ofData = await must(Im, 'createCustomMessage', { customMsg: '{"kind":2}' })
await must(Im, 'sendMessage', { messageKey: ofData.messageKey, receiver: 'bob' })
var ofBoth = await must(Im, 'createCustomMessage', { customMsg: '{"first":true}' })
await must(Im, 'appendElem', { messageKey: ofBoth.messageKey, elemKey: (await must(Im, 'createTextMessage', { text: 'further' })).elemKey })
await must(Im, 'sendMessage', { messageKey: ofBoth.messageKey, groupId: group })
await must(Im, 'sendC2CTextMessage', { text: 'simple', userId: 'bob' })
await must(Im, 'sendC2CCustomMessage', { customData: 'simple', userId: 'bob' })
await must(Im, 'sendGroupTextMessage', { text: 'last', groupId: group })
await heard.next('onRecvNewMessage', function (event) { return event.elem.text === 'last' })

var came = heard.all.filter(function (ret) { return ret.eventType === 'onRecvNewMessage' })
came.forEach(function (ret) {
  check(ret.elemType === ret.message.elemType && ret.elem.elemType === ret.elemType, 'the same at the top and inside: ' + JSON.stringify(ret))
  check(JSON.stringify(ret.elem) === JSON.stringify(ret.message.elem) && ret.msgId === ret.message.msgId, 'and so are element and id')
})
/** How many came of a kind, one to one and in the group. */
function count(kind) {
  var all = came.filter(function (ret) { return ret.elemType === kind })
  return [all.filter(function (ret) { return ret.message.userId === 'alice' }).length, all.filter(function (ret) { return ret.message.groupId === group }).length].join()
}
check(count(1) === '2,1' && count(2) === '2,1', 'texts and custom data: ' + count(1) + ' ' + count(2))
check(count(9) === '0,1', 'the tip that bob is a member now: ' + count(9))
// As an app tells a merged message from the others.
check(came.every(function (ret) { return (ret.elemType == 10) === false }), 'none of them is a merged message')
