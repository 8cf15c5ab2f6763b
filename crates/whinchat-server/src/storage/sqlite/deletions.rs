//! What a user has deleted for himself: single entries, which are blanks to him from then on, and everything up to a
//! place, which his window then begins above. Whoever has deleted nothing pays nothing: `member.deletions` says so.

use std::collections::HashMap;

use rusqlite::{Connection, params};
use whinchat_proto::id::ConversationId;
use whinchat_proto::limits::KB;
use whinchat_proto::wire;

use super::fault::DbResult;
use super::marks::totals_at;
use super::own;
use super::rows::MemberRow;
use super::state::{Reader, in_audience};
use crate::storage::{Done, Operation};

/// Most deletions that one change lists, the latest ones, and how many bytes they may take: it has to fit a frame beside
/// the largest entry. A device that was away while more were deleted one by one keeps showing the oldest of them until it
/// reads them again.
const LISTED: usize = 16_384;
const LISTED_BYTES: usize = 48 * KB;

/// Deletes entries at `seqs`, seen in the log named by `epoch`. What is not there, or is deleted already, is passed over.
pub(super) fn delete(
    conn: &Connection,
    now_ms: i64,
    operation: &Operation,
    conversation: &ConversationId,
    epoch: u64,
    seqs: &[u64],
) -> DbResult<Done<wire::DeleteMessagesResult>> {
    own::change(conn, now_ms, operation, conversation, |own| {
        let last = own.seen(epoch, u64::MAX);
        let version = own.work.user(own.member.user)?.version + 1;
        let mut gone = Vec::new();
        for seq in seqs.iter().copied().filter(|seq| *seq >= own.member.visible_from && *seq <= last) {
            if delete_one(conn, &own.member, own.reader(), seq, version)? {
                gone.push(seq);
            }
        }
        let mut bumped = Vec::new();
        if !gone.is_empty() {
            own.member.deletions += u64::try_from(gone.len()).unwrap_or(0);
            set_member(conn, &own.member)?;
            bumped.push(own.tell(gone)?);
        }
        Ok((wire::DeleteMessagesResult {}, bumped))
    })
}

/// Tells whether it was there and is deleted only now.
fn delete_one(
    conn: &Connection,
    member: &MemberRow,
    reader: Reader<'_>,
    seq: u64,
    version: u64,
) -> DbResult<bool> {
    let mut statement = conn.prepare_cached(
        "SELECT sender, is_counted, targeted, envelope FROM entry WHERE conversation = ?1 AND seq = ?2",
    )?;
    let mut rows = statement.query(params![member.conversation, seq])?;
    let Some(row) = rows.next()? else { return Ok(false) };
    let (sender, is_counted, targeted): (i64, bool, bool) = (row.get(0)?, row.get(1)?, row.get(2)?);
    let own = sender == member.user;
    // What was a blank before is taken off unread as that.
    let visible = own
        || !targeted
        || in_audience(row.get_ref(3)?.as_blob().map_err(rusqlite::Error::from)?, reader.name)?;
    if !visible {
        return Ok(false);
    }
    let mut insert = conn.prepare_cached(
        "INSERT INTO deletion (user, conversation, seq, version, is_counted) VALUES (?1, ?2, ?3, ?4, ?5) \
         ON CONFLICT DO NOTHING",
    )?;
    let counted = is_counted && !own;
    Ok(insert.execute(params![member.user, member.conversation, seq, version, counted])? > 0)
}

/// Empties the conversation up to `seq`, which was seen in the log named by `epoch`: the window begins above it.
pub(super) fn clear(
    conn: &Connection,
    now_ms: i64,
    operation: &Operation,
    conversation: &ConversationId,
    epoch: u64,
    seq: u64,
) -> DbResult<Done<wire::ClearHistoryResult>> {
    own::change(conn, now_ms, operation, conversation, |own| {
        let seen = own.seen(epoch, seq);
        let mut bumped = Vec::new();
        if seen >= own.member.visible_from {
            // Unread starts above it. The read mark stays: emptying is not reading, and nobody gets a receipt.
            if seen > own.member.floor_seq {
                let (counted, own_counted) = totals_at(conn, &own.row, &own.member, seen)?;
                let member = &mut own.member;
                (member.floor_seq, member.floor_counted, member.floor_own) = (seen, counted, own_counted);
            }
            let member = &mut own.member;
            member.cleared_seq = seen;
            member.visible_from = seen + 1;
            member.from_seq = member.from_seq.max(seen + 1);
            if member.deletions > 0 {
                let mut forget = conn.prepare_cached(
                    "DELETE FROM deletion WHERE user = ?1 AND conversation = ?2 AND seq <= ?3",
                )?;
                let forgotten = forget.execute(params![member.user, member.conversation, seen])?;
                member.deletions = member.deletions.saturating_sub(u64::try_from(forgotten).unwrap_or(0));
            }
            set_member(conn, member)?;
            bumped.push(own.tell(Vec::new())?);
        }
        Ok((wire::ClearHistoryResult { visible_from: own.member.visible_from }, bumped))
    })
}

