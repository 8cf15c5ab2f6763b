package im.whinchat

import im.whinchat.testing.TestServer
import im.whinchat.testing.test
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.future.await
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File
import im.whinchat.docs.en.Fragments as EnglishFragments
import im.whinchat.docs.en.Hello as EnglishHello
import im.whinchat.docs.en1.main as englishProgram
import im.whinchat.docs.zh.Fragments as ChineseFragments
import im.whinchat.docs.zh.Hello as ChineseHello
import im.whinchat.docs.zh1.main as chineseProgram

/** The code in docs/kotlin.md and its Chinese twin, taken out of them by `cargo xtask kotlin`. */
class DocumentationTest {
    private fun served(work: suspend (TestServer) -> Unit) = test {
        TestServer("--automatic-signatures").use { server -> work(server) }
    }

    private fun fragments(make: (Whinchat, CoroutineScope, suspend (String) -> String) -> List<suspend () -> Unit>) =
        served { server ->
            server.client("bob").use { it.login(UserId("bob"), "") }
            server.client("alice").use { alice ->
                alice.login(UserId("alice"), "")
                val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
                try {
                    for (fragment in make(alice, scope) { user -> server.userSig(user) }) fragment()
                } finally {
                    scope.cancel()
                }
            }
        }

    @Test
    fun `the fragments run, one after the other`() = fragments { chat, scope, sig -> EnglishFragments(chat, scope, sig).all }

    @Test
    fun `so do the Chinese ones`() = fragments { chat, scope, sig -> ChineseFragments(chat, scope, sig).all }

    @Test
    fun `the programs chat`(@TempDir folder: File) = served { server ->
        englishProgram(arrayOf(server.address, folder.resolve("en").path))
        chineseProgram(arrayOf(server.address, folder.resolve("zh").path))
    }

    @Test
    fun `the Java code says hello`() = served { server ->
        server.client("bob").use { it.login(UserId("bob"), "") }
        assertEquals("hello", EnglishHello.sayHello(server.address, server.folder("a"), Runnable::run).await().text)
        assertEquals("你好", ChineseHello.sayHello(server.address, server.folder("b"), Runnable::run).await().text)
    }
}
