//! Logs and the position as rows of the cache file.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, Row, params};
use whinchat_proto::id::ConversationId;

use super::fault::Checked;
use crate::error::Result;
use crate::sync::{ChangeGap, Floor, GroupState, HeldRanges, Log, Position, Range, Totals};

/// The position in the user's change log.
pub(crate) fn read_position(connection: &Connection) -> Result<Position> {
    let found = connection
        .prepare_cached(
            "SELECT epoch, top, generation, gaps, loose, whole, groups FROM position WHERE one = 1",
        )
        .checked()?
        .query_row([], |row| {
            Ok((
                row.get::<_, i64>(0)?,
                row.get::<_, i64>(1)?,
                row.get::<_, i64>(2)?,
                row.get::<_, String>(3)?,
                row.get::<_, String>(4)?,
                row.get::<_, i64>(5)?,
                row.get::<_, i64>(6)?,
            ))
        })
        .optional()
        .checked()?;
    let Some((epoch, top, generation, gaps, loose, whole, groups)) = found else {
        return Ok(Position::default());
    };
    let gaps = numbers(&gaps)
        .chunks_exact(3)
        .filter_map(|part| match part {
            [from, below, snapshot] => {
                Some(ChangeGap { from: *from, below: *below, snapshot: *snapshot == 1 })
            }
            _ => None,
        })
        .collect();
    let loose = numbers(&loose)
        .chunks_exact(2)
        .filter_map(|part| if let [prev, version] = part { Some((*prev, *version)) } else { None })
        .collect();
    Ok(Position {
        epoch: epoch.cast_unsigned(),
        top: top.cast_unsigned(),
        gaps,
        whole: whole.cast_unsigned(),
        generation: generation.cast_unsigned(),
        loose,
        groups: groups.cast_unsigned(),
    })
}

fn numbers(text: &str) -> Vec<u64> {
    text.split_ascii_whitespace().filter_map(|number| number.parse().ok()).collect()
}

fn text(numbers: impl IntoIterator<Item = u64>) -> String {
    numbers.into_iter().map(|number| number.to_string()).collect::<Vec<_>>().join(" ")
}

/// Stores it.
pub(super) fn store_position(connection: &Connection, position: &Position) -> Result<()> {
    let gaps = text(position.gaps.iter().flat_map(|gap| [gap.from, gap.below, u64::from(gap.snapshot)]));
    let loose = text(position.loose.iter().flat_map(|(prev, version)| [*prev, *version]));
    connection
        .prepare_cached(
            "INSERT INTO position (one, epoch, top, generation, gaps, loose, whole, groups) \
             VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7) \
             ON CONFLICT (one) DO UPDATE SET epoch = ?1, top = ?2, generation = ?3, gaps = ?4, loose = ?5, whole = ?6, \
             groups = ?7",
        )
        .checked()?
        .execute(params![
            position.epoch.cast_signed(),
            position.top.cast_signed(),
            position.generation.cast_signed(),
            gaps,
            loose,
            position.whole.cast_signed(),
            position.groups.cast_signed(),
        ])
        .checked()?;
    Ok(())
}

/// A conversation's row and log, without its held ranges.
pub(super) fn read_log(connection: &Connection, conversation: &ConversationId) -> Result<Option<(i64, Log)>> {
    connection
        .prepare_cached(
            "SELECT row, known, epoch, head_seq, head_modified, counted, own_counted, floor_seq, floor_counted, \
             floor_own, read_seq, visible_from, left_group, active_ms, announced, incomplete, generation, group_kind, \
             group_name, group_owner, group_members, delivered, version, peer_read_seq, cleared_seq, group_seq, behind \
             FROM conversation WHERE id = ?1",
        )
        .checked()?
        .query_row([conversation.to_string()], |row| Ok((row.get(0)?, log_of(row)?)))
        .optional()
        .checked()
}

fn log_of(row: &Row<'_>) -> rusqlite::Result<Log> {
    let number = |at: usize| row.get::<_, i64>(at).map(i64::cast_unsigned);
    let group = match row.get::<_, Option<String>>(17)? {
        Some(kind) => {
            Some(GroupState { kind, name: row.get(18)?, owner: row.get(19)?, member_count: row.get(20)? })
        }
        None => None,
    };
    Ok(Log {
        known: row.get(1)?,
        epoch: number(2)?,
        head_seq: number(3)?,
        head_modified: number(4)?,
        totals: Totals { counted: number(5)?, own: number(6)? },
        floor: Floor { seq: number(7)?, totals: Totals { counted: number(8)?, own: number(9)? } },
        read_seq: number(10)?,
        visible_from: number(11)?,
        left: row.get(12)?,
        active_ms: row.get(13)?,
        announced: number(14)?,
        incomplete: row.get(15)?,
        generation: number(16)?,
        delivered: number(21)?,
        version: number(22)?,
        peer_read_seq: number(23)?,
        cleared_seq: number(24)?,
        group_seq: number(25)?,
        behind: number(26)?,
        group,
        held: HeldRanges::default(),
    })
}

