package im.whinchat

/**
 * Names a user. Your own backend gives these ids: 1 to 128 bytes of printable ASCII.
 *
 * What is malformed is refused by the call that it is given to (7003 `user.id_invalid`).
 */
public data class UserId(public val value: String) {
    override fun toString(): String = value
}

/**
 * Names a group: 1 to 128 bytes of printable ASCII, chosen by the app or, when it leaves that out, by the server.
 *
 * What is malformed is refused by the call that it is given to (10015 `group.id_malformed`).
 */
public data class GroupId(public val value: String) {
    override fun toString(): String = value
}

/**
 * Names a message, the same on every device and from before it was sent. Opaque; to be kept, compared and given back.
 *
 * What is no message id is refused by the call that it is given to (6017 `request.bad_parameter`).
 */
public data class MessageId(public val value: String) {
    override fun toString(): String = value
}

/**
 * Names a conversation as one of its members sees it: with a person, or in a group.
 *
 * ```kotlin
 * val bob = ConversationId.of(UserId("bob"))     // "c2c_bob"
 * val team = ConversationId.of(GroupId("team"))  // "group_team"
 * ```
 *
 * What has neither form is refused by the call that it is given to (6004 `conversation.id_malformed`).
 */
public data class ConversationId(
    /** The text form: `c2c_<userId>` or `group_<groupId>`. */
    public val value: String,
) {
    /** The person on the other side; `null` for a group. */
    val user: UserId?
        get() = if (value.startsWith(USER)) UserId(value.substring(USER.length)) else null

    /** The group; `null` for a conversation with one person. */
    val group: GroupId?
        get() = if (value.startsWith(GROUP)) GroupId(value.substring(GROUP.length)) else null

    override fun toString(): String = value

    public companion object {
        private const val USER = "c2c_"
        private const val GROUP = "group_"

        /** The conversation with one person. */
        @JvmStatic
        public fun of(user: UserId): ConversationId = ConversationId(USER + user.value)

        /** The conversation of a group. */
        @JvmStatic
        public fun of(group: GroupId): ConversationId = ConversationId(GROUP + group.value)
    }
}
