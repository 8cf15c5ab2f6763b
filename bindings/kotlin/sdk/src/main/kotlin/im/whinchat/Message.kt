package im.whinchat

/** A message as the app shows it. */
public data class Message(
    /** Its id; the same on every device, and from before it was sent. */
    val id: MessageId,
    /** The conversation it belongs to. */
    val conversation: ConversationId,
    /** Who wrote it. */
    val sender: UserId,
    /** Its place in the conversation, from 1; 0 while the server does not have it. */
    val seq: Long,
    /** The server's time when it was stored, in milliseconds since the epoch; before that, this device's when it was written. */
    val timeMillis: Long,
    /** How far it got. */
    val state: MessageState,
    /** Whether the user who is logged in wrote it, on any of his devices. */
    val isOwn: Boolean,
    /** What it holds; at least one. */
    val elements: List<Element>,
    /** Data of the app's own that travels with the message; often empty. */
    val customData: Bytes,
    /** It does not count as unread. */
    val isExcludedFromUnread: Boolean,
    /** It does not become the conversation's last message. */
    val isExcludedFromLastMessage: Boolean,
    /** Users named with an @. */
    val mentions: List<UserId>,
    /** Everybody is named with an @. */
    val mentionsAll: Boolean,
    /** The members of a group that it was sent to; empty for all of them. */
    val audience: List<UserId>,
    /** What the sender gave it. */
    val priority: Priority,
    /** Delivered to those who were online, and stored nowhere. */
    val isOnlineOnly: Boolean,
    /** One's own, with one person, and he has read it. Always `false` in groups. */
    val isReadByPeer: Boolean,
) {
    /** The text of its first text element; `null` when it has none. */
    val text: String?
        get() = elements.firstNotNullOfOrNull { (it as? Element.Text)?.text }
}

/** What may be dropped first in a room over its rate. */
public enum class Priority {
    /** Not given: as [NORMAL]. */
    UNSET,

    /** Kept longest. */
    HIGH,

    /** Between the others. */
    NORMAL,

    /** Dropped first. */
    LOW,
}

/** How far a message got. */
public sealed interface MessageState {
    /** Safely stored on this device, waiting or on its way. */
    public data object Pending : MessageState

    /** Safely stored at the server. */
    public data object Sent : MessageState

    /** Given up; it can be [sent again][Messages.retry]. */
    public data class Failed(
        /** Why. */
        val error: WhinchatError,
    ) : MessageState
}

/** One element of a message. */
public sealed interface Element {
    /** Text. */
    public data class Text(
        /** Not empty. */
        val text: String,
    ) : Element

    /** Bytes of the app's own. */
    public data class Custom
    @JvmOverloads
    constructor(
        /** The payload; not empty. */
        val data: Bytes,
        /** What to show in a list. */
        val description: String = "",
        /** Further data of the app's own. */
        val extension: String = "",
    ) : Element

    /** What happened to a group; only the server writes these. */
    public data class GroupTip(
        /** What happened. */
        val kind: GroupTipKind,
        /** Who did it. */
        val operator: UserId,
        /** Whom it concerns. */
        val members: List<UserId>,
        /** Members afterwards. */
        val memberCount: Int,
    ) : Element

    /** Of a kind that this version does not know. */
    public data object Unknown : Element
}

/** What happened to a group. */
public enum class GroupTipKind {
    /** Somebody joined by himself. */
    JOINED,

    /** Members were invited in. */
    INVITED,

    /** A member left. */
    QUIT,

    /** A member was removed. */
    KICKED,

    /** Of a kind that this version does not know. */
    UNKNOWN,
}
