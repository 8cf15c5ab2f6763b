package console

import im.whinchat.Whinchat
import im.whinchat.use
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.io.PipedReader
import java.io.PipedWriter
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit

/** Two people at two terminals. */
class ConsoleTest {
    private class Terminal(scope: CoroutineScope, server: String, user: String, folder: File) {
        private val keys = PipedWriter()
        private val lines = LinkedBlockingQueue<String>()
        private val input = PipedReader(keys, 4_096).buffered()
        val running = scope.launch(Dispatchers.IO) {
            Whinchat(server, 1400000001, folder).use { Console(it, input, lines::add).run(user, "") }
        }

        fun type(line: String) {
            keys.write(line + "\n")
            keys.flush()
        }

        fun expect(text: String) {
            val seen = mutableListOf<String>()
            while (true) {
                val line = lines.poll(30, TimeUnit.SECONDS) ?: throw AssertionError("no \"$text\" in $seen")
                seen += line
                if (text in line) return
            }
        }
    }

    @Test
    fun `two people chat`(@TempDir folder: File): Unit = runBlocking(Dispatchers.IO) {
        val server = ProcessBuilder(
            System.getProperty("whinchat.binary"), "serve", "--listen", "127.0.0.1:0", "--automatic-signatures",
            "--data", folder.resolve("server").path,
        ).redirectErrorStream(true).start()
        try {
            val said = server.inputStream.bufferedReader()
            val address = generateSequence(said::readLine).first { "ready at " in it }.substringAfter("ready at ").trim()
            val alice = Terminal(this, address, "alice", folder.resolve("alice"))
            val bob = Terminal(this, address, "bob", folder.resolve("bob"))
            alice.expect("hello, alice")
            bob.expect("hello, bob")
            alice.type("to whom?")
            alice.expect("! nothing is open")
            alice.type("/to bob")
            alice.type("hello")
            alice.expect("alice: hello")
            bob.expect("alice: hello")
            bob.type("/to alice")
            bob.type("hello yourself")
            alice.expect("bob: hello yourself")
            alice.type("/group team bob nobody")
            alice.expect("! nobody: ")
            bob.expect("invited by alice: bob")
            alice.type("/nonsense")
            alice.expect("! no such command")
            alice.type("/to")
            alice.expect("! ")
            alice.type("/list")
            alice.expect("c2c_bob")
            for (terminal in listOf(alice, bob)) {
                terminal.type("/quit")
                terminal.running.join()
            }
        } finally {
            coroutineContext[kotlinx.coroutines.Job]?.children?.forEach { it.cancelAndJoin() }
            server.destroy()
            server.waitFor()
        }
    }
}
