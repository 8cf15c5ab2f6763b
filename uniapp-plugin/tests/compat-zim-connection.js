// ZIM: connectionStateChanged over breaks, what is sent meanwhile, tokens that end.
// needs compat/zim
var zim = ZIM.create(stage.appId)
var there = zimOver(function () { return stage.phone('bob') }).create(stage.appId)
var alice = await zimLogin(zim, 'alice')
var bob = await zimLogin(there, 'bob')
/** Waits for a state, and gives those since the last one. */
var seen = alice.of('connectionStateChanged').length
async function state(wanted) {
  await alice.next('connectionStateChanged', function (args) { return args[1] === wanted })
  var since = alice.of('connectionStateChanged').slice(seen).map(function (args) { return args[1] + '/' + args[2] }).join(' ')
  seen = alice.of('connectionStateChanged').length
  return since
}

// A break and a recovery are each told once, however many attempts there were; what is sent meanwhile arrives.
await stage.cut()
check((await state(3)) === '3/3', 'reconnecting, because of an interruption')
var sending = zim.sendPeerMessage({ type: 1, message: 'from the tunnel' }, 'bob')
await there.sendPeerMessage({ type: 1, message: 'into the tunnel' }, 'alice')
await pause(2500)
await stage.mend()
check((await state(2)) === '2/0', 'connected again, and nothing in between')
check((await sending).message === 'from the tunnel', 'what was sent meanwhile is sent')
await bob.next('receivePeerMessage', function (args) { return args[1][0].message === 'from the tunnel' })
await alice.next('receivePeerMessage', function (args) { return args[1][0].message === 'into the tunnel' })
check(bob.of('receivePeerMessage').length === 1, 'once')

// The server goes and comes.
await stage.server.stop()
await state(3)
await stage.server.start()
// After so many failures the next attempt may be half a minute away; a phone that hears of a network makes one at once.
await stage.mend()
check((await state(2)) === '2/0', 'the same with the server')

// A login without a network fails.
await stage.cut('lonely')
var lonely = zimOver(function () { return stage.phone('lonely') }).create(stage.appId)
var hears = hearZim(lonely)
await zimRefused(lonely.login({ userID: 'carol' }, await stage.sig('carol')), 6000104)
check(hears.of('connectionStateChanged').map(function (args) { return args[1] + '/' + args[2] }).join(' ') === '1/1 0/2', 'connecting, then disconnected for want of time')
await stage.mend('lonely')

// A token is about to end: 30 seconds before at the earliest, with the seconds left. A fresh one goes in its place, and the
// connection lives on.
await lonely.login({ userID: 'carol' }, await stage.sig('carol', 12))
var warning = await hears.next('tokenWillExpire')
check(warning[0] === lonely && warning[1] > 0 && warning[1] <= 12, 'the seconds that are left: ' + warning[1])
var before = hears.of('connectionStateChanged').length
var fresh = await stage.sig('carol')
var answer = await lonely.renewToken(fresh)
check(answer.token === fresh && Object.keys(answer).join() === 'token', 'it gives the token back')
await zimRefused(lonely.renewToken('nonsense'), 6000103)
await zimRefused(lonely.renewToken(''), 6000001)
await zimRefused(lonely.renewToken(), 6000001)
await zimRefused(lonely.renewToken(42), 6000001)

// One that nobody renews ends the login.
await zim.logout()
await zim.login({ userID: 'alice' }, await stage.sig('alice', 3))
await alice.next('tokenWillExpire')
await alice.next('connectionStateChanged', function (args) { return args[1] === 0 && args[2] === 5 })
await zimRefused(zim.sendPeerMessage({ type: 1, message: 'x' }, 'bob'), 6000121)
await pause(9000)
check(hears.of('connectionStateChanged').length === before, 'who renewed it is still connected after the end of the first')
await lonely.sendPeerMessage({ type: 1, message: 'still here' }, 'bob')

// Nothing is told of a token with much time left.
await zim.login({ userID: 'alice' }, await stage.sig('alice', 120))
var warnings = alice.of('tokenWillExpire').length
await pause(500)
check(alice.of('tokenWillExpire').length === warnings, 'no warning two minutes before')
