//! Changes of conversations, gathered: ten calls a second at most (spec 12.5).

use std::time::Duration;

use tokio::time::Instant;

use super::conversation::{OnConversationChanged, OnNewConversation};
use crate::context::Ears;
use crate::view::conversation::Conversation;

/// Between two calls of a listener.
const SPAN: Duration = Duration::from_millis(100);
/// Gathered at most; more are told at once.
const MOST: usize = 500;

/// What is still to be told.
#[derive(Debug)]
pub(super) struct Gather {
    added: Vec<Conversation>,
    changed: Vec<Conversation>,
    told: Option<Instant>,
}

impl Gather {
    pub(super) fn new() -> Self {
        Self { added: Vec::new(), changed: Vec::new(), told: None }
    }

    /// A conversation is new in the list.
    pub(super) fn add(&mut self, conversation: Conversation) {
        self.added.push(conversation);
    }

    /// A conversation has changed; the newest state counts.
    pub(super) fn change(&mut self, conversation: Conversation) {
        let known = self
            .added
            .iter_mut()
            .chain(&mut self.changed)
            .find(|known| known.conversation_id == conversation.conversation_id);
        match known {
            Some(known) => *known = conversation,
            None => self.changed.push(conversation),
        }
    }

    /// A conversation is gone: there is nothing to say of it.
    pub(super) fn forget(&mut self, id: &str) {
        self.added.retain(|known| known.conversation_id != id);
        self.changed.retain(|known| known.conversation_id != id);
    }

    /// When it is to be told; none when there is nothing.
    pub(super) fn due(&self) -> Option<Instant> {
        let waiting = self.added.len() + self.changed.len();
        if waiting == 0 {
            return None;
        }
        let now = Instant::now();
        Some(if waiting >= MOST { now } else { self.told.map_or(now, |told| told + SPAN) })
    }

    /// Tells it.
    pub(super) async fn tell(&mut self, ears: &Ears) {
        self.told = Some(Instant::now());
        let (added, changed) = (std::mem::take(&mut self.added), std::mem::take(&mut self.changed));
        if !added.is_empty() {
            ears.tell(&OnNewConversation { conversation_list: added }).await;
        }
        if !changed.is_empty() {
            ears.tell(&OnConversationChanged { conversation_list: changed }).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(id: &str, unread_count: u64) -> Conversation {
        Conversation { conversation_id: id.into(), unread_count, ..Conversation::default() }
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_change_is_told_at_once_and_a_burst_after_it_once() {
        let mut gather = Gather::new();
        assert!(gather.due().is_none());
        gather.change(named("c2c_a", 1));
        assert!(gather.due().unwrap() <= Instant::now());
        gather.tell(&Ears::deaf()).await;
        for unread in 2..50 {
            gather.change(named("c2c_a", unread));
        }
        assert_eq!(gather.due().unwrap(), gather.told.unwrap() + SPAN);
        assert_eq!((gather.changed.len(), gather.changed[0].unread_count), (1, 49));
        gather.forget("c2c_a");
        assert!(gather.due().is_none());
    }

    #[test]
    fn a_new_conversation_that_changes_is_still_new() {
        let mut gather = Gather::new();
        gather.add(named("c2c_a", 1));
        gather.change(named("c2c_a", 2));
        assert_eq!((gather.added[0].unread_count, gather.changed.len()), (2, 0));
    }
}
