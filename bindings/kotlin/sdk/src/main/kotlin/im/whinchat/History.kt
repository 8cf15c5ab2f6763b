package im.whinchat

/** Where a page of history starts. */
public sealed interface HistoryFrom {
    /** At the newest message. */
    public data object Newest : HistoryFrom

    /** Before a known message, which is not part of the page. */
    public data class Before(val message: MessageId) : HistoryFrom

    /** After a known message, which is not part of the page. */
    public data class After(val message: MessageId) : HistoryFrom

    public companion object {
        /** At the newest message. */
        @JvmStatic
        public fun newest(): HistoryFrom = Newest

        /** Before a known message, which is not part of the page. */
        @JvmStatic
        public fun before(message: MessageId): HistoryFrom = Before(message)

        /** After a known message, which is not part of the page. */
        @JvmStatic
        public fun after(message: MessageId): HistoryFrom = After(message)
    }
}

/** A page of history. */
public data class HistoryPage(
    /** Newest first; after a known message, oldest first. There is no hole inside: the page rather ends early. */
    val messages: List<Message>,
    /** Nothing follows in this direction. `false` also when that cannot be known without a connection. */
    val isComplete: Boolean,
    /**
     * Newer messages than the first of this page exist and could not be fetched: a list shows a break above it. Only without a
     * connection.
     */
    val isMissingNewer: Boolean,
)
