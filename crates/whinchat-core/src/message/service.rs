//! Sending and reading messages.

use std::sync::{Arc, Weak};

use whinchat_proto::id::ConversationId;

use super::{History, HistoryPage, Message, MessageId, MessageState, NewMessage};
use crate::account::Account;
use crate::client::{Client, Current};
use crate::error::{ErrorCode, Result};
use crate::observe::{TimelineObserver, TimelineWindow};

/// Sending and reading messages of the user who is logged in. From [`Client::messages`].
#[derive(Clone, Debug)]
pub struct Messages {
    pub(crate) client: Client,
}

impl Messages {
    /// A live window on a conversation's messages: first as they stand, then what changes. Local and at once; what has to be
    /// fetched follows.
    ///
    /// # Errors
    ///
    /// 6014 not logged in, 6017 an empty window or an unknown message to start from, 6019 the local database failed.
    pub async fn observe(
        &self,
        conversation: &ConversationId,
        window: TimelineWindow,
    ) -> Result<TimelineObserver> {
        TimelineObserver::new(&self.client.account()?, self.client.current(), conversation, window).await
    }

    /// Sends a text; see [`Self::send`].
    ///
    /// # Errors
    ///
    /// Those of [`Self::send`].
    pub async fn send_text(
        &self,
        conversation: &ConversationId,
        text: impl Into<String>,
    ) -> Result<SendHandle> {
        self.send(conversation, NewMessage::text(text)).await
    }

    /// Puts a message into the durable outbox. When this returns it will reach the server, over reconnects and restarts,
    /// once and in order; [`SendHandle::settled`] tells when it has. No connection is needed.
    ///
    /// # Errors
    ///
    /// 6014 not logged in, 6017 empty or wrong parameter, 6011 to oneself, 8001 too large, 6022 the disk is full; for
    /// online-only messages also 9508 no connection and what the server says. What the server says of others comes with
    /// the handle.
    pub async fn send(&self, conversation: &ConversationId, message: NewMessage) -> Result<SendHandle> {
        self.begin_send(conversation, message).await?.1.await
    }

    /// [`Self::send`] in two steps: when this returns, the message has its id and its place behind those that were sent
    /// before it; the future that it gives ends when it is durable. A burst that begins each message without waiting for the
    /// one before shares the work of making them durable. Dropping that future does not take the message back.
    ///
    /// # Errors
    ///
    /// Those of [`Self::send`]; what the disk says, and of an online-only message what the server says, comes with the second
    /// step.
    pub async fn begin_send(
        &self,
        conversation: &ConversationId,
        message: NewMessage,
    ) -> Result<(MessageId, impl Future<Output = Result<SendHandle>> + Send + use<>)> {
        let account = self.client.account()?;
        let (id, durable) = account.begin_send(conversation, message).await?;
        let messages = self.clone();
        Ok((id, async move { Ok(messages.handle(account, durable.await?)) }))
    }

    fn handle(&self, account: Arc<Account>, message: Message) -> SendHandle {
        SendHandle { account, current: self.client.current(), message }
    }

    /// Sends a failed message again: the same id, at the end of its conversation.
    ///
    /// # Errors
    ///
    /// 6014 not logged in, 7011 no such message, 7014 it has not failed, 6022 the disk is full.
    pub async fn retry(&self, id: &MessageId) -> Result<SendHandle> {
        let account = self.client.account()?;
        let message = account.retry(id).await?;
        Ok(self.handle(account, message))
    }

    /// Takes a message back that has not reached the server; it then stands as failed with 8021. If it may have been
    /// written to a connection already, this waits until the server has said whether it came too late.
    ///
    /// # Errors
    ///
    /// 8020 it has reached the server, 7011 no such message, 6014 not logged in.
    pub async fn cancel(&self, id: &MessageId) -> Result<()> {
        self.client.account()?.cancel(id).await
    }

    /// Deletes messages of one conversation for this user, on all his devices; for others nothing changes. They are gone
    /// here when this returns, and elsewhere as soon as there is a connection; they never come back. What has not reached
    /// the server is taken back as with [`Self::cancel`], and is gone as well. What was deleted before is passed over.
    ///
    /// # Errors
    ///
    /// 6014 not logged in, 6017 none or more than 50 named, or of another conversation, 7011 no such message, 6022 the disk
    /// is full, 6019 the local database failed. Nothing was deleted then.
    pub async fn delete(&self, conversation: &ConversationId, ids: &[MessageId]) -> Result<()> {
        self.client.account()?.delete_messages(conversation, ids).await
    }

    /// A message by its id, if it is on this device.
    ///
    /// # Errors
    ///
    /// 6014 not logged in, 6019 the local database failed.
    pub async fn get(&self, id: &MessageId) -> Result<Option<Message>> {
        self.client.account()?.message(id).await
    }

    /// One page of a conversation's messages, with what waits in the outbox. What is not on this device is fetched;
    /// without a connection the page ends before it and is not `complete`.
    ///
    /// # Errors
    ///
    /// 6014 not logged in, 6017 a limit out of range or an unknown message to start from, 6019 the local database failed.
    pub async fn history(&self, conversation: &ConversationId, history: History) -> Result<HistoryPage> {
        self.client.account()?.history(conversation, history).await
    }
}

/// A message on its way.
pub struct SendHandle {
    account: Arc<Account>,
    /// Knows whether a closed account is only asleep. The handle does not keep the client alive.
    current: Weak<Current>,
    message: Message,
}

impl SendHandle {
    /// The message's id; stays the same for good.
    #[must_use]
    pub fn id(&self) -> &MessageId {
        &self.message.id
    }

    /// The message as it was accepted.
    #[must_use]
    pub fn message(&self) -> &Message {
        &self.message
    }

    /// Waits until the server has stored the message, or it has failed for good; over pauses of the client too. Dropping the
    /// future undoes nothing.
    ///
    /// # Errors
    ///
    /// Why it failed; 7009 when the client was closed or the user logged out before (the message is still in the outbox);
    /// 7011 when this is asked so late that the user has deleted the message, or emptied the conversation, on some device.
    pub async fn settled(&self) -> Result<Message> {
        match self.message.state {
            // Online-only messages wait nowhere: they were settled when they were accepted.
            MessageState::Sent => Ok(self.message.clone()),
            _ => self.followed().await,
        }
    }

    /// Waits over pauses of the client as well.
    async fn followed(&self) -> Result<Message> {
        let mut account = self.account.clone();
        loop {
            let ended = account.settled(&self.message.id).await;
            let interrupted = matches!(&ended, Err(error) if error.is(ErrorCode::Interrupted));
            let Some(current) = self.current.upgrade().filter(|_| interrupted) else { return ended };
            match current.woken(&account.me).await {
                Some(woken) if !Arc::ptr_eq(&woken, &account) => account = woken,
                _ => return ended,
            }
        }
    }

    /// As [`Messages::cancel`].
    ///
    /// # Errors
    ///
    /// 8020 it has reached the server.
    pub async fn cancel(&self) -> Result<()> {
        let woken = match self.current.upgrade() {
            Some(current) => current.account().filter(|account| account.me == self.account.me),
            None => None,
        };
        woken.as_ref().unwrap_or(&self.account).cancel(&self.message.id).await
    }
}

impl std::fmt::Debug for SendHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SendHandle").field("id", &self.message.id).finish_non_exhaustive()
    }
}
