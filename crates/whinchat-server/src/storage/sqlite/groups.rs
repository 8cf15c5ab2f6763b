//! Groups: who is in them, and what their logs say about it.

use std::collections::HashSet;

use prost::Message as _;
use rusqlite::{Connection, OptionalExtension as _, params};
use whinchat_proto::error::{ErrorCode, ProtoError};
use whinchat_proto::id::{GroupId, UserId};
use whinchat_proto::wire;

use super::fault::{DbError, DbResult};
use super::operations;
use super::post::Post;
use super::rows::{MemberRow, group_name, role_from_number};
use super::state::{Reader, state, summary};
use super::work::{Open, Work};
use crate::storage::tip::tip;
use crate::storage::{
    AddMembers, Bump, Denied, Done, GroupKind, GroupRules, Member, NewGroup, News, Operation, RemoveMember,
    Role, Tip,
};

/// What the rules look at.
pub(super) fn rules(conn: &Connection, group: &GroupId) -> DbResult<Option<GroupRules>> {
    let mut statement = conn.prepare_cached(
        "SELECT id, kind, member_version FROM conversation WHERE name = ?1 AND member_count > 0",
    )?;
    let found: Option<(i64, i64, u64)> = statement
        .query_row([group_name(group)], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((id, kind, version)) = found else { return Ok(None) };
    let kind = match kind {
        2 => GroupKind::Public,
        3 => GroupKind::Meeting,
        _ => GroupKind::Work,
    };
    let mut statement = conn.prepare_cached(
        "SELECT u.name, m.role, m.visible_from FROM member m JOIN user u ON u.id = m.user \
         WHERE m.conversation = ?1 AND m.left_at IS NULL",
    )?;
    let mut rows = statement.query([id])?;
    let mut members = std::collections::HashMap::new();
    while let Some(row) = rows.next()? {
        let name = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
        let user = UserId::new(name).map_err(|_| DbError::damaged("a user's name"))?;
        let member = Member { role: role_from_number(row.get(1)?), visible_from: row.get(2)? };
        members.insert(user, member);
    }
    Ok(Some(GroupRules { version, kind, members }))
}

fn item(user: &UserId, refused: Option<ErrorCode>) -> wire::ItemResult {
    wire::ItemResult {
        id: user.as_str().to_owned(),
        error: refused.map(|code| ProtoError::from(code).to_wire()),
    }
}

/// The version of a group's membership.
pub(super) fn version(conn: &Connection, group: &GroupId) -> DbResult<Option<u64>> {
    let mut statement = conn.prepare_cached("SELECT member_version FROM conversation WHERE name = ?1")?;
    Ok(statement.query_row([group_name(group)], |row| row.get(0)).optional()?)
}

/// A member who comes in, or comes back, with the next entry.
fn enter(work: &Work<'_>, open: &Open, user: i64, role: Role) -> DbResult<MemberRow> {
    let former = work.former_member(open.row.id, user)?;
    let own = former.as_ref().map_or(0, |f| f.own_counted);
    let cleared = former.as_ref().map_or(0, |f| f.cleared_seq);
    let visible_from =
        if open.row.kind == Some(GroupKind::Meeting) { cleared + 1 } else { open.row.head_seq + 1 };
    let member = MemberRow {
        conversation: open.row.id,
        user,
        role,
        visible_from,
        left_at: None,
        left_counted: 0,
        floor_seq: open.row.head_seq,
        floor_counted: open.row.counted,
        floor_own: own,
        read_seq: former.as_ref().map_or(0, |f| f.read_seq),
        own_counted: own,
        version: former.as_ref().map_or(0, |f| f.version),
        from_seq: visible_from,
        deletions: former.as_ref().map_or(0, |f| f.deletions),
        cleared_seq: cleared,
        large: open.row.large,
        seen: former.as_ref().map_or(0, |f| f.seen),
    };
    work.write_member(&member)?;
    Ok(member)
}

/// Lets in those who can be; gives the outcome for each and who is new.
fn let_in(
    work: &mut Work<'_>,
    open: &mut Open,
    users: &[UserId],
    capacity: usize,
) -> DbResult<(Vec<wire::ItemResult>, Vec<UserId>, HashSet<i64>)> {
    let (mut items, mut names, mut fresh) = (Vec::new(), Vec::new(), HashSet::new());
    for user in users {
        let Some(number) = work.number(user)? else {
            items.push(item(user, Some(ErrorCode::UserUnknown)));
            continue;
        };
        let refused = if work.admit(open, number)? {
            Some(ErrorCode::AlreadyMember)
        } else if usize::try_from(open.row.member_count).unwrap_or(usize::MAX) >= capacity {
            Some(ErrorCode::GroupFull)
        } else {
            let member = enter(work, open, number, Role::Member)?;
            open.members.insert(number, member);
            open.row.member_count = open.row.member_count.saturating_add(1);
            names.push(user.clone());
            fresh.insert(number);
            None
        };
        items.push(item(user, refused));
    }
    work.grow(open)?;
    Ok((items, names, fresh))
}

/// Writes a notice into the group's log.
fn post_tip(
    work: &mut Work<'_>,
    open: &mut Open,
    group: &GroupId,
    operator: (i64, &UserId),
    kind: wire::GroupTipKind,
    members: &[UserId],
    fresh: &HashSet<i64>,
) -> DbResult<(Tip, Vec<Bump>)> {
    let members = members.iter().map(|user| user.as_str().to_owned()).collect();
    let notice = tip(work.now_ms, kind, operator.1.as_str(), members, open.row.member_count);
    let post = Post {
        sender: operator.0,
        client_id: notice.client_id,
        envelope: &notice.envelope.encode_to_vec(),
        content: &notice.content,
        counted: false,
        audience: None,
        changes_group: true,
    };
    let posted =
        work.post(open, &post, fresh)?.ok_or_else(|| DbError::damaged("the identity of a notice"))?;
    let entry = wire::Entry {
        seq: posted.seq,
        time_ms: posted.time_ms,
        r#mod: 0,
        counted: posted.counted,
        counted_by_sender: posted.counted_by_sender,
        body: Some(wire::entry::Body::Message(wire::StoredMessage {
            sender: operator.1.as_str().to_owned(),
            envelope: Some(notice.envelope),
            content: notice.content,
        })),
    };
    let large = posted.fanout.zip(summary(&open.row));
    Ok((Tip { group: group.clone(), epoch: open.row.epoch, entry, large }, posted.bumped))
}

/// Moves a user's log because the state of the conversation changed for him.
fn tell_state(work: &mut Work<'_>, open: &Open, member: &mut MemberRow, user: &UserId) -> DbResult<Bump> {
    let (prev, version) = work.bump(member.user)?;
    member.version = version;
    member.seen = open.row.moved;
    work.write_member(member)?;
    let reader = Reader { number: member.user, name: user.as_str() };
    let state = state(work.conn, &open.row, member, reader)?;
    let change = wire::ConversationChange { state: Some(state), entries: Vec::new(), deleted: Vec::new() };
    Ok(Bump { user: user.clone(), prev, version, news: News::State(Box::new(change)) })
}

/// Creates a group.
pub(super) fn create(
    conn: &Connection,
    now_ms: i64,
    large_from: u32,
    operation: &Operation,
    group: &NewGroup,
) -> DbResult<Done<wire::CreateGroupResult>> {
    let mut work = Work::new(conn, now_ms).large_from(large_from);
    let owner = work.number(&operation.user)?.ok_or(ErrorCode::NotAuthorised)?;
    if let Some(result) = operations::find(conn, owner, operation)? {
        return Ok(Done { result, entry: None, bumped: Vec::new() });
    }
    let name = group_name(&group.id);
    if let Some(taken) = work.take(&name)? {
        let own = taken.row.owner == operation.user.as_str();
        return Err(if own { ErrorCode::OwnGroupIdTaken } else { ErrorCode::GroupIdTaken }.into());
    }
    let mut open = work.create(&name, Some(group.kind))?;
    open.row.owner = operation.user.as_str().to_owned();
    open.row.title.clone_from(&group.name);
    open.row.member_version = 1;
    open.row.member_count = 1;
    let member = enter(&work, &open, owner, Role::Owner)?;
    open.members.insert(owner, member);
    let (items, names, mut fresh) = let_in(&mut work, &mut open, &group.members, group.capacity)?;
    fresh.insert(owner);
    let bumped = if names.is_empty() {
        let mut member = open.members.remove(&owner).ok_or_else(|| DbError::damaged("a new group"))?;
        let bump = tell_state(&mut work, &open, &mut member, &operation.user)?;
        open.members.insert(owner, member);
        vec![bump]
    } else {
        let invited = wire::GroupTipKind::Invited;
        let by = (owner, &operation.user);
        post_tip(&mut work, &mut open, &group.id, by, invited, &names, &fresh)?.1
    };
    work.put(open);
    let result = wire::CreateGroupResult {
        group_id: group.id.as_str().to_owned(),
        conversation: None,
        members: items,
    };
    operations::keep(conn, owner, operation, now_ms, &result)?;
    work.finish()?;
    Ok(Done { result, entry: None, bumped })
}

/// Opens a group whose membership is still the one that the rules saw.
fn open_group(work: &mut Work<'_>, group: &GroupId, expected: u64) -> DbResult<Open> {
    let open = work.take(&group_name(group))?.ok_or(ErrorCode::GroupGone)?;
    if open.row.member_version != expected {
        return Err(Denied::Stale.into());
    }
    Ok(open)
}

/// Adds members.
pub(super) fn add(
    conn: &Connection,
    now_ms: i64,
    large_from: u32,
    operation: &Operation,
    add: &AddMembers,
) -> DbResult<Done<wire::InviteMembersResult>> {
    let mut work = Work::new(conn, now_ms).large_from(large_from);
    let caller = work.number(&operation.user)?.ok_or(ErrorCode::NotAuthorised)?;
    if let Some(result) = operations::find(conn, caller, operation)? {
        return Ok(Done { result, entry: None, bumped: Vec::new() });
    }
    if let Some(code) = add.refused {
        return Err(code.into());
    }
    let mut open = open_group(&mut work, &add.group, add.expected)?;
    if !work.admit(&mut open, caller)? {
        return Err(ErrorCode::NotMember.into());
    }
    let (members, names, fresh) = let_in(&mut work, &mut open, &add.users, add.capacity)?;
    let (entry, bumped) = if names.is_empty() {
        (None, Vec::new())
    } else {
        open.row.member_version += 1;
        let invited = wire::GroupTipKind::Invited;
        let by = (caller, &operation.user);
        let (tip, bumped) = post_tip(&mut work, &mut open, &add.group, by, invited, &names, &fresh)?;
        (Some(tip), bumped)
    };
    work.put(open);
    let result = wire::InviteMembersResult { members };
    operations::keep(conn, caller, operation, now_ms, &result)?;
    work.finish()?;
    Ok(Done { result, entry, bumped })
}

/// Takes a member out. His window ends before the notice about it.
pub(super) fn remove(
    conn: &Connection,
    now_ms: i64,
    operation: &Operation,
    remove: &RemoveMember,
) -> DbResult<Done<wire::QuitGroupResult>> {
    let mut work = Work::new(conn, now_ms);
    let caller = work.number(&operation.user)?.ok_or(ErrorCode::NotAuthorised)?;
    if let Some(result) = operations::find(conn, caller, operation)? {
        return Ok(Done { result, entry: None, bumped: Vec::new() });
    }
    if let Some(code) = remove.refused {
        return Err(code.into());
    }
    let mut open = open_group(&mut work, &remove.group, remove.expected)?;
    let leaver = work.number(&remove.member)?.ok_or(ErrorCode::NotMember)?;
    work.admit(&mut open, leaver)?;
    let mut member = open.members.remove(&leaver).ok_or(ErrorCode::NotMember)?;
    member.left_at = Some(open.row.head_seq);
    member.left_counted = open.row.counted;
    member.from_seq = open.row.head_seq + 1;
    open.row.member_version += 1;
    open.row.member_count = open.row.member_count.saturating_sub(1);
    open.dirty = true;
    let was_owner = member.role == Role::Owner;
    member.role = Role::Member;
    let mut bumped = vec![tell_state(&mut work, &open, &mut member, &remove.member)?];
    let mut fresh = HashSet::new();
    if was_owner && let Some(heir) = heir(conn, open.row.id)? {
        work.admit(&mut open, heir)?;
        if let Some(member) = open.members.get_mut(&heir) {
            member.role = Role::Owner;
            open.touched.insert(heir);
        }
        work.user(heir)?.name.as_str().clone_into(&mut open.row.owner);
        // The new owner stands in everybody's state; a large group's members are told with the notice.
        if !open.row.large {
            fresh.extend(open.members.keys().copied());
        }
    }
    let mut entry = None;
    if open.row.member_count > 0 {
        let quits = leaver == caller;
        let kind = if quits { wire::GroupTipKind::Quit } else { wire::GroupTipKind::Kicked };
        let by = (caller, &operation.user);
        let gone = [remove.member.clone()];
        let (tip, told) = post_tip(&mut work, &mut open, &remove.group, by, kind, &gone, &fresh)?;
        entry = Some(tip);
        bumped.extend(told);
    }
    work.put(open);
    let result = wire::QuitGroupResult {};
    operations::keep(conn, caller, operation, now_ms, &result)?;
    work.finish()?;
    Ok(Done { result, entry, bumped })
}

/// The member who has been in the group longest.
fn heir(conn: &Connection, conversation: i64) -> DbResult<Option<i64>> {
    let mut statement = conn.prepare_cached(
        "SELECT user FROM member WHERE conversation = ?1 AND left_at IS NULL ORDER BY joined_ms, user LIMIT 1",
    )?;
    Ok(statement.query_row(params![conversation], |row| row.get(0)).optional()?)
}
