//! Requests that wait for their answers, on one connection.

use std::collections::BTreeMap;

use tokio::sync::{OwnedSemaphorePermit, oneshot};
use whinchat_proto::wire;

use super::inbound::Inbound;
use crate::error::{Error, ErrorCode};
use crate::platform::Instant;

/// Who wants an answer.
pub(crate) enum Waiter {
    /// Somebody who may have gone away meanwhile.
    Request(oneshot::Sender<Result<wire::Response, Error>>),
    /// The owner, in order with pushes, under this tag.
    Submit(u64),
}

/// A place in the server's window; given back when dropped.
pub(crate) struct Place {
    /// One of all places.
    pub(crate) _any: OwnedSemaphorePermit,
    /// One of those that mutations may take.
    pub(crate) _mutation: Option<OwnedSemaphorePermit>,
}

struct Entry {
    waiter: Waiter,
    since: Instant,
    /// Kept until the answer is here, even when nobody waits for it any more: the server counts it until then.
    _place: Place,
}

/// The table of one connection. Its size is bounded by the places.
#[derive(Default)]
pub(crate) struct InFlight {
    entries: BTreeMap<u64, Entry>,
    last_id: u64,
    closed: bool,
}

impl InFlight {
    /// An id that this connection has not used, or `None` when the connection has ended.
    pub(crate) fn next_id(&mut self) -> Option<u64> {
        if self.closed {
            return None;
        }
        self.last_id += 1;
        Some(self.last_id)
    }

    /// Adds what is about to be written.
    pub(crate) fn add(&mut self, id: u64, waiter: Waiter, place: Place, now: Instant) {
        self.entries.insert(id, Entry { waiter, since: now, _place: place });
    }

    /// Since when the oldest has been waiting.
    pub(crate) fn oldest(&self) -> Option<Instant> {
        self.entries.values().next().map(|entry| entry.since)
    }

    /// Hands an answer to whoever waits for it. Gives what the owner has to be told.
    pub(crate) fn settle(&mut self, response: wire::Response) -> Option<Inbound> {
        let Some(entry) = self.entries.remove(&response.id) else {
            tracing::debug!(id = response.id, "an answer that nobody waits for");
            return None;
        };
        let result = outcome(response);
        match entry.waiter {
            Waiter::Request(waiter) => {
                // Fails when the caller has lost interest, which is his right.
                let _ = waiter.send(result);
                None
            }
            Waiter::Submit(tag) => Some(Inbound::Answer { tag, result: result.map(Box::new) }),
        }
    }

    /// Takes no more; what is in the table may still be answered.
    pub(crate) fn take_no_more(&mut self) {
        self.closed = true;
    }

    /// Ends the table: those who wait for a request get `error`; submitted tags stay in doubt.
    pub(crate) fn close(&mut self, error: &Error) {
        self.closed = true;
        for entry in std::mem::take(&mut self.entries).into_values() {
            if let Waiter::Request(waiter) = entry.waiter {
                let _ = waiter.send(Err(error.clone()));
            }
        }
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }
}

/// A response as a result.
fn outcome(response: wire::Response) -> Result<wire::Response, Error> {
    match response.body {
        Some(wire::response::Body::Error(error)) => Err(error.into()),
        Some(_) => Ok(response),
        None => Err(ErrorCode::ResponseUndecodable.into()),
    }
}
