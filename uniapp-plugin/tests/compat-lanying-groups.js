// Lanying: groups as far as they are served: create, invite, @ one and all, unread, leave.
// needs compat/lanying
var bobs = lanyingOver(function () { return stage.phone('bob') })
var carols = lanyingOver(function () { return stage.phone('carol') })
var alice = await lanyingLogin(IM, 'alice')
var bob = await lanyingLogin(bobs, 'bob')
var carol = await lanyingLogin(carols, 'carol')

var group = await IM.groupManage.asyncCreate({ name: 'team', type: 0, user_list: ['bob'] })
check(typeof group.group_id === 'string' && group.group_id !== '' && group.name === 'team' && group.status === 0, JSON.stringify(group))
check((await bob.next('onGroupMemberChanged'))[0] === group.group_id, 'who is invited hears of it')
var results = await IM.groupManage.asyncInvite({ group_id: group.group_id, user_list: ['carol', 'nobody'] })
check(results.length === 2 && results[0].user_id === 'carol' && results[0].result === 'success' && results[1].result === 'failed' && results[1].reason !== '', JSON.stringify(results))
check((await carol.next('onGroupMemberChanged'))[0] === group.group_id, 'and so does the next')

// A text to all.
var mid = IM.sysManage.sendGroupMessage({ gid: group.group_id, content: 'hello' })
var sent = (await alice.next('onSendingMessageStatusChanged', function (args) { return args[0].mid === mid && args[0].status === 'sent' }))[0].message
var got = (await bob.next('onGroupMessage'))[0]
check(got.id === sent.id && got.to === group.group_id && got.from === 'alice' && got.toType === 'group' && got.content === 'hello', JSON.stringify(got))
check((await carol.next('onGroupMessage'))[0].id === sent.id, 'carol has it too')

// @ one, @ all.
IM.sysManage.sendMentionMessage({ gid: group.group_id, txt: '@bob look', mentionList: ['bob'], ext: 'x' })
got = (await bob.next('onMentionMessage'))[0]
check(got.content === '@bob look' && got.config.mentionList.join() === 'bob' && got.config.mentionAll === false && got.ext === 'x', JSON.stringify(got))
await carol.next('onGroupMessage', function (args) { return args[0].content === '@bob look' })
check(carol.of('onMentionMessage').length === 0, 'carol is not named')
IM.sysManage.sendMentionMessage({ gid: group.group_id, txt: '@all come', mentionAll: true })
check((await bob.next('onMentionMessage'))[0].config.mentionAll === true && (await carol.next('onMentionMessage'))[0].content === '@all come', 'everybody is named')

// Unread, history.
await until('three are unread', async function () { return bobs.groupManage.getUnreadCount(group.group_id) === 3 })
await bobs.groupManage.readGroupMessage(group.group_id)
await until('none is', async function () { return bobs.groupManage.getUnreadCount(group.group_id) === 0 })
check(bobs.groupManage.getGruopMessage(group.group_id).map(function (meta) { return meta.content }).join() === 'hello,@bob look,@all come', 'what was heard, oldest first')
var page = await carols.sysManage.requireHistoryMessage(group.group_id, 0, 20)
check(page[0].content === '@all come' && page.every(function (meta) { return meta.toType === 'group' }), 'the history of a group that is in the list')
await carols.groupManage.deleteMessage(group.group_id, page[0].id)
check((await carols.sysManage.requireHistoryMessage(group.group_id, 0, 20, true))[0].content === '@bob look', 'deleted for carol')
check(IM.userManage.getConversationList()[0].type === 'group', 'it stands in the list')

// Out.
check((await bobs.groupManage.asyncLeave({ group_id: group.group_id })) === true, 'bob leaves')
mid = bobs.sysManage.sendGroupMessage({ gid: group.group_id, content: 'x' })
var failed = (await bob.next('onSendingMessageStatusChanged', function (args) { return args[0].mid === mid && args[0].status === 'failed' }))[0]
check(failed.errorCode === 10007, 'and may not write any more: ' + JSON.stringify(failed))

// Bad input.
await refusedWith(IM.groupManage.asyncCreate(), 6017)
await refusedWith(IM.groupManage.asyncCreate({}), 6017)
await refusedWith(IM.groupManage.asyncCreate({ name: 'x', user_list: 'bob' }), 6017)
await refusedWith(IM.groupManage.asyncInvite({ group_id: group.group_id }), 6017)
await refusedWith(IM.groupManage.asyncInvite({ user_list: ['bob'] }), 6017)
await refusedWith(IM.groupManage.asyncLeave(null), 6017)
await refusedWith(IM.groupManage.asyncLeave({ group_id: 'none' }), 10010)
var complaints = alice.of('flooError').length
await IM.groupManage.readGroupMessage()
await IM.groupManage.deleteMessage(group.group_id)
check(alice.of('flooError').length === complaints + 2, 'what has no other way is told as flooError')
var states = [IM.sysManage.sendGroupMessage(), IM.sysManage.sendGroupMessage({ gid: group.group_id }), IM.sysManage.sendMentionMessage({ gid: group.group_id }), IM.sysManage.sendMentionMessage({ gid: group.group_id, txt: 'x' })]
for (var i = 0; i < states.length; i++) {
  failed = (await alice.next('onSendingMessageStatusChanged', function (args) { return args[0].mid === states[i] && args[0].status === 'failed' }))[0]
  check(failed.errorCode === 6017, JSON.stringify(failed))
}
