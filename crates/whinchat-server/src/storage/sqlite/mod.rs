//! Storage in one SQLite file: write-ahead log, synchronous FULL, one writer, several readers.

mod append;
mod changes;
mod deletions;
mod entries;
mod fault;
mod fetch;
mod groups;
mod large;
mod marks;
mod nodes;
mod open;
mod operations;
mod own;
mod post;
mod readers;
mod restore;
mod rows;
mod sessions;
mod state;
#[cfg(test)]
mod tests;
mod work;
mod writer;

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use whinchat_proto::id::{ConversationId, GroupId, SessionId, UserId};
use whinchat_proto::wire;

use self::readers::Readers;
use self::writer::Writer;
use super::{
    AddMembers, Append, Appended, Cancel, Denied, Done, Fault, GroupHeads, GroupRules, MovedGroup, NewGroup,
    OpenSession, Operation, Range, RemoveMember, SessionOpened, Standing, Storage,
};
pub(crate) use nodes::Entrance;
pub(crate) use open::MAIN_NODE;
pub use open::{OpenError, SqliteOptions};

/// The clock that stamps entries; tests set it back.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// See the module.
pub struct SqliteStorage {
    inner: Mutex<Option<Arc<Inner>>>,
    threads: Mutex<Vec<std::thread::JoinHandle<()>>>,
    clock: Clock,
    node: Arc<str>,
    folder: Arc<std::path::Path>,
    large_from: u32,
}

struct Inner {
    writer: Writer,
    readers: Readers,
}

impl SqliteStorage {
    fn inner(&self) -> Result<Arc<Inner>, Fault> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).clone().ok_or(Fault::Closed)
    }

    async fn read<T, F>(&self, work: F) -> Result<T, Fault>
    where
        T: Send + 'static,
        F: FnOnce(&rusqlite::Connection) -> fault::DbResult<T> + Send + 'static,
    {
        self.inner()?.readers.run(work).await
    }

    async fn write<T, F>(&self, work: F) -> Result<T, Denied>
    where
        T: Send + 'static,
        F: FnOnce(&rusqlite::Connection, i64) -> fault::DbResult<T> + Send + 'static,
    {
        let clock = Arc::clone(&self.clock);
        self.inner()?.writer.run(move |conn| work(conn, clock())).await
    }
}

impl SqliteStorage {
    /// Each in a savepoint of its own. Behind one that failed, those of the same sender and conversation fail as well.
    async fn append_singly(&self, batch: &[Append]) -> Vec<Result<Appended, Denied>> {
        let mut results: Vec<Result<Appended, Denied>> = Vec::with_capacity(batch.len());
        for message in batch {
            let ahead = batch.iter().zip(&results).find_map(|(other, result)| match result {
                Err(denied @ (Denied::Fault(_) | Denied::Stale))
                    if other.sender == message.sender && other.conversation == message.conversation =>
                {
                    Some(denied.clone())
                }
                _ => None,
            });
            let result = match ahead {
                Some(denied) => Err(denied),
                None => {
                    let (alone, large_from) = (vec![message.clone()], self.large_from);
                    let append = move |conn: &rusqlite::Connection, now_ms| {
                        append::append(conn, now_ms, large_from, &alone)
                    };
                    let result = self.write(append).await;
                    result.and_then(|mut one| one.pop().unwrap_or(Err(Fault::Closed.into())))
                }
            };
            results.push(result);
        }
        results
    }
}

/// Writes that no rule refuses.
fn only_fault(denied: Denied) -> Fault {
    match denied {
        Denied::Fault(fault) => fault,
        other => Fault::Database(other.to_string()),
    }
}

#[async_trait]
impl Storage for SqliteStorage {
    async fn open_session(&self, request: OpenSession) -> Result<SessionOpened, Fault> {
        let node = Arc::clone(&self.node);
        self.write(move |conn, now_ms| sessions::open(conn, now_ms, &node, &request))
            .await
            .map_err(only_fault)
    }

