//! One listener's queue of keys.

use std::collections::{HashMap, HashSet, VecDeque};

use whinchat_proto::id::{ConversationId, UserId};

use super::Event;
use crate::message::MessageId;

/// Beyond this many keys, new messages of a conversation that is queued already extend its key.
const LONG_QUEUE: usize = 1_024;
/// Messages that are stored nowhere wait here; the oldest goes first.
const EPHEMERAL: usize = 256;
/// Notices wait here, connection and sync states apart from the others; the oldest goes first, since a newer one says more.
pub(super) const NOTICES: usize = 256;
/// Ids of deleted messages that wait here, a few megabytes at most; the ones deleted first go first. Whoever has left so many
/// unread reads a list anew before he shows it.
pub(super) const DELETED: usize = 16_384;

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
    /// How far the other side has read.
    Receipt(ConversationId),
    /// Whether somebody is typing.
    Typing(ConversationId, UserId),
    /// The newest total.
    TotalUnread,
    /// Deleted messages. Told later than they went at worst: what comes before is read when it is told, without them.
    Deleted(ConversationId, Vec<MessageId>),
    /// A conversation is gone.
    Removed(ConversationId),
}

/// One listener's queue.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    pub(crate) keys: VecDeque<Key>,
    conversations: HashSet<ConversationId>,
    /// Those among them that are new in the list.
    pub(super) added: HashSet<ConversationId>,
    messages: HashSet<MessageId>,
    receipts: HashSet<ConversationId>,
    typing: HashSet<(ConversationId, UserId)>,
    total: bool,
    removed: HashSet<ConversationId>,
    /// The ids of the queued deletions; the keys themselves hold none.
    deleted: HashMap<ConversationId, Vec<MessageId>>,
    deleted_count: usize,
    /// Whose keys these are: what was begun under one login is not ended under the next.
    pub(super) turn: u64,
    /// Messages that have left the queue and that the app may not have looked at yet.
    pub(super) giving: Option<(ConversationId, u64, u64)>,
    /// The same, from before a logout: the app may have them in its hand, and will come back for more.
    pub(super) late: Option<(UserId, ConversationId, u64)>,
}

impl Queue {
    pub(super) fn push(&mut self, key: Key) {
        match &key {
            Key::Conversation(id) if !self.conversations.insert(id.clone()) => return,
            Key::Message(id) if !self.messages.insert(id.clone()) => return,
            Key::Receipt(id) if !self.receipts.insert(id.clone()) => return,
            Key::Typing(id, user) if !self.typing.insert((id.clone(), user.clone())) => return,
            Key::TotalUnread if std::mem::replace(&mut self.total, true) => return,
            Key::Messages { conversation, from, to } if self.extend(conversation, *from, *to) => return,
            Key::Deleted(id, ids) => return self.delete(id, ids),
            Key::Removed(id) => {
                if !self.removed.insert(id.clone()) {
                    return;
                }
                // Should it come back, that is told behind this.
                self.conversations.remove(id);
            }
            Key::Notice(event) => self.make_room(kind(event)),
            _ => {}
        }
        self.keys.push_back(key);
    }

