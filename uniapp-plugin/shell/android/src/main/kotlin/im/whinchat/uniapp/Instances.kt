package im.whinchat.uniapp

import io.dcloud.feature.uniapp.AbsSDKInstance
import java.lang.ref.WeakReference

/** Which page belongs to which JavaScript instance of the runtime. */
internal object Instances {
    private val known = HashMap<String, WeakReference<AbsSDKInstance>>()

    /** The page of an instance; null if that is destroyed. */
    @Synchronized
    fun page(instance: AbsSDKInstance?): Page? {
        if (instance == null || instance.isDestroy()) return null
        if (!Core.isInstalled()) LateHook.install(instance)
        val id = instance.getInstanceId()
        val reference = known.get(id)
        if (reference == null || reference.get() !== instance) {
            // The id of an instance that was destroyed unheard may come again.
            if (reference != null) Core.leave(id)
            sweep()
            known.put(id, WeakReference(instance))
        }
        return Core.page(id)
    }

    @Synchronized
    fun leave(instance: AbsSDKInstance?) {
        if (instance == null) return
        val id = instance.getInstanceId()
        val reference = known.get(id)
        if (reference == null || reference.get() !== instance) return
        known.remove(id)
        Core.leave(id)
    }

    /** Ends the pages of instances whose end nobody was told of. */
    private fun sweep() {
        val entries = known.entries.iterator()
        while (entries.hasNext()) {
            val entry = entries.next()
            val instance = entry.value.get()
            if (instance == null || instance.isDestroy()) {
                entries.remove()
                Core.leave(entry.key)
            }
        }
    }
}
