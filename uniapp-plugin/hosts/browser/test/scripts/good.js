var Im = uni.requireNativePlugin('Whinchat-IM')
Im.getVersion({}, function (ret) {
  console.log('version ' + typeof ret.version)
  setTimeout(function () {
    Im.getLoginStatus({}, function () {
      stage.done()
    })
  }, 10)
})
