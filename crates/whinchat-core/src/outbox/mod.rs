//! What waits to reach the server: messages and other queued mutations.
//!
//! Every item stands in the own file before its caller is answered, and leaves it only after the server's answer was applied.
//! [`Lanes`] is the picture of that file in memory, and decides what goes out next: one lane a conversation, so that order
//! is a property of the design.

mod item;
mod lane;
mod lanes;
mod pump;
mod submission;
mod turns;

#[cfg(test)]
mod lanes_test;

use std::sync::{Mutex, MutexGuard, PoisonError};

pub(crate) use item::{Answered, Discarded, Purpose};
pub(crate) use lane::wait;
pub(crate) use lanes::Lanes;
pub(crate) use pump::pump;
pub(crate) use submission::{delete_payload, input, mark_payload, read_payload};
use tokio::sync::{Notify, watch};
use whinchat_proto::id::ClientMessageId;

use crate::connection::Session;
use crate::store::Fate;

/// The outbox of the account that is open.
#[derive(Default)]
pub(crate) struct Outbox {
    lanes: Mutex<Lanes>,
    connection: watch::Sender<Option<Session>>,
    /// Something may have become ready to go out.
    pub(crate) changed: Notify,
    /// Rings for all who wait whenever something has left, or failed.
    pub(crate) settled: Notify,
}

impl Outbox {
    /// The lanes; held for a moment only, never over an await.
    pub(crate) fn lanes(&self) -> MutexGuard<'_, Lanes> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The connection that stands, if one does.
    pub(crate) fn connection(&self) -> Option<Session> {
        self.connection.borrow().clone()
    }

    /// The connection that stands, and those that follow.
    pub(crate) fn connections(&self) -> watch::Receiver<Option<Session>> {
        self.connection.subscribe()
    }

    /// The connection stands: everything that waits goes out, in order.
    pub(crate) fn up(&self, connection: Session) {
        // Locks in this order, as the pump has them.
        let mut lanes = self.lanes();
        self.connection.send_replace(Some(connection));
        lanes.up();
        drop(lanes);
        self.changed.notify_one();
    }

    /// The connection is gone: what was not answered is in doubt and goes out again on the next.
    pub(crate) fn down(&self) {
        let mut lanes = self.lanes();
        self.connection.send_replace(None);
        lanes.down();
        drop(lanes);
        self.changed.notify_one();
    }

    /// What is known here of a message.
    pub(crate) fn fate(&self, id: ClientMessageId) -> Fate {
        let lanes = self.lanes();
        match lanes.position(id.0) {
            None => Fate::Elsewhere,
            Some(position) if lanes.is_deleting(position) => Fate::Deleted,
            Some(_) => Fate::Here,
        }
    }

    /// Whether a message with this id waits here.
    pub(crate) fn contains(&self, id: ClientMessageId) -> bool {
        self.lanes().position(id.0).is_some()
    }
}
