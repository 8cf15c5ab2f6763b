package im.whinchat.bench

import im.whinchat.ConversationId
import im.whinchat.Event
import im.whinchat.UserId
import im.whinchat.testing.TestServer
import im.whinchat.use
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.filterIsInstance
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import java.io.File
import kotlin.time.Duration.Companion.milliseconds

private const val CALLS = 10_000
private const val PAGES = 2_000
private const val EVENTS = 10_000

/** What a call costs from Kotlin, with the same calls in Rust before and after in the same job. */
fun main(): Unit = runBlocking(Dispatchers.Default) {
    val rows = linkedMapOf<String, Any>()
    rows["floorBefore"] = floor()
    TestServer("--requests-per-second", "1000000", "--request-burst", "1000000").use { server ->
        server.client("alice").use { alice ->
            server.client("bob").use { bob ->
                alice.login(UserId("alice"), server.userSig("alice"))
                bob.login(UserId("bob"), server.userSig("bob"))
                val toBob = ConversationId.of(UserId("bob"))
                List(100) { alice.messages.send(toBob, "message number $it") }.forEach { it.await() }
                repeat(CALLS) { alice.isAccepted }
                rows["emptyCallNanos"] = median(50) { timed { repeat(CALLS) { alice.isAccepted } } / CALLS }
                repeat(500) { alice.messages.history(toBob, 100) }
                rows["pageOf100Nanos"] = median(PAGES) { timed { alice.messages.history(toBob, 100) } }
                rows["eventsFastMillis"] = events(alice, bob, toBob, 0) / 1_000_000
                rows["eventsSlowMillis"] = events(alice, bob, toBob, 1) / 1_000_000
            }
        }
    }
    rows["floorAfter"] = floor()
    val text = rows.entries.joinToString(",\n  ", "{\n  ", "\n}\n") { (name, value) -> "\"$name\": $value" }
    println(text)
    System.getProperty("whinchat.out")?.let { File(it).writeText(text) }
}

/** Ten thousand messages into a flow, from the first that is told to the last. A slow collector stops at every hundredth. */
private suspend fun events(
    alice: im.whinchat.Whinchat,
    bob: im.whinchat.Whinchat,
    toBob: ConversationId,
    pauseMillis: Int,
): Long = coroutineScope {
    var begun = 0L
    var count = 0
    val told = async(start = CoroutineStart.UNDISPATCHED) {
        bob.events.filterIsInstance<Event.MessageReceived>().onEach {
            if (count++ == 0) begun = System.nanoTime()
            if (pauseMillis > 0 && count % 100 == 0) delay(pauseMillis.milliseconds)
        }.take(EVENTS).toList()
        System.nanoTime() - begun
    }
    List(EVENTS) { async { alice.messages.send(toBob, "event") } }.forEach { it.await() }
    told.await()
}

private inline fun timed(work: () -> Unit): Long {
    val begun = System.nanoTime()
    work()
    return System.nanoTime() - begun
}

private inline fun median(times: Int, measure: () -> Long): Long = List(times) { measure() }.sorted()[times / 2]

/** One line of JSON, of the program that makes the same calls in Rust. */
private fun floor(): String {
    val program = System.getProperty("whinchat.floor") ?: return "null"
    val process = ProcessBuilder(program).redirectError(ProcessBuilder.Redirect.INHERIT).start()
    return process.inputStream.bufferedReader().readText().trim().ifEmpty { "null" }
}
