//! What the books say of messages, the same for real processes and simulated devices.

use std::sync::{Mutex, MutexGuard, PoisonError};

use whinchat_cli::ledger::{Book, Line, MessageKey};
use whinchat_core::{Message, MessageId};

/// A message that failed, so that it may be sent again.
pub(crate) struct Failed {
    pub(crate) id: MessageId,
    pub(crate) sent: Sent,
}

/// What the book says of a message.
#[derive(Clone)]
pub(crate) struct Sent {
    pub(crate) message: MessageKey,
    pub(crate) n: u64,
    pub(crate) text: String,
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn key(user: &str, message: &Message) -> MessageKey {
    let conversation = message.conversation.to_string();
    MessageKey::of(user, &conversation, message.sender.as_str(), message.id.as_str())
        .expect("ids of the known form")
}

pub(crate) fn write(book: &Mutex<Book>, line: &Line) {
    lock(book).write(line).expect("the book takes the line");
}
