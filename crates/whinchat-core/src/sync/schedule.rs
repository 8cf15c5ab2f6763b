//! Which requests to make, and when there is nothing left to ask.

use std::collections::{HashMap, HashSet, VecDeque};

use whinchat_proto::id::ConversationId;
use whinchat_proto::limits::{BATCH_ITEMS, PAGE_ENTRIES};

use super::cursor::Position;
use super::outcome::{Outcome, Want};

/// A request to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Request {
    /// Changes after `since`; with `below` a further page. Deletions from `deleted_since` on.
    Changes { epoch: u64, since: u64, below: u64, deleted_since: Option<u64> },
    /// Entries.
    Fetch(Vec<Want>),
    /// Conversation states.
    LookUp(Vec<ConversationId>),
}

/// Asks for a page of changes.
fn changes(position: &Position, since: u64, below: u64) -> Request {
    Request::Changes { epoch: position.epoch, since, below, deleted_since: position.deleted_since() }
}

/// Fetches that may be under way at once: some being served while the answers of others are applied.
const FETCHES: usize = 4;

/// Whether the change log may be asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Hold {
    #[default]
    Free,
    /// Not before it is asked again.
    PutOff,
    /// Not before something new asks for it.
    GivenUp,
}

/// What is wanted and what is under way on this connection. Kept in memory only: the store knows what is missing, and
/// [`super::Input::Up`] lists it again.
#[derive(Debug, Default)]
pub(crate) struct Schedule {
    up: bool,
    hole: bool,
    /// The last request for changes was for a first page.
    read_first_page: bool,
    changes_under_way: bool,
    changes_held: Hold,
    lookup_under_way: bool,
    fetches_under_way: usize,
    /// Of these, so many are answered, and the answers are being applied.
    applying: usize,
    /// What is wanted, one stretch a conversation; `turns` tells whose turn it is.
    wants: HashMap<ConversationId, Want>,
    turns: VecDeque<ConversationId>,
    lookups: VecDeque<ConversationId>,
    fetching: HashSet<ConversationId>,
}

impl Schedule {
    /// The connection stands.
    pub(crate) fn up(&mut self) {
        *self = Self { up: true, ..Self::default() };
    }

    /// The connection is gone: whatever was under way will not be answered.
    pub(crate) fn down(&mut self) {
        *self = Self::default();
    }

    /// Whether the connection stands.
    pub(crate) fn is_up(&self) -> bool {
        self.up
    }

    /// Takes what applying inputs found missing.
    pub(crate) fn note(&mut self, outcome: &Outcome) {
        if !self.up {
            return;
        }
        self.hole |= outcome.hole;
        if outcome.hole && self.changes_held == Hold::GivenUp {
            self.changes_held = Hold::Free;
        }
        for want in &outcome.wants {
            self.want(want.clone());
        }
        for conversation in &outcome.lookups {
            if !self.lookups.contains(conversation) {
                self.lookups.push_back(conversation.clone());
            }
        }
    }

    fn want(&mut self, want: Want) {
        // What is under way is looked at again when its answer is applied.
        if self.fetching.contains(&want.conversation) {
            return;
        }
        let conversation = want.conversation.clone();
        if self.wants.insert(conversation.clone(), want).is_none() {
            self.turns.push_back(conversation);
        }
    }

    /// The wants of one fetch: as many as one answer may hold, since what it does not reach is asked for in vain.
    fn take_wants(&mut self) -> Vec<Want> {
        let mut taken = Vec::new();
        let mut room = u64::try_from(PAGE_ENTRIES).unwrap_or(u64::MAX);
        while taken.len() < BATCH_ITEMS {
            let Some(want) = self.turns.front().and_then(|next| self.wants.get(next)) else { break };
            let entries = (want.to + 1).saturating_sub(want.from);
            if entries > room && !taken.is_empty() {
                break;
            }
            room = room.saturating_sub(entries);
            if let Some(conversation) = self.turns.pop_front() {
                taken.extend(self.wants.remove(&conversation));
                self.fetching.insert(conversation);
            }
        }
        taken
    }

    /// The requests to make now; they count as under way until [`Self::done`].
    pub(crate) fn next(&mut self, position: &Position) -> Vec<Request> {
        let mut requests = Vec::new();
        if !self.up {
            return requests;
        }
        if !self.changes_under_way && self.changes_held == Hold::Free {
            // In turn: where much is pushed, there is always something new to read, and the gaps have to close as well.
            let gap = position.gaps.first().filter(|_| !self.hole || self.read_first_page);
            self.read_first_page = gap.is_none();
            if let Some(gap) = gap {
                self.changes_under_way = true;
                requests.push(changes(position, gap.from, gap.below));
            } else if self.hole {
                self.hole = false;
                self.changes_under_way = true;
                requests.push(changes(position, position.top, 0));
            }
        }
        if !self.lookup_under_way && !self.lookups.is_empty() {
            self.lookup_under_way = true;
            let count = self.lookups.len().min(BATCH_ITEMS);
            requests.push(Request::LookUp(self.lookups.drain(..count).collect()));
        }
        while self.fetches_under_way < FETCHES + self.applying.min(FETCHES) && !self.wants.is_empty() {
            self.fetches_under_way += 1;
            requests.push(Request::Fetch(self.take_wants()));
        }
        requests
    }

    /// The answer to a request is here and waits to be applied, or is, until [`Self::done`]. The next fetch need not wait for
    /// that.
    pub(crate) fn answered(&mut self, request: &Request) {
        if matches!(request, Request::Fetch(_)) {
            self.applying += 1;
        }
    }

    /// A request has ended; call this before the answer's outcome is noted.
    pub(crate) fn done(&mut self, request: &Request) {
        match request {
            Request::Changes { .. } => self.changes_under_way = false,
            Request::LookUp(_) => self.lookup_under_way = false,
            Request::Fetch(wants) => {
                self.fetches_under_way = self.fetches_under_way.saturating_sub(1);
                self.applying = self.applying.saturating_sub(1);
                for want in wants {
                    self.fetching.remove(&want.conversation);
                }
            }
        }
    }

    /// A request has ended without an answer, and is asked [again](Self::again) later.
    pub(crate) fn put_off(&mut self, request: &Request) {
        self.hold(request, Hold::PutOff);
    }

    /// A request was refused for good: what it was to bring stays missing until something new asks for it.
    pub(crate) fn give_up(&mut self, request: &Request) {
        self.hold(request, Hold::GivenUp);
    }

    fn hold(&mut self, request: &Request, hold: Hold) {
        self.done(request);
        if matches!(request, Request::Changes { .. }) {
            // A gap stands in the position, and would be asked for at once.
            self.changes_held = hold;
        }
    }

    /// Asks again for what was not answered, or only in part.
    pub(crate) fn again(&mut self, request: Request) {
        if !self.up {
            return;
        }
        match request {
            Request::Changes { below, .. } => {
                // Of a further page, the gap is still in the position.
                self.hole |= below == 0;
                self.changes_held = Hold::Free;
            }
            Request::LookUp(conversations) => self.lookups.extend(conversations),
            Request::Fetch(wants) => wants.into_iter().for_each(|want| self.want(want)),
        }
    }

    /// Whether everything that is wanted eagerly is in.
    pub(crate) fn is_settled(&self, position: &Position) -> bool {
        self.up
            && !self.hole
            && !self.changes_under_way
            && !self.lookup_under_way
            && self.fetches_under_way == 0
            && self.wants.is_empty()
            && self.lookups.is_empty()
            && position.gaps.is_empty()
    }
}
