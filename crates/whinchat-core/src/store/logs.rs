//! The sync engine's port on SQLite: what one transaction reads and changes is kept here and written once, at its end.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, Row, params};
use whinchat_proto::id::{ClientMessageId, ConversationId, UserId};
use whinchat_proto::wire::MessageKind;

use super::fault::Checked;
use crate::error::{Error, Result};
use crate::sync::{
    ChangeGap, Entry, Floor, GroupState, HeldRanges, Log, LogStore, Message, Position, PutEntry, Range,
    Totals,
};

/// An own message that the server had acknowledged and lost again: it goes back to the outbox.
#[derive(Clone, Debug)]
pub(crate) struct Requeued {
    pub(crate) conversation: ConversationId,
    pub(crate) client_id: ClientMessageId,
    pub(crate) created_ms: i64,
    pub(crate) envelope: Vec<u8>,
    pub(crate) content: Vec<u8>,
}

struct Loaded {
    row: i64,
    log: Log,
    /// The held ranges as they stand in the file.
    stored: HeldRanges,
    dirty: bool,
}

/// One transaction's view of the logs.
pub(crate) struct SqliteLogs<'a> {
    connection: &'a Connection,
    me: &'a UserId,
    is_from_here: &'a (dyn Fn(ClientMessageId) -> bool + Sync),
    loaded: HashMap<ConversationId, Loaded>,
    position: Option<(Position, bool)>,
    requeued: Vec<Requeued>,
}

impl<'a> SqliteLogs<'a> {
    /// A view inside `connection`'s open transaction. `is_from_here` knows what stands in the outbox.
    pub(crate) fn new(
        connection: &'a Connection,
        me: &'a UserId,
        is_from_here: &'a (dyn Fn(ClientMessageId) -> bool + Sync),
    ) -> Self {
        Self { connection, me, is_from_here, loaded: HashMap::new(), position: None, requeued: Vec::new() }
    }

    /// Writes what changed. Returns own messages that have to go back to the outbox, and the position.
    pub(crate) fn finish(mut self) -> Result<(Vec<Requeued>, Position)> {
        self.flush()?;
        let position = self.position()?;
        Ok((self.requeued, position))
    }

    fn flush(&mut self) -> Result<()> {
        if let Some((position, dirty)) = &mut self.position
            && *dirty
        {
            store_position(self.connection, position)?;
            *dirty = false;
        }
        for loaded in self.loaded.values_mut().filter(|loaded| loaded.dirty) {
            store_log(self.connection, loaded)?;
            loaded.dirty = false;
        }
        Ok(())
    }

    fn load(&mut self, conversation: &ConversationId) -> Result<Option<&mut Loaded>> {
        if !self.loaded.contains_key(conversation) {
            let Some((row, mut log)) = read_log(self.connection, conversation)? else { return Ok(None) };
            log.held = read_held(self.connection, row)?;
            let stored = log.held.clone();
            self.loaded.insert(conversation.clone(), Loaded { row, log, stored, dirty: false });
        }
        Ok(self.loaded.get_mut(conversation))
    }

    /// The row of a conversation, made if it is not there.
    fn row(&mut self, conversation: &ConversationId) -> Result<i64> {
        if let Some(loaded) = self.load(conversation)? {
            return Ok(loaded.row);
        }
        self.connection
            .prepare_cached("INSERT INTO conversation (id) VALUES (?1)")
            .checked()?
            .execute([conversation.to_string()])
            .checked()?;
        let row = self.connection.last_insert_rowid();
        let loaded = Loaded { row, log: Log::default(), stored: HeldRanges::default(), dirty: false };
        self.loaded.insert(conversation.clone(), loaded);
        Ok(row)
    }
}

