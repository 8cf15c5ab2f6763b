package im.whinchat

import im.whinchat.internal.Live
import im.whinchat.internal.call
import im.whinchat.internal.count
import im.whinchat.internal.Numbered
import im.whinchat.internal.Observed
import im.whinchat.internal.observedIn
import im.whinchat.internal.opened
import im.whinchat.internal.raw
import im.whinchat.internal.states
import im.whinchat.internal.toMessage
import im.whinchat.internal.toPage
import im.whinchat.internal.toUpdate
import im.whinchat.internal.updates
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.StateFlow
import im.whinchat.ffi.Messages as RawMessages
import im.whinchat.ffi.TimelineSubscription as RawTimeline

/** Sending and reading messages of the user who is logged in. From [Whinchat.messages]; safe from any thread. */
public class Messages internal constructor(private val core: RawMessages) {
    /**
     * Sends a text. See the other [send].
     */
    public suspend fun send(to: ConversationId, text: String): SendHandle = send(to, NewMessage.text(text))

    /**
     * Puts a message into the outbox of this device, safely. When this returns, the message will reach the server: once, in
     * order, over lost connections and restarts. No connection is needed. [SendHandle.await] tells when it is there; cancelling
     * the coroutine that waits does not take the message back, [SendHandle.cancel] does.
     *
     * @throws WhinchatException 6014 not logged in, 6017 empty or a wrong parameter, 6016 an element that only servers write, 6011
     * to oneself, 6004 a malformed conversation id, 8001 too large, 6022 the disk is full; for online-only messages also 9508 no
     * connection, and what the server says.
     */
    public suspend fun send(to: ConversationId, message: NewMessage): SendHandle =
        call { SendHandle(core.send(to.value, message.raw(), null)) }

    /**
     * Sends a failed message again, under the same id, at the end of its conversation.
     *
     * @throws WhinchatException 6014 not logged in, 7011 no such message, 7014 it has not failed, 6022 the disk is full.
     */
    public suspend fun retry(id: MessageId): SendHandle = call { SendHandle(core.retry(id.value, null)) }

    /**
     * Takes a message back that has not reached the server; it then stands as failed with 8021. If it may have been on its way
     * already, this waits until the server has said whether it came too late.
     *
     * @throws WhinchatException 8020 it has reached the server, 7011 no such message, 6014 not logged in.
     */
    public suspend fun cancel(id: MessageId): Unit = call { core.cancelSend(id.value, null) }

    /**
     * Deletes messages of one conversation for this user, on all his devices; for others nothing changes. It works offline.
     *
     * @throws WhinchatException 6014 not logged in, 6017 none or more than 50 named, or of another conversation, 7011 no such
     * message, 6022 the disk is full. Nothing was deleted then.
     */
    public suspend fun delete(conversation: ConversationId, ids: List<MessageId>): Unit =
        call { core.delete(conversation.value, ids.map(MessageId::value), null) }

    /**
     * A message by its id; `null` when it is not on this device.
     *
     * @throws WhinchatException 6014 not logged in, 6019 the local database failed.
     */
    public suspend fun get(id: MessageId): Message? = call { core.get(id.value, null)?.toMessage() }

    /**
     * One page of a conversation's messages, with what waits to be sent. What is not on this device is fetched; without a
     * connection the page ends before it and is not [complete][HistoryPage.isComplete].
     *
     * @param limit how many messages, 1 to 100.
     * @throws WhinchatException 6014 not logged in, 6017 a limit out of range or an unknown message to start from.
     */
    @JvmOverloads
    public suspend fun history(
        conversation: ConversationId,
        limit: Int = 20,
        from: HistoryFrom = HistoryFrom.Newest,
    ): HistoryPage = call { core.history(conversation.value, from.raw(), count(limit), null).toPage() }

    /**
     * Messages of a conversation, as they stand and then at every change. Nothing happens until it is collected; each collector
     * has a window of its own, which ends with it. A slow collector skips states, never the newest.
     *
     * In a ViewModel: `observe(bob).stateIn(viewModelScope, SharingStarted.WhileSubscribed(5_000), Timeline.EMPTY)`. For a window
     * that grows while somebody scrolls, take [observeIn].
     *
     * @throws WhinchatException into the collector: 6014 not logged in, 6017 an empty window or an unknown message to start from.
     */
    @JvmOverloads
    public fun observe(
        conversation: ConversationId,
        start: TimelineStart = TimelineStart.Newest(DEFAULT_WINDOW),
    ): Flow<Timeline> = changes(conversation, start).states(Timeline.OVER, ::Timeline)

    /** The same as [observe], as the single steps from one state to the next: for adapters that move rows themselves. */
    @JvmOverloads
    public fun changes(
        conversation: ConversationId,
        start: TimelineStart = TimelineStart.Newest(DEFAULT_WINDOW),
    ): Flow<ListUpdate<Message, TimelineStatus>> = updates { open(conversation, start) }

    /**
     * A window on a conversation's messages that can grow. It shows what is there when this returns, and ends with [scope].
     *
     * @throws WhinchatException 6014 not logged in, 6017 an empty window or an unknown message to start from.
     */
    @JvmOverloads
    public suspend fun observeIn(
        scope: CoroutineScope,
        conversation: ConversationId,
        start: TimelineStart = TimelineStart.Newest(DEFAULT_WINDOW),
    ): LiveTimeline {
        val live = open(conversation, start)
        return LiveTimeline(live.raw, live.observedIn(scope, Timeline.EMPTY, Timeline.OVER, ::Timeline))
    }

    private suspend fun open(
        conversation: ConversationId,
        start: TimelineStart,
    ): Live<RawTimeline, Message, TimelineStatus> {
        val raw = opened { core.observe(conversation.value, start.raw(), null) }
        return Live(raw, raw::stop) { taken -> raw.next(taken, null)?.let { Numbered(it.number, it.update.toUpdate()) } }
    }

    private companion object {
        private const val DEFAULT_WINDOW = 30
    }
}

/** A window on a conversation's messages that can grow. From [Messages.observeIn]. */
public class LiveTimeline internal constructor(
    private val core: RawTimeline,
    private val observed: Observed<Timeline>,
) : AutoCloseable {
    /** The messages as they stand. */
    public val state: StateFlow<Timeline> get() = observed.state

    /** Takes in [count] more messages at the older end. What has to be fetched follows by itself. */
    public fun growOlder(count: Int): Unit = observed.wish { core.growOlder(count(count)) }

    /** Takes in [count] more messages at the newer end. A window that has reached the newest message stays there. */
    public fun growNewer(count: Int): Unit = observed.wish { core.growNewer(count(count)) }

    /** Leaves this place for the newest messages. */
    public fun showNewest(): Unit = observed.wish { core.newest() }

    /** Ends it; [state] stays as it is. It does nothing the second time. */
    override fun close(): Unit = observed.close()
}
