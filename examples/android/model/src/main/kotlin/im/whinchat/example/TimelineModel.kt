package im.whinchat.example

import im.whinchat.ConversationId
import im.whinchat.LiveTimeline
import im.whinchat.Message
import im.whinchat.Timeline
import im.whinchat.Whinchat
import im.whinchat.WhinchatException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch

/** A conversation on the screen. */
class TimelineModel internal constructor(
    private val chat: Whinchat,
    val conversation: ConversationId,
    private val scope: CoroutineScope,
    private val said: MutableStateFlow<String?>,
) {
    private val shown = MutableStateFlow(Timeline.EMPTY)
    private val written = MutableStateFlow("")
    private var live: LiveTimeline? = null

    /** Its newest messages, oldest first, and whether there are older ones. */
    val timeline: StateFlow<Timeline> = shown.asStateFlow()

    /** What is being written. */
    val draft: StateFlow<String> = written.asStateFlow()

    init {
        trying {
            val live = chat.messages.observeIn(scope, conversation).also { live = it }
            live.state.collect { timeline ->
                shown.value = timeline
                if (!timeline.isOver) chat.conversations.markRead(conversation)
            }
        }
    }

    /** Somebody types. */
    fun write(text: String) {
        written.value = text
    }

    /** Sends what was written. It is safe on the phone when the job ends, and goes out when there is a connection. */
    fun send(): Job = trying {
        val text = written.value.trim()
        if (text.isEmpty()) return@trying
        written.value = ""
        try {
            chat.messages.send(conversation, text)
        } catch (error: WhinchatException) {
            written.value = text
            throw error
        }
    }

    /** Sends a message that failed again. */
    fun retry(message: Message): Job = trying { chat.messages.retry(message.id) }

    /** Shows older messages too. */
    fun loadOlder() {
        live?.growOlder(30)
    }

    private fun trying(work: suspend () -> Unit): Job = scope.launch {
        try {
            work()
        } catch (error: WhinchatException) {
            said.value = error.message
        }
    }
}
