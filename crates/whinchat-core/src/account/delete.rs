//! Deleting messages and emptying conversations, for this user alone. What is done is durable first, shows at once, and
//! reaches the server when it can.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use rusqlite::Connection;
use whinchat_proto::id::ConversationId;
use whinchat_proto::wire;

use super::{Account, answer::operation_id};
use crate::error::{Error, ErrorCode, Result};
use crate::message::{DELETE_LIMIT, MessageId};
use crate::outbox::{Discarded, delete_payload, mark_payload};
use crate::store::{ItemKind, ItemState, OutboxRow, query};
use crate::sync::{Deleted, Floor, Input};

/// How often messages are looked for again that were sent while they were being deleted. Each time fewer are left.
const LOOKS: usize = 3;

/// Where messages stand that are to be deleted.
struct Found {
    epoch: u64,
    seqs: Vec<u64>,
    /// Those in the outbox.
    unsent: Vec<(MessageId, i64)>,
}

/// What became of the unsent ones.
#[derive(Default)]
struct Outcome {
    /// Nobody sees them any more.
    gone: Vec<MessageId>,
    /// Places in the own file that have to be cleaned.
    out: Vec<i64>,
    /// The server had them by then.
    sent: Vec<MessageId>,
}

impl Account {
    /// Deletes messages of one conversation; unsent ones as [`Self::cancel`] does, and they are gone then.
    pub(crate) async fn delete_messages(
        self: &Arc<Self>,
        conversation: &ConversationId,
        ids: &[MessageId],
    ) -> Result<()> {
        if ids.is_empty() || ids.len() > DELETE_LIMIT {
            return Err(Error::new(ErrorCode::BadParameter, "name 1 to 50 messages of one conversation"));
        }
        let mut seen = HashSet::new();
        let mut left: Vec<MessageId> = ids.iter().filter(|id| seen.insert(*id)).cloned().collect();
        for _ in 0..LOOKS {
            let found = self.find(conversation, left).await?;
            left = self.forget_found(conversation, found).await?;
            if left.is_empty() {
                return Ok(());
            }
        }
        Err(Error::new(ErrorCode::StoreFailed, "messages were sent while they were being deleted; try again"))
    }

    /// Finds them all, or says which is not there.
    async fn find(&self, conversation: &ConversationId, ids: Vec<MessageId>) -> Result<Found> {
        // The outbox first: what leaves it meanwhile stands in the store by then.
        let unsent: Vec<Option<(ConversationId, ItemState, i64)>> = ids
            .iter()
            .map(|id| {
                let mut lanes = self.outbox.lanes();
                let at = lanes.position(id.client_id().0)?;
                let row = &lanes.item(at)?.row;
                let is_it = row.kind == ItemKind::Message && self.message_id(row) == *id;
                is_it.then(|| (row.conversation.clone(), row.state.clone(), at))
            })
            .collect();
        let (of, me, not_here) = (conversation.clone(), self.me.clone(), self.not_in_outbox());
        let other = || Error::new(ErrorCode::BadParameter, "the messages are not all of this conversation");
        let work = move |cache: &Connection| {
            let epoch = query::conversation(cache, &of)?.map_or(0, |row| row.epoch);
            let mut found = Found { epoch, seqs: Vec::new(), unsent: Vec::new() };
            for (id, unsent) in ids.into_iter().zip(unsent) {
                match (query::locate(cache, &id, &me)?, unsent) {
                    (Some((conversation, _)), _) | (None, Some((conversation, ..))) if conversation != of => {
                        return Err(other());
                    }
                    (Some((_, seq)), _) => found.seqs.push(seq),
                    (None, Some((_, ItemState::Deleting, _))) => {}
                    (None, Some((_, _, position))) => found.unsent.push((id, position)),
                    // Deleted before, here or elsewhere: it is as it should be.
                    (None, None) if query::deleted_at(cache, &of, &id)?.is_some() => {}
                    (None, None) => return Err(not_here),
                }
            }
            Ok(found)
        };
        self.store.cache.readers.read(work).await
    }

