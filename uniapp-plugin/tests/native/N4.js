// N4: the process is killed with sends that nobody has answered, and started again: the send listener tells what became of them.
var Im = uni.requireNativePlugin('Whinchat-IM')
await login(Im, 'alice')
var bob = await login(stage.phone('bob'), 'bob')
await must(Im, 'sendC2CTextMessage', { text: 'before', userId: 'bob' })
await stage.cut()
var made = []
for (var i = 0; i < 5; i++) {
  var message = await must(Im, 'createTextMessage', { text: 'waits ' + i })
  made.push(message)
  // The callback dies with the process.
  Im.sendMessage({ messageKey: message.messageKey, receiver: 'bob' }, function () {})
}
await until('all are in the outbox', async function () { return (await texts(Im, 'bob')).length === 6 })
var ids = (await must(Im, 'getC2CHistoryMessageList', { userId: 'bob', count: 5 })).messageList.map(function (item) { return item.msgId }).reverse()

Im = await stage.restart()
var sends = hear(Im, 'setSendMessageListener')
await must(Im, 'init', { sdkAppId: stage.appId })
var login_ = ask(Im, 'login', { userId: 'alice', userSig: await stage.sig('alice') })
await until('the local session is open', async function () { return (await must(Im, 'getLoginUser')).userId === 'alice' })
check((await texts(Im, 'bob')).length === 6, 'they are still in the outbox')
await stage.mend()
check((await login_).code === 0, 'the login succeeds')
for (i = 0; i < 5; i++) await sends.next('onSuccess', function (event) { return event.msgId === ids[i] })
await until('bob has each of them once, in order', async function () { return (await texts(bob, 'alice')).join() === 'before,waits 0,waits 1,waits 2,waits 3,waits 4' })
// Callbacks of a process that was killed owe nothing.
stage.done()