    /// Joins deletions to those of the conversation that wait.
    fn delete(&mut self, id: &ConversationId, ids: &[MessageId]) {
        if !self.deleted.contains_key(id) {
            self.keys.push_back(Key::Deleted(id.clone(), Vec::new()));
        }
        self.deleted.entry(id.clone()).or_default().extend_from_slice(ids);
        self.deleted_count += ids.len();
        while self.deleted_count > DELETED {
            let first = self.keys.iter().position(|key| matches!(key, Key::Deleted(..)));
            let Some((at, Some(Key::Deleted(oldest, _)))) = first.map(|at| (at, self.keys.get(at))) else {
                return;
            };
            let Some(waiting) = self.deleted.get_mut(oldest) else { return };
            let excess = (self.deleted_count - DELETED).min(waiting.len());
            waiting.drain(..excess);
            self.deleted_count -= excess;
            if waiting.is_empty() {
                self.deleted.remove(oldest);
                self.keys.remove(at);
            }
        }
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

    fn make_room(&mut self, kind: Kind) {
        let is_of_kind = |key: &Key| matches!(key, Key::Notice(event) if self::kind(event) == kind);
        let limit = if kind == Kind::Ephemeral { EPHEMERAL } else { NOTICES };
        if self.keys.len() >= limit
            && self.keys.iter().filter(|key| is_of_kind(key)).count() >= limit
            && let Some(oldest) = self.keys.iter().position(is_of_kind)
        {
            self.keys.remove(oldest);
        }
    }

    /// The first key, and whose it is. From now on a further change of the same thing is queued anew, since the payload is
    /// about to be read. What is its own payload leaves the queue at once.
    pub(crate) fn begin(&mut self) -> Option<(Key, u64)> {
        if let Key::Notice(_) | Key::Deleted(..) | Key::Removed(_) = self.keys.front()? {
            let mut key = self.keys.pop_front()?;
            match &mut key {
                Key::Deleted(id, ids) => {
                    *ids = self.deleted.remove(id).unwrap_or_default();
                    self.deleted_count -= ids.len();
                }
                Key::Removed(id) => {
                    self.removed.remove(id);
                    if self.conversations.contains(id) {
                        // It is back, as far as the queue knows; to the app it is new then.
                        self.added.insert(id.clone());
                    }
                }
                _ => {}
            }
            return Some((key, self.turn));
        }
        let key = self.keys.front()?.clone();
        match &key {
            Key::Conversation(id) => drop(self.conversations.remove(id)),
            Key::Message(id) => drop(self.messages.remove(id)),
            Key::Receipt(id) => drop(self.receipts.remove(id)),
            Key::Typing(id, user) => drop(self.typing.remove(&(id.clone(), user.clone()))),
            Key::TotalUnread => self.total = false,
            Key::Notice(_) | Key::Messages { .. } | Key::Deleted(..) | Key::Removed(_) => {}
        }
        Some((key, self.turn))
    }

    /// The first key's payload is here. False: it is of a login that has ended, and nobody's business any more.
    pub(crate) fn end(&mut self, turn: u64) -> bool {
        let current = turn == self.turn;
        if current {
            self.keys.pop_front();
        }
        current
    }

    /// The first key's messages are here up to `seq`. False as with [`Self::end`].
    pub(crate) fn end_messages(&mut self, turn: u64, seq: u64) -> bool {
        if turn != self.turn {
            return false;
        }
        if let Some(Key::Messages { conversation, from, to }) = self.keys.front_mut() {
            self.giving = Some((conversation.clone(), *from, seq));
            if seq < *to {
                *from = seq + 1;
            } else {
                self.keys.pop_front();
            }
        }
        true
    }

    /// The messages that were given out, once the app has come back for more; and whose they are.
    pub(crate) fn given(&mut self) -> Option<(ConversationId, u64, u64)> {
        let (conversation, _, to) = self.giving.take()?;
        Some((conversation, to, self.turn))
    }

    /// Whether messages were given out that the app may not have looked at yet.
    pub(super) fn is_giving(&self) -> bool {
        self.giving.is_some()
    }

    /// First seq of `conversation` that this listener has not taken.
    pub(super) fn first_waiting(&self, conversation: &ConversationId) -> Option<u64> {
        let giving = self.giving.iter().find(|(id, ..)| id == conversation).map(|(_, from, _)| *from);
        giving.or_else(|| self.first_queued(conversation))
    }

    /// First seq of `conversation` that has not left the queue.
    pub(super) fn first_queued(&self, conversation: &ConversationId) -> Option<u64> {
        self.keys.iter().find_map(|key| match key {
            Key::Messages { conversation: id, from, .. } if id == conversation => Some(*from),
            _ => None,
        })
    }

    /// Forgets what belongs to the account of `owner` that was closed; what is its own payload stays.
    pub(super) fn clear(&mut self, turn: u64, owner: Option<&UserId>) {
        self.turn = turn;
        let of = |owner: &UserId, (id, _, to)| (owner.clone(), id, to);
        self.late =
            owner.zip(self.giving.take()).map(|(owner, giving)| of(owner, giving)).or(self.late.take());
        self.keys.retain(|key| matches!(key, Key::Notice(_) | Key::Deleted(..) | Key::Removed(_)));
        self.conversations.clear();
        self.added.clear();
        self.messages.clear();
        self.receipts.clear();
        self.typing.clear();
        self.total = false;
    }
}

/// Notices that make room for each other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Ephemeral,
    State,
    Other,
}

fn kind(event: &Event) -> Kind {
    match event {
        Event::EphemeralReceived(_) => Kind::Ephemeral,
        Event::ConnectionChanged(_) | Event::SyncStarted | Event::SyncFinished | Event::SyncFailed(_) => {
            Kind::State
        }
        _ => Kind::Other,
    }
}
