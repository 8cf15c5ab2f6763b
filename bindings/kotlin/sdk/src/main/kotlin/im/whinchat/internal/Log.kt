package im.whinchat.internal

import im.whinchat.LogSink
import im.whinchat.WhinchatException
import im.whinchat.ffi.LogSubscription
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.launch
import java.util.logging.Level

/** Hands a client's log to [sink] for as long as the client is there. It does not keep it, and ends with its last line. */
internal fun follow(log: LogSubscription, sink: LogSink) {
    CoroutineScope(Dispatchers.Default + CoroutineName("whinchat-log")).launch {
        log.use {
            while (true) {
                val lines = try {
                    translating { log.next(null) } ?: break
                } catch (error: WhinchatException) {
                    LOG.log(Level.WARNING, "the log ended", error)
                    break
                }
                for (line in lines) {
                    try {
                        sink.log(line.toLine())
                    } catch (error: Exception) {
                        LOG.log(Level.WARNING, "the app's sink for the log threw", error)
                    }
                }
            }
        }
    }
}
