uni.requireNativePlugin('Whinchat-IM').throws({}, function () {})
