package im.whinchat

import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.File
import java.lang.reflect.Modifier

class PackageTest {
    private val root = File(System.getProperty("whinchat.workspace"), "bindings/kotlin/sdk/src/main/kotlin/im/whinchat")

    @Test
    fun `models know nothing of the generated code`() {
        // What has to be changed when another generator takes the place of this one.
        val services = setOf(
            "Whinchat.kt", "Messages.kt", "Conversations.kt", "Groups.kt", "SendHandle.kt", "Inbox.kt",
            "Calls.kt", "Library.kt", "Log.kt", "Translate.kt", "Live.kt",
        )
        val naming = root.walk().filter { it.extension == "kt" && "im.whinchat.ffi" in it.readText() }.map { it.name }
        assertTrue(naming.all { it in services }, naming.toString())
    }

    @Test
    fun `nothing generated is in a signature that apps see`() {
        for (type in listOf(Whinchat::class, Messages::class, Conversations::class, Groups::class, SendHandle::class)) {
            val shown = type.java.methods.filter { !it.isSynthetic && Modifier.isPublic(it.modifiers) && it.declaringClass == type.java }
            for (method in shown) {
                val named = method.parameterTypes.toList() + method.returnType
                assertTrue(named.none { it.name.startsWith("im.whinchat.ffi") }, method.toString())
            }
        }
    }
}
