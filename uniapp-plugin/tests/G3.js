// G3: the same conversation twice.
var Im = uni.requireNativePlugin('Whinchat-IM')
await login(Im, 'alice')
var lists = hear(Im, 'setConversationListener')
var bob = await login(stage.phone('bob'), 'bob')
await must(bob, 'sendC2CTextMessage', { text: 'hello', userId: 'alice' })
var told = (await lists.next('onNewConversation')).conversationList
check(told.length === 1, 'it comes by the event')
var page = await must(Im, 'getConversationList', { nextSeq: 0, count: 50 })
check(page.conversationList.length === 1, 'and in a page')
check(page.conversationList[0].conversationId === told[0].conversationId, 'under the same id')
check(told[0].conversationId === 'c2c_bob', 'of the one form that there is')
var group = (await must(bob, 'createGroup', { groupType: 'Work', groupName: 'team' })).groupId
await must(bob, 'inviteUserToGroup', { groupId: group, userIdList: ['alice'] })
var other = await lists.next('onNewConversation')
check(other.conversationList[0].conversationId === 'group_' + group, 'and the other form')
