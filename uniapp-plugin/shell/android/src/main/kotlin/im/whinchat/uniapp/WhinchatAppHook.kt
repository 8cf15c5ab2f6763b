package im.whinchat.uniapp

import android.app.Activity
import android.app.Application
import android.os.Bundle
import io.dcloud.feature.uniapp.AbsSDKInstance
import io.dcloud.feature.uniapp.UniAppHookProxy

/**
 * What the runtime calls when the app starts. That is before the person has agreed to anything: the application is kept, and
 * whether somebody looks at the app is counted; nothing else happens.
 */
public class WhinchatAppHook : UniAppHookProxy {
    override fun onCreate(application: Application) {
        Installation.install(application)
    }

    /** The core lives in the app's main process alone. */
    override fun onSubProcessCreate(application: Application) {}
}

/** Puts the platform in place, once. */
internal object Installation {
    /** For an app whose configuration does not name the hook. */
    fun installFrom(instance: AbsSDKInstance) {
        val application = instance.getContext().getApplicationContext()
        if (application is Application) install(application)
    }

    @Synchronized
    fun install(application: Application) {
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
