//! Observers whose replay is compared with a fresh reading of the store.

use std::sync::Weak;

use whinchat_proto::id::ConversationId;

use super::super::list::{ConversationObserver, ConversationUpdate};
use super::super::timeline::{TimelineStatus, TimelineUpdate};
use super::super::timeline_observer::{TimelineObserver, TimelineWindow};
use super::world::World;
use crate::account::{Account, Place, not_stored, waiting_message};
use crate::conversation::Conversation;
use crate::message::{HISTORY_LIMIT, History, Message};
use crate::store::query;
use crate::sync::HeldRanges;

/// A list on a screen.
pub(super) struct ListScreen {
    pub(super) observer: ConversationObserver,
    pub(super) limit: usize,
    list: Vec<Conversation>,
    has_more: bool,
    told: bool,
}

impl ListScreen {
    pub(super) fn open(world: &World, limit: usize) -> Self {
        let observer = ConversationObserver::new(&world.account, Weak::new(), limit);
        Self { observer, limit, list: Vec::new(), has_more: false, told: false }
    }

    pub(super) fn grow(&mut self, count: usize) {
        self.observer.grow(count);
        self.limit += count;
    }

    /// The app comes for what is new; what it shows then is what is stored.
    pub(super) async fn look(&mut self, world: &World) {
        match self.observer.observation.now().await {
            Some(ConversationUpdate::Snapshot { items, has_more }) => {
                assert!(!self.told, "a snapshot comes once");
                (self.list, self.has_more, self.told) = (items, has_more, true);
            }
            Some(ConversationUpdate::Changes { diffs, has_more }) => {
                assert!(self.told, "a snapshot comes first");
                diffs.into_iter().for_each(|diff| diff.apply(&mut self.list));
                self.has_more = has_more;
            }
            Some(ConversationUpdate::Reset) => panic!("nobody has logged out"),
            None => {}
        }
        let fresh = world.account.conversations(None, self.limit + 1).await.unwrap().items;
        let shown = &fresh[..fresh.len().min(self.limit)];
        assert_eq!(self.list, shown, "the replayed list is the stored one");
        assert_eq!(self.has_more, fresh.len() > self.limit);
    }
}

/// A conversation on a screen.
pub(super) struct TimelineScreen {
    pub(super) observer: TimelineObserver,
    pub(super) at: usize,
    list: Vec<Message>,
    status: TimelineStatus,
    told: bool,
}

/// What the store says of a conversation.
struct Stored {
    head: u64,
    first: u64,
    held: HeldRanges,
    messages: Vec<(Place, Message)>,
    waiting: Vec<(Place, Message)>,
    is_known: bool,
}

async fn stored(account: &Account, id: &ConversationId) -> Stored {
    let (id, me, waiting) = (id.clone(), account.me.clone(), account.waiting(id));
    let read = move |cache: &rusqlite::Connection| {
        let waiting = not_stored(cache, waiting, &me)?;
        let waiting = waiting.iter().map(|row| (Place::of(row), waiting_message(row, &me))).collect();
        let Some(row) = query::head(cache, &id)? else {
            let (held, messages) = (HeldRanges::default(), Vec::new());
            return Ok(Stored { head: 0, first: 1, held, messages, waiting, is_known: false });
        };
        let messages = query::in_range(cache, row.row, 1, u64::MAX >> 1, usize::MAX)?
            .into_iter()
            .map(|stored| (Place::stored(stored.seq), stored.into_message(&id, &me).unwrap()))
            .collect();
        let held = query::held(cache, row.row)?;
        let (head, first) = (row.head_seq, row.visible_from.max(1));
        Ok(Stored { head, first, held, messages, waiting, is_known: true })
    };
    account.store.cache.readers.read(read).await.unwrap()
}

impl TimelineScreen {
    pub(super) async fn open(world: &World, at: usize, window: TimelineWindow) -> Self {
        let observer =
            TimelineObserver::new(&world.account, Weak::new(), &world.logs[at].id, window).await.unwrap();
        Self { observer, at, list: Vec::new(), status: TimelineStatus::default(), told: false }
    }

