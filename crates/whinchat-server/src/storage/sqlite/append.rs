//! Appending messages.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension as _, params};
use whinchat_proto::error::ErrorCode;
use whinchat_proto::id::{ClientMessageId, ConversationId, UserId};
use whinchat_proto::wire;

use super::fault::{DbError, DbResult};
use super::post::Post;
use super::rows::{MemberRow, conversation_name, user_number};
use super::work::{Open, Work};
use crate::storage::{Append, Appended, Cancel, Denied, Role};

/// Appends in order. Only a fault of the database fails the batch as a whole.
pub(super) fn append(
    conn: &Connection,
    now_ms: i64,
    large_from: u32,
    batch: &[Append],
) -> DbResult<Vec<Result<Appended, Denied>>> {
    let mut work = Work::new(conn, now_ms).large_from(large_from);
    let mut held: HashSet<(&UserId, &ConversationId)> = HashSet::new();
    let mut results = Vec::with_capacity(batch.len());
    for message in batch {
        let lane = (&message.sender, &message.conversation);
        let result = if held.contains(&lane) { Err(Denied::Stale) } else { append_one(&mut work, message)? };
        if matches!(result, Err(Denied::Stale)) {
            held.insert(lane);
        }
        results.push(result);
    }
    work.finish()?;
    Ok(results)
}

/// A denial by the rules is a result; an error is a fault.
fn append_one(work: &mut Work<'_>, message: &Append) -> DbResult<Result<Appended, Denied>> {
    let Some(sender) = work.number(&message.sender)? else {
        return Ok(Err(ErrorCode::NotAuthorised.into()));
    };
    let name = conversation_name(&message.sender, &message.conversation);
    let (mut open, fresh) = match &message.conversation {
        ConversationId::User(peer) => {
            let Some(peer) = work.number(peer)? else {
                return Ok(Err(ErrorCode::ReceiverUnknown.into()));
            };
            let mut open = match work.take(&name)? {
                Some(open) => open,
                None => work.create(&name, None)?,
            };
            if open.members.is_empty() {
                pair_up(work, &mut open, [sender, peer])?;
            }
            // Version 0: no log has ever named it to him.
            let fresh = open.members.values().filter(|m| m.version == 0).map(|m| m.user).collect();
            (open, fresh)
        }
        ConversationId::Group(_) => {
            let Some(mut open) = work.take(&name)? else { return Ok(Err(ErrorCode::GroupGone.into())) };
            if message.expected != Some(open.row.member_version) || !work.admit(&mut open, sender)? {
                // A repetition gets its first result even if the sender has left since.
                let known = stored(work.conn, open.row.id, open.row.epoch, sender, message);
                work.put(open);
                return Ok(match known? {
                    Some(known) => known.map(|result| Appended { result, bumped: Vec::new(), fanout: None }),
                    None => Err(Denied::Stale),
                });
            }
            work.grow(&mut open)?;
            (open, HashSet::new())
        }
    };
    let result = place(work, &mut open, sender, message, &fresh);
    work.put(open);
    result
}

fn place(
    work: &mut Work<'_>,
    open: &mut Open,
    sender: i64,
    message: &Append,
    fresh: &HashSet<i64>,
) -> DbResult<Result<Appended, Denied>> {
    if open.row.tombstones > 0
        && let Some(refused) = tombstone(work.conn, open.row.id, sender, message.client_id)?
    {
        if !message.again {
            return Ok(Err(refused.into()));
        }
        lift_tombstone(work.conn, open.row.id, sender, message.client_id)?;
        open.row.tombstones -= 1;
        open.dirty = true;
    }
    let audience = (!message.audience.is_empty()).then(|| message.audience.iter().cloned().collect());
    let post = Post {
        sender,
        client_id: message.client_id,
        envelope: &message.envelope,
        content: &message.content,
        counted: message.counted,
        audience,
        changes_group: false,
    };
    let Some(posted) = work.post(open, &post, fresh)? else {
        return match stored(work.conn, open.row.id, open.row.epoch, sender, message)? {
            Some(known) => Ok(known.map(|result| Appended { result, bumped: Vec::new(), fanout: None })),
            None => Err(DbError::damaged("the index of identities")),
        };
    };
    let result = wire::SendMessageResult {
        epoch: open.row.epoch,
        seq: posted.seq,
        time_ms: posted.time_ms,
        counted: posted.counted,
        counted_by_sender: posted.counted_by_sender,
        repeated: false,
        r#mod: 0,
    };
    Ok(Ok(Appended { result, bumped: posted.bumped, fanout: posted.fanout }))
}

/// Gives a new one to one its two sides.
fn pair_up(work: &mut Work<'_>, open: &mut Open, users: [i64; 2]) -> DbResult<()> {
    for user in users {
        let member = MemberRow {
            conversation: open.row.id,
            user,
            role: Role::Member,
            visible_from: 1,
            left_at: None,
            left_counted: 0,
            floor_seq: 0,
            floor_counted: 0,
            floor_own: 0,
            read_seq: 0,
            own_counted: 0,
            version: 0,
            from_seq: 1,
            deletions: 0,
            cleared_seq: 0,
            large: false,
            seen: 0,
        };
        work.write_member(&member)?;
        open.members.insert(user, member);
    }
    Ok(())
}

