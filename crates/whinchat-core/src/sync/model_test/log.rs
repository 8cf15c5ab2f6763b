//! One conversation's log on the model server.

use std::collections::BTreeMap;

use bytes::Bytes;
use whinchat_proto::id::{ClientMessageId, ConversationId, UserId};
use whinchat_proto::wire::MessageKind;

use crate::sync::input::{GroupState, LogState};
use crate::sync::{Entry, EntryBody, Floor, Message, Totals};

/// Repeatable draws, so that a failing schedule can be shrunk.
#[derive(Clone, Debug)]
pub(super) struct Draw(pub(super) u64);

impl Draw {
    /// A number in `0..below`.
    pub(super) fn below(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % below
    }
}

/// What somebody writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Writing {
    pub(super) own: bool,
    pub(super) counted: bool,
    /// Not for this reader.
    pub(super) blank: bool,
    /// A notice that the group has changed.
    pub(super) tip: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub(super) client_id: ClientMessageId,
    pub(super) writing: Writing,
    time_ms: i64,
    totals: Totals,
}

#[derive(Clone, Debug)]
pub(super) struct Conversation {
    pub(super) epoch: u64,
    pub(super) previous_epoch: u64,
    pub(super) base: u64,
    pub(super) log: Vec<Stored>,
    pub(super) floor: u64,
    pub(super) read: u64,
    pub(super) visible_from: u64,
    pub(super) left_at: Option<u64>,
    pub(super) version: u64,
    /// How far the other side has read.
    pub(super) peer_read: u64,
    /// The user has emptied it up to here.
    pub(super) cleared: u64,
    /// What he has deleted: places, each with the version that told of it.
    pub(super) deleted: BTreeMap<u64, u64>,
    /// A large group: it moves no log.
    pub(super) large: bool,
    /// Its last movement, and the one up to which `version` names it.
    pub(super) moved: u64,
    pub(super) seen: u64,
    /// Who is in it beside this user, as far as a list shows it.
    pub(super) members: u32,
}

impl Conversation {
    pub(super) fn head(&self) -> u64 {
        self.left_at.unwrap_or(self.log.len() as u64)
    }

    pub(super) fn at(&self, seq: u64) -> Option<&Stored> {
        self.log.get(usize::try_from(seq.checked_sub(1)?).ok()?)
    }

    pub(super) fn totals_at(&self, seq: u64) -> Totals {
        self.at(seq).map_or_else(Totals::default, |stored| stored.totals)
    }

    pub(super) fn floor_at(&self, seq: u64) -> Floor {
        Floor { seq, totals: self.totals_at(seq) }
    }

    /// Counts one by one what the engine derives: counted, visible, of others, in `floor + 1 ..= head`.
    pub(super) fn count_unread(&self, floor: u64, head: u64, is_gone: impl Fn(u64) -> bool) -> u64 {
        let unread = |writing: Writing| writing.counted && !writing.blank && !writing.own;
        (floor + 1..=head)
            .filter(|seq| !is_gone(*seq))
            .filter(|seq| self.at(*seq).is_some_and(|stored| unread(stored.writing)))
            .count() as u64
    }

    /// Whether the user has deleted it, as far as the server knows.
    pub(super) fn is_gone(&self, seq: u64) -> bool {
        seq <= self.cleared || self.deleted.contains_key(&seq)
    }

    pub(super) fn write(&mut self, client_id: ClientMessageId, writing: Writing, time_ms: i64) -> u64 {
        let before = self.totals_at(self.log.len() as u64);
        let totals = Totals {
            counted: before.counted + u64::from(writing.counted),
            own: before.own + u64::from(writing.counted && writing.own),
        };
        self.log.push(Stored { client_id, writing, time_ms, totals });
        self.log.len() as u64
    }

