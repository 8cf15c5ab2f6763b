//! Queries of stored messages.

use prost::Message as _;
use rusqlite::{Connection, Row, params};
use whinchat_proto::id::{ClientMessageId, ConversationId, UserId};
use whinchat_proto::wire;

use super::fault::Checked;
use super::outbox::OutboxRow;
use crate::error::Result;
use crate::message::{Content, Message, MessageId, MessageState, Priority};

const COLUMNS: &str = "seq, time_ms, sender, client_id, from_here, envelope, content, \
     (SELECT peer_read_seq FROM conversation AS c WHERE c.row = message.conversation)";

/// A stored message as it stands in the file.
#[derive(Clone, Debug)]
pub(crate) struct MessageRow {
    pub(crate) seq: u64,
    pub(crate) from_here: bool,
    time_ms: i64,
    sender: String,
    client_id: [u8; 16],
    envelope: Vec<u8>,
    content: Vec<u8>,
    peer_read_seq: u64,
}

impl MessageRow {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            seq: row.get::<_, i64>(0)?.cast_unsigned(),
            time_ms: row.get(1)?,
            sender: row.get(2)?,
            client_id: row.get(3)?,
            from_here: row.get(4)?,
            envelope: row.get(5)?,
            content: row.get(6)?,
            peer_read_seq: row.get::<_, i64>(7)?.cast_unsigned(),
        })
    }

    /// The message for the app.
    pub(crate) fn into_message(self, conversation: &ConversationId, me: &UserId) -> Result<Message> {
        let sender = UserId::new(&self.sender)?;
        let id = MessageId::form(ClientMessageId(self.client_id), &sender, conversation, me);
        let envelope = wire::Envelope::decode(self.envelope.as_slice()).unwrap_or_default();
        Ok(message(id, conversation, sender, me, &envelope, &self.content, |message| {
            message.seq = self.seq;
            message.time_ms = self.time_ms;
            message.state = MessageState::Sent;
            message.is_read_by_peer = message.is_own && self.seq <= self.peer_read_seq;
        }))
    }
}

/// Puts a message together from its envelope and content; `rest` fills in what differs between stored and waiting ones.
pub(crate) fn message(
    id: MessageId,
    conversation: &ConversationId,
    sender: UserId,
    me: &UserId,
    envelope: &wire::Envelope,
    content: &[u8],
    rest: impl FnOnce(&mut Message),
) -> Message {
    let mut message = Message {
        id,
        conversation: conversation.clone(),
        is_own: sender == *me,
        sender,
        seq: 0,
        time_ms: 0,
        state: MessageState::Pending,
        content: Content::decode(content),
        excluded_from_unread: envelope.excluded_from_unread,
        excluded_from_last_message: envelope.excluded_from_last_message,
        mentions: envelope.mentions.iter().filter_map(|user| UserId::new(user).ok()).collect(),
        mention_all: envelope.mention_all,
        audience: envelope.audience.iter().filter_map(|user| UserId::new(user).ok()).collect(),
        priority: Priority::from_wire(envelope.priority()),
        is_online_only: false,
        is_read_by_peer: false,
    };
    rest(&mut message);
    message
}

fn select(connection: &Connection, rest: &str, bounds: impl rusqlite::Params) -> Result<Vec<MessageRow>> {
    let mut statement =
        connection.prepare_cached(&format!("SELECT {COLUMNS} FROM message {rest}")).checked()?;
    let rows = statement.query_map(bounds, MessageRow::read).checked()?;
    rows.collect::<rusqlite::Result<_>>().checked()
}

const OLDER: &str = "WHERE conversation = ?1 AND seq < ?2 AND seq >= ?3 ORDER BY seq DESC LIMIT ?4";
const NEWER: &str = "WHERE conversation = ?1 AND seq > ?2 AND seq <= ?3 ORDER BY seq LIMIT ?4";
const LAST: &str = "WHERE conversation = ?1 AND last_message ORDER BY seq DESC LIMIT 1";
const IDENTITY: &str = "WHERE client_id = ?1 AND conversation = ?2";

/// Messages below `seq` down to `lowest`, newest first.
pub(crate) fn older(
    connection: &Connection,
    row: i64,
    seq: u64,
    lowest: u64,
    limit: usize,
) -> Result<Vec<MessageRow>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    select(connection, OLDER, params![row, seq.cast_signed(), lowest.cast_signed(), limit])
}

/// Messages above `seq` up to `highest`, oldest first.
pub(crate) fn newer(
    connection: &Connection,
    row: i64,
    seq: u64,
    highest: u64,
    limit: usize,
) -> Result<Vec<MessageRow>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    select(connection, NEWER, params![row, seq.cast_signed(), highest.cast_signed(), limit])
}

