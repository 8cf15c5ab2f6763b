package im.whinchat.uniapp

import io.dcloud.feature.uniapp.bridge.UniJSCallback
import io.dcloud.feature.uniapp.common.UniModule

private const val WARNING = 5
private const val ERROR = 6
private const val MEMORY_PAUSE_MS = 100L
/** How often an answer is tried to be read when there is no memory for it. */
private const val MEMORY_TRIES = 50

private const val ONCE = 0
private const val END_ALL = 1
private const val LISTEN = 2
private const val UNLISTEN = 3

/**
 * What every method of [WhinchatModule] does. The runtime makes a module for each JavaScript instance; nothing is kept in it.
 *
 * Options are declared as texts: the runtime turns whatever JavaScript passed into one, and never throws over it, so the core
 * can answer what is wrong.
 */
public abstract class WhinchatCalls : UniModule() {
    /** Calls a method that answers once. */
    protected fun call(method: String, options: String?, callback: UniJSCallback?) {
        begin(ONCE, method, method, options, callback)
    }

    /** Calls the method that ends every listener. */
    protected fun endAll(method: String, options: String?, callback: UniJSCallback?) {
        begin(END_ALL, method, method, options, callback)
    }

    /** Sets a listener; [setter] is the name, [method] how it was spelled. */
    protected fun listen(method: String, setter: String, options: String?, callback: UniJSCallback?) {
        begin(LISTEN, method, setter, options, callback)
    }

    /** Ends what [setter] has set. */
    protected fun unlisten(method: String, setter: String, options: String?, callback: UniJSCallback?) {
        begin(UNLISTEN, method, setter, options, callback)
    }

    /** The runtime ends this JavaScript instance. */
    override fun onActivityDestroy() {
        Instances.leave(mUniSDKInstance)
    }

    private fun begin(kind: Int, method: String, setter: String, options: String?, callback: UniJSCallback?) {
        try {
            val page = page(method, options, callback) ?: return
            val sink = if (callback == null) null else Callback(callback)
            when (kind) {
                END_ALL -> page.endAll(method, options, sink)
                LISTEN -> page.listen(method, setter, options, sink)
                UNLISTEN -> page.unlisten(method, setter, options, sink)
                else -> page.call(method, options, sink)
            }
        } catch (error: Throwable) {
            // The runtime would swallow it, and nobody would answer.
            val failure = Failure(INTERNAL, "the call of $method was not taken: $error")
            Core.log(ERROR, "the call of $method was not taken: $error")
            if (callback != null) callback.invoke(Json.read(failure.json(), 0))
        }
    }

    private fun page(method: String, options: String?, callback: UniJSCallback?): Page? {
        if (callback == null && options != null && looksLikeCallback(options)) {
            Core.log(WARNING, "$method: the function stands where the options belong; write $method({}, function)")
        }
        return Instances.page(mUniSDKInstance)
    }

    /** A function that JavaScript passed as the first argument arrives as the number of its id. */
    private fun looksLikeCallback(options: String): Boolean {
        for (index in 0 until options.length) if (options[index] < '0' || options[index] > '9') return false
        return options.length > 0
    }

    private class Callback(private val callback: UniJSCallback) : Sink {
        override fun take(json: ByteArray, offset: Int, keep: Boolean) {
            val data = try {
                read(json, offset)
            } catch (error: Throwable) {
                Json.read(Failure(INTERNAL, "the answer cannot be read: $error").json(), 0)
            }
            if (keep) callback.invokeAndKeepAlive(data) else callback.invoke(data)
        }

        /** What there is no memory for now may be read when others have let go of something. */
        private fun read(json: ByteArray, offset: Int): Any? {
            var tries = 1
            while (true) {
                try {
                    return Json.read(json, offset)
                } catch (error: OutOfMemoryError) {
                    if (tries++ == MEMORY_TRIES) throw error
                    Thread.sleep(MEMORY_PAUSE_MS)
                }
            }
        }
    }
}
