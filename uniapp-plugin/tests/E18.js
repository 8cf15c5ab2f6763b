// E18: appendElem.
var Im = uni.requireNativePlugin('Whinchat-IM')
await login(Im, 'alice')
var heard = hear(await login(stage.phone('bob'), 'bob'), 'setAdvancedMsgListener')
var by = ['elemKey', 'messageKey']
for (var i = 0; i < by.length; i++) {
  var text = await must(Im, 'createTextMessage', { text: 'a card' })
  var card = await must(Im, 'createCustomMessage', { customMsg: '{"card":1}' })
  await must(Im, 'appendElem', { messageKey: text.messageKey, elemKey: card[by[i]] })
  await must(Im, 'sendMessage', { messageKey: text.messageKey, receiver: 'bob' })
  var got = await heard.next('onRecvNewMessage')
  check(got.elemType === 1 && got.elem.text === 'a card', 'the first element is the text')
  check(got.elemList.length === 1 && got.elemList[0].elemType === 2 && got.elemList[0].data === '{"card":1}', 'the further one is the card: ' + JSON.stringify(got.elemList))
  await refused(Im, 'sendMessage', { messageKey: card.messageKey, receiver: 'bob' }, 6021)
}
await must(Im, 'sendC2CTextMessage', { text: 'alone', userId: 'bob' })
var alone = await heard.next('onRecvNewMessage')
check(Array.isArray(alone.elemList) && alone.elemList.length === 0, 'a message of one element has an empty elemList')
check(alone.message.elemList.length === 0, 'also inside the message')