/// The held ranges of the conversation at `row`.
pub(crate) fn read_held(connection: &Connection, row: i64) -> Result<HeldRanges> {
    let mut statement = connection
        .prepare_cached("SELECT from_seq, to_seq FROM held WHERE conversation = ?1 ORDER BY from_seq")
        .checked()?;
    let ranges = statement
        .query_map([row], |row| {
            Ok(Range {
                from: row.get::<_, i64>(0)?.cast_unsigned(),
                to: row.get::<_, i64>(1)?.cast_unsigned(),
            })
        })
        .checked()?;
    let ranges: rusqlite::Result<Vec<Range>> = ranges.collect();
    Ok(HeldRanges::from_stored(ranges.checked()?))
}

/// Stores a log, without its held ranges.
pub(super) fn store_log(connection: &Connection, row: i64, log: &Log) -> Result<()> {
    let group = log.group.as_ref();
    connection
        .prepare_cached(
            "UPDATE conversation SET known = ?2, epoch = ?3, head_seq = ?4, head_modified = ?5, counted = ?6, \
             own_counted = ?7, floor_seq = ?8, floor_counted = ?9, floor_own = ?10, read_seq = ?11, visible_from = ?12, \
             left_group = ?13, active_ms = ?14, announced = ?15, delivered = ?22, incomplete = ?16, \
             generation = ?17, group_kind = ?18, group_name = ?19, group_owner = ?20, group_members = ?21, \
             version = ?23, peer_read_seq = ?24, cleared_seq = ?25, group_seq = ?26, behind = ?27, \
             sort_ms = max(sort_ms, ?14) WHERE row = ?1",
        )
        .checked()?
        .execute(params![
            row,
            log.known,
            log.epoch.cast_signed(),
            log.head_seq.cast_signed(),
            log.head_modified.cast_signed(),
            log.totals.counted.cast_signed(),
            log.totals.own.cast_signed(),
            log.floor.seq.cast_signed(),
            log.floor.totals.counted.cast_signed(),
            log.floor.totals.own.cast_signed(),
            log.read_seq.cast_signed(),
            log.visible_from.cast_signed(),
            log.left,
            log.active_ms,
            log.announced.cast_signed(),
            log.incomplete,
            log.generation.cast_signed(),
            group.map(|group| &group.kind),
            group.map(|group| &group.name),
            group.map(|group| &group.owner),
            group.map(|group| group.member_count),
            log.delivered.cast_signed(),
            log.version.cast_signed(),
            log.peer_read_seq.cast_signed(),
            log.cleared_seq.cast_signed(),
            log.group_seq.cast_signed(),
            log.behind.cast_signed(),
        ])
        .checked()?;
    Ok(())
}

/// Stores what differs between two pictures of the held ranges.
pub(super) fn store_held(
    connection: &Connection,
    row: i64,
    before: &HeldRanges,
    after: &HeldRanges,
) -> Result<()> {
    let was: HashMap<u64, u64> = before.iter().map(|range| (range.from, range.to)).collect();
    let is: HashMap<u64, u64> = after.iter().map(|range| (range.from, range.to)).collect();
    for from in was.keys().filter(|from| !is.contains_key(from)) {
        connection
            .prepare_cached("DELETE FROM held WHERE conversation = ?1 AND from_seq = ?2")
            .checked()?
            .execute([row, from.cast_signed()])
            .checked()?;
    }
    for (from, to) in is.iter().filter(|(from, to)| was.get(from) != Some(to)) {
        connection
            .prepare_cached(
                "INSERT INTO held (conversation, from_seq, to_seq) VALUES (?1, ?2, ?3) \
                 ON CONFLICT (conversation, from_seq) DO UPDATE SET to_seq = ?3",
            )
            .checked()?
            .execute([row, from.cast_signed(), to.cast_signed()])
            .checked()?;
    }
    Ok(())
}
