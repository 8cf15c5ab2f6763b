//! The server as one of its users meets it: logs, marks, windows and the change log, in plain vectors.

use std::collections::{BTreeMap, VecDeque};

use whinchat_proto::id::{ClientMessageId, ConversationId};
use whinchat_proto::limits::RECENT_ENTRIES;

use super::log::{Conversation, Draw, Writing};
use crate::sync::input::LogState;
use crate::sync::outcome::Want;
use crate::sync::{Acknowledged, ChangesPage, Input, Page, Request};

/// A frame from the server, as what it makes the device do.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub(super) inputs: Vec<Input>,
    pub(super) kind: Kind,
}

/// What else a frame means to the device.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    Welcome,
    Push,
    Pong,
    /// The answer to a request; with what of it was not reached.
    Answer(Request, Vec<Want>),
    /// The answer to a send; false: refused for good.
    Sent(ConversationId, ClientMessageId, bool),
    /// The answer to a mark.
    Marked(ConversationId, u64, u64),
    /// The answer to a deletion or an emptying.
    Forgotten(Box<Input>),
}

/// The server.
#[derive(Clone, Debug)]
pub(super) struct ModelServer {
    pub(super) epoch: u64,
    pub(super) version: u64,
    pub(super) conversations: BTreeMap<ConversationId, Conversation>,
    /// Logs as they were when a restore gave them another epoch.
    pub(super) lost: BTreeMap<(ConversationId, u64), Conversation>,
    /// Positions below this one are too old.
    pub(super) oldest: u64,
    /// Whether the device is connected; then changes are pushed.
    pub(super) live: bool,
    /// Frames of the connection that are still to be put on the wire.
    pub(super) wire: VecDeque<Frame>,
    /// Movements of large groups.
    pub(super) moved: u64,
    pub(super) draw: Draw,
    drawn: u64,
    now_ms: i64,
}

