// ZIM: create, on, login, logout, destroy.
// needs compat/zim
var zim = ZIM.create(stage.appId)
check(zim !== null && ZIM.create(stage.appId) === zim && ZIM.create({ appID: stage.appId }) === zim, 'a second create with the same id gives the same instance')
check(ZIM.getInstance() === zim, 'and so does getInstance')

// What is no id, or another app while one lives.
var errors = []
var consoleError = console.error
console.error = function () { errors.push(Array.from(arguments).join(' ')) }
var bad = [undefined, null, '', 'abc', 0, -1, 1.5, {}, { appID: 'x' }, [], function () {}, stage.appId + 1]
for (var i = 0; i < bad.length; i++) check(ZIM.create(bad[i]) === null, 'create refuses ' + JSON.stringify(bad[i]))
check(errors.length === bad.length, 'and the console says why each time: ' + errors.length)
console.error = consoleError

// Handlers are set before the login; the instance comes first.
var ear = hearZim(zim)
await zimRefused(zim.sendPeerMessage({ type: 1, message: 'early' }, 'bob'), 6000121)
await zimRefused(zim.renewToken('token'), 6000121)
await zim.login({ userID: 'alice', userName: 'Alice' }, await stage.sig('alice'))
var states = ear.of('connectionStateChanged')
check(states.every(function (args) { return args[0] === zim && typeof args[3] === 'string' }), 'the instance first, a text last')
check(shown(states) === '1/1 2/0', 'connecting because of the login, then connected: ' + shown(states))
function shown(states) { return states.map(function (args) { return args[1] + '/' + args[2] }).join(' ') }

// One instance a user.
await zim.login({ userID: 'alice', userName: 'Alice' }, await stage.sig('alice'))
await zimRefused(zim.login({ userID: 'bob' }, await stage.sig('bob')), 6000111)

// What is no user or no token.
var other = zimOver(function () { return stage.phone('other') }).create(stage.appId)
var hears = hearZim(other)
var good = await stage.sig('bob')
var users = [undefined, null, 'bob', {}, [], { userID: 42 }, { userID: '' }, { userID: 'a b' }, { userID: '鲍勃' }, { userID: 'a"b' }, { userID: 'x'.repeat(33) },
  { userID: 'bob', userName: '鲍勃' }, { userID: 'bob', userName: 'x'.repeat(33) }, { userID: 'bob', userName: 42 }]
for (i = 0; i < users.length; i++) {
  var refused = await zimRefused(other.login(users[i], good), 6000001)
  var name = users[i] && users[i].userName ? 'userName' : 'userID'
  check(refused.message.indexOf('`' + name + '`') >= 0 || users[i] && users[i].userID === '', 'it names ' + name + ': ' + refused.message)
}
await zimRefused(other.login({ userID: 'bob' }, 42), 6000001)
await zimRefused(other.login({ userID: 'bob' }, 'nonsense'), 6000103)
await zimRefused(other.login({ userID: 'bob' }, await stage.sig('carol')), 6000103)
var longest = '!#$%&()+-:;<=.>?@[]^_{}|~Aa09' + 'zzz'
await other.login({ userID: longest, userName: longest }, await stage.sig(longest))
check(hears.of('connectionStateChanged').pop()[1] === 2, 'every listed sign may stand in an id')
await other.logout()
await other.login({ userID: 'bob', userName: 'Bob' }, good)

// After logout nothing arrives; login works again, and what was missed comes.
await other.sendPeerMessage({ type: 1, message: 'one' }, 'alice')
await ear.next('receivePeerMessage')
var before = ear.all.length
var left = zim.logout()
await other.sendPeerMessage({ type: 1, message: 'two' }, 'alice')
await left
check(shown(ear.of('connectionStateChanged').slice(-1)) === '0/0', 'disconnected')
check(ear.all.length === before + 1 && ear.all[before][0] === 'connectionStateChanged', 'and nothing else: ' + JSON.stringify(ear.all.slice(before).map(function (call) { return call[0] })))
await zimRefused(zim.sendPeerMessage({ type: 1, message: 'x' }, 'bob'), 6000121)
await zim.logout()
await zim.login({ userID: 'alice', userName: 'Alice' }, await stage.sig('alice'))
check((await ear.next('receivePeerMessage'))[1][0].message === 'two', 'what was missed comes after the next login')

// A second phone of the platform: the first is out.
var second = zimOver(function () { return stage.phone('second') }).create(stage.appId)
await zimLogin(second, 'alice')
await ear.next('connectionStateChanged', function (args) { return args[1] === 0 && args[2] === 4 })
await zimRefused(zim.sendPeerMessage({ type: 1, message: 'x' }, 'bob'), 6000121)

// Handlers: bad ones are told of, one that throws harms nobody, off takes away.
before = ear.of('error').length
zim.on('error', null)
zim.on('receivePeerMessage', 'handler')
zim.on('receivePeerMessage')
check(ear.of('error').length === before + 3 && ear.of('error').pop()[1].code === 6000001, 'what is no function is told of as an error')
var warned = []
var consoleWarn = console.warn
console.warn = function () { warned.push(Array.from(arguments).join(' ')) }
zim.on('noSuchEvent', function () {})
zim.on('roomStateChanged', function () {})
console.warn = consoleWarn
check(warned.length === 2, 'what is not told is said')

// destroy ends it and frees everything.
zim.destroy()
zim.destroy()
check(ZIM.getInstance() === null, 'there is no instance')
await zimRefused(zim.login({ userID: 'alice' }, good), 6000002)
await zimRefused(zim.sendPeerMessage({ type: 1, message: 'x' }, 'bob'), 6000002)
await zimRefused(zim.renewToken('x'), 6000002)
console.error = function () {}
zim.on('error', function () {})
await zim.logout()
console.error = consoleError
zim.off('error')
check((await ask(uni.requireNativePlugin('Whinchat-IM'), 'logout')).code === 6013, 'the SDK beneath is gone as well')
var next = ZIM.create(stage.appId)
check(next !== null && next !== zim, 'another one can be made')
await zimLogin(next, 'carol')
check((await next.sendPeerMessage({ type: 1, message: 'hello' }, 'bob')).senderUserID === 'carol', 'and works')
