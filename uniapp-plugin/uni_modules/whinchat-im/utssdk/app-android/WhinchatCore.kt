package uts.sdk.modules.whinchatIm

import android.app.Application
import android.os.Handler
import android.os.Looper
import im.whinchat.uniapp.AndroidApp
import im.whinchat.uniapp.Core
import im.whinchat.uniapp.Page
import im.whinchat.uniapp.Sink
import io.dcloud.uts.UTSAndroid

/**
 * The core behind the functions of index.uts: the vendor-free half of the native plugin's shell, with JSON texts in and out.
 * Nothing happens before the first call: an app may not have the person's consent before.
 */
object WhinchatCore {
    private val main = Handler(Looper.getMainLooper())

    /** Calls a method; [told] gets its answer, on the main thread. */
    fun ask(method: String, params: String, told: (String) -> Unit) {
        page().call(method, params, Told(told))
    }

    /** Sets the listener of [setter]; [told] gets each event, on the main thread and in their order. */
    fun listen(method: String, setter: String, told: (String) -> Unit) {
        page().listen(method, setter, "{}", Told(told))
    }

    /** Calls a method that ends the listener which [setter] set. */
    fun unlisten(method: String, setter: String, params: String, told: (String) -> Unit) {
        page().unlisten(method, setter, params, Told(told))
    }

    /** Calls the method that ends every listener. */
    fun endAll(method: String, params: String, told: (String) -> Unit) {
        page().endAll(method, params, Told(told))
    }

    private fun page(): Page {
        AndroidApp.install(UTSAndroid.getAppContext()!!.applicationContext as Application)
        return Core.page("uts")
    }

    private class Told(private val told: (String) -> Unit) : Sink {
        override fun take(json: ByteArray, offset: Int, keep: Boolean) {
            val text = String(json, offset, json.size - offset, Charsets.UTF_8)
            main.post { told(text) }
        }
    }
}
