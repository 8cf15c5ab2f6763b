package im.whinchat

import im.whinchat.testing.TestServer
import im.whinchat.testing.assertCode
import im.whinchat.testing.await
import im.whinchat.testing.chat
import im.whinchat.testing.test
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File

class BadInputTest {
    @Test
    fun `a collector that throws ends itself and nothing else`() = chat { world ->
        val thrown = async(start = CoroutineStart.UNDISPATCHED) {
            runCatching { world.bob.events.collect { if (it is Event.MessageReceived) error("of the app") } }
        }
        val other = async(start = CoroutineStart.UNDISPATCHED) {
            world.bob.events.first { it is Event.MessageReceived }
        }
        world.alice.messages.send(world.toBob, "one").await()
        assertEquals("of the app", thrown.await().exceptionOrNull()?.message)
        other.await()
        val listed = runCatching { world.bob.conversations.observe().collect { error("of the app, again") } }
        assertEquals("of the app, again", listed.exceptionOrNull()?.message)
        assertEquals("one", world.bob.messages.history(world.toAlice).messages.single().text)
    }

    @Test
    fun `a closed client answers every call with its code`() = chat { world ->
        val handle = world.alice.messages.send(world.toBob, "hello")
        handle.await()
        val live = world.alice.conversations.observeIn(this)
        val following = launch(start = CoroutineStart.UNDISPATCHED) { world.alice.events.collect() }
        world.alice.close()
        world.alice.close()
        following.join()
        live.state.await { it.isOver }
        live.grow(5)
        live.close()
        val closed = ErrorCodes.CLIENT_NOT_INITIALISED
        val alice = world.alice
        assertCode(closed) { alice.login(UserId("alice"), "") }
        assertCode(closed) { alice.beginLogin(UserId("alice"), "") }
        assertCode(closed) { alice.renew("") }
        assertCode(closed) { alice.logout() }
        assertCode(closed) { alice.pause() }
        assertCode(closed) { alice.resume() }
        assertCode(closed) { alice.messages.send(world.toBob, "x") }
        assertCode(closed) { alice.messages.history(world.toBob) }
        assertCode(closed) { alice.messages.observe(world.toBob).collect() }
        assertCode(closed) { alice.messages.observeIn(this, world.toBob) }
        assertCode(closed) { alice.conversations.list() }
        assertCode(closed) { alice.conversations.observe().collect() }
        assertCode(closed) { alice.groups.create("x") }
        assertCode(closed) { alice.events.collect() }
        assertNull(alice.user)
        assertEquals(ConnectionState.LoggedOut, alice.connection.value)
        alice.setForeground(false)
        alice.networkChanged()
        assertCode(ErrorCodes.CLIENT_INTERRUPTED) { handle.await() }
    }

    @Test
    fun `a client may be closed in the middle of calls from many threads`() = chat { world ->
        val codes = setOf(ErrorCodes.CLIENT_NOT_INITIALISED, ErrorCodes.CLIENT_INTERRUPTED, ErrorCodes.CLIENT_NOT_LOGGED_IN)
        val calls = List(64) { number ->
            async(Dispatchers.IO) {
                try {
                    while (true) {
                        when (number % 4) {
                            0 -> world.alice.messages.send(world.toBob, "$number").await()
                            1 -> world.alice.messages.history(world.toBob)
                            2 -> world.alice.conversations.observe().first()
                            else -> world.alice.groups.create("x")
                        }
                    }
                } catch (error: WhinchatException) {
                    error
                }
            }
        }
        world.bob.messages.observe(world.toAlice).await { it.messages.size >= 5 }
        world.alice.close()
        for (error in calls.awaitAll()) {
            assertTrue((error as WhinchatException).code in codes, error.toString())
        }
    }

    @Test
    fun `calls from many threads at once are all answered`() = chat { world ->
        val sent = List(100) { number ->
            async(Dispatchers.IO) { world.alice.messages.send(world.toBob, "$number").await() }
        }.awaitAll()
        assertEquals((1L..100L).toList(), sent.map { it.seq }.sorted())
    }

    @Test
    fun `a cancelled coroutine ends its wait and leaves what it asked for`() = chat { world ->
        world.server.stop()
        world.alice.connection.await { it !is ConnectionState.Connected }
        val handle = world.alice.messages.send(world.toBob, "patience")
        val waiting = async(start = CoroutineStart.UNDISPATCHED) { handle.await() }
        waiting.cancelAndJoin()
        assertTrue(runCatching { waiting.await() }.exceptionOrNull() is CancellationException)
        assertEquals(MessageState.Pending, world.alice.messages.get(handle.id)?.state)
        world.server.start()
        world.alice.networkChanged()
        assertEquals(MessageState.Sent, handle.await().state)
    }

    @Test
    fun `two clients on one folder are told apart from one`() = test {
        TestServer().use { server ->
            server.client("alice").use { first ->
                val error = assertCode(ErrorCodes.STORE_UNREADABLE) { server.client("alice") }
                assertInstanceOf(WhinchatException.Refused::class.java, error)
                assertNull(first.user)
            }
            server.client("alice").close()
        }
    }

    @Test
    fun `a folder that cannot be written is refused`(@TempDir folder: File) = test {
        // Through a file: no user may do that, not even root.
        val file = folder.resolve("file").apply { writeText("x") }
        assertCode(ErrorCodes.STORE_FILE_SYSTEM) { Whinchat("ws://127.0.0.1:1", 1, file.resolve("below")) }
    }

