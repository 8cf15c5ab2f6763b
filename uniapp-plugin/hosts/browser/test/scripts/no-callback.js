// Without a network a message waits, and so does its callback.
var Im = uni.requireNativePlugin('Whinchat-IM')
Im.init({ sdkAppId: stage.appId }, function () {
  Im.login({ userId: 'alice' }, async function () {
    await stage.cut()
    Im.sendC2CTextMessage({ text: 'waits', userId: 'bob' }, function () {})
  })
})
