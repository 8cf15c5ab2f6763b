//! Asking for history.

use super::id::MessageId;
use super::model::Message;

/// Most messages that are deleted in one call.
pub(crate) const DELETE_LIMIT: usize = 50;

/// Most messages that one page of history has.
pub const HISTORY_LIMIT: usize = 100;

/// Which page of a conversation's messages.
#[derive(Clone, Debug)]
pub enum History {
    /// The newest messages.
    Newest {
        /// How many, 1 to 100.
        limit: usize,
    },
    /// Messages before a known one.
    Older {
        /// The one before which to start; not part of the page.
        before: MessageId,
        /// How many, 1 to 100.
        limit: usize,
    },
    /// Messages after a known one.
    Newer {
        /// The one after which to start; not part of the page.
        after: MessageId,
        /// How many, 1 to 100.
        limit: usize,
    },
}

impl History {
    /// The newest messages.
    #[must_use]
    pub fn newest(limit: usize) -> Self {
        Self::Newest { limit }
    }

    /// Messages before `id`.
    #[must_use]
    pub fn older(id: &MessageId, limit: usize) -> Self {
        Self::Older { before: id.clone(), limit }
    }

    /// Messages after `id`.
    #[must_use]
    pub fn newer(id: &MessageId, limit: usize) -> Self {
        Self::Newer { after: id.clone(), limit }
    }
}

/// A page of history.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryPage {
    /// Newest first; for [`History::Newer`] oldest first. Without holes in between: the page rather ends early.
    pub messages: Vec<Message>,
    /// Nothing follows in this direction. False also when it cannot be known without a connection.
    pub complete: bool,
    /// Newer messages than the first of this page exist, and could not be fetched: a list shows a break above it. Only
    /// without a connection, and never for [`History::Newer`].
    pub missing_newer: bool,
}
