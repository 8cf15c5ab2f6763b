//! One conversation's queue: order is kept in here, and nowhere across.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::item::Item;
use super::turns::Turn;
use crate::error::ErrorClass;
use crate::platform::Instant;
use crate::store::ItemKind;

/// First wait after a refusal that is worth retrying; doubles up to [`RETRY_CAP`].
const RETRY_BASE: Duration = Duration::from_millis(500);
/// Longest wait.
const RETRY_CAP: Duration = Duration::from_secs(60);

/// Read marks of one conversation go out no closer together than this: who reads on marks often, and the last mark says it
/// all. The first goes at once.
pub(super) const MARK_PAUSE: Duration = Duration::from_millis(500);

/// One conversation's queue.
#[derive(Default)]
pub(super) struct Lane {
    pub(super) waiting: BTreeSet<i64>,
    pub(super) in_flight: usize,
    pub(super) round: u32,
    pub(super) refusals: u32,
    pub(super) blocked_until: Option<Instant>,
    /// No further read mark before this.
    pub(super) marks_from: Option<Instant>,
    /// What it has said last.
    pub(super) turn: Turn,
}

impl Lane {
    /// The item that goes out next, and when to look again: a lane that is held up, or a mark, waits for its time.
    pub(super) fn due(&self, items: &BTreeMap<i64, Item>) -> Turn {
        if let Some(until) = self.blocked_until {
            // Nothing goes out before everything of the refused round is answered, whatever the time.
            return Turn { ready: None, again: (self.in_flight == 0).then_some(until) };
        }
        let is_mark =
            |position: &i64| items.get(position).is_some_and(|item| item.row.kind == ItemKind::MarkRead);
        let first = self.waiting.first().copied();
        match self.marks_from.filter(|_| first.as_ref().is_some_and(is_mark)) {
            None => Turn { ready: first, again: None },
            again => Turn { ready: self.waiting.iter().find(|position| !is_mark(position)).copied(), again },
        }
    }

    /// The time has come that [`Self::due`] has named.
    pub(super) fn wake(&mut self, now: Instant) {
        if self.in_flight == 0 && self.blocked_until.is_some_and(|until| until <= now) {
            // The queue starts again as a new one.
            self.blocked_until = None;
            self.round += 1;
        }
        self.marks_from = self.marks_from.filter(|from| *from > now);
    }

    /// Holds the lane up for the back-off, unless it is held up already.
    pub(super) fn block(&mut self, class: ErrorClass, now: Instant, random: u64) {
        if self.blocked_until.is_none() {
            self.blocked_until = Some(now + wait(class, self.refusals, random));
            self.refusals = self.refusals.saturating_add(1);
        }
    }
}

/// How long to wait after a refusal.
pub(crate) fn wait(class: ErrorClass, refusals: u32, random: u64) -> Duration {
    match class {
        ErrorClass::After(ms) => Duration::from_millis(u64::from(ms)),
        _ => {
            let backoff = RETRY_BASE.saturating_mul(1 << refusals.min(7)).min(RETRY_CAP);
            backoff / 2 + crate::platform::jitter(backoff / 2, random)
        }
    }
}
