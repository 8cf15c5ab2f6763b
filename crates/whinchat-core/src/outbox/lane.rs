//! One conversation's queue: order is kept in here, and nowhere across.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::item::Item;
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
}

impl Lane {
    /// The item that goes out next; or when to look again, if only a mark waits whose time has not come.
    pub(super) fn due(&self, items: &BTreeMap<i64, Item>, now: Instant) -> Result<Option<i64>, Instant> {
        let Some(until) = self.marks_from.filter(|until| *until > now) else {
            return Ok(self.waiting.first().copied());
        };
        let is_mark =
            |position: &i64| items.get(position).is_some_and(|item| item.row.kind == ItemKind::MarkRead);
        match self.waiting.iter().find(|position| !is_mark(position)) {
            None if !self.waiting.is_empty() => Err(until),
            due => Ok(due.copied()),
        }
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
pub(super) fn wait(class: ErrorClass, refusals: u32, random: u64) -> Duration {
    match class {
        ErrorClass::After(ms) => Duration::from_millis(u64::from(ms)),
        _ => {
            let backoff = RETRY_BASE.saturating_mul(1 << refusals.min(7)).min(RETRY_CAP);
            backoff / 2 + crate::platform::jitter(backoff / 2, random)
        }
    }
}
