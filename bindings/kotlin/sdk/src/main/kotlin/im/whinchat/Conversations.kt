package im.whinchat

import im.whinchat.internal.Live
import im.whinchat.internal.Numbered
import im.whinchat.internal.Observed
import im.whinchat.internal.call
import im.whinchat.internal.count
import im.whinchat.internal.observedIn
import im.whinchat.internal.opened
import im.whinchat.internal.raw
import im.whinchat.internal.states
import im.whinchat.internal.toConversation
import im.whinchat.internal.toPage
import im.whinchat.internal.toUpdate
import im.whinchat.internal.updates
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.StateFlow
import im.whinchat.ffi.ConversationSubscription as RawList
import im.whinchat.ffi.Conversations as RawConversations

/** The conversations of the user who is logged in. From [Whinchat.conversations]; safe from any thread. */
public class Conversations internal constructor(private val core: RawConversations) {
    /**
     * One page of the list, newest activity first: from the start, or from where another page ended. Local, at once.
     *
     * @param limit how many conversations, 1 to 100.
     * @throws WhinchatException 6014 not logged in, 6017 a limit out of range.
     */
    @JvmOverloads
    public suspend fun list(limit: Int = 50, after: ConversationCursor? = null): ConversationPage =
        call { core.list(after?.raw(), count(limit), null).toPage() }

    /**
     * The newest [limit] conversations, as they stand and then at every change. Nothing happens until it is collected; each
     * collector has a window of its own, which ends with it. A slow collector skips states, never the newest.
     *
     * In a ViewModel: `observe().stateIn(viewModelScope, SharingStarted.WhileSubscribed(5_000), ConversationList.EMPTY)`. For a
     * window that grows while somebody scrolls, take [observeIn].
     *
     * @throws WhinchatException into the collector: 6014 not logged in, 6017 a limit of 0.
     */
    @JvmOverloads
    public fun observe(limit: Int = 50): Flow<ConversationList> =
        changes(limit).states(ConversationList.OVER) { items, hasMore -> ConversationList(items, hasMore) }

    /**
     * The same as [observe], as the single steps from one state to the next: for adapters that move rows themselves. The status
     * says whether the list goes on behind the window.
     */
    @JvmOverloads
    public fun changes(limit: Int = 50): Flow<ListUpdate<Conversation, Boolean>> = updates { open(limit) }

    /**
     * A window on the list that can grow. It shows what is there when this returns, and ends with [scope].
     *
     * @throws WhinchatException 6014 not logged in, 6017 a limit of 0.
     */
    @JvmOverloads
    public suspend fun observeIn(scope: CoroutineScope, limit: Int = 50): LiveConversations {
        val live = open(limit)
        val observed = live.observedIn(scope, ConversationList.EMPTY, ConversationList.OVER) { items, hasMore ->
            ConversationList(items, hasMore)
        }
        return LiveConversations(live.raw, observed)
    }

    private suspend fun open(limit: Int): Live<RawList, Conversation, Boolean> {
        val raw = opened { core.observe(count(limit)) }
        return Live(raw, raw::stop) { taken -> raw.next(taken, null)?.let { Numbered(it.number, it.update.toUpdate()) } }
    }

    /**
     * One conversation; `null` when it is not known on this device.
     *
     * @throws WhinchatException 6014 not logged in, 6004 a malformed id.
     */
    public suspend fun get(id: ConversationId): Conversation? = call { core.get(id.value, null)?.toConversation() }

    /**
     * Marks everything that is in the conversation now as read: here at once, at the server and on other devices as soon as
     * there is a connection.
     *
     * @throws WhinchatException 6014 not logged in, 6022 the disk is full.
     */
    public suspend fun markRead(id: ConversationId): Unit = call { core.markRead(id.value, null) }

    /**
     * Empties a conversation for this user, on all his devices: what is there now, not what comes later. It keeps its place in
     * the list.
     *
     * @throws WhinchatException 6014 not logged in, 6022 the disk is full.
     */
    public suspend fun clearHistory(id: ConversationId): Unit = call { core.clearHistory(id.value, null) }

    /**
     * Tells those who are in the conversation and connected that the user has begun to type, or has stopped. Call it as often
     * as he types: it is said every three seconds at most. Without a connection nobody is told, and that is no error.
     *
     * @throws WhinchatException 6014 not logged in, 6011 to oneself.
     */
    public suspend fun setTyping(id: ConversationId, isTyping: Boolean): Unit =
        call { core.setTyping(id.value, isTyping, null) }

    /**
     * Unread messages over all conversations.
     *
     * @throws WhinchatException 6014 not logged in.
     */
    public suspend fun totalUnread(): Long = call { core.totalUnread(null).toLong() }
}

/** A window on the conversation list that can grow. From [Conversations.observeIn]. */
public class LiveConversations internal constructor(
    private val core: RawList,
    private val observed: Observed<ConversationList>,
) : AutoCloseable {
    /** The list as it stands. */
    public val state: StateFlow<ConversationList> get() = observed.state

    /** Takes in [count] more conversations at the end. */
    public fun grow(count: Int): Unit = observed.wish { core.grow(count(count)) }

    /** Ends it; [state] stays as it is. It does nothing the second time. */
    override fun close(): Unit = observed.close()
}
