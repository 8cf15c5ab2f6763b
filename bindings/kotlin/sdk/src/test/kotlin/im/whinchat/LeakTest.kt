package im.whinchat

import im.whinchat.ffi.LiveObjects
import im.whinchat.ffi.liveObjects
import im.whinchat.ffi.uniffiContinuationHandleMap
import im.whinchat.testing.PATIENCE
import im.whinchat.testing.chat
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import kotlin.time.Duration.Companion.milliseconds

class LeakTest {
    /** Objects of this side go when the collector of garbage finds them; then those of the other side do. */
    private suspend fun settled() {
        val expected = LiveObjects(
            clients = 2uL, services = 6uL, attempts = 0uL, sendHandles = 0uL, subscriptions = 0uL, cancelTokens = 0uL,
        )
        var now = liveObjects()
        withTimeoutOrNull(PATIENCE) {
            while (now != expected || uniffiContinuationHandleMap.size != 0) {
                System.gc()
                delay(20.milliseconds)
                now = liveObjects()
            }
        }
        assertEquals(expected, now)
        assertEquals(0, uniffiContinuationHandleMap.size, "waits that nobody ends")
    }

    @Test
    fun `ten thousand calls leave nothing on either side`() = chat { world ->
        world.alice.messages.send(world.toBob, "hello").await()
        settled()
        repeat(500) { world.alice.messages.send(world.toBob, "$it") }
        repeat(9_500) { number ->
            when (number % 3) {
                0 -> world.alice.conversations.totalUnread()
                1 -> world.alice.messages.get(MessageId("0".repeat(32) + "-" + "0".repeat(16)))
                else -> runCatching { world.alice.messages.history(world.toBob, 0) }
            }
        }
        settled()
    }

    @Test
    fun `a thousand subscriptions leave nothing on either side`() = chat { world ->
        world.alice.messages.send(world.toBob, "hello").await()
        settled()
        repeat(250) {
            world.alice.conversations.observe().first()
            world.alice.messages.observe(world.toBob).first()
            world.alice.messages.observeIn(this, world.toBob).close()
            val following = launch(start = CoroutineStart.UNDISPATCHED) { world.alice.events.collect() }
            following.cancelAndJoin()
        }
        settled()
    }
}
