uni.requireNativePlugin('Whinchat-IM').answersTwice({}, function () {})
