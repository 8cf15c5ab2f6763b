uni.requireNativePlugin('Whinchat-IM').getVersion({}, function () {
  throw new Error('thrown on purpose')
})
