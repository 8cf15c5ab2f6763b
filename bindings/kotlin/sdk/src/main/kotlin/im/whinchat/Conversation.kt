package im.whinchat

/** A conversation as a list shows it. */
public data class Conversation(
    /** Which one. */
    val id: ConversationId,
    /** The newest message that may stand there, pending and failed ones included; `null` without one. */
    val lastMessage: Message?,
    /** Messages of others that nobody has read on this user's devices. */
    val unreadCount: Long,
    /** Everything up to this place is read; 0 for nothing. */
    val readSeq: Long,
    /** With one person: he has read everything up to here. 0 for nothing, and in groups. */
    val peerReadSeq: Long,
    /** The last place that the server told of. */
    val headSeq: Long,
    /** When it was last active, in milliseconds since the epoch; orders the list. */
    val activeMillis: Long,
    /** What a list shows of the group; `null` for a conversation with one person. */
    val group: GroupSummary?,
    /** The user is no longer a member; what he saw stays readable. */
    val hasLeft: Boolean,
)

/** What a list shows of a group. */
public data class GroupSummary(
    /** Its kind, such as `Work`; a newer server may know more than [GroupKind]. */
    val kind: String,
    /** Its name. */
    val name: String,
    /** Who owns it. */
    val owner: UserId,
    /** Members now. */
    val memberCount: Int,
)

/** One page of the conversation list. */
public data class ConversationPage(
    /** The conversations, newest activity first. */
    val conversations: List<Conversation>,
    /** Where the next page starts, for [Conversations.list]; `null` at the end. */
    val next: ConversationCursor?,
)

/** A place in the conversation list; opaque. */
public class ConversationCursor internal constructor(internal val sort: Long, internal val row: Long) {
    override fun equals(other: Any?): Boolean = other is ConversationCursor && sort == other.sort && row == other.row

    override fun hashCode(): Int = 31 * sort.hashCode() + row.hashCode()

    override fun toString(): String = "ConversationCursor"
}
