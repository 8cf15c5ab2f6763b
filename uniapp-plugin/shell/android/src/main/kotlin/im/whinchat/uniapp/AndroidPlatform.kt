package im.whinchat.uniapp

import android.app.Application
import android.content.Context
import android.content.pm.PackageManager
import android.net.ConnectivityManager
import android.net.Network
import android.net.NetworkCapabilities
import android.net.NetworkRequest
import android.util.Log

/** From this width on Android takes the layouts of tablets. */
private const val TABLET_DP = 600

/** Android, from version 5.0 on. */
internal class AndroidPlatform(private val application: Application) : Platform {
    override fun documents(): String = application.getFilesDir().getPath() + "/whinchat"

    override fun kind(): String {
        val named = manifest("im.whinchat.platform")
        if (named != null) return named
        val width = application.getResources().getConfiguration().smallestScreenWidthDp
        return if (width >= TABLET_DP) "tablet" else "android"
    }

    override fun server(): String? = manifest("im.whinchat.server")

    override fun watchNetwork(changed: Runnable) {
        val networks = application.getSystemService(Context.CONNECTIVITY_SERVICE)
        if (networks !is ConnectivityManager) return
        val request = NetworkRequest.Builder().addCapability(NetworkCapabilities.NET_CAPABILITY_INTERNET).build()
        try {
            networks.registerNetworkCallback(request, Arrival(changed))
        } catch (error: RuntimeException) {
            // Without the permission, or with too many of them, the core still tries again by itself, only later.
            log(Log.WARN, "nobody tells when the network changes: $error")
        }
    }

    override fun log(level: Int, text: String) {
        Log.println(level, "Whinchat", text)
    }

    /** A parameter of the plugin that the app's developer filled in. */
    private fun manifest(key: String): String? {
        val packages = application.getPackageManager()
        val data = try {
            packages.getApplicationInfo(application.getPackageName(), PackageManager.GET_META_DATA).metaData
        } catch (error: PackageManager.NameNotFoundException) {
            null
        }
        val value = if (data == null) null else data.getString(key)
        return if (value == null || value.isEmpty()) null else value
    }

    private class Arrival(private val changed: Runnable) : ConnectivityManager.NetworkCallback() {
        override fun onAvailable(network: Network) {
            changed.run()
        }
    }
}
