//! What the app reads: stored messages and waiting ones put together.

use std::collections::HashMap;
use std::sync::Arc;

use prost::Message as _;
use rusqlite::Connection;
use whinchat_proto::id::{ClientMessageId, ConversationId, UserId};
use whinchat_proto::wire;

use super::Account;
use crate::conversation::{Conversation, ConversationCursor, ConversationPage};
use crate::error::Result;
use crate::message::{Message, MessageId, MessageState};
use crate::store::{ConversationRow, ItemState, OutboxRow, message, query};

/// A message of the outbox as the app sees it.
pub(crate) fn waiting_message(row: &OutboxRow, me: &UserId) -> Message {
    let id = MessageId::form(ClientMessageId(row.id), me, &row.conversation, me);
    let envelope = wire::Envelope::decode(row.envelope.clone()).unwrap_or_default();
    message(id, &row.conversation, me.clone(), me, &envelope, &row.content, |message| {
        message.time_ms = row.created_ms;
        message.state = match &row.state {
            ItemState::Failed(error) => MessageState::Failed(error.clone()),
            ItemState::Waiting | ItemState::Cancelling | ItemState::Deleting => MessageState::Pending,
        };
    })
}

/// The same once the server has stored it.
pub(super) fn sent_message(row: &OutboxRow, stored: &wire::SendMessageResult, me: &UserId) -> Message {
    let mut message = waiting_message(row, me);
    message.seq = stored.seq;
    message.time_ms = stored.time_ms;
    message.state = MessageState::Sent;
    message
}

/// Those of the waiting rows that the log does not hold yet: for a moment, an acknowledged one is in both places.
pub(crate) fn not_stored(cache: &Connection, rows: Vec<OutboxRow>, me: &UserId) -> Result<Vec<OutboxRow>> {
    let mut left = Vec::with_capacity(rows.len());
    for row in rows {
        if !query::is_stored(cache, &row, me)? {
            left.push(row);
        }
    }
    Ok(left)
}

/// The app's picture of a conversation: what waits in the outbox stands last.
pub(crate) fn view(
    cache: &Connection,
    row: ConversationRow,
    waiting: Vec<OutboxRow>,
    me: &UserId,
) -> Result<Conversation> {
    let unread = row.unread();
    let mut last_waiting = None;
    for waiting in waiting.into_iter().rev() {
        let message = waiting_message(&waiting, me);
        if !message.excluded_from_last_message && !query::is_stored(cache, &waiting, me)? {
            last_waiting = Some(message);
            break;
        }
    }
    let active_ms = row.active_ms.max(last_waiting.as_ref().map_or(0, |message| message.time_ms));
    let last_message = match last_waiting {
        Some(waiting) => Some(waiting),
        None => {
            query::last_message(cache, row.row)?.map(|last| last.into_message(&row.id, me)).transpose()?
        }
    };
    Ok(Conversation {
        id: row.id,
        last_message,
        unread,
        read_seq: row.read_seq,
        peer_read_seq: row.peer_read_seq,
        head_seq: row.head_seq,
        active_ms,
        group: row.group,
        left: row.left,
    })
}

impl Account {
    /// Messages of this conversation that are not at the server, in order. To be looked at before the store and to be put
    /// through [`not_stored`] there: what is stored meanwhile would otherwise be seen twice or not at all.
    pub(crate) fn waiting(&self, conversation: &ConversationId) -> Vec<OutboxRow> {
        let lanes = self.outbox.lanes();
        lanes.messages().filter(|row| row.conversation == *conversation).cloned().collect()
    }

    /// A message by its id, wherever it is.
    pub(crate) async fn message(&self, id: &MessageId) -> Result<Option<Message>> {
        let (wanted, me) = (id.clone(), self.me.clone());
        let waiting = {
            let mut lanes = self.outbox.lanes();
            let item = lanes.position(id.client_id().0).and_then(|at| lanes.item(at));
            item.map(|item| item.row.clone()).filter(|row| row.state != ItemState::Deleting)
        };
        let stored = self
            .store
            .cache
            .readers
            .read(move |cache| {
                for (conversation, row) in query::by_client_id(cache, wanted.client_id())? {
                    let message = row.into_message(&conversation, &me)?;
                    if message.id == wanted {
                        return Ok(Some(message));
                    }
                }
                Ok(None)
            })
            .await?;
        if stored.is_some() {
            return Ok(stored);
        }
        Ok(waiting.filter(|row| self.message_id(row) == *id).map(|row| waiting_message(&row, &self.me)))
    }

    /// The last seq of a conversation that is known here.
    pub(super) async fn head_seq(&self, conversation: &ConversationId) -> Result<u64> {
        let id = conversation.clone();
        let row = self.store.cache.readers.read(move |cache| query::conversation(cache, &id)).await?;
        Ok(row.map_or(0, |row| row.head_seq))
    }

    /// One conversation.
    pub(crate) async fn conversation(&self, id: &ConversationId) -> Result<Option<Conversation>> {
        let (wanted, me, waiting) = (id.clone(), self.me.clone(), self.waiting(id));
        let found = self
            .store
            .cache
            .readers
            .read(move |cache| {
                let Some(row) = query::conversation(cache, &wanted)? else { return Ok(None) };
                view(cache, row, waiting, &me).map(Some)
            })
            .await?;
        Ok(found)
    }

    /// One page of the conversation list.
    pub(crate) async fn conversations(
        &self,
        after: Option<ConversationCursor>,
        limit: usize,
    ) -> Result<ConversationPage> {
        let mut waiting: HashMap<ConversationId, Vec<OutboxRow>> = HashMap::new();
        for row in self.outbox.lanes().messages() {
            waiting.entry(row.conversation.clone()).or_default().push(row.clone());
        }
        let me = self.me.clone();
        self.store
            .cache
            .readers
            .read(move |cache| {
                let rows = query::page(cache, after.as_ref(), limit)?;
                let next = if rows.len() < limit { None } else { rows.last().map(ConversationRow::cursor) };
                let first = rows.first().map(ConversationRow::cursor);
                let items = rows.into_iter().map(|row| {
                    let waiting = waiting.remove(&row.id).unwrap_or_default();
                    view(cache, row, waiting, &me)
                });
                Ok(ConversationPage { items: items.collect::<Result<_>>()?, first, next })
            })
            .await
    }

    /// Unread messages over all conversations.
    pub(crate) async fn total_unread(&self) -> Result<u64> {
        self.store.cache.readers.read(query::total_unread).await
    }

    /// Messages to announce from `from` to `to`, at most `limit`, and how far they reach.
    pub(crate) async fn announced_messages(
        self: &Arc<Self>,
        conversation: &ConversationId,
        from: u64,
        to: u64,
        limit: usize,
    ) -> Result<(Vec<Message>, u64)> {
        let (id, me) = (conversation.clone(), self.me.clone());
        self.store
            .cache
            .readers
            .read(move |cache| {
                let Some(row) = query::conversation(cache, &id)? else { return Ok((Vec::new(), to)) };
                let rows = query::in_range(cache, row.row, from, to, limit)?;
                let reached = if rows.len() < limit { to } else { rows.last().map_or(to, |last| last.seq) };
                let messages = rows
                    .into_iter()
                    .filter(|row| !row.from_here)
                    .map(|row| row.into_message(&id, &me))
                    .collect::<Result<_>>()?;
                Ok((messages, reached))
            })
            .await
    }
}
