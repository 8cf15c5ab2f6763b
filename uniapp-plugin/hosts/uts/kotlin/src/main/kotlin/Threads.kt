@file:Suppress("UNUSED_PARAMETER")

package android.os

public class Looper {
    public companion object {
        @JvmStatic public fun getMainLooper(): Looper = Looper()
    }
}

public class Handler(looper: Looper) {
    public fun post(work: Runnable): Boolean = true
}
