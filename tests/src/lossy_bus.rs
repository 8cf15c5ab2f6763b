//! A bus that loses things, as every bus may.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use whinchat_proto::id::UserId;
use whinchat_server::bus::{Bus, Hint, Listener, Loss, Subject, Subscription};

use crate::dice::Dice;

/// Loses a share of what is said on another bus.
pub struct LossyBus {
    inner: Arc<dyn Bus>,
    percent: u64,
    dice: Mutex<Dice>,
}

impl LossyBus {
    /// Loses `percent` of a hundred wakes and frames, chosen by a seed.
    #[must_use]
    pub fn new(inner: Arc<dyn Bus>, percent: u64, seed: u64) -> Self {
        Self { inner, percent, dice: Mutex::new(Dice::new(seed)) }
    }

    fn loses(&self) -> bool {
        self.dice.lock().unwrap_or_else(PoisonError::into_inner).chance(self.percent)
    }
}

impl Bus for LossyBus {
    fn wake(&self, subject: &Subject, version: u64, hint: Option<Hint>) {
        if !self.loses() {
            self.inner.wake(subject, version, hint);
        }
    }

    fn deliver(&self, subject: &Subject, frame: Bytes, ttl: Duration) {
        if !self.loses() {
            self.inner.deliver(subject, frame, ttl);
        }
    }

    fn subscribe(&self, user: UserId, listener: Arc<dyn Listener>) -> Subscription {
        self.inner.subscribe(user, listener)
    }

    fn join(&self, node: Arc<dyn Listener>) -> Subscription {
        self.inner.join(node)
    }

    fn loss(&self) -> Loss {
        Loss::Anywhere
    }
}