    @Test
    fun `settings that make no sense are refused by name`(@TempDir folder: File) = test {
        suspend fun refused(server: String, appId: Long, dataDir: File, configure: WhinchatConfig.Builder.() -> Unit = {}) =
            assertCode(ErrorCodes.REQUEST_BAD_PARAMETER) { Whinchat(server, appId, dataDir, configure) }.message
        assertTrue("server" in refused("", 1, folder))
        refused("http://example.com", 1, folder)
        assertTrue("app_id" in refused("ws://127.0.0.1:1", 0, folder))
        assertTrue("app_id" in refused("ws://127.0.0.1:1", -1, folder))
        refused("ws://127.0.0.1:1", 1, folder) { deviceId = "ä" }
        refused("ws://127.0.0.1:1", 1, folder) { caPem = Bytes("no certificate".toByteArray()) }
        assertCode(ErrorCodes.REQUEST_UNSUPPORTED) {
            Whinchat("ws://127.0.0.1:1", 1, folder) { databaseKey = Bytes(ByteArray(32)) }
        }
    }

    @Test
    fun `malformed arguments are refused with their own codes`() = chat { world ->
        val messages = world.alice.messages
        assertCode(ErrorCodes.CONVERSATION_ID_MALFORMED) { messages.send(ConversationId("bob"), "x") }
        assertCode(ErrorCodes.CONVERSATION_ID_MALFORMED) { messages.send(ConversationId("c2c_ä"), "x") }
        assertCode(ErrorCodes.REQUEST_BAD_PARAMETER) { messages.send(world.toBob, "") }
        assertCode(ErrorCodes.REQUEST_BAD_PARAMETER) { messages.send(world.toBob, "half a pair: \uD83D") }
        assertCode(ErrorCodes.REQUEST_BAD_PARAMETER) { messages.send(world.toBob, NewMessage.Builder().build()) }
        assertCode(ErrorCodes.MESSAGE_ELEMENT_NOT_ALLOWED) {
            messages.send(world.toBob, NewMessage.Builder().apply { elements += Element.Unknown }.build())
        }
        assertCode(ErrorCodes.MESSAGE_TOO_LARGE) { messages.send(world.toBob, "x".repeat(40_000)) }
        assertCode(ErrorCodes.REQUEST_BAD_PARAMETER) { messages.get(MessageId("nonsense")) }
        assertCode(ErrorCodes.REQUEST_BAD_PARAMETER) { messages.history(world.toBob, 0) }
        assertCode(ErrorCodes.REQUEST_BAD_PARAMETER) { messages.history(world.toBob, -1) }
        assertCode(ErrorCodes.REQUEST_BAD_PARAMETER) { messages.history(world.toBob, 101) }
        assertCode(ErrorCodes.REQUEST_BAD_PARAMETER) { messages.delete(world.toBob, emptyList()) }
        assertCode(ErrorCodes.REQUEST_BAD_PARAMETER) { world.alice.conversations.observe(0).collect() }
        assertCode(ErrorCodes.REQUEST_BAD_PARAMETER) { messages.observe(world.toBob, TimelineStart.newest(-3)).collect() }
        assertCode(ErrorCodes.GROUP_NAME_INVALID) { world.alice.groups.create("") }
        assertCode(ErrorCodes.USER_ID_INVALID) { world.alice.groups.create("x", listOf(UserId(""))) }
        assertCode(ErrorCodes.GROUP_ID_MALFORMED) { world.alice.groups.quit(GroupId("ä")) }
        assertCode(ErrorCodes.CLIENT_NOT_LOGGED_IN) {
            world.alice.logout()
            messages.send(world.toBob, "x")
        }
        assertCode(ErrorCodes.USER_ID_INVALID) { world.alice.login(UserId("ä"), "") }
        assertCode(ErrorCodes.LOGIN_USER_SIG_MALFORMED) { world.alice.login(UserId("alice"), "nonsense") }
    }

    @Test
    fun `a fault inside is an error like any other`() = test {
        assertCode(ErrorCodes.CLIENT_INTERNAL) { im.whinchat.internal.translating { im.whinchat.ffi.drillPanic() } }
        assertCode(ErrorCodes.CLIENT_INTERNAL) { im.whinchat.internal.call { im.whinchat.ffi.drillPanicWaiting(null) } }
    }

    @Test
    fun `a scope that is over observes nothing`() = chat { world ->
        val scope = kotlinx.coroutines.CoroutineScope(kotlinx.coroutines.Job().apply { cancel() })
        world.alice.conversations.observeIn(scope).run {
            grow(1)
            close()
        }
        withContext(Dispatchers.Default) { assertEquals(emptyList<Conversation>(), world.alice.conversations.list().conversations) }
    }

    @Test
    fun `without a server the error says that a connection would help`(@TempDir folder: File) = test {
        Whinchat("ws://127.0.0.1:9", TestServer.APP_ID, folder).use { alone ->
            val error = runCatching { alone.login(UserId("alice"), "") }.exceptionOrNull()
            assertInstanceOf(WhinchatException.Offline::class.java, error)
        }
        assertThrows(WhinchatException.Refused::class.java) { Whinchat("", 1, folder) }
    }
}
