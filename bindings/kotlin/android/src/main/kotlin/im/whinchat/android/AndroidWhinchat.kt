package im.whinchat.android

import android.app.Application
import android.content.Context
import android.content.res.Configuration
import im.whinchat.DeviceKind
import im.whinchat.Whinchat
import im.whinchat.WhinchatConfig
import im.whinchat.WhinchatException
import java.io.File
import kotlin.time.Duration

/**
 * Makes a client for an Android app: its data lies where no backup takes it along (a copy on another phone would be the same
 * device twice), and the device is a phone or a tablet. It touches the disk.
 *
 * ```kotlin
 * val chat = androidWhinchat(this, "wss://chat.example.com", appId = 1400000001)
 * chat.follow(this)
 * ```
 *
 * @throws WhinchatException as the constructor of [Whinchat].
 */
@JvmOverloads
public fun androidWhinchat(
    context: Context,
    server: String,
    appId: Long,
    configure: WhinchatConfig.Builder.() -> Unit = {},
): Whinchat = Whinchat(server, appId, File(context.noBackupFilesDir, "whinchat")) {
    deviceKind = if (isTablet(context)) DeviceKind.TABLET else DeviceKind.ANDROID
    configure()
}

private fun isTablet(context: Context): Boolean {
    val size = context.resources.configuration.screenLayout and Configuration.SCREENLAYOUT_SIZE_MASK
    return size >= Configuration.SCREENLAYOUT_SIZE_LARGE
}

/**
 * Tells the client what Android knows: whether an activity of the app is on the screen, and that the network is another one. Call
 * it once, from `Application.onCreate`; from another moment on, the client takes it that the app is looked at until an activity
 * stops.
 *
 * @param pauseAfter puts the client to sleep when the app was out of sight for so long, and wakes it when it comes back; `null`,
 * the default, leaves it connected for as long as the system lets the app run.
 * @return ends it.
 */
@JvmSynthetic
public fun Whinchat.follow(application: Application, pauseAfter: Duration? = null): AutoCloseable =
    Surroundings.follow(application, this.asFollower(), pauseAfter)

/** [follow] for Java. A [pauseAfterMillis] below zero leaves the client connected. */
@JvmOverloads
public fun follow(client: Whinchat, application: Application, pauseAfterMillis: Long = -1): AutoCloseable =
    client.follow(application, if (pauseAfterMillis < 0) null else with(Duration) { pauseAfterMillis.milliseconds })

private fun Whinchat.asFollower() = object : Follower {
    override fun setForeground(isForeground: Boolean) = this@asFollower.setForeground(isForeground)

    override fun networkChanged() = this@asFollower.networkChanged()

    override suspend fun pause() = this@asFollower.pause()

    override suspend fun resume() = this@asFollower.resume()
}