impl ModelServer {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            epoch: 1,
            version: 0,
            conversations: BTreeMap::new(),
            lost: BTreeMap::new(),
            oldest: 0,
            live: false,
            wire: VecDeque::new(),
            moved: 0,
            draw: Draw(seed),
            drawn: 1,
            now_ms: 1_000,
        }
    }

    /// A number that was never given before, not even before a restore.
    fn fresh(&mut self) -> u64 {
        self.drawn += 1;
        self.drawn
    }

    fn fresh_id(&mut self) -> ClientMessageId {
        let mut id = [0xff; 16];
        id[..8].copy_from_slice(&self.fresh().to_be_bytes());
        ClientMessageId(id)
    }

    fn ensure(&mut self, id: &ConversationId) {
        if !self.conversations.contains_key(id) {
            let conversation = Conversation {
                epoch: self.fresh(),
                previous_epoch: 0,
                base: 0,
                log: Vec::new(),
                floor: 0,
                read: 0,
                visible_from: 1,
                left_at: None,
                version: 0,
                peer_read: 0,
                cleared: 0,
                deleted: BTreeMap::new(),
                large: false,
                moved: 0,
                seen: 0,
                members: 1,
            };
            self.conversations.insert(id.clone(), conversation);
        }
    }

    pub(super) fn conversation(&mut self, id: &ConversationId) -> &mut Conversation {
        self.conversations.get_mut(id).expect("a conversation that exists")
    }

    pub(super) fn bump(&mut self, id: &ConversationId) -> Input {
        let prev = self.version;
        self.version += 1;
        self.conversation(id).version = self.version;
        Input::Link { prev, version: prev + 1 }
    }

    fn push(&mut self, input: Input, link: Input) {
        if self.live {
            self.wire.push_back(Frame { inputs: vec![input, link], kind: Kind::Push });
        }
    }

    pub(super) fn push_state(&mut self, id: &ConversationId, entries: u64) {
        let link = self.bump(id);
        let conversation = self.conversation(id);
        let state = Box::new(conversation.state(id));
        let from = (state.head_seq + 1).saturating_sub(entries);
        let entries = conversation.entries(from, state.head_seq);
        self.push(Input::State { state, entries }, link);
    }

    pub(super) fn write(&mut self, id: &ConversationId, writing: Writing) -> u64 {
        self.now_ms += 1;
        let (client_id, now_ms) = (self.fresh_id(), self.now_ms);
        self.moves(id);
        self.conversation(id).write(client_id, writing, now_ms)
    }

    /// Somebody else, or another device of this user, writes.
    pub(super) fn append(&mut self, id: &ConversationId, writing: Writing) {
        let is_new = !self.conversations.contains_key(id);
        self.ensure(id);
        let left = self.conversation(id).left_at.is_some();
        let seq = self.write(id, Writing { own: writing.own && !left, ..writing });
        if left {
            return;
        }
        if is_new {
            self.push_state(id, 1);
        } else if self.conversation(id).large {
            self.push_entry(id, seq);
        } else {
            let link = self.bump(id);
            let conversation = self.conversation(id);
            let (epoch, entry) = (conversation.epoch, conversation.entry(seq));
            self.push(Input::Entry { conversation: id.clone(), epoch, entry, group: None }, link);
        }
    }

    /// This user becomes a member, for the first time or again.
    pub(super) fn join(&mut self, id: &ConversationId, sees_history: bool) {
        let others = Writing { own: false, counted: true, blank: false, tip: false };
        if !self.conversations.contains_key(id) {
            self.ensure(id);
            for _ in 0..4 {
                self.write(id, others);
            }
        } else if self.conversation(id).left_at.is_none() {
            return;
        }
        let conversation = self.conversation(id);
        let seq = conversation.log.len() as u64;
        conversation.visible_from =
            if sees_history && conversation.left_at.is_none() { conversation.cleared + 1 } else { seq + 1 };
        conversation.floor = seq;
        conversation.left_at = None;
        self.write(id, Writing { counted: false, tip: true, ..others });
        self.push_state(id, 1);
    }

    /// This user leaves.
    pub(super) fn leave(&mut self, id: &ConversationId) {
        let Some(conversation) = self.conversations.get_mut(id) else { return };
        if conversation.left_at.is_none() && !conversation.log.is_empty() {
            conversation.left_at = Some(conversation.log.len() as u64);
            self.push_state(id, 0);
        }
    }

    fn move_marks(&mut self, id: &ConversationId, epoch: u64, seq: u64) -> bool {
        let Some(conversation) = self.conversations.get_mut(id) else { return false };
        let seq = conversation.seen(epoch, seq);
        let moved = seq > conversation.floor || seq > conversation.read;
        conversation.floor = conversation.floor.max(seq);
        conversation.read = conversation.read.max(seq);
        moved
    }

    /// Another device of this user marks as read, `back` short of the head.
    pub(super) fn mark_elsewhere(&mut self, id: &ConversationId, back: u64) {
        let Some(conversation) = self.conversations.get(id) else { return };
        let (epoch, seq) = (conversation.epoch, conversation.head().saturating_sub(back));
        if self.move_marks(id, epoch, seq) {
            self.push_state(id, 0);
        }
    }

    /// The other side reads, `back` short of the head.
    pub(super) fn read_by_peer(&mut self, id: &ConversationId, back: u64) {
        let Some(conversation) = self.conversations.get_mut(id) else { return };
        let seq = conversation.head().saturating_sub(back);
        if seq > conversation.peer_read {
            conversation.peer_read = seq;
            self.push_state(id, 0);
        }
    }

    fn delete(&mut self, id: &ConversationId, epoch: u64, seqs: &[u64]) {
        let version = self.version + 1;
        let Some(conversation) = self.conversations.get_mut(id) else { return };
        let gone = conversation.delete(epoch, seqs, version);
        if !gone.is_empty() {
            let link = self.bump(id);
            let state = Box::new(LogState { deleted: gone, ..self.conversation(id).state(id) });
            self.push(Input::State { state, entries: Vec::new() }, link);
        }
    }

    fn clear(&mut self, id: &ConversationId, epoch: u64, seq: u64) {
        if self.conversations.get_mut(id).is_some_and(|conversation| conversation.clear(epoch, seq)) {
            self.push_state(id, 0);
        }
    }

    /// Another device of this user deletes, `back` short of the head.
    pub(super) fn delete_elsewhere(&mut self, id: &ConversationId, back: u64) {
        let Some(conversation) = self.conversations.get(id) else { return };
        let (epoch, seq) = (conversation.epoch, conversation.head().saturating_sub(back));
        self.delete(id, epoch, &[seq, seq.saturating_sub(2)]);
    }

    /// Another device of this user empties, `back` short of the head.
    pub(super) fn clear_elsewhere(&mut self, id: &ConversationId, back: u64) {
        let Some(conversation) = self.conversations.get(id) else { return };
        let (epoch, seq) = (conversation.epoch, conversation.head().saturating_sub(back));
        self.clear(id, epoch, seq);
    }

    /// The device's own deletion or emptying reaches the server. The new state comes as a push, behind or before the answer.
    pub(super) fn forget(&mut self, deletion: &Input) {
        match deletion {
            Input::Deleted { conversation, epoch, seqs } => self.delete(conversation, *epoch, seqs),
            Input::Cleared { conversation, epoch, seq, .. } => self.clear(conversation, *epoch, *seq),
            _ => {}
        }
        self.wire.push_back(Frame {
            inputs: vec![deletion.clone()],
            kind: Kind::Forgotten(Box::new(deletion.clone())),
        });
    }

    /// The device's own mark reaches the server.
    pub(super) fn mark(&mut self, id: &ConversationId, epoch: u64, seq: u64) {
        let link = self.move_marks(id, epoch, seq).then(|| self.bump(id));
        let mut inputs = Vec::new();
        if let Some(conversation) = self.conversations.get(id) {
            let floor = conversation.floor_at(conversation.floor);
            inputs.push(Input::Marked {
                conversation: id.clone(),
                epoch: None,
                floor,
                read_seq: conversation.read,
            });
        }
        inputs.extend(link);
        self.wire.push_back(Frame { inputs, kind: Kind::Marked(id.clone(), epoch, seq) });
    }

    /// The device's own message reaches the server, perhaps not for the first time.
    pub(super) fn send(&mut self, id: &ConversationId, client_id: ClientMessageId) {
        let refused = match self.conversations.get(id) {
            Some(conversation) => conversation.left_at.is_some(),
            None => matches!(id, ConversationId::Group(_)),
        };
        let mut inputs = Vec::new();
        let held = self.conversations.get(id).and_then(|conversation| {
            conversation.log.iter().position(|stored| stored.client_id == client_id)
        });
        if !refused || held.is_some() {
            self.ensure(id);
            self.now_ms += 1;
            let now_ms = self.now_ms;
            if held.is_none() {
                self.moves(id);
            }
            let conversation = self.conversation(id);
            let own = Writing { own: true, counted: true, blank: false, tip: false };
            let seq = held.map_or_else(|| conversation.write(client_id, own, now_ms), |at| at as u64 + 1);
            let (epoch, entry) = (conversation.epoch, conversation.entry(seq));
            inputs.push(Input::Acknowledged(Acknowledged { conversation: id.clone(), epoch, entry }));
            if held.is_none() && !self.conversation(id).large {
                inputs.push(self.bump(id));
            }
        }
        let kind = Kind::Sent(id.clone(), client_id, !inputs.is_empty());
        self.wire.push_back(Frame { inputs, kind });
    }

    /// The server's files are replaced by older ones.
    pub(super) fn restore(&mut self, older: &Self) {
        let replaced = std::mem::replace(&mut self.conversations, older.conversations.clone());
        self.lost
            .extend(replaced.into_iter().map(|(id, conversation)| ((id, conversation.epoch), conversation)));
        self.version = older.version;
        self.oldest = older.oldest;
        self.moved = older.moved;
        self.live = false;
        self.wire.clear();
        self.epoch = self.fresh();
        let mut drawn = self.drawn;
        for conversation in self.conversations.values_mut() {
            drawn += 1;
            conversation.previous_epoch = conversation.epoch;
            conversation.epoch = drawn;
            conversation.base = conversation.log.len() as u64;
        }
        self.drawn = drawn;
    }

    /// The device connects with what it holds.
    pub(super) fn welcome(&mut self, epoch: u64, since: u64, groups: u64, deleted_since: Option<u64>) {
        self.live = true;
        self.wire.clear();
        if epoch == self.epoch {
            self.mark_moved(groups);
        }
        let page = ChangesPage { groups: self.moved, ..self.changes(epoch, since, 0, deleted_since) };
        let inputs = vec![Input::Up, Input::Changes { page, below: 0 }];
        self.wire.push_back(Frame { inputs, kind: Kind::Welcome });
    }

    /// The connection is gone.
    pub(super) fn cut(&mut self) {
        self.live = false;
        self.wire.clear();
    }

    /// The device asks whether anything was missed.
    pub(super) fn ping(&mut self, groups: u64) {
        let (upto, heads) = self.heads(groups);
        let head = Input::Head { epoch: self.epoch, version: self.version, groups: upto };
        self.wire.push_back(Frame { inputs: vec![Input::Moved(heads), head], kind: Kind::Pong });
    }

    fn changes(&mut self, epoch: u64, since: u64, below: u64, deleted_since: Option<u64>) -> ChangesPage {
        let too_old = since < self.oldest && below == 0;
        let snapshot = epoch != self.epoch || since == 0 || too_old;
        let since = if snapshot { 0 } else { since };
        let deleted_since = deleted_since.map_or(since, |deleted_since| deleted_since.min(since));
        let mut keys: Vec<(u64, ConversationId)> = (self.conversations.iter())
            .filter(|(_, c)| c.version > since && (below == 0 || c.version < below))
            .map(|(id, c)| (c.version, id.clone()))
            .collect();
        keys.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
        let room = 1 + usize::try_from(self.draw.below(3)).unwrap_or(0);
        let more = keys.len() > room;
        keys.truncate(room);
        let mut changes = Vec::new();
        for (_, id) in &keys {
            let carried = self.draw.below(RECENT_ENTRIES as u64 + 1);
            let conversation = self.conversation(id);
            let mut state = conversation.state(id);
            state.deleted = conversation
                .deleted
                .iter()
                .filter(|(_, told)| **told > deleted_since)
                .map(|(seq, _)| *seq)
                .collect();
            let from = (state.head_seq + 1).saturating_sub(carried);
            let entries = conversation.entries(from, state.head_seq);
            changes.push((state, entries));
        }
        ChangesPage {
            epoch: self.epoch,
            to: self.version,
            from: since,
            // A page that follows does not have to say again what the first one said.
            snapshot: snapshot && (below == 0 || self.draw.below(2) == 0),
            continue_below: if more { keys.last().map_or(0, |(version, _)| *version) } else { 0 },
            changes,
            groups: if snapshot { self.moved } else { 0 },
        }
    }

    fn page(&self, want: &Want, room: &mut u64) -> Option<Input> {
        let Some(conversation) = self.conversations.get(&want.conversation) else {
            return Some(Input::Unknown { conversation: want.conversation.clone() });
        };
        let Want { from, to, .. } = *want;
        let mut page = Page {
            conversation: want.conversation.clone(),
            epoch: conversation.epoch,
            from,
            to,
            entries: Vec::new(),
            state: None,
        };
        let leaves = from < conversation.visible_from || to > conversation.head();
        if conversation.epoch != want.epoch || leaves {
            page.state = Some(conversation.state(&want.conversation));
        }
        if conversation.epoch == want.epoch {
            page.to = to.min(conversation.head());
            page.from = from.max((page.to + 1).saturating_sub(*room));
            page.entries = conversation.entries(page.from, page.to);
            *room -= (page.entries.len() as u64).min(*room);
        }
        Some(Input::Page(page))
    }

    /// Answers a request.
    pub(super) fn answer(&mut self, request: Request) {
        let mut missing = Vec::new();
        let inputs = match &request {
            Request::Changes { epoch, since, below, deleted_since } => {
                let page = self.changes(*epoch, *since, *below, *deleted_since);
                vec![Input::Changes { page, below: *below }]
            }
            Request::Fetch(wants) => {
                let mut room = 1 + self.draw.below(80);
                let mut inputs = Vec::new();
                for want in wants {
                    if room == 0 {
                        missing.push(want.clone());
                    } else {
                        inputs.extend(self.page(want, &mut room));
                    }
                }
                inputs
            }
            Request::LookUp(ids) => ids.iter().map(|id| self.look_up(id)).collect(),
        };
        self.wire.push_back(Frame { inputs, kind: Kind::Answer(request, missing) });
    }

    fn look_up(&self, id: &ConversationId) -> Input {
        match self.conversations.get(id) {
            Some(conversation) => {
                let deleted = conversation.deleted.keys().copied().collect();
                let state = Box::new(LogState { deleted, ..conversation.state(id) });
                Input::State { state, entries: Vec::new() }
            }
            None => Input::Unknown { conversation: id.clone() },
        }
    }
}
