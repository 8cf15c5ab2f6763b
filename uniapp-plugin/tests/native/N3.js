// N3: 10,000 events in order, into a page that is busy in between.
var Im = uni.requireNativePlugin('Whinchat-IM')
await login(Im, 'alice')
var bob = await login(stage.phone('bob'), 'bob')
var COUNT = 10000
var got = []
var all = new Promise(function (resolve) {
  Im.setAdvancedMsgListener({}, function (ret) {
    if (ret.eventType !== 'onRecvNewMessage') return
    got.push(ret.elem.text)
    if (got.length === COUNT) resolve()
  })
})
for (var n = 0; n < COUNT; n += 500) {
  await Promise.all(Array.from({ length: 500 }, function (_, at) { return must(bob, 'sendC2CTextMessage', { text: 'text ' + (n + at), userId: 'alice' }) }))
}
await all
check(got.every(function (text, at) { return text === 'text ' + at }), 'every one, once, in order')