    /// Deletes what was found. Gives those that were sent meanwhile.
    async fn forget_found(
        self: &Arc<Self>,
        conversation: &ConversationId,
        found: Found,
    ) -> Result<Vec<MessageId>> {
        let Found { epoch, seqs, unsent } = found;
        let row = (!seqs.is_empty())
            .then(|| self.operation(ItemKind::Delete, conversation, delete_payload(epoch, &seqs)));
        let outcome = self.write_deletion(row.clone(), None, unsent).await?;
        if let Some(input) = row.as_ref().and_then(crate::outbox::input) {
            self.apply_aside(vec![input]).await?;
        }
        self.tell_unsent(conversation, &outcome).await;
        Ok(outcome.sent)
    }

    /// Writes a deletion down, with the unsent messages that it takes out of the outbox, in one commit.
    async fn write_deletion(
        self: &Arc<Self>,
        row: Option<OutboxRow>,
        replaced: Option<i64>,
        unsent: Vec<(MessageId, i64)>,
    ) -> Result<Outcome> {
        let outcome = Arc::new(Mutex::new(Outcome::default()));
        if row.is_none() && unsent.is_empty() {
            return Ok(Outcome::default());
        }
        let (stored, positions) = (row.clone(), unsent.iter().map(|(_, at)| *at).collect::<Vec<_>>());
        let work = move |own: &Connection| {
            positions.iter().try_for_each(|at| query::to_delete(own, *at))?;
            if let Some(replaced) = replaced {
                query::delete(own, replaced)?;
            }
            stored.as_ref().map(|row| query::insert(own, row)).transpose()
        };
        let (account, told) = (self.clone(), outcome.clone());
        let queue = move |position: &Option<i64>| {
            let mut lanes = account.outbox.lanes();
            if let Some(replaced) = replaced {
                lanes.remove(replaced);
            }
            if let (Some(row), Some(position)) = (row, *position) {
                lanes.add(OutboxRow { position, ..row }, false);
            }
            let mut outcome = told.lock().unwrap_or_else(PoisonError::into_inner);
            for (id, at) in unsent {
                match lanes.discard(at) {
                    Discarded::NotThere => outcome.sent.push(id),
                    Discarded::InDoubt => outcome.gone.push(id),
                    Discarded::Out(item) => {
                        for waiter in item.waiters {
                            drop(waiter.send(Err(ErrorCode::SendCancelled.into())));
                        }
                        outcome.out.push(at);
                        outcome.gone.push(id);
                    }
                }
            }
            drop(lanes);
            account.outbox.changed.notify_one();
        };
        self.store.own.writer.write_then(work, queue).await?;
        Ok(std::mem::take(&mut *outcome.lock().unwrap_or_else(PoisonError::into_inner)))
    }

    async fn tell_unsent(&self, conversation: &ConversationId, outcome: &Outcome) {
        for position in &outcome.out {
            self.delete_later(*position).await;
        }
        if !outcome.gone.is_empty() {
            self.hub.deleted(conversation, outcome.gone.clone());
            self.hub.conversation(conversation);
        }
    }

    /// Empties a conversation of what is there now. What is on its way is sent all the same; what has failed goes.
    pub(crate) async fn clear_history(self: &Arc<Self>, conversation: &ConversationId) -> Result<()> {
        let failed: Vec<(MessageId, i64)> = {
            let lanes = self.outbox.lanes();
            let of_it = |row: &&OutboxRow| {
                row.conversation == *conversation && matches!(row.state, ItemState::Failed(_))
            };
            lanes.messages().filter(of_it).map(|row| (self.message_id(row), row.position)).collect()
        };
        let id = conversation.clone();
        let known = self.store.cache.readers.read(move |cache| query::head(cache, &id)).await?;
        let known = known.filter(|known| known.head_seq >= known.visible_from.max(1));
        let (mut row, mut replaced, mut input) = (None, None, None);
        if let Some(known) = known {
            let (epoch, seq) = (known.epoch, known.head_seq);
            replaced = self.outbox.lanes().waiting_mark(conversation, ItemKind::Clear);
            row = Some(self.operation(ItemKind::Clear, conversation, mark_payload(epoch, seq)));
            let floor = Some(Floor { seq, totals: known.totals });
            input = Some(Input::Cleared { conversation: conversation.clone(), epoch, seq, floor });
        }
        let outcome = self.write_deletion(row, replaced, failed).await?;
        if let Some(input) = input {
            self.apply_aside(vec![input]).await?;
        }
        self.tell_unsent(conversation, &outcome).await;
        Ok(())
    }

