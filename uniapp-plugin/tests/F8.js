// F8: deleteMessages.
var Im = uni.requireNativePlugin('Whinchat-IM')
await login(Im, 'alice')
var bob = await login(stage.phone('bob'), 'bob')
var tablet = await login(stage.phone('tablet', { platform: 'tablet' }), 'alice')
var ids = []
for (var i = 1; i <= 3; i++) ids.push((await must(Im, 'sendC2CTextMessage', { text: 'text ' + i, userId: 'bob' })).msgId)
await until('the tablet has them', async function () { return (await texts(tablet, 'bob')).length === 3 })
await until('bob has them', async function () { return (await texts(bob, 'alice')).length === 3 })

await must(Im, 'deleteMessages', { msgIdList: [ids[2]] })
check((await texts(Im, 'bob')).join() === 'text 1,text 2', 'it is gone here')
await until('it is gone on the other device', async function () { return (await texts(tablet, 'bob')).join() === 'text 1,text 2' })
await until('lastMessage falls back', async function () { return (await conversation(Im, 'c2c_bob')).lastMessage.elem.text === 'text 2' })
check((await texts(bob, 'alice')).join() === 'text 1,text 2,text 3', 'the other person still has it')

// Gone for good, also after a new start.
Im = await stage.restart()
await login(Im, 'alice')
check((await texts(Im, 'bob')).join() === 'text 1,text 2', 'it does not come back')
