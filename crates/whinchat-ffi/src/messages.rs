//! Sending and reading messages.

use std::sync::Arc;

use whinchat_core::{ConversationId, History, HistoryPage, Message, MessageId};

use crate::call::{self, Result, Threads};
use crate::cancel::CancelToken;
use crate::live::{Counted, Kind};
use crate::outgoing::OutgoingMessage;
use crate::send::{SendAttempt, SendHandle};
use crate::timeline::{TimelineStart, TimelineSubscription};

/// Where a page of history starts.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum HistoryFrom {
    /// At the newest message.
    Newest,
    /// Before a known one, which is not part of the page.
    Older {
        /// The known one.
        before: MessageId,
    },
    /// After a known one, which is not part of the page.
    Newer {
        /// The known one.
        after: MessageId,
    },
}

impl HistoryFrom {
    fn page(self, limit: u32) -> History {
        let limit = limit as usize;
        match self {
            Self::Newest => History::Newest { limit },
            Self::Older { before } => History::Older { before, limit },
            Self::Newer { after } => History::Newer { after, limit },
        }
    }
}

/// Sending and reading messages of the user who is logged in.
#[derive(Debug, uniffi::Object)]
pub struct Messages {
    core: whinchat_core::Messages,
    threads: Threads,
    _counted: Counted,
}

impl Messages {
    pub(crate) fn new(core: whinchat_core::Messages, threads: Threads) -> Arc<Self> {
        Arc::new(Self { core, threads, _counted: Counted::new(Kind::Service) })
    }
}

#[uniffi::export]
impl Messages {
    /// A live window on a conversation's messages. Local and at once; what has to be fetched follows.
    ///
    /// Fails with 6014 not logged in, 6017 an empty window or an unknown message to start from, 6019 the local database
    /// failed.
    pub async fn observe(
        &self,
        conversation: ConversationId,
        start: TimelineStart,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<Arc<TimelineSubscription>> {
        let (core, threads) = (self.core.clone(), self.threads.clone());
        self.threads
            .wait(cancel, async move {
                Ok(TimelineSubscription::new(core.observe(&conversation, start.into()).await?, threads))
            })
            .await
    }

    /// Sends a text; see `send`.
    pub async fn send_text(
        &self,
        conversation: ConversationId,
        text: String,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<Arc<SendHandle>> {
        let (core, threads) = (self.core.clone(), self.threads.clone());
        self.threads
            .wait(
                cancel,
                async move { Ok(SendHandle::new(core.send_text(&conversation, text).await?, threads)) },
            )
            .await
    }

    /// Puts a message into the durable outbox. When this returns it will reach the server, over reconnects and restarts, once
    /// and in order. No connection is needed. Giving the wait up does not take it back.
    ///
    /// Fails with 6014 not logged in, 6017 empty or wrong parameter, 6016 an element that only servers write, 6011 to oneself,
    /// 8001 too large, 6022 the disk is full; for online-only messages also 9508 no connection and what the server says.
    pub async fn send(
        &self,
        conversation: ConversationId,
        message: OutgoingMessage,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<Arc<SendHandle>> {
        let (core, threads) = (self.core.clone(), self.threads.clone());
        self.threads
            .wait(cancel, async move {
                Ok(SendHandle::new(core.send(&conversation, message.into()).await?, threads))
            })
            .await
    }

    /// `send` in two steps: when this returns, the message has its id and its place behind those that were sent before it;
    /// `durable` of what it gives returns when it is durable. A burst that begins each message without waiting for the one
    /// before shares the work of making them durable.
    pub async fn begin_send(
        &self,
        conversation: ConversationId,
        message: OutgoingMessage,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<Arc<SendAttempt>> {
        let (core, threads) = (self.core.clone(), self.threads.clone());
        self.threads
            .wait(cancel, async move {
                let (id, durable) = core.begin_send(&conversation, message.into()).await?;
                Ok(SendAttempt::new(id, durable, threads))
            })
            .await
    }

    /// Sends a failed message again: the same id, at the end of its conversation.
    ///
    /// Fails with 6014 not logged in, 7011 no such message, 7014 it has not failed, 6022 the disk is full.
    pub async fn retry(&self, id: MessageId, cancel: Option<Arc<CancelToken>>) -> Result<Arc<SendHandle>> {
        let (core, threads) = (self.core.clone(), self.threads.clone());
        self.threads.wait(cancel, async move { Ok(SendHandle::new(core.retry(&id).await?, threads)) }).await
    }

    /// Takes a message back that has not reached the server; it then stands as failed with 8021. If it may have been written
    /// to a connection already, this waits until the server has said whether it came too late.
    ///
    /// Fails with 8020 it has reached the server, 7011 no such message, 6014 not logged in.
    pub async fn cancel_send(&self, id: MessageId, cancel: Option<Arc<CancelToken>>) -> Result<()> {
        let core = self.core.clone();
        self.threads.wait(cancel, async move { core.cancel(&id).await }).await
    }

    /// Deletes messages of one conversation for this user, on all his devices; for others nothing changes.
    ///
    /// Fails with 6014 not logged in, 6017 none or more than 50 named, or of another conversation, 7011 no such message, 6022
    /// the disk is full, 6019 the local database failed. Nothing was deleted then.
    pub async fn delete(
        &self,
        conversation: ConversationId,
        ids: Vec<MessageId>,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<()> {
        let core = self.core.clone();
        self.threads.wait(cancel, async move { core.delete(&conversation, &ids).await }).await
    }

    /// A message by its id, if it is on this device.
    ///
    /// Fails with 6014 not logged in, 6019 the local database failed.
    pub async fn get(&self, id: MessageId, cancel: Option<Arc<CancelToken>>) -> Result<Option<Message>> {
        call::here(cancel, self.core.get(&id)).await
    }

    /// One page of a conversation's messages, `limit` (1 to 100) at most, with what waits in the outbox. What is not on this
    /// device is fetched; without a connection the page ends before it and is not `complete`.
    ///
    /// Fails with 6014 not logged in, 6017 a limit out of range or an unknown message to start from, 6019 the local database
    /// failed.
    pub async fn history(
        &self,
        conversation: ConversationId,
        from: HistoryFrom,
        limit: u32,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<HistoryPage> {
        call::here(cancel, self.core.history(&conversation, from.page(limit))).await
    }
}
