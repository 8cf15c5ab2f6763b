package im.whinchat.uniapp

/** The functions of libwhinchat (crates/whinchat-bridge/src/jni.rs). Texts are bytes in UTF-8. */
internal object Native {
    /** Says that nobody looks at the app, that somebody does, that the network is another one. */
    const val BACKGROUND = 0
    const val FOREGROUND = 1
    const val NETWORK = 2

    /** Makes a context of the process's one device: its number, or the number of an error with a minus. */
    @JvmStatic external fun create(config: ByteArray): Long

    /** Calls a method; its answer comes by [next]. 0, or the number of an error, and then nothing comes. */
    @JvmStatic external fun call(context: Long, id: Long, method: ByteArray, params: ByteArray?): Int

    /** Waits for what comes: eight bytes with the call's id, one that is 1 for an event, JSON. Null: the context is gone. */
    @JvmStatic external fun next(context: Long): ByteArray?

    /** 0, or the number of an error. */
    @JvmStatic external fun tell(context: Long, what: Int): Int

    /** Ends a context, and with the last one closes the device, which this waits for. */
    @JvmStatic external fun destroy(context: Long): Int
}