/// The first result of a message that the log holds, or that its id was used for another content.
fn stored(
    conn: &Connection,
    conversation: i64,
    epoch: u64,
    sender: i64,
    message: &Append,
) -> DbResult<Option<Result<wire::SendMessageResult, Denied>>> {
    let Some((result, envelope, content)) = find(conn, conversation, epoch, sender, message.client_id)?
    else {
        return Ok(None);
    };
    if envelope != message.envelope || content != message.content {
        return Ok(Some(Err(ErrorCode::MessageIdReused.into())));
    }
    Ok(Some(Ok(result)))
}

type Found = (wire::SendMessageResult, Vec<u8>, Vec<u8>);

fn find(
    conn: &Connection,
    conversation: i64,
    epoch: u64,
    sender: i64,
    id: ClientMessageId,
) -> DbResult<Option<Found>> {
    let mut statement = conn.prepare_cached(
        "SELECT seq, time_ms, counted, counted_by_sender, modified, envelope, content FROM entry \
         WHERE conversation = ?1 AND sender = ?2 AND client_id = ?3",
    )?;
    let found = statement
        .query_row(params![conversation, sender, id.0], |row| {
            let result = wire::SendMessageResult {
                epoch,
                seq: row.get(0)?,
                time_ms: row.get(1)?,
                counted: row.get(2)?,
                counted_by_sender: row.get(3)?,
                repeated: true,
                r#mod: row.get(4)?,
            };
            Ok((result, row.get(5)?, row.get(6)?))
        })
        .optional()?;
    Ok(found)
}

/// Why a send will never be stored as it is, if it was cancelled or refused.
fn tombstone(
    conn: &Connection,
    conversation: i64,
    sender: i64,
    id: ClientMessageId,
) -> DbResult<Option<ErrorCode>> {
    let mut statement = conn.prepare_cached(
        "SELECT refused FROM tombstone WHERE conversation = ?1 AND sender = ?2 AND client_id = ?3",
    )?;
    let refused: Option<String> =
        statement.query_row(params![conversation, sender, id.0], |row| row.get(0)).optional()?;
    Ok(refused.map(|name| ErrorCode::from_name(&name).unwrap_or(ErrorCode::SendCancelled)))
}

fn lift_tombstone(conn: &Connection, conversation: i64, sender: i64, id: ClientMessageId) -> DbResult<()> {
    conn.prepare_cached("DELETE FROM tombstone WHERE conversation = ?1 AND sender = ?2 AND client_id = ?3")?
        .execute(params![conversation, sender, id.0])?;
    Ok(())
}

/// Looks whether a message that the rules refuse now was stored before.
pub(super) fn sent(
    conn: &Connection,
    message: &Append,
) -> DbResult<Option<Result<wire::SendMessageResult, Denied>>> {
    let Some(sender) = user_number(conn, &message.sender)? else { return Ok(None) };
    let name = conversation_name(&message.sender, &message.conversation);
    let mut statement = conn.prepare_cached("SELECT id, epoch FROM conversation WHERE name = ?1")?;
    let found: Option<(i64, u64)> =
        statement.query_row([name], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    match found {
        Some((conversation, epoch)) => stored(conn, conversation, epoch, sender, message),
        None => Ok(None),
    }
}

/// Settles a send: what is stored stays; what is not never will be.
pub(super) fn cancel(conn: &Connection, now_ms: i64, cancel: &Cancel) -> DbResult<wire::CancelSendResult> {
    let mut work = Work::new(conn, now_ms);
    let sender = work.number(&cancel.sender)?.ok_or(ErrorCode::NotAuthorised)?;
    let name = conversation_name(&cancel.sender, &cancel.conversation);
    let mut open = match (work.take(&name)?, &cancel.conversation) {
        (Some(open), _) => open,
        // The first message of a one to one is in doubt: its log is laid out so that it can remember the refusal.
        (None, ConversationId::User(peer)) if work.number(peer)?.is_some() => work.create(&name, None)?,
        // Where nothing can ever be stored, nothing has to be remembered.
        (None, _) => return Ok(wire::CancelSendResult { stored: None, tombstoned: true }),
    };
    if let Some((result, _, _)) = find(conn, open.row.id, open.row.epoch, sender, cancel.client_id)? {
        return Ok(wire::CancelSendResult { stored: Some(result), tombstoned: false });
    }
    let mut statement = conn.prepare_cached(
        "INSERT INTO tombstone (conversation, sender, client_id, time_ms, refused) VALUES (?1, ?2, ?3, ?4, ?5) \
         ON CONFLICT DO NOTHING",
    )?;
    let refused = cancel.refused.map_or("", ErrorCode::name);
    if statement.execute(params![open.row.id, sender, cancel.client_id.0, now_ms, refused])? > 0 {
        open.row.tombstones += 1;
        open.dirty = true;
    }
    work.put(open);
    work.finish()?;
    Ok(wire::CancelSendResult { stored: None, tombstoned: true })
}

/// Forgets old tombstones, a few at a time so that nobody waits long behind it.
pub(super) fn prune_cancelled(conn: &Connection, before_ms: i64, limit: u32) -> DbResult<u64> {
    let mut statement = conn.prepare_cached(
        "DELETE FROM tombstone WHERE (conversation, sender, client_id) IN \
         (SELECT conversation, sender, client_id FROM tombstone WHERE time_ms < ?1 ORDER BY time_ms LIMIT ?2) \
         RETURNING conversation",
    )?;
    let gone: Vec<i64> =
        statement.query_map(params![before_ms, limit], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let mut count =
        conn.prepare_cached("UPDATE conversation SET tombstones = MAX(tombstones - 1, 0) WHERE id = ?1")?;
    for conversation in &gone {
        count.execute([conversation])?;
    }
    Ok(u64::try_from(gone.len()).unwrap_or(0))
}
