//! All listeners, and how far they are.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use whinchat_proto::id::{ConversationId, UserId};

use super::Event;
use super::queue::{Key, Queue};
use crate::message::MessageId;
use crate::observe::Watcher;
use crate::sync::Outcome;

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

/// Messages that listeners had in their hands when a user was logged out.
#[derive(Debug)]
struct InHand {
    to: u64,
    /// The app has come back for more.
    taken: bool,
}

/// All listeners of one client; they outlive logouts.
#[derive(Debug, Default)]
pub(crate) struct Hub {
    listeners: Mutex<Vec<Arc<Listener>>>,
    /// Observers of what is stored.
    watchers: Mutex<Vec<Arc<Watcher>>>,
    /// What the app has taken and the store does not know yet.
    delivered: Mutex<HashMap<ConversationId, u64>>,
    pub(crate) delivered_changed: Notify,
    /// Counts the accounts that were closed.
    turn: AtomicU64,
    /// Whose account is, or was last, open.
    owner: Mutex<Option<UserId>>,
    /// Up to where listeners had messages in their hands when a user was logged out. He is not told of them again when he
    /// logs in again in this process; in another one he is, since nobody knows whether the app looked at them.
    in_hand: Mutex<HashMap<(UserId, ConversationId), InHand>>,
    /// Conversations that began with a message of one's own: when the server tells of them, they are not new any more.
    begun_here: Mutex<HashSet<ConversationId>>,
    /// The client is being closed: a listener that is missing has gone for that, and what it misses is told to the next one.
    closing: AtomicBool,
}

impl Hub {
    fn listeners(&self) -> MutexGuard<'_, Vec<Arc<Listener>>> {
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn delivered(&self) -> MutexGuard<'_, HashMap<ConversationId, u64>> {
        self.delivered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets an observer know of every commit from now on.
    pub(crate) fn watch(&self, watcher: &Arc<Watcher>) {
        self.watchers.lock().unwrap_or_else(PoisonError::into_inner).push(watcher.clone());
    }

    /// It need not know any more.
    pub(crate) fn unwatch(&self, watcher: &Arc<Watcher>) {
        let mut watchers = self.watchers.lock().unwrap_or_else(PoisonError::into_inner);
        watchers.retain(|other| !Arc::ptr_eq(other, watcher));
    }

