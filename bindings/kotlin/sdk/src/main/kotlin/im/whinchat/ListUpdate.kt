package im.whinchat

/**
 * What an observed list tells, for screens that want to move single rows (a `RecyclerView` adapter): first the list as it
 * stands, then what changes. Screens that draw a whole list take [Conversations.observe] and [Messages.observe] instead.
 *
 * @param T what the list holds.
 * @param S how the window lies in what there is.
 */
public sealed interface ListUpdate<out T, out S> {
    /** The list as it stands. Comes first, and replaces what was shown. */
    public data class Snapshot<out T, out S>(
        /** Everything in the window, in order. */
        val items: List<T>,
        /** How the window lies. */
        val status: S,
    ) : ListUpdate<T, S>

    /** What has changed since the last update. */
    public data class Changes<out T, out S>(
        /** To be made one after the other. May be empty, when only [status] changed. */
        val steps: List<ListStep<T>>,
        /** How the window lies. */
        val status: S,
    ) : ListUpdate<T, S>

    /** The user was logged out, or the client closed: what was shown is nobody's any more. Nothing follows. */
    public data object Over : ListUpdate<Nothing, Nothing>
}

/** One step from a list to the next. Each index counts in the list as the steps before have left it. */
public sealed interface ListStep<out T> {
    /** A new item. */
    public data class Insert<out T>(
        /** Where it stands afterwards. */
        val index: Int,
        /** The item. */
        val item: T,
    ) : ListStep<T>

    /** An item is gone. */
    public data class Remove(
        /** Where it stood. */
        val index: Int,
    ) : ListStep<Nothing>

    /** An item has a new state, at the same place. */
    public data class Update<out T>(
        /** Where it stands. */
        val index: Int,
        /** Its new state. */
        val item: T,
    ) : ListStep<T>

    /** An item stands at another place, perhaps with a new state: it is taken out at [from], then put in at [to]. */
    public data class Move<out T>(
        /** Where it stood. */
        val from: Int,
        /** Where it stands afterwards. */
        val to: Int,
        /** Its state. */
        val item: T,
    ) : ListStep<T>
}

/** Makes these steps, one after the other. One that does not fit the list, because another was left out, is not made. */
public fun <T> MutableList<T>.applySteps(steps: List<ListStep<T>>) {
    for (step in steps) {
        when (step) {
            is ListStep.Insert -> if (step.index in 0..size) add(step.index, step.item)
            is ListStep.Remove -> if (step.index in indices) removeAt(step.index)
            is ListStep.Update -> if (step.index in indices) this[step.index] = step.item
            is ListStep.Move -> if (step.from in indices && step.to in indices) {
                removeAt(step.from)
                add(step.to, step.item)
            }
        }
    }
}

/** The newest conversations, as a screen shows them. */
public data class ConversationList(
    /** The conversations, newest activity first. */
    val conversations: List<Conversation>,
    /** The list goes on behind this window. */
    val hasMore: Boolean,
    /** The user was logged out, or the client closed: nothing follows. */
    val isOver: Boolean = false,
) {
    public companion object {
        /** Nothing yet: for the time before the first list is there. */
        @JvmField
        public val EMPTY: ConversationList = ConversationList(emptyList(), hasMore = false)

        internal val OVER = ConversationList(emptyList(), hasMore = false, isOver = true)
    }
}

/** How a window lies in its conversation. */
public data class TimelineStatus(
    /** There are older messages than the first one shown, or there may be. */
    val hasOlder: Boolean,
    /** There are newer messages than the last one shown. */
    val hasNewer: Boolean,
    /** The window takes in every new message as it comes. */
    val isAtLiveEnd: Boolean,
    /**
     * Everything that the window should hold is here. `false` while some of it has to be fetched: it comes by itself, without a
     * connection once there is one.
     */
    val isComplete: Boolean,
)

/** Messages of a conversation, as a screen shows them. */
public data class Timeline(
    /** The messages, oldest first; own ones that the server does not have stand where they were written. */
    val messages: List<Message>,
    /** How the window lies. */
    val status: TimelineStatus,
    /** The user was logged out, or the client closed: nothing follows. */
    val isOver: Boolean = false,
) {
    public companion object {
        private val NOWHERE =
            TimelineStatus(hasOlder = false, hasNewer = false, isAtLiveEnd = false, isComplete = false)

        /** Nothing yet: for the time before the first messages are there. */
        @JvmField
        public val EMPTY: Timeline = Timeline(emptyList(), NOWHERE)

        internal val OVER = Timeline(emptyList(), NOWHERE, isOver = true)
    }
}

/** Where a window on a conversation's messages begins. */
public sealed interface TimelineStart {
    /** At the newest end, and it stays there: new messages are taken in as they come. */
    public data class Newest(
        /** How many messages at first, at least 1. */
        val limit: Int,
    ) : TimelineStart

    /** Around a message that is on this device, such as one that a link points to. */
    public data class Around(
        /** The message; part of the window. */
        val message: MessageId,
        /** How many before it. */
        val older: Int,
        /** How many after it. */
        val newer: Int,
    ) : TimelineStart

    public companion object {
        /** The newest [limit] messages. */
        @JvmStatic
        public fun newest(limit: Int): TimelineStart = Newest(limit)

        /** [message], with [older] before it and [newer] after it. */
        @JvmStatic
        public fun around(message: MessageId, older: Int, newer: Int): TimelineStart = Around(message, older, newer)
    }
}
