package im.whinchat.uniapp

import android.app.Activity
import android.app.Application
import android.os.Bundle

/**
 * The app that the core lives in. Nothing of the vendor's is named here, nor in what this and [Core] name: the UTS plugin has the
 * same classes, in apps without the runtime for native plugins.
 */
public object AndroidApp {
    /** Puts the platform in place, and counts from now on whether somebody looks at the app. What comes later does nothing. */
    @JvmStatic
    @Synchronized
    public fun install(application: Application) {
        if (Core.isInstalled()) return
        Core.install(AndroidPlatform(application))
        application.registerActivityLifecycleCallbacks(Lookers())
    }
}

/** Somebody looks at the app while one of its activities is on the screen. */
private class Lookers : Application.ActivityLifecycleCallbacks {
    private var shown = 0

    override fun onActivityStarted(activity: Activity) {
        shown++
        Core.setForeground(true)
    }

    override fun onActivityStopped(activity: Activity) {
        // One that turns with the device is on the screen again at once.
        if (shown > 0) shown--
        if (shown == 0 && !activity.isChangingConfigurations()) Core.setForeground(false)
    }

    override fun onActivityCreated(activity: Activity, savedInstanceState: Bundle?) {}

    override fun onActivityResumed(activity: Activity) {}

    override fun onActivityPaused(activity: Activity) {}

    override fun onActivitySaveInstanceState(activity: Activity, outState: Bundle) {}

    override fun onActivityDestroyed(activity: Activity) {}
}
