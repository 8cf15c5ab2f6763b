package im.whinchat

/** Something that the app may want to show. From [Whinchat.events]. Newer versions may tell more: let a `when` have an `else`. */
public sealed interface Event {
    /** The connection's state changed. */
    public data class ConnectionChanged(val state: ConnectionState) : Event

    /** After connecting: what was missed is being fetched. */
    public data object SyncStarted : Event

    /** What was missed is stored. */
    public data object SyncFinished : Event

    /** Fetching what was missed met an error; it is tried again. */
    public data class SyncFailed(val error: WhinchatError) : Event

    /** A new message is stored: from others, or from another device of one's own. */
    public data class MessageReceived(val message: Message) : Event

    /** A message that is stored nowhere. */
    public data class EphemeralReceived(val message: Message) : Event

    /** A message sent from here got further: stored at the server, failed, or queued again. */
    public data class MessageChanged(val message: Message) : Event

    /** A conversation is in the list that was not there before. */
    public data class ConversationAdded(val conversation: Conversation) : Event

    /** A conversation has a new state. Bursts are merged. */
    public data class ConversationChanged(val conversation: Conversation) : Event

    /** A conversation is gone. */
    public data class ConversationRemoved(val conversation: ConversationId) : Event

    /** The other person has read one's messages further than before. Bursts are merged. */
    public data class ReceiptReceived(
        /** Which conversation. */
        val conversation: ConversationId,
        /** Everything up to this place is read. */
        val seq: Long,
        /** Time of the newest message up to there that is on this device, in milliseconds since the epoch; 0 for none. */
        val timeMillis: Long,
    ) : Event

    /** Messages were deleted, here or on another device of the user. */
    public data class MessagesDeleted(
        /** Which conversation. */
        val conversation: ConversationId,
        /** Their ids. */
        val ids: List<MessageId>,
    ) : Event

    /** Somebody has begun to type, or has stopped. It ends by itself when nothing more is heard, and with a message. */
    public data class Typing(
        /** Where. */
        val conversation: ConversationId,
        /** Who. */
        val user: UserId,
        /** `false` when it has ended. */
        val isActive: Boolean,
    ) : Event

    /** The number of unread messages over all conversations changed. */
    public data class TotalUnreadChanged(val count: Long) : Event

    /** Another device of the same kind has logged in, or an administrator has ended the session: now logged out. */
    public data class KickedOffline(val error: WhinchatError) : Event

    /** The signature ends soon: fetch a fresh one and give it to [Whinchat.renew]. Told once for each signature. */
    public data class LoginExpiring(
        /** In how many seconds, by the server's clock. */
        val inSeconds: Long,
    ) : Event

    /** The signature is no longer good: now logged out; log in with a fresh one. */
    public data class LoginExpired(val error: WhinchatError) : Event

    /** The local copy of what the server has was damaged; it was set aside and is being fetched again. */
    public data class StoreReset(
        /** Where the damaged file is. */
        val setAside: String,
    ) : Event
}
