package im.whinchat.example

import android.app.Application
import im.whinchat.Whinchat
import im.whinchat.android.androidWhinchat
import im.whinchat.android.follow

/** Your server. In the emulator, 10.0.2.2 is the computer that it runs on. */
private const val SERVER = "ws://10.0.2.2:7200"
private const val APP_ID = 1400000001L

class ChatApplication : Application() {
    /** One client for the whole app, for as long as its process lives. */
    lateinit var chat: Whinchat
        private set

    override fun onCreate() {
        super.onCreate()
        chat = androidWhinchat(this, SERVER, APP_ID)
        chat.follow(this)
    }
}
