//! Who is connected to this node, and what the bus has for them.

use std::collections::HashMap;
use std::hash::BuildHasher as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use whinchat_proto::id::UserId;

use super::fanout::Fanout;
use super::session::{Session, push};
use crate::bus::{Bus, Hint, Listener, Subject, Subscription};
use crate::storage::GroupRules;

/// Parts of the table, each behind a lock of its own.
const SHARDS: usize = 16;

struct Present {
    sessions: Vec<Arc<Session>>,
    _subscription: Subscription,
}

type Shard = HashMap<UserId, Present>;

/// See the module. Sessions keep their own bounds: the hub queues nothing.
pub(crate) struct Hub {
    shards: [Mutex<Shard>; SHARDS],
    hasher: std::collections::hash_map::RandomState,
    bus: Arc<dyn Bus>,
    fanout: Fanout,
}

fn locked(shard: &Mutex<Shard>) -> MutexGuard<'_, Shard> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Hub {
    pub(crate) fn new(bus: Arc<dyn Bus>, fanout: Fanout) -> Arc<Self> {
        Arc::new(Self {
            shards: std::array::from_fn(|_| Mutex::default()),
            hasher: std::collections::hash_map::RandomState::new(),
            bus,
            fanout,
        })
    }

    fn shard(&self, user: &UserId) -> MutexGuard<'_, Shard> {
        let shard = usize::try_from(self.hasher.hash_one(user) % SHARDS as u64).unwrap_or(0);
        let [first, ..] = &self.shards;
        locked(self.shards.get(shard).unwrap_or(first))
    }

    /// Registers a session, before it is opened in storage: from then on nothing passes it by. An older connection of
    /// the same installation is its ghost and ends without a word.
    pub(super) fn join(self: &Arc<Self>, session: &Arc<Session>) {
        let user = &session.who.user;
        let mut ghosts = Vec::new();
        let mut shard = self.shard(user);
        let present = shard.entry(user.clone()).or_insert_with(|| Present {
            sessions: Vec::with_capacity(1),
            _subscription: self.bus.subscribe(user.clone(), Arc::clone(self) as Arc<dyn Listener>),
        });
        present.sessions.retain(|other| {
            let ghost = other.who.device == session.who.device && other.who.platform == session.who.platform;
            if ghost {
                ghosts.push(Arc::clone(other));
            }
            !ghost
        });
        present.sessions.push(Arc::clone(session));
        drop(shard);
        for ghost in ghosts {
            ghost.end(None, false);
        }
    }

    /// Takes a session out.
    pub(super) fn leave(&self, session: &Arc<Session>) {
        let mut shard = self.shard(&session.who.user);
        let gone = match shard.get_mut(&session.who.user) {
            Some(present) => {
                present.sessions.retain(|other| !Arc::ptr_eq(other, session));
                if present.sessions.is_empty() { shard.remove(&session.who.user) } else { None }
            }
            None => None,
        };
        drop(shard);
        // Ends the subscription, which takes the bus's lock: not under ours.
        drop(gone);
    }

    /// Calls `work` for each session of a group's members, under the table's locks.
    pub(super) fn each_member(&self, rules: &GroupRules, work: impl Fn(&UserId, &Session)) {
        let here: usize = self.shards.iter().map(|shard| locked(shard).len()).sum();
        // Whichever are fewer are gone through.
        if rules.members.len() <= here {
            for user in rules.members.keys() {
                if let Some(present) = self.shard(user).get(user) {
                    present.sessions.iter().for_each(|session| work(user, session));
                }
            }
            return;
        }
        for shard in &self.shards {
            for (user, present) in &*locked(shard) {
                if rules.members.contains_key(user) {
                    present.sessions.iter().for_each(|session| work(user, session));
                }
            }
        }
    }

    /// Calls `work` for each session of the subject. The sessions are few, so they are copied and the lock let go.
    fn each(&self, subject: &Subject, work: impl Fn(&Arc<Session>)) {
        let (user, only) = match subject {
            Subject::User(user) => (user, None),
            Subject::Session(user, session) => (user, Some(session)),
            Subject::Group(_) => return,
        };
        let sessions = match self.shard(user).get(user) {
            Some(present) => present.sessions.clone(),
            None => return,
        };
        for session in &sessions {
            if only.is_none_or(|only| session.who.session == *only) {
                work(session);
            }
        }
    }

    /// Every session that is connected.
    pub(super) fn everybody(&self) -> Vec<Arc<Session>> {
        let shards = self.shards.iter().map(|shard| shard.lock().unwrap_or_else(PoisonError::into_inner));
        shards.flat_map(|shard| shard.values().flat_map(|p| p.sessions.clone()).collect::<Vec<_>>()).collect()
    }
}

impl Listener for Hub {
    fn wake(&self, subject: &Subject, version: u64, hint: Option<&Hint>) {
        self.each(subject, |session| session.wake(version, hint));
    }

    fn deliver(&self, subject: &Subject, frame: &Bytes) {
        if let Subject::Group(group) = subject {
            // Who is in it has to be looked up, which may take a moment.
            return self.fanout.take(group, frame.clone());
        }
        self.each(subject, |session| match subject {
            // What concerns one session alone is its end; there is nothing to say to a ghost.
            Subject::Session(..) if frame.is_empty() => session.end(None, false),
            Subject::Session(..) => session.end(Some(frame.clone()), true),
            Subject::User(_) | Subject::Group(_) => push(&session.outgoing, Some(frame.clone())),
        });
    }
}
