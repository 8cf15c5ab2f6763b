//! A live window on a conversation's messages.

use std::sync::Arc;

use tokio::sync::Mutex;
use whinchat_core::{MessageId, TimelineHandle, TimelineObserver, TimelineWindow};

use crate::call::{self, Result};
use crate::cancel::CancelToken;
use crate::diff::TimelineUpdate;
use crate::live::{Counted, Kind};

/// Where a live window on messages begins.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum TimelineStart {
    /// At the newest end, and it stays there: new messages are taken in as they come.
    Newest {
        /// How many messages at first, at least 1.
        limit: u32,
    },
    /// Around a message that is on this device.
    Around {
        /// The message; part of the window.
        message: MessageId,
        /// How many before it.
        older: u32,
        /// How many after it.
        newer: u32,
    },
}

impl From<TimelineStart> for TimelineWindow {
    fn from(start: TimelineStart) -> Self {
        match start {
            TimelineStart::Newest { limit } => Self::Newest { limit: limit as usize },
            TimelineStart::Around { message, older, newer } => {
                Self::Around { message, older: older as usize, newer: newer as usize }
            }
        }
    }
}

/// A live window on a conversation's messages, oldest first. It never has a hole inside: what is not on this device is fetched
/// from its ends on, once the app has taken what is here. What waits for an app that comes late takes no memory.
#[derive(Debug, uniffi::Object)]
pub struct TimelineSubscription {
    observer: Mutex<TimelineObserver>,
    handle: TimelineHandle,
    _counted: Counted,
}

impl TimelineSubscription {
    pub(crate) fn new(observer: TimelineObserver) -> Arc<Self> {
        let handle = observer.handle();
        Arc::new(Self { observer: Mutex::new(observer), handle, _counted: Counted::new(Kind::Subscription) })
    }
}

#[uniffi::export]
impl TimelineSubscription {
    /// The next update: everything since the last one. None: it has ended, after `Reset` or by `stop`. Giving the wait up
    /// loses nothing. Callers that wait together take turns.
    pub async fn next(&self, cancel: Option<Arc<CancelToken>>) -> Result<Option<TimelineUpdate>> {
        call::wait(cancel, async { Ok(self.observer.lock().await.next().await.map(Into::into)) }).await
    }

    /// Takes in `count` more messages at the older end. The next update says what came of it; what has to be fetched follows
    /// in later ones.
    pub fn grow_older(&self, count: u32) {
        call::look((), || self.handle.grow_older(count as usize));
    }

    /// Takes in `count` more messages at the newer end. A window that has reached the newest end stays there.
    pub fn grow_newer(&self, count: u32) {
        call::look((), || self.handle.grow_newer(count as usize));
    }

    /// Leaves the place for the newest end: the next update is a snapshot of it.
    pub fn newest(&self) {
        call::look((), || self.handle.newest());
    }

    /// Ends it: who waits in `next` gets none, at once.
    pub fn stop(&self) {
        call::look((), || self.handle.stop());
    }
}
