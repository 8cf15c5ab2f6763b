//! What the app of a simulated device does in one life, and what it writes down about it.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use whinchat_cli::ledger::{Book, ConversationKey, Line, MessageKey};
use whinchat_core::{Client, ConversationId, Error, ErrorCode, History, NewMessage};

use super::notes::note_outcome;
use crate::dice::Dice;
use crate::noted::{Failed, Sent, key, lock, write};

const PAGE: usize = 50;
/// Messages that are not to wait for ever wait for so long, and up to so much longer.
const LEAST_PATIENCE: Duration = Duration::from_millis(30);
const MORE_PATIENCE: Duration = Duration::from_secs(3);

/// What a life's tasks share.
pub(super) struct Hand {
    pub(super) client: Client,
    pub(super) user: String,
    pub(super) sig: String,
    pub(super) book: Arc<Mutex<Book>>,
    pub(super) mine: Arc<Mutex<HashSet<MessageKey>>>,
    pub(super) failed: Arc<Mutex<Vec<Failed>>>,
}

/// A message to be sent.
pub(super) struct Draft {
    pub(super) conversation: Option<ConversationId>,
    pub(super) uncounted: bool,
    pub(super) patience: Option<Duration>,
    pub(super) cancel_after: Option<Duration>,
    pub(super) salt: u64,
}

impl Draft {
    pub(super) fn roll(dice: &mut Dice) -> Self {
        Self {
            conversation: None,
            uncounted: dice.chance(10),
            patience: dice.chance(10).then(|| LEAST_PATIENCE + dice.up_to(MORE_PATIENCE)),
            cancel_after: dice.chance(4).then(|| dice.up_to(LEAST_PATIENCE)),
            salt: dice.below(1 << 32),
        }
    }
}

/// Logs in, again and again: the server may be away for the first time of all.
pub(super) async fn log_in(hand: Arc<Hand>) {
    while let Err(error) = hand.client.login(&hand.user, &hand.sig).await {
        // One that was interrupted by a logout may still be on its way out.
        if !error.class.is_retryable() && !error.is(ErrorCode::LoginRunning) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

pub(super) async fn send(hand: Arc<Hand>, draft: Draft) {
    let Some(conversation) = draft.conversation else { return };
    let n = lock(&hand.book).accepted() + 1;
    let text = format!("{} says {n} {:08x}", hand.user, draft.salt);
    let mut message = NewMessage::text(&text).excluded_from_unread(draft.uncounted);
    if let Some(patience) = draft.patience {
        message = message.timeout(patience);
    }
    // Before the first login of all, and between logout and login, nothing is accepted, so nothing is owed.
    let Ok(handle) = hand.client.messages().send(&conversation, message).await else { return };
    let message = key(&hand.user, handle.message());
    lock(&hand.mine).insert(message.clone());
    if let Some(pause) = draft.cancel_after {
        let (messages, id) = (hand.client.messages(), handle.id().clone());
        tokio::spawn(async move {
            tokio::time::sleep(pause).await;
            // Too late or not: the message's own outcome tells.
            let _ = messages.cancel(&id).await;
        });
    }
    taken(&hand, handle, Sent { message, n, text });
}

fn taken(hand: &Hand, handle: whinchat_core::SendHandle, sent: Sent) {
    let Sent { message, n, text } = sent.clone();
    write(&hand.book, &Line::Accepted { message, n, text });
    let (book, mine, failed) = (Arc::clone(&hand.book), Arc::clone(&hand.mine), Arc::clone(&hand.failed));
    tokio::spawn(note_outcome(handle, sent, book, mine, failed));
}

pub(super) async fn retry(hand: &Hand) {
    let Some(Failed { id, sent }) = lock(&hand.failed).pop() else { return };
    write(&hand.book, &Line::Retrying { message: sent.message.clone() });
    match hand.client.messages().retry(&id).await {
        Ok(handle) => taken(hand, handle, sent),
        // Not taken, so it still stands as failed.
        Err(error) => write(&hand.book, &Line::Failed { message: sent.message, code: error.code }),
    }
}

pub(super) async fn mark_read(hand: &Hand, conversation: &ConversationId) {
    let Ok(Some(seen)) = hand.client.conversations().get(conversation).await else { return };
    if hand.client.conversations().mark_read(conversation).await.is_ok()
        && let Some(key) = ConversationKey::of(&hand.user, &conversation.to_string())
    {
        write(&hand.book, &Line::Read { conversation: key, seq: seen.head_seq });
    }
}

/// Deletes one of the newest messages for himself.
pub(super) async fn delete(hand: &Hand, conversation: &ConversationId, salt: u64) {
    let Ok(page) = hand.client.messages().history(conversation, History::newest(10)).await else { return };
    let Some(chosen) = Dice::new(salt).pick(&page.messages).cloned() else { return };
    let message = key(&hand.user, &chosen);
    write(&hand.book, &Line::Deleting { message: message.clone() });
    if hand.client.messages().delete(conversation, &[chosen.id]).await.is_ok() {
        write(&hand.book, &Line::Deleted { message });
    }
}

/// Empties a conversation for himself.
pub(super) async fn clear(hand: &Hand, conversation: &ConversationId) {
    let Ok(Some(seen)) = hand.client.conversations().get(conversation).await else { return };
    let Some(key) = ConversationKey::of(&hand.user, &conversation.to_string()) else { return };
    write(&hand.book, &Line::Clearing { conversation: key.clone(), seq: seen.head_seq });
    if hand.client.conversations().clear_history(conversation).await.is_ok() {
        write(&hand.book, &Line::Cleared { conversation: key, seq: seen.head_seq });
    }
}

pub(super) async fn list(hand: &Hand) -> Result<Vec<whinchat_core::Conversation>, Error> {
    let mut conversations = Vec::new();
    let mut cursor = None;
    loop {
        let page = hand.client.conversations().list(cursor.as_ref(), PAGE).await?;
        conversations.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            return Ok(conversations);
        }
    }
}

pub(super) async fn read_all(hand: &Hand) -> Result<(), Error> {
    let messages = hand.client.messages();
    for conversation in list(hand).await? {
        let mut page = messages.history(&conversation.id, History::newest(PAGE)).await?;
        while !(page.complete && page.messages.is_empty()) {
            let Some(oldest) = page.messages.last() else {
                return Err(Error::new(ErrorCode::Disconnected, "history says that there may be more"));
            };
            page = messages.history(&conversation.id, History::older(&oldest.id, PAGE)).await?;
        }
    }
    Ok(())
}
