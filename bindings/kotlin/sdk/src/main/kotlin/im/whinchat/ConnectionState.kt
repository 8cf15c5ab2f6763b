package im.whinchat

/** Whether the server can be reached. */
public sealed interface ConnectionState {
    /** Nobody is logged in. */
    public data object LoggedOut : ConnectionState

    /** An attempt to connect runs. */
    public data object Connecting : ConnectionState

    /** The server has accepted the session. */
    public data object Connected : ConnectionState

    /** The connection is gone; the next attempt follows by itself. */
    public data class Waiting(
        /** In how many milliseconds, counted from when this was told. */
        val retryInMillis: Long,
        /** Why. */
        val error: WhinchatError,
    ) : ConnectionState

    /** The client sleeps until [Whinchat.resume]: no connection, no open file. */
    public data object Paused : ConnectionState
}

/** Heartbeats of a client's connections, counted since the client was made. */
public data class Heartbeats(
    /** How often the server was asked whether the connection lives. */
    val asked: Long,
    /** How often it answered. */
    val answered: Long,
)
