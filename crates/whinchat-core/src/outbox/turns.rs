//! Whose turn it is: which lanes have something to go out, and which are to be looked at again, and when. Kept beside the
//! lanes, so that the next item is found without a walk over all of them.

use std::collections::BTreeSet;

use whinchat_proto::id::ConversationId;

use crate::platform::Instant;

/// What one lane has to say.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Turn {
    /// The item that may go out.
    pub(super) ready: Option<i64>,
    /// When it has something else to say.
    pub(super) again: Option<Instant>,
}

/// The turns of all lanes.
#[derive(Default)]
pub(super) struct Turns {
    ready: BTreeSet<i64>,
    again: BTreeSet<(Instant, ConversationId)>,
}

impl Turns {
    /// Puts a lane's turn in the place of the one it had.
    pub(super) fn replace(&mut self, lane: &ConversationId, had: Turn, has: Turn) {
        if had.ready != has.ready {
            had.ready.map(|position| self.ready.remove(&position));
            self.ready.extend(has.ready);
        }
        if had.again != has.again {
            had.again.map(|at| self.again.remove(&(at, lane.clone())));
            self.again.extend(has.again.map(|at| (at, lane.clone())));
        }
    }

    /// The item that has waited longest, of those that may go out.
    pub(super) fn first(&self) -> Option<i64> {
        self.ready.first().copied()
    }

    /// A lane whose time has come.
    pub(super) fn due(&self, now: Instant) -> Option<ConversationId> {
        self.again.first().filter(|(at, _)| *at <= now).map(|(_, lane)| lane.clone())
    }

    /// When the next lane's time comes.
    pub(super) fn next_due(&self) -> Option<Instant> {
        self.again.first().map(|(at, _)| *at)
    }
}
