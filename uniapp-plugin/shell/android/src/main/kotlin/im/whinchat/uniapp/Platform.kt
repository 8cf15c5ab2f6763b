package im.whinchat.uniapp

/** What the shell wants of the system that it runs on. Asked on threads of the shell's own, from the first call of JavaScript on. */
public interface Platform {
    /** The folder for the data of an app that names none in `init`. */
    public fun documents(): String

    /** What kind of device it is, for the rule of one session each: `android`, `tablet`, … */
    public fun kind(): String

    /** The server's address from the app's manifest, for an `init` that names none; null if there is none. */
    public fun server(): String?

    /** Calls [changed] from now on, whenever the device may be on another network. */
    public fun watchNetwork(changed: Runnable)

    /** Writes to the system's log; [level] as in `android.util.Log`. */
    public fun log(level: Int, text: String)
}