    /// As the log has it, whatever the user has deleted.
    pub(super) fn entry(&self, seq: u64) -> Entry {
        let stored = self.at(seq).expect("an entry that exists");
        let Writing { own, counted, blank, tip } = stored.writing;
        let name = if own { "me" } else { "other" };
        let body = if blank {
            EntryBody::Blank { counted }
        } else {
            EntryBody::Message(Message {
                sender: UserId::new(name).expect("an id"),
                client_id: stored.client_id,
                excluded_from_unread: !counted,
                excluded_from_last_message: false,
                kind: if tip { MessageKind::GroupTip.into() } else { 1 },
                envelope: Bytes::new(),
                content: Bytes::copy_from_slice(&stored.client_id.0),
            })
        };
        Entry {
            seq,
            time_ms: if blank { 0 } else { stored.time_ms },
            modified: 0,
            counted: stored.totals.counted,
            // The model has one other sender.
            counted_by_sender: match (blank, own) {
                (true, _) => 0,
                (false, true) => stored.totals.own,
                (false, false) => stored.totals.counted - stored.totals.own,
            },
            body,
        }
    }

    /// As the user may have it.
    pub(super) fn entries(&self, from: u64, to: u64) -> Vec<Entry> {
        let seen = |seq| {
            let entry = self.entry(seq);
            let Some(Stored { writing, .. }) = self.at(seq).filter(|_| self.is_gone(seq)) else {
                return entry;
            };
            Entry {
                time_ms: 0,
                counted_by_sender: if writing.own { entry.counted_by_sender } else { 0 },
                body: EntryBody::Blank { counted: writing.counted && !writing.own },
                ..entry
            }
        };
        (from.max(self.visible_from)..=to.min(self.head())).map(seen).collect()
    }

    /// Deletes; gives what was there and was not deleted.
    pub(super) fn delete(&mut self, epoch: u64, seqs: &[u64], version: u64) -> Vec<u64> {
        let last = self.seen(epoch, u64::MAX);
        let first = self.visible_from;
        let is_there = |seq: &u64| *seq >= first && *seq <= last && !self.deleted.contains_key(seq);
        let is_mine = |seq: &u64| self.at(*seq).is_some_and(|stored| !stored.writing.blank);
        let gone: Vec<u64> = seqs.iter().copied().filter(|seq| is_there(seq) && is_mine(seq)).collect();
        self.deleted.extend(gone.iter().map(|seq| (*seq, version)));
        gone
    }

    /// Empties it; whether that changed anything.
    pub(super) fn clear(&mut self, epoch: u64, seq: u64) -> bool {
        let seen = self.seen(epoch, seq);
        if seen < self.visible_from {
            return false;
        }
        (self.cleared, self.visible_from) = (seen, seen + 1);
        self.floor = self.floor.max(seen);
        self.deleted.retain(|seq, _| *seq > seen);
        true
    }

    /// How much of what was seen in a log counts in the log as it is.
    pub(super) fn seen(&self, epoch: u64, seq: u64) -> u64 {
        let seq = match epoch {
            epoch if epoch == self.epoch => seq,
            epoch if epoch == self.previous_epoch => seq.min(self.base),
            _ => 0,
        };
        seq.min(self.head())
    }

    pub(super) fn summary(&self, id: &ConversationId) -> Option<GroupState> {
        matches!(id, ConversationId::Group(_)).then(|| GroupState {
            kind: "Work".to_owned(),
            name: String::new(),
            owner: String::new(),
            member_count: self.members,
        })
    }

    pub(super) fn state(&self, id: &ConversationId) -> LogState {
        let head = self.head();
        let first = if self.visible_from == self.cleared + 1 { 1 } else { self.visible_from };
        let window = first..=head;
        let is_excepted = |writing: Writing, seq: u64| {
            writing.counted && (writing.blank || !writing.own && self.deleted.contains_key(&seq))
        };
        LogState {
            conversation: id.clone(),
            epoch: self.epoch,
            previous_epoch: self.previous_epoch,
            epoch_base: self.base,
            head_seq: head,
            head_modified: 0,
            totals: self.totals_at(head),
            floor: self.floor_at(self.floor),
            read_seq: self.read,
            visible_from: self.visible_from,
            left: self.left_at.is_some(),
            excepted: (self.floor + 1..=head)
                .filter(|seq| self.at(*seq).is_some_and(|stored| is_excepted(stored.writing, *seq)))
                .collect(),
            active_ms: (window.rev().filter_map(|seq| self.at(seq)))
                .find(|stored| !stored.writing.blank)
                .map_or(0, |stored| stored.time_ms),
            group: self.summary(id),
            version: self.version,
            peer_read_seq: self.peer_read,
            cleared_seq: self.cleared,
            deleted: Vec::new(),
        }
    }
}
