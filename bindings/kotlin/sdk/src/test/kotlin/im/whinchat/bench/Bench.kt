package im.whinchat.bench

import im.whinchat.ConversationId
import im.whinchat.Event
import im.whinchat.MessageId
import im.whinchat.UserId
import im.whinchat.Whinchat
import im.whinchat.ffi.liveObjects
import im.whinchat.testing.TestServer
import im.whinchat.use
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.flow.filterIsInstance
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import java.io.File
import java.lang.management.ManagementFactory
import javax.management.ObjectName
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

private const val MESSAGES = 100
private const val EVENTS = 10_000

/**
 * Does what each line of its input asks for and answers with a line of numbers, times in microseconds: the Kotlin side of
 * `cargo xtask kotlin bench`. Who asks has the same calls in Rust, and makes the figures.
 */
fun main(): Unit = runBlocking(Dispatchers.Default) {
    val many = arrayOf("--requests-per-second", "1000000", "--request-burst", "1000000", "--automatic-signatures")
    TestServer(*many).use { server ->
        server.client("alice").use { alice ->
            alice.login(UserId("alice"), "")
            val bench = Bench(server, alice)
            bench.prepare()
            for (line in generateSequence(::readLine)) {
                val words = line.split(' ')
                val answer = when (words[0]) {
                    "calls" -> listOf(bench.calls(words[1].toInt()))
                    "pages" -> bench.pages(words[1].toInt())
                    "events" -> listOf(bench.events(words[1].toLong()))
                    "memory" -> bench.memory(words[1].toLong())
                    "lives" -> bench.lives()
                    else -> error("nothing is known of `$line`")
                }
                println(answer.joinToString(" ", "= "))
            }
        }
    }
}

private class Bench(private val server: TestServer, private val alice: Whinchat) {
    private val toBob = ConversationId.of(UserId("bob"))
    private var writers = 0

    suspend fun prepare() {
        // Somebody can be written to once he has logged in.
        server.client("bob").use { it.login(UserId("bob"), "") }
        repeat(MESSAGES) { alice.messages.send(toBob, "message $it of those that a page holds").await() }
    }

    /** A call that gives a bit. */
    fun calls(times: Int): Double {
        val begun = System.nanoTime()
        repeat(times) { check(alice.isAccepted) }
        return (System.nanoTime() - begun) / 1_000.0 / times
    }

    suspend fun pages(times: Int): List<Double> = List(times) {
        val begun = System.nanoTime()
        val page = alice.messages.history(toBob, MESSAGES)
        val time = (System.nanoTime() - begun) / 1_000.0
        check(page.messages.size == MESSAGES)
        time
    }

    /** One of many events that wait already, for a collector who takes so long for each. */
    suspend fun events(slowMicros: Long): Double = written { writer, write ->
        val told = alice.eventsFromNow()
        write()
        // All of them are on the device before the first is taken.
        while (alice.conversations.get(ConversationId.of(writer))?.unreadCount != EVENTS.toLong()) delay(1.milliseconds)
        val begun = System.nanoTime()
        told.inOrder(writer, slowMicros) {}
        (System.nanoTime() - begun) / 1_000.0 / EVENTS
    }

    /**
     * MiB after each quarter of as many events, which come while a slow collector takes them: what lives in the heap, and what the
     * process has besides its heap, which is of a fixed size.
     */
    suspend fun memory(slowMicros: Long): List<Double> = written { writer, write ->
        val quarters = mutableListOf<Double>()
        val told = alice.eventsFromNow()
        val writing = async { write() }
        told.inOrder(writer, slowMicros) { count ->
            if (count % (EVENTS / 4) == 0) quarters += mebibytes()
        }
        writing.await()
        quarters
    }

    private suspend fun <T> written(work: suspend CoroutineScope.(UserId, suspend () -> Unit) -> T): T {
        val name = "writer-${writers++}"
        return server.client(name).use { client ->
            client.login(UserId(name), "")
            val toAlice = ConversationId.of(UserId("alice"))
            val write = suspend {
                val sent = coroutineScope { List(EVENTS) { async { client.messages.send(toAlice, "event $it") } }.awaitAll() }
                for (handle in sent) handle.await()
            }
            coroutineScope { work(UserId(name), write) }
        }
    }

    /** Takes all that somebody wrote: each, and in order. */
    private suspend fun Flow<Event>.inOrder(writer: UserId, slowMicros: Long, taken: (Int) -> Unit) {
        var count = 0
        val slowNanos = slowMicros * 1_000
        filterIsInstance<Event.MessageReceived>().take(EVENTS).collect {
            count += 1
            check(it.message.sender == writer && it.message.seq == count.toLong()) { "${it.message} came as number $count" }
            val begun = System.nanoTime()
            while (System.nanoTime() - begun < slowNanos) Thread.onSpinWait()
            taken(count)
        }
    }

    /** How many objects live before and after many calls and subscriptions: in the library, then those of the SDK here. */
    suspend fun lives(): List<Double> {
        repeat(2) { much() }
        val before = census(null)
        much()
        val after = census(before.first)
        return listOf(before.first, after.first, before.second, after.second).map(Int::toDouble)
    }

    private suspend fun much() {
        repeat(10_000) { number ->
            when (number % 3) {
                0 -> alice.conversations.totalUnread()
                1 -> alice.messages.get(MessageId("0".repeat(32) + "-" + "0".repeat(16)))
                else -> runCatching { alice.messages.history(toBob, 0) }
            }
        }
        coroutineScope {
            repeat(250) {
                alice.conversations.observe().first()
                alice.messages.observe(toBob).first()
                alice.messages.observeIn(this, toBob).close()
                val following = launch(start = CoroutineStart.UNDISPATCHED) { alice.events.collect() }
                following.cancelAndJoin()
            }
        }
    }

    /** What lives when nothing is under way any more: objects of this side go with the garbage, then those of the other do. */
    private suspend fun census(like: Int?): Pair<Int, Int> {
        val end = TimeSource.Monotonic.markNow() + 30.seconds
        var far: Int
        do {
            System.gc()
            delay(50.milliseconds)
            far = liveObjects().run { clients + services + attempts + sendHandles + subscriptions + cancelTokens }.toInt()
        } while (far != (like ?: 4) && end.hasNotPassedNow())
        return far to ownObjects()
    }
}

/** Instances of the SDK's classes that can be reached. */
private fun ownObjects(): Int {
    val histogram = ManagementFactory.getPlatformMBeanServer().invoke(
        ObjectName("com.sun.management:type=DiagnosticCommand"),
        "gcClassHistogram",
        arrayOf<Any?>(null),
        arrayOf(Array<String>::class.java.name),
    ) as String
    return histogram.lineSequence().map { it.trim().split(Regex("\\s+")) }
        .filter { it.size >= 4 && it[3].startsWith("im.whinchat.") && !it[3].startsWith("im.whinchat.bench.") }
        .sumOf { it[1].toInt() }
}

private fun mebibytes(): Double {
    System.gc()
    val heap = ManagementFactory.getMemoryMXBean().heapMemoryUsage
    val resident = File("/proc/self/statm").readText().split(' ')[1].toLong() * 4096
    return (resident - heap.committed + heap.used) / 1_048_576.0
}
