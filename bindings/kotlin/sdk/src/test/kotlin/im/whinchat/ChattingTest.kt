package im.whinchat

import im.whinchat.testing.assertCode
import im.whinchat.testing.await
import im.whinchat.testing.chat
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.filterIsInstance
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import kotlin.time.Duration.Companion.seconds

class ChattingTest {
    @Test
    fun `a message gets its place and arrives`() = chat { world ->
        val arrived = async(start = CoroutineStart.UNDISPATCHED) {
            world.bob.events.filterIsInstance<Event.MessageReceived>().first().message
        }
        val handle = world.alice.messages.send(world.toBob, "hello")
        assertEquals(MessageState.Pending, handle.message.state)
        val sent = handle.await()
        assertEquals(MessageState.Sent, sent.state)
        assertEquals(1, sent.seq)
        assertEquals(handle.id, sent.id)
        val received = arrived.await()
        assertEquals(sent.id, received.id)
        assertEquals("hello", received.text)
        assertEquals(UserId("alice"), received.sender)
        assertEquals(world.toAlice, received.conversation)
    }

    @Test
    fun `every kind of content comes through unchanged`() = chat { world ->
        val message = NewMessage.custom(byteArrayOf(0, 1, -1), "a card", "v1") {
            elements += Element.Text("and a text: 你好 \uD83D\uDC4B")
            customData = Bytes(byteArrayOf(7))
            excludedFromUnread = true
            timeout = 20.seconds
        }
        val sent = world.alice.messages.send(world.toBob, message).await()
        val list = world.bob.messages.observe(world.toAlice).await { it.messages.isNotEmpty() }
        val received = list.messages.single()
        assertEquals(message.elements, received.elements)
        assertEquals(message.customData, received.customData)
        assertTrue(received.isExcludedFromUnread)
        assertEquals(sent.id, received.id)
        assertEquals("and a text: 你好 \uD83D\uDC4B", received.text)
        assertEquals(received, world.bob.messages.get(received.id))
    }

    @Test
    fun `history is given in pages, both ways`() = chat { world ->
        for (number in 1..5) world.alice.messages.send(world.toBob, "$number").await()
        val newest = world.alice.messages.history(world.toBob, limit = 2)
        assertEquals(listOf("5", "4"), newest.messages.map { it.text })
        assertEquals(false, newest.isComplete)
        val older = world.alice.messages.history(world.toBob, 3, HistoryFrom.Before(newest.messages.last().id))
        assertEquals(listOf("3", "2", "1"), older.messages.map { it.text })
        assertTrue(older.isComplete)
        val newer = world.alice.messages.history(world.toBob, 2, HistoryFrom.After(older.messages.last().id))
        assertEquals(listOf("2", "3"), newer.messages.map { it.text })
    }

    @Test
    fun `an observed list shows what is there, then what changes, and lets itself be grown`() = chat { world ->
        for (number in 1..5) world.alice.messages.send(world.toBob, "$number").await()
        val window = world.alice.messages.observeIn(this, world.toBob, TimelineStart.newest(2))
        window.state.await { it.messages.map { message -> message.text } == listOf("4", "5") }
        assertTrue(window.state.value.status.hasOlder)
        window.growOlder(2)
        window.state.await { it.messages.size == 4 }
        val list = world.bob.conversations.observeIn(this, 10)
        list.state.await { it.conversations.singleOrNull()?.unreadCount == 5L }
        world.bob.conversations.markRead(world.toAlice)
        list.state.await { it.conversations.single().unreadCount == 0L }
        window.state.await { timeline -> timeline.messages.all { it.isReadByPeer } }
        assertEquals(0, world.bob.conversations.totalUnread())
        window.close()
        list.close()
        window.growOlder(1)
    }