impl LogStore for SqliteLogs<'_> {
    type Error = Error;

    fn position(&mut self) -> Result<Position> {
        if let Some((position, _)) = &self.position {
            return Ok(position.clone());
        }
        let position = read_position(self.connection)?;
        self.position = Some((position.clone(), false));
        Ok(position)
    }

    fn set_position(&mut self, position: &Position) -> Result<()> {
        self.position = Some((position.clone(), true));
        Ok(())
    }

    fn log(&mut self, conversation: &ConversationId) -> Result<Option<Log>> {
        // A row without an epoch was made for the list alone, when something was written into a conversation not yet known.
        Ok(self
            .load(conversation)?
            .map(|loaded| loaded.log.clone())
            .filter(|log| log.known || log.epoch != 0))
    }

    fn set_log(&mut self, conversation: &ConversationId, log: &Log) -> Result<()> {
        self.row(conversation)?;
        if let Some(loaded) = self.loaded.get_mut(conversation) {
            loaded.log = log.clone();
            loaded.dirty = true;
        }
        Ok(())
    }

    fn incomplete(&mut self) -> Result<Vec<ConversationId>> {
        self.flush()?;
        let mut statement = self
            .connection
            .prepare_cached("SELECT id FROM conversation WHERE incomplete = 1 ORDER BY active_ms DESC")
            .checked()?;
        let ids = statement.query_map([], |row| row.get::<_, String>(0)).checked()?;
        let mut conversations = Vec::new();
        for id in ids {
            conversations.push(ConversationId::parse(&id.checked()?)?);
        }
        Ok(conversations)
    }

    fn remove_older_than(&mut self, generation: u64) -> Result<Vec<ConversationId>> {
        self.flush()?;
        let mut gone = Vec::new();
        {
            let mut statement = self
                .connection
                .prepare_cached("SELECT row, id FROM conversation WHERE generation < ?1 AND epoch <> 0")
                .checked()?;
            let rows = statement
                .query_map([generation.cast_signed()], |row| {
                    Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
                })
                .checked()?;
            for found in rows {
                let (row, id) = found.checked()?;
                gone.push((row, ConversationId::parse(&id)?));
            }
        }
        for (row, id) in &gone {
            for table in ["message", "held", "unread_exception"] {
                let sql = format!("DELETE FROM {table} WHERE conversation = ?1");
                self.connection.prepare_cached(&sql).checked()?.execute([row]).checked()?;
            }
            let sql = "DELETE FROM conversation WHERE row = ?1";
            self.connection.prepare_cached(sql).checked()?.execute([row]).checked()?;
            self.loaded.remove(id);
        }
        Ok(gone.into_iter().map(|(_, id)| id).collect())
    }

    fn put_message(
        &mut self,
        conversation: &ConversationId,
        entry: &Entry,
        message: &Message,
    ) -> Result<PutEntry> {
        let row = self.row(conversation)?;
        let from_here = message.sender == *self.me && (self.is_from_here)(message.client_id);
        let changed = self
            .connection
            .prepare_cached(
                "INSERT INTO message (conversation, seq, time_ms, modified, sender, client_id, kind, from_here, \
                 last_message, envelope, content) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) \
                 ON CONFLICT DO NOTHING",
            )
            .checked()?
            .execute(params![
                row,
                entry.seq.cast_signed(),
                entry.time_ms,
                entry.modified.cast_signed(),
                message.sender.as_str(),
                message.client_id.0.as_slice(),
                message.kind,
                from_here,
                !message.excluded_from_last_message,
                message.envelope.as_ref(),
                message.content.as_ref(),
            ])
            .checked()?;
        Ok(if changed > 0 { PutEntry::New } else { PutEntry::Known })
    }

    fn except(&mut self, conversation: &ConversationId, seq: u64) -> Result<()> {
        let row = self.row(conversation)?;
        self.connection
            .prepare_cached("INSERT OR IGNORE INTO unread_exception (conversation, seq) VALUES (?1, ?2)")
            .checked()?
            .execute([row, seq.cast_signed()])
            .checked()?;
        Ok(())
    }

    fn truncate(&mut self, conversation: &ConversationId, seq: u64) -> Result<()> {
        let row = self.row(conversation)?;
        let above = params![row, seq.cast_signed()];
        let mut own = self
            .connection
            .prepare_cached(
                "SELECT client_id, time_ms, envelope, content FROM message \
                 WHERE conversation = ?1 AND seq > ?2 AND sender = ?3 AND kind <> ?4 ORDER BY seq",
            )
            .checked()?;
        let tip = i32::from(MessageKind::GroupTip);
        let lost = own
            .query_map(params![row, seq.cast_signed(), self.me.as_str(), tip], |row| {
                Ok((row.get::<_, [u8; 16]>(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })
            .checked()?;
        for message in lost {
            let (client_id, created_ms, envelope, content) = message.checked()?;
            self.requeued.push(Requeued {
                conversation: conversation.clone(),
                client_id: ClientMessageId(client_id),
                created_ms,
                envelope,
                content,
            });
        }
        for table in ["message", "unread_exception"] {
            let sql = format!("DELETE FROM {table} WHERE conversation = ?1 AND seq > ?2");
            self.connection.prepare_cached(&sql).checked()?.execute(above).checked()?;
        }
        Ok(())
    }

    fn me(&self) -> &UserId {
        self.me
    }
}

/// The position in the user's change log.
pub(crate) fn read_position(connection: &Connection) -> Result<Position> {
    let found = connection
        .prepare_cached("SELECT epoch, top, generation, gaps, loose FROM position WHERE one = 1")
        .checked()?
        .query_row([], |row| {
            Ok((
                row.get::<_, i64>(0)?,
                row.get::<_, i64>(1)?,
                row.get::<_, i64>(2)?,
                row.get::<_, String>(3)?,
                row.get::<_, String>(4)?,
            ))
        })
        .optional()
        .checked()?;
    let Some((epoch, top, generation, gaps, loose)) = found else { return Ok(Position::default()) };
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
        generation: generation.cast_unsigned(),
        loose,
    })
}

