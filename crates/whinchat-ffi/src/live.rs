//! How many objects live on this side of the border.

use std::sync::atomic::{AtomicU64, Ordering};

/// How many objects the other side holds, by kind: for tests that look for leaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct LiveObjects {
    /// `Client`.
    pub clients: u64,
    /// `Messages`, `Conversations` and `Groups` together.
    pub services: u64,
    /// `LoginAttempt` and `SendAttempt` together.
    pub attempts: u64,
    /// `SendHandle`.
    pub send_handles: u64,
    /// `EventSubscription`, `ConversationSubscription`, `TimelineSubscription` and `LogSubscription` together.
    pub subscriptions: u64,
    /// `CancelToken`.
    pub cancel_tokens: u64,
}

/// What is counted.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Client,
    Service,
    Attempt,
    SendHandle,
    Subscription,
    CancelToken,
}

static CLIENTS: AtomicU64 = AtomicU64::new(0);
static SERVICES: AtomicU64 = AtomicU64::new(0);
static ATTEMPTS: AtomicU64 = AtomicU64::new(0);
static SEND_HANDLES: AtomicU64 = AtomicU64::new(0);
static SUBSCRIPTIONS: AtomicU64 = AtomicU64::new(0);
static CANCEL_TOKENS: AtomicU64 = AtomicU64::new(0);

impl Kind {
    fn count(self) -> &'static AtomicU64 {
        match self {
            Self::Client => &CLIENTS,
            Self::Service => &SERVICES,
            Self::Attempt => &ATTEMPTS,
            Self::SendHandle => &SEND_HANDLES,
            Self::Subscription => &SUBSCRIPTIONS,
            Self::CancelToken => &CANCEL_TOKENS,
        }
    }
}

/// Counts the object that holds it.
#[derive(Debug)]
pub(crate) struct Counted(Kind);

impl Counted {
    pub(crate) fn new(kind: Kind) -> Self {
        kind.count().fetch_add(1, Ordering::Relaxed);
        Self(kind)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.count().fetch_sub(1, Ordering::Relaxed);
    }
}

/// How many objects the other side holds now, in this process.
#[uniffi::export]
pub fn live_objects() -> LiveObjects {
    let count = |kind: Kind| kind.count().load(Ordering::Relaxed);
    LiveObjects {
        clients: count(Kind::Client),
        services: count(Kind::Service),
        attempts: count(Kind::Attempt),
        send_handles: count(Kind::SendHandle),
        subscriptions: count(Kind::Subscription),
        cancel_tokens: count(Kind::CancelToken),
    }
}
