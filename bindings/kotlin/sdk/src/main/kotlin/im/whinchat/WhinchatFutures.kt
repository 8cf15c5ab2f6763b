package im.whinchat

import im.whinchat.internal.LOG
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.future.future
import kotlinx.coroutines.launch
import java.util.concurrent.CompletableFuture
import java.util.concurrent.Executor
import java.util.function.Consumer
import java.util.logging.Level

/**
 * A client for code without coroutines: every `suspend` function as a [CompletableFuture], every flow as a listener.
 *
 * ```java
 * Whinchat client = Whinchat.open(new WhinchatConfig.Builder("ws://127.0.0.1:4600", 1400000001L, folder).build());
 * WhinchatFutures chat = WhinchatFutures.of(client);
 * chat.onEvent(executor, event -> { ... });
 * chat.login(new UserId("alice"), userSig)
 *     .thenCompose(done -> chat.send(ConversationId.of(new UserId("bob")), "hello"))
 *     .thenCompose(chat::stored);
 * ```
 *
 * A future fails with the [WhinchatException] that the function throws (`join` wraps it in a `CompletionException`). Cancelling
 * a future ends the wait and undoes nothing.
 */
public class WhinchatFutures private constructor(
    /** The client itself, for what does not wait. */
    public val client: Whinchat,
) {
    /** Not the client's own: what still waits when that is closed is told so by the call itself. */
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)

    private inline fun run(crossinline work: suspend () -> Unit): CompletableFuture<Void?> = scope.future {
        work()
        null
    }

    private inline fun <T> get(crossinline work: suspend () -> T): CompletableFuture<T> = scope.future { work() }

    /** As [Whinchat.login]. */
    public fun login(user: UserId, userSig: String): CompletableFuture<Void?> = run { client.login(user, userSig) }

    /** As [Whinchat.renew]. */
    public fun renew(userSig: String): CompletableFuture<Void?> = run { client.renew(userSig) }

    /** As [Whinchat.logout]. */
    public fun logout(): CompletableFuture<Void?> = run { client.logout() }

    /** As [Whinchat.pause]. */
    public fun pause(): CompletableFuture<Void?> = run { client.pause() }

    /** As [Whinchat.resume]. */
    public fun resume(): CompletableFuture<Void?> = run { client.resume() }

    /** As [Whinchat.close]. */
    public fun close(): CompletableFuture<Void?> = run { client.close() }

    /** As [Messages.send]. */
    public fun send(to: ConversationId, text: String): CompletableFuture<SendHandle> =
        get { client.messages.send(to, text) }

    /** As [Messages.send]. */
    public fun send(to: ConversationId, message: NewMessage): CompletableFuture<SendHandle> =
        get { client.messages.send(to, message) }

    /** As [SendHandle.await]: the message once the server has it. */
    public fun stored(handle: SendHandle): CompletableFuture<Message> = get { handle.await() }

    /** As [Messages.retry]. */
    public fun retry(id: MessageId): CompletableFuture<SendHandle> = get { client.messages.retry(id) }

    /** As [Messages.cancel]. */
    public fun cancel(id: MessageId): CompletableFuture<Void?> = run { client.messages.cancel(id) }

    /** As [Messages.delete]. */
    public fun delete(conversation: ConversationId, ids: List<MessageId>): CompletableFuture<Void?> =
        run { client.messages.delete(conversation, ids) }

    /** As [Messages.get]; `null` when it is not on this device. */
    public fun message(id: MessageId): CompletableFuture<Message?> = get { client.messages.get(id) }

    /** As [Messages.history]. */
    @JvmOverloads
    public fun history(
        conversation: ConversationId,
        limit: Int = 20,
        from: HistoryFrom = HistoryFrom.Newest,
    ): CompletableFuture<HistoryPage> = get { client.messages.history(conversation, limit, from) }

    /** As [Conversations.list]. */
    @JvmOverloads
    public fun conversations(limit: Int = 50, after: ConversationCursor? = null): CompletableFuture<ConversationPage> =
        get { client.conversations.list(limit, after) }

    /** As [Conversations.get]; `null` when it is not known on this device. */
    public fun conversation(id: ConversationId): CompletableFuture<Conversation?> = get { client.conversations.get(id) }

    /** As [Conversations.markRead]. */
    public fun markRead(id: ConversationId): CompletableFuture<Void?> = run { client.conversations.markRead(id) }

    /** As [Conversations.clearHistory]. */
    public fun clearHistory(id: ConversationId): CompletableFuture<Void?> = run { client.conversations.clearHistory(id) }

    /** As [Conversations.setTyping]. */
    public fun setTyping(id: ConversationId, isTyping: Boolean): CompletableFuture<Void?> =
        run { client.conversations.setTyping(id, isTyping) }

    /** As [Conversations.totalUnread]. */
    public fun totalUnread(): CompletableFuture<Long> = get { client.conversations.totalUnread() }

    /** As [Groups.create]. */
    @JvmOverloads
    public fun createGroup(
        name: String,
        members: List<UserId> = emptyList(),
        kind: GroupKind = GroupKind.WORK,
        id: GroupId? = null,
    ): CompletableFuture<CreatedGroup> = get { client.groups.create(name, members, kind, id) }

    /** As [Groups.invite]. */
    public fun invite(group: GroupId, users: List<UserId>): CompletableFuture<List<MemberResult>> =
        get { client.groups.invite(group, users) }

    /** As [Groups.quit]. */
    public fun quitGroup(group: GroupId): CompletableFuture<Void?> = run { client.groups.quit(group) }

    /** Tells [listener] of every event from now on, as [Whinchat.events], on [executor], one after the other. */
    public fun onEvent(executor: Executor, listener: Consumer<Event>): Subscription =
        listen(client.eventsFromNow(), executor, listener)

    /** Tells [listener] how the connection stands, now and at every change, on [executor]. */
    public fun onConnection(executor: Executor, listener: Consumer<ConnectionState>): Subscription =
        listen(client.connection, executor, listener)

    /** Tells [listener] the newest [limit] conversations, now and at every change, as [Conversations.observe]. */
    public fun onConversations(limit: Int, executor: Executor, listener: Consumer<ConversationList>): Subscription =
        listen(client.conversations.observe(limit), executor, listener)

    /** Tells [listener] the messages of a conversation, now and at every change, as [Messages.observe]. */
    public fun onMessages(
        conversation: ConversationId,
        start: TimelineStart,
        executor: Executor,
        listener: Consumer<Timeline>,
    ): Subscription = listen(client.messages.observe(conversation, start), executor, listener)

    private fun <T> listen(flow: Flow<T>, executor: Executor, listener: Consumer<T>): Subscription {
        val ended = CompletableFuture<Void?>()
        val job = scope.launch(executor.asCoroutineDispatcher()) {
            try {
                flow.collect { value ->
                    try {
                        listener.accept(value)
                    } catch (error: Exception) {
                        // Of the app: it misses this one and is told the next.
                        LOG.log(Level.SEVERE, "a listener threw", error)
                    }
                }
                ended.complete(null)
            } catch (error: CancellationException) {
                throw error
            } catch (error: Exception) {
                ended.completeExceptionally(error)
            }
        }
        job.invokeOnCompletion { ended.complete(null) }
        return Subscription(ended, job::cancel)
    }

    /** A listener that is being told something. */
    public class Subscription internal constructor(
        /**
         * Completes when the listener is told nothing more: after [close], and when the client was closed or the user logged
         * out; exceptionally, with a [WhinchatException], when it could not begin.
         */
        public val ended: CompletableFuture<Void?>,
        private val stop: () -> Unit,
    ) : AutoCloseable {
        /** Stops telling. What is being told at this moment is told to its end. */
        override fun close(): Unit = stop()
    }

    public companion object {
        /** The futures of a client. */
        @JvmStatic
        public fun of(client: Whinchat): WhinchatFutures = WhinchatFutures(client)
    }
}
