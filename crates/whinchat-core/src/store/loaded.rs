//! The logs that one transaction has loaded.

use std::collections::HashMap;

use whinchat_proto::id::ConversationId;

use crate::sync::{HeldRanges, Log};

/// One of them.
pub(super) struct Loaded {
    pub(super) row: i64,
    /// Whether something was deleted here one by one; looked up when it matters.
    pub(super) has_deletions: Option<bool>,
    pub(super) log: Log,
    /// The held ranges as they stand in the file.
    pub(super) stored: HeldRanges,
    pub(super) dirty: bool,
}

/// See the module. Pages come grouped by conversation, so the one that was looked up last is found without hashing.
#[derive(Default)]
pub(super) struct LoadedLogs {
    logs: Vec<Loaded>,
    places: HashMap<ConversationId, usize>,
    last: Option<(ConversationId, usize)>,
}

impl LoadedLogs {
    /// Where a conversation stands, if it has been loaded.
    pub(super) fn place(&mut self, conversation: &ConversationId) -> Option<usize> {
        if let Some((last, place)) = &self.last
            && last == conversation
        {
            return Some(*place);
        }
        let place = *self.places.get(conversation)?;
        self.last = Some((conversation.clone(), place));
        Some(place)
    }

    /// The log at a place.
    pub(super) fn get_mut(&mut self, place: usize) -> Option<&mut Loaded> {
        self.logs.get_mut(place)
    }

    /// Adds one; gives its place.
    pub(super) fn keep(&mut self, conversation: &ConversationId, loaded: Loaded) -> usize {
        let place = self.logs.len();
        self.logs.push(loaded);
        self.places.insert(conversation.clone(), place);
        self.last = Some((conversation.clone(), place));
        place
    }

    /// Its row is gone: it is neither found nor written any more.
    pub(super) fn forget(&mut self, conversation: &ConversationId) {
        self.last = None;
        if let Some(loaded) = self.places.remove(conversation).and_then(|place| self.logs.get_mut(place)) {
            loaded.dirty = false;
        }
    }

    /// Those that have to be written.
    pub(super) fn dirty(&mut self) -> impl Iterator<Item = &mut Loaded> {
        self.logs.iter_mut().filter(|loaded| loaded.dirty)
    }
}
