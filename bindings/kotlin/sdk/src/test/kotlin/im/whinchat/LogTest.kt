package im.whinchat

import im.whinchat.ffi.liveObjects
import im.whinchat.testing.PATIENCE
import im.whinchat.testing.TestServer
import im.whinchat.testing.test
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.delay
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.util.concurrent.ConcurrentLinkedQueue
import kotlin.time.Duration.Companion.milliseconds

class LogTest {
    @Test
    fun `an app that gives a sink reads what the client does`() = test {
        TestServer().use { server ->
            val lines = Channel<LogLine>(Channel.UNLIMITED)
            val alice = server.client("alice") {
                logLevel = LogLevel.DEBUG
                logSink = LogSink { lines.trySend(it) }
                backoffBase = 10.milliseconds
            }
            alice.use {
                alice.login(UserId("alice"), server.userSig("alice"))
                val before = System.currentTimeMillis()
                server.stop()
                val line = withTimeout(PATIENCE) {
                    var line = lines.receive()
                    while (!line.text.startsWith("no connection")) line = lines.receive()
                    line
                }
                assertEquals(LogLevel.DEBUG, line.level)
                assertTrue(line.target.startsWith("whinchat_core::connection"), line.target)
                assertTrue(line.timeMillis in before - 1_000..System.currentTimeMillis() + 1_000, "$line")
            }
        }
    }

    @Test
    fun `a sink that throws is given the next line all the same, and no line has a signature or a text`() = test {
        TestServer().use { server ->
            val lines = ConcurrentLinkedQueue<LogLine>()
            val alice = server.client("alice") {
                logLevel = LogLevel.DEBUG
                logSink = LogSink {
                    lines.add(it)
                    error("of the app")
                }
                backoffBase = 10.milliseconds
                backoffCap = 10.milliseconds
            }
            val userSig = server.userSig("alice")
            alice.use {
                alice.login(UserId("alice"), userSig)
                server.stop()
                alice.messages.send(ConversationId.of(UserId("bob")), "between the two of us")
                withTimeout(PATIENCE) { while (lines.size < 3) delay(5.milliseconds) }
            }
            for (line in lines) {
                assertFalse(userSig in line.toString() || "between the two" in line.toString(), "$line")
            }
        }
    }

    @Test
    fun `what matters less than was asked for is not told, and the log ends with the client`() = test {
        val lines = ConcurrentLinkedQueue<LogLine>()
        val nobody = Whinchat("ws://127.0.0.1:9", TestServer.APP_ID, createTempDir()) {
            logSink = LogSink { lines.add(it) }
        }
        runCatching { nobody.login(UserId("alice"), "signature") }
        nobody.close()
        withTimeout(PATIENCE) { while (liveObjects().subscriptions != 0uL) delay(5.milliseconds) }
        assertTrue(lines.none { it.level == LogLevel.DEBUG }, "$lines")
    }

    private fun createTempDir() = java.nio.file.Files.createTempDirectory("whinchat-log").toFile()
}
