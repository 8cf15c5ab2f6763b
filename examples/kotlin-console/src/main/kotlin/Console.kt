package console

import im.whinchat.Conversation
import im.whinchat.ConversationId
import im.whinchat.Element
import im.whinchat.Event
import im.whinchat.GroupId
import im.whinchat.Message
import im.whinchat.MessageState
import im.whinchat.UserId
import im.whinchat.Whinchat
import im.whinchat.WhinchatException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.launchIn
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.launch
import kotlinx.coroutines.runInterruptible
import java.io.BufferedReader
import java.time.Instant
import java.time.ZoneId
import java.time.format.DateTimeFormatter

/** Lines in, lines out: what is typed goes to the conversation that is open, what begins with a slash is a command. */
class Console(private val client: Whinchat, private val input: BufferedReader, private val show: (String) -> Unit) {
    private var open: ConversationId? = null

    suspend fun run(user: String, userSig: String): Unit = coroutineScope {
        // Before the login, so that nothing is missed.
        val listening = launch(start = CoroutineStart.UNDISPATCHED) { client.events.collect(::told) }
        val connecting = client.connection.onEach { show("- ${describe(it)}") }.launchIn(this)
        val login = client.beginLogin(UserId(user), userSig)
        // Who was here before need not wait for the server: what he writes is kept, and goes out when there is a connection.
        if (client.conversations.list(limit = 1).conversations.isEmpty()) login.await()
        val accepting = launch {
            try {
                login.await()
            } catch (e: WhinchatException) {
                show("! ${e.message}")
            }
        }
        show("- hello, $user. /help says what can be done here")
        try {
            while (true) {
                val line = runInterruptible(Dispatchers.IO) { input.readLine() }?.trim() ?: break
                if (line == "/quit") break
                try {
                    obey(line)
                } catch (e: WhinchatException) {
                    show("! ${e.message}")
                }
            }
        } finally {
            listening.cancel()
            connecting.cancel()
            accepting.cancel()
        }
    }

    private suspend fun CoroutineScope.obey(line: String) {
        val words = line.split(' ').filter { it.isNotEmpty() }
        when (words.firstOrNull()) {
            null -> Unit
            "/help" -> show("/list  /to USER  /group NAME USER ...  /in GROUP  /leave  /history [N]  /quit")
            "/list" -> client.conversations.list().conversations.forEach { show(describe(it)) }
            "/to" -> enter(ConversationId.of(UserId(words.getOrElse(1) { "" })))
            "/in" -> enter(ConversationId.of(GroupId(words.getOrElse(1) { "" })))
            "/group" -> {
                val group = client.groups.create(words.getOrElse(1) { "" }, words.drop(2).map(::UserId))
                group.members.forEach { member -> member.error?.let { show("! ${member.user}: ${it.message}") } }
                enter(group.conversation)
            }
            "/leave" -> open?.group?.let { client.groups.quit(it) } ?: show("! no group is open")
            "/history" -> history(words.getOrNull(1)?.toIntOrNull() ?: 20)
            else -> if (line.startsWith("/")) show("! no such command; /help") else say(line)
        }
    }

    private suspend fun enter(conversation: ConversationId) {
        client.conversations.get(conversation)
        open = conversation
        show("- in $conversation")
        history(10)
        client.conversations.markRead(conversation)
    }

    private suspend fun history(count: Int) {
        val conversation = open ?: return show("! nothing is open; /to USER")
        client.messages.history(conversation, count).messages.asReversed().forEach { show(describe(it)) }
    }

    private suspend fun CoroutineScope.say(text: String) {
        val conversation = open ?: return show("! nothing is open; /to USER")
        val handle = client.messages.send(conversation, text)
        // It is safe from here on. Whoever types on need not wait for the server.
        launch {
            try {
                show(describe(handle.await()))
            } catch (e: WhinchatException) {
                show("! \"$text\" was not sent: ${e.message}")
            }
        }
    }

    private suspend fun told(event: Event) {
        when (event) {
            is Event.MessageReceived -> {
                show(describe(event.message))
                if (event.message.conversation == open) client.conversations.markRead(event.message.conversation)
            }
            is Event.EphemeralReceived -> show(describe(event.message))
            is Event.Typing -> if (event.isActive && event.conversation == open) show("- ${event.user} is typing ...")
            is Event.KickedOffline -> show("! logged out: ${event.error.message}")
            is Event.LoginExpired -> show("! logged out: ${event.error.message}")
            else -> Unit
        }
    }
}

private val TIME = DateTimeFormatter.ofPattern("HH:mm").withZone(ZoneId.systemDefault())

internal fun describe(message: Message): String = buildString {
    append(TIME.format(Instant.ofEpochMilli(message.timeMillis)))
    append("  ").append(message.conversation).append("  ").append(message.sender).append(": ")
    append(message.elements.joinToString(" ", transform = ::describe))
    append(
        when (message.state) {
            MessageState.Pending -> "  (waiting)"
            is MessageState.Failed -> "  (not sent)"
            MessageState.Sent -> if (message.isReadByPeer) "  (read)" else ""
        },
    )
}

private fun describe(element: Element): String = when (element) {
    is Element.Text -> element.text
    is Element.Custom -> "[${element.description.ifEmpty { "${element.data.size} bytes" }}]"
    is Element.GroupTip -> "${element.kind.name.lowercase()} by ${element.operator}: ${element.members.joinToString(" ")}"
    Element.Unknown -> "[something newer]"
}

internal fun describe(conversation: Conversation): String = buildString {
    append(conversation.id)
    conversation.group?.let { append(" \"${it.name}\" (${it.memberCount})") }
    if (conversation.unreadCount > 0) append("  ${conversation.unreadCount} unread")
    conversation.lastMessage?.let { append("  ").append(it.elements.joinToString(" ", transform = ::describe)) }
}
