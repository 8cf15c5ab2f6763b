//! The bus within one process: calls the listeners at once, so nothing is ever lost or late. One node or several may share it.

use std::collections::HashMap;
use std::hash::BuildHasher as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use whinchat_proto::id::UserId;

use super::{Bus, Hint, Listener, Loss, Subject, Subscription};

/// Parts of the table, each behind a lock of its own.
const SHARDS: usize = 16;

/// Listeners with their numbers; one a node, so there are few.
type Ears = Vec<(u64, Arc<dyn Listener>)>;

/// See the module.
pub struct LocalBus {
    table: Arc<Table>,
}

struct Table {
    shards: [Mutex<HashMap<UserId, Ears>>; SHARDS],
    nodes: Mutex<Ears>,
    hasher: std::collections::hash_map::RandomState,
    next: AtomicU64,
}

impl Table {
    fn with<T>(&self, user: &UserId, work: impl FnOnce(&mut HashMap<UserId, Ears>) -> T) -> T {
        let shard = usize::try_from(self.hasher.hash_one(user) % SHARDS as u64).unwrap_or(0);
        let [first, ..] = &self.shards;
        let shard = self.shards.get(shard).unwrap_or(first);
        work(&mut shard.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn nodes(&self) -> std::sync::MutexGuard<'_, Ears> {
        self.nodes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Calls `work` for each listener of the subject, under no lock. Most have one, which costs no allocation.
    fn each(&self, subject: &Subject, work: impl Fn(&dyn Listener)) {
        let copy = |ears: &Ears| {
            let mut ears = ears.iter().map(|(_, listener)| Arc::clone(listener));
            (ears.next(), ears.collect::<Vec<_>>())
        };
        let (first, others) = match subject {
            Subject::User(user) | Subject::Session(user, _) => {
                self.with(user, |ears| ears.get(user).map(copy).unwrap_or_default())
            }
            Subject::Group(_) => copy(&self.nodes()),
        };
        for listener in first.iter().chain(&others) {
            work(&**listener);
        }
    }

    fn number(&self) -> u64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }
}

impl Default for LocalBus {
    fn default() -> Self {
        Self {
            table: Arc::new(Table {
                shards: std::array::from_fn(|_| Mutex::default()),
                nodes: Mutex::default(),
                hasher: std::collections::hash_map::RandomState::new(),
                next: AtomicU64::new(0),
            }),
        }
    }
}

impl Bus for LocalBus {
    fn wake(&self, subject: &Subject, version: u64, hint: Option<Hint>) {
        self.table.each(subject, |listener| listener.wake(subject, version, hint.as_ref()));
    }

    fn deliver(&self, subject: &Subject, frame: Bytes, _ttl: Duration) {
        self.table.each(subject, |listener| listener.deliver(subject, &frame));
    }

    fn subscribe(&self, user: UserId, listener: Arc<dyn Listener>) -> Subscription {
        let number = self.table.number();
        self.table.with(&user, |ears| {
            // Most users are on one node: no room is kept for a second.
            ears.entry(user.clone()).or_insert_with(|| Vec::with_capacity(1)).push((number, listener));
        });
        let table = Arc::downgrade(&self.table);
        Subscription::new(move || {
            if let Some(table) = table.upgrade() {
                table.with(&user, |ears| {
                    if let Some(of_user) = ears.get_mut(&user) {
                        of_user.retain(|(held, _)| *held != number);
                        if of_user.is_empty() {
                            ears.remove(&user);
                        }
                    }
                });
            }
        })
    }

    fn join(&self, node: Arc<dyn Listener>) -> Subscription {
        let number = self.table.number();
        self.table.nodes().push((number, node));
        let table = Arc::downgrade(&self.table);
        Subscription::new(move || {
            if let Some(table) = table.upgrade() {
                table.nodes().retain(|(held, _)| *held != number);
            }
        })
    }

    fn loss(&self) -> Loss {
        Loss::Never
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use whinchat_proto::id::GroupId;

    #[derive(Default)]
    struct Ear(Mutex<Vec<u64>>);

    impl Listener for Ear {
        fn wake(&self, _: &Subject, version: u64, _: Option<&Hint>) {
            self.0.lock().unwrap().push(version);
        }

        fn deliver(&self, _: &Subject, frame: &Bytes) {
            self.0.lock().unwrap().push(frame.len() as u64);
        }
    }

    fn id(name: &str) -> UserId {
        UserId::new(name).unwrap()
    }

    #[test]
    fn every_listener_hears_its_user_until_it_lets_go() {
        let bus = LocalBus::default();
        let (alice, bob) = (id("alice"), id("bob"));
        let (first, second) = (Arc::new(Ear::default()), Arc::new(Ear::default()));
        let subscription = bus.subscribe(alice.clone(), first.clone());
        bus.wake(&Subject::User(alice.clone()), 1, None);
        bus.wake(&Subject::User(bob), 2, None);
        bus.deliver(&Subject::User(alice.clone()), vec![0; 30].into(), Duration::from_secs(1));
        let later = bus.subscribe(alice.clone(), second.clone());
        bus.wake(&Subject::User(alice.clone()), 3, None);
        // The older one ends; the later one stays.
        drop(subscription);
        bus.wake(&Subject::User(alice.clone()), 4, None);
        drop(later);
        bus.wake(&Subject::User(alice), 5, None);
        assert_eq!(*first.0.lock().unwrap(), [1, 30, 3]);
        assert_eq!(*second.0.lock().unwrap(), [3, 4]);
    }

    #[test]
    fn what_is_for_a_group_reaches_every_node_once() {
        let bus = LocalBus::default();
        let (first, second) = (Arc::new(Ear::default()), Arc::new(Ear::default()));
        let _users = [bus.subscribe(id("a"), first.clone()), bus.subscribe(id("b"), first.clone())];
        let joined = bus.join(first.clone());
        let _other = bus.join(second.clone());
        let team = Subject::Group(GroupId::new("team").unwrap());
        bus.deliver(&team, vec![0; 7].into(), Duration::from_secs(1));
        drop(joined);
        bus.deliver(&team, vec![0; 8].into(), Duration::from_secs(1));
        assert_eq!(*first.0.lock().unwrap(), [7]);
        assert_eq!(*second.0.lock().unwrap(), [7, 8]);
    }
}