    /// The newest end is wanted; a snapshot follows.
    pub(super) fn newest(&mut self) {
        self.observer.newest();
        self.told = false;
    }

    /// What is missing at an end of the window.
    pub(super) fn hole(&self) -> Option<(u64, u64)> {
        self.observer.observation.with(|view| view.holes().borrow().clone()).map(|hole| (hole.from, hole.to))
    }

    pub(super) fn texts(&self) -> Vec<&str> {
        self.list.iter().filter_map(Message::text).collect()
    }

    pub(super) fn status(&self) -> TimelineStatus {
        self.status
    }

    /// The app comes for what is new; what it shows then is what is stored, and a stretch without a hole.
    pub(super) async fn look(&mut self, world: &World) {
        match self.observer.observation.now().await {
            Some(TimelineUpdate::Snapshot { items, status }) => {
                assert!(!self.told, "a snapshot comes once");
                (self.list, self.status, self.told) = (items, status, true);
            }
            Some(TimelineUpdate::Changes { diffs, status }) => {
                assert!(self.told, "a snapshot comes first");
                diffs.into_iter().for_each(|diff| diff.apply(&mut self.list));
                self.status = status;
            }
            Some(TimelineUpdate::Reset) => panic!("nobody has logged out"),
            None => {}
        }
        let id = &world.logs[self.at].id;
        let stored = stored(&world.account, id).await;
        let expected = self.expected(&stored);
        assert_eq!(self.list, expected, "the replayed timeline is the stored one");
        if stored.is_known && self.status.at_live_end && !self.list.is_empty() {
            let limit = self.list.len().min(HISTORY_LIMIT);
            let page = world.account.history(id, History::newest(limit)).await.unwrap();
            // A page before a hole may end early.
            let limit = if self.status.complete { limit } else { page.messages.len() };
            let tail = self.list.iter().rev().take(limit);
            assert!(page.messages.iter().eq(tail), "a timeline and a page of history agree");
        }
    }

    /// Everything that belongs into the window by its bounds, and that the bounds are right.
    fn expected(&self, stored: &Stored) -> Vec<Message> {
        let segment = self.observer.observation.with(|view| view.segment().cloned());
        let Some(segment) = segment else {
            assert!(!stored.is_known);
            return in_order(stored.waiting.clone());
        };
        let (low, high, first, head) = (segment.low, segment.high, stored.first, stored.head);
        assert!(low >= first && high <= head.max(low - 1), "{segment:?}: {first}..={head}");
        for seq in low..=high {
            assert!(stored.held.containing(seq).is_some(), "{segment:?} has a hole at {seq}");
        }
        let is_obstructed_below = low > first && stored.held.containing(low - 1).is_none();
        let is_obstructed_above = high < head && stored.held.containing(high + 1).is_none();
        assert!(segment.older == 0 || is_obstructed_below, "{segment:?} could show more older ones");
        assert!(!segment.follows || high >= head || is_obstructed_above, "{segment:?} could show newer ones");
        assert!(segment.newer == 0 || is_obstructed_above, "{segment:?} could show more newer ones");
        assert_eq!(self.status.has_older, low > first);
        assert_eq!(self.status.at_live_end, segment.follows && high >= head);
        let is_missing = segment.older > 0 || segment.newer > 0 || (segment.follows && high < head);
        assert_eq!(self.status.complete, !is_missing, "{segment:?} {:?}", self.status);
        let is_below_end = |place: &Place| segment.follows || *place < Place::stored(high + 1);
        let is_shown = |place: &Place| (low <= first || *place >= Place::stored(low)) && is_below_end(place);
        let waits_above = stored.waiting.iter().any(|(place, _)| !is_below_end(place));
        assert_eq!(self.status.has_newer, high < head || waits_above);
        let messages = stored.messages.iter().filter(|(place, _)| (low..=high).contains(&place.seq()));
        let waiting = stored.waiting.iter().filter(|(place, _)| is_shown(place));
        in_order(messages.chain(waiting).cloned().collect())
    }
}

fn in_order(mut messages: Vec<(Place, Message)>) -> Vec<Message> {
    messages.sort_by_key(|(place, _)| *place);
    messages.into_iter().map(|(_, message)| message).collect()
}
