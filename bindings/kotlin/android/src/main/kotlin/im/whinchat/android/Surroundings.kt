package im.whinchat.android

import android.app.Activity
import android.app.Application
import android.content.Context
import android.net.ConnectivityManager
import android.net.LinkProperties
import android.net.Network
import android.os.Bundle
import im.whinchat.WhinchatException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import java.util.logging.Level
import java.util.logging.Logger
import kotlin.time.Duration

/** What a client wants to know of the phone. */
internal interface Follower {
    fun setForeground(isForeground: Boolean)

    fun networkChanged()

    suspend fun pause()

    suspend fun resume()
}

/** Everything of Android that the client is told, in one place. */
internal class Surroundings private constructor(
    private val application: Application,
    private val follower: Follower,
    private val pauseAfter: Duration?,
) : AutoCloseable {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
    private val turn = Mutex()
    private var sleeping: Job? = null
    private var isAsleep = false

    /** Activities between start and stop: one on the screen more than none is being looked at. */
    private var started = 0

    private val activities = object : Application.ActivityLifecycleCallbacks {
        override fun onActivityStarted(activity: Activity) {
            started++
            if (started == 1) cameForward()
        }

        override fun onActivityStopped(activity: Activity) {
            if (started == 0) return // It was started before anybody counted.
            started--
            // A turned phone stops an activity and starts it again.
            if (started == 0 && !activity.isChangingConfigurations) wentBack()
        }

        override fun onActivityCreated(activity: Activity, state: Bundle?) = Unit

        override fun onActivityResumed(activity: Activity) = Unit

        override fun onActivityPaused(activity: Activity) = Unit

        override fun onActivitySaveInstanceState(activity: Activity, state: Bundle) = Unit

        override fun onActivityDestroyed(activity: Activity) = Unit
    }

    private val networks = object : ConnectivityManager.NetworkCallback() {
        private var current: Network? = null
        private var addresses: LinkProperties? = null
        private var isFirst = true

        override fun onAvailable(network: Network) {
            // The first one is told of at once: it is where the client is.
            if (!isFirst && current != network) follower.networkChanged()
            isFirst = false
            current = network
            addresses = null
        }

        override fun onLinkPropertiesChanged(network: Network, properties: LinkProperties) {
            // Other addresses on the same network break a connection as another network does.
            if (addresses != null && addresses?.linkAddresses != properties.linkAddresses) follower.networkChanged()
            addresses = properties
        }

        override fun onLost(network: Network) {
            if (network == current) current = null
        }
    }

    private fun cameForward() {
        sleeping?.cancel()
        sleeping = null
        follower.setForeground(true)
        if (pauseAfter != null) {
            scope.launch {
                turn.withLock {
                    if (isAsleep) quietly { follower.resume() }
                    isAsleep = false
                }
            }
        }
    }

    private fun wentBack() {
        follower.setForeground(false)
        val patience = pauseAfter ?: return
        sleeping = scope.launch {
            delay(patience)
            turn.withLock {
                isAsleep = true
                quietly { follower.pause() }
            }
        }
    }

    private suspend fun quietly(work: suspend () -> Unit) {
        try {
            work()
        } catch (error: WhinchatException) {
            // Closed meanwhile, or the folder is taken: the app learns it from its next call.
            LOG.log(Level.INFO, "the client did not follow the app: {0}", error.toString())
        }
    }

    private fun begin() {
        application.registerActivityLifecycleCallbacks(activities)
        connectivity?.registerDefaultNetworkCallback(networks)
    }

    private val connectivity: ConnectivityManager?
        get() = application.getSystemService(Context.CONNECTIVITY_SERVICE) as ConnectivityManager?

    override fun close() {
        application.unregisterActivityLifecycleCallbacks(activities)
        try {
            connectivity?.unregisterNetworkCallback(networks)
        } catch (_: IllegalArgumentException) {
            // Android says so the second time.
        }
        scope.cancel()
    }

    companion object {
        private val LOG = Logger.getLogger("im.whinchat")

        fun follow(application: Application, follower: Follower, pauseAfter: Duration?): AutoCloseable =
            Surroundings(application, follower, pauseAfter).apply { begin() }
    }
}
