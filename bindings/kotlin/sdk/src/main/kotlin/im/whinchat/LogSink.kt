package im.whinchat

/** How much a line of the log matters. */
public enum class LogLevel {
    /** Something went wrong that the client does not put right by itself. */
    ERROR,

    /** Something went wrong; the client goes on. */
    WARNING,

    /** What the client does. */
    INFO,

    /** How it does it: for who looks for a fault. */
    DEBUG,
}

/** A line of the log. Signatures, keys and what messages hold are in none, at any level. */
public data class LogLine(
    /** How much it matters. */
    val level: LogLevel,
    /** When it was written, in milliseconds since the epoch. */
    val timeMillis: Long,
    /** Where it comes from, such as `whinchat_core::connection`: to group lines by. */
    val target: String,
    /** What there is to say; for people, and not the same in every version. */
    val text: String,
)

/**
 * Takes the log of a client: to [WhinchatConfig.Builder.logSink].
 *
 * ```kotlin
 * val chat = Whinchat("wss://chat.example.com", appId = 1400000001, dataDir = folder) {
 *     logSink = LogSink { println("${it.level} ${it.target}: ${it.text}") }
 * }
 * ```
 */
public fun interface LogSink {
    /**
     * Takes a line. Called on a thread in the background, one line at a time, in order. The client does not wait for it: when more
     * than a thousand lines wait, the oldest are left out, and a line says how many. What it throws is logged to
     * `java.util.logging` and changes nothing.
     */
    public fun log(line: LogLine)
}
