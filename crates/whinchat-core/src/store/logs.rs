//! The sync engine's port on SQLite: what one transaction reads and changes is kept here and written once, at its end.

use prost::Message as _;
use rusqlite::{CachedStatement, Connection, OptionalExtension, params};
use whinchat_proto::id::{ClientMessageId, ConversationId, UserId};
use whinchat_proto::wire::{self, MessageKind};

use super::fault::Checked;
use super::loaded::{Loaded, LoadedLogs};
use super::log_rows::{read_held, read_log, read_position, store_held, store_log, store_position};
use crate::error::{Error, Result};
use crate::message::MessageId;
use crate::sync::{Deleted, Entry, HeldRanges, Log, LogStore, Message, Position, PutEntry};

/// An own message that the server had acknowledged and lost again: it goes back to the outbox.
#[derive(Clone, Debug)]
pub(crate) struct Requeued {
    pub(crate) conversation: ConversationId,
    pub(crate) client_id: ClientMessageId,
    pub(crate) created_ms: i64,
    pub(crate) envelope: Vec<u8>,
    pub(crate) content: Vec<u8>,
}

const BELOW_LAST: &str = "SELECT 1 FROM message WHERE conversation = ?1 AND seq > ?2 AND last_message";
/// What the outbox knows of a message by its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Nothing: it was sent elsewhere, or has left the outbox.
    Elsewhere,
    /// It waits there, or is on its way.
    Here,
    /// It was deleted there while it may have been on its way.
    Deleted,
}

const INSERT: &str = "INSERT INTO message (conversation, seq, time_ms, modified, sender, client_id, kind, from_here, \
     last_message, envelope, content) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT DO NOTHING";

/// One transaction's view of the logs.
pub(crate) struct SqliteLogs<'a> {
    connection: &'a Connection,
    me: &'a UserId,
    fate: &'a (dyn Fn(ClientMessageId) -> Fate + Sync),
    loaded: LoadedLogs,
    /// The one statement that runs for each message.
    insert: Option<CachedStatement<'a>>,
    position: Option<(Position, bool)>,
    requeued: Vec<Requeued>,
}

impl<'a> SqliteLogs<'a> {
    /// A view inside `connection`'s open transaction. `fate` knows what stands in the outbox.
    pub(crate) fn new(
        connection: &'a Connection,
        me: &'a UserId,
        fate: &'a (dyn Fn(ClientMessageId) -> Fate + Sync),
    ) -> Self {
        Self {
            connection,
            me,
            fate,
            loaded: LoadedLogs::default(),
            insert: None,
            position: None,
            requeued: Vec::new(),
        }
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
        for loaded in self.loaded.dirty() {
            store_log(self.connection, loaded.row, &loaded.log)?;
            if loaded.log.held != loaded.stored {
                store_held(self.connection, loaded.row, &loaded.stored, &loaded.log.held)?;
                loaded.stored = loaded.log.held.clone();
            }
            loaded.dirty = false;
        }
        Ok(())
    }

    fn load(&mut self, conversation: &ConversationId) -> Result<Option<&mut Loaded>> {
        let place = match self.loaded.place(conversation) {
            Some(place) => place,
            None => {
                let Some((row, mut log)) = read_log(self.connection, conversation)? else { return Ok(None) };
                log.held = read_held(self.connection, row)?;
                let stored = log.held.clone();
                self.loaded.keep(conversation, Loaded { row, has_deletions: None, log, stored, dirty: false })
            }
        };
        Ok(self.loaded.get_mut(place))
    }

