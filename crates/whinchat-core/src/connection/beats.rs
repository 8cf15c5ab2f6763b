//! Heartbeats, for an app that shows them.

use tokio::sync::watch;

/// Heartbeats of a client's connections, counted since the client was built.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heartbeats {
    /// How often the server was asked whether the connection lives.
    pub asked: u64,
    /// How often it answered.
    pub answered: u64,
}

/// Follows the heartbeats of a client from [`crate::Client::heartbeats`] on. Whoever looks rarely costs nothing and is told
/// the newest count.
#[derive(Clone, Debug)]
pub struct HeartbeatStream(watch::Receiver<Heartbeats>);

impl HeartbeatStream {
    /// The count as it stands.
    #[must_use]
    pub fn now(&self) -> Heartbeats {
        *self.0.borrow()
    }

    /// The next count that differs from the last one; `None` once the client is gone. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Heartbeats> {
        self.0.changed().await.ok()?;
        Some(*self.0.borrow_and_update())
    }
}

/// Where they are counted.
#[derive(Debug, Default)]
pub(super) struct Beats(watch::Sender<Heartbeats>);

impl Beats {
    pub(super) fn asked(&self) {
        self.0.send_modify(|beats| beats.asked += 1);
    }

    pub(super) fn answered(&self) {
        self.0.send_modify(|beats| beats.answered += 1);
    }

    pub(super) fn follow(&self) -> HeartbeatStream {
        HeartbeatStream(self.0.subscribe())
    }
}
