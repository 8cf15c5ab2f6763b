package im.whinchat.uniapp

/** A fault of the plugin or of its packaging. */
internal const val INTERNAL = 7012

/** The answer of a call that did not get as far as the core. */
internal class Failure(private val code: Int, private val sentence: String) {
    /** As the core would write it. */
    fun json(): ByteArray {
        val said = Json.quoted(sentence)
        return Json.bytes("{\"status\":false,\"code\":$code,\"msg\":$said,\"desc\":$said}")
    }
}
