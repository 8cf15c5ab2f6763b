//! What a simulated device writes down.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use whinchat_cli::ledger::{Book, Line, MessageKey};
use whinchat_core::{ErrorCode, Event, EventStream, MessageState, SendHandle};

use crate::noted::{Failed, Sent, key, lock, write};

/// Writes down what the app is told. `mine` were accepted in this life: their handles tell how they ended.
pub(super) async fn record(
    mut events: EventStream,
    user: String,
    book: Arc<Mutex<Book>>,
    mine: Arc<Mutex<HashSet<MessageKey>>>,
) {
    while let Some(event) = events.next().await {
        match event {
            Event::MessageReceived(message) => {
                write(&book, &Line::Seen { message: key(&user, &message), seq: message.seq });
            }
            Event::MessageChanged(message) if message.is_own => {
                let message_key = key(&user, &message);
                if lock(&mine).contains(&message_key) {
                    continue;
                }
                match message.state {
                    MessageState::Sent => {
                        write(&book, &Line::Acked { message: message_key, seq: message.seq });
                    }
                    MessageState::Failed(error) => {
                        write(&book, &Line::Failed { message: message_key, code: error.code });
                    }
                    MessageState::Pending => {}
                }
            }
            // Nobody here has done anything that ends a session: the world is broken.
            Event::StoreReset { .. } => panic!("the store was reset"),
            Event::KickedOffline(error) | Event::LoginExpired(error) => panic!("the session ended: {error}"),
            _ => {}
        }
    }
}

/// Writes down how a message ended that was accepted in this life.
pub(super) async fn note_outcome(
    handle: SendHandle,
    sent: Sent,
    book: Arc<Mutex<Book>>,
    mine: Arc<Mutex<HashSet<MessageKey>>>,
    failed: Arc<Mutex<Vec<Failed>>>,
) {
    let id = handle.id().clone();
    let message = sent.message.clone();
    match handle.settled().await {
        Ok(stored) => {
            // Over and done with: its event may say so a second time.
            lock(&mine).remove(&message);
            write(&book, &Line::Acked { message, seq: stored.seq });
        }
        // Closed or logged out: the message waits in the outbox, and events tell of it later.
        // Or it had left the outbox, and another device of the user had emptied the conversation: stored, or the judge will say.
        Err(error) if error.is(ErrorCode::Interrupted) || error.is(ErrorCode::RecordNotFound) => {
            lock(&mine).remove(&message);
        }
        Err(error) => {
            write(&book, &Line::Failed { message, code: error.code });
            lock(&failed).push(Failed { id, sent });
        }
    }
}
