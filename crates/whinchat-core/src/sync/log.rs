//! One conversation's log as this device holds it, and the port through which it is stored.

use whinchat_proto::id::{ClientMessageId, ConversationId, UserId};

use super::cursor::Position;
use super::held::HeldRanges;
use super::input::{Entry, GroupState, Message};
use super::unread::{Floor, Totals};

/// What is known of one conversation's log.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Log {
    /// False until the server told the state: only pushed entries are there.
    pub(crate) known: bool,
    pub(crate) epoch: u64,
    pub(crate) head_seq: u64,
    pub(crate) head_modified: u64,
    pub(crate) totals: Totals,
    pub(crate) floor: Floor,
    pub(crate) read_seq: u64,
    /// One to one: how far the other side has read.
    pub(crate) peer_read_seq: u64,
    /// The user has emptied the conversation up to here; nothing at or below is ever stored again.
    pub(crate) cleared_seq: u64,
    pub(crate) visible_from: u64,
    pub(crate) left: bool,
    pub(crate) active_ms: i64,
    pub(crate) group: Option<GroupState>,
    /// Place in the log as of which `group` is told; every change of it stands in the log.
    pub(crate) group_seq: u64,
    /// The log has at least so many entries by what a pong told, or by entries that told too little: the state is to be
    /// asked for. 0: it is told.
    pub(crate) behind: u64,
    /// Version in the user's change log of the newest state that was applied.
    pub(crate) version: u64,
    pub(crate) held: HeldRanges,
    /// New messages up to here were queued for the app.
    pub(crate) announced: u64,
    /// The app has taken them up to here; what lies between is announced again after a restart.
    pub(crate) delivered: u64,
    /// The recent window has a hole: to be fetched as soon as there is a connection.
    pub(crate) incomplete: bool,
    /// Number of the snapshot that named it last.
    pub(crate) generation: u64,
}

/// What storing an entry found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PutEntry {
    /// It was not there.
    New,
    /// It was there already.
    Known,
}

/// A message that was deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Deleted {
    pub(crate) sender: UserId,
    pub(crate) client_id: ClientMessageId,
    pub(crate) excluded_from_unread: bool,
}

/// Where the engine keeps things. All calls of one [`super::apply()`] belong to one transaction.
pub(crate) trait LogStore {
    /// What may go wrong.
    type Error;

    /// The position in the user's change log.
    fn position(&mut self) -> Result<Position, Self::Error>;
    /// Stores it.
    fn set_position(&mut self, position: &Position) -> Result<(), Self::Error>;

    /// The log, with its held ranges.
    fn log(&mut self, conversation: &ConversationId) -> Result<Option<Log>, Self::Error>;
    /// Stores it.
    fn set_log(&mut self, conversation: &ConversationId, log: &Log) -> Result<(), Self::Error>;
    /// Logs whose recent window has a hole, or whose state is not known, newest activity first.
    fn incomplete(&mut self) -> Result<Vec<ConversationId>, Self::Error>;
    /// Removes logs that the snapshot `generation` did not name, and says which.
    /// Own messages in them go back to the outbox, as with [`Self::truncate`]: after a restore the server may never have heard of
    /// the conversation in which it acknowledged them.
    fn remove_older_than(&mut self, generation: u64) -> Result<Vec<ConversationId>, Self::Error>;

    /// Stores a message at its place. One with the same identity or place is left as it is.
    fn put_message(
        &mut self,
        conversation: &ConversationId,
        entry: &Entry,
        message: &Message,
    ) -> Result<PutEntry, Self::Error>;
    /// Whether a message above `seq` is stored that may stand in the conversation list.
    fn is_below_last(&mut self, conversation: &ConversationId, seq: u64) -> Result<bool, Self::Error>;
    /// A counted entry at `seq` that is not unread to this reader.
    fn except(&mut self, conversation: &ConversationId, seq: u64) -> Result<(), Self::Error>;
    /// Notes that `seq` is deleted for good and removes the message there. Gives the message, if it was still there.
    fn delete(&mut self, conversation: &ConversationId, seq: u64) -> Result<Option<Deleted>, Self::Error>;
    /// Whether this message waits in the outbox: the list shows it as waiting until it is stored.
    fn is_waiting(&self, message: &Message) -> bool;
    /// Whether this message is deleted, here or elsewhere.
    fn is_deleted(
        &mut self,
        conversation: &ConversationId,
        seq: u64,
        message: &Message,
    ) -> Result<bool, Self::Error>;
    /// The places that are noted as deleted.
    fn deletions(&mut self, conversation: &ConversationId) -> Result<Vec<u64>, Self::Error>;
    /// Removes everything at or below `seq`; nothing of it goes back to the outbox.
    fn clear(&mut self, conversation: &ConversationId, seq: u64) -> Result<(), Self::Error>;
    /// Forgets entries, deletions and exceptions above `seq`, since the server's log ends or differs there. Messages that this user sent
    /// from this device go back to the outbox: the server had acknowledged them and does not have them any more.
    fn truncate(&mut self, conversation: &ConversationId, seq: u64) -> Result<(), Self::Error>;

    /// Who is logged in.
    fn me(&self) -> &UserId;
}
