@file:Suppress("UNUSED_PARAMETER")

// As much of the vendor's library as the plugin's Kotlin names, by the names that its compiler writes.
package io.dcloud.uts

import android.content.Context
import kotlinx.coroutines.Deferred

public object UTSAndroid {
    public fun getAppContext(): Context? = null
}

public class UTSJSONObject

public object JSON {
    public fun stringify(value: Any?): String = "$value"

    public fun parseObject(text: String): UTSJSONObject? = null
}

public class UTSPromise<T>(run: (resolve: (T) -> Unit, reject: (Any?) -> Unit) -> Unit)

public class UTSCallback {
    public var fnJS: Any? = null

    public operator fun invoke(vararg arguments: Any?) {}
}

public fun <T> toDeferred(promise: UTSPromise<T>): Deferred<T> = throw UnsupportedOperationException("a stand-in")

public class Map<K, V>

public class Set<T>
