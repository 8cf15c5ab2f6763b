package im.whinchat.testing

import im.whinchat.Whinchat
import im.whinchat.WhinchatConfig
import java.io.File
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit

/** A real server: its own process, on a free port of this machine, over a folder of its own. It can be stopped and come back. */
class TestServer(private vararg val flags: String) : AutoCloseable {
    private val root: Path = Files.createTempDirectory("whinchat-kotlin")
    private val data = root.resolve("server").toFile()
    private var process: Process? = null
    private var port = 0

    val address: String get() = "ws://127.0.0.1:$port"

    init {
        start()
    }

    /** Starts it, on the port that it had. */
    fun start() {
        val started = ProcessBuilder(BINARY, "serve", "--listen", "127.0.0.1:$port", "--data", data.path, *flags)
            .redirectErrorStream(true)
            .start()
        process = started
        val said = StringBuilder()
        val lines = started.inputStream.bufferedReader()
        while (true) {
            val line = lines.readLine() ?: error("the server ended:\n$said")
            said.appendLine(line)
            READY.find(line)?.let { port = it.groupValues[1].toInt() }
            // What `whinchat sig` needs is there from this line on.
            if (line.trimStart().startsWith("Ctrl-C")) break
        }
        // Somebody has to read what it says, or it waits.
        Thread { lines.forEachLine { } }.apply { isDaemon = true }.start()
    }

    /** Ends it in order. */
    fun stop() {
        process?.run {
            destroy()
            check(waitFor(30, TimeUnit.SECONDS)) { "the server does not end" }
        }
        process = null
    }

    /** A signature for a user, as a backend would make it. */
    fun userSig(user: String): String {
        val made = ProcessBuilder(BINARY, "sig", "make", "--user", user, "--data", data.path)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start()
        val sig = made.inputStream.bufferedReader().readText().trim()
        check(made.waitFor() == 0) { "no signature" }
        return sig
    }

    /** A folder for a device. */
    fun folder(device: String): File = root.resolve(device).toFile()

    fun client(device: String, configure: WhinchatConfig.Builder.() -> Unit = {}): Whinchat =
        Whinchat(address, APP_ID, folder(device), configure)

    override fun close() {
        stop()
        root.toFile().deleteRecursively()
    }

    companion object {
        const val APP_ID = 1400000001L
        private val READY = Regex("ready at ws://127\\.0\\.0\\.1:(\\d+)")
        val BINARY: String = System.getProperty("whinchat.binary") ?: error("whinchat.binary says where `whinchat` is")
    }
}
