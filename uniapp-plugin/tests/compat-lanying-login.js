// Lanying: init, login, logout, the secret key that is for development only.
// needs compat/lanying
var ear = hearLanying(IM)
check(IM.isLogin() === false && IM.userManage.getUid() === '' && IM.userManage.getConversationList().length === 0, 'nobody is there before')
await refusedWith(IM.login({ username: 'alice', password: 'x' }), 6013)
await ear.next('loginFail', function (args) { return typeof args[0] === 'string' && args[0].indexOf('6013') >= 0 })

// What is no setting and no login.
var settings = [undefined, null, 'app', [], {}, { appId: 'x' }, { appId: stage.appId, sendTimeout: -1 }, { appId: stage.appId, sendTimeout: 'x' }]
for (var i = 0; i < settings.length; i++) await refusedWith(IM.init(settings[i]), 6017)
IM.init({ appId: String(stage.appId) })
var bad = [[undefined, 6017], [null, 6017], ['alice', 6017], [{}, 6017], [{ username: {} }, 6017], [{ username: 'alice', password: 42 }, 6017], [{ username: '' }, 7003],
  [{ username: '爱丽丝' }, 7003], [{ username: 'a'.repeat(33) }, 7003], [{ username: 'alice', password: 'nonsense' }, 70003], [{ username: 'alice', password: await stage.sig('bob') }, 70013]]
for (i = 0; i < bad.length; i++) {
  await refusedWith(IM.login(bad[i][0]), bad[i][1])
  check(ear.of('loginFail').length === i + 2 && IM.isLogin() === false, 'and told as loginFail')
}

// The signature of the app's backend stands where the password was; init and login follow each other without waiting.
await IM.login({ username: 'alice', password: await stage.sig('alice') })
check(IM.isLogin() === true && IM.userManage.getUid() === 'alice' && IM.userManage.getAppid() === String(stage.appId), 'alice is in')
check(ear.of('loginSuccess').length === 1, 'told once')
var notices = ear.of('flooNotice').map(function (args) { return args[0].category + ': ' + args[0].desc })
check(notices.indexOf('loginMessage: socket connecting...') >= 0 && notices.indexOf('loginMessage: socket connect success...') >= 0, 'progress is told: ' + notices)
await IM.login({ username: 'alice', password: await stage.sig('alice') })
await refusedWith(IM.login({ name: 'bob', password: await stage.sig('bob') }), 7014)
check(IM.userManage.getUid() === 'alice', 'who is there stays')

// Other spellings, on another phone.
var there = lanyingOver(function () { return stage.phone('other') })
there.init({ appid: stage.appId })
await there.tokenLogin({ user_id: 'bob', token: await stage.sig('bob') })
await there.logout()
await there.idLogin({ user_id: 'bob', password: await stage.sig('bob') })
check(there.isLogin() === true, 'the other spellings log in as well')

// Logged out nothing arrives; the next login brings it.
there.sysManage.sendRosterMessage({ uid: 'alice', content: 'one' })
await ear.next('onRosterMessage', function (args) { return args[0].content === 'one' })
var left = IM.logout()
check(IM.isLogin() === false && IM.userManage.getUid() === '', 'gone at once')
var before = ear.all.length
there.sysManage.sendRosterMessage({ uid: 'alice', content: 'two' })
await left
check(ear.all.length === before, 'nothing is told: ' + JSON.stringify(ear.all.slice(before)))
await IM.logout()
IM.login({ username: 'alice', password: await stage.sig('alice') })
await ear.next('onRosterMessage', function (args) { return args[0].content === 'two' })

// Another phone of the platform: the app is told what it is told elsewhere.
var second = lanyingOver(function () { return stage.phone('second') })
await lanyingLogin(second, 'alice')
await ear.next('flooNotice', function (args) { return args[0].category === 'userNotice' && args[0].desc === 'KICKED_BY_OTHER_DEVICE' })
check(IM.isLogin() === false, 'it is logged out')

// A signature that ends.
var short = lanyingOver(function () { return stage.phone('short') })
var hears = hearLanying(short)
// The phone is up before the three seconds begin.
await must(stage.phone('short'), 'getVersion')
short.init({ appId: stage.appId })
await short.login({ username: 'carol', password: await stage.sig('carol', 3) })
await hears.next('flooNotice', function (args) { return args[0].category === 'action' && args[0].desc === 'relogin' })
await hears.next('flooNotice', function (args) { return args[0].category === 'action' && args[0].desc === 'relogin_manually' })
check(short.isLogin() === false, 'it is logged out')

// The secret key: this server is in development mode and signs by itself, so any password will do. The key is shown to nobody.
var warned = []
var consoleWarn = console.warn
console.warn = function () { warned.push(Array.from(arguments).join(' ')) }
var dev = lanyingOver(function () { return stage.phone('dev') })
dev.init({ appId: stage.appId, secretKey: 'a-very-secret-key' })
await dev.login({ username: 'dave', password: 'any' })
check(dev.isLogin() === true, 'it is taken in development mode')
IM.on('noSuchEvent', function () {})
console.warn = consoleWarn
check(warned.length === 2 && warned[0].indexOf('development') >= 0 && warned.join().indexOf('a-very-secret-key') < 0, 'with a warning that does not show it: ' + warned)

// Handlers: both spellings, bad ones, ones that throw.
before = ear.of('flooError').length
IM.on('onRosterMessage', 'no function')
IM.on({ onRosterMessage: null })
IM.on(null)
IM.on()
check(ear.of('flooError').length === before + 2, 'what is no function is told of')
var heard = 0
var handler = function () { heard++; throw new Error('the app\'s own') }
second.on({ onRosterMessage: handler })
var consoleError = console.error
console.error = function () {}
there.sysManage.sendRosterMessage({ uid: 'alice', content: 'three' })
await until('it is heard', async function () { return heard === 1 })
console.error = consoleError
second.off({ onRosterMessage: handler })
second.off('onRosterMessage')
