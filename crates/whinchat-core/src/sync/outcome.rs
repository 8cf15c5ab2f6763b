//! What applying inputs brought.

use std::collections::{HashMap, HashSet};

use whinchat_proto::id::ConversationId;

use super::log::Deleted;

/// A stretch to fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Want {
    pub(crate) conversation: ConversationId,
    pub(crate) epoch: u64,
    pub(crate) from: u64,
    pub(crate) to: u64,
}

/// What the user had done in a conversation and the server has forgotten, since it was put back to an older copy: it is to
/// be told again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Forgotten {
    pub(crate) conversation: ConversationId,
    pub(crate) epoch: u64,
    /// How far he has read.
    pub(crate) read_seq: Option<u64>,
    /// Up to where he has emptied it.
    pub(crate) cleared_seq: Option<u64>,
    /// What he has deleted.
    pub(crate) deleted: Vec<u64>,
}

/// What applying inputs brought: to be acted on once the transaction has committed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outcome {
    /// Conversations with a new state, each once, in the order of their first change.
    pub(crate) changed: Vec<ConversationId>,
    /// History came in that changes nothing in the conversation list: conversation, first and last seq.
    pub(crate) filled: Vec<(ConversationId, u64, u64)>,
    /// Messages to announce to the app, in order: conversation, first and last seq.
    pub(crate) announced: Vec<(ConversationId, u64, u64)>,
    /// Conversations that are gone.
    pub(crate) removed: Vec<ConversationId>,
    /// Stretches to fetch.
    pub(crate) wants: Vec<Want>,
    /// Conversations whose state has to be asked for.
    pub(crate) lookups: Vec<ConversationId>,
    /// Something of the change log is missing.
    pub(crate) hole: bool,
    /// A conversation is new here. If it vanished again, what another device has read of it would not be announced.
    pub(crate) begun: bool,
    /// Conversations that were not held here before.
    pub(crate) added: Vec<ConversationId>,
    /// One to one conversations whose other side has read further.
    pub(crate) receipts: Vec<ConversationId>,
    /// Messages that were deleted, by conversation.
    pub(crate) deleted: Vec<(ConversationId, Vec<Deleted>)>,
    /// Own sends that were stored in a log which is not the one held here: they stay in the outbox until it is.
    pub(crate) unplaced: Vec<whinchat_proto::id::ClientMessageId>,
    /// What the server has forgotten of the user's.
    pub(crate) forgotten: Vec<Forgotten>,
    /// The same as `changed`, to look up.
    pub(crate) is_changed: HashSet<ConversationId>,
    /// Where in `wants` a conversation stands.
    pub(crate) wanted: HashMap<ConversationId, usize>,
}

impl Outcome {
    pub(super) fn change(&mut self, conversation: &ConversationId) {
        if !self.is_changed.contains(conversation) {
            self.is_changed.insert(conversation.clone());
            self.changed.push(conversation.clone());
        }
    }

    /// The newest want of a conversation is the one that counts.
    pub(super) fn want(&mut self, want: Want) {
        match self.wanted.get(&want.conversation).and_then(|at| self.wants.get_mut(*at)) {
            Some(other) => *other = want,
            None => {
                self.wanted.insert(want.conversation.clone(), self.wants.len());
                self.wants.push(want);
            }
        }
    }

    pub(super) fn forget(&mut self, removed: Vec<ConversationId>) {
        self.wants.retain(|want| !removed.contains(&want.conversation));
        self.wanted =
            self.wants.iter().enumerate().map(|(at, want)| (want.conversation.clone(), at)).collect();
        self.removed.extend(removed);
    }

    pub(super) fn receipt(&mut self, conversation: &ConversationId) {
        if !self.receipts.contains(conversation) {
            self.receipts.push(conversation.clone());
        }
    }

    /// Whether something is to be asked for.
    pub(crate) fn misses_something(&self) -> bool {
        self.hole || !self.wants.is_empty() || !self.lookups.is_empty()
    }

    /// Takes over what another one found missing.
    pub(crate) fn add_missing(&mut self, other: &Self) {
        self.hole |= other.hole;
        other.wants.iter().for_each(|want| self.want(want.clone()));
        other.lookups.iter().for_each(|conversation| self.look_up(conversation));
    }

    pub(super) fn look_up(&mut self, conversation: &ConversationId) {
        if !self.lookups.contains(conversation) {
            self.lookups.push(conversation.clone());
        }
    }
}
