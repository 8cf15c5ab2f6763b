//! The queues of keys, one a listener.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use whinchat_proto::id::ConversationId;

use super::Event;
use crate::message::MessageId;
use crate::sync::Outcome;

/// Beyond this many keys, new messages of a conversation that is queued already extend its key.
const LONG_QUEUE: usize = 1_024;
/// Messages that are stored nowhere wait here; the oldest goes first.
const EPHEMERAL: usize = 256;
/// Notices wait here; the oldest connection state goes first, since a newer one says more.
const NOTICES: usize = 256;

/// What a listener has to be told.
#[derive(Clone, Debug)]
pub(crate) enum Key {
    /// Told as it is.
    Notice(Box<Event>),
    /// Stored messages, each its own event.
    Messages { conversation: ConversationId, from: u64, to: u64 },
    /// An own message's newest state.
    Message(MessageId),
    /// A conversation's newest state.
    Conversation(ConversationId),
    /// The newest total.
    TotalUnread,
}

/// One listener's queue.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    pub(crate) keys: VecDeque<Key>,
    conversations: HashSet<ConversationId>,
    messages: HashSet<MessageId>,
    total: bool,
}

impl Queue {
    fn push(&mut self, key: Key) {
        match &key {
            Key::Conversation(id) if !self.conversations.insert(id.clone()) => return,
            Key::Message(id) if !self.messages.insert(id.clone()) => return,
            Key::TotalUnread if std::mem::replace(&mut self.total, true) => return,
            Key::Messages { conversation, from, to } if self.extend(conversation, *from, *to) => return,
            Key::Notice(_) => self.make_room(),
            _ => {}
        }
        self.keys.push_back(key);
    }

    /// Lengthens a key that is queued already instead of adding one.
    fn extend(&mut self, id: &ConversationId, from: u64, to: u64) -> bool {
        let reach = if self.keys.len() > LONG_QUEUE { self.keys.len() } else { 1 };
        for key in self.keys.iter_mut().rev().take(reach) {
            if let Key::Messages { conversation, to: last, .. } = key
                && conversation == id
            {
                if *last + 1 == from {
                    *last = to;
                    return true;
                }
                return false;
            }
        }
        false
    }

    fn make_room(&mut self) {
        let ephemeral =
            |key: &Key| matches!(key, Key::Notice(event) if matches!(**event, Event::EphemeralReceived(_)));
        let connection =
            |key: &Key| matches!(key, Key::Notice(event) if matches!(**event, Event::ConnectionChanged(_)));
        for (limit, kind) in [(EPHEMERAL, &ephemeral as &dyn Fn(&Key) -> bool), (NOTICES, &connection)] {
            if self.keys.len() >= limit
                && self.keys.iter().filter(|key| kind(key)).count() >= limit
                && let Some(oldest) = self.keys.iter().position(kind)
            {
                self.keys.remove(oldest);
            }
        }
    }

    /// The first key. From now on a further change of the same thing is queued anew, since the payload is about to be read.
    pub(crate) fn begin(&mut self) -> Option<Key> {
        let key = self.keys.front()?.clone();
        match &key {
            Key::Conversation(id) => drop(self.conversations.remove(id)),
            Key::Message(id) => drop(self.messages.remove(id)),
            Key::TotalUnread => self.total = false,
            Key::Notice(_) | Key::Messages { .. } => {}
        }
        Some(key)
    }

    /// The first key's payload is out.
    pub(crate) fn end(&mut self) {
        self.keys.pop_front();
    }

    /// The first key's messages are out up to `seq`. True: that was the last of them.
    pub(crate) fn end_messages(&mut self, seq: u64) -> bool {
        if let Some(Key::Messages { from, to, .. }) = self.keys.front_mut() {
            if seq < *to {
                *from = seq + 1;
                return false;
            }
            self.keys.pop_front();
        }
        true
    }

    /// First seq of `conversation` that this listener has not taken.
    fn first_waiting(&self, conversation: &ConversationId) -> Option<u64> {
        self.keys.iter().find_map(|key| match key {
            Key::Messages { conversation: id, from, .. } if id == conversation => Some(*from),
            _ => None,
        })
    }

    /// Forgets what belongs to the account that was closed; notices stay.
    fn clear(&mut self) {
        self.keys.retain(|key| matches!(key, Key::Notice(_)));
        self.conversations.clear();
        self.messages.clear();
        self.total = false;
    }
}

/// One listener.
#[derive(Debug, Default)]
pub(crate) struct Listener {
    queue: Mutex<Queue>,
    pub(crate) changed: Notify,
}

impl Listener {
    pub(crate) fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// All listeners of one client; they outlive logouts.
#[derive(Debug, Default)]
pub(crate) struct Hub {
    listeners: Mutex<Vec<Arc<Listener>>>,
    /// What the app has taken and the store does not know yet.
    delivered: Mutex<HashMap<ConversationId, u64>>,
    pub(crate) delivered_changed: Notify,
}

impl Hub {
    fn listeners(&self) -> MutexGuard<'_, Vec<Arc<Listener>>> {
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn delivered(&self) -> MutexGuard<'_, HashMap<ConversationId, u64>> {
        self.delivered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a listener.
    pub(crate) fn listen(&self) -> Arc<Listener> {
        let listener = Arc::new(Listener::default());
        self.listeners().push(listener.clone());
        listener
    }