    fn touch(&self, conversations: &[ConversationId]) {
        for watcher in self.watchers.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            watcher.touch(conversations);
        }
    }

    /// Adds a listener.
    pub(crate) fn listen(&self) -> Arc<Listener> {
        let mut listeners = self.listeners();
        let listener = Arc::new(Listener::default());
        listener.queue().turn = self.turn();
        listeners.push(listener.clone());
        listener
    }

    /// Removes a listener. The others need not wait for it any more; if there are none, what it had not taken is announced
    /// again after the next login.
    pub(crate) fn forget(&self, listener: &Arc<Listener>) {
        let is_last = {
            let mut listeners = self.listeners();
            listeners.retain(|other| !Arc::ptr_eq(other, listener));
            listeners.is_empty()
        };
        let (keys, giving, turn) = {
            let mut queue = listener.queue();
            (std::mem::take(&mut queue.keys), queue.giving.take(), queue.turn)
        };
        if is_last {
            return;
        }
        if let Some((conversation, _, to)) = giving {
            self.taken(&conversation, to, turn);
        }
        for key in keys {
            if let Key::Messages { conversation, to, .. } = key {
                self.taken(&conversation, to, turn);
            }
        }
    }

    fn turn(&self) -> u64 {
        self.turn.load(Ordering::Acquire)
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
        self.touch(std::slice::from_ref(id));
    }

    /// A conversation is in the list now that was not, because something is to be sent to it.
    pub(crate) fn begun_here(&self, id: &ConversationId) {
        self.begun_here.lock().unwrap_or_else(PoisonError::into_inner).insert(id.clone());
        self.added(std::slice::from_ref(id));
    }

    fn added(&self, ids: &[ConversationId]) {
        for listener in self.listeners().iter() {
            listener.queue().added.extend(ids.iter().cloned());
        }
    }

    /// Queues the newest state of an own message and of its conversation.
    pub(crate) fn message(&self, id: &MessageId, conversation: &ConversationId) {
        self.push(&[Key::Message(id.clone()), Key::Conversation(conversation.clone())]);
        self.touch(std::slice::from_ref(conversation));
    }

    /// Queues whether somebody is typing.
    pub(crate) fn typing(&self, conversation: &ConversationId, user: &UserId) {
        self.push(&[Key::Typing(conversation.clone(), user.clone())]);
    }

    /// Queues that messages were deleted.
    pub(crate) fn deleted(&self, conversation: &ConversationId, ids: Vec<MessageId>) {
        self.push(&[Key::Deleted(conversation.clone(), ids)]);
    }

    /// Queues messages that are to be announced.
    pub(crate) fn messages(&self, conversation: &ConversationId, from: u64, to: u64) {
        if self.listeners().is_empty() {
            if !self.closing.load(Ordering::Acquire) {
                self.taken(conversation, to, self.turn());
            }
        } else {
            self.push(&[Key::Messages { conversation: conversation.clone(), from, to }]);
        }
    }

    /// Queues what applying inputs brought. Called once the transaction has committed, in commit order.
    pub(crate) fn outcome(&self, outcome: &Outcome) {
        if !outcome.added.is_empty() {
            let mut begun_here = self.begun_here.lock().unwrap_or_else(PoisonError::into_inner);
            let new: Vec<_> = outcome.added.iter().filter(|id| !begun_here.remove(*id)).cloned().collect();
            drop(begun_here);
            self.added(&new);
        }
        for (conversation, from, to) in &outcome.announced {
            self.messages(conversation, *from, *to);
        }
        let mut keys: Vec<Key> = outcome.changed.iter().cloned().map(Key::Conversation).collect();
        keys.extend(outcome.receipts.iter().cloned().map(Key::Receipt));
        keys.extend(outcome.removed.iter().cloned().map(Key::Removed));
        if !keys.is_empty() {
            keys.push(Key::TotalUnread);
        }
        self.push(&keys);
        self.touch(&outcome.changed);
        self.touch(&outcome.removed);
        for watcher in self.watchers.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            watcher.touch_timeline(&outcome.filled);
        }
    }

    /// A listener has taken the messages of `conversation` up to `to`. They count as delivered once every listener has.
    /// What was taken under an earlier login says nothing about the account that is open now.
    pub(crate) fn taken(&self, conversation: &ConversationId, to: u64, turn: u64) {
        let waiting =
            self.listeners().iter().filter_map(|other| other.queue().first_waiting(conversation)).min();
        let reached = waiting.map_or(to, |first| to.min(first.saturating_sub(1)));
        let mut delivered = self.delivered();
        if turn != self.turn() {
            return;
        }
        let known = delivered.entry(conversation.clone()).or_default();
        *known = reached.max(*known);
        drop(delivered);
        self.delivered_changed.notify_one();
    }

    /// What the store has to be told.
    pub(crate) fn take_delivered(&self) -> HashMap<ConversationId, u64> {
        std::mem::take(&mut *self.delivered())
    }

    /// The client is being closed.
    pub(crate) fn close(&self) {
        self.closing.store(true, Ordering::Release);
    }

    /// Lets every stream look whether the client still lives.
    pub(crate) fn wake(&self) {
        for listener in self.listeners().iter() {
            listener.changed.notify_one();
        }
    }

    /// The account of this user is open.
    pub(crate) fn open(&self, user: &UserId) {
        *self.owner.lock().unwrap_or_else(PoisonError::into_inner) = Some(user.clone());
    }

    fn owner(&self) -> Option<UserId> {
        self.owner.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn in_hand(&self) -> MutexGuard<'_, HashMap<(UserId, ConversationId), InHand>> {
        self.in_hand.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From where on the messages of a conversation are to be announced again, if they were to be from `from`.
    pub(crate) fn not_in_hand(&self, conversation: &ConversationId, from: u64) -> u64 {
        let Some(owner) = self.owner() else { return from };
        let Some(InHand { to, taken }) = self.in_hand().remove(&(owner, conversation.clone())) else {
            return from;
        };
        if taken {
            self.delivered_up_to(conversation, to);
        }
        from.max(to + 1)
    }

    /// The app has come back for more, after its user was logged out.
    pub(crate) fn taken_late(&self, user: &UserId, conversation: &ConversationId, to: u64) {
        if let Some(in_hand) = self.in_hand().get_mut(&(user.clone(), conversation.clone())) {
            in_hand.taken = true;
            return;
        }
        if self.owner().as_ref() == Some(user) {
            self.delivered_up_to(conversation, to);
        }
    }

    fn delivered_up_to(&self, conversation: &ConversationId, to: u64) {
        let mut delivered = self.delivered();
        let known = delivered.entry(conversation.clone()).or_default();
        *known = to.max(*known);
        drop(delivered);
        self.delivered_changed.notify_one();
    }

    /// Notes what is in the hands of listeners while they are about to forget whose it is.
    fn note_in_hand(&self, owner: Option<&UserId>, listeners: &[Arc<Listener>]) {
        let Some(owner) = owner else { return };
        let mut noted: HashMap<ConversationId, u64> = HashMap::new();
        for listener in listeners {
            let giving = listener.queue().giving.clone();
            if let Some((conversation, _, to)) = giving {
                let reached = noted.entry(conversation).or_insert(to);
                *reached = to.min(*reached);
            }
        }
        for (conversation, to) in noted {
            // Somebody else may not have come so far.
            let queued = listeners.iter().filter_map(|other| other.queue().first_queued(&conversation)).min();
            let to = queued.map_or(to, |first| to.min(first.saturating_sub(1)));
            self.in_hand().insert((owner.clone(), conversation), InHand { to, taken: false });
        }
    }

    /// The account is closed.
    pub(crate) fn clear(&self) {
        let listeners = self.listeners();
        let owner = self.owner();
        self.note_in_hand(owner.as_ref(), &listeners);
        let turn = self.turn.fetch_add(1, Ordering::AcqRel) + 1;
        for listener in listeners.iter() {
            listener.queue().clear(turn, owner.as_ref());
        }
        self.delivered().clear();
        self.begun_here.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

#[cfg(test)]
#[path = "hub_test.rs"]
mod tests;
