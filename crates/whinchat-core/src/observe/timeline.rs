//! A conversation's messages as a live window.

use std::collections::HashMap;

use rusqlite::Connection;
use tokio::sync::watch;
use whinchat_proto::id::ConversationId;

use super::diff::{ListDiff, Window};
use super::observation::View;
use super::segment::{Hole, Segment, Start};
use super::watcher::Due;
use crate::account::{Account, Place, not_stored, waiting_message};
use crate::error::Result;
use crate::message::{Message, MessageId};
use crate::store::{ConversationRow, OutboxRow, query};

/// How a timeline's window lies in its conversation.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TimelineStatus {
    /// There are older messages than the first one shown, or there may be.
    pub has_older: bool,
    /// There are newer messages than the last stored one shown.
    pub has_newer: bool,
    /// The window takes every new message as it comes.
    pub at_live_end: bool,
    /// Everything that the window should hold is here. False while some of it has to be fetched: it comes by itself, without
    /// a connection once there is one.
    pub complete: bool,
}

/// What an observer of a conversation's messages is told.
#[derive(Clone, Debug, PartialEq)]
pub enum TimelineUpdate {
    /// The window as it stands, oldest first. Comes first, and again after [`super::TimelineHandle::newest`]: it replaces
    /// what was shown.
    Snapshot {
        /// The messages; own ones that are not at the server stand where they were written.
        items: Vec<Message>,
        /// How the window lies.
        status: TimelineStatus,
    },
    /// What has changed since the last update.
    Changes {
        /// To be made on the list one after the other. May be empty, when only the status changed or a wish was granted
        /// that changed nothing.
        diffs: Vec<ListDiff<Message>>,
        /// How the window lies.
        status: TimelineStatus,
    },
    /// The user was logged out, or the client closed: what was shown is nobody's any more. Nothing follows.
    Reset,
}

/// The places at which something stands, and what, as far as it was read anew.
type Present = HashMap<Place, Option<MessageId>>;

pub(super) struct TimelineView {
    conversation: ConversationId,
    start: Start,
    segment: Option<Segment>,
    window: Window<Place, MessageId, Message>,
    /// Version of each stored message that is shown.
    shown: HashMap<u64, u64>,
    /// How far the other side has read, as it is shown.
    peer_read_seq: u64,
    holes: watch::Sender<Option<Hole>>,
    status: TimelineStatus,
    diffs: Vec<ListDiff<Message>>,
    news: bool,
    told: bool,
}

impl TimelineView {
    pub(super) fn new(conversation: ConversationId, start: Start) -> Self {
        Self {
            conversation,
            start,
            segment: None,
            window: Window::new(),
            shown: HashMap::new(),
            peer_read_seq: 0,
            holes: watch::Sender::new(None),
            status: TimelineStatus::default(),
            diffs: Vec::new(),
            news: false,
            told: false,
        }
    }

    /// What is missing, after each look.
    pub(super) fn holes(&self) -> watch::Receiver<Option<Hole>> {
        self.holes.subscribe()
    }

    /// The stretch that is shown.
    #[cfg(test)]
    pub(super) fn segment(&self) -> Option<&Segment> {
        self.segment.as_ref()
    }

    fn grant(&mut self, due: &Due) {
        if due.newest {
            let limit = self.window.len().clamp(self.start.limit(), NEWEST_LIMIT);
            self.start = Start::Newest { limit };
            self.segment = None;
            self.window.clear();
            self.shown.clear();
            self.diffs.clear();
            self.told = false;
        }
        if due.older > 0 || due.newer > 0 {
            self.news = true;
            match &mut self.segment {
                Some(segment) => {
                    segment.older = segment.older.saturating_add(due.older);
                    if !segment.follows {
                        segment.newer = segment.newer.saturating_add(due.newer);
                    }
                }
                None => self.start.grow(due.older, due.newer),
            }
        }
    }

    /// The stretch to show now.
    fn place(&mut self, cache: &Connection, row: &ConversationRow) -> Result<(Segment, Option<Hole>)> {
        let held = query::held(cache, row.row)?;
        let mut segment = match self.segment.take() {
            Some(segment) if segment.settled && segment.is_of(row, &held) => segment,
            Some(segment) => {
                // Another log than the one shown, or its newest entries may have come meanwhile.
                if !segment.is_of(row, &held) {
                    self.shown.clear();
                    let limit = self.window.len().clamp(self.start.limit(), NEWEST_LIMIT);
                    self.start = Start::Newest { limit };
                }
                let wanted = self.window.len().saturating_add(segment.older);
                if let Start::Newest { limit } = &mut self.start {
                    *limit = wanted.max(*limit);
                }
                Segment::begin(self.start, row, &held)
            }
            None => Segment::begin(self.start, row, &held),
        };
        let hole = segment.extend(cache, row, &held)?;
        Ok((segment, hole))
    }

