package im.whinchat

import im.whinchat.testing.PATIENCE
import im.whinchat.testing.TestServer
import im.whinchat.testing.test
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import java.io.File
import java.util.Locale
import kotlin.time.Duration.Companion.milliseconds

/** The story of `bindings/scenario`, through this library: it gives the same transcript as in every other language. */
class ScenarioTest {
    @Test
    fun `the shared story gives the shared transcript`() = test {
        val folder = File(System.getProperty("whinchat.workspace"), "bindings/scenario")
        val script = Script(folder.resolve("transcript.txt").readLines())
        TestServer().use { server -> coroutineScope { Story(server, script, this).play() } }
        script.end()
    }
}

/** The transcript, line by line: the first that differs ends the test. */
private class Script(private val lines: List<String>) {
    private var at = 0

    private val next get() = lines.getOrNull(at) ?: "(the end)"

    /** A fact that is final. */
    fun write(line: String) {
        assertEquals(next, line, "line ${at + 1}")
        at++
    }

    /** A fact that comes true by and by. */
    suspend fun comes(look: suspend () -> String) {
        var seen = ""
        withTimeoutOrNull(PATIENCE) {
            while (true) {
                seen = look()
                if (seen == next) break
                delay(5.milliseconds)
            }
        }
        write(seen)
    }

    fun end() = assertEquals(lines.size, at, "the story ended before the transcript")
}

private const val BOB = "c2c_bob"
private const val ALICE = "c2c_alice"

/** A device with what it was told. */
private class Player(val client: Whinchat, private val scope: CoroutineScope) {
    var name = ""
    private val told = mutableMapOf<String, Channel<String>>()
    private val following = scope.launch(start = CoroutineStart.UNDISPATCHED) {
        client.events.collect { event -> line(event)?.let { (kind, line) -> ledger(kind).trySend(line) } }
    }
    var list: LiveConversations? = null
    val timelines = mutableMapOf<String, LiveTimeline>()

    private fun ledger(kind: String) = synchronized(told) { told.getOrPut(kind) { Channel(Channel.UNLIMITED) } }

    private fun line(event: Event): Pair<String, String>? = when (event) {
        is Event.MessageReceived -> "received" to "received in ${event.message.conversation}: ${show(event.message)}"
        is Event.EphemeralReceived -> "ephemeral" to "ephemeral in ${event.message.conversation}: ${show(event.message)}"
        is Event.MessageChanged -> "changed" to "changed in ${event.message.conversation}: ${show(event.message)}"
        is Event.ReceiptReceived -> "receipt" to "receipt in ${event.conversation}: up to #${event.seq}"
        is Event.MessagesDeleted -> "deleted" to "deleted in ${event.conversation}: ${event.ids.size} message"
        is Event.Typing ->
            "typing" to "typing in ${event.conversation}: ${event.user} ${if (event.isActive) "begins" else "ends"}"
        else -> null
    }

    suspend fun next(kind: String): String = "$name told ${withTimeoutOrNull(PATIENCE) { ledger(kind).receive() }}"

    /** What came and was not asked for, once nothing can come any more. */
    suspend fun left(): Int {
        following.join()
        return synchronized(told) { told.values.sumOf { ledger -> generateSequence { ledger.tryReceive().getOrNull() }.count() } }
    }

    fun showList(): String {
        val shown = list?.state?.value ?: return "(nothing)"
        return if (shown.isOver) "over" else shown.conversations.joinToString(" | ", transform = ::show).ifEmpty { "(empty)" }
    }

    fun showTimeline(id: String): String {
        val shown = timelines[id]?.state?.value ?: return "(nothing)"
        return if (shown.isOver) "over" else shown.messages.joinToString(" | ", transform = ::show).ifEmpty { "(empty)" }
    }

    fun showConnection(): String = when (client.connection.value) {
        ConnectionState.LoggedOut -> "logged out"
        ConnectionState.Connected -> "connected"
        ConnectionState.Paused -> "paused"
        else -> "offline"
    }

    suspend fun observeList() {
        list = client.conversations.observeIn(scope, 20)
    }

    suspend fun observe(id: String) {
        timelines[id] = client.messages.observeIn(scope, ConversationId(id), TimelineStart.newest(20))
    }

    fun stopObserving() {
        list?.close()
        timelines.values.forEach { it.close() }
        timelines.clear()
    }
}

private fun show(message: Message): String = buildString {
    append("${message.sender} #${message.seq} ")
    append(show(message.elements))
    append(
        when (val state = message.state) {
            MessageState.Pending -> " pending"
            MessageState.Sent -> " sent"
            is MessageState.Failed -> " failed ${state.error.code} ${state.error.name}"
        },
    )
    if (message.isReadByPeer) append(" read")
    message.mentions.forEach { append(" @$it") }
}

