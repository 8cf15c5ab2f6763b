package im.whinchat

import im.whinchat.testing.TestServer
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File

/** What an app sees whose library is missing or of another release. A process has one library, so each case gets its own. */
class LibraryTest {
    /** Runs [main] with another library; the process has to end by itself, and well. */
    private fun run(library: File, work: File): List<String> {
        val java = File(System.getProperty("java.home"), "bin/java").path
        val process = ProcessBuilder(
            java,
            "-classpath",
            System.getProperty("java.class.path").split(File.pathSeparator)
                // The packed library would be found there.
                .map { if (it.endsWith("classes")) withoutLibrary(File(it), work) else it }
                .joinToString(File.pathSeparator),
            "-Djna.library.path=${library.path}",
            "-Dwhinchat.binary=${TestServer.BINARY}",
            "im.whinchat.LibraryTestKt",
            work.path,
        ).redirectErrorStream(true).apply {
            // Cargo names its folder there, with the library that fits.
            environment().keys.removeAll(setOf("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH"))
        }.start()
        val said = process.inputStream.bufferedReader().readLines()
        assertEquals(0, process.waitFor(), said.joinToString("\n"))
        return said
    }

    private fun withoutLibrary(classes: File, work: File): String {
        val copy = work.resolve("classes-${classes.path.hashCode()}")
        if (!copy.exists()) {
            classes.walk().filter { it.isFile && "libwhinchat" !in it.name }.forEach {
                it.copyTo(copy.resolve(it.relativeTo(classes)))
            }
        }
        return copy.path
    }

    private fun compile(folder: File, code: String) {
        folder.mkdirs()
        val source = folder.resolve("whinchat.c").apply { writeText(code) }
        val library = folder.resolve(System.mapLibraryName("whinchat"))
        val compiled = ProcessBuilder(System.getenv("CC") ?: "cc", "-shared", "-fPIC", "-o", library.path, source.path)
            .inheritIO().start().waitFor()
        assertEquals(0, compiled)
    }

    @Test
    fun `a library of another version is a typed error, each time`(@TempDir work: File) {
        val folder = work.resolve("other")
        compile(folder, "unsigned long long whinchat_ffi_contract(void) { return 42; }\n")
        assertEquals(List(3) { "7013 request.unsupported version=true" }, run(folder, work))
    }

    @Test
    fun `a library without our functions is a typed error`(@TempDir work: File) {
        val folder = work.resolve("foreign")
        compile(folder, "int something_else(void) { return 42; }\n")
        assertEquals(List(3) { "7013 request.unsupported version=false" }, run(folder, work))
    }

    @Test
    fun `a missing library is a typed error`(@TempDir work: File) {
        val folder = work.resolve("nothing").apply { mkdirs() }
        assertEquals(List(3) { "7013 request.unsupported version=false" }, run(folder, work))
    }

    @Test
    fun `the library that fits tells its version`() {
        assertTrue(Regex("\\d+\\.\\d+\\.\\d+").matches(Whinchat.version), Whinchat.version)
    }
}

/** Asks for a client three times and prints what it is told. */
fun main(args: Array<String>) {
    repeat(3) {
        try {
            Whinchat("ws://127.0.0.1:1", 1, File(args[0], "data"))
            println("a client")
        } catch (error: WhinchatException) {
            println("${error.code} ${error.name} version=${"of another version" in error.message}")
        }
    }
}