    async fn close_session(&self, user: UserId, session: SessionId, forget: bool) -> Result<(), Fault> {
        let node = Arc::clone(&self.node);
        self.write(move |conn, _| sessions::close(conn, &node, &user, session, forget))
            .await
            .map_err(only_fault)
    }

    async fn standings(&self, of: Vec<(UserId, SessionId)>) -> Result<Vec<Standing>, Fault> {
        self.read(move |conn| sessions::standings(conn, &of)).await
    }

    async fn end_sessions(
        &self,
        user: UserId,
        platform: Option<i32>,
    ) -> Result<Option<Vec<SessionId>>, Fault> {
        self.write(move |conn, _| sessions::end(conn, &user, platform)).await.map_err(only_fault)
    }

    async fn revoke(&self, user: UserId) -> Result<Option<Vec<SessionId>>, Fault> {
        self.write(move |conn, now_ms| sessions::revoke(conn, now_ms, &user)).await.map_err(only_fault)
    }

    async fn strangers(&self) -> Result<u64, Fault> {
        let (_, all) = self.read(restore::identity).await?;
        Ok(self.inner()?.writer.strangers(all))
    }

    async fn user_exists(&self, user: UserId) -> Result<bool, Fault> {
        self.read(move |conn| Ok(rows::user_number(conn, &user)?.is_some())).await
    }

    async fn head(&self, user: UserId) -> Result<wire::Cursor, Fault> {
        self.read(move |conn| changes::head(conn, &user)).await
    }

    async fn group_heads(&self, user: UserId, since: u64, limit: usize) -> Result<GroupHeads, Fault> {
        self.read(move |conn| match rows::user_number(conn, &user)? {
            Some(number) => large::heads(conn, number, since, limit),
            None => Ok(GroupHeads::default()),
        })
        .await
    }

    async fn moved_groups(&self, since: u64, limit: usize) -> Result<(u64, Vec<MovedGroup>), Fault> {
        self.read(move |conn| large::moved_groups(conn, since, limit)).await
    }

    async fn group_head(&self, group: GroupId) -> Result<Option<MovedGroup>, Fault> {
        self.read(move |conn| large::head(conn, group)).await
    }

    async fn append(&self, batch: Vec<Append>) -> Vec<Result<Appended, Denied>> {
        let batch = Arc::new(batch);
        let (together, large_from) = (Arc::clone(&batch), self.large_from);
        let append =
            move |conn: &rusqlite::Connection, now_ms| append::append(conn, now_ms, large_from, &together);
        match self.write(append).await {
            Ok(results) => results,
            Err(denied @ Denied::Fault(Fault::Full | Fault::Closed)) => {
                batch.iter().map(|_| Err(denied.clone())).collect()
            }
            // One of them may be to blame: the others shall not fail with it.
            Err(denied) if batch.len() > 1 => {
                tracing::warn!(%denied, messages = batch.len(), "a batch failed; trying its messages one by one");
                self.append_singly(&batch).await
            }
            Err(denied) => batch.iter().map(|_| Err(denied.clone())).collect(),
        }
    }

    async fn sent(&self, message: Append) -> Result<Option<wire::SendMessageResult>, Denied> {
        self.read(move |conn| append::sent(conn, &message)).await?.transpose()
    }

    async fn cancel_send(&self, cancel: Cancel) -> Result<wire::CancelSendResult, Denied> {
        self.write(move |conn, now_ms| append::cancel(conn, now_ms, &cancel)).await
    }

    async fn fetch(&self, user: UserId, ranges: Vec<Range>) -> Result<Bytes, Fault> {
        self.read(move |conn| fetch::fetch(conn, &user, &ranges)).await
    }

    async fn conversations(
        &self,
        user: UserId,
        names: Vec<ConversationId>,
    ) -> Result<Vec<wire::ConversationLookup>, Fault> {
        self.read(move |conn| fetch::conversations(conn, &user, &names)).await
    }

