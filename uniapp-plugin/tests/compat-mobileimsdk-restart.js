// MobileIMSDK: what was on its way when the app was killed is told of by its fingerprint at the next start, each once.
// needs compat/mobileimsdk
var there = imsdkOver(function () { return stage.phone('bob') })
var bob = await imsdkLogin(there, 'bob')
var first = imsdkOver(function () { return stage.phone('sender') })
var alice = await imsdkLogin(first, 'alice')

// Three are taken while the link seems to stand: one may wait, two have a second.
await stage.stall('sender')
var sent = [MBProtocalFactory.createCommonDataSimple('arrives', 'alice', 'bob', 3)]
check(first.sendData(sent[0]) === 0, 'taken')
first.setQoS({ retryCount: 0, checkInterval: 1000 })
for (var i = 1; i < 3; i++) {
  sent.push(MBProtocalFactory.createCommonDataSimple('given up ' + i, 'alice', 'bob', 4))
  check(first.sendData(sent[i]) === 0, 'taken')
}
await until('all are in the outbox', async function () { return (await texts(stage.phone('sender'), 'bob')).length === 3 })

// The app is killed, and starts again.
var module = await stage.restart('sender')
await pause(1100)
await stage.mend('sender')
var second = imsdkOver(function () { return module })
var again = await imsdkLogin(second, 'alice')
// What was given up needs no server, and may be told of before the login is accepted.
await until('all are told of', async function () { return again.of('MessagesLost').length === 2 && again.of('MessagesBeReceived').length === 1 })
check(again.of('MessagesBeReceived')[0][0] === sent[0].fp, 'the one that could wait has arrived')
var lost = again.of('MessagesLost').map(function (args) { return args[0][0] })
check(lost.map(function (p) { return p.fp }).sort().join() === [sent[1].fp, sent[2].fp].sort().join(), 'the two others were given up')
check(lost[0].dataContent.indexOf('given up') === 0 && lost[0].to === 'bob' && lost[0].from === 'alice' && lost[0].typeu === 4, 'as they were sent: ' + JSON.stringify(lost[0]))
check((await bob.next('IMData'))[0].fp === sent[0].fp, 'it arrived')

// Logged out with something on its way: complete runs, the outcome comes with the next login.
await stage.stall('sender')
var held = MBProtocalFactory.createCommonDataSimple('held', 'alice', 'bob')
var sending = imsdkSend(second, held)
check(sending.code === 0, 'taken')
await until('it is in the outbox', async function () { return (await texts(module, 'bob')).length === 4 })
second.disconnectSocket()
await sending.complete
check(sending.called.map(function (call) { return call[0] }).join() === 'complete', 'neither ok nor fail: nobody knows yet')
await stage.mend('sender')
second.loginImpl({ loginUserId: 'alice', loginToken: await stage.sig('alice') }, imsdkUrl())
check((await again.next('MessagesBeReceived', function (args) { return args[0] !== sent[0].fp }))[0] === held.fp, 'it is told of by its fingerprint')
check((await bob.next('IMData'))[0].fp === held.fp, 'and arrived')
check(again.of('MessagesBeReceived').length === 2 && again.of('MessagesLost').length === lost.length, 'each once')
check(bob.of('IMData').length === 2, 'and arrived once')
