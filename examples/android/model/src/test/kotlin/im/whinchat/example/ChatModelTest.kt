package im.whinchat.example

import im.whinchat.ConnectionState
import im.whinchat.ConversationId
import im.whinchat.MessageState
import im.whinchat.UserId
import im.whinchat.Whinchat
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File
import kotlin.time.Duration.Companion.seconds

/** `whinchat serve` in a process and a folder of its own. */
private class Server(private val folder: File) : AutoCloseable {
    private var process: Process? = null
    var address = "ws://127.0.0.1:0"
        private set

    init {
        start()
    }

    /** Starts it, where it was if it ran before. */
    fun start() {
        val started = ProcessBuilder(
            System.getProperty("whinchat.binary"), "serve", "--automatic-signatures",
            "--listen", address.removePrefix("ws://"), "--data", folder.resolve("server").path,
        ).redirectErrorStream(true).start()
        val said = generateSequence(started.inputStream.bufferedReader()::readLine).takeWhileInclusive { "Ctrl-C" !in it }
        address = said.first { "ready at " in it }.substringAfter("ready at ").trim()
        process = started
    }

    private fun Sequence<String>.takeWhileInclusive(goesOn: (String) -> Boolean): List<String> = buildList {
        for (line in this@takeWhileInclusive) {
            add(line)
            if (!goesOn(line)) break
        }
    }

    override fun close() {
        process?.destroy()
        process?.waitFor()
    }
}

/** A phone: its client, its model, and the scope of its screens. */
private class Phone(server: String, folder: File) {
    val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
    val client = Whinchat(server, 1400000001, folder)
    val model = ChatModel(client, scope)

    suspend fun close() {
        scope.cancel()
        client.close()
    }
}

class ChatModelTest {
    private suspend fun <T> Flow<T>.comesTo(what: String, isRight: (T) -> Boolean): T = try {
        withTimeout(30.seconds) { first(isRight) }
    } catch (error: kotlinx.coroutines.TimeoutCancellationException) {
        throw AssertionError("in vain: $what", error)
    }

    @Test
    fun `two people write to each other, also while the server is away`(@TempDir folder: File): Unit = runBlocking {
        Server(folder).use { server ->
            val alice = Phone(server.address, folder.resolve("alice"))
            val bob = Phone(server.address, folder.resolve("bob"))
            assertNull(alice.model.user.value)
            alice.model.signIn("alice", "").join()
            bob.model.signIn("bob", "").join()
            assertEquals(UserId("alice"), alice.model.user.value)

            val hers = alice.model.timeline(ConversationId.of(UserId("bob")), alice.scope)
            hers.write("  hello ")
            hers.send().join()
            assertEquals("", hers.draft.value)
            bob.model.conversations.comesTo("bob's list has it") { it.firstOrNull()?.lastMessage?.text == "hello" }
            val his = bob.model.timeline(ConversationId.of(UserId("alice")), bob.scope)
            his.timeline.comesTo("he sees it") { shown -> shown.messages.map { it.text } == listOf("hello") }
            hers.timeline.comesTo("she sees that he did") { it.messages.lastOrNull()?.isReadByPeer == true }
            bob.model.conversations.comesTo("nothing is unread") { it.firstOrNull()?.unreadCount == 0L }

            server.close()
            alice.model.connection.comesTo("she knows that there is no connection") { it != ConnectionState.Connected }
            hers.write("are you there?")
            hers.send().join()
            hers.timeline.comesTo("it waits") { it.messages.last().state == MessageState.Pending }
            server.start()
            his.timeline.comesTo("it arrives") { it.messages.last().text == "are you there?" }
            hers.write("   ")
            hers.send().join()
            assertEquals(2, hers.timeline.value.messages.size)

            bob.model.signOut().join()
            assertNull(bob.model.user.value)
            his.timeline.comesTo("nothing is shown any more") { it.isOver }
            alice.close()
            bob.close()
        }
    }

    @Test
    fun `what goes wrong is said in a sentence`(@TempDir folder: File): Unit = runBlocking {
        Server(folder).use { server ->
            val phone = Phone(server.address, folder.resolve("phone"))
            phone.model.signIn("小明", "").join()
            assertNull(phone.model.user.value)
            assertNotNull(phone.model.problem.value)
            phone.model.problemWasRead()
            assertNull(phone.model.problem.value)
            phone.model.signIn("alice", "").join()
            val timeline = phone.model.timeline(ConversationId.of(UserId("alice")), phone.scope)
            timeline.write("to myself")
            timeline.send().join()
            assertEquals("to myself", timeline.draft.value)
            assertNotNull(phone.model.problem.value)
            phone.close()
        }
    }
}
