package im.whinchat.internal

import com.sun.jna.CallbackThreadInitializer
import com.sun.jna.Native
import com.sun.jna.NativeLibrary
import im.whinchat.ErrorCodes
import im.whinchat.WhinchatException
import im.whinchat.ffi.CONTRACT
import im.whinchat.ffi.uniffiRustFutureContinuationCallbackImpl
import java.util.logging.Level
import java.util.logging.Logger

internal val LOG: Logger = Logger.getLogger("im.whinchat")

/**
 * The library with the core. Before anything else is asked of it, it has to be there and of the same release as this code:
 * everything after that takes both for granted.
 */
internal object Library {
    private const val NAME = "whinchat"

    private val problem: WhinchatException? by lazy { look() }

    /** @throws WhinchatException 7013 the library is missing or of another version. */
    fun require() {
        // Made anew for each caller: an exception shows where it was thrown.
        problem?.let { throw refused(it.code, it.name, it.message, it) }
    }

    private fun look(): WhinchatException? {
        try {
            val contract = NativeLibrary.getInstance(NAME).getFunction("whinchat_ffi_contract").invokeLong(arrayOf())
            if (contract.toULong() != CONTRACT) {
                return unfit("the library `$NAME` in the app is of another version than this SDK; take both from one release")
            }
            im.whinchat.ffi.core.uniffiEnsureInitialized()
            im.whinchat.ffi.uniffiEnsureInitialized()
            // The core's few threads stay known to the virtual machine: making each known anew costs more than a call does.
            Native.setCallbackThreadInitializer(
                uniffiRustFutureContinuationCallbackImpl,
                CallbackThreadInitializer(true, false, "whinchat"),
            )
            return null
        } catch (error: LinkageError) {
            LOG.log(Level.FINE, "the library cannot be used", error)
            return unfit("the library `$NAME` cannot be loaded: ${reason(error)}", error)
        } catch (error: RuntimeException) {
            return unfit("the library `$NAME` does not fit this SDK: ${error.message}", error)
        }
    }

    private fun unfit(message: String, cause: Throwable? = null) =
        refused(ErrorCodes.REQUEST_UNSUPPORTED, "request.unsupported", message, cause)

    private fun reason(error: LinkageError): String =
        (error.message ?: error.javaClass.simpleName).lineSequence().first().trim()
}
