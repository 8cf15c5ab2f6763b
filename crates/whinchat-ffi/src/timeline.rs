//! A live window on a conversation's messages.

use std::sync::Arc;

use whinchat_core::{MessageId, TimelineHandle, TimelineObserver, TimelineWindow};

use crate::call::{self, Result, Threads};
use crate::cancel::CancelToken;
use crate::diff::TimelineUpdate;
use crate::live::{Counted, Kind};
use crate::pull::{Pull, Source};

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

/// An update of a live window on messages.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct TimelineNews {
    /// Its number, to be given to the next `next`.
    pub number: u64,
    /// The update.
    pub update: TimelineUpdate,
}

impl Source for TimelineObserver {
    type Item = TimelineUpdate;
    async fn pull(&mut self, _max: usize) -> Option<TimelineUpdate> {
        self.next().await.map(Into::into)
    }
}

/// A live window on a conversation's messages, oldest first. It never has a hole inside: what is not on this device is fetched
/// from its ends on, once the app has taken what is here. What waits for an app that comes late takes no memory.
#[derive(Debug, uniffi::Object)]
pub struct TimelineSubscription {
    updates: Pull<TimelineObserver>,
    handle: TimelineHandle,
    threads: Threads,
    _counted: Counted,
}

impl TimelineSubscription {
    pub(crate) fn new(observer: TimelineObserver, threads: Threads) -> Arc<Self> {
        let (handle, updates) = (observer.handle(), Pull::new(observer));
        Arc::new(Self { updates, handle, threads, _counted: Counted::new(Kind::Subscription) })
    }
}

#[uniffi::export]
impl TimelineSubscription {
    /// The next update: everything since the last one. None: it has ended, after `Reset` or by `stop`.
    ///
    /// `taken` is the number of the last update that arrived, 0 at first. An update whose number does not come back is given
    /// again, so giving a wait up loses nothing. One caller at a time.
    ///
    /// Fails with 6017 a `taken` that is not the last number or the one before.
    pub async fn next(&self, taken: u64, cancel: Option<Arc<CancelToken>>) -> Result<Option<TimelineNews>> {
        let updates = self.updates.clone();
        let pulling = async move {
            let update = updates.next(taken, 1).await?;
            Ok(update.map(|(number, update)| TimelineNews { number, update }))
        };
        self.threads.wait(cancel, pulling).await
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
        call::look((), || self.updates.stop());
    }
}
