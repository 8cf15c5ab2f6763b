// In an app whose package was made with `--module-name RY-TencentIM`: it asks for that name and knows no other.
var Im = uni.requireNativePlugin('RY-TencentIM')
check(Im && typeof Im.sendC2CTextMessage === 'function', 'the module has that name')
check(uni.requireNativePlugin('Whinchat-IM') === undefined, 'and no other')

await login(Im, 'alice')
var bob = await login(stage.phone('bob'), 'bob')
var heard = hear(bob, 'setAdvancedMsgListener')
var sent = await must(Im, 'sendC2CTextMessage', { text: 'hello', userId: 'bob' })
var came = await heard.next('onRecvNewMessage')
check(came.message.msgId === sent.msgId && came.elem.text === 'hello', 'a message arrives')
var page = await must(bob, 'getC2CHistoryMessageList', { userId: 'alice', count: 20, msgId: '' })
check(page.messageList.length === 1 && page.messageList[0].msgId === sent.msgId, 'and stands in the history')
