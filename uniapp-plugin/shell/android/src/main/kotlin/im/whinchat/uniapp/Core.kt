package im.whinchat.uniapp

import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.ThreadFactory
import java.util.concurrent.ThreadPoolExecutor
import java.util.concurrent.TimeUnit

/**
 * The process's one device and the JavaScript instances on it. Modules come and go; this stays.
 *
 * Nothing happens before the first call of JavaScript: no library is loaded, no file is written, no network is used.
 */
public object Core {
    private val pages = HashMap<String, Page>()

    @Volatile private var platform: Platform? = null
    private var foreground = true
    private var isLoaded = false

    /** What has to be waited for elsewhere than on the threads of JavaScript and of the screen; at most one thing a call. */
    private val background = ThreadPoolExecutor(1, 1, 5, TimeUnit.SECONDS, LinkedBlockingQueue(), Daemon("whinchat-background"))

    init {
        background.allowCoreThreadTimeOut(true)
    }

    /** Says what the system is. The first to say it holds. */
    @Synchronized
    public fun install(platform: Platform) {
        if (this.platform == null) this.platform = platform
    }

    /** Whether somebody has. */
    public fun isInstalled(): Boolean = platform != null

    /** The JavaScript instance of this name, made if it is new. */
    @Synchronized
    public fun page(name: String): Page {
        val known = pages.get(name)
        if (known != null) return known
        val page = Page(this)
        pages.put(name, page)
        try {
            Daemon("whinchat-page").newThread(page).start()
        } catch (error: Throwable) {
            // Without its thread it would never answer; the next call tries again.
            pages.remove(name)
            throw error
        }
        return page
    }

    /** Ends the JavaScript instance of this name: its callbacks are not called any more. */
    public fun leave(name: String) {
        val page = synchronized(this) { pages.remove(name) }
        if (page != null) page.close()
    }

    /** Says whether somebody looks at the app. */
    @Synchronized
    public fun setForeground(foreground: Boolean) {
        if (this.foreground == foreground) return
        this.foreground = foreground
        tell(if (foreground) Native.FOREGROUND else Native.BACKGROUND)
    }

    /** Says that the device may be on another network. */
    @Synchronized
    public fun networkChanged(): Unit = tell(Native.NETWORK)

    /** All pages share one device: one of them is enough. */
    private fun tell(what: Int) {
        for (page in pages.values) if (page.tell(what)) return
    }

    /** A context of the device, on a thread that may wait. Gives its number, or throws with a sentence for the developer. */
    internal fun open(): Long {
        val platform = platform
            ?: throw IllegalStateException("the plugin's hooksClass did not run: is it in dcloud_uniplugins.json?")
        load(platform)
        val server = platform.server()
        val named = if (server == null) "" else ",\"server\":${Json.quoted(server)}"
        val config = "{\"documents\":${Json.quoted(platform.documents())},\"platform\":${Json.quoted(platform.kind())}$named}"
        val context = Native.create(Json.bytes(config))
        if (context < 0) throw IllegalStateException("the device cannot be used: code ${-context} of docs/errors.md")
        if (!synchronized(this) { foreground }) Native.tell(context, Native.BACKGROUND)
        return context
    }

    @Synchronized
    private fun load(platform: Platform) {
        if (isLoaded) return
        System.loadLibrary("whinchat")
        isLoaded = true
        platform.watchNetwork(Runnable { networkChanged() })
    }

    internal fun inBackground(work: Runnable) {
        background.execute(work)
    }

    /** Writes to the system's log; level 5 is a warning, 6 an error. Takes no lock: pages call it under theirs. */
    internal fun log(level: Int, text: String) {
        val platform = platform
        if (platform != null) platform.log(level, text)
    }

    /** Threads that do not keep a process alive. */
    private class Daemon(private val name: String) : ThreadFactory {
        override fun newThread(work: Runnable): Thread {
            val thread = Thread(work, name)
            thread.isDaemon = true
            return thread
        }
    }
}
