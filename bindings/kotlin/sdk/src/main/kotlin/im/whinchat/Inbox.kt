package im.whinchat

import im.whinchat.internal.Library
import im.whinchat.internal.call
import im.whinchat.ffi.inboxPut
import java.io.File

/** Messages that a push service leaves for the app while no client runs. */
public object Inbox {
    /**
     * Leaves a message for the app, from another process or a notification service: no client is needed, and it may run beside
     * one. The next login takes it in. Leaving the same message twice does no harm.
     *
     * @param dataDir the folder of the app's client.
     * @param entryPush what the push service brought.
     * @throws WhinchatException 7003 a malformed user id, 6017 the bytes are not such a message, 6022 the folder cannot be
     * written.
     */
    public suspend fun put(dataDir: File, appId: Long, user: UserId, entryPush: ByteArray) {
        Library.require()
        call { inboxPut(dataDir.path, appId.coerceAtLeast(0).toULong(), user.value, entryPush) }
    }
}