    /// Puts the stored messages of the stretch into the window; those that are shown as they are are not read again.
    fn put_stored(
        &mut self,
        cache: &Connection,
        account: &Account,
        row: &ConversationRow,
        segment: &Segment,
        present: &mut Present,
    ) -> Result<()> {
        // Being read changes a message without a version of its own.
        let read = (self.peer_read_seq.min(row.peer_read_seq), self.peer_read_seq.max(row.peer_read_seq));
        if read.0 < read.1 {
            self.shown.retain(|seq, _| *seq <= read.0 || *seq > read.1);
            self.peer_read_seq = row.peer_read_seq;
        }
        let versions = query::versions(cache, row.row, segment.low, segment.high)?;
        let is_shown = |(seq, modified): &(u64, u64)| self.shown.get(seq) == Some(modified);
        let mut missing = Vec::new();
        for run in versions.chunk_by(|a, b| is_shown(a) == is_shown(b)) {
            if let (Some(first), Some(last)) = (run.first(), run.last())
                && !is_shown(first)
            {
                missing.push((first.0, last.0));
            }
        }
        for (from, to) in missing {
            for stored in query::in_range(cache, row.row, from, to, usize::MAX)? {
                let place = Place::stored(stored.seq);
                let message = stored.into_message(&self.conversation, &account.me)?;
                present.insert(place, Some(message.id.clone()));
                self.window.put(message.id.clone(), place, message, &mut self.diffs);
            }
        }
        for (seq, _) in &versions {
            present.entry(Place::stored(*seq)).or_default();
        }
        self.shown = versions.into_iter().collect();
        Ok(())
    }

    /// Puts own messages that are not at the server where they were written.
    fn put_waiting(
        &mut self,
        account: &Account,
        waiting: Vec<OutboxRow>,
        from: Place,
        below: Place,
        present: &mut Present,
    ) {
        for row in waiting {
            let place = Place::of(&row);
            if place >= from && place < below {
                let message = waiting_message(&row, &account.me);
                present.insert(place, Some(message.id.clone()));
                self.window.put(message.id.clone(), place, message, &mut self.diffs);
            }
        }
    }
}

/// A window that begins anew at the newest end has no more than this at once.
const NEWEST_LIMIT: usize = 200;

impl Start {
    fn limit(self) -> usize {
        match self {
            Self::Newest { limit } => limit,
            Self::At { older, newer, .. } => older.saturating_add(newer),
        }
        .clamp(1, NEWEST_LIMIT)
    }

    fn grow(&mut self, more_older: usize, more_newer: usize) {
        match self {
            Self::Newest { limit } => *limit = limit.saturating_add(more_older),
            Self::At { older, newer, .. } => {
                *older = older.saturating_add(more_older);
                *newer = newer.saturating_add(more_newer);
            }
        }
    }
}

impl View for TimelineView {
    type Update = TimelineUpdate;

    fn refresh(&mut self, cache: &Connection, account: &Account, due: Due) -> Result<()> {
        // Before the store is looked at: what is stored meanwhile is then seen there.
        let waiting = account.waiting(&self.conversation);
        self.grant(&due);
        let waiting = not_stored(cache, waiting, &account.me)?;
        let mut present = Present::new();
        let (status, hole) = match query::head(cache, &self.conversation)? {
            Some(row) => {
                let (segment, hole) = self.place(cache, &row)?;
                self.put_stored(cache, account, &row, &segment, &mut present)?;
                let has_older = segment.low > row.visible_from.max(1);
                let from = if has_older { Place::stored(segment.low) } else { Place::START };
                // Own ones stand at a live end even while messages before them are still being fetched.
                let below = if segment.follows { Place::END } else { Place::stored(segment.high + 1) };
                let has_waiting_above = waiting.iter().any(|row| Place::of(row) >= below);
                self.put_waiting(account, waiting, from, below, &mut present);
                let status = TimelineStatus {
                    has_older,
                    has_newer: segment.high < row.head_seq || has_waiting_above,
                    at_live_end: segment.follows && segment.high >= row.head_seq,
                    complete: hole.is_none(),
                };
                self.segment = Some(segment);
                (status, hole)
            }
            None => {
                // Not on this device. That is all there is once everything was synchronised.
                self.segment = None;
                self.shown.clear();
                self.put_waiting(account, waiting, Place::START, Place::END, &mut present);
                let known = account.is_synchronised();
                (
                    TimelineStatus {
                        has_older: !known,
                        has_newer: false,
                        at_live_end: true,
                        complete: known,
                    },
                    None,
                )
            }
        };
        // Another message than the one shown may stand at its place: the log is another one then.
        let stays = |place, shown: &MessageId| {
            present.get(&place).is_some_and(|id| id.as_ref().is_none_or(|id| id == shown))
        };
        self.window.retain(stays, &mut self.diffs);
        self.holes.send_replace(hole);
        self.news |= !self.told || self.status != status;
        self.status = status;
        Ok(())
    }

    fn take(&mut self) -> Option<TimelineUpdate> {
        if !self.news && self.diffs.is_empty() {
            return None;
        }
        self.news = false;
        let diffs = std::mem::take(&mut self.diffs);
        let status = self.status;
        if std::mem::replace(&mut self.told, true) {
            return Some(TimelineUpdate::Changes { diffs, status });
        }
        Some(TimelineUpdate::Snapshot { items: self.window.items(), status })
    }

    fn reset() -> TimelineUpdate {
        TimelineUpdate::Reset
    }
}
