//! Pages of the conversation list behind a number, `nextSeq`.
//!
//! A list that changes while it is paged: what moves to the top meanwhile would be skipped, and what moves down would come
//! twice. So a run of pages remembers what it has given, and its last pages bring what has passed it on the way up.

use std::collections::hash_map::DefaultHasher;
use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::{Hash as _, Hasher as _};
use std::sync::{Arc, Mutex, PoisonError};

use whinchat_core::{ConversationCursor, ConversationId, Conversations, Error, ErrorCode, Result};

/// `nextSeq` after the last page: leads to an empty page, again and again.
pub(crate) const END: u64 = 9_007_199_254_740_991;
/// How many places are remembered; the oldest goes first.
const PLACES: usize = 256;

/// Where runs of pages go on.
#[derive(Debug, Default)]
pub(crate) struct Pages {
    next: u64,
    places: VecDeque<(u64, Place)>,
}

/// Where a run goes on.
#[derive(Clone, Debug)]
struct Place {
    run: Arc<Run>,
    /// Number of the page in its run.
    page: u32,
    /// Behind what the list goes on; from the top if none.
    after: Option<ConversationCursor>,
    /// The list was read to its end: what has passed it on the way up is still to come.
    passed: bool,
}

/// A run of pages from the top of the list to its end.
#[derive(Debug, Default)]
struct Run {
    /// The top of the list when it began: what is above that has moved up meanwhile.
    top: Mutex<Option<ConversationCursor>>,
    /// On which page a conversation was given.
    given: Mutex<HashMap<u64, u32>>,
}

impl Run {
    /// Where the run began: at the first conversation of its first page.
    fn top(&self, first: Option<ConversationCursor>) -> Option<ConversationCursor> {
        let mut top = self.top.lock().unwrap_or_else(PoisonError::into_inner);
        if top.is_none() {
            *top = first;
        }
        top.clone()
    }

    /// Whether this page has the conversation. Asked again for the same page, the answer is the same.
    fn takes(&self, id: &ConversationId, page: u32) -> bool {
        let mut hasher = DefaultHasher::new();
        id.to_string().hash(&mut hasher);
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        *given.entry(hasher.finish()).or_insert(page) == page
    }
}

/// A page.
pub(crate) struct Page {
    /// Its conversations, newest activity first.
    pub(crate) items: Vec<whinchat_core::Conversation>,
    /// Where the next one starts, unless this was the last.
    next: Option<NextPlace>,
}

/// Where the next page starts; to be given a number.
struct NextPlace(Place);

impl Page {
    /// Whether nothing follows.
    pub(crate) fn is_last(&self) -> bool {
        self.next.is_none()
    }
}

impl Pages {
    /// The place of a number.
    fn place(&self, next_seq: u64) -> Result<Place> {
        if next_seq == 0 {
            return Ok(Place { run: Arc::default(), page: 0, after: None, passed: false });
        }
        let known = self.places.iter().find(|(number, _)| *number == next_seq);
        known.map(|(_, place)| place.clone()).ok_or_else(|| {
            Error::new(
                ErrorCode::BadParameter,
                "`nextSeq` is wrong: pass 0 for the first page, then what the page before gave",
            )
        })
    }

    /// The number under which a run goes on behind `page`.
    pub(crate) fn number(&mut self, page: &mut Page) -> u64 {
        let Some(NextPlace(place)) = page.next.take() else { return END };
        while self.places.len() >= PLACES {
            self.places.pop_front();
        }
        self.next += 1;
        self.places.push_back((self.next, place));
        self.next
    }

    /// What reads the page behind a number; none behind the last page.
    pub(crate) fn reader(&self, next_seq: u64) -> Result<Option<Reader>> {
        if next_seq == END {
            return Ok(None);
        }
        Ok(Some(Reader(self.place(next_seq)?)))
    }
}

/// Reads one page, without holding on to the session meanwhile.
pub(crate) struct Reader(Place);

impl Reader {
    /// The page, of `count` conversations at most, and fewer only where the run ends.
    pub(crate) async fn read(self, list: &Conversations, count: usize) -> Result<Page> {
        let Self(mut place) = self;
        let mut items = Vec::with_capacity(count);
        // A page that ends the list and begins again at its top meets what it has itself.
        let mut here = HashSet::new();
        while items.len() < count {
            let read = list.list(place.after.as_ref(), count - items.len()).await?;
            let top = place.run.top(read.first);
            let page = place.page;
            let new = |item: &whinchat_core::Conversation| {
                place.run.takes(&item.id, page) && here.insert(item.id.clone())
            };
            items.extend(read.items.into_iter().filter(new));
            match read.next {
                // On the way to the end; or again from the top, to where the run began.
                Some(next) if !place.passed || top.is_some_and(|top| next > top) => place.after = Some(next),
                _ if place.passed => return Ok(Page { items, next: None }),
                _ => (place.after, place.passed) = (None, true),
            }
        }
        place.page += 1;
        Ok(Page { items, next: Some(NextPlace(place)) })
    }
}
