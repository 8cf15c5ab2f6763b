// F1: when to log in.
var Im = uni.requireNativePlugin('Whinchat-IM')
var sdk = hear(Im, 'setSDKListener')
var heard = hear(Im, 'setAdvancedMsgListener')
await must(Im, 'init', { sdkAppId: stage.appId })
var userSig = await stage.sig('alice')
var running = ask(Im, 'login', { userId: 'alice', userSig: userSig })
await refused(Im, 'login', { userId: 'alice', userSig: userSig }, 7501)
check((await running).code === 0, 'the login that ran is not disturbed')
await must(Im, 'login', { userId: 'alice', userSig: userSig })
await refused(Im, 'login', { userId: 'bob', userSig: await stage.sig('bob') }, 7014)
await sdk.next('onConnectSuccess')

// After a cut the app does nothing.
var bob = await login(stage.phone('bob'), 'bob')
await stage.cut()
await sdk.next('onConnectFailed')
await must(bob, 'sendC2CTextMessage', { text: 'while you were away', userId: 'alice' })
await stage.mend()
await sdk.next('onConnectSuccess')
await heard.next('onRecvNewMessage', function (event) { return event.elem.text === 'while you were away' })
check(sdk.count('onKickedOffline') === 0, 'one session throughout')

// After being kicked nothing flows until the next login.
await login(stage.phone('second'), 'alice')
await sdk.next('onKickedOffline')
var before = heard.all.length
await must(bob, 'sendC2CTextMessage', { text: 'to the second phone', userId: 'alice' })
await refused(Im, 'getConversationList', {}, 6014)
check(heard.all.length === before, 'nothing flows')
await must(Im, 'login', { userId: 'alice', userSig: userSig })
await heard.next('onRecvNewMessage', function (event) { return event.elem.text === 'to the second phone' })
