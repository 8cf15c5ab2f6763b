uni.requireNativePlugin('Whinchat-IM').answersNever({}, function () {})