    /// Removes a listener; what it had not taken counts as taken, since nobody waits for it any more.
    pub(crate) fn forget(&self, listener: &Arc<Listener>) {
        self.listeners().retain(|other| !Arc::ptr_eq(other, listener));
        let keys = std::mem::take(&mut listener.queue().keys);
        for key in keys {
            if let Key::Messages { conversation, to, .. } = key {
                self.taken(&conversation, to);
            }
        }
    }

    fn push(&self, keys: &[Key]) {
        for listener in self.listeners().iter() {
            let mut queue = listener.queue();
            for key in keys {
                queue.push(key.clone());
            }
            drop(queue);
            listener.changed.notify_one();
        }
    }

    /// Queues an event that is told as it is.
    pub(crate) fn notice(&self, event: Event) {
        self.push(&[Key::Notice(Box::new(event))]);
    }

    /// Queues the newest state of a conversation.
    pub(crate) fn conversation(&self, id: &ConversationId) {
        self.push(&[Key::Conversation(id.clone())]);
    }

    /// Queues the newest state of an own message and of its conversation.
    pub(crate) fn message(&self, id: &MessageId, conversation: &ConversationId) {
        self.push(&[Key::Message(id.clone()), Key::Conversation(conversation.clone())]);
    }

    /// Queues messages that are to be announced.
    pub(crate) fn messages(&self, conversation: &ConversationId, from: u64, to: u64) {
        if self.listeners().is_empty() {
            self.taken(conversation, to);
        } else {
            self.push(&[Key::Messages { conversation: conversation.clone(), from, to }]);
        }
    }

    /// Queues what applying inputs brought. Called once the transaction has committed, in commit order.
    pub(crate) fn outcome(&self, outcome: &Outcome) {
        for (conversation, from, to) in &outcome.announced {
            self.messages(conversation, *from, *to);
        }
        let mut keys: Vec<Key> = outcome.changed.iter().cloned().map(Key::Conversation).collect();
        for id in &outcome.removed {
            keys.push(Key::Notice(Box::new(Event::ConversationRemoved(id.clone()))));
        }
        if !keys.is_empty() {
            keys.push(Key::TotalUnread);
        }
        self.push(&keys);
    }

    /// A listener has taken the messages of `conversation` up to `to`. They count as delivered once every listener has.
    pub(crate) fn taken(&self, conversation: &ConversationId, to: u64) {
        let waiting =
            self.listeners().iter().filter_map(|other| other.queue().first_waiting(conversation)).min();
        let reached = waiting.map_or(to, |first| to.min(first.saturating_sub(1)));
        let mut delivered = self.delivered();
        let known = delivered.entry(conversation.clone()).or_default();
        *known = reached.max(*known);
        drop(delivered);
        self.delivered_changed.notify_one();
    }

    /// What the store has to be told.
    pub(crate) fn take_delivered(&self) -> HashMap<ConversationId, u64> {
        std::mem::take(&mut *self.delivered())
    }

    /// Lets every stream look whether the client still lives.
    pub(crate) fn wake(&self) {
        for listener in self.listeners().iter() {
            listener.changed.notify_one();
        }
    }

    /// The account is closed.
    pub(crate) fn clear(&self) {
        for listener in self.listeners().iter() {
            listener.queue().clear();
        }
        self.delivered().clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(name: &str) -> ConversationId {
        ConversationId::parse(&format!("c2c_{name}")).unwrap()
    }

    #[test]
    fn states_of_one_conversation_merge_and_messages_do_not() {
        let hub = Hub::default();
        let listener = hub.listen();
        for seq in 1..=5 {
            let outcome = Outcome {
                changed: vec![id("bob")],
                announced: vec![(id("bob"), seq, seq)],
                ..Outcome::default()
            };
            hub.outcome(&outcome);
        }
        let mut queue = listener.queue();
        let states = queue.keys.iter().filter(|key| matches!(key, Key::Conversation(_))).count();
        assert_eq!(states, 1);
        let mut messages = Vec::new();
        while let Some(key) = queue.begin() {
            if let Key::Messages { from, to, .. } = key {
                messages.extend(from..=to);
            }
            queue.end();
        }
        assert_eq!(messages, [1, 2, 3, 4, 5]);
    }

    #[test]
    fn a_change_that_comes_while_the_payload_is_read_is_told_again() {
        let hub = Hub::default();
        let listener = hub.listen();
        hub.conversation(&id("bob"));
        assert!(matches!(listener.queue().begin(), Some(Key::Conversation(_))));
        hub.conversation(&id("bob"));
        listener.queue().end();
        assert!(matches!(listener.queue().begin(), Some(Key::Conversation(_))));
    }

    #[test]
    fn messages_count_as_delivered_once_the_slowest_listener_has_them() {
        let hub = Hub::default();
        let (fast, slow) = (hub.listen(), hub.listen());
        hub.messages(&id("bob"), 1, 10);
        assert!(fast.queue().end_messages(10));
        hub.taken(&id("bob"), 10);
        assert_eq!(hub.take_delivered().get(&id("bob")), Some(&0));
        assert!(!slow.queue().end_messages(4));
        hub.taken(&id("bob"), 4);
        assert_eq!(hub.take_delivered().get(&id("bob")), Some(&4));
        hub.forget(&slow);
        assert_eq!(hub.take_delivered().get(&id("bob")), Some(&10));
    }

    #[test]
    fn without_listeners_messages_count_as_delivered() {
        let hub = Hub::default();
        hub.messages(&id("bob"), 1, 3);
        assert_eq!(hub.take_delivered().get(&id("bob")), Some(&3));
    }
}
