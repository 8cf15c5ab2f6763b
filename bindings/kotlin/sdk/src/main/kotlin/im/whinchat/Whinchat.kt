package im.whinchat

import im.whinchat.internal.LOG
import im.whinchat.internal.Library
import im.whinchat.internal.Numbered
import im.whinchat.internal.call
import im.whinchat.internal.closed
import im.whinchat.internal.follow
import im.whinchat.internal.opened
import im.whinchat.internal.raw
import im.whinchat.internal.toEvent
import im.whinchat.internal.toState
import im.whinchat.internal.translating
import kotlinx.coroutines.CoroutineExceptionHandler
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.emitAll
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import java.io.File
import java.util.concurrent.atomic.AtomicBoolean
import java.util.logging.Level
import im.whinchat.ffi.Client as RawClient
import im.whinchat.ffi.EventSubscription as RawEvents

/**
 * A chat client: one device, one user at a time. Make one, keep it for as long as the app lives, and [close] it in the end.
 *
 * ```kotlin
 * val chat = Whinchat("ws://127.0.0.1:4600", appId = 1400000001, dataDir = File("alice"))
 * chat.login(UserId("alice"), userSig)
 * chat.messages.send(ConversationId.of(UserId("bob")), "hello").await()
 * ```
 *
 * Everything in it is safe from any thread, and every `suspend` function may be called from the main thread. What a user had on
 * this device is there again as soon as a login has begun, with or without a network.
 */
public class Whinchat private constructor(private val core: RawClient) {
    private val isClosed = AtomicBoolean(false)

    /** Ends with the client. What fails in here is a fault of ours: it is logged and takes nothing else with it. */
    internal val scope = CoroutineScope(
        SupervisorJob() + Dispatchers.Default + CoroutineName("whinchat") +
            CoroutineExceptionHandler { _, error -> LOG.log(Level.SEVERE, "a fault in the client", error) },
    )

    private val rawMessages = core.messages()
    private val rawConversations = core.conversations()
    private val rawGroups = core.groups()

    /** Sending and reading messages. */
    public val messages: Messages = Messages(rawMessages)

    /** The conversation list. */
    public val conversations: Conversations = Conversations(rawConversations)

    /** Groups. */
    public val groups: Groups = Groups(rawGroups)

    /** This installation's id. */
    public val deviceId: String = core.deviceId()

    /**
     * Everything that happens from the moment in which the collector begins: begin before [login] to miss nothing. Each
     * collector is told everything, in order, and at its own pace: for a slow one, changes of the same thing are merged and
     * messages wait on the disk, so that it costs no memory. It ends when the client is closed.
     *
     * Messages that were not given out when the process was killed come again after the next login.
     *
     * @throws WhinchatException into the collector: 6013 the client was closed before.
     */
    public val events: Flow<Event> = flow { emitAll(follow(subscribe())) }

    /** The events from this call on, for one collector. */
    internal fun eventsFromNow(): Flow<Event> = follow(subscribe())

    private fun follow(subscription: RawEvents): Flow<Event> = flow {
        subscription.use {
            subscription.forEachBatch { for (event in it) emit(event) }
        }
    }

    /** Whether the server can be reached. Reading its value is cheap at any time. */
    public val connection: StateFlow<ConnectionState> by lazy(::followConnection)

    /** Who is logged in, or logging in with what is on this device; `null` for nobody. */
    public val user: UserId?
        get() = whileOpen(null) { core.user()?.let(::UserId) }

    /** Whether the server has accepted this login, now or earlier: `false` while a login without a network waits. */
    public val isAccepted: Boolean
        get() = whileOpen(false) { core.isAccepted() }

    /** Whether everything that was sent has reached the server or failed for good. `true` when nobody is logged in. */
    public val isDrained: Boolean
        get() = whileOpen(true) { core.isDrained() }

