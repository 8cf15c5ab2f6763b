//! Large groups: an append writes nobody's mark. What has moved is found by the store's count of movements instead, when
//! a member comes back or asks; then it is written into his log, so that the delta names it like anything else.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use whinchat_proto::id::{ConversationId, GroupId};
use whinchat_proto::limits::RECENT_ENTRIES;
use whinchat_proto::wire;

use super::fault::{DbError, DbResult};
use super::rows::{conversation_id, group_name};
use crate::storage::{GroupHeads, MovedGroup};

/// Up to so many movements are walked one by one; with more, the user's own groups are fewer.
const WALKED: u64 = 256;

/// The store's count of movements.
pub(super) fn moved(conn: &Connection) -> DbResult<u64> {
    Ok(conn.prepare_cached("SELECT moved FROM store WHERE id = 1")?.query_row([], |row| row.get(0))?)
}

/// A large group of a user's that has moved.
struct Moved {
    conversation: i64,
    name: String,
    epoch: u64,
    head_seq: u64,
    moved: u64,
    seen: u64,
    version: u64,
    visible_from: u64,
    from_seq: u64,
}

const COLUMNS: &str =
    "c.id, c.name, c.epoch, c.head_seq, c.moved, m.seen, m.version, m.visible_from, m.from_seq";

impl Moved {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            conversation: row.get(0)?,
            name: row.get(1)?,
            epoch: row.get(2)?,
            head_seq: row.get(3)?,
            moved: row.get(4)?,
            seen: row.get(5)?,
            version: row.get(6)?,
            visible_from: row.get(7)?,
            from_seq: row.get(8)?,
        })
    }
}

/// The large groups in which `user` is that have moved above `since`, in the order of their last movement, and the count
/// that this answers for.
fn moved_of(conn: &Connection, user: i64, since: u64) -> DbResult<(u64, Vec<Moved>)> {
    let now = moved(conn)?;
    let mut found = Vec::new();
    if now <= since {
        return Ok((now, found));
    }
    // Whichever is less to look at: the movements, or the user's groups.
    let sql = if now - since <= WALKED {
        format!(
            "SELECT {COLUMNS} FROM conversation c INDEXED BY conversation_moved \
             CROSS JOIN member m ON m.conversation = c.id AND m.user = ?1 \
             WHERE c.large = 1 AND c.moved > ?2 AND m.left_at IS NULL"
        )
    } else {
        format!(
            "SELECT {COLUMNS} FROM member o INDEXED BY member_large CROSS JOIN conversation c ON c.id = o.conversation \
             CROSS JOIN member m ON m.conversation = c.id AND m.user = ?1 \
             WHERE o.user = ?1 AND o.large = 1 AND o.left_at IS NULL AND c.moved > ?2"
        )
    };
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(params![user, since])?;
    while let Some(row) = rows.next()? {
        found.push(Moved::read(row)?);
    }
    found.sort_by_key(|group| group.moved);
    Ok((now, found))
}

