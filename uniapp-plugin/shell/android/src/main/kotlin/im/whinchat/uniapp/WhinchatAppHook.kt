package im.whinchat.uniapp

import android.app.Application
import android.content.Context
import io.dcloud.feature.uniapp.AbsSDKInstance
import io.dcloud.feature.uniapp.UniAppHookProxy

/**
 * What the runtime calls when the app starts. That is before the person has agreed to anything: the application is kept, and
 * whether somebody looks at the app is counted; nothing else happens.
 */
public class WhinchatAppHook : UniAppHookProxy {
    override fun onCreate(application: Application) {
        AndroidApp.install(application)
    }

    /** The core lives in the app's main process alone. */
    override fun onSubProcessCreate(application: Application) {}
}

/** For an app whose configuration does not name the hook. */
internal object LateHook {
    fun install(instance: AbsSDKInstance) {
        val context: Context? = instance.getContext()
        val application = if (context == null) null else context.getApplicationContext()
        if (application is Application) AndroidApp.install(application)
    }
}
