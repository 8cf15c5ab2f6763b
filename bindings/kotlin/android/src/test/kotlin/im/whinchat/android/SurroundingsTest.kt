package im.whinchat.android

import android.app.Activity
import android.app.Application
import android.content.Context
import android.net.ConnectivityManager
import org.junit.Assert.assertEquals
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowNetwork
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds

/** On Android's own classes, as Robolectric runs them: its `Application`, its activities, its network callbacks. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [35], manifest = Config.NONE)
class SurroundingsTest {
    private val told = LinkedBlockingQueue<String>()
    private val follower = object : Follower {
        override fun setForeground(isForeground: Boolean) {
            told += if (isForeground) "foreground" else "background"
        }

        override fun networkChanged() {
            told += "network"
        }

        override suspend fun pause() {
            told += "pause"
        }

        override suspend fun resume() {
            told += "resume"
        }
    }
    private val application: Application = RuntimeEnvironment.getApplication()

    private fun following(pauseAfter: Duration? = null, work: () -> Unit) =
        Surroundings.follow(application, follower, pauseAfter).use { work() }

    private fun next(): String? = told.poll(10, TimeUnit.SECONDS)

    @Test
    fun `an app is looked at as long as one of its activities is`() = following {
        val first = Robolectric.buildActivity(Activity::class.java).create().start()
        val second = Robolectric.buildActivity(Activity::class.java).create().start()
        first.stop()
        second.stop()
        assertEquals(listOf("foreground", "background"), told.toList())
    }

    @Test
    fun `a client sleeps when it was out of sight for long, and wakes`() = following(1.milliseconds) {
        val activity = Robolectric.buildActivity(Activity::class.java).create().start()
        assertEquals("foreground", next())
        activity.stop()
        assertEquals("background", next())
        assertEquals("pause", next())
        activity.start()
        assertEquals("foreground", next())
        assertEquals("resume", next())
    }

    @Test
    fun `another network is told, the first one is not`() = following {
        val manager = application.getSystemService(Context.CONNECTIVITY_SERVICE) as ConnectivityManager
        val callback = shadowOf(manager).networkCallbacks.single()
        val (wifi, mobile) = listOf(ShadowNetwork.newInstance(1), ShadowNetwork.newInstance(2))
        callback.onAvailable(wifi)
        assertEquals(emptyList<String>(), told.toList())
        callback.onAvailable(mobile)
        callback.onLost(mobile)
        callback.onAvailable(mobile)
        assertEquals(listOf("network", "network"), told.toList())
    }

    @Test
    fun `nothing is told after the end`() {
        val manager = application.getSystemService(Context.CONNECTIVITY_SERVICE) as ConnectivityManager
        following { }
        Robolectric.buildActivity(Activity::class.java).create().start()
        assertEquals(0, shadowOf(manager).networkCallbacks.size)
        assertEquals(emptyList<String>(), told.toList())
    }
}
