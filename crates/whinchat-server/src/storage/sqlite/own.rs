//! What a member changes in his own view of a conversation: marks, deletions, emptying. Found and kept by its operation id,
//! and told to his own devices.

use rusqlite::Connection;
use whinchat_proto::error::ErrorCode;
use whinchat_proto::id::ConversationId;
use whinchat_proto::wire;

use super::fault::DbResult;
use super::operations::{self, Kept};
use super::rows::{ConversationRow, MemberRow, conversation_name, view};
use super::state::{Reader, state};
use super::work::Work;
use crate::storage::{Bump, Done, News, Operation};

/// A conversation in the hands of one of its members.
pub(super) struct Own<'a> {
    pub(super) work: Work<'a>,
    pub(super) row: ConversationRow,
    pub(super) member: MemberRow,
    operation: &'a Operation,
}

/// Has a member change his view, unless this very operation was done before: then its first result is given again.
pub(super) fn change<'a, T: Kept>(
    conn: &'a Connection,
    now_ms: i64,
    operation: &'a Operation,
    conversation: &ConversationId,
    change: impl FnOnce(&mut Own<'a>) -> DbResult<(T, Vec<Bump>)>,
) -> DbResult<Done<T>> {
    let mut work = Work::new(conn, now_ms);
    let number = work.number(&operation.user)?.ok_or(ErrorCode::NotAuthorised)?;
    if let Some(result) = operations::find(conn, number, operation)? {
        return Ok(Done { result, entry: None, bumped: Vec::new() });
    }
    let name = conversation_name(&operation.user, conversation);
    let (row, member) = view(conn, number, &name)?.ok_or(ErrorCode::ConversationUnknown)?;
    let mut own = Own { work, row, member, operation };
    let (result, bumped) = change(&mut own)?;
    operations::keep(conn, number, operation, now_ms, &result)?;
    own.work.finish()?;
    Ok(Done { result, entry: None, bumped })
}

impl<'a> Own<'a> {
    /// The member as a reader.
    pub(super) fn reader(&self) -> Reader<'a> {
        Reader { number: self.member.user, name: self.operation.user.as_str() }
    }

    /// How much of what was seen in the log named by `epoch` counts in the log as it is.
    pub(super) fn seen(&self, epoch: u64, seq: u64) -> u64 {
        let head = self.member.head(&self.row);
        if epoch == self.row.epoch {
            seq.min(head)
        } else if epoch == self.row.previous_epoch && epoch != 0 {
            seq.min(self.row.epoch_base).min(head)
        } else {
            // Seen in a log that is no more: nothing of it is here.
            0
        }
    }

    /// Moves the user's log: his devices are told the new state, and what has gone.
    pub(super) fn tell(&mut self, deleted: Vec<u64>) -> DbResult<Bump> {
        let (prev, version) = self.work.bump(self.member.user)?;
        self.member.version = version;
        self.work.write_member(&self.member)?;
        let state = state(self.work.conn, &self.row, &self.member, self.reader())?;
        let change = wire::ConversationChange { state: Some(state), entries: Vec::new(), deleted };
        Ok(Bump { user: self.operation.user.clone(), prev, version, news: News::State(Box::new(change)) })
    }
}
