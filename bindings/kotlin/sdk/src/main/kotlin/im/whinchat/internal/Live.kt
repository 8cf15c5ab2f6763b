package im.whinchat.internal

import im.whinchat.ListUpdate
import im.whinchat.applySteps
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.launch
import java.util.concurrent.atomic.AtomicBoolean
import java.util.logging.Level

/** What came with its number, which says in the next question that it has arrived. */
internal class Numbered<out V>(val number: ULong, val value: V)

/** A subscription of the core: what it shows is asked for, update by update. */
internal class Live<out R : AutoCloseable, out T, out S>(
    val raw: R,
    private val stop: () -> Unit,
    private val pull: suspend (taken: ULong) -> Numbered<ListUpdate<T, S>>?,
) : AutoCloseable {
    private val isClosed = AtomicBoolean(false)
    private var taken = 0uL

    /** The next update; nothing once it has ended. One caller at a time; what a cancelled one did not get is given again. */
    suspend fun next(): ListUpdate<T, S>? {
        val news = call { pull(taken) } ?: return null
        taken = news.number
        return news.value
    }

    override fun close() {
        if (!isClosed.compareAndSet(false, true)) return
        stop()
        raw.close()
    }
}

/** A subscription for each collector, from its first to its last moment. */
internal fun <T, S> updates(open: suspend () -> Live<*, T, S>): Flow<ListUpdate<T, S>> = flow {
    open().use { live ->
        while (true) emit(live.next() ?: break)
    }
}

/** Makes each update on a list and gives what then stands there. */
private class Fold<T, S, V>(private val over: V, private val make: (List<T>, S) -> V) {
    private val items = ArrayList<T>()

    fun take(update: ListUpdate<T, S>): V = when (update) {
        is ListUpdate.Snapshot -> {
            items.clear()
            items.addAll(update.items)
            make(ArrayList(items), update.status)
        }
        is ListUpdate.Changes -> {
            items.applySteps(update.steps)
            make(ArrayList(items), update.status)
        }
        ListUpdate.Over -> over
    }
}

/** The states that a flow of updates goes through. */
internal fun <T, S, V> Flow<ListUpdate<T, S>>.states(over: V, make: (List<T>, S) -> V): Flow<V> = flow {
    val fold = Fold(over, make)
    this@states.map(fold::take).collect { emit(it) }
}

/** A state that follows a subscription for as long as a scope lives. */
internal class Observed<V>(val state: StateFlow<V>, private val job: Job, private val closing: () -> Unit) {
    /** Asks the subscription for something, unless it has ended. */
    inline fun wish(ask: () -> Unit) {
        if (!job.isActive) return
        try {
            translating(ask)
        } catch (_: im.whinchat.WhinchatException) {
            // It has ended in this moment: there is nothing to grow.
        }
    }

    fun close() {
        job.cancel()
        closing()
    }
}

/** Takes the present state, then follows in `scope`. */
internal suspend fun <T, S, V> Live<*, T, S>.observedIn(
    scope: CoroutineScope,
    empty: V,
    over: V,
    make: (List<T>, S) -> V,
): Observed<V> {
    val fold = Fold(over, make)
    val first = try {
        next()?.let(fold::take) ?: empty
    } catch (error: Throwable) {
        close()
        throw error
    }
    val state = MutableStateFlow(first)
    val job = scope.launch {
        try {
            while (true) state.value = fold.take(next() ?: break)
        } catch (error: CancellationException) {
            throw error
        } catch (error: Exception) {
            // A screen that cannot be followed any more is over; the app is not.
            LOG.log(Level.WARNING, "an observed list ended", error)
            state.value = over
        }
    }
    // Also when the scope was over before it began.
    job.invokeOnCompletion { close() }
    return Observed(state.asStateFlow(), job, ::close)
}