    @Test
    fun `steps make the same list as the list itself`() = chat { world ->
        val made = mutableListOf<Message>()
        val following = launch {
            world.bob.messages.changes(world.toAlice).collect { update ->
                when (update) {
                    is ListUpdate.Snapshot -> made.apply { clear() }.addAll(update.items)
                    is ListUpdate.Changes -> made.applySteps(update.steps)
                    ListUpdate.Over -> made.clear()
                }
            }
        }
        for (number in 1..20) world.alice.messages.send(world.toBob, "$number")
        val listed = world.bob.messages.observe(world.toAlice).await { it.messages.size == 20 }
        while (made.size < 20) kotlinx.coroutines.yield()
        following.cancelAndJoin()
        assertEquals(listed.messages, made)
    }

    @Test
    fun `what is not sent yet can be taken back, and sent after all`() = chat { world ->
        world.server.stop()
        world.alice.connection.await { it is ConnectionState.Waiting || it is ConnectionState.Connecting }
        val handle = world.alice.messages.send(world.toBob, "never mind")
        handle.cancel()
        assertCode(ErrorCodes.MESSAGE_CANCELLED) { handle.await() }
        val failed = assertInstanceOf(MessageState.Failed::class.java, world.alice.messages.get(handle.id)?.state)
        assertEquals("message.cancelled", failed.error.name)
        world.server.start()
        world.alice.networkChanged()
        world.alice.connection.await { it == ConnectionState.Connected }
        val sent = world.alice.messages.retry(handle.id).await()
        assertEquals(handle.id, sent.id)
        assertCode(ErrorCodes.MESSAGE_NOT_CANCELLABLE) { world.alice.messages.cancel(sent.id) }
        world.alice.messages.delete(world.toBob, listOf(sent.id))
        assertNull(world.alice.messages.get(sent.id))
    }

    @Test
    fun `groups are created, filled and left`() = chat { world ->
        val team = world.alice.groups.create("The team", listOf(UserId("bob"), UserId("nobody")))
        assertEquals(listOf(null, "group.user_unknown"), team.members.map { it.error?.name })
        world.alice.messages.send(team.conversation, NewMessage.text("welcome") { mentions += UserId("bob") }).await()
        val shown = world.bob.messages.observe(team.conversation).await { it.messages.size == 2 }
        val tip = assertInstanceOf(Element.GroupTip::class.java, shown.messages.first().elements.single())
        assertEquals(GroupTipKind.INVITED, tip.kind)
        assertEquals(listOf(UserId("bob")), shown.messages.last().mentions)
        assertEquals("The team", world.bob.conversations.get(team.conversation)?.group?.name)
        world.bob.groups.quit(team.id)
        world.alice.conversations.observe().await { it.conversations.first().group?.memberCount == 1 }
        assertCode(ErrorCodes.GROUP_NOT_MEMBER) { world.bob.groups.quit(team.id) }
    }

    @Test
    fun `typing is told and ends`() = chat { world ->
        world.alice.messages.send(world.toBob, "hello").await()
        val told = async(start = CoroutineStart.UNDISPATCHED) {
            world.alice.events.filterIsInstance<Event.Typing>().first { !it.isActive }
        }
        world.bob.conversations.setTyping(world.toAlice, true)
        world.bob.conversations.setTyping(world.toAlice, false)
        assertEquals(UserId("bob"), told.await().user)
    }

    @Test
    fun `pages of the list lead on to each other`() = chat { world ->
        for (user in listOf("carol", "dave", "eve")) {
            world.server.client(user).use { it.login(UserId(user), world.server.userSig(user)) }
            world.alice.messages.send(ConversationId.of(UserId(user)), "hello").await()
        }
        val first = world.alice.conversations.list(2)
        assertEquals(listOf("c2c_eve", "c2c_dave"), first.conversations.map { it.id.value })
        val second = world.alice.conversations.list(2, first.next)
        assertEquals(listOf("c2c_carol"), second.conversations.map { it.id.value })
        assertNull(second.next)
    }
}