/// Messages from `from` to `to`, oldest first, at most `limit`.
pub(crate) fn in_range(
    connection: &Connection,
    row: i64,
    from: u64,
    to: u64,
    limit: usize,
) -> Result<Vec<MessageRow>> {
    newer(connection, row, from.saturating_sub(1), to, limit)
}

/// Places of messages below `seq` down to `lowest`, newest first.
pub(crate) fn seqs_older(
    connection: &Connection,
    row: i64,
    seq: u64,
    lowest: u64,
    limit: usize,
) -> Result<Vec<u64>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    seqs(connection, OLDER, params![row, seq.cast_signed(), lowest.cast_signed(), limit])
}

/// Places of messages above `seq` up to `highest`, oldest first.
pub(crate) fn seqs_newer(
    connection: &Connection,
    row: i64,
    seq: u64,
    highest: u64,
    limit: usize,
) -> Result<Vec<u64>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    seqs(connection, NEWER, params![row, seq.cast_signed(), highest.cast_signed(), limit])
}

fn seqs(connection: &Connection, rest: &str, bounds: impl rusqlite::Params) -> Result<Vec<u64>> {
    let mut statement = connection.prepare_cached(&format!("SELECT seq FROM message {rest}")).checked()?;
    let rows = statement.query_map(bounds, |row| row.get::<_, i64>(0).map(i64::cast_unsigned)).checked()?;
    rows.collect::<rusqlite::Result<_>>().checked()
}

/// Places and versions of the messages from `from` to `to`, oldest first.
pub(crate) fn versions(connection: &Connection, row: i64, from: u64, to: u64) -> Result<Vec<(u64, u64)>> {
    let mut statement =
        connection.prepare_cached(&format!("SELECT seq, modified FROM message {NEWER}")).checked()?;
    let bounds = params![row, from.saturating_sub(1).cast_signed(), to.cast_signed(), i64::MAX];
    let rows = statement
        .query_map(bounds, |row| {
            Ok((row.get::<_, i64>(0)?.cast_unsigned(), row.get::<_, i64>(1)?.cast_unsigned()))
        })
        .checked()?;
    rows.collect::<rusqlite::Result<_>>().checked()
}

/// The newest message that may stand in the list.
pub(crate) fn last_message(connection: &Connection, row: i64) -> Result<Option<MessageRow>> {
    Ok(select(connection, LAST, [row])?.pop())
}

/// Time of the newest message at or below `seq` that is held, milliseconds since the epoch; 0 for none.
pub(crate) fn time_at(connection: &Connection, row: i64, seq: u64) -> Result<i64> {
    let newest = older(connection, row, seq.saturating_add(1), 1, 1)?.pop();
    Ok(newest.map_or(0, |message| message.time_ms))
}

/// A message by the id that its sender gave it, wherever it stands. The sender decides among several.
pub(crate) fn by_client_id(
    connection: &Connection,
    client_id: ClientMessageId,
) -> Result<Vec<(ConversationId, MessageRow)>> {
    let conversations: Vec<(i64, String)> = {
        let mut statement = connection
            .prepare_cached(
                "SELECT DISTINCT conversation.row, conversation.id FROM message \
                 JOIN conversation ON conversation.row = message.conversation WHERE client_id = ?1",
            )
            .checked()?;
        let rows =
            statement.query_map([client_id.0.as_slice()], |row| Ok((row.get(0)?, row.get(1)?))).checked()?;
        rows.collect::<rusqlite::Result<_>>().checked()?
    };
    let mut found = Vec::new();
    for (row, id) in conversations {
        let id = ConversationId::parse(&id)?;
        for message in select(connection, IDENTITY, params![client_id.0.as_slice(), row])? {
            found.push((id.clone(), message));
        }
    }
    Ok(found)
}

/// Whether an outbox message stands in the log already.
pub(crate) fn is_stored(connection: &Connection, row: &OutboxRow, me: &UserId) -> Result<bool> {
    connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM message WHERE client_id = ?1 AND sender = ?3 AND conversation = \
             (SELECT row FROM conversation WHERE id = ?2))",
        )
        .checked()?
        .query_row(params![row.id.as_slice(), row.conversation.to_string(), me.as_str()], |row| row.get(0))
        .checked()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::plan::plan;
    use crate::store::schema::CACHE_MIGRATIONS;

    #[test]
    fn hot_queries_use_an_index_and_sort_nothing() {
        let mut connection = Connection::open_in_memory().unwrap();
        CACHE_MIGRATIONS.to_latest(&mut connection).unwrap();
        for rest in [OLDER, NEWER, LAST, IDENTITY] {
            let plan = plan(&connection, &format!("SELECT {COLUMNS} FROM message {rest}"));
            assert!(plan.contains("SEARCH message USING INDEX"), "{rest}: {plan}");
            assert!(!plan.contains("SCAN") && !plan.contains("TEMP B-TREE"), "{rest}: {plan}");
        }
    }
}