/// Writes into the user's log which large groups have moved above `since.groups`, for a device that holds his log up to
/// `since.version`. Gives the count of movements that his log then answers for, and its head if it has moved.
pub(super) fn mark(conn: &Connection, user: i64, since: &wire::Cursor) -> DbResult<(u64, Option<u64>)> {
    let (epoch, head): (u64, u64) = conn
        .prepare_cached("SELECT epoch, version FROM user WHERE id = ?1")?
        .query_row([user], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if since.epoch != epoch || since.version > head {
        // He is given everything; so is who holds movements that never were.
        return Ok((moved(conn)?, None));
    }
    let (now, groups) = moved_of(conn, user, since.groups)?;
    let mut version = head;
    // A mark that another device caused names the group to this one as well.
    for group in groups.iter().filter(|group| group.seen < group.moved) {
        version += 1;
        let missed = first_missed(conn, group, since.groups)?;
        let from = if group.version > since.version { missed.min(group.from_seq) } else { missed };
        conn.prepare_cached(
            "UPDATE member SET version = ?3, from_seq = ?4, seen = ?5 WHERE conversation = ?1 AND user = ?2",
        )?
        .execute(params![group.conversation, user, version, from, group.moved])?;
    }
    if version == head {
        return Ok((now, None));
    }
    conn.prepare_cached("UPDATE user SET version = ?2 WHERE id = ?1")?.execute(params![user, version])?;
    Ok((now, Some(version)))
}

/// The first entry that came after `since`, as far as the recent ones go.
fn first_missed(conn: &Connection, group: &Moved, since: u64) -> DbResult<u64> {
    let recent = u64::try_from(RECENT_ENTRIES).unwrap_or(u64::MAX);
    let oldest = group.visible_from.max((group.head_seq + 1).saturating_sub(recent));
    let mut statement = conn.prepare_cached(
        "SELECT seq, moved FROM entry WHERE conversation = ?1 AND seq >= ?2 ORDER BY seq DESC",
    )?;
    let mut rows = statement.query(params![group.conversation, oldest])?;
    let mut first = group.head_seq;
    while let Some(row) = rows.next()? {
        if row.get::<_, u64>(1)? <= since {
            break;
        }
        first = row.get(0)?;
    }
    Ok(first)
}

/// Where the user's large groups stand that have moved above `since`: the first `limit` of them.
pub(super) fn heads(conn: &Connection, user: i64, since: u64, limit: usize) -> DbResult<GroupHeads> {
    let (now, mut groups) = moved_of(conn, user, since)?;
    let mut upto = now;
    if groups.len() > limit {
        groups.truncate(limit);
        // Each movement is of one group alone, so nothing that was left out stands at or below this one.
        upto = groups.last().map_or(since, |group| group.moved);
    }
    let heads = groups.iter().map(|group| {
        Ok(wire::GroupHead {
            conversation: Some(ConversationId::Group(group_id(&group.name)?).to_wire()),
            epoch: group.epoch,
            head_seq: group.head_seq,
        })
    });
    Ok(GroupHeads { upto, heads: heads.collect::<DbResult<_>>()? })
}

/// Large groups that have moved above `since`, whoever is in them: the first `limit` of them, and the count that this
/// answers for.
pub(super) fn moved_groups(conn: &Connection, since: u64, limit: usize) -> DbResult<(u64, Vec<MovedGroup>)> {
    let now = moved(conn)?;
    let mut groups = Vec::new();
    if now <= since {
        return Ok((now, groups));
    }
    let mut statement = conn.prepare_cached(
        "SELECT name, epoch, head_seq, moved FROM conversation INDEXED BY conversation_moved \
         WHERE large = 1 AND moved > ?1 ORDER BY moved LIMIT ?2",
    )?;
    let mut rows = statement.query(params![since, i64::try_from(limit).unwrap_or(i64::MAX)])?;
    while let Some(row) = rows.next()? {
        let name: String = row.get(0)?;
        groups.push(MovedGroup {
            group: group_id(&name)?,
            epoch: row.get(1)?,
            head_seq: row.get(2)?,
            moved: row.get(3)?,
        });
    }
    let upto = if groups.len() < limit { now } else { groups.last().map_or(now, |group| group.moved) };
    Ok((upto, groups))
}

/// Where a group stands; nothing when it is not there or not large.
pub(super) fn head(conn: &Connection, group: GroupId) -> DbResult<Option<MovedGroup>> {
    let mut statement =
        conn.prepare_cached("SELECT epoch, head_seq, moved FROM conversation WHERE name = ?1 AND large = 1")?;
    let found: Option<(u64, u64, u64)> = statement
        .query_row([group_name(&group)], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    Ok(found.map(|(epoch, head_seq, moved)| MovedGroup { group, epoch, head_seq, moved }))
}

fn group_id(name: &str) -> DbResult<GroupId> {
    match conversation_id(name, "")? {
        ConversationId::Group(group) => Ok(group),
        ConversationId::User(_) => Err(DbError::damaged("a large group's name")),
    }
}
