package im.whinchat

/** What a group is; decides who may do what. */
public enum class GroupKind {
    /** Friends or colleagues: members invite each other, nobody joins by himself. */
    WORK,

    /** Open to all who are let in. */
    PUBLIC,

    /** Open to all; newcomers see what was said before, and nothing counts as unread. */
    MEETING,
}

/** A group that was created. */
public data class CreatedGroup(
    /** Its id. */
    val id: GroupId,
    /** The outcome for each of its first members. */
    val members: List<MemberResult>,
) {
    /** The group's conversation. */
    val conversation: ConversationId get() = ConversationId.of(id)
}

/** The outcome for one member of a call that names several. */
public data class MemberResult(
    /** Who. */
    val user: UserId,
    /** Why not; `null` for success. */
    val error: WhinchatError?,
)
