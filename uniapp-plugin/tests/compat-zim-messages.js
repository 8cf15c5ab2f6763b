// ZIM: messages between two people: text, command, their fields, the limits and the rates.
// needs compat/zim
var zim = ZIM.create(stage.appId)
var there = zimOver(function () { return stage.phone('bob') }).create(stage.appId)
var alice = await zimLogin(zim, 'alice')
var bob = await zimLogin(there, 'bob')

// Text.
var sent = await zim.sendPeerMessage({ priority: 3, type: 1, message: 'hello 你好' }, 'bob')
var fields = ['priority', 'type', 'messageID', 'timestamp', 'message', 'senderUserID', 'conversationID', 'conversationType']
check(Object.keys(sent).sort().join() === fields.slice().sort().join(), 'these fields: ' + Object.keys(sent))
check(sent.priority === 3 && sent.type === 1 && sent.message === 'hello 你好', 'what was sent: ' + JSON.stringify(sent))
check(typeof sent.messageID === 'string' && sent.messageID !== '' && sent.timestamp > 1700000000000, 'it has an id and a time in milliseconds')
check(sent.senderUserID === 'alice' && sent.conversationID === 'bob' && sent.conversationType === 0, 'who, where, of which kind')
var got = await bob.next('receivePeerMessage')
check(got[0] === there && got[2] === 'alice', 'the instance first, the sender last')
check(Array.isArray(got[1]) && got[1].length === 1, 'a list, and not an empty one')
var message = got[1][0]
check(message.messageID === sent.messageID && message.message === 'hello 你好' && message.type === 1 && message.priority === 3, 'it arrives: ' + JSON.stringify(message))
check(message.senderUserID === 'alice' && message.conversationID === 'alice' && message.conversationType === 0, 'from whom')
check(message.timestamp === sent.timestamp, 'at the same time for both')

// Commands: bytes of any kind, and what looks like another spelling of bytes.
var kinds = [[1, 2, 3], [0xff, 0, 0xfe, 0x80], [0xe4, 0xbd, 0xa0], Array.from('base64:aGk=', function (c) { return c.charCodeAt(0) })]
for (var i = 0; i < kinds.length; i++) {
  await zim.sendPeerMessage({ priority: 1, type: 2, message: new Uint8Array(kinds[i]) }, 'bob')
  message = (await bob.next('receivePeerMessage'))[1][0]
  check(message.type === 2 && message.message instanceof Uint8Array && Array.from(message.message).join() === kinds[i].join(), 'the bytes ' + kinds[i] + ' arrive: ' + Array.from(message.message))
}

// Many, in their order.
for (i = 1; i <= 25; i++) await paced(function () { return there.sendPeerMessage({ type: 1, message: 'text ' + i }, 'alice') })
for (i = 1; i <= 25; i++) {
  message = (await alice.next('receivePeerMessage'))[1][0]
  check(message.message === 'text ' + i && message.priority === 1, 'in their order: ' + message.message)
}

// Limits: the whole 32 KB of a message, 5 KB of a command.
await paced(function () { return zim.sendPeerMessage({ type: 1, message: 'x'.repeat(32750) }, 'bob') })
await bob.next('receivePeerMessage', function (args) { return args[1][0].message.length === 32750 })
await zim.sendPeerMessage({ type: 2, message: new Uint8Array(5120) }, 'bob')
await bob.next('receivePeerMessage', function (args) { return args[1][0].message.length === 5120 })
await zimRefused(zim.sendPeerMessage({ type: 1, message: 'x'.repeat(32769) }, 'bob'), 6000001)
await zimRefused(zim.sendPeerMessage({ type: 2, message: new Uint8Array(5121) }, 'bob'), 6000001)

// 10 texts and 20 commands a second.
await pause(1100)
await rate(10, function (n) { return { type: 1, message: 'burst ' + n } })
await rate(20, function (n) { return { type: 2, message: new Uint8Array([n]) } })
async function rate(most, make) {
  var outcomes = []
  for (var n = 0; n < most + 3; n++) outcomes.push(zim.sendPeerMessage(make(n), 'bob').then(function () { return 0 }, function (error) { return error.code }))
  outcomes = await Promise.all(outcomes)
  check(outcomes.filter(function (code) { return code === 0 }).length === most, most + ' a second go out: ' + outcomes)
  check(outcomes.slice(most).join() === '6000004,6000004,6000004', 'the others are refused: ' + outcomes)
}

// Bad input.
var wrong = [[undefined, 'bob'], [null, 'bob'], ['text', 'bob'], [{}, 'bob'], [{ type: 1 }, 'bob'], [{ type: 1, message: '' }, 'bob'], [{ type: 1, message: 42 }, 'bob'],
  [{ type: 2, message: 'text' }, 'bob'], [{ type: 2, message: new Uint8Array(0) }, 'bob'], [{ type: 3, message: 'x' }, 'bob'], [{ type: 1, message: 'x', priority: 4 }, 'bob'],
  [{ type: 1, message: 'x' }], [{ type: 1, message: 'x' }, null], [{ type: 1, message: 'x' }, 42], [{ type: 1, message: 'x' }, 'a b'], [{ type: 1, message: 'x' }, '爱丽丝'], [{ type: 1, message: 'x' }, 'a'.repeat(33)]]
await pause(1100)
for (i = 0; i < wrong.length; i++) await zimRefused(zim.sendPeerMessage(wrong[i][0], wrong[i][1]), 6000001)
var named = await zimRefused(zim.sendPeerMessage({ type: 1, message: 'x' }, 'a b'), 6000001)
check(named.message.indexOf('`toUserID`') >= 0, 'refused by name: ' + named.message)
await zimRefused(zim.sendPeerMessage({ type: 1, message: 'x' }, 'nobody'), 6000204)
await zimRefused(zim.sendPeerMessage({ type: 1, message: 'x' }, 'alice'), 6000001)
await zim.sendPeerMessage({ type: 1, message: 'x' }, 'bob', 'a further argument')
