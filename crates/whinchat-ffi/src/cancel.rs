//! Ending a wait from the other side.

use std::sync::Arc;

use tokio::sync::watch;

use crate::live::{Counted, Kind};

/// Ends the waits of the calls that it was given to. For languages in which cancelling a task does not end the awaited call
/// (Swift); where it does (Kotlin), none is needed.
///
/// A cancelled call fails with 7009. Only the wait ends: a message that was accepted goes out, a logout that has begun goes on. A
/// token stays cancelled: a call that is given it later is not made.
#[derive(Debug, uniffi::Object)]
pub struct CancelToken {
    state: watch::Sender<bool>,
    _counted: Counted,
}

#[uniffi::export]
impl CancelToken {
    /// A token that is not cancelled.
    #[uniffi::constructor]
    pub fn new() -> Arc<Self> {
        Arc::new(Self { state: watch::Sender::new(false), _counted: Counted::new(Kind::CancelToken) })
    }

    /// Ends the waits. Safe from any thread, at any time, also more than once.
    pub fn cancel(&self) {
        self.state.send_replace(true);
    }
}

impl CancelToken {
    pub(crate) fn is_cancelled(&self) -> bool {
        *self.state.borrow()
    }

    /// Ends when the token is cancelled.
    pub(crate) async fn cancelled(&self) {
        // The sender lives as long as `self`.
        drop(self.state.subscribe().wait_for(|cancelled| *cancelled).await);
    }
}
