//! The bus between nodes: two verbs. Storage is the truth; whatever the bus loses is repaired from there.

#[cfg(unix)]
mod folder;
mod local;
#[cfg(unix)]
mod parcel;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use whinchat_proto::id::{GroupId, SessionId, UserId};

#[cfg(unix)]
pub use folder::FolderBus;
pub use local::LocalBus;

/// Whom something concerns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Every session of a user.
    User(UserId),
    /// One session of a user. A frame for it is its last: the session ends with it, or without a word when it is empty.
    Session(UserId, SessionId),
    /// Every member of a group who is connected: each node hears it once and knows its own.
    Group(GroupId),
}

/// What a bus may lose; storage is asked accordingly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Nothing.
    Never,
    /// Nothing that is said and heard in this process, anything else.
    BetweenProcesses,
    /// Anything.
    Anywhere,
}

/// Names a connection on any node. Not its session: what a cut connection began is news to the one that resumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin(pub u64);

/// Spares the receiver of a wake the read from storage.
#[derive(Clone, Debug)]
pub struct Hint {
    /// The version before this step of the user's log.
    pub prev: u64,
    /// The connection that caused it: its response tells it, so it gets no push.
    pub origin: Option<Origin>,
    /// The push as a whole frame, ready for the socket.
    pub frame: Bytes,
}

/// Hears what concerns its users. Called from the sender's task: it must not block.
pub trait Listener: Send + Sync {
    /// A user's log has reached `version`.
    fn wake(&self, subject: &Subject, version: u64, hint: Option<&Hint>);
    /// A frame for the subject's sessions.
    fn deliver(&self, subject: &Subject, frame: &Bytes);
}

/// See the module.
pub trait Bus: Send + Sync {
    /// Says that a user's log has reached `version`. May be lost.
    fn wake(&self, subject: &Subject, version: u64, hint: Option<Hint>);

    /// Hands a frame to whoever is connected now, best effort; it is worthless after `ttl`.
    fn deliver(&self, subject: &Subject, frame: Bytes, ttl: Duration);

    /// Listens to a user until the subscription is dropped.
    fn subscribe(&self, user: UserId, listener: Arc<dyn Listener>) -> Subscription;

    /// Listens to what is for groups, as a node, until the subscription is dropped.
    fn join(&self, node: Arc<dyn Listener>) -> Subscription;

    /// What it may lose.
    fn loss(&self) -> Loss {
        Loss::Anywhere
    }
}

/// Ends listening when dropped.
pub struct Subscription {
    end: Option<Box<dyn FnOnce() + Send + Sync>>,
}

impl Subscription {
    /// A subscription that runs `end` when dropped.
    #[must_use]
    pub fn new(end: impl FnOnce() + Send + Sync + 'static) -> Self {
        Self { end: Some(Box::new(end)) }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(end) = self.end.take() {
            end();
        }
    }
}
