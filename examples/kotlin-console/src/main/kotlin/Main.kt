package console

import im.whinchat.ConnectionState
import im.whinchat.Whinchat
import im.whinchat.WhinchatException
import im.whinchat.use
import kotlinx.coroutines.runBlocking
import java.io.File
import kotlin.system.exitProcess

private const val USAGE = """
A chat in the terminal.

    whinchat serve --automatic-signatures
    mvn -q compile exec:java -Dexec.args="alice ws://127.0.0.1:PORT"

USER SERVER [SIGNATURE [FOLDER [APP_ID]]]
"""

fun main(args: Array<String>): Unit = runBlocking {
    if (args.size < 2) {
        println(USAGE.trim())
        exitProcess(2)
    }
    val (user, server) = args
    val folder = File(args.getOrElse(3) { "data/$user" })
    try {
        Whinchat(server, args.getOrElse(4) { "1400000001" }.toLong(), folder).use { client ->
            Console(client, System.`in`.bufferedReader(), ::println).run(user, args.getOrElse(2) { "" })
        }
    } catch (e: WhinchatException) {
        println("! ${e.message}")
        exitProcess(1)
    }
}

internal fun describe(state: ConnectionState): String = when (state) {
    ConnectionState.Connected -> "connected"
    ConnectionState.Connecting -> "connecting ..."
    is ConnectionState.Waiting -> "no connection: ${state.error.message}"
    ConnectionState.Paused -> "asleep"
    ConnectionState.LoggedOut -> "logged out"
}