fn numbers(text: &str) -> Vec<u64> {
    text.split_ascii_whitespace().filter_map(|number| number.parse().ok()).collect()
}

fn text(numbers: impl IntoIterator<Item = u64>) -> String {
    numbers.into_iter().map(|number| number.to_string()).collect::<Vec<_>>().join(" ")
}

fn store_position(connection: &Connection, position: &Position) -> Result<()> {
    let gaps = text(position.gaps.iter().flat_map(|gap| [gap.from, gap.below, u64::from(gap.snapshot)]));
    let loose = text(position.loose.iter().flat_map(|(prev, version)| [*prev, *version]));
    connection
        .prepare_cached(
            "INSERT INTO position (one, epoch, top, generation, gaps, loose) VALUES (1, ?1, ?2, ?3, ?4, ?5) \
             ON CONFLICT (one) DO UPDATE SET epoch = ?1, top = ?2, generation = ?3, gaps = ?4, loose = ?5",
        )
        .checked()?
        .execute(params![
            position.epoch.cast_signed(),
            position.top.cast_signed(),
            position.generation.cast_signed(),
            gaps,
            loose
        ])
        .checked()?;
    Ok(())
}

fn read_log(connection: &Connection, conversation: &ConversationId) -> Result<Option<(i64, Log)>> {
    connection
        .prepare_cached(
            "SELECT row, known, epoch, head_seq, head_modified, counted, own_counted, floor_seq, floor_counted, \
             floor_own, read_seq, visible_from, left_group, active_ms, announced, incomplete, generation, group_kind, \
             group_name, group_owner, group_members, delivered FROM conversation WHERE id = ?1",
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

fn store_log(connection: &Connection, loaded: &mut Loaded) -> Result<()> {
    let log = &loaded.log;
    let group = log.group.as_ref();
    connection
        .prepare_cached(
            "UPDATE conversation SET known = ?2, epoch = ?3, head_seq = ?4, head_modified = ?5, counted = ?6, \
             own_counted = ?7, floor_seq = ?8, floor_counted = ?9, floor_own = ?10, read_seq = ?11, visible_from = ?12, \
             left_group = ?13, active_ms = ?14, announced = ?15, delivered = ?22, incomplete = ?16, \
             generation = ?17, group_kind = ?18, group_name = ?19, group_owner = ?20, group_members = ?21, \
             sort_ms = max(sort_ms, ?14) WHERE row = ?1",
        )
        .checked()?
        .execute(params![
            loaded.row,
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
        ])
        .checked()?;
    if log.held != loaded.stored {
        store_held(connection, loaded.row, &loaded.stored, &log.held)?;
        loaded.stored = log.held.clone();
    }
    Ok(())
}

fn store_held(connection: &Connection, row: i64, before: &HeldRanges, after: &HeldRanges) -> Result<()> {
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
