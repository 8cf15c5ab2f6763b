package im.whinchat

/**
 * Why something failed, as a value: what a failed message or a broken connection carries, and what [WhinchatException] throws.
 */
public data class WhinchatError(
    /** The stable number, such as 6014; [ErrorCodes] names them. A newer server may send one that this version does not know. */
    val code: Int,
    /** The stable name, such as `client.not_logged_in`. */
    val name: String,
    /** What can be done about it. Look at this, and not at the number, to decide whether to try again. */
    val kind: ErrorKind,
    /** A sentence for you, the app's developer; not for people who chat. */
    val message: String,
) {
    /** The exception for this error. */
    public fun toException(cause: Throwable? = null): WhinchatException = when (kind) {
        ErrorKind.RetryNow, is ErrorKind.RetryAfter -> WhinchatException.Temporary(this, cause)
        ErrorKind.AfterReconnect -> WhinchatException.Offline(this, cause)
        ErrorKind.Reauthenticate -> WhinchatException.SignatureRejected(this, cause)
        ErrorKind.Final -> WhinchatException.Refused(this, cause)
    }
}

/** What can be done about an error. */
public sealed interface ErrorKind {
    /** A passing fault: try again, more slowly each time. */
    public data object RetryNow : ErrorKind

    /** Try again once a connection stands. */
    public data object AfterReconnect : ErrorKind

    /** Try again when a while has passed. */
    public data class RetryAfter(
        /** How long to wait, in milliseconds. */
        val millis: Long,
    ) : ErrorKind

    /** Log in with a fresh signature from your backend. */
    public data object Reauthenticate : ErrorKind

    /** Trying again as it stands cannot help. */
    public data object Final : ErrorKind

    /** Whether the same call may succeed later without anybody changing it. */
    public val isRetryable: Boolean
        get() = this != Final && this != Reauthenticate
}

/**
 * What every failing call of this library throws. The subclass says what can be done; [error] has everything.
 *
 * ```kotlin
 * try {
 *     chat.login(UserId("alice"), userSig)
 * } catch (e: WhinchatException.SignatureRejected) {
 *     // ask the backend for a fresh one
 * } catch (e: WhinchatException) {
 *     if (e.code == ErrorCodes.CLIENT_CALL_RUNNING) { /* ... */ }
 * }
 * ```
 */
public sealed class WhinchatException(
    /** Code, name, kind and message. */
    public val error: WhinchatError,
    cause: Throwable?,
) : Exception(error.message, cause) {
    /** The stable number; [ErrorCodes] names them. */
    public val code: Int get() = error.code

    /** The stable name, such as `client.not_logged_in`. */
    public val name: String get() = error.name

    /** What can be done about it. */
    public val kind: ErrorKind get() = error.kind

    override val message: String get() = error.message

    override fun toString(): String = "WhinchatException: $name ($code): $message"

    /** A passing fault; [kind] may say how long to wait. */
    public class Temporary internal constructor(error: WhinchatError, cause: Throwable? = null) :
        WhinchatException(error, cause)

    /** It needs a connection, and there is none. */
    public class Offline internal constructor(error: WhinchatError, cause: Throwable? = null) :
        WhinchatException(error, cause)

    /** The signature is no longer good: log in, or [renew][Whinchat.renew], with a fresh one. */
    public class SignatureRejected internal constructor(error: WhinchatError, cause: Throwable? = null) :
        WhinchatException(error, cause)

    /** Trying again as it stands cannot help. */
    public class Refused internal constructor(error: WhinchatError, cause: Throwable? = null) :
        WhinchatException(error, cause)

    private companion object {
        private const val serialVersionUID = 1L
    }
}
