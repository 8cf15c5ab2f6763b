// MobileIMSDK: loginImpl, isLogined, isOnline, getLoginInfo, disconnectSocket, breaks, kicks, tokens that end.
// needs compat/mobileimsdk
var ear = hearImsdk(IMSDK)
check(IMSDK.isLogined() === false && IMSDK.isOnline() === false && IMSDK.getLoginInfo() === null, 'nobody is there before')
check(IMSDK.sendData({}) === 203, 'sendData before loginImpl')

// What is no login.
var token = await stage.sig('alice')
var bad = [[], [null, null], ['alice', imsdkUrl()], [{}, imsdkUrl()], [{ loginUserId: '' }, imsdkUrl()], [{ loginUserId: 'alice', loginToken: 42 }, imsdkUrl()],
  [{ loginUserId: 'alice', loginToken: token }], [{ loginUserId: 'alice', loginToken: token }, 'nonsense'], [{ loginUserId: 'alice', loginToken: token }, 42],
  [{ loginUserId: 'alice', loginToken: token }, stage.server.url], [{ loginUserId: 'alice', loginToken: token }, stage.server.url + '?appId=x'],
  [{ loginUserId: 'alice', loginToken: 'nonsense' }, imsdkUrl()], [{ loginUserId: 'a'.repeat(33), loginToken: token }, imsdkUrl()],
  [{ loginUserId: 'alice', loginToken: await stage.sig('bob') }, imsdkUrl()]]
for (var i = 0; i < bad.length; i++) {
  check(IMSDK.loginImpl.apply(IMSDK, bad[i]) === undefined, 'loginImpl gives nothing')
  var failed = await ear.next('IMAfterLoginFailed')
  check(failed.length === 1 && failed[0] === false, 'a first login failed: ' + JSON.stringify(bad[i][0]))
}
check(ear.all.length === bad.length && IMSDK.isLogined() === false, 'and nothing else was called: ' + JSON.stringify(ear.all))
check(IMSDK.sendData({ to: 'bob', dataContent: 'x' }) === 1, 'nobody is logged in')

// A login; the same again while it runs is one.
var info = { loginUserId: 'alice', loginToken: token, extra: 'the app\'s own' }
IMSDK.loginImpl(info, imsdkUrl())
IMSDK.loginImpl(info, imsdkUrl())
check(IMSDK.getLoginInfo().loginToken === token && IMSDK.getLoginInfo().extra === info.extra, 'what was given comes back')
await ear.next('IMAfterLoginSucess')
check(IMSDK.isLogined() === true && IMSDK.isOnline() === true, 'logged in and online')
IMSDK.loginImpl({ loginUserId: 'bob', loginToken: await stage.sig('bob') }, imsdkUrl())
check((await ear.next('IMAfterLoginFailed'))[0] === false && IMSDK.isLogined() === true, 'somebody else is refused, who is there stays')
check(ear.of('IMAfterLoginSucess').length === 1, 'one success')

// A break and a recovery, each once and in order.
var before = ear.all.length
await stage.cut()
await ear.next('IMDisconnected')
check(IMSDK.isLogined() === true && IMSDK.isOnline() === false, 'still logged in, not online')
check(IMSDK.sendData({ to: 'bob', dataContent: 'x', QoS: true }) === 201, 'sendData without a link')
await pause(2500)
await stage.mend()
await ear.next('IMReconnectSucess')
check(IMSDK.isOnline() === true, 'online again')
check(names(before) === 'IMDisconnected IMReconnectSucess', 'once each, in order: ' + names(before))
function names(from) { return ear.all.slice(from).map(function (call) { return call[0] }).filter(function (name) { return name !== 'IMPing' && name !== 'IMPong' }).join(' ') }

// Heartbeats: each asked and answered. The network that came back makes one at once.
await stage.mend()
await ear.next('IMPing')
await ear.next('IMPong')

// Logged out: no reconnect follows.
before = ear.all.length
IMSDK.disconnectSocket()
check(IMSDK.isLogined() === false && IMSDK.isOnline() === false && IMSDK.getLoginInfo() === null, 'gone at once')
check(IMSDK.sendData({ to: 'bob', dataContent: 'x' }) === 1, 'nothing can be sent')
await stage.cut()
await stage.mend()
await pause(1500)
check(names(before) === '', 'nothing is called: ' + names(before))
IMSDK.disconnectSocket()
check((await ask(uni.requireNativePlugin('Whinchat-IM'), 'getLoginStatus')).loginStatus === 3, 'the SDK beneath is logged out')

// A login that is given up while it runs says nothing.
await stage.cut()
IMSDK.loginImpl(info, imsdkUrl())
IMSDK.disconnectSocket()
await stage.mend()
IMSDK.loginImpl(info, imsdkUrl())
await ear.next('IMAfterLoginSucess')
check(names(before) === 'IMAfterLoginSucess', 'the one that was given up is silent: ' + names(before))

// Another phone of the platform.
var second = imsdkOver(function () { return stage.phone('second') })
var there = await imsdkLogin(second, 'alice')
var kick = await ear.next('IMKickout')
check(kick.length === 1 && kick[0].code === 1 && typeof kick[0].reason === 'string' && kick[0].reason !== '', 'kicked out by another login: ' + JSON.stringify(kick))
check(IMSDK.isLogined() === false && second.isLogined() === true, 'the newer one stays')
check(ear.of('IMShowAlert').length === 1 && typeof ear.of('IMShowAlert')[0][0] === 'string', 'a hint for the user')

// A token that ends: the login that stood is no longer good.
var short = imsdkOver(function () { return stage.phone('short') })
// The phone is up before the three seconds begin.
await must(stage.phone('short'), 'getVersion')
var hears = await imsdkLogin(short, 'carol', 3)
check((await hears.next('IMAfterLoginFailed'))[0] === true && short.isLogined() === false, 'a login that stood has failed')

// Callbacks that nobody set, or that throw, harm nobody.
var deaf = imsdkOver(function () { return stage.phone('deaf') })
deaf.callback_onIMAfterLoginFailed = 'no function'
deaf.loginImpl(null, null)
deaf.disconnectSocket()
deaf.setDebugCoreEnable()
var consoleError = console.error
var thrown = 0
console.error = function () { thrown++ }
await new Promise(async function (resolve) {
  deaf.callback_onIMAfterLoginSucess = function () { resolve(); throw new Error('the app\'s own') }
  deaf.loginImpl({ loginUserId: 'dave', loginToken: await stage.sig('dave') }, imsdkUrl())
})
await pause(0)
console.error = consoleError
check(thrown === 1 && deaf.isLogined() === true, 'what a callback throws is told, and ends nothing')
