uni.requireNativePlugin('Whinchat-IM').dies({}, function () {})
