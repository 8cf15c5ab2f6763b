package im.whinchat.uniapp

/** The other end of a call. */
public interface Sink {
    /**
     * An answer or an event: a JSON object in UTF-8, from [offset] to the end of [json]. With [keep] it is an event and more
     * may come; without, it was the only answer. Called on a thread of the page, one after the other, never before the call
     * returned.
     */
    public fun take(json: ByteArray, offset: Int, keep: Boolean)
}
