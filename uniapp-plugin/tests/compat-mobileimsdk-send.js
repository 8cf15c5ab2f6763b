// MobileIMSDK: sendData, fingerprints, QoS, give-up, each once, and what the logs hold.
// needs compat/mobileimsdk
var there = imsdkOver(function () { return stage.phone('bob') })
var bob = await imsdkLogin(there, 'bob')
IMSDK.setDebugCoreEnable(true)
IMSDK.setDebugSDKEnable(true)
IMSDK.setDebugPingPongEnable(true)
var alice = await imsdkLogin(IMSDK, 'alice')

// A message with everything it carries.
var p = MBProtocalFactory.createCommonDataSimple('{"text":"a secret word"}', 'alice', 'bob', 7)
check(p.type === 2 && p.QoS === true && typeof p.fp === 'string' && p.fp !== '', 'the factory makes it: ' + JSON.stringify(p))
var sent = imsdkSend(IMSDK, p)
check(sent.code === 0 && sent.called.length === 0, 'taken; nothing is called before that is known')
await sent.complete
check(sent.called.map(function (call) { return call[0] }).join() === 'ok,complete', 'ok, then complete: ' + JSON.stringify(sent.called))
check((await alice.next('MessagesBeReceived'))[0] === p.fp, 'the server holds it, by its fingerprint')
var got = await bob.next('IMData')
check(got.length === 2 && got[0].dataContent === p.dataContent && got[0].fp === p.fp && got[0].typeu === 7, 'it arrives with its fingerprint: ' + JSON.stringify(got))
check(got[0].from === 'alice' && got[0].to === 'bob' && got[0].QoS === true && got[0].type === 2, 'from whom, to whom')
check(typeof got[1].msgId === 'string' && got[1].timestamp > 1700000000000, 'with its id and time')

// A plain object gets a fingerprint.
var plain = { to: 'bob', dataContent: 'plain' }
await imsdkSend(IMSDK, plain).complete
check(typeof plain.fp === 'string' && (await alice.next('MessagesBeReceived'))[0] === plain.fp, 'it has one now')
got = (await bob.next('IMData'))[0]
check(got.fp === plain.fp && got.typeu === -1, 'and no number of the app\'s')
var frozen = imsdkSend(IMSDK, Object.freeze({ to: 'bob', dataContent: 'frozen' }))
check(frozen.code === 0, 'one that cannot be changed goes out as well')
await bob.next('IMData', function (args) { return args[0].dataContent === 'frozen' })

// The same fingerprint twice, at once and later: each message once.
var twice = MBProtocalFactory.createCommonDataSimple('twice', 'alice', 'bob')
var both = [imsdkSend(IMSDK, twice), imsdkSend(IMSDK, twice)]
await Promise.all([both[0].complete, both[1].complete])
check(both[1].called.map(function (call) { return call[0] }).join() === 'ok,complete', 'both are told')
await imsdkSend(IMSDK, twice).complete
await imsdkSend(IMSDK, { to: 'bob', dataContent: 'last' }).complete
await bob.next('IMData', function (args) { return args[0].dataContent === 'last' })
check(bob.of('IMData').filter(function (args) { return args[0].fp === twice.fp }).length === 1, 'it came once')

// Without QoS: no fingerprint is asked for, nothing is told, nothing is kept.
var fleeting = { to: 'bob', dataContent: 'typing', QoS: false }
var quick = imsdkSend(IMSDK, fleeting)
check(quick.code === 0 && (await quick.complete)[0][0] === 'ok', 'it goes out')
got = (await bob.next('IMData', function (args) { return args[0].dataContent === 'typing' }))[0]
check(got.QoS === false, 'and arrives')
var told = alice.of('MessagesBeReceived').length

// To somebody who is away: the server holds it.
there.disconnectSocket()
var held = MBProtocalFactory.createCommonDataSimple('held', 'alice', 'bob')
await imsdkSend(IMSDK, held).complete
check((await alice.next('MessagesBeReceived', function (args) { return args[0] === held.fp }))[0] === held.fp, 'the server has it, online or not')
check(alice.of('MessagesBeReceived').length === told + 1, 'nothing was told of the one without QoS')
there.loginImpl({ loginUserId: 'bob', loginToken: await stage.sig('bob') }, imsdkUrl())
check((await bob.next('IMData', function (args) { return args[0].fp === held.fp }))[0].dataContent === 'held', 'it comes with the next login')

// While one is on its way: whichever overtakes the other, it comes.
for (var ms = 0; ms < 20; ms++) {
  var onItsWay = MBProtocalFactory.createCommonDataSimple('on its way', 'alice', 'bob')
  var going = imsdkSend(IMSDK, onItsWay)
  await pause(ms)
  there.disconnectSocket()
  there.loginImpl({ loginUserId: 'bob', loginToken: await stage.sig('bob') }, imsdkUrl())
  check((await bob.next('IMData'))[0].fp === onItsWay.fp, 'nothing is lost and nothing comes twice')
  await going.complete
}

