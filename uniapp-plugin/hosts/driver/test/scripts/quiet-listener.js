uni.requireNativePlugin('Whinchat-IM').setSDKListener({}, function () {})