/// Writes the two columns that nobody else writes.
fn set_member(conn: &Connection, member: &MemberRow) -> DbResult<()> {
    let mut statement = conn.prepare_cached(
        "UPDATE member SET deletions = ?3, cleared_seq = ?4 WHERE conversation = ?1 AND user = ?2",
    )?;
    statement.execute(params![member.conversation, member.user, member.deletions, member.cleared_seq])?;
    Ok(())
}

/// Deleted entries above the floor that count and have to be taken off unread: the newest of them, in any order, and how
/// many there are.
pub(super) fn counted(
    conn: &Connection,
    member: &MemberRow,
    head: u64,
    limit: usize,
) -> DbResult<(Vec<u64>, u64)> {
    let place = params![member.user, member.conversation, member.floor_seq, head];
    let mut statement = conn.prepare_cached(
        "SELECT COUNT(*) FROM deletion \
         WHERE user = ?1 AND conversation = ?2 AND seq > ?3 AND seq <= ?4 AND is_counted = 1",
    )?;
    let count = statement.query_row(place, |row| row.get(0))?;
    let mut statement = conn.prepare_cached(
        "SELECT seq FROM deletion \
         WHERE user = ?1 AND conversation = ?2 AND seq > ?3 AND seq <= ?4 AND is_counted = 1 \
         ORDER BY seq DESC LIMIT ?5",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let newest = statement
        .query_map(params![member.user, member.conversation, member.floor_seq, head, limit], |row| {
            row.get(0)
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok((newest, count))
}

/// What was deleted above a version of the user's log, oldest place first: the latest deletions, if they are too many.
pub(super) fn since(conn: &Connection, member: &MemberRow, version: u64) -> DbResult<Vec<u64>> {
    if member.deletions == 0 {
        return Ok(Vec::new());
    }
    let mut statement = conn.prepare_cached(
        "SELECT seq FROM deletion INDEXED BY deletion_version \
         WHERE user = ?1 AND conversation = ?2 AND version > ?3 ORDER BY version DESC LIMIT ?4",
    )?;
    let limit = i64::try_from(LISTED).unwrap_or(i64::MAX);
    let mut seqs = statement
        .query_map(params![member.user, member.conversation, version, limit], |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<u64>>>()?;
    seqs.truncate(fitting(&seqs, LISTED_BYTES));
    seqs.sort_unstable();
    Ok(seqs)
}

/// How many of these places, from the first on, take no more than so many bytes in the contract's encoding.
fn fitting(seqs: &[u64], bytes: usize) -> usize {
    let mut taken = 0;
    let fits = |seq: &&u64| {
        taken += prost::encoding::encoded_len_varint(**seq);
        taken <= bytes
    };
    seqs.iter().take_while(fits).count()
}

/// Turns those entries that the reader has deleted into blanks. `entries` are in order of place.
pub(super) fn blank(conn: &Connection, member: &MemberRow, entries: &mut [wire::Entry]) -> DbResult<()> {
    let (Some(first), Some(last)) = (entries.first(), entries.last()) else { return Ok(()) };
    if member.deletions == 0 {
        return Ok(());
    }
    let mut statement = conn.prepare_cached(
        "SELECT d.seq, d.is_counted, e.sender FROM deletion d \
         JOIN entry e ON e.conversation = d.conversation AND e.seq = d.seq \
         WHERE d.user = ?1 AND d.conversation = ?2 AND d.seq >= ?3 AND d.seq <= ?4",
    )?;
    let mut deleted: HashMap<u64, (bool, bool)> = HashMap::new();
    let mut rows = statement.query(params![member.user, member.conversation, first.seq, last.seq])?;
    while let Some(row) = rows.next()? {
        deleted.insert(row.get(0)?, (row.get(1)?, row.get::<_, i64>(2)? == member.user));
    }
    for entry in entries {
        if let Some((counted, own)) = deleted.get(&entry.seq).copied() {
            entry.time_ms = 0;
            // Of his own he needs the running total: marks that were set before he had the entry are put right by it.
            entry.counted_by_sender = if own { entry.counted_by_sender } else { 0 };
            entry.body = Some(wire::entry::Body::Blank(wire::Blank { counted }));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_change_lists_fits_a_frame_whatever_the_places() {
        assert_eq!(fitting(&[300, 200, 1], 3), 1);
        assert_eq!(fitting(&[300, 200, 1], 4), 2);
        assert_eq!(fitting(&[300, 200, 1], 99), 3);
        let far: Vec<u64> = (0..LISTED as u64).map(|n| (1 << 40) - n).collect();
        assert!(fitting(&far, LISTED_BYTES) * 6 <= LISTED_BYTES);
    }
}
