//! Storage: whole operations of the domain, each atomic and durable when it returns.

use async_trait::async_trait;
use bytes::Bytes;
use whinchat_proto::id::{ConversationId, GroupId, SessionId, UserId};
use whinchat_proto::wire;

#[cfg(test)]
pub(crate) mod contract;
pub mod sqlite;
mod tip;
mod types;

pub use types::{
    AddMembers, Append, Appended, Bump, Cancel, Denied, Done, Ending, Fanout, Fault, GroupHeads, GroupKind,
    GroupRules, Member, MovedGroup, NewGroup, News, OpenSession, Operation, Range, RemoveMember, Role,
    SessionOpened, SessionState, Standing, Tip,
};

/// What a backend has to do. The `contract` tests hold every backend to it.
///
/// Promises: what was answered is durable; `seq` is contiguous from 1 in each conversation, and a reader who sees n can
/// read everything below it; time never runs backwards in a conversation; a user's log moves by one per bump, and
/// [`Storage::changes`] never misses what moved above the position given.
#[async_trait]
pub trait Storage: Send + Sync {
    /// Creates the user if he is new, opens or goes on with a session, and counts it as live: from then on every
    /// append to the user's conversations bumps his log, but those to large groups. Large groups that have moved above
    /// the device's cursor are written into his log.
    async fn open_session(&self, request: OpenSession) -> Result<SessionOpened, Fault>;

    /// The session's connection is gone; with `forget` the session itself as well.
    async fn close_session(&self, user: UserId, session: SessionId, forget: bool) -> Result<(), Fault>;

    /// How these sessions stand, in the order asked; what was lost on the bus shows here.
    async fn standings(&self, of: Vec<(UserId, SessionId)>) -> Result<Vec<Standing>, Fault>;

    /// Ends the user's sessions, those of one platform class (number of the contract) or all; gives those that stood.
    /// Nothing when there is no such user.
    async fn end_sessions(
        &self,
        user: UserId,
        platform: Option<i32>,
    ) -> Result<Option<Vec<SessionId>>, Fault>;

    /// Makes the user's credentials of up to now void and ends all his sessions; gives those that stood. Nothing when
    /// there is no such user.
    async fn revoke(&self, user: UserId) -> Result<Option<Vec<SessionId>>, Fault>;

    /// A number that changes whenever another process has written. It may change without that, too.
    async fn strangers(&self) -> Result<u64, Fault>;

    /// Whether the user exists.
    async fn user_exists(&self, user: UserId) -> Result<bool, Fault>;

    /// Head of the user's change log; `groups` is the count of movements of all large groups.
    async fn head(&self, user: UserId) -> Result<wire::Cursor, Fault>;

    /// Where the user's large groups stand that have moved above `since`: those that moved first, at most `limit`.
    async fn group_heads(&self, user: UserId, since: u64, limit: usize) -> Result<GroupHeads, Fault>;

    /// Large groups that have moved above `since`, whoever is in them: those that moved first, at most `limit`, and up to
    /// which movement these are all.
    async fn moved_groups(&self, since: u64, limit: usize) -> Result<(u64, Vec<MovedGroup>), Fault>;

    /// Where a group stands; nothing when it is not there or not large.
    async fn group_head(&self, group: GroupId) -> Result<Option<MovedGroup>, Fault>;

    /// Appends messages in order, together. When one is denied for a reason that may pass, those after it of the same
    /// sender and conversation are denied with it, so that order is kept.
    async fn append(&self, batch: Vec<Append>) -> Vec<Result<Appended, Denied>>;

    /// Settles a send that is cancelled or refused: it is stored, or never will be, unless its sender asks for it again.
    async fn cancel_send(&self, cancel: Cancel) -> Result<wire::CancelSendResult, Denied>;

    /// Reads entries, each range's newest part first, until the answer is full: an encoded `FetchEntriesResult`, which goes
    /// out as it is.
    async fn fetch(&self, user: UserId, ranges: Vec<Range>) -> Result<Bytes, Fault>;

    /// The state of conversations, each with its newest entry: the first of them, as many as one answer holds.
    async fn conversations(
        &self,
        user: UserId,
        names: Vec<ConversationId>,
    ) -> Result<Vec<wire::ConversationLookup>, Fault>;

    /// A page of the user's change log, newest first. Deletions are listed from `deleted_since` on, if that is less than
    /// `since`.
    async fn changes(
        &self,
        user: UserId,
        since: wire::Cursor,
        below: u64,
        deleted_since: Option<u64>,
    ) -> Result<wire::Changes, Fault>;

    /// Moves the read mark and the unread floor. One to one, the other side is told.
    async fn mark_read(
        &self,
        operation: Operation,
        conversation: ConversationId,
        epoch: u64,
        seq: u64,
    ) -> Result<Done<wire::MarkReadResult>, Denied>;

    /// Deletes entries for the user alone: they are blanks to him from then on. Places that are not there are passed over.
    async fn delete_messages(
        &self,
        operation: Operation,
        conversation: ConversationId,
        epoch: u64,
        seqs: Vec<u64>,
    ) -> Result<Done<wire::DeleteMessagesResult>, Denied>;

    /// Empties the conversation up to `seq` for the user alone: his window begins above it.
    async fn clear_history(
        &self,
        operation: Operation,
        conversation: ConversationId,
        epoch: u64,
        seq: u64,
    ) -> Result<Done<wire::ClearHistoryResult>, Denied>;

    /// What the rules of a group look at; nothing when there is no such group.
    async fn group_rules(&self, group: GroupId) -> Result<Option<GroupRules>, Fault>;

    /// The version of a group's membership; nothing when there is no such group.
    async fn group_version(&self, group: GroupId) -> Result<Option<u64>, Fault>;

    /// Creates a group with the caller as its owner.
    async fn create_group(
        &self,
        operation: Operation,
        group: NewGroup,
    ) -> Result<Done<wire::CreateGroupResult>, Denied>;

    /// Adds members and tells the group.
    async fn add_members(
        &self,
        operation: Operation,
        add: AddMembers,
    ) -> Result<Done<wire::InviteMembersResult>, Denied>;

    /// Takes a member out and tells the group.
    async fn remove_member(
        &self,
        operation: Operation,
        remove: RemoveMember,
    ) -> Result<Done<wire::QuitGroupResult>, Denied>;

    /// Looks whether a message that the rules refuse now was stored before: its result, or that its id was used for
    /// another content.
    async fn sent(&self, message: Append) -> Result<Option<wire::SendMessageResult>, Denied>;

    /// Forgets at most `limit` operations older than `before_ms`; tells how many.
    async fn prune_operations(&self, before_ms: i64, limit: u32) -> Result<u64, Fault>;

    /// Forgets at most `limit` cancelled sends older than `before_ms`; tells how many.
    async fn prune_cancelled(&self, before_ms: i64, limit: u32) -> Result<u64, Fault>;

    /// Forgets at most `limit` sessions that were last opened before `before_ms`; tells how many.
    async fn prune_sessions(&self, before_ms: i64, limit: u32) -> Result<u64, Fault>;

    /// Writes everything home and closes. Later calls are faults.
    async fn close(&self);
}
