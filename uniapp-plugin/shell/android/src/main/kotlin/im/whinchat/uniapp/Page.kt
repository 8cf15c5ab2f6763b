package im.whinchat.uniapp

private const val ERROR = 6

/** In front of a delivery's JSON: the call's id, and whether it is an event. */
private const val ID_BYTES = 8
private const val MEMORY_PAUSE_MS = 100L

/**
 * A JavaScript instance: its calls in order, and who waits for what.
 *
 * Its thread loads the library and makes the context, which JavaScript does not wait for: calls meanwhile are kept in order.
 * Then it takes what comes from the core.
 */
public class Page internal constructor(private val core: Core) : Runnable {
    private class Call(val id: Long, val method: String, val params: String?)

    private val sinks = HashMap<Long, Sink>()

    /** The ids of each setter's calls that may still be told something, the oldest first. */
    private val listeners = HashMap<String, ArrayList<Long>>()
    private val setters = HashMap<Long, String>()

    /** The listeners that are over once a call is answered. */
    private val ends = HashMap<Long, ArrayList<Long>>()

    /** Calls before there is a context; null once there is one. */
    private var early: ArrayList<Call>? = ArrayList()
    private var context = 0L
    private var lastId = 0L
    private var failure: Failure? = null
    private var isClosed = false

    /** Calls a method. [params] is JSON, empty or null; [sink] gets the answer. */
    public fun call(method: String, params: String?, sink: Sink?) {
        begin(method, params, sink, null, null)
    }

    /** Calls the setter of a listener; [sink] gets the events. [setter] is its name, [method] how it was spelled. */
    public fun listen(method: String, setter: String, params: String?, sink: Sink?) {
        begin(method, params, sink, setter, null)
    }

    /** Calls the method that ends what [setter] has set. */
    @Synchronized
    public fun unlisten(method: String, setter: String, params: String?, sink: Sink?) {
        val set = listeners.get(setter)
        begin(method, params, sink, null, if (set == null) null else ArrayList(set))
    }

    /** Calls the method that ends every listener. */
    @Synchronized
    public fun endAll(method: String, params: String?, sink: Sink?) {
        val all = ArrayList<Long>()
        for (ids in listeners.values) all.addAll(ids)
        begin(method, params, sink, null, all)
    }

    @Synchronized
    private fun begin(method: String, params: String?, sink: Sink?, setter: String?, ended: ArrayList<Long>?) {
        if (isClosed) return
        val id = ++lastId
        try {
            if (sink != null) sinks.put(id, sink)
            if (setter != null) {
                var ids = listeners.get(setter)
                if (ids == null) {
                    ids = ArrayList()
                    listeners.put(setter, ids)
                }
                ids.add(id)
                setters.put(id, setter)
            }
            if (ended != null) ends.put(id, ended)
            val failure = failure
            val early = early
            if (failure != null) fail(id, failure)
            else if (early != null) early.add(Call(id, method, params))
            else send(id, method, params)
        } catch (error: Throwable) {
            // Whoever called answers it, and nobody else does later.
            ends.remove(id)
            forget(id)
            throw error
        }
    }

    private fun send(id: Long, method: String, params: String?) {
        val code = Native.call(context, id, Json.bytes(method), if (params == null) null else Json.bytes(params))
        if (code != 0) fail(id, Failure(code, "the call of $method was not taken"))
    }

    /** Sends a call that nobody waits for on its way any more. */
    private fun sendLate(call: Call) {
        try {
            send(call.id, call.method, call.params)
        } catch (error: Throwable) {
            fail(call.id, Failure(INTERNAL, "the call of ${call.method} was not taken: $error"))
        }
    }

    /** Answers elsewhere: an answer never comes before the call has returned. */
    private fun fail(id: Long, failure: Failure) {
        val sink = answered(id)
        if (sink != null) core.inBackground(Runnable { hand(sink, failure.json(), 0, false) })
    }

    override fun run() {
        try {
            if (!isReady(core.open())) return
            while (true) hand(next() ?: break)
            failAll("the core has ended")
        } catch (error: Throwable) {
            failAll("the core does not start: $error")
        }
    }

    /** Sends what was called meanwhile. False: nobody is there any more. */
    @Synchronized
    private fun isReady(number: Long): Boolean {
        if (isClosed) {
            Native.destroy(number)
            return false
        }
        context = number
        val waiting = early
        early = null
        if (waiting != null) for (call in waiting) sendLate(call)
        return true
    }

    private fun next(): ByteArray? {
        while (true) {
            try {
                return Native.next(context)
            } catch (error: OutOfMemoryError) {
                // The core keeps what did not fit, until others have let go of something.
                core.log(ERROR, "no memory for what came: $error")
                Thread.sleep(MEMORY_PAUSE_MS)
            }
        }
    }

    private fun hand(delivery: ByteArray) {
        var id = 0L
        for (index in 0 until ID_BYTES) id = (id shl 8) or (delivery[index].toLong() and 0xff)
        val keep = delivery[ID_BYTES] != 0.toByte()
        val sink = if (keep) heard(id) else answered(id)
        if (sink != null) hand(sink, delivery, ID_BYTES + 1, keep)
    }

    private fun hand(sink: Sink, json: ByteArray, offset: Int, keep: Boolean) {
        try {
            sink.take(json, offset, keep)
        } catch (error: Throwable) {
            core.log(ERROR, "a callback failed: $error")
        }
    }

    /** The listener of an event. Those that were set before it are over. */
    @Synchronized
    private fun heard(id: Long): Sink? {
        val ids = listeners.get(setters.get(id) ?: return null)
        if (ids != null) while (ids.get(0) != id) forget(ids.get(0))
        return sinks.get(id)
    }

    @Synchronized
    private fun answered(id: Long): Sink? {
        val over = ends.remove(id)
        if (over != null) for (listener in over) forget(listener)
        forget(id, false)
        return sinks.remove(id)
    }

    private fun forget(listener: Long) {
        forget(listener, true)
    }

    private fun forget(id: Long, withSink: Boolean) {
        if (withSink) sinks.remove(id)
        val ids = listeners.get(setters.remove(id) ?: return)
        if (ids != null) ids.remove(id)
    }

    @Synchronized
    private fun failAll(sentence: String) {
        if (isClosed) return
        core.log(ERROR, sentence)
        val failure = Failure(INTERNAL, sentence)
        this.failure = failure
        early = null
        for (id in ArrayList(sinks.keys)) fail(id, failure)
    }

    /** Tells the device something; false if there is no context to tell it by. */
    @Synchronized
    internal fun tell(what: Int): Boolean = context != 0L && !isClosed && Native.tell(context, what) == 0

    /** Ends it: nothing is called back any more. */
    internal fun close() {
        val number = synchronized(this) {
            isClosed = true
            sinks.clear()
            listeners.clear()
            setters.clear()
            ends.clear()
            early = null
            context
        }
        // Closing the device may wait for its files.
        if (number != 0L) core.inBackground(Runnable { Native.destroy(number) })
    }
}
