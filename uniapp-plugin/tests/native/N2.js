// N2: modules and JavaScript instances come and go, the core stays.
var Im = uni.requireNativePlugin('Whinchat-IM')
await login(Im, 'alice')
var bob = await login(stage.phone('bob'), 'bob')

// A module made again, in an instance of its own: the same core.
var nvue = stage.native.page('nvue-1')
check((await must(nvue, 'getLoginUser')).userId === 'alice', 'a further instance has the same login')
var here = hear(Im, 'setAdvancedMsgListener')
var there = hear(nvue, 'setAdvancedMsgListener')
await must(bob, 'sendC2CTextMessage', { text: 'for both', userId: 'alice' })
check((await here.next('onRecvNewMessage')).elem.text === 'for both', 'this instance hears it')
check((await there.next('onRecvNewMessage')).elem.text === 'for both', 'so does the other')

// A page that is destroyed while a call runs: no answer, no fault, and everybody else goes on.
await stage.cut()
var doomed = stage.native.page('nvue-2')
doomed.setAdvancedMsgListener({}, function () {})
var answered = 0
for (var i = 0; i < 50; i++) doomed.sendC2CTextMessage({ text: 'doomed ' + i, userId: 'bob' }, function () { answered++ })
await until('the last one is in the outbox', async function () { return (await texts(Im, 'bob')).length === 51 })
await stage.native.closePage('nvue-2')
await stage.mend()
check(answered === 0, 'nobody is called back who is gone')
await until('what was sent arrives all the same', async function () { return (await conversation(bob, 'c2c_alice')).lastMessage.elem.text === 'doomed 49' })

// The name of a page comes again.
await stage.native.closePage('nvue-1')
var again = stage.native.page('nvue-1')
check((await must(again, 'getLoginUser')).userId === 'alice', 'a new page under the same name')
var count = there.all.length
await must(bob, 'sendC2CTextMessage', { text: 'after', userId: 'alice' })
await here.next('onRecvNewMessage', function (event) { return event.elem.text === 'after' })
check(there.all.length === count, 'the page before it hears no more')

// Into the background and back: what came meanwhile is there.
await stage.native.lifecycle('background')
await must(bob, 'sendC2CTextMessage', { text: 'in the background', userId: 'alice' })
await here.next('onRecvNewMessage', function (event) { return event.elem.text === 'in the background' })
await stage.native.lifecycle('foreground')
check((await must(Im, 'getLoginStatus')).loginStatus === 1, 'and nobody was logged out')
// The doomed page's calls owe nothing any more.
stage.done()
