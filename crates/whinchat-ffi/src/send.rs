//! Messages on their way.

use std::sync::Arc;

use whinchat_core::{Message, MessageId};

use crate::call::{Result, Threads};
use crate::cancel::CancelToken;
use crate::live::{Counted, Kind};
use crate::step::Step;

/// A message on its way: it stands durably in the outbox. Letting this go undoes nothing.
#[derive(Debug, uniffi::Object)]
pub struct SendHandle {
    core: Arc<whinchat_core::SendHandle>,
    threads: Threads,
    _counted: Counted,
}

impl SendHandle {
    pub(crate) fn new(core: whinchat_core::SendHandle, threads: Threads) -> Arc<Self> {
        Arc::new(Self { core: Arc::new(core), threads, _counted: Counted::new(Kind::SendHandle) })
    }
}

#[uniffi::export]
impl SendHandle {
    /// The message's id; stays the same for good.
    pub fn id(&self) -> MessageId {
        self.core.id().clone()
    }

    /// The message as it was accepted.
    pub fn message(&self) -> Message {
        self.core.message().clone()
    }

    /// Waits until the server has stored the message, or it has failed for good; over pauses of the client too. Giving the
    /// wait up undoes nothing.
    ///
    /// Fails with why the message failed; 7009 when the client was closed or the user logged out before (the message is still
    /// in the outbox); 7011 when the user has deleted it meanwhile.
    pub async fn settled(&self, cancel: Option<Arc<CancelToken>>) -> Result<Message> {
        let core = self.core.clone();
        self.threads.wait(cancel, async move { core.settled().await }).await
    }

    /// Takes the message back, as `Messages.cancel_send`.
    ///
    /// Fails with 8020 it has reached the server.
    pub async fn cancel_send(&self, cancel: Option<Arc<CancelToken>>) -> Result<()> {
        let core = self.core.clone();
        self.threads.wait(cancel, async move { core.cancel().await }).await
    }
}

/// A message that has its id and its place, and is being made durable. Letting this go does not take it back.
#[derive(uniffi::Object)]
pub struct SendAttempt {
    id: MessageId,
    durable: Step<whinchat_core::Result<Arc<SendHandle>>>,
    threads: Threads,
    _counted: Counted,
}

impl SendAttempt {
    pub(crate) fn new(
        id: MessageId,
        durable: impl Future<Output = whinchat_core::Result<whinchat_core::SendHandle>> + Send + 'static,
        threads: Threads,
    ) -> Arc<Self> {
        let handles = threads.clone();
        let durable = Step::new(async move { durable.await.map(|core| SendHandle::new(core, handles)) });
        Arc::new(Self { id, durable, threads, _counted: Counted::new(Kind::Attempt) })
    }
}

#[uniffi::export]
impl SendAttempt {
    /// The message's id; stays the same for good.
    pub fn id(&self) -> MessageId {
        self.id.clone()
    }

    /// Waits until the message is durable. Fails as `Messages.send`.
    pub async fn durable(&self, cancel: Option<Arc<CancelToken>>) -> Result<Arc<SendHandle>> {
        let durable = self.durable.clone();
        self.threads.wait(cancel, async move { durable.ended().await }).await
    }
}
