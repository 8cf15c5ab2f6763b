//! How an agent comes to rest.

use std::time::Duration;

use whinchat_cli::ledger::{ConversationKey, Line};
use whinchat_core::{ConversationId, Error, ErrorCode, History};

use super::Agent;
use crate::noted::write;
use crate::wait::within;

/// How long a settled network may need to bring everything.
const CATCH_UP: Duration = Duration::from_secs(25);
/// Events that are on their way when everything is stored come within this.
const LAST_EVENTS: Duration = Duration::from_millis(60);
const PAGE: usize = 50;

impl Agent {
    /// Waits for what the server is known to have, reads all history, and closes the book.
    pub(super) async fn settle(&mut self, marks: &[&str]) -> String {
        let mut missing = String::new();
        let caught_up = within(CATCH_UP, async || {
            missing = self.missing(marks).await;
            missing.is_empty().then_some(())
        })
        .await;
        let mut conversations = Vec::new();
        let mut cursor = None;
        loop {
            match self.client.conversations().list(cursor.as_ref(), PAGE).await {
                Ok(page) => {
                    conversations.extend(page.items);
                    cursor = page.next;
                }
                Err(error) => return format!("late: the list of conversations fails: {error}"),
            }
            if cursor.is_none() {
                break;
            }
        }
        for conversation in &conversations {
            if let Err(error) = self.read_all(&conversation.id).await {
                return format!("late: the history of {} fails: {error}", conversation.id);
            }
        }
        tokio::time::sleep(LAST_EVENTS).await;
        for conversation in &conversations {
            if let Some(key) = ConversationKey::of(&self.user, &conversation.id.to_string()) {
                write(&self.book, &Line::Unread { conversation: key, count: conversation.unread });
            }
        }
        write(&self.book, &Line::Finished);
        if caught_up.is_some() { "settled".into() } else { format!("late: still missing {missing}") }
    }

    /// The marks that the client does not show yet.
    async fn missing(&self, marks: &[&str]) -> String {
        let mut missing = Vec::new();
        for mark in marks {
            let parsed = mark.rsplit_once('=').and_then(|(id, places)| {
                let (head, read) = places.split_once(':')?;
                Some((ConversationId::parse(id).ok()?, head.parse::<u64>().ok()?, read.parse::<u64>().ok()?))
            });
            let Some((id, head, read)) = parsed else { return format!("the sense of {mark:?}") };
            let shown = self.client.conversations().get(&id).await;
            let there = matches!(&shown, Ok(Some(shown)) if shown.head_seq >= head && shown.read_seq >= read);
            if !there {
                let shown = shown.map(|shown| shown.map(|shown| (shown.head_seq, shown.read_seq)));
                missing.push(format!("{mark} (shown {shown:?})"));
            }
        }
        missing.join(", ")
    }

    /// Reads the whole history, so that every gap is fetched.
    async fn read_all(&self, conversation: &ConversationId) -> Result<(), Error> {
        let messages = self.client.messages();
        let mut page = messages.history(conversation, History::newest(PAGE)).await?;
        loop {
            if page.complete && page.messages.is_empty() {
                return Ok(());
            }
            let Some(oldest) = page.messages.last() else {
                let incomplete = ErrorCode::Disconnected;
                return Err(Error::new(incomplete, "history says that there may be more"));
            };
            let older = History::older(&oldest.id, PAGE);
            let whole =
                within(CATCH_UP, async || match messages.history(conversation, older.clone()).await {
                    // A cut in the middle of it: what lies between could not be fetched, and the next try fetches it.
                    Ok(page) if page.missing_newer => None,
                    read => Some(read),
                });
            let broken = || Err(Error::new(ErrorCode::Disconnected, "history goes on with a hole in it"));
            page = whole.await.unwrap_or_else(broken)?;
        }
    }
}
