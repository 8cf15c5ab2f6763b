//! What a reader is shown of a conversation: its state and its entries, each as he may see it.

use prost::Message as _;
use rusqlite::{Connection, OptionalExtension as _, params};
use whinchat_proto::limits::PAGE_ENTRIES;
use whinchat_proto::wire;

use super::deletions;
use super::fault::{DbError, DbResult};
use super::rows::{ConversationRow, MemberRow, conversation_id};

/// Most exceptions that a state lists; older ones are folded into the floor's total, which gives the same unread.
const EXCEPTED: usize = 4_096;
/// How far back the last visible entry is looked for.
const LOOK_BACK: u64 = 200;

/// Who reads.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) number: i64,
    pub(super) name: &'a str,
}

/// What an answer may still hold.
pub(super) struct Budget {
    pub(super) bytes: usize,
    pub(super) entries: usize,
    /// Nothing has been taken yet: the first entry fits whatever its size.
    pub(super) untouched: bool,
}

impl Budget {
    /// Of a page of `bytes`.
    pub(super) fn page(bytes: usize) -> Self {
        Self { bytes, entries: PAGE_ENTRIES, untouched: true }
    }

    /// Whether nothing more fits.
    pub(super) fn is_spent(&self) -> bool {
        self.entries == 0 || self.bytes == 0
    }

    pub(super) fn take(&mut self, bytes: usize) -> bool {
        if self.entries == 0 || (bytes > self.bytes && !self.untouched) {
            return false;
        }
        self.untouched = false;
        self.entries -= 1;
        self.bytes = self.bytes.saturating_sub(bytes);
        true
    }
}

/// The state of a conversation as `reader` sees it.
pub(super) fn state(
    conn: &Connection,
    conversation: &ConversationRow,
    member: &MemberRow,
    reader: Reader<'_>,
) -> DbResult<wire::ConversationState> {
    let head = member.head(conversation);
    let counted = if member.left_at.is_some() { member.left_counted } else { conversation.counted };
    let mut floor = wire::UnreadFloor {
        seq: member.floor_seq,
        counted: member.floor_counted,
        own_counted: member.floor_own,
    };
    let (excepted, folded) = excepted(conn, conversation, member, reader, head, EXCEPTED)?;
    floor.counted += folded;
    let name = conversation_id(&conversation.name, reader.name)?;
    Ok(wire::ConversationState {
        conversation: Some(name.to_wire()),
        epoch: conversation.epoch,
        previous_epoch: conversation.previous_epoch,
        epoch_base: conversation.epoch_base,
        head_seq: head,
        head_mod: conversation.head_mod,
        counted,
        own_counted: member.own_counted,
        floor: Some(floor),
        read_seq: member.read_seq,
        visible_from: member.visible_from,
        left: member.left_at.is_some(),
        excepted,
        active_ms: active_ms(conn, conversation, member, reader)?,
        version: member.version,
        group: summary(conversation),
        peer_read_seq: if conversation.kind.is_none() { peer_read_seq(conn, member)? } else { 0 },
        cleared_seq: member.cleared_seq,
    })
}

/// How far the other side of a one to one has read.
fn peer_read_seq(conn: &Connection, member: &MemberRow) -> DbResult<u64> {
    let mut statement =
        conn.prepare_cached("SELECT read_seq FROM member WHERE conversation = ?1 AND user <> ?2")?;
    let read = statement.query_row(params![member.conversation, member.user], |row| row.get(0)).optional()?;
    Ok(read.unwrap_or(0))
}

/// What a list shows of a group; nothing of a one to one.
pub(super) fn summary(conversation: &ConversationRow) -> Option<wire::GroupSummary> {
    conversation.kind.map(|kind| wire::GroupSummary {
        kind: kind.name().to_owned(),
        name: conversation.title.clone(),
        owner: conversation.owner.clone(),
        member_count: conversation.member_count,
    })
}

/// Counted entries in (floor, head] that the reader does not see, the newest ones in their order; and how many there are
/// below those.
pub(super) fn excepted(
    conn: &Connection,
    conversation: &ConversationRow,
    member: &MemberRow,
    reader: Reader<'_>,
    head: u64,
    limit: usize,
) -> DbResult<(Vec<u64>, u64)> {
    let (mut newest, mut count) = (Vec::new(), 0);
    if conversation.targeted > 0 {
        (newest, count) = hidden(conn, conversation.id, reader, member.floor_seq, head, limit)?;
    }
    if member.deletions > 0 {
        let (deleted, deleted_count) = deletions::counted(conn, member, head, limit)?;
        newest.extend(deleted);
        count += deleted_count;
    }
    newest.sort_unstable();
    newest.drain(..newest.len().saturating_sub(limit));
    let folded = count - u64::try_from(newest.len()).unwrap_or(0);
    Ok((newest, folded))
}

/// Counted entries in (floor, head] that are for others: the newest of them, newest first, and how many there are. Whom an
/// entry is for stands in its envelope, so each one is looked at; no more than the limit are kept.
fn hidden(
    conn: &Connection,
    conversation: i64,
    reader: Reader<'_>,
    floor: u64,
    head: u64,
    limit: usize,
) -> DbResult<(Vec<u64>, u64)> {
    let mut statement = conn.prepare_cached(
        "SELECT seq, envelope FROM entry INDEXED BY entry_targeted \
         WHERE conversation = ?1 AND targeted = 1 AND seq > ?2 AND seq <= ?3 AND is_counted = 1 AND sender <> ?4 \
         ORDER BY seq DESC",
    )?;
    let mut rows = statement.query(params![conversation, floor, head, reader.number])?;
    let (mut newest, mut count) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        if !in_audience(row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?, reader.name)? {
            count += 1;
            if newest.len() < limit {
                newest.push(row.get(0)?);
            }
        }
    }
    Ok((newest, count))
}

pub(super) fn in_audience(envelope: &[u8], reader: &str) -> DbResult<bool> {
    let envelope = wire::Envelope::decode(envelope).map_err(|_| DbError::damaged("an envelope"))?;
    Ok(envelope.audience.iter().any(|user| user == reader))
}

/// Time of the last entry that the reader sees.
fn active_ms(
    conn: &Connection,
    conversation: &ConversationRow,
    member: &MemberRow,
    reader: Reader<'_>,
) -> DbResult<i64> {
    let head = member.head(conversation);
    // Emptied, it keeps its place in the list.
    let first = if member.visible_from == member.cleared_seq + 1 { 1 } else { member.visible_from };
    if head < first {
        return Ok(conversation.last_ms);
    }
    if conversation.targeted == 0 && member.left_at.is_none() {
        return Ok(conversation.last_ms);
    }
    let from = first.max(head.saturating_sub(LOOK_BACK));
    let mut statement = conn.prepare_cached(
        "SELECT time_ms, targeted, sender, envelope FROM entry \
         WHERE conversation = ?1 AND seq >= ?2 AND seq <= ?3 ORDER BY seq DESC",
    )?;
    let mut rows = statement.query(params![conversation.id, from, head])?;
    while let Some(row) = rows.next()? {
        let targeted: bool = row.get(1)?;
        if !targeted
            || row.get::<_, i64>(2)? == reader.number
            || in_audience(row.get_ref(3)?.as_blob().map_err(rusqlite::Error::from)?, reader.name)?
        {
            return Ok(row.get(0)?);
        }
    }
    Ok(0)
}
