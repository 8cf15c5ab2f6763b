// Something happens all the time, as heartbeats do, and never what it waits for.
setInterval(function () { Im.getVersion({}, function () {}) }, 100)
var Im = uni.requireNativePlugin('Whinchat-IM')
await hear(Im, 'setSDKListener').next('onConnectSuccess')
