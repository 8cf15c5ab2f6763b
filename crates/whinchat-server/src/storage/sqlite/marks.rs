//! Moving a reader's marks.

use rusqlite::{Connection, OptionalExtension as _, params};
use whinchat_proto::id::ConversationId;
use whinchat_proto::wire;

use super::fault::DbResult;
use super::own;
use super::post::LIVE_WINDOW;
use super::rows::{ConversationRow, MemberRow};
use super::state::{Reader, state};
use super::work::Work;
use crate::storage::{Bump, Done, News, Operation};

/// Moves floor and read mark up to `seq`, which was seen in the log named by `epoch`.
pub(super) fn mark_read(
    conn: &Connection,
    now_ms: i64,
    operation: &Operation,
    conversation: &ConversationId,
    epoch: u64,
    seq: u64,
) -> DbResult<Done<wire::MarkReadResult>> {
    own::change(conn, now_ms, operation, conversation, |own| {
        let seen = own.seen(epoch, seq);
        let mut bumped = Vec::new();
        if seen > own.member.floor_seq || seen > own.member.read_seq {
            if seen > own.member.floor_seq {
                let (counted, own_counted) = totals_at(conn, &own.row, &own.member, seen)?;
                let member = &mut own.member;
                (member.floor_seq, member.floor_counted, member.floor_own) = (seen, counted, own_counted);
            }
            let is_news_to_peer = seen > own.member.read_seq;
            own.member.read_seq = own.member.read_seq.max(seen);
            own.member.from_seq = own.member.from_seq.max(seen + 1);
            // `member.seen` stays: the answer tells the mark, not where the group stands.
            bumped.push(own.tell(Vec::new())?);
            if is_news_to_peer {
                bumped.extend(receipt(&mut own.work, &own.row, conversation)?);
            }
        }
        let member = &own.member;
        let result = wire::MarkReadResult {
            floor: Some(wire::UnreadFloor {
                seq: member.floor_seq,
                counted: member.floor_counted,
                own_counted: member.floor_own,
            }),
            read_seq: member.read_seq,
        };
        Ok((result, bumped))
    })
}

/// Tells the other side of a one to one how far was read. Groups have no receipts.
fn receipt(
    work: &mut Work<'_>,
    row: &ConversationRow,
    conversation: &ConversationId,
) -> DbResult<Option<Bump>> {
    let ConversationId::User(peer) = conversation else { return Ok(None) };
    let Some(number) = work.number(peer)? else { return Ok(None) };
    let Some(mut member) = work.former_member(row.id, number)? else { return Ok(None) };
    let user = work.user(number)?;
    let (served, live) = (user.served, user.live);
    if !live && member.version > served {
        // He has not fetched the last mark yet; when he does he reads the receipt of then.
        return Ok(None);
    }
    let (prev, version) = work.bump(number)?;
    member.version = version;
    // A receipt brings no entries; while he is connected the last pushes may have been lost, as with an append.
    let missed = if live { row.head_seq.saturating_sub(LIVE_WINDOW - 1) } else { row.head_seq + 1 };
    member.from_seq = member.from_seq.max(missed);
    work.write_member(&member)?;
    let state = state(work.conn, row, &member, Reader { number, name: peer.as_str() })?;
    let change = wire::ConversationChange { state: Some(state), entries: Vec::new(), deleted: Vec::new() };
    Ok(Some(Bump { user: peer.clone(), prev, version, news: News::State(Box::new(change)) }))
}

/// Running totals at `seq`: of everybody, and of the reader himself.
pub(super) fn totals_at(
    conn: &Connection,
    conversation: &ConversationRow,
    member: &MemberRow,
    seq: u64,
) -> DbResult<(u64, u64)> {
    let head = member.head(conversation);
    let mut statement =
        conn.prepare_cached("SELECT counted FROM entry WHERE conversation = ?1 AND seq = ?2")?;
    let counted: Option<u64> =
        statement.query_row(params![conversation.id, seq], |row| row.get(0)).optional()?;
    // His own total is known at the floor and at the head: what lies between is counted from the nearer one.
    let own = if seq - member.floor_seq <= head - seq {
        member.floor_own + own_between(conn, member, member.floor_seq, seq)?
    } else {
        member.own_counted.saturating_sub(own_between(conn, member, seq, head)?)
    };
    Ok((counted.unwrap_or(0), own))
}

/// The member's own counted entries in (above, up_to].
fn own_between(conn: &Connection, member: &MemberRow, above: u64, up_to: u64) -> DbResult<u64> {
    let mut statement = conn.prepare_cached(
        "SELECT COALESCE(SUM(is_counted), 0) FROM entry INDEXED BY entry_place \
         WHERE conversation = ?1 AND seq > ?2 AND seq <= ?3 AND sender = ?4",
    )?;
    Ok(statement.query_row(params![member.conversation, above, up_to, member.user], |row| row.get(0))?)
}
