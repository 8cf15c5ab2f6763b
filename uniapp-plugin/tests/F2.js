// F2: two phones of one platform, and of two.
var Im = uni.requireNativePlugin('Whinchat-IM')
var sdk = hear(Im, 'setSDKListener')
await login(Im, 'alice')
var iphone = stage.phone('iphone', { platform: 'ios' })
var onIphone = hear(iphone, 'setAdvancedMsgListener')
var sdkOfIphone = hear(iphone, 'setSDKListener')
await login(iphone, 'alice')
var second = stage.phone('second')
var onSecond = hear(second, 'setAdvancedMsgListener')
await login(second, 'alice')
await sdk.next('onKickedOffline')
await refused(Im, 'sendC2CTextMessage', { text: 'x', userId: 'bob' }, 6014)

var bob = await login(stage.phone('bob'), 'bob')
for (var i = 1; i <= 3; i++) await must(bob, 'sendC2CTextMessage', { text: 'text ' + i, userId: 'alice' })
for (i = 1; i <= 3; i++) {
  check((await onIphone.next('onRecvNewMessage')).elem.text === 'text ' + i, 'the iPhone gets every message in order')
  check((await onSecond.next('onRecvNewMessage')).elem.text === 'text ' + i, 'the newer Android phone too')
}
check(sdkOfIphone.count('onKickedOffline') === 0, 'phones of two platforms do not exclude each other')
