package im.whinchat.example

import im.whinchat.ConnectionState
import im.whinchat.Conversation
import im.whinchat.ConversationId
import im.whinchat.Event
import im.whinchat.UserId
import im.whinchat.Whinchat
import im.whinchat.WhinchatException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.catch
import kotlinx.coroutines.flow.emptyFlow
import kotlinx.coroutines.flow.flatMapLatest
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.launch

/**
 * The app: who is signed in, the connection, the conversations. It knows nothing of Android, so that it is tested without one.
 *
 * @param chat lives as long as the app.
 * @param scope ends with the screen that shows this.
 */
class ChatModel(private val chat: Whinchat, private val scope: CoroutineScope) {
    private val signedIn = MutableStateFlow(chat.user)
    private val busy = MutableStateFlow(false)
    private val said = MutableStateFlow<String?>(null)

    /** Who is signed in; `null` shows the sign-in. */
    val user: StateFlow<UserId?> = signedIn.asStateFlow()

    /** A sign-in or sign-out runs. */
    val isBusy: StateFlow<Boolean> = busy.asStateFlow()

    /** What went wrong last, in a sentence. */
    val problem: StateFlow<String?> = said.asStateFlow()

    /** Whether the server can be reached. */
    val connection: StateFlow<ConnectionState> = chat.connection

    /** Newest activity first. */
    @OptIn(ExperimentalCoroutinesApi::class)
    val conversations: StateFlow<List<Conversation>> = user
        .flatMapLatest { user ->
            if (user == null) emptyFlow() else chat.conversations.observe(limit = 100).map { it.conversations }.catch { say(it) }
        }
        .stateIn(scope, SharingStarted.WhileSubscribed(stopTimeoutMillis = 5_000), emptyList())

    init {
        scope.launch {
            chat.events.collect { event ->
                when (event) {
                    is Event.KickedOffline -> signedOut(event.error.message)
                    is Event.LoginExpired -> signedOut(event.error.message)
                    else -> Unit
                }
            }
        }
    }

    /** Signs in. What an earlier sign-in left on this phone can be used at once, also without a network. */
    fun signIn(name: String, signature: String): Job = trying {
        busy.value = true
        try {
            val login = chat.beginLogin(UserId(name), signature)
            // Somebody who was here before does not wait for the server.
            if (chat.conversations.list(limit = 1).conversations.isNotEmpty()) signedIn.value = chat.user
            login.await()
        } finally {
            busy.value = false
            signedIn.value = chat.user
        }
    }

    /** Signs out. Everything stays on the phone for the next time. */
    fun signOut(): Job = trying {
        busy.value = true
        try {
            chat.logout()
        } finally {
            busy.value = false
            signedIn.value = chat.user
        }
    }

    /** A conversation to show for as long as [scope] lives. */
    fun timeline(conversation: ConversationId, scope: CoroutineScope): TimelineModel =
        TimelineModel(chat, conversation, scope, said)

    /** The sentence was read. */
    fun problemWasRead() {
        said.value = null
    }

    private fun say(error: Throwable) {
        if (error !is WhinchatException) throw error
        said.value = error.message
    }

    private fun signedOut(why: String) {
        signedIn.value = null
        said.value = why
    }

    private fun trying(work: suspend () -> Unit): Job = scope.launch {
        try {
            work()
        } catch (error: WhinchatException) {
            say(error)
        }
    }
}