// Bad data: a code at once, and complete runs all the same.
var bad = [undefined, null, 'text', 42, [], {}, { to: 'bob' }, { to: 'bob', dataContent: '' }, { to: 'bob', dataContent: {} }, { to: '', dataContent: 'x' }, { to: 42, dataContent: 'x' },
  { dataContent: 'x' }, { to: 'bob', dataContent: 'x', fp: 42 }]
for (var i = 0; i < bad.length; i++) {
  var refusedSend = imsdkSend(IMSDK, bad[i])
  check(refusedSend.code === 4 && refusedSend.called.length === 0, 'bad data: ' + JSON.stringify(bad[i]))
  await refusedSend.complete
  check(refusedSend.called.map(function (call) { return call[0] }).join() === 'fail,complete' && refusedSend.called[0][1].code === 4, 'fail, then complete')
}
check(IMSDK.sendData({ to: 'bob', dataContent: 'no callbacks' }) === 0, 'callbacks may be left out')
check(IMSDK.sendData({ to: 'bob', dataContent: 'no functions' }, 1, 'two', {}) === 0, 'or be no functions')

// Refused for good: lost at once.
var nobody = MBProtocalFactory.createCommonDataSimple('to nobody', 'alice', 'nobody')
var gone = imsdkSend(IMSDK, nobody)
check(gone.code === 0 && (await gone.complete)[0][0] === 'fail', 'it was taken, and failed')
var lost = (await alice.next('MessagesLost'))[0]
check(Array.isArray(lost) && lost.length === 1 && lost[0].fp === nobody.fp && lost[0].dataContent === 'to nobody', 'it is among the lost')

// The time after which a message is given up is the app's to set.
var wrong = [undefined, null, {}, { retryCount: -1 }, { retryCount: 'x' }, { checkInterval: 0 }, { checkInterval: 1.5 }, { retryCount: 1e9, checkInterval: 1e9 }]
for (i = 0; i < wrong.length; i++) check(IMSDK.setQoS(wrong[i]) === (wrong[i] && Object.keys(wrong[i]).length === 0 ? 0 : 4), 'setQoS ' + JSON.stringify(wrong[i]))
check(IMSDK.setQoS({ retryCount: 1, checkInterval: 500 }) === 0, 'a second in all')
await stage.stall()
var late = MBProtocalFactory.createCommonDataSimple('too late', 'alice', 'bob')
var giving = imsdkSend(IMSDK, late)
check(giving.code === 0, 'the link seems to stand')
await alice.next('IMDisconnected')
await stage.mend()
lost = (await alice.next('MessagesLost'))[0]
check(lost.length === 1 && lost[0].fp === late.fp, 'it is given up')
await giving.complete
check(giving.called.map(function (call) { return call[0] }).join() === 'fail,complete', 'and its callbacks say so')
check(IMSDK.setQoS({ retryCount: Infinity }) === 0, 'never')
await imsdkSend(IMSDK, { to: 'bob', dataContent: 'afterwards' }).complete
await bob.next('IMData', function (args) { return args[0].dataContent === 'afterwards' })
check(bob.of('IMData').every(function (args) { return args[0].dataContent !== 'too late' }), 'what was given up does not arrive later')
check(alice.of('MessagesLost').length === 2 && alice.of('MessagesBeReceived').filter(function (args) { return args[0] === late.fp }).length === 0, 'each once')

// What others write is known by its own id.
var carol = await login(stage.phone('carol'), 'carol')
var foreign = await must(carol, 'sendC2CTextMessage', { text: 'from another face', userId: 'alice' })
got = (await alice.next('IMData'))[0]
check(got.dataContent === 'from another face' && got.fp === foreign.msgId && got.from === 'carol', 'it arrives: ' + JSON.stringify(got))
await must(carol, 'sendC2CCustomMessage', { customData: '{"n":1}', userId: 'alice' })
check((await alice.next('IMData'))[0].dataContent === '{"n":1}', 'custom data as well')

// Logs: of each kind there are lines; none has a token or what was said.
await stage.mend()
await alice.next('IMPong')
var log = alice.of('IMLog')
check(log.every(function (args) { return typeof args[0] === 'string' && args[1] === true }), 'lines for the console')
var text = log.map(function (args) { return args[0] }).join('\n')
check(/\[CORE\]/.test(text) && /\[SDK\]/.test(text) && /\[PINGPONG\]/.test(text), 'of every kind')
check(text.indexOf(IMSDK.getLoginInfo().loginToken) < 0 && text.indexOf(IMSDK.getLoginInfo().loginToken.slice(0, 20)) < 0, 'no token')
check(!/secret|typing|too late|another face/.test(text), 'nothing that was said')
check(bob.of('IMLog').length === 0, 'off by default')
IMSDK.setDebugCoreEnable(false)
IMSDK.setDebugSDKEnable(false)
var before = alice.of('IMLog').length
await stage.mend()
await alice.next('IMPong')
await imsdkSend(IMSDK, { to: 'bob', dataContent: 'quietly' }).complete
check(alice.of('IMLog').length === before, 'switched off; heartbeats only with the core')