    async fn changes(
        &self,
        user: UserId,
        since: wire::Cursor,
        below: u64,
        deleted_since: Option<u64>,
    ) -> Result<wire::Changes, Fault> {
        self.read(move |conn| changes::changes(conn, &user, &since, below, deleted_since)).await
    }

    async fn mark_read(
        &self,
        operation: Operation,
        conversation: ConversationId,
        epoch: u64,
        seq: u64,
    ) -> Result<Done<wire::MarkReadResult>, Denied> {
        self.write(move |conn, now_ms| marks::mark_read(conn, now_ms, &operation, &conversation, epoch, seq))
            .await
    }

    async fn delete_messages(
        &self,
        operation: Operation,
        conversation: ConversationId,
        epoch: u64,
        seqs: Vec<u64>,
    ) -> Result<Done<wire::DeleteMessagesResult>, Denied> {
        self.write(move |conn, now_ms| {
            deletions::delete(conn, now_ms, &operation, &conversation, epoch, &seqs)
        })
        .await
    }

    async fn clear_history(
        &self,
        operation: Operation,
        conversation: ConversationId,
        epoch: u64,
        seq: u64,
    ) -> Result<Done<wire::ClearHistoryResult>, Denied> {
        self.write(move |conn, now_ms| deletions::clear(conn, now_ms, &operation, &conversation, epoch, seq))
            .await
    }

    async fn group_rules(&self, group: GroupId) -> Result<Option<GroupRules>, Fault> {
        self.read(move |conn| groups::rules(conn, &group)).await
    }

    async fn group_version(&self, group: GroupId) -> Result<Option<u64>, Fault> {
        self.read(move |conn| groups::version(conn, &group)).await
    }

    async fn create_group(
        &self,
        operation: Operation,
        group: NewGroup,
    ) -> Result<Done<wire::CreateGroupResult>, Denied> {
        let large_from = self.large_from;
        self.write(move |conn, now_ms| groups::create(conn, now_ms, large_from, &operation, &group)).await
    }

    async fn add_members(
        &self,
        operation: Operation,
        add: AddMembers,
    ) -> Result<Done<wire::InviteMembersResult>, Denied> {
        let large_from = self.large_from;
        self.write(move |conn, now_ms| groups::add(conn, now_ms, large_from, &operation, &add)).await
    }

    async fn remove_member(
        &self,
        operation: Operation,
        remove: RemoveMember,
    ) -> Result<Done<wire::QuitGroupResult>, Denied> {
        self.write(move |conn, now_ms| groups::remove(conn, now_ms, &operation, &remove)).await
    }

    async fn prune_operations(&self, before_ms: i64, limit: u32) -> Result<u64, Fault> {
        self.write(move |conn, _| operations::prune(conn, before_ms, limit)).await.map_err(only_fault)
    }

    async fn prune_cancelled(&self, before_ms: i64, limit: u32) -> Result<u64, Fault> {
        self.write(move |conn, _| append::prune_cancelled(conn, before_ms, limit)).await.map_err(only_fault)
    }

    async fn prune_sessions(&self, before_ms: i64, limit: u32) -> Result<u64, Fault> {
        let folder = Arc::clone(&self.folder);
        self.write(move |conn, _| {
            // Nodes that died and did not come back leave people behind whom nobody is connected with.
            for node in nodes::dead(&folder, sessions::nodes(conn)?).unwrap_or_default() {
                sessions::nobody_is_on(conn, &node)?;
            }
            sessions::prune(conn, before_ms, limit)
        })
        .await
        .map_err(only_fault)
    }

    async fn close(&self) {
        drop(self.inner.lock().unwrap_or_else(PoisonError::into_inner).take());
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        if threads.is_empty() {
            return;
        }
        // The threads end once the last call in flight has been answered.
        let ended = tokio::task::spawn_blocking(move || {
            for thread in threads {
                let _ = thread.join();
            }
        });
        let _ = ended.await;
    }
}
