package im.whinchat.internal

import com.sun.jna.LastErrorException
import im.whinchat.ErrorCodes
import im.whinchat.ErrorKind
import im.whinchat.WhinchatError
import im.whinchat.WhinchatException
import im.whinchat.ffi.core.CallException
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import java.nio.charset.CharacterCodingException

/**
 * The one way to the core for calls that wait. It leaves the caller's thread, so that a main thread neither waits nor reads
 * answers, and what goes wrong comes back as [WhinchatException].
 */
internal suspend fun <T> call(work: suspend () -> T): T = withContext(Dispatchers.Default) { translating { work() } }

/** A [call] that opens something which has to be closed, also when nobody waits for it any more at the moment it is there. */
internal suspend fun <T : AutoCloseable> opened(work: suspend () -> T): T {
    var made: T? = null
    try {
        return call { work().also { made = it } }
    } catch (error: Throwable) {
        made?.close()
        throw error
    }
}

/** Does what crosses the border, and turns what it throws into [WhinchatException]. */
internal inline fun <T> translating(work: () -> T): T = try {
    work()
} catch (error: CancellationException) {
    // Is an IllegalStateException, and means something else.
    throw error
} catch (error: CallException.Failed) {
    throw error.error.toError().toException(error)
} catch (error: IllegalStateException) {
    // An object of a client that was closed meanwhile.
    throw closed(error)
} catch (error: CharacterCodingException) {
    throw refused(
        ErrorCodes.REQUEST_BAD_PARAMETER,
        "request.bad_parameter",
        "a text has half of a surrogate pair; it is no Unicode",
        error,
    )
} catch (error: im.whinchat.ffi.InternalException) {
    throw internal(error)
} catch (error: im.whinchat.ffi.core.InternalException) {
    throw internal(error)
} catch (error: LastErrorException) {
    throw internal(error)
}

/** The client was closed. */
internal fun closed(cause: Throwable? = null): WhinchatException =
    refused(ErrorCodes.CLIENT_NOT_INITIALISED, "client.not_initialised", "the client is closed; make a new one", cause)

private fun internal(cause: Throwable): WhinchatException =
    refused(ErrorCodes.CLIENT_INTERNAL, "client.internal", "a fault of ours; please report it: ${cause.message}", cause)

internal fun refused(code: Int, name: String, message: String, cause: Throwable?): WhinchatException =
    WhinchatError(code, name, ErrorKind.Final, message).toException(cause)

/** How many; what is below zero means none, and is refused as such. */
internal fun count(count: Int): UInt = count.coerceAtLeast(0).toUInt()
