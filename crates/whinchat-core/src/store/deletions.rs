//! Queries about what the user has deleted, and about what he is about to.

use rusqlite::{Connection, OptionalExtension, params};
use whinchat_proto::id::{ConversationId, UserId};

use super::fault::Checked;
use super::messages::by_client_id;
use crate::error::Result;
use crate::message::MessageId;

/// Where a message that was held here stood before it was deleted.
pub(crate) fn deleted_at(
    connection: &Connection,
    conversation: &ConversationId,
    id: &MessageId,
) -> Result<Option<u64>> {
    connection
        .prepare_cached(
            "SELECT seq FROM deletion WHERE id = ?2 \
             AND conversation = (SELECT row FROM conversation WHERE id = ?1)",
        )
        .checked()?
        .query_row(params![conversation.to_string(), id.as_str()], |row| row.get::<_, i64>(0))
        .optional()
        .map(|seq| seq.map(i64::cast_unsigned))
        .checked()
}

/// Where a stored message stands: its conversation and seq.
pub(crate) fn locate(
    connection: &Connection,
    id: &MessageId,
    me: &UserId,
) -> Result<Option<(ConversationId, u64)>> {
    for (conversation, row) in by_client_id(connection, id.client_id())? {
        let seq = row.seq;
        if row.into_message(&conversation, me)?.id == *id {
            return Ok(Some((conversation, seq)));
        }
    }
    Ok(None)
}
