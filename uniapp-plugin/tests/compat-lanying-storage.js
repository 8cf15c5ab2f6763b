// Lanying: what is stored: local and in the cloud, offline, over a restart, on a new device.
// needs compat/lanying
var there = lanyingOver(function () { return stage.phone('bob') })
var bob = await lanyingLogin(there, 'bob')
var phone = stage.phone('alice')
var first = lanyingOver(function () { return phone })
var alice = await lanyingLogin(first, 'alice')
for (var i = 1; i <= 5; i++) there.sysManage.sendRosterMessage({ uid: 'alice', content: 'text ' + i })
await alice.next('onRosterMessage', function (args) { return args[0].content === 'text 5' })
await first.logout()

// Away: what is sent meanwhile comes with the next login, in order.
for (i = 6; i <= 8; i++) there.sysManage.sendRosterMessage({ uid: 'alice', content: 'text ' + i })
await until('all are at the server', async function () { return bob.of('onSendingMessageStatusChanged').filter(function (args) { return args[0].status === 'sent' }).length === 8 })
await first.login({ username: 'alice', password: await stage.sig('alice') })
for (i = 6; i <= 8; i++) check((await alice.next('onRosterMessage'))[0].content === 'text ' + i, 'in order: ' + i)

// A start without a network: list and history are there at once.
phone = await stage.restart('alice')
await stage.cut('alice')
var second = lanyingOver(function () { return phone })
var again = hearLanying(second)
second.init({ appId: stage.appId })
var begun = second.login({ username: 'alice', password: await stage.sig('alice') })
await until('the local session is open', async function () { return (await must(phone, 'getLoginUser')).userId === 'alice' })
var page = await second.sysManage.requireHistoryMessage('bob', 0, 20)
check(page.map(function (meta) { return meta.content }).join() === 'text 8,text 7,text 6,text 5,text 4,text 3,text 2,text 1', 'without a network: ' + page.length)
check(second.isLogin() === false, 'the login waits')
await stage.mend('alice')
await begun
check(second.isLogin() === true && second.userManage.getConversationList()[0].id === 'bob', 'and is accepted when the network is back')

// A new device of hers has it all.
var third = lanyingOver(function () { return stage.phone('tablet', { platform: 'tablet' }) })
await lanyingLogin(third, 'alice')
check(third.userManage.getConversationList().length === 1, 'the list')
page = await third.sysManage.requireHistoryMessage('bob', 0, 20)
check(page.length === 8 && page[7].content === 'text 1', 'the history')
