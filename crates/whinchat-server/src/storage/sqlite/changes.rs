//! Reading a user's change log.

use prost::Message as _;
use rusqlite::{Connection, OptionalExtension as _, params};
use whinchat_proto::id::UserId;
use whinchat_proto::limits::{BATCH_ITEMS, PAGE_BYTES, PAGE_ENTRIES, RECENT_ENTRIES};
use whinchat_proto::wire;

use super::deletions;
use super::entries::Entries;
use super::fault::DbResult;
use super::rows::{CONVERSATION_COLUMNS, CONVERSATION_WIDTH, ConversationRow, MEMBER_COLUMNS, MemberRow};
use super::state::{Budget, Reader, state};

/// Number and head of a user's log.
fn log_head(conn: &Connection, user: &UserId) -> DbResult<Option<(i64, wire::Cursor)>> {
    let mut statement = conn.prepare_cached(
        "SELECT u.id, u.epoch, u.version, s.moved FROM user u CROSS JOIN store s ON s.id = 1 WHERE u.name = ?1",
    )?;
    let head = statement
        .query_row([user.as_str()], |row| {
            Ok((row.get(0)?, wire::Cursor { epoch: row.get(1)?, version: row.get(2)?, groups: row.get(3)? }))
        })
        .optional()?;
    Ok(head)
}

/// Head of a user's log.
pub(super) fn head(conn: &Connection, user: &UserId) -> DbResult<wire::Cursor> {
    Ok(log_head(conn, user)?.map(|(_, head)| head).unwrap_or_default())
}

/// The keys above a version, newest first.
const CHANGED: &str = "FROM member m JOIN conversation c ON c.id = m.conversation \
     WHERE m.user = ?1 AND m.version > ?2 AND m.version < ?3 ORDER BY m.version DESC";

/// Bytes of a change's own frame around it, generously.
const CHANGE_OVERHEAD: usize = 8;

/// One page, newest first.
pub(super) fn changes(
    conn: &Connection,
    user: &UserId,
    since: &wire::Cursor,
    below: u64,
    deleted_since: Option<u64>,
) -> DbResult<wire::Changes> {
    let Some((number, head)) = log_head(conn, user)? else { return Ok(wire::Changes::default()) };
    // Version 0 of this very log is a position too: a device that was there before anything was is told what is new.
    let void = since.epoch != head.epoch || since.version > head.version || since.groups > head.groups;
    let from_version = if void { 0 } else { since.version };
    let below = if below == 0 { head.version.saturating_add(1) } else { below };
    let mut page = wire::Changes {
        // A later page vouches only for what lies below it; the first one named the position.
        to: Some(wire::Cursor {
            epoch: head.epoch,
            version: head.version.min(below.saturating_sub(1)),
            // Large groups are read with whatever is read whole; else they stand where the asker had them.
            groups: if void { head.groups } else { since.groups },
        }),
        snapshot: void,
        changes: Vec::new(),
        continue_below: 0,
        from_version,
    };
    let mut statement =
        conn.prepare_cached(&format!("SELECT {CONVERSATION_COLUMNS}, {MEMBER_COLUMNS} {CHANGED}"))?;
    let upper = i64::try_from(below).unwrap_or(i64::MAX);
    let mut rows = statement.query(params![number, from_version, upper])?;
    let reader = Reader { number, name: user.as_str() };
    let recent = u64::try_from(RECENT_ENTRIES).unwrap_or(u64::MAX);
    let mut room = PAGE_BYTES;
    let (mut missed, mut emptied) = (Vec::new(), Vec::new());
    let mut reading = Entries::new(conn, reader, PAGE_BYTES);
    // First each key with its newest entry: a list that is shown is full before any conversation is.
    while let Some(row) = rows.next()? {
        let conversation = ConversationRow::read(row, 0)?;
        let member = MemberRow::read(row, CONVERSATION_WIDTH)?;
        let state = state(conn, &conversation, &member, reader)?;
        let head = state.head_seq;
        let is_first = page.changes.is_empty();
        let mut budget =
            Budget { bytes: room.saturating_sub(state.encoded_len()), entries: 1, untouched: is_first };
        let newest = reading.decoded(conversation.id, (head.max(member.visible_from), head), &mut budget)?;
        let has_newest = !newest.is_empty() || head < member.visible_from;
        let deleted = deletions::since(
            conn,
            &member,
            deleted_since.map_or(from_version, |since| since.min(from_version)),
        )?;
        let body = wire::ConversationChange { state: Some(state), entries: newest, deleted };
        let body = Some(wire::change::Body::Conversation(body));
        let change = wire::Change { version: member.version, body };
        let size = change.encoded_len() + CHANGE_OVERHEAD;
        if !is_first && (!has_newest || size > room || page.changes.len() == BATCH_ITEMS) {
            page.continue_below = page.changes.last().map_or(0, |last| last.version);
            break;
        }
        room = room.saturating_sub(size);
        page.changes.push(change);
        // Whoever holds nothing of the log has missed all of it.
        let first = if from_version == 0 { 1 } else { member.from_seq };
        let first = first.max(member.visible_from).max((head + 1).saturating_sub(recent));
        missed.push((conversation.id, first, head));
        if member.deletions > 0 {
            emptied.push((page.changes.len() - 1, member));
        }
    }
    fill(&mut reading, &mut page, &missed, room)?;
    for (at, member) in emptied {
        if let Some(wire::change::Body::Conversation(change)) =
            page.changes.get_mut(at).and_then(|change| change.body.as_mut())
        {
            deletions::blank(conn, &member, &mut change.entries)?;
        }
    }
    Ok(page)
}

/// Uses the room that is left for what was missed besides the newest entries, newest conversation first. What does not
/// fit the client fetches.
fn fill(
    reading: &mut Entries<'_>,
    page: &mut wire::Changes,
    missed: &[(i64, u64, u64)],
    room: usize,
) -> DbResult<()> {
    let mut budget = Budget { bytes: room, entries: PAGE_ENTRIES, untouched: false };
    for (change, (conversation, first, head)) in page.changes.iter_mut().zip(missed) {
        let Some(wire::change::Body::Conversation(change)) = &mut change.body else { continue };
        // Without its newest entry there is nothing for older ones to stand beside.
        if change.entries.is_empty() || first >= head {
            continue;
        }
        let mut older = reading.decoded(*conversation, (*first, head - 1), &mut budget)?;
        let is_full = older.first().is_none_or(|entry| entry.seq > *first);
        older.append(&mut change.entries);
        change.entries = older;
        if is_full {
            break;
        }
    }
    Ok(())
}