private fun show(elements: List<Element>): String = elements.joinToString(" + ") { element ->
    when (element) {
        is Element.Text -> "\"${element.text}\""
        is Element.Custom -> {
            val hex = element.data.array.joinToString("") { "%02x".format(it) }
            "custom $hex \"${element.description}\" \"${element.extension}\""
        }
        is Element.GroupTip -> {
            val kind = element.kind.name.lowercase(Locale.ROOT)
            "tip $kind by ${element.operator}: ${element.members.joinToString(" ")}, ${element.memberCount} in"
        }
        Element.Unknown -> "unknown"
    }
}

private fun show(conversation: Conversation): String = buildString {
    append(conversation.id)
    conversation.group?.let { append(" \"${it.name}\" ${it.memberCount} in") }
    append(", ${conversation.lastMessage?.let { show(it.elements) } ?: "nothing"}, ${conversation.unreadCount} unread")
    if (conversation.hasLeft) append(", left")
}

private class Story(private val server: TestServer, private val script: Script, private val scope: CoroutineScope) {
    private lateinit var alice: Player
    private lateinit var bob: Player

    private suspend fun outcome(work: suspend () -> String): String = try {
        work()
    } catch (error: WhinchatException) {
        "${error.code} ${error.name}"
    }

    private suspend fun does(player: Player, what: String, work: suspend () -> Unit) =
        script.write("${player.name} $what: " + outcome { work(); "ok" })

    private suspend fun readsList(player: Player) = script.write(
        "${player.name} reads the list: " +
            outcome { player.client.conversations.list(20).conversations.joinToString(" | ", transform = ::show) },
    )

    private suspend fun connection(player: Player) =
        script.comes { "${player.name} connection = ${player.showConnection()}" }

    private suspend fun list(player: Player) = script.comes { "${player.name} list = ${player.showList()}" }

    private suspend fun timeline(player: Player, id: String) =
        script.comes { "${player.name} timeline $id = ${player.showTimeline(id)}" }

    private fun user(player: Player) = script.write("${player.name} user = ${player.client.user ?: "nobody"}")

    private suspend fun told(player: Player, kind: String) = script.write(player.next(kind))

    private suspend fun sends(player: Player, id: String, message: NewMessage): SendHandle {
        val handle = player.client.messages.send(ConversationId(id), message)
        script.write("${player.name} sends to $id: ${show(handle.message)}")
        return handle
    }

    private suspend fun settles(player: Player, handle: SendHandle) =
        script.write("${player.name} settled: " + outcome { show(handle.await()) })

    private suspend fun says(player: Player, id: String, text: String) {
        settles(player, sends(player, id, NewMessage.text(text)))
        told(player, "changed")
    }

    private suspend fun page(player: Player, what: String, id: String, from: HistoryFrom): HistoryPage {
        val page = player.client.messages.history(ConversationId(id), 2, from)
        val shown = page.messages.joinToString(" | ", transform = ::show)
        script.write("${player.name} $what of $id = $shown, complete ${page.isComplete}")
        return page
    }

    private suspend fun logsIn(player: Player, user: String) = player.client.login(UserId(user), server.userSig(user))

    suspend fun play() {
        alice = Player(server.client("alice"), scope).apply { name = "alice" }
        bob = Player(server.client("bob"), scope).apply { name = "bob" }
        login()
        observe()
        chat()
        group()
        offline()
        sleep()
        logout()
        switch()
        close()
    }

    private suspend fun login() {
        script.write("[login]")
        readsList(alice)
        does(alice, "logs in with bob's signature") {
            alice.client.login(UserId("alice"), server.userSig("bob"))
        }
        does(alice, "logs in with a malformed signature") { alice.client.login(UserId("alice"), "nonsense") }
        does(alice, "logs in with her signature") { logsIn(alice, "alice") }
        user(alice)
        connection(alice)
        does(bob, "logs in") { logsIn(bob, "bob") }
        connection(bob)
    }

    private suspend fun observe() {
        script.write("[observe lists]")
        alice.observeList()
        alice.observe(BOB)
        list(alice)
        timeline(alice, BOB)
        bob.observeList()
        bob.observe(ALICE)
        list(bob)
        timeline(bob, ALICE)
    }

