//! What an agent does of its own accord.

use std::sync::Arc;
use std::time::Duration;

use whinchat_cli::ledger::{ConversationKey, Line};
use whinchat_core::{ConversationId, ErrorCode, History, NewMessage, SendHandle};

use super::notes::note_outcome;
use super::{AGAIN, Agent, log_in};
use crate::noted::{Failed, Sent, key, lock, write};

/// Messages that are not to wait for ever wait for so long, and up to so much longer.
const LEAST_PATIENCE: Duration = Duration::from_millis(30);
const MORE_PATIENCE: Duration = Duration::from_millis(900);

impl Agent {
    pub(super) async fn one_action(&mut self) {
        let Some(conversation) = self.dice.pick(&self.talk).cloned() else { return };
        match self.dice.below(100) {
            0..=64 => self.send(&conversation).await,
            65..=69 => {
                for _ in 0..5 {
                    self.send(&conversation).await;
                }
            }
            70..=81 => self.mark_read(&conversation).await,
            82..=83 => self.delete(&conversation).await,
            84 => self.type_something(&conversation).await,
            85..=90 => self.retry().await,
            91..=95 if self.dice.chance(93) => {
                drop(self.client.messages().history(&conversation, History::newest(20)).await);
            }
            91..=95 => self.clear(&conversation).await,
            96..=98 => self.client.network_changed(),
            _ => self.log_in_again().await,
        }
    }

    /// Logs out in the middle of everything, and in again.
    async fn log_in_again(&mut self) {
        self.login.abort();
        // Aborted in the middle it may still be held to run; the next login waits for its turn.
        let _ = self.client.logout().await;
        // What the app had in hand when it logged out comes again, as after a kill.
        write(&self.book, &Line::Life);
        self.login = tokio::spawn(log_in(self.who.clone()));
    }

    /// Sleeps for a while.
    pub(super) async fn pause(&self, time: Duration) {
        if let Err(error) = self.client.pause().await {
            println!("broken pause: {error}");
        }
        tokio::time::sleep(time).await;
        while let Err(error) = self.client.resume().await {
            if !error.is(ErrorCode::FileSystem) {
                println!("broken resume: {error}");
                return;
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// Sends one of the failed messages again.
    async fn retry(&mut self) {
        let Some(Failed { id, sent }) = lock(&self.failed).pop() else { return };
        write(&self.book, &Line::Retrying { message: sent.message.clone() });
        match self.client.messages().retry(&id).await {
            Ok(handle) => self.note_taken(handle, sent),
            // Not taken, so it still stands as failed.
            Err(error) => write(&self.book, &Line::Failed { message: sent.message, code: error.code }),
        }
    }

    fn note_taken(&self, handle: SendHandle, sent: Sent) {
        let Sent { message, n, text } = sent.clone();
        write(&self.book, &Line::Accepted { message, n, text });
        let (book, mine, failed) = (Arc::clone(&self.book), Arc::clone(&self.mine), Arc::clone(&self.failed));
        tokio::spawn(note_outcome(handle, sent, book, mine, failed));
    }

    async fn send(&mut self, conversation: &ConversationId) {
        let n = lock(&self.book).accepted() + 1;
        let text = format!("{} says {n} {:08x}", self.user, self.dice.below(1 << 32));
        let mut message = NewMessage::text(&text).excluded_from_unread(self.dice.chance(10));
        if self.dice.chance(10) {
            message = message.timeout(LEAST_PATIENCE + self.dice.up_to(MORE_PATIENCE));
        }
        // Before the first login of all, and between logout and login, nothing is accepted, so nothing is owed.
        let Ok(handle) = self.client.messages().send(conversation, message).await else { return };
        let message = key(&self.user, handle.message());
        lock(&self.mine).insert(message.clone());
        if self.dice.chance(4) {
            let (messages, id) = (self.client.messages(), handle.id().clone());
            let pause = self.dice.up_to(LEAST_PATIENCE);
            tokio::spawn(async move {
                tokio::time::sleep(pause).await;
                // Too late or not: the message's own outcome tells.
                let _ = messages.cancel(&id).await;
            });
        }
        self.note_taken(handle, Sent { message, n, text });
    }

    /// Deletes some of the newest messages for its user.
    async fn delete(&mut self, conversation: &ConversationId) {
        let Ok(page) = self.client.messages().history(conversation, History::newest(20)).await else {
            return;
        };
        let chosen: Vec<_> =
            (0..=self.dice.below(3)).filter_map(|_| self.dice.pick(&page.messages)).collect();
        let ids: Vec<_> = chosen.iter().map(|message| message.id.clone()).collect();
        let keys: Vec<_> = chosen.iter().map(|message| key(&self.user, message)).collect();
        for message in keys.iter().cloned() {
            write(&self.book, &Line::Deleting { message });
        }
        if self.client.messages().delete(conversation, &ids).await.is_ok() {
            for message in keys {
                write(&self.book, &Line::Deleted { message });
            }
        }
    }

    /// Empties a conversation for its user.
    async fn clear(&self, conversation: &ConversationId) {
        let Ok(Some(seen)) = self.client.conversations().get(conversation).await else { return };
        let Some(key) = ConversationKey::of(&self.user, &conversation.to_string()) else { return };
        write(&self.book, &Line::Clearing { conversation: key.clone(), seq: seen.head_seq });
        if self.client.conversations().clear_history(conversation).await.is_ok() {
            write(&self.book, &Line::Cleared { conversation: key, seq: seen.head_seq });
        }
    }

    async fn type_something(&mut self, conversation: &ConversationId) {
        let active = self.dice.chance(70);
        // Nobody is owed a sign of it.
        let _ = self.client.conversations().set_typing(conversation, active).await;
    }

    async fn mark_read(&mut self, conversation: &ConversationId) {
        let Ok(Some(seen)) = self.client.conversations().get(conversation).await else { return };
        if self.client.conversations().mark_read(conversation).await.is_ok()
            && let Some(key) = ConversationKey::of(&self.user, &conversation.to_string())
        {
            write(&self.book, &Line::Read { conversation: key, seq: seen.head_seq });
        }
    }
}
