//! Queries of the own file: what waits to reach the server.

use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension, params};
use whinchat_proto::id::ConversationId;

use super::fault::Checked;
use crate::error::{Error, ErrorCode, Result};

/// What an outbox row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ItemKind {
    Message,
    MarkRead,
    /// Messages that the user deletes for himself.
    Delete,
    /// A conversation that he empties.
    Clear,
}

impl ItemKind {
    fn number(self) -> i64 {
        match self {
            Self::Message => 1,
            Self::MarkRead => 2,
            Self::Delete => 3,
            Self::Clear => 4,
        }
    }

    fn from_number(number: i64) -> Self {
        match number {
            2 => Self::MarkRead,
            3 => Self::Delete,
            4 => Self::Clear,
            _ => Self::Message,
        }
    }
}

/// How far an outbox row got.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ItemState {
    Waiting,
    Failed(Error),
    /// The app wants it cancelled; the server has to say whether it came too late.
    Cancelling,
    /// The user has deleted it, and nobody sees it any more; the server has to say whether it has it.
    Deleting,
}

/// One row of the outbox.
#[derive(Clone, Debug)]
pub(crate) struct OutboxRow {
    /// Its place among all others; never reused.
    pub(crate) position: i64,
    pub(crate) kind: ItemKind,
    pub(crate) conversation: ConversationId,
    pub(crate) id: [u8; 16],
    pub(crate) state: ItemState,
    pub(crate) created_ms: i64,
    pub(crate) expires_ms: Option<i64>,
    /// The user asked for it a second time.
    pub(crate) again: bool,
    pub(crate) head_seq: u64,
    pub(crate) envelope: Bytes,
    pub(crate) content: Bytes,
}

/// Appends a row and gives its place. One with the same id is left alone and its place given.
pub(crate) fn insert(connection: &Connection, row: &OutboxRow) -> Result<i64> {
    connection
        .prepare_cached(
            "INSERT INTO outbox (kind, conversation, id, state, created_ms, expires_ms, head_seq, envelope, content, again) \
             VALUES (?1, ?2, ?3, 0, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (id) DO UPDATE SET id = id RETURNING position",
        )
        .checked()?
        .query_row(
            params![
                row.kind.number(),
                row.conversation.to_string(),
                row.id.as_slice(),
                row.created_ms,
                row.expires_ms,
                row.head_seq.cast_signed(),
                row.envelope.as_ref(),
                row.content.as_ref(),
                row.again,
            ],
            |row| row.get(0),
        )
        .checked()
}

/// Everything that stands in the outbox, in order.
pub(crate) fn all(connection: &Connection) -> Result<Vec<OutboxRow>> {
    let mut statement = connection
        .prepare_cached(
            "SELECT position, kind, conversation, id, state, created_ms, expires_ms, head_seq, envelope, content, error, again \
             FROM outbox ORDER BY position",
        )
        .checked()?;
    let mut rows = statement.query([]).checked()?;
    let mut all = Vec::new();
    while let Some(row) = rows.next().checked()? {
        let state = match row.get::<_, i64>(4).checked()? {
            1 => {
                let text: Option<String> = row.get(10).checked()?;
                let error = text.and_then(|text| serde_json::from_str(&text).ok());
                ItemState::Failed(error.unwrap_or_else(|| ErrorCode::Internal.into()))
            }
            2 => ItemState::Cancelling,
            3 => ItemState::Deleting,
            _ => ItemState::Waiting,
        };
        all.push(OutboxRow {
            position: row.get(0).checked()?,
            kind: ItemKind::from_number(row.get(1).checked()?),
            conversation: ConversationId::parse(&row.get::<_, String>(2).checked()?)?,
            id: row.get(3).checked()?,
            state,
            created_ms: row.get(5).checked()?,
            expires_ms: row.get(6).checked()?,
            again: row.get(11).checked()?,
            head_seq: row.get::<_, i64>(7).checked()?.cast_unsigned(),
            envelope: row.get::<_, Vec<u8>>(8).checked()?.into(),
            content: row.get::<_, Vec<u8>>(9).checked()?.into(),
        });
    }
    Ok(all)
}

/// Removes a row that has reached the server or is not wanted any more.
pub(crate) fn delete(connection: &Connection, position: i64) -> Result<()> {
    let sql = "DELETE FROM outbox WHERE position = ?1";
    connection.prepare_cached(sql).checked()?.execute([position]).checked()?;
    Ok(())
}

/// Removes the row with this id, if there is one.
pub(crate) fn delete_id(connection: &Connection, id: [u8; 16]) -> Result<()> {
    let sql = "DELETE FROM outbox WHERE id = ?1";
    connection.prepare_cached(sql).checked()?.execute([id.as_slice()]).checked()?;
    Ok(())
}

/// Keeps a row with the reason why it failed, unless the user has deleted it.
pub(crate) fn fail(connection: &Connection, position: i64, error: &Error) -> Result<()> {
    let error = serde_json::to_string(error)
        .map_err(|_| Error::new(ErrorCode::Internal, "an error could not be written down"))?;
    connection
        .prepare_cached("UPDATE outbox SET state = 1, error = ?2 WHERE position = ?1 AND state <> 3")
        .checked()?
        .execute(params![position, error])
        .checked()?;
    Ok(())
}

/// Notes that a row which waits is to be cancelled.
pub(crate) fn to_cancel(connection: &Connection, position: i64) -> Result<()> {
    connection
        .prepare_cached("UPDATE outbox SET state = 2 WHERE position = ?1 AND state = 0")
        .checked()?
        .execute([position])
        .checked()?;
    Ok(())
}

/// Notes that the user has deleted a message which has not reached the server, as far as is known.
pub(crate) fn to_delete(connection: &Connection, position: i64) -> Result<()> {
    let sql = "UPDATE outbox SET state = 3 WHERE position = ?1";
    connection.prepare_cached(sql).checked()?.execute([position]).checked()?;
    Ok(())
}

/// Puts a failed row to the end of the queue and gives its new place.
pub(crate) fn resend(connection: &Connection, row: &OutboxRow) -> Result<i64> {
    delete(connection, row.position)?;
    insert(connection, row)
}

/// A value of the account, such as the device's id.
pub(crate) fn account(connection: &Connection, key: &str) -> Result<Option<String>> {
    connection
        .prepare_cached("SELECT value FROM account WHERE key = ?1")
        .checked()?
        .query_row([key], |row| row.get(0))
        .optional()
        .checked()
}

/// Sets it.
pub(crate) fn set_account(connection: &Connection, key: &str, value: &str) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO account (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2",
        )
        .checked()?
        .execute([key, value])
        .checked()?;
    Ok(())
}
