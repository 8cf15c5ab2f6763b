//! What stands in the outbox, and what becomes of it.

use tokio::sync::oneshot;
use whinchat_proto::id::OperationId;
use whinchat_proto::wire::request::Body;

use crate::error::Result;
use crate::message::Message;
use crate::platform::Instant;
use crate::store::OutboxRow;

/// One item of the outbox.
pub(crate) struct Item {
    pub(crate) row: OutboxRow,
    /// It may have been written to a connection: only the server can say whether it arrived.
    pub(crate) in_doubt: bool,
    /// A request that carries it waits for its answer.
    pub(super) carrying: bool,
    /// Who waits for its end.
    pub(crate) waiters: Vec<oneshot::Sender<Result<Message>>>,
}

/// What a request on the connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To carry the item.
    Carry,
    /// To settle the doubt about it.
    Cancel,
}

/// An answer has come for this item.
pub(crate) struct Answered {
    pub(crate) row: OutboxRow,
    pub(crate) purpose: Purpose,
}

/// What to do next.
pub(crate) enum Next {
    /// Hand this to the connection.
    Submit { tag: u64, operation: Option<OperationId>, body: Box<Body> },
    /// This message's time ran out and it never left the device: it fails.
    Expired(OutboxRow),
    /// This message's time ran out and it may have arrived: it has to be cancelled.
    ExpiredInDoubt(i64),
    /// Look again then.
    Wait { at: Option<Instant>, expiry_ms: Option<i64> },
}

/// What became of a message that the user has deleted from the outbox.
pub(crate) enum Discarded {
    /// It never left, or had failed for good: it is out.
    Out(Box<Item>),
    /// It may have arrived: the server is asked.
    InDoubt,
    /// It has left the outbox before.
    NotThere,
}
