//! Results of mutations, kept for repetitions.

use prost::Message;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::fault::{DbError, DbResult};
use crate::storage::Operation;
use whinchat_proto::error::ErrorCode;
use whinchat_proto::wire;

/// A result that is kept. The kind keeps an id that is used for two kinds of requests from being taken for a repetition.
pub(crate) trait Kept: Message + Default {
    /// Tells the kinds apart.
    const KIND: i64;
}

impl Kept for wire::MarkReadResult {
    const KIND: i64 = 1;
}

impl Kept for wire::CreateGroupResult {
    const KIND: i64 = 2;
}

impl Kept for wire::InviteMembersResult {
    const KIND: i64 = 3;
}

impl Kept for wire::QuitGroupResult {
    const KIND: i64 = 4;
}

impl Kept for wire::DeleteMessagesResult {
    const KIND: i64 = 5;
}

impl Kept for wire::ClearHistoryResult {
    const KIND: i64 = 6;
}

/// The stored result of somebody's operation.
pub(super) fn find<T: Kept>(conn: &Connection, user: i64, operation: &Operation) -> DbResult<Option<T>> {
    let mut statement =
        conn.prepare_cached("SELECT kind, result FROM operation WHERE user = ?1 AND operation_id = ?2")?;
    let found: Option<(i64, Vec<u8>)> = statement
        .query_row(params![user, operation.id.0], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    match found {
        None => Ok(None),
        Some((kind, _)) if kind != T::KIND => Err(ErrorCode::BadParameter.into()),
        Some((_, result)) => {
            T::decode(result.as_slice()).map(Some).map_err(|_| DbError::damaged("a stored result"))
        }
    }
}

/// Keeps a result.
pub(super) fn keep<T: Kept>(
    conn: &Connection,
    user: i64,
    operation: &Operation,
    now_ms: i64,
    result: &T,
) -> DbResult<()> {
    let mut statement = conn.prepare_cached(
        "INSERT INTO operation (user, operation_id, time_ms, kind, result) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    statement.execute(params![user, operation.id.0, now_ms, T::KIND, result.encode_to_vec()])?;
    Ok(())
}

/// Forgets old ones, a few at a time so that nobody waits long behind it.
pub(super) fn prune(conn: &Connection, before_ms: i64, limit: u32) -> DbResult<u64> {
    let mut statement = conn.prepare_cached(
        "DELETE FROM operation WHERE (user, operation_id) IN \
         (SELECT user, operation_id FROM operation WHERE time_ms < ?1 ORDER BY time_ms LIMIT ?2)",
    )?;
    let pruned = statement.execute(params![before_ms, limit])?;
    Ok(u64::try_from(pruned).unwrap_or(0))
}
