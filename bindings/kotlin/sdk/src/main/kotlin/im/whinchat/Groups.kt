package im.whinchat

import im.whinchat.internal.call
import im.whinchat.internal.newGroup
import im.whinchat.internal.toCreatedGroup
import im.whinchat.internal.toResult
import im.whinchat.ffi.Groups as RawGroups

/** The groups of the user who is logged in. From [Whinchat.groups]; safe from any thread. These calls need a connection. */
public class Groups internal constructor(private val core: RawGroups) {
    /**
     * Creates a group; the user becomes its owner. A call that a lost connection left open is repeated, and creates one group.
     *
     * @param name 1 to 100 bytes.
     * @param members its first members beside the user himself, at most 20.
     * @param id its id; the server chooses one when there is none.
     * @throws WhinchatException 6014 not logged in, 9508 no connection, 9520 no answer in 30 s, 8501 or 8502 a malformed id or
     * name, 10005 too many members, 10021 or 10025 the id is taken.
     */
    @JvmOverloads
    public suspend fun create(
        name: String,
        members: List<UserId> = emptyList(),
        kind: GroupKind = GroupKind.WORK,
        id: GroupId? = null,
    ): CreatedGroup = call { core.create(newGroup(name, members, kind, id), null).toCreatedGroup() }

    /**
     * Invites users, at most 20; gives the outcome for each.
     *
     * @throws WhinchatException 6014 not logged in, 9508 no connection, 9520 no answer in 30 s, 10007 not allowed, 10010 no such
     * group, 10005 too many at once.
     */
    public suspend fun invite(group: GroupId, users: List<UserId>): List<MemberResult> =
        call { core.invite(group.value, users.map(UserId::value), null).map { it.toResult() } }

    /**
     * Leaves a group. What was seen stays readable.
     *
     * @throws WhinchatException 6014 not logged in, 9508 no connection, 9520 no answer in 30 s, 10007 not a member, 10009 the
     * owner cannot leave.
     */
    public suspend fun quit(group: GroupId): Unit = call { core.quit(group.value, null) }
}
