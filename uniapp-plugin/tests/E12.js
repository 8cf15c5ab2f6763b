// E12: "typing" as a custom message for those who are online.
var Im = uni.requireNativePlugin('Whinchat-IM')
await login(Im, 'alice')
var bob = await login(stage.phone('bob'), 'bob')
var heard = hear(bob, 'setAdvancedMsgListener')
await must(Im, 'sendC2CTextMessage', { text: 'hello', userId: 'bob' })
await heard.next('onRecvNewMessage')
var typing = JSON.stringify({ userAction: 14 })

// As printed, slips included; only the flag that the section is about is added.
await new Promise(function (resolve) {
  Im.createCustomMessage({ customMsg: typing }, function (ret) {
    check(ret.hasOwnProperty('status') && ret.status, 'the message is made')
    Im.sendMesasge({ receiver: 'bob', mesageKey: ret.messageKey, onlineUserOnly: true }, function (ret) {
      check(ret.hasOwnProperty('status') && ret.status, 'it is sent: ' + JSON.stringify(ret))
      resolve()
    })
  })
})
var got = await heard.next('onRecvNewMessage')
check(got.elemType === 2 && got.elem.data === typing, 'it arrives as it was written')

// It leaves nothing.
var last = await conversation(bob, 'c2c_alice')
check(last.unreadCount === 1 && last.lastMessage.elem.text === 'hello', 'the conversation did not move')
check((await texts(bob, 'alice')).join() === 'hello' && (await texts(Im, 'bob')).join() === 'hello', 'no history has it')
var tablet = await login(stage.phone('tablet', { platform: 'tablet' }), 'bob')
await until('the second device has the conversation', async function () { return (await texts(tablet, 'alice')).join() === 'hello' })

// Nobody there: the sender is told of no failure, and nothing arrives later.
await stage.cut('bob')
await must(tablet, 'logout')
var made = await must(Im, 'createCustomMessage', { customMsg: typing })
await must(Im, 'sendMessage', { receiver: 'bob', messageKey: made.messageKey, onlineUserOnly: true })
await must(Im, 'sendC2CTextMessage', { text: 'after', userId: 'bob' })
await stage.mend('bob')
var next = await heard.next('onRecvNewMessage')
check(next.elem.text === 'after', 'what was missed is gone: ' + JSON.stringify(next.elem))
