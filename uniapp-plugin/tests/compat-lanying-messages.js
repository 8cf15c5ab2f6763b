// Lanying: messages of a user, their states, own types, receipts, history, the queue and its limit.
// needs compat/lanying
var there = lanyingOver(function () { return stage.phone('bob') })
var alice = await lanyingLogin(IM, 'alice')
var bob = await lanyingLogin(there, 'bob')
/** Waits until a message has this state; gives what was told. */
async function state(ear, mid, status) {
  return (await ear.next('onSendingMessageStatusChanged', function (args) { return args[0].mid === mid && args[0].status === status }))[0]
}

// Text: sending, then sent; the other side has the same message, which is plain data.
var mid = IM.sysManage.sendRosterMessage({ uid: 'bob', content: 'hello 你好', ext: { colour: 'red' } })
check(typeof mid === 'number' && alice.of('onSendingMessageStatusChanged').length === 0, 'a number, before anything is told')
await state(alice, mid, 'sending')
var sent = (await state(alice, mid, 'sent')).message
var fields = ['id', 'from', 'to', 'content', 'type', 'ext', 'config', 'attach', 'status', 'timestamp', 'toType']
check(Object.keys(sent).sort().join() === fields.slice().sort().join(), 'these fields: ' + Object.keys(sent))
check(sent.from === 'alice' && sent.to === 'bob' && sent.content === 'hello 你好' && sent.type === 'text' && sent.toType === 'roster' && sent.status === 1, JSON.stringify(sent))
check(Number(sent.timestamp) > 1700000000000 && JSON.parse(sent.ext).colour === 'red', 'its time in milliseconds, and what was added')
var got = (await bob.next('onRosterMessage'))[0]
check(JSON.stringify(JSON.parse(JSON.stringify(got))) === JSON.stringify(got), 'it is readable as JSON')
check(got.id === sent.id && got.from === 'alice' && got.to === 'bob' && got.content === sent.content && got.timestamp === sent.timestamp && got.status === 0, JSON.stringify(got))

// Types of the app's own, commands, and what others write.
IM.sysManage.sendRosterMessage({ uid: 'bob', type: 'location', content: 'here', attachment: { lat: 40.02, lon: 116.4 }, ext: 'a text' })
got = (await bob.next('onRosterMessage'))[0]
check(got.type === 'location' && got.content === 'here' && got.attach.lat === 40.02 && got.ext === 'a text', 'a type of the app\'s own: ' + JSON.stringify(got))
IM.sysManage.sendRosterMessage({ uid: 'bob', type: 'command', content: '{"do":1}' })
got = (await bob.next('onRosterMessage'))[0]
check(got.type === 'command' && got.content === '{"do":1}', 'a command')
var carol = await login(stage.phone('carol'), 'carol')
await must(carol, 'sendC2CCustomMessage', { customData: 'plain data', userId: 'bob' })
got = (await bob.next('onRosterMessage'))[0]
check(got.type === 'command' && got.content === 'plain data' && got.from === 'carol', 'what another face wrote')

// Unread, read, and the sender hears of it, message by message.
await until('four are unread', async function () { return there.rosterManage.getUnreadCount('alice') === 3 && there.rosterManage.getUnreadCount('carol') === 1 })
check(bob.of('onUnreadChange').length > 0 && bob.of('recentlistUpdate').length > 0, 'changes are told')
check(IM.sysManage.getMessageStatus('bob', sent.id) === 'delivered', 'not read yet')
await there.rosterManage.readRosterMessage('alice')
var read = (await alice.next('onMessageStatusChanged'))[0]
check(read.uid === 'bob' && typeof read.mid === 'string', 'by its id')
await until('all three are read', async function () { return alice.of('onMessageStatusChanged').length === 3 })
check(IM.sysManage.getMessageStatus('bob', sent.id) === 'read', 'and the state says so')
await until('nothing is unread', async function () { return there.rosterManage.getUnreadCount('alice') === 0 })
mid = IM.sysManage.sendRosterMessage({ uid: 'bob', content: 'later' })
var later = (await state(alice, mid, 'sent')).message
check(IM.sysManage.getMessageStatus('bob', later.id) === 'delivered', 'what comes later is not read')

// Typing: told, kept nowhere.
await bob.next('onRosterMessage', function (args) { return args[0].id === later.id })
IM.sysManage.sendInputStatusMessage('bob', 'typing')
var typing = (await bob.next('onInputStatusMessage'))[0]
check(typing.from === 'alice' && typing.to === 'bob' && JSON.parse(typing.ext).input_status === 'typing', JSON.stringify(typing))

// History, page by page; what was looked at is there at once.
for (var i = 1; i <= 25; i++) await state(alice, IM.sysManage.sendRosterMessage({ uid: 'bob', content: 'text ' + i }), 'sent')
await until('bob has them', async function () { return there.rosterManage.getRosterMessageByRid('alice').length === 29 })
var fresh = lanyingOver(function () { return stage.phone('tablet', { platform: 'tablet' }) })
var tablet = await lanyingLogin(fresh, 'bob')
check(fresh.rosterManage.getRosterMessageByRid('alice').length === 0, 'nothing was looked at there')
var page = await fresh.sysManage.requireHistoryMessage('alice', 0, 20)
check(page.length === 20 && page[0].content === 'text 25', 'newest first: ' + page.length)
var next = (await tablet.next('onReceiveHistoryMsg'))[0].next
check(next === page[19].id, 'and where it goes on')
page = await fresh.sysManage.requireHistoryMessage('alice', next, 20)
check(page.length === 9 && page[8].content === 'hello 你好', 'the rest: ' + page.length)
check((await tablet.next('onReceiveHistoryMsg'))[0].next === '', 'the end')
var known = fresh.rosterManage.getRosterMessageByRid('alice')
check(known.length === 29 && known[0].content === 'hello 你好' && known[28].content === 'text 25', 'oldest first, each once: ' + known.length)