    private suspend fun chat() {
        script.write("[chat]")
        says(alice, BOB, "hello")
        told(bob, "received")
        timeline(bob, ALICE)
        list(bob)
        script.comes { "bob unread = ${bob.client.conversations.totalUnread()}" }
        does(bob, "marks $ALICE read") { bob.client.conversations.markRead(ConversationId(ALICE)) }
        list(bob)
        told(alice, "receipt")
        timeline(alice, BOB)
        does(bob, "types in $ALICE") { bob.client.conversations.setTyping(ConversationId(ALICE), true) }
        told(alice, "typing")
        says(bob, ALICE, "hello yourself")
        told(alice, "typing")
        told(alice, "received")
        list(alice)
        val knock = alice.client.messages.send(ConversationId(BOB), NewMessage.text("knock") { onlineOnly = true })
        script.write("alice sends online only: ${show(knock.message)}")
        told(bob, "ephemeral")
        val card = NewMessage.custom(byteArrayOf(0, 1, -1), "a card", "v1")
        settles(alice, alice.client.messages.send(ConversationId(BOB), card))
        told(alice, "changed")
        told(bob, "received")
        does(alice, "sends to nowhere") { alice.client.messages.send(ConversationId("nowhere"), "hello") }
        does(alice, "sends \"\" to $BOB") { alice.client.messages.send(ConversationId(BOB), "") }
        does(alice, "sends \"me\" to $ALICE") { alice.client.messages.send(ConversationId(ALICE), "me") }
        val newest = page(alice, "newest 2", BOB, HistoryFrom.Newest)
        page(alice, "older 2", BOB, HistoryFrom.Before(newest.messages.last().id))
    }

    private suspend fun group() {
        script.write("[group]")
        val members = listOf(UserId("bob"), UserId("nobody"))
        suspend fun create() = outcome {
            val team = alice.client.groups.create("The team", members, id = GroupId("team"))
            team.members.joinToString(", ") { "${it.user} ${it.error?.run { "$code $name" } ?: "ok"}" }
        }
        script.write("alice creates team: ${create()}")
        script.write("alice creates team again: ${create()}")
        list(bob)
        val welcome = NewMessage.text("welcome") { mentions += UserId("bob") }
        settles(alice, alice.client.messages.send(ConversationId("group_team"), welcome))
        told(alice, "changed")
        told(alice, "received")
        told(bob, "received")
        told(bob, "received")
        bob.observe("group_team")
        says(bob, "group_team", "thanks")
        told(alice, "received")
        timeline(bob, "group_team")
        does(bob, "quits team") { bob.client.groups.quit(GroupId("team")) }
        told(alice, "received")
        list(alice)
        list(bob)
        says(bob, "group_team", "one last word")
        timeline(bob, "group_team")
    }

    private suspend fun offline() {
        script.write("[offline and back]")
        server.stop()
        connection(alice)
        connection(bob)
        val (there, hello, never) = listOf("are you there?", "hello?", "never mind")
            .map { sends(alice, BOB, NewMessage.text(it)) }
        does(alice, "cancels") { never.cancel() }
        settles(alice, never)
        told(alice, "changed")
        timeline(alice, BOB)
        list(alice)
        page(bob, "newest 2", ALICE, HistoryFrom.Newest)
        server.start()
        for (player in listOf(alice, bob)) {
            player.client.networkChanged()
            connection(player)
        }
        settles(alice, there)
        settles(alice, hello)
        repeat(2) {
            told(alice, "changed")
            told(bob, "received")
        }
        timeline(bob, ALICE)
    }

    private suspend fun sleep() {
        script.write("[sleep]")
        does(bob, "pauses") { bob.client.pause() }
        connection(bob)
        readsList(bob)
        says(alice, BOB, "sleep well")
        does(bob, "resumes") { bob.client.resume() }
        connection(bob)
        told(bob, "received")
        timeline(bob, ALICE)
        val newest = bob.client.messages.history(ConversationId(ALICE), 1).messages.single()
        does(bob, "deletes the newest of $ALICE") {
            bob.client.messages.delete(ConversationId(ALICE), listOf(newest.id))
        }
        told(bob, "deleted")
        timeline(bob, ALICE)
        list(bob)
        timeline(alice, BOB)
    }

    private suspend fun logout() {
        script.write("[log out]")
        does(bob, "logs out") { bob.client.logout() }
        user(bob)
        connection(bob)
        list(bob)
        timeline(bob, ALICE)
        readsList(bob)
        says(alice, BOB, "for bob")
    }

    private suspend fun switch() {
        script.write("[switch account]")
        bob.name = "carol"
        does(bob, "logs in on bob's device") { logsIn(bob, "carol") }
        user(bob)
        bob.observeList()
        list(bob)
        says(alice, "c2c_carol", "for carol")
        told(bob, "received")
        list(bob)
        does(bob, "logs out") { bob.client.logout() }
        bob.name = "bob"
        does(bob, "logs in") { logsIn(bob, "bob") }
        bob.observeList()
        bob.observe(ALICE)
        told(bob, "received")
        list(bob)
        timeline(bob, ALICE)
    }

    private suspend fun close() {
        script.write("[close]")
        for (player in listOf(alice, bob)) {
            player.stopObserving()
            player.client.close()
            readsList(player)
            script.write("${player.name} told ${player.left()} more")
        }
    }
}
