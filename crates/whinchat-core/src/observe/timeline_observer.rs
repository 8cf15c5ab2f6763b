//! The app's end of a timeline.

use std::sync::{Arc, Weak};

use whinchat_proto::id::ConversationId;

use super::filler::fill;
use super::observation::Observation;
use super::segment::Start;
use super::timeline::{TimelineUpdate, TimelineView};
use super::watcher::Watcher;
use crate::account::Account;
use crate::client::Current;
use crate::error::{Error, ErrorCode, Result};
use crate::message::MessageId;
use crate::platform::TaskHandle;

/// Where a timeline begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimelineWindow {
    /// At the newest end, and it stays there: new messages are taken in as they come.
    Newest {
        /// How many messages at first, at least 1.
        limit: usize,
    },
    /// Around a message that is on this device, such as one that a search has found.
    Around {
        /// The message; part of the window.
        message: MessageId,
        /// How many before it.
        older: usize,
        /// How many after it.
        newer: usize,
    },
}

impl TimelineWindow {
    /// The newest messages.
    #[must_use]
    pub fn newest(limit: usize) -> Self {
        Self::Newest { limit }
    }

    /// A message with so many before and so many after it.
    #[must_use]
    pub fn around(message: &MessageId, older: usize, newer: usize) -> Self {
        Self::Around { message: message.clone(), older, newer }
    }
}

/// A live window on a conversation's messages: first as they stand, oldest first, then what changes. From
/// [`crate::Messages::observe`]; dropping it ends it.
///
/// The window never has a hole inside: what is not on this device is fetched from its ends on, once the app has taken what is
/// here, and without a connection the window ends there and is not [`super::TimelineStatus::complete`]. Own messages that are
/// not at the server stand where they were written, and turn to sent in place, or move to where the server has put them.
pub struct TimelineObserver {
    pub(super) observation: Observation<TimelineView>,
    filler: Option<TaskHandle>,
}

impl TimelineObserver {
    pub(crate) async fn new(
        account: &Arc<Account>,
        current: Weak<Current>,
        conversation: &ConversationId,
        window: TimelineWindow,
    ) -> Result<Self> {
        let start = match window {
            TimelineWindow::Newest { limit: 0 } => {
                return Err(Error::new(ErrorCode::BadParameter, "a window has at least 1 message"));
            }
            TimelineWindow::Newest { limit } => Start::Newest { limit },
            TimelineWindow::Around { message, older, newer } => {
                let place = account.place(conversation, &message).await?;
                let older = older.saturating_add(1);
                if place.is_stored() {
                    Start::At { seq: place.seq(), older, newer }
                } else {
                    // What waits stands at the newest end.
                    Start::Newest { limit: older.saturating_add(newer) }
                }
            }
        };
        let view = TimelineView::new(conversation.clone(), start);
        let holes = view.holes();
        let watcher = Arc::new(Watcher::new(Some(conversation.clone())));
        let observation = Observation::new(account, current, watcher, view);
        let filler = account.spawn(fill(observation.serving(), conversation.clone(), holes));
        Ok(Self { observation, filler: Some(filler) })
    }

    /// The next update; `None` after [`TimelineHandle::stop`] or [`TimelineUpdate::Reset`]. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<TimelineUpdate> {
        let update = self.observation.next().await;
        if matches!(update, None | Some(TimelineUpdate::Reset)) {
            self.filler = None;
        }
        update
    }

    /// As [`TimelineHandle::grow_older`].
    pub fn grow_older(&self, count: usize) {
        self.handle().grow_older(count);
    }

    /// As [`TimelineHandle::grow_newer`].
    pub fn grow_newer(&self, count: usize) {
        self.handle().grow_newer(count);
    }

    /// As [`TimelineHandle::newest`].
    pub fn newest(&self) {
        self.handle().newest();
    }

    /// Something to grow or stop it with from elsewhere, while [`Self::next`] is being waited for.
    #[must_use]
    pub fn handle(&self) -> TimelineHandle {
        TimelineHandle { watcher: self.observation.watcher().clone() }
    }
}

impl std::fmt::Debug for TimelineObserver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TimelineObserver").finish_non_exhaustive()
    }
}

/// Grows or stops a [`TimelineObserver`]. Cheap to clone.
#[derive(Clone, Debug)]
pub struct TimelineHandle {
    watcher: Arc<Watcher>,
}

impl TimelineHandle {
    /// Takes in `count` more messages at the older end. The next update says what came of it; what has to be fetched
    /// follows in later ones.
    pub fn grow_older(&self, count: usize) {
        self.watcher.wish(|due| due.older = due.older.saturating_add(count));
    }

    /// Takes in `count` more messages at the newer end. A window that has reached the newest end stays there. The next
    /// update says what came of it; what has to be fetched follows in later ones.
    pub fn grow_newer(&self, count: usize) {
        self.watcher.wish(|due| due.newer = due.newer.saturating_add(count));
    }

    /// Leaves the place for the newest end: the next update is a snapshot of it.
    pub fn newest(&self) {
        self.watcher.wish(|due| due.newest = true);
    }

    /// Ends the observer: who waits for its next update gets `None`.
    pub fn stop(&self) {
        self.watcher.stop();
    }
}