    /// A queued mutation that is not a message.
    pub(super) fn operation(
        &self,
        kind: ItemKind,
        conversation: &ConversationId,
        content: Bytes,
    ) -> OutboxRow {
        let now_ms = self.now_ms();
        OutboxRow {
            position: 0,
            kind,
            conversation: conversation.clone(),
            id: operation_id(now_ms).0,
            state: ItemState::Waiting,
            created_ms: now_ms,
            expires_ms: None,
            again: false,
            head_seq: 0,
            envelope: Bytes::new(),
            content,
        }
    }

    /// The server had a message that the user has deleted: it is deleted there as any other. Who waits is told that it was
    /// stored: others have it, and "cancelled" would invite sending it again.
    pub(super) async fn delete_stored(self: &Arc<Self>, row: OutboxRow, stored: &wire::SendMessageResult) {
        let payload = delete_payload(stored.epoch, &[stored.seq]);
        let deletion = self.operation(ItemKind::Delete, &row.conversation, payload);
        let input = crate::outbox::input(&deletion);
        let written = deletion.clone();
        let work = move |own: &Connection| {
            query::delete(own, row.position)?;
            query::insert(own, &written)
        };
        let (account, at) = (self.clone(), row.position);
        let message = super::read::sent_message(&row, stored, &self.me);
        let queue = move |position: &i64| {
            let mut lanes = account.outbox.lanes();
            let item = lanes.remove(at);
            lanes.add(OutboxRow { position: *position, ..deletion }, false);
            drop(lanes);
            for waiter in item.into_iter().flat_map(|item| item.waiters) {
                drop(waiter.send(Ok(message.clone())));
            }
            account.outbox.changed.notify_one();
        };
        if let Err(error) = self.store.own.writer.write_then(work, queue).await {
            // It still stands as deleted, and the server is asked once more.
            tracing::warn!(code = error.code, "a deletion could not be written down");
            let (now, random) = (crate::platform::Instant::now(), crate::platform::random_u64());
            self.outbox.lanes().ask_again(at, now, random);
            return;
        }
        if let Err(error) = self.apply_aside(input.into_iter().collect()).await {
            // The server's answer to the deletion applies it again.
            tracing::warn!(code = error.code, "a deletion could not be applied");
        }
    }

    /// The server will never have a message that the user has deleted.
    pub(super) async fn forget_deleted(&self, position: i64, error: &Error) {
        let item = self.outbox.lanes().remove(position);
        for waiter in item.into_iter().flat_map(|item| item.waiters) {
            drop(waiter.send(Err(error.clone())));
        }
        self.delete_later(position).await;
    }

    /// After a restart: what waits to be read, deleted and emptied at the server is so here. The cache may have been lost
    /// meanwhile, and a process killed between the two files has not told it.
    pub(super) async fn apply_again(self: &Arc<Self>, mut queued: Vec<Input>) -> Result<()> {
        let deleting: Vec<(ConversationId, MessageId)> = {
            let lanes = self.outbox.lanes();
            lanes.deleting().map(|row| (row.conversation.clone(), self.message_id(row))).collect()
        };
        if !deleting.is_empty() {
            let me = self.me.clone();
            let work = move |cache: &Connection| {
                let mut stored = Vec::new();
                for (conversation, id) in deleting {
                    if let Some((_, seq)) = query::locate(cache, &id, &me)? {
                        let epoch = query::conversation(cache, &conversation)?.map_or(0, |row| row.epoch);
                        stored.push(Input::Deleted { conversation, epoch, seqs: vec![seq] });
                    }
                }
                Ok(stored)
            };
            queued.extend(self.store.cache.readers.read(work).await?);
        }
        self.apply(queued).await.map(drop)
    }

    /// What the app knows deleted messages by.
    pub(super) fn ids_of_deleted(
        &self,
        conversation: &ConversationId,
        messages: &[Deleted],
    ) -> Vec<MessageId> {
        let id =
            |message: &Deleted| MessageId::form(message.client_id, &message.sender, conversation, &self.me);
        messages.iter().map(id).collect()
    }
}