    /** How often the server was asked whether the connection lives, and how often it answered, since the client was made. */
    public val heartbeats: Heartbeats
        get() = whileOpen(Heartbeats(0, 0)) { core.heartbeats().let { Heartbeats(it.asked.toLong(), it.answered.toLong()) } }

    /** The server's time, estimated, in milliseconds since the epoch; `null` before the first connection of this login. */
    public val serverTimeMillis: Long?
        get() = whileOpen(null) { core.serverTimeMs() }

    /**
     * Logs a user in with a signature (UserSig) that your backend made. Who was logged in on this device before can read and
     * send at once, before this returns and without a network; this returns when the server has accepted, however long that
     * takes. On a first login without a network it fails. Cancelling the wait does not end the login: [logout] does.
     *
     * A server for development may sign by itself and takes an empty signature.
     *
     * @throws WhinchatException 6013 the client is closed, 7003 a malformed user id, 7501 a login runs, 7014 another user is
     * logged in or the client sleeps, 6023 logged out meanwhile, 70001 to 70052 and 6206 what is wrong with the signature, 6208
     * displaced by another device, 9510 to 9517 no network, 6005, 6019, 6022 the local database.
     */
    public suspend fun login(user: UserId, userSig: String): Unit = call { core.login(user.value, userSig, null) }

    /**
     * [login] in two steps: when this returns, what is on this device can be read and messages can be sent; [LoginAttempt.await]
     * returns when the server has accepted.
     *
     * @throws WhinchatException as [login].
     */
    public suspend fun beginLogin(user: UserId, userSig: String): LoginAttempt =
        LoginAttempt(opened { core.beginLogin(user.value, userSig, null) })

    /**
     * Puts a fresh signature in the place of the one that the user is logged in with, without a new connection; a good moment is
     * [Event.LoginExpiring]. If the server refuses it, the old one stays.
     *
     * @throws WhinchatException 6014 not logged in, 7014 the client sleeps, 70001 to 70052 and 6206 what is wrong with it.
     */
    public suspend fun renew(userSig: String): Unit = call { core.renew(userSig, null) }

    /** Logs out: nothing arrives any more; what is on this device stays. Succeeds when nobody is logged in. */
    public suspend fun logout(): Unit = call { core.logout(null) }

    /**
     * Puts the client to sleep, for an app that is about to be suspended: when this returns, no connection, open file or lock is
     * left. Until [resume], calls fail with 7014. Takes at most [WhinchatConfig.drainTime] and two seconds.
     *
     * @throws WhinchatException 6013 the client is closed.
     */
    public suspend fun pause(): Unit = call { core.pause(null) }

    /**
     * Wakes the client. Returns once what is on this device can be used; no network is needed.
     *
     * @throws WhinchatException 6005 another process uses the folder, 6019, 6022 the local database: the client then goes on
     * sleeping. 6013 the client is closed.
     */
    public suspend fun resume(): Unit = call { core.resume(null) }

    /**
     * Tells whether somebody looks at the app; a new client takes it that somebody does. In the background a lost connection is
     * tried again less often, and a quiet one is asked less often whether it lives.
     */
    public fun setForeground(isForeground: Boolean): Unit = whileOpen(Unit) { core.setForeground(isForeground) }

    /** Tells that the device may be on another network: a waiting client tries at once, once. */
    public fun networkChanged(): Unit = whileOpen(Unit) { core.networkChanged() }

    /**
     * Closes the client: writes what waits, gives its folder back and ends every flow that came from it. What was not sent yet
     * goes out after the next login. Later calls fail with 6013. It does nothing the second time.
     */
    public suspend fun close() {
        if (!isClosed.compareAndSet(false, true)) return
        // To its end, whoever waits for it: the folder has to be free for the next client.
        withContext(NonCancellable) {
            try {
                call { core.shutdown(null) }
            } finally {
                scope.cancel()
                rawGroups.close()
                rawConversations.close()
                rawMessages.close()
                core.close()
            }
        }
    }

