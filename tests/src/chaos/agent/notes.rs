//! What an agent writes down.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use whinchat_cli::ledger::{Book, Line, MessageKey};
use whinchat_core::{Event, MessageState, SendHandle};

use super::{Who, log_in};

use crate::noted::{Failed, Sent, key, lock, write};

pub(super) async fn record(who: Who, book: Arc<Mutex<Book>>, mine: Arc<Mutex<HashSet<MessageKey>>>) {
    let mut events = who.client.events();
    let user = who.user.clone();
    while let Some(event) = events.next().await {
        match event {
            Event::MessageReceived(message) => {
                let line = Line::Seen { message: key(&user, &message), seq: message.seq };
                write(&book, &line);
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
            Event::StoreReset { .. } => println!("broken store was reset"),
            Event::KickedOffline(_) => {
                // What the app had in hand comes again, as after a kill.
                write(&book, &Line::Life);
                tokio::spawn(log_in(who.clone()));
            }
            Event::LoginExpired(error) => println!("broken session: {error}"),
            _ => {}
        }
    }
}

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
        Err(error)
            if error.is(whinchat_core::ErrorCode::Interrupted)
                || error.is(whinchat_core::ErrorCode::RecordNotFound) =>
        {
            lock(&mine).remove(&message);
        }
        Err(error) => {
            write(&book, &Line::Failed { message, code: error.code });
            lock(&failed).push(Failed { id, sent });
        }
    }
}
