package im.whinchat.testing

import im.whinchat.ConversationId
import im.whinchat.UserId
import im.whinchat.Whinchat
import im.whinchat.WhinchatException
import im.whinchat.use
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Assertions.assertEquals
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** Nothing here takes longer, unless it never ends. */
val PATIENCE: Duration = 30.seconds

/** A test that may wait, on threads as an app has them. */
fun test(work: suspend CoroutineScope.() -> Unit): Unit = runBlocking(Dispatchers.Default) {
    withTimeout(PATIENCE * 3) { work() }
}

/** Two people who are logged in. */
class World(val server: TestServer, val alice: Whinchat, val bob: Whinchat) {
    val toBob = ConversationId.of(UserId("bob"))
    val toAlice = ConversationId.of(UserId("alice"))
}

/** A test with Alice and Bob. */
fun chat(work: suspend CoroutineScope.(World) -> Unit): Unit = test {
    TestServer().use { server ->
        server.client("alice").use { alice ->
            server.client("bob").use { bob ->
                alice.login(UserId("alice"), server.userSig("alice"))
                bob.login(UserId("bob"), server.userSig("bob"))
                work(World(server, alice, bob))
            }
        }
    }
}

/** The first value for which this holds; it has to come soon. */
suspend fun <T> Flow<T>.await(predicate: (T) -> Boolean): T = withTimeout(PATIENCE) { first { predicate(it) } }

/** What must fail, with this code. */
suspend fun assertCode(code: Int, work: suspend () -> Any?): WhinchatException {
    try {
        val given = work()
        throw AssertionError("expected $code, was given $given")
    } catch (error: WhinchatException) {
        assertEquals(code, error.code, error.toString())
        return error
    }
}