    private fun subscribe(): RawEvents {
        if (isClosed.get()) throw closed()
        return translating { core.events() }
    }

    private fun followConnection(): StateFlow<ConnectionState> {
        val state = MutableStateFlow<ConnectionState>(ConnectionState.LoggedOut)
        // Before the state is read, so that no change falls in between.
        val subscription = whileOpen(null) { core.events() } ?: return state.asStateFlow()
        state.value = whileOpen(ConnectionState.LoggedOut) { core.connection().toState() }
        val following = scope.launch {
            subscription.forEachBatch { batch ->
                for (event in batch) if (event is Event.ConnectionChanged) state.value = event.state
            }
        }
        following.invokeOnCompletion {
            subscription.close()
            state.value = ConnectionState.LoggedOut
        }
        return state.asStateFlow()
    }

    /** What does not wait: a closed client has nothing to say, and a race with [close] is no fault of the caller. */
    private inline fun <T> whileOpen(otherwise: T, look: () -> T): T {
        if (isClosed.get()) return otherwise
        return try {
            translating(look)
        } catch (error: WhinchatException) {
            if (isClosed.get()) otherwise else throw error
        }
    }

    override fun toString(): String = "Whinchat(user=$user)"

    public companion object {
        /** The version of this library, such as `0.1.0`. */
        @JvmStatic
        public val version: String
            get() {
                Library.require()
                return translating { im.whinchat.ffi.version() }
            }

        /**
         * Makes a client and takes its folder. No network is needed. It touches the disk: not for the main thread of an app that
         * counts milliseconds.
         *
         * @param server the server's address: `ws://host:port`, for development, or `wss://host:port`.
         * @param appId the app id that the server serves.
         * @param dataDir the folder for this device's data; made if it is not there. One client at a time uses it.
         * @throws WhinchatException 6017 a setting is missing or wrong (the message names it), 6022 the folder cannot be
         * written, 6005 another client or process uses the folder, 7013 something is not built in, or the library in the app is
         * of another version.
         */
        @JvmSynthetic
        public operator fun invoke(
            server: String,
            appId: Long,
            dataDir: File,
            configure: WhinchatConfig.Builder.() -> Unit = {},
        ): Whinchat = open(WhinchatConfig.Builder(server, appId, dataDir).apply(configure).build())

        /**
         * Makes a client with settings that were made before; from Java, this is the way.
         *
         * @throws WhinchatException as above.
         */
        @JvmStatic
        public fun open(config: WhinchatConfig): Whinchat {
            Library.require()
            val core = translating { RawClient(config.raw()) }
            config.logSink?.let { sink -> core.log()?.let { follow(it, sink) } }
            return Whinchat(core)
        }
    }
}

/** A login whose data on this device is open. From [Whinchat.beginLogin]. Another login can begin when this one has ended. */
public class LoginAttempt internal constructor(private val core: im.whinchat.ffi.LoginAttempt) {
    /**
     * Waits until the server has accepted. Cancelling the wait does not end the login.
     *
     * @throws WhinchatException as [Whinchat.login].
     */
    public suspend fun await(): Unit = call { core.accepted(null) }
}

/**
 * Runs [block] with this client and closes it, however [block] ends.
 */
public suspend inline fun <R> Whinchat.use(block: (Whinchat) -> R): R {
    try {
        return block(this)
    } finally {
        close()
    }
}

/** Batch by batch, until there is nothing more. Its number says in the next question that a batch was taken. */
private suspend inline fun RawEvents.forEachBatch(take: (List<Event>) -> Unit) {
    var taken = 0uL
    while (true) {
        val batch = call { next(taken, BATCH, null)?.let { Numbered(it.number, it.events.map { event -> event.toEvent() }) } }
            ?: break
        take(batch.value)
        taken = batch.number
    }
}

/** Most events that are fetched at once. */
private const val BATCH = 256u
