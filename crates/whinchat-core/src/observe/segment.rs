//! Which stretch of a log a timeline shows: held from end to end, without a hole.

use rusqlite::Connection;

use crate::error::Result;
use crate::store::{ConversationRow, query};
use crate::sync::HeldRanges;

/// Entries that are fetched at once.
const FETCH: u64 = 100;
/// A window at the newest end fetches at most so many missed entries by itself. Behind a longer gap it stays where it is.
const LIVE_GAP: u64 = 500;

/// A stretch that is wanted and not held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hole {
    pub(super) epoch: u64,
    pub(super) from: u64,
    pub(super) to: u64,
    /// It lies in what every synchronisation fetches anyway.
    pub(super) is_recent: bool,
}

/// Where a window begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// At the newest end, with so many messages.
    Newest { limit: usize },
    /// At this entry, with so many messages up to it and so many after it.
    At { seq: u64, older: usize, newer: usize },
}

/// The stretch `low..=high`; empty when `low` is one above `high`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    pub(super) epoch: u64,
    pub(super) low: u64,
    pub(super) high: u64,
    /// Messages that are still wanted below.
    pub(super) older: usize,
    /// Messages that are still wanted above, unless it follows.
    pub(super) newer: usize,
    /// It takes everything new.
    pub(super) follows: bool,
    /// False: the newest entries were not here yet, so it stands below them for now.
    pub(super) settled: bool,
}

fn first_of(row: &ConversationRow) -> u64 {
    row.visible_from.max(1)
}

impl Segment {
    /// Begins where `start` says.
    pub(super) fn begin(start: Start, row: &ConversationRow, held: &HeldRanges) -> Self {
        let at = |high, older, newer, follows, settled| Self {
            epoch: row.epoch,
            low: high + 1,
            high,
            older,
            newer,
            follows,
            settled,
        };
        match start {
            Start::At { seq, older, newer } => at(seq.min(row.head_seq), older, newer, false, true),
            Start::Newest { limit } => {
                let (head, first) = (row.head_seq, first_of(row));
                let below = held.iter().filter(|range| range.to >= first && range.to < head).last();
                match below {
                    Some(below) if head >= first && held.containing(head).is_none() => {
                        at(below.to, limit, 0, true, false)
                    }
                    _ => at(head, limit, 0, true, true),
                }
            }
        }
    }

    /// Whether it is a stretch of this log: not of one that was cut off, or is gone and has begun again.
    pub(super) fn is_of(&self, row: &ConversationRow, held: &HeldRanges) -> bool {
        let low = self.low.max(first_of(row));
        let is_held = || held.containing(self.high).is_some_and(|range| range.from <= low);
        self.epoch == row.epoch && self.high <= row.head_seq && (low > self.high || is_held())
    }

    /// Takes in what is wanted and held. Gives what is wanted and not held, the newest end first.
    pub(super) fn extend(
        &mut self,
        cache: &Connection,
        row: &ConversationRow,
        held: &HeldRanges,
    ) -> Result<Option<Hole>> {
        let first = first_of(row);
        // What a member may see can begin later than it did.
        self.low = self.low.max(first);
        self.high = self.high.max(self.low - 1);
        let above = self.extend_up(cache, row, held)?;
        let below = self.extend_down(cache, row, held, first)?;
        Ok(above.or(below))
    }

    fn hole(&self, row: &ConversationRow, from: u64, to: u64) -> Hole {
        let is_recent = to + FETCH > row.head_seq;
        Hole { epoch: self.epoch, from, to, is_recent }
    }

    fn extend_up(
        &mut self,
        cache: &Connection,
        row: &ConversationRow,
        held: &HeldRanges,
    ) -> Result<Option<Hole>> {
        if self.high < row.head_seq
            && (self.follows || self.newer > 0)
            && let Some(range) = held.containing(self.high + 1)
        {
            let top = range.to.min(row.head_seq);
            if self.follows {
                self.high = top;
            } else {
                let found = query::seqs_newer(cache, row.row, self.high, top, self.newer)?;
                self.newer = self.newer.saturating_sub(found.len());
                self.high = match found.last() {
                    Some(last) if self.newer == 0 => *last,
                    _ => top,
                };
            }
        }
        if self.high >= row.head_seq {
            self.follows = true;
            self.newer = 0;
            return Ok(None);
        }
        if !self.settled {
            // Once the newest entries are here it begins anew at them.
            let from = row.head_seq.saturating_sub(FETCH - 1).max(self.high + 1);
            return Ok(Some(self.hole(row, from, row.head_seq)));
        }
        if self.follows && row.head_seq - self.high > LIVE_GAP {
            self.follows = false;
        }
        let wanted = self.follows || self.newer > 0;
        Ok(wanted.then(|| self.hole(row, self.high + 1, row.head_seq.min(self.high + FETCH))))
    }

    fn extend_down(
        &mut self,
        cache: &Connection,
        row: &ConversationRow,
        held: &HeldRanges,
        first: u64,
    ) -> Result<Option<Hole>> {
        if self.older > 0
            && self.low > first
            && let Some(range) = held.containing(self.low - 1)
        {
            let bottom = range.from.max(first);
            let found = query::seqs_older(cache, row.row, self.low, bottom, self.older)?;
            self.older -= found.len().min(self.older);
            self.low = match found.last() {
                Some(last) if self.older == 0 => *last,
                _ => bottom,
            };
        }
        if self.low <= first {
            self.older = 0;
            return Ok(None);
        }
        let from = first.max(self.low.saturating_sub(FETCH));
        Ok((self.older > 0).then(|| self.hole(row, from, self.low - 1)))
    }
}
