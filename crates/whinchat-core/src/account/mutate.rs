//! Mutations that are not queued: they need a connection, and wait for their answer over reconnects.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{oneshot, watch};
use whinchat_proto::wire::request;
use whinchat_proto::wire::response::Body;
use whinchat_proto::{id::OperationId, wire};

use super::Account;
use crate::connection::Session;
use crate::error::{Error, ErrorCode, Result};
use crate::platform::timeout;
use crate::sync::Input;

/// Tags above this belong to direct mutations; those of the outbox never get there.
const DIRECT: u64 = 1 << 63;
/// How long a mutation is repeated over reconnects before its caller is told that nobody knows.
const PATIENCE: Duration = Duration::from_secs(30);

/// Whether a tag belongs to a direct mutation.
pub(super) fn is_direct(tag: u64) -> bool {
    tag >= DIRECT
}

#[derive(Default)]
struct Waiting {
    next: u64,
    waiters: HashMap<u64, oneshot::Sender<Result<wire::Response>>>,
}

/// Who waits for which answer.
#[derive(Default)]
pub(super) struct Direct(Mutex<Waiting>);

/// An answer that is told once its inputs are committed.
pub(super) struct Settled {
    waiter: oneshot::Sender<Result<wire::Response>>,
    pub(super) result: Result<wire::Response>,
}

impl Settled {
    pub(super) fn tell(self) {
        drop(self.waiter.send(self.result));
    }
}

impl Direct {
    fn add(&self) -> (u64, oneshot::Receiver<Result<wire::Response>>) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.next += 1;
        let tag = DIRECT | waiting.next;
        let (sender, receiver) = oneshot::channel();
        waiting.waiters.insert(tag, sender);
        (tag, receiver)
    }

    pub(super) fn take(&self, tag: u64, result: Result<wire::Response>) -> Option<Settled> {
        let waiter = self.0.lock().unwrap_or_else(PoisonError::into_inner).waiters.remove(&tag)?;
        Some(Settled { waiter, result })
    }

    /// A tag for something whose answer nobody waits for.
    pub(super) fn unheeded(&self) -> u64 {
        let (tag, _) = self.add();
        self.forget(tag);
        tag
    }

    fn forget(&self, tag: u64) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).waiters.remove(&tag);
    }

    pub(super) fn fail_all(&self, error: &Error) {
        let waiters = std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner).waiters);
        for waiter in waiters.into_values() {
            drop(waiter.send(Err(error.clone())));
        }
    }
}

/// What an answer says about conversations.
pub(super) fn inputs_of(response: &wire::Response, inputs: &mut Vec<Input>) {
    if let Some(Body::CreateGroup(created)) = &response.body
        && let Some(change) = &created.conversation
    {
        match Input::from_change(change.clone()) {
            Ok(input) => inputs.push(input),
            Err(error) => tracing::warn!(code = error.code, "a new group's state could not be read"),
        }
    }
}

impl Account {
    /// Asks the server to do something, and waits for its answer to be applied.
    ///
    /// Without a connection it fails at once (9508). Once it was written, and with an `operation`, it is repeated over
    /// reconnects; without one, a cut ends it (9508).
    pub(crate) async fn mutate(
        &self,
        operation: Option<OperationId>,
        body: request::Body,
    ) -> Result<wire::Response> {
        let mut connections = self.outbox.connections();
        let mut connection = connections.borrow_and_update().clone().ok_or(ErrorCode::Disconnected)?;
        let repeat = async {
            loop {
                let (tag, answer) = self.direct.add();
                let written = connection.submit(tag, operation, body.clone()).await;
                let result = match written {
                    Ok(()) => answer.await.unwrap_or_else(|_| Err(ErrorCode::Disconnected.into())),
                    Err(error) => {
                        self.direct.forget(tag);
                        Err(error)
                    }
                };
                match result {
                    Err(error) if error.is(ErrorCode::Disconnected) && operation.is_some() => {
                        connection = self.next_connection(&mut connections).await?;
                    }
                    result => return result,
                }
            }
        };
        let answered = self.runtime.within(timeout(PATIENCE, repeat)).await;
        answered.unwrap_or_else(|| Err(ErrorCode::AnswerTimeout.into()))
    }

    /// Waits until another connection stands.
    async fn next_connection(&self, connections: &mut watch::Receiver<Option<Session>>) -> Result<Session> {
        loop {
            connections.changed().await.map_err(|_| Error::from(ErrorCode::Interrupted))?;
            if self.outbox.lanes().is_closed() {
                return Err(ErrorCode::Interrupted.into());
            }
            if let Some(connection) = connections.borrow_and_update().clone() {
                return Ok(connection);
            }
        }
    }
}