    /// Nothing is stored at this place any more. With the message's id, asking for its deletion again is no mistake, and
    /// it can still be paged from.
    fn note_deletion(
        &mut self,
        conversation: &ConversationId,
        row: i64,
        seq: u64,
        id: Option<(ClientMessageId, &UserId)>,
    ) -> Result<()> {
        let id = id.map(|(client_id, sender)| MessageId::form(client_id, sender, conversation, self.me));
        self.connection
            .prepare_cached(
                "INSERT INTO deletion (conversation, seq, id) VALUES (?1, ?2, ?3) \
                 ON CONFLICT (conversation, seq) DO UPDATE SET id = coalesce(id, ?3)",
            )
            .checked()?
            .execute(params![row, seq.cast_signed(), id.as_ref().map(MessageId::as_str)])
            .checked()?;
        if let Some(loaded) = self.load(conversation)? {
            loaded.has_deletions = Some(true);
        }
        Ok(())
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
        let (log, stored) = (Log::default(), HeldRanges::default());
        let loaded = Loaded { row, has_deletions: Some(false), log, stored, dirty: false };
        self.loaded.keep(conversation, loaded);
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
        if let Some(loaded) = self.load(conversation)? {
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
            // The server may have lost the conversation together with what it had acknowledged.
            self.truncate(id, 0)?;
            for table in ["message", "held", "unread_exception", "deletion"] {
                let sql = format!("DELETE FROM {table} WHERE conversation = ?1");
                self.connection.prepare_cached(&sql).checked()?.execute([row]).checked()?;
            }
            let sql = "DELETE FROM conversation WHERE row = ?1";
            self.connection.prepare_cached(sql).checked()?.execute([row]).checked()?;
            self.loaded.forget(id);
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
        let from_here = message.sender == *self.me && (self.fate)(message.client_id) != Fate::Elsewhere;
        let insert = match &mut self.insert {
            Some(insert) => insert,
            none => none.insert(self.connection.prepare_cached(INSERT).checked()?),
        };
        let changed = insert
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

    fn is_below_last(&mut self, conversation: &ConversationId, seq: u64) -> Result<bool> {
        let row = self.row(conversation)?;
        self.connection.prepare_cached(BELOW_LAST).checked()?.exists([row, seq.cast_signed()]).checked()
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

    fn delete(&mut self, conversation: &ConversationId, seq: u64) -> Result<Option<Deleted>> {
        let row = self.row(conversation)?;
        let found = self
            .connection
            .prepare_cached(
                "DELETE FROM message WHERE conversation = ?1 AND seq = ?2 RETURNING sender, client_id, envelope",
            )
            .checked()?
            .query_row(params![row, seq.cast_signed()], |row| {
                Ok((row.get::<_, String>(0)?, row.get::<_, [u8; 16]>(1)?, row.get::<_, Vec<u8>>(2)?))
            })
            .optional()
            .checked()?;
        let deleted = match found {
            Some((sender, client_id, envelope)) => Some(Deleted {
                sender: UserId::new(sender)?,
                client_id: ClientMessageId(client_id),
                excluded_from_unread: wire::Envelope::decode(envelope.as_slice())
                    .is_ok_and(|envelope| envelope.excluded_from_unread),
            }),
            None => None,
        };
        let id = deleted.as_ref().map(|deleted| (deleted.client_id, &deleted.sender));
        self.note_deletion(conversation, row, seq, id)?;
        Ok(deleted)
    }

    fn is_waiting(&self, message: &Message) -> bool {
        message.sender == *self.me && (self.fate)(message.client_id) == Fate::Here
    }

    fn is_deleted(&mut self, conversation: &ConversationId, seq: u64, message: &Message) -> Result<bool> {
        if message.sender == *self.me && (self.fate)(message.client_id) == Fate::Deleted {
            let row = self.row(conversation)?;
            self.note_deletion(conversation, row, seq, Some((message.client_id, &message.sender)))?;
            return Ok(true);
        }
        let row = self.row(conversation)?;
        let has_deletions = match self.load(conversation)?.and_then(|loaded| loaded.has_deletions) {
            Some(has_deletions) => has_deletions,
            None => {
                let sql = "SELECT EXISTS (SELECT 1 FROM deletion WHERE conversation = ?1)";
                let found = self
                    .connection
                    .prepare_cached(sql)
                    .checked()?
                    .query_row([row], |row| row.get(0))
                    .checked()?;
                if let Some(loaded) = self.load(conversation)? {
                    loaded.has_deletions = Some(found);
                }
                found
            }
        };
        if !has_deletions {
            return Ok(false);
        }
        let sql = "SELECT EXISTS (SELECT 1 FROM deletion WHERE conversation = ?1 AND seq = ?2)";
        let mut statement = self.connection.prepare_cached(sql).checked()?;
        statement.query_row([row, seq.cast_signed()], |row| row.get(0)).checked()
    }

    fn deletions(&mut self, conversation: &ConversationId) -> Result<Vec<u64>> {
        let row = self.row(conversation)?;
        let sql = "SELECT seq FROM deletion WHERE conversation = ?1 ORDER BY seq";
        let mut statement = self.connection.prepare_cached(sql).checked()?;
        let seqs =
            statement.query_map([row], |row| row.get::<_, i64>(0).map(i64::cast_unsigned)).checked()?;
        seqs.collect::<rusqlite::Result<_>>().checked()
    }

    fn clear(&mut self, conversation: &ConversationId, seq: u64) -> Result<()> {
        let row = self.row(conversation)?;
        for table in ["message", "deletion"] {
            let sql = format!("DELETE FROM {table} WHERE conversation = ?1 AND seq <= ?2");
            self.connection.prepare_cached(&sql).checked()?.execute([row, seq.cast_signed()]).checked()?;
        }
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
        for table in ["message", "unread_exception", "deletion"] {
            let sql = format!("DELETE FROM {table} WHERE conversation = ?1 AND seq > ?2");
            self.connection.prepare_cached(&sql).checked()?.execute(above).checked()?;
        }
        Ok(())
    }

    fn me(&self) -> &UserId {
        self.me
    }
}
