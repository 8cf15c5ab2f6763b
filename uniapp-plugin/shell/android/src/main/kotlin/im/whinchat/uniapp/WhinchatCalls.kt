package im.whinchat.uniapp

import io.dcloud.feature.uniapp.bridge.UniJSCallback
import io.dcloud.feature.uniapp.common.UniModule

private const val WARNING = 5

/**
 * What every method of [WhinchatModule] does. The runtime makes a module for each JavaScript instance; nothing is kept in it.
 *
 * Options are declared as texts: the runtime turns whatever JavaScript passed into one, and never throws over it, so the core
 * can answer what is wrong.
 */
public abstract class WhinchatCalls : UniModule() {
    /** Calls a method that answers once. */
    protected fun call(method: String, options: String?, callback: UniJSCallback?) {
        val page = page(method, options, callback) ?: return
        page.call(method, options, sink(callback))
    }

    /** Calls the method that ends every listener. */
    protected fun endAll(method: String, options: String?, callback: UniJSCallback?) {
        val page = page(method, options, callback) ?: return
        page.endAll(method, options, sink(callback))
    }

    /** Sets a listener; [setter] is the name, [method] how it was spelled. */
    protected fun listen(method: String, setter: String, options: String?, callback: UniJSCallback?) {
        val page = page(method, options, callback) ?: return
        page.listen(method, setter, options, sink(callback))
    }

    /** Ends what [setter] has set. */
    protected fun unlisten(method: String, setter: String, options: String?, callback: UniJSCallback?) {
        val page = page(method, options, callback) ?: return
        page.unlisten(method, setter, options, sink(callback))
    }

    /** The runtime ends this JavaScript instance. */
    override fun onActivityDestroy() {
        Instances.leave(mUniSDKInstance)
    }

    private fun page(method: String, options: String?, callback: UniJSCallback?): Page? {
        if (callback == null && options != null && looksLikeCallback(options)) {
            Core.log(WARNING, "$method: the function stands where the options belong; write $method({}, function)")
        }
        return Instances.page(mUniSDKInstance)
    }

    private fun sink(callback: UniJSCallback?): Sink? = if (callback == null) null else Callback(callback)

    /** A function that JavaScript passed as the first argument arrives as the number of its id. */
    private fun looksLikeCallback(options: String): Boolean {
        for (index in 0 until options.length) if (options[index] < '0' || options[index] > '9') return false
        return options.length > 0
    }

    private class Callback(private val callback: UniJSCallback) : Sink {
        override fun take(json: ByteArray, offset: Int, keep: Boolean) {
            val data = try {
                Json.read(json, offset)
            } catch (error: Throwable) {
                Json.read(Failure(INTERNAL, "the answer cannot be read: $error").json(), 0)
            }
            if (keep) callback.invokeAndKeepAlive(data) else callback.invoke(data)
        }
    }
}
