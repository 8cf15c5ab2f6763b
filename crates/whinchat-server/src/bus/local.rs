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