// A second device of the user follows at once: what he sends, deletes, reads.
mid = there.sysManage.sendRosterMessage({ uid: 'alice', content: 'from the phone' })
await state(bob, mid, 'sent')
got = (await tablet.next('onRosterMessage', function (args) { return args[0].content === 'from the phone' }))[0]
check(got.from === 'bob' && got.to === 'alice', 'his own message')
await there.rosterManage.deleteMessage('alice', known[0].id)
var gone = (await tablet.next('onMessageDeleted'))[0]
check(gone.uid === 'alice' && gone.mid === known[0].id, 'what he deletes')
check(fresh.rosterManage.getRosterMessageByRid('alice').every(function (meta) { return meta.id !== gone.mid }), 'is gone there')

// Forwarded.
mid = IM.sysManage.forwardMessage({ uid: 'carol', mid: sent.id })
check((await state(alice, mid, 'sent')).message.content === 'hello 你好', 'the same content')

// The list follows what the plugin tells of it, ten times a second at most.
await until('the newest message leads the list', async function () { return there.userManage.getConversationList()[0].content === 'from the phone' })
var list = there.userManage.getConversationList()
check(list.length === 2 && list[0].id === 'alice' && list[0].type === 'roster', JSON.stringify(list))

// Offline: the queue holds what is sent, and sends it by itself.
await stage.cut()
await alice.next('flooNotice', function (args) { return args[0].desc.indexOf('failure') >= 0 })
mid = IM.sysManage.sendRosterMessage({ uid: 'bob', content: 'from the tunnel' })
await state(alice, mid, 'sending')
there.sysManage.sendRosterMessage({ uid: 'alice', content: 'into the tunnel' })
await pause(500)
await stage.mend()
await state(alice, mid, 'sent')
await bob.next('onRosterMessage', function (args) { return args[0].content === 'from the tunnel' })
await until('what was sent meanwhile has come', async function () { return alice.of('onRosterMessage').some(function (args) { return args[0].content === 'into the tunnel' }) })

// Up to a limit.
var hasty = lanyingOver(function () { return stage.phone('hasty') })
var hears = await lanyingLogin(hasty, 'erin', { sendTimeout: 1000 })
await stage.cut('hasty')
await hears.next('flooNotice', function (args) { return args[0].desc.indexOf('failure') >= 0 })
mid = hasty.sysManage.sendRosterMessage({ uid: 'bob', content: 'too late' })
var failed = await state(hears, mid, 'failed')
check(failed.errorCode === 6012 && typeof failed.errorReason === 'string', 'given up: ' + JSON.stringify(failed))
await stage.mend('hasty')

// Bad input: told by the state, or refused.
var wrong = [[undefined, 6017], [null, 6017], ['text', 6017], [{}, 6017], [{ uid: 'bob' }, 6017], [{ uid: 'bob', content: '' }, 6017], [{ uid: 'bob', content: 42 }, 6017],
  [{ uid: {}, content: 'x' }, 6017], [{ uid: '爱丽丝', content: 'x' }, 7003], [{ uid: 'nobody', content: 'x' }, 20003], [{ uid: 'bob', content: 'x', type: 7 }, 6017],
  [{ uid: 'bob', type: 'image', content: 'x' }, 6017], [{ uid: 'bob', content: 'x'.repeat(32769) }, 8001]]
for (i = 0; i < wrong.length; i++) {
  failed = await state(alice, IM.sysManage.sendRosterMessage(wrong[i][0]), 'failed')
  check(failed.errorCode === wrong[i][1], JSON.stringify(wrong[i]).slice(0, 80) + ' fails with ' + JSON.stringify(failed).slice(0, 200))
}
await state(alice, IM.sysManage.forwardMessage(), 'failed')
await state(alice, IM.sysManage.forwardMessage({ uid: 'bob', mid: 'none' }), 'failed')
await state(alice, IM.sysManage.sendInputStatusMessage(), 'failed')
await refusedWith(IM.sysManage.requireHistoryMessage('bob', 'none', 20), 6017)
await refusedWith(IM.sysManage.requireHistoryMessage(), 6017)
await refusedWith(IM.sysManage.requireHistoryMessage('bob', 0, 'many'), 6017)
var complaints = alice.of('flooError').length
await IM.rosterManage.readRosterMessage()
await IM.rosterManage.deleteMessage('bob', 'none')
await IM.rosterManage.deleteMessage()
check(alice.of('flooError').length === complaints + 3, 'what has no other way is told as flooError')
check(IM.rosterManage.getUnreadCount() === 0 && IM.rosterManage.getRosterMessageByRid().length === 0 && IM.sysManage.getMessageStatus() === 'unread', 'questions about nothing have an answer')
await IM.logout()
check((await state(alice, IM.sysManage.sendRosterMessage({ uid: 'bob', content: 'x' }), 'failed')).errorCode === 6014, 'after the logout')
