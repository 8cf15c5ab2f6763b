//! The bus of a single node: calls the listener at once, so nothing is ever lost or late.

use std::collections::HashMap;
use std::hash::BuildHasher as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use whinchat_proto::id::UserId;

use super::{Bus, Hint, Listener, Subject, Subscription};

/// Parts of the table, each behind a lock of its own.
const SHARDS: usize = 16;

type Shard = Mutex<HashMap<UserId, (u64, Arc<dyn Listener>)>>;

/// See the module.
pub struct LocalBus {
    table: Arc<Table>,
}

struct Table {
    shards: [Shard; SHARDS],
    hasher: std::collections::hash_map::RandomState,
    next: std::sync::atomic::AtomicU64,
}

impl Table {
    fn with<T>(
        &self,
        user: &UserId,
        work: impl FnOnce(&mut HashMap<UserId, (u64, Arc<dyn Listener>)>) -> T,
    ) -> T {
        let shard = usize::try_from(self.hasher.hash_one(user) % SHARDS as u64).unwrap_or(0);
        let [first, ..] = &self.shards;
        let shard = self.shards.get(shard).unwrap_or(first);
        work(&mut shard.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn listener(&self, user: &UserId) -> Option<Arc<dyn Listener>> {
        self.with(user, |listeners| listeners.get(user).map(|(_, listener)| Arc::clone(listener)))
    }
}

impl Default for LocalBus {
    fn default() -> Self {
        Self {
            table: Arc::new(Table {
                shards: std::array::from_fn(|_| Mutex::default()),
                hasher: std::collections::hash_map::RandomState::new(),
                next: std::sync::atomic::AtomicU64::new(0),
            }),
        }
    }
}

impl Bus for LocalBus {
    fn wake(&self, subject: &Subject, version: u64, hint: Option<Hint>) {
        if let Some(listener) = self.table.listener(subject.user()) {
            listener.wake(subject, version, hint.as_ref());
        }
    }

    fn deliver(&self, subject: &Subject, frame: Bytes, _ttl: Duration) {
        if let Some(listener) = self.table.listener(subject.user()) {
            listener.deliver(subject, &frame);
        }
    }

    fn subscribe(&self, user: UserId, listener: Arc<dyn Listener>) -> Subscription {
        let number = self.table.next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        self.table.with(&user, |listeners| listeners.insert(user.clone(), (number, listener)));
        let table = Arc::downgrade(&self.table);
        Subscription::new(move || {
            if let Some(table) = table.upgrade() {
                table.with(&user, |listeners| {
                    // A later subscription of the same user stays.
                    if listeners.get(&user).is_some_and(|(held, _)| *held == number) {
                        listeners.remove(&user);
                    }
                });
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn a_listener_hears_its_user_until_it_lets_go() {
        let bus = LocalBus::default();
        let (alice, bob) = (UserId::new("alice").unwrap(), UserId::new("bob").unwrap());
        let (first, second) = (Arc::new(Ear::default()), Arc::new(Ear::default()));
        let subscription = bus.subscribe(alice.clone(), first.clone());
        bus.wake(&Subject::User(alice.clone()), 1, None);
        bus.wake(&Subject::User(bob), 2, None);
        bus.deliver(&Subject::User(alice.clone()), vec![0; 30].into(), Duration::from_secs(1));
        let later = bus.subscribe(alice.clone(), second.clone());
        // The older one ends; the later one stays.
        drop(subscription);
        bus.wake(&Subject::User(alice.clone()), 4, None);
        drop(later);
        bus.wake(&Subject::User(alice), 5, None);
        assert_eq!(*first.0.lock().unwrap(), [1, 30]);
        assert_eq!(*second.0.lock().unwrap(), [4]);
    }
}
