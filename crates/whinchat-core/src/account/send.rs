//! Sending, cancelling, sending again, marking read.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use prost::Message as _;
use tokio::sync::oneshot;
use whinchat_proto::id::{ClientMessageId, ConversationId};
use whinchat_proto::wire::response::Body;
use whinchat_proto::wire::{self, MessageKind};

use super::{Account, answer::operation_id};
use crate::error::{Error, ErrorCode, Result};
use crate::event::Event;
use crate::message::{Message, MessageId, MessageState, NewMessage};
use crate::outbox::read_payload;
use crate::platform::random_bytes;
use crate::store::{ItemKind, ItemState, OutboxRow, query};
use crate::sync::{Floor, Input};

/// A message that has its place in the outbox, and what ends when it is durable.
type Begun = (MessageId, BoxFuture<'static, Result<Message>>);

impl Account {
    /// Puts a message into the outbox, where it has its place when this returns. It is durable when the future that this gives
    /// ends, and goes out by itself.
    pub(crate) async fn begin_send(self: &Arc<Self>, to: &ConversationId, new: NewMessage) -> Result<Begun> {
        if matches!(to, ConversationId::User(user) if *user == self.me) {
            return Err(Error::new(ErrorCode::ReceiverInvalid, "a message to oneself is not possible"));
        }
        let now_ms = self.now_ms();
        let id = ClientMessageId::from_parts(now_ms, random_bytes());
        let (online_only, timeout) = (new.online_only, new.timeout);
        let (envelope, content) = new.encode(id, to)?;
        let public = MessageId::form(id, &self.me, to, &self.me);
        if online_only {
            let (account, to) = (self.clone(), to.clone());
            let asked = async move { account.send_online_only(&to, id, envelope, content).await };
            return Ok((public, asked.boxed()));
        }
        let timeout_ms =
            timeout.map(|timeout| i64::try_from(timeout.as_millis()).unwrap_or(i64::MAX)).unwrap_or(i64::MAX);
        let row = OutboxRow {
            position: 0,
            kind: ItemKind::Message,
            conversation: to.clone(),
            id: id.0,
            state: ItemState::Waiting,
            created_ms: now_ms,
            expires_ms: timeout.map(|_| now_ms.saturating_add(timeout_ms)),
            again: false,
            head_seq: self.head_seq(to).await?,
            envelope,
            content,
        };
        Ok((public, self.enqueue(row).await?))
    }

    /// Stores a row, queues it, and lifts its conversation in the list; all but its place in the order comes later.
    async fn enqueue(self: &Arc<Self>, row: OutboxRow) -> Result<BoxFuture<'static, Result<Message>>> {
        let (account, queued, stored) = (self.clone(), row.clone(), row.clone());
        // In memory on the writer's thread: the order there is the order in the file.
        let queue = move |position: &i64| {
            let mut lanes = account.outbox.lanes();
            lanes.add(OutboxRow { position: *position, ..queued }, false);
            drop(lanes);
            account.outbox.changed.notify_one();
        };
        let durable = self.store.own.writer.begin_then(move |own| query::insert(own, &stored), queue).await?;
        let account = self.clone();
        let rest = async move {
            durable.await?;
            account.stopped_typing(&row.conversation);
            account.lift(&row.conversation, row.created_ms).await;
            Ok(super::read::waiting_message(&row, &account.me))
        };
        Ok(rest.boxed())
    }

    async fn lift(&self, conversation: &ConversationId, now_ms: i64) {
        let id = conversation.clone();
        match self.store.cache.writer.write(move |cache| query::bump(cache, &id, now_ms)).await {
            Ok(true) => self.hub.begun_here(conversation),
            Ok(false) => {}
            // The message is safe in the own file; the list is put right at the next start.
            Err(error) => tracing::warn!(code = error.code, "the conversation list could not be updated"),
        }
        self.hub.conversation(conversation);
    }

    async fn send_online_only(
        &self,
        to: &ConversationId,
        id: ClientMessageId,
        envelope: Bytes,
        content: Bytes,
    ) -> Result<Message> {
        let envelope = wire::Envelope::decode(envelope).unwrap_or_default();
        let body = wire::SendMessage {
            conversation: Some(to.to_wire()),
            envelope: Some(envelope.clone()),
            content: content.clone(),
            online_only: true,
            round: 0,
            again: false,
        };
        let response = self.mutate(None, wire::request::Body::SendMessage(body)).await?;
        let Some(Body::SendMessage(sent)) = response.body else {
            return Err(ErrorCode::ResponseUndecodable.into());
        };
        let public = MessageId::form(id, &self.me, to, &self.me);
        let message =
            crate::store::message(public, to, self.me.clone(), &self.me, &envelope, &content, |message| {
                message.time_ms = sent.time_ms;
                message.state = MessageState::Sent;
                message.is_online_only = true;
            });
        Ok(message)
    }

    /// Sends a failed message again, at the end of its conversation.
    pub(crate) async fn retry(self: &Arc<Self>, id: &MessageId) -> Result<Message> {
        let row = self.outbox_row(id).ok_or_else(|| self.not_in_outbox())?;
        if !matches!(row.state, ItemState::Failed(_)) {
            return Err(Error::new(ErrorCode::WrongState, "only a failed message can be sent again"));
        }
        let now_ms = self.now_ms();
        let head_seq = self.head_seq(&row.conversation).await?;
        // A time limit was for the first try; the second has none.
        let again =
            OutboxRow { state: ItemState::Waiting, expires_ms: None, again: true, head_seq, ..row.clone() };
        let (account, stored, queued) = (self.clone(), again.clone(), again.clone());
        let queue = move |position: &i64| {
            let mut lanes = account.outbox.lanes();
            lanes.remove(row.position);
            // Asked for twice at the same time, it is there already, and perhaps on its way.
            if lanes.item(*position).is_none() {
                lanes.add(OutboxRow { position: *position, ..queued }, false);
            }
            drop(lanes);
            account.outbox.changed.notify_one();
        };
        self.store.own.writer.write_then(move |own| query::resend(own, &stored), queue).await?;
        self.lift(&again.conversation, now_ms).await;
        self.hub.message(id, &again.conversation);
        Ok(super::read::waiting_message(&again, &self.me))
    }

    /// Takes a message back that has not reached the server.
    pub(crate) async fn cancel(self: &Arc<Self>, id: &MessageId) -> Result<()> {
        let Some(row) = self.outbox_row(id) else {
            return match self.message(id).await? {
                Some(_) => Err(ErrorCode::SendNotCancellable.into()),
                None => Err(self.not_in_outbox()),
            };
        };
        match row.state {
            ItemState::Failed(_) => Ok(()),
            ItemState::Cancelling | ItemState::Deleting => {
                self.settled(id).await.map_or_else(cancelled, not_cancelled)
            }
            ItemState::Waiting => {
                // Looked at and withheld in one step: else it might go out while its failure is written down.
                let withheld = self.outbox.lanes().withhold(row.position);
                let (end, account) = (self.settled(id), self.clone());
                // On its own, so that a caller who waits no longer leaves nothing half done.
                let work = async move {
                    if withheld {
                        account.give_up(row, ErrorCode::SendCancelled.into()).await;
                    } else {
                        account.doubt(row.position).await;
                    }
                };
                self.runtime.spawn(work).detach();
                end.await.map_or_else(cancelled, not_cancelled)
            }
        }
    }

    /// Waits for a message's end.
    pub(crate) fn settled(
        self: &Arc<Self>,
        id: &MessageId,
    ) -> impl Future<Output = Result<Message>> + Send + use<> {
        let (sender, receiver) = oneshot::channel();
        let failed = {
            let mut lanes = self.outbox.lanes();
            let closed = lanes.is_closed();
            let position = lanes.position(id.client_id().0);
            match position.and_then(|position| lanes.item(position)) {
                Some(item) => match &item.row.state {
                    ItemState::Failed(error) => Some(error.clone()),
                    _ if closed => Some(ErrorCode::Interrupted.into()),
                    _ => {
                        item.waiters.push(sender);
                        None
                    }
                },
                None => None,
            }
        };
        let (account, id) = (self.clone(), id.clone());
        async move {
            if let Some(error) = failed {
                return Err(error);
            }
            match receiver.await {
                Ok(result) => result,
                // It was not in the outbox: at the server, or unknown.
                Err(_) => account.message(&id).await?.ok_or_else(|| account.not_in_outbox()),
            }
        }
    }

    /// A message in doubt is to be cancelled: only the server can say whether it came too late.
    pub(crate) async fn doubt(&self, position: i64) {
        if let Err(error) = self.store.own.writer.write(move |own| query::to_cancel(own, position)).await {
            tracing::warn!(code = error.code, "a cancellation could not be written down");
        }
        self.outbox.lanes().cancel(position);
        self.outbox.changed.notify_one();
    }

    /// A message that never left the device is not to be sent. If this cannot be written down, it would go out after a
    /// restart: then the server is asked to refuse it, as if it had left.
    pub(crate) async fn give_up(&self, row: OutboxRow, error: Error) {
        if self.write_failed(row.position, &error).await {
            self.tell_failed(&row, &error);
        } else {
            self.outbox.lanes().cancel(row.position);
            self.outbox.changed.notify_one();
        }
    }

    /// Marks everything that is there now as read; queued when there is no connection.
    pub(crate) async fn mark_read(self: &Arc<Self>, conversation: &ConversationId) -> Result<()> {
        let id = conversation.clone();
        let Some(known) = self.store.cache.readers.read(move |cache| query::head(cache, &id)).await? else {
            return Ok(());
        };
        let head = known.head_seq;
        if known.read_seq >= head && known.floor.seq >= head {
            return Ok(());
        }
        let floor = Floor { seq: head, totals: known.totals };
        let row = OutboxRow {
            position: 0,
            kind: ItemKind::MarkRead,
            conversation: conversation.clone(),
            id: operation_id(self.now_ms()).0,
            state: ItemState::Waiting,
            created_ms: self.now_ms(),
            expires_ms: None,
            again: false,
            head_seq: head,
            envelope: Bytes::new(),
            content: read_payload(known.epoch, floor),
        };
        // A mark that has not left the device is replaced: the newer one says it all.
        let replaced = self.outbox.lanes().waiting_mark(conversation, ItemKind::MarkRead);
        let (account, queued) = (self.clone(), row.clone());
        let work = move |own: &rusqlite::Connection| {
            if let Some(position) = replaced {
                query::delete(own, position)?;
            }
            query::insert(own, &row)
        };
        let queue = move |position: &i64| {
            let mut lanes = account.outbox.lanes();
            if let Some(position) = replaced {
                lanes.remove(position);
            }
            lanes.add(OutboxRow { position: *position, ..queued }, false);
            drop(lanes);
            account.outbox.changed.notify_one();
        };
        self.store.own.writer.write_then(work, queue).await?;
        let (conversation, epoch) = (conversation.clone(), Some(known.epoch));
        self.apply_aside(vec![Input::Marked { conversation, epoch, floor, read_seq: head }]).await
    }

    /// A message that is stored nowhere has arrived.
    pub(super) fn ephemeral(&self, push: wire::EphemeralMessage) {
        let envelope = push.message.as_ref().and_then(|message| message.envelope.as_ref());
        if envelope.is_some_and(|envelope| envelope.kind() == MessageKind::Typing) {
            return self.heard_typing(&push);
        }
        let read = || -> Result<Message> {
            let conversation = ConversationId::from_wire(push.conversation.as_ref())?;
            let stored = push.message.unwrap_or_default();
            let sender = whinchat_proto::id::UserId::new(&stored.sender)?;
            let envelope = stored.envelope.unwrap_or_default();
            let client_id = ClientMessageId::from_slice(&envelope.client_message_id)?;
            let id = MessageId::form(client_id, &sender, &conversation, &self.me);
            Ok(crate::store::message(
                id,
                &conversation,
                sender,
                &self.me,
                &envelope,
                &stored.content,
                |message| {
                    message.time_ms = push.time_ms;
                    message.state = MessageState::Sent;
                    message.is_online_only = true;
                },
            ))
        };
        match read() {
            Ok(message) => self.hub.notice(Event::EphemeralReceived(message)),
            Err(error) => tracing::warn!(code = error.code, "an ephemeral message could not be read"),
        }
    }

    /// A message of the outbox that the user has not deleted.
    pub(super) fn outbox_row(&self, id: &MessageId) -> Option<OutboxRow> {
        let mut lanes = self.outbox.lanes();
        let position = lanes.position(id.client_id().0)?;
        let row = lanes.item(position)?.row.clone();
        let is_it = row.kind == ItemKind::Message && self.message_id(&row) == *id;
        (is_it && row.state != ItemState::Deleting).then_some(row)
    }

    pub(super) fn not_in_outbox(&self) -> Error {
        Error::new(ErrorCode::RecordNotFound, "there is no such message on this device")
    }
}

/// The send ended in an error: the cancel has done what it was for, unless the account was closed meanwhile.
fn cancelled(error: Error) -> Result<()> {
    if error.is(ErrorCode::Interrupted) { Err(error) } else { Ok(()) }
}

fn not_cancelled(_: Message) -> Result<()> {
    Err(ErrorCode::SendNotCancellable.into())
}
