//! One device with a real store, what a server says to it, and observers that look when they like.

use std::sync::Arc;

use prost::Message as _;
use tempfile::TempDir;
use whinchat_proto::id::{ClientMessageId, ConversationId, UserId};
use whinchat_proto::wire;

use crate::account::{Account, Kept};
use crate::error::ErrorCode;
use crate::event::Hub;
use crate::message::{MessageId, MessageState, NewMessage};
use crate::platform::Runtime;
use crate::store::{ItemState, OutboxRow, query};
use crate::sync::{Acknowledged, ChangesPage, Entry, Input, Page};

/// Milliseconds at which the server's logs begin.
const BEGIN_MS: i64 = 1_700_000_000_000;

/// One place of the server's log.
#[derive(Clone)]
struct Written {
    sender: &'static str,
    client_id: ClientMessageId,
    text: Option<String>,
    time_ms: i64,
}

/// One conversation as the server has it.
pub(super) struct ServerLog {
    pub(super) id: ConversationId,
    epoch: u64,
    previous_epoch: u64,
    epoch_base: u64,
    visible_from: u64,
    peer_read_seq: u64,
    version: u64,
    entries: Vec<Written>,
}

impl ServerLog {
    fn new(id: ConversationId) -> Self {
        Self {
            id,
            epoch: 11,
            previous_epoch: 0,
            epoch_base: 0,
            visible_from: 1,
            peer_read_seq: 0,
            version: 1,
            entries: Vec::new(),
        }
    }

    pub(super) fn head(&self) -> u64 {
        self.entries.len() as u64
    }

    fn totals(&self, seq: u64, me: &str) -> (u64, u64) {
        let below = &self.entries[..usize::try_from(seq).unwrap()];
        let counted = below.iter().filter(|entry| entry.text.is_some()).count();
        let own = below.iter().filter(|entry| entry.text.is_some() && entry.sender == me).count();
        (counted as u64, own as u64)
    }

    fn entry(&self, seq: u64) -> wire::Entry {
        let written = &self.entries[usize::try_from(seq).unwrap() - 1];
        let body = match &written.text {
            Some(text) => wire::entry::Body::Message(wire::StoredMessage {
                sender: written.sender.to_owned(),
                envelope: Some(envelope(written.client_id)),
                content: content(text),
            }),
            None => wire::entry::Body::Blank(wire::Blank { counted: false }),
        };
        wire::Entry {
            seq,
            time_ms: written.time_ms,
            counted: self.totals(seq, written.sender).0,
            counted_by_sender: self.totals(seq, written.sender).1,
            body: Some(body),
            ..wire::Entry::default()
        }
    }

    fn state(&self, me: &str) -> wire::ConversationState {
        let (counted, own_counted) = self.totals(self.head(), me);
        wire::ConversationState {
            conversation: Some(self.id.to_wire()),
            epoch: self.epoch,
            previous_epoch: self.previous_epoch,
            epoch_base: self.epoch_base,
            head_seq: self.head(),
            counted,
            own_counted,
            visible_from: self.visible_from,
            peer_read_seq: self.peer_read_seq,
            active_ms: self.entries.last().map_or(BEGIN_MS, |entry| entry.time_ms),
            version: self.version,
            ..wire::ConversationState::default()
        }
    }

    fn change(&self, me: &str, recent: u64) -> wire::ConversationChange {
        let from = (self.head() + 1).saturating_sub(recent).max(self.visible_from).max(1);
        wire::ConversationChange {
            state: Some(self.state(me)),
            entries: (from..=self.head()).map(|seq| self.entry(seq)).collect(),
            ..wire::ConversationChange::default()
        }
    }
}

fn envelope(client_id: ClientMessageId) -> wire::Envelope {
    wire::Envelope {
        client_message_id: client_id.to_bytes(),
        kind: wire::MessageKind::Text.into(),
        ..wire::Envelope::default()
    }
}

fn content(text: &str) -> bytes::Bytes {
    let text = wire::Element { body: Some(wire::element::Body::Text(wire::Text { text: text.to_owned() })) };
    wire::Content { elements: vec![text], custom_data: bytes::Bytes::new() }.encode_to_vec().into()
}

/// The device and its server.
pub(super) struct World {
    _folder: TempDir,
    pub(super) account: Arc<Account>,
    pub(super) logs: Vec<ServerLog>,
    clock: i64,
    user_epoch: u64,
}

impl World {
    pub(super) async fn new(runtime: &Arc<Runtime>, conversations: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let hub = Arc::new(Hub::default());
        let me = UserId::new("me").unwrap();
        let (account, _ends) =
            Account::open(runtime, &hub, folder.path(), Kept::fresh(me, String::new())).await.unwrap();
        let id = |n| ConversationId::parse(&format!("c2c_user{n}")).unwrap();
        let logs = (0..conversations).map(|n| ServerLog::new(id(n))).collect();
        Self { _folder: folder, account, logs, clock: BEGIN_MS, user_epoch: 5 }
    }

    pub(super) async fn apply(&self, inputs: Vec<Input>) {
        self.account.apply(inputs).await.unwrap();
    }

    fn me(&self) -> &str {
        self.account.me.as_str()
    }

    /// Somebody writes; the device does not know of it yet.
    pub(super) fn append(&mut self, at: usize, sender: &'static str, blank: bool) {
        self.clock += 1;
        let mut random = [0; 10];
        random[2..].copy_from_slice(&self.clock.to_be_bytes());
        self.logs[at].entries.push(Written {
            sender,
            client_id: ClientMessageId::from_parts(self.clock, random),
            text: (!blank).then(|| format!("m{}", self.clock)),
            time_ms: self.clock,
        });
    }

    /// The newest entry is pushed.
    pub(super) async fn push(&self, at: usize) {
        let log = &self.logs[at];
        if log.head() < log.visible_from {
            return;
        }
        let push = wire::EntryPush {
            conversation: Some(log.id.to_wire()),
            epoch: log.epoch,
            entry: Some(log.entry(log.head())),
            ..wire::EntryPush::default()
        };
        let push = wire::Push { body: Some(wire::push::Body::Entry(push)), ..wire::Push::default() };
        self.apply(Input::from_push(push).unwrap()).await;
    }

    /// The state is told, with so many of the newest entries.
    pub(super) async fn state(&mut self, at: usize, recent: u64) {
        self.logs[at].version += 1;
        let change = self.logs[at].change(self.account.me.as_str(), recent);
        self.apply(vec![Input::from_change(change).unwrap()]).await;
    }

    /// A stretch is given.
    pub(super) async fn page(&self, at: usize, from: u64, to: u64) {
        let log = &self.logs[at];
        let (from, to) = (from.max(log.visible_from).max(1), to.min(log.head()));
        if from > to {
            return;
        }
        let entries = (from..=to).map(|seq| Entry::from_wire(log.entry(seq)).unwrap()).collect();
        let (conversation, epoch) = (log.id.clone(), log.epoch);
        self.apply(vec![Input::Page(Page { conversation, epoch, from, to, entries, state: None })]).await;
    }

    /// Everything up to now is read, by another device.
    pub(super) async fn mark(&self, at: usize) {
        let log = &self.logs[at];
        let (counted, own_counted) = log.totals(log.head(), self.me());
        let floor = wire::UnreadFloor { seq: log.head(), counted, own_counted };
        let result = wire::MarkReadResult { read_seq: log.head(), floor: Some(floor) };
        self.apply(vec![Input::marked(log.id.clone(), result)]).await;
    }

    /// The other side has read up to `seq`.
    pub(super) async fn receipt(&mut self, at: usize, seq: u64) {
        let log = &mut self.logs[at];
        log.peer_read_seq = log.peer_read_seq.max(seq);
        self.state(at, 0).await;
    }

    /// The user deletes what is shown of these places, and the first own message that waits.
    pub(super) async fn delete(&self, at: usize, from: u64, to: u64) {
        let mut ids = Vec::new();
        for seq in from..=to {
            ids.extend(self.message_at(at, seq).await);
        }
        let waiting = self.account.waiting(&self.logs[at].id).into_iter().next();
        ids.extend(waiting.map(|row| crate::account::waiting_message(&row, &self.account.me).id));
        if !ids.is_empty() {
            self.account.delete_messages(&self.logs[at].id, &ids).await.unwrap();
        }
    }

    /// The user empties the conversation.
    pub(super) async fn clear(&self, at: usize) {
        self.account.clear_history(&self.logs[at].id).await.unwrap();
    }

    /// The history that this user may see begins later from now on.
    pub(super) async fn hide(&mut self, at: usize, from: u64) {
        let log = &mut self.logs[at];
        log.visible_from = from.clamp(log.visible_from, log.head() + 1);
        self.state(at, 3).await;
    }

    /// The server was restored from a backup: its log is another one above `base`.
    pub(super) async fn restore(&mut self, at: usize, base: u64) {
        let log = &mut self.logs[at];
        log.previous_epoch = log.epoch;
        log.epoch += 1;
        log.epoch_base = base.min(log.head());
        log.entries.truncate(usize::try_from(log.epoch_base).unwrap());
        log.visible_from = log.visible_from.min(log.head() + 1);
        log.peer_read_seq = log.peer_read_seq.min(log.head());
        self.append(at, "bob", false);
        self.state(at, 5).await;
    }

    /// A snapshot of everything but one conversation.
    pub(super) async fn snapshot_without(&mut self, gone: usize) {
        self.user_epoch += 1;
        let me = self.me().to_owned();
        let named = self.logs.iter().enumerate().filter(|(at, log)| *at != gone && log.head() > 0);
        let changes = named
            .map(|(_, log)| wire::Change {
                body: Some(wire::change::Body::Conversation(log.change(&me, 3))),
                ..wire::Change::default()
            })
            .collect();
        let page = wire::Changes {
            to: Some(wire::Cursor { epoch: self.user_epoch, version: 9, ..wire::Cursor::default() }),
            snapshot: true,
            changes,
            ..wire::Changes::default()
        };
        self.apply(vec![Input::Changes { page: ChangesPage::from_wire(page).unwrap(), below: 0 }]).await;
    }

    /// This user writes; it waits in the outbox.
    pub(super) async fn send(&mut self, at: usize) {
        self.clock += 1;
        let text = NewMessage::text(format!("own{}", self.clock));
        let (_, durable) = self.account.begin_send(&self.logs[at].id, text).await.unwrap();
        durable.await.unwrap();
    }

    fn outbox(&self, at: usize, wanted: impl Fn(&ItemState) -> bool) -> Option<OutboxRow> {
        let waiting = self.account.waiting(&self.logs[at].id);
        waiting.into_iter().find(|row| wanted(&row.state))
    }

    /// The first waiting message reaches the server. What others wrote before it may not be known here.
    pub(super) async fn acknowledge(&mut self, at: usize) {
        let Some(row) = self.outbox(at, |state| *state == ItemState::Waiting) else { return };
        self.clock += 1;
        let waiting = crate::account::waiting_message(&row, &self.account.me);
        let text = waiting.text().map(str::to_owned);
        let client_id = ClientMessageId(row.id);
        self.logs[at].entries.push(Written { sender: "me", client_id, text, time_ms: self.clock });
        let log = &self.logs[at];
        let entry = Entry::from_wire(log.entry(log.head())).unwrap();
        let input = Acknowledged { conversation: log.id.clone(), epoch: log.epoch, entry };
        let outcome = self.account.apply(vec![Input::Acknowledged(input)]).await.unwrap();
        if outcome.unplaced.is_empty() {
            self.account.outbox.lanes().remove(row.position);
            self.account.hub().message(&waiting.id, &log.id);
            let position = row.position;
            self.account.store.own.writer.write(move |own| query::delete(own, position)).await.unwrap();
        } else {
            // Of a log that is not the one held here: it stays in the outbox, and the server has it all the same.
            self.logs[at].entries.pop();
        }
    }

    /// The first waiting message fails.
    pub(super) async fn fail(&self, at: usize) {
        if let Some(row) = self.outbox(at, |state| *state == ItemState::Waiting) {
            self.account.give_up(row, ErrorCode::SendCancelled.into()).await;
        }
    }

    /// The first failed message is sent again.
    pub(super) async fn retry(&self, at: usize) {
        if let Some(row) = self.outbox(at, |state| matches!(state, ItemState::Failed(_))) {
            let message = crate::account::waiting_message(&row, &self.account.me);
            assert!(matches!(message.state, MessageState::Failed(_)));
            self.account.retry(&message.id).await.unwrap();
        }
    }

    /// The id of what is stored here at a place.
    pub(super) async fn message_at(&self, at: usize, seq: u64) -> Option<MessageId> {
        let (id, me) = (self.logs[at].id.clone(), self.account.me.clone());
        let read = move |cache: &rusqlite::Connection| {
            let Some(row) = query::head(cache, &id)? else { return Ok(None) };
            let found = query::in_range(cache, row.row, seq, seq, 1)?.pop();
            Ok(found.map(|stored| stored.into_message(&id, &me).unwrap().id))
        };
        self.account.store.cache.readers.read(read).await.unwrap()
    }

    /// A stored message goes, or gets another content.
    pub(super) async fn change_stored(&self, at: usize, seq: u64, vanish: bool) {
        let (id, hub) = (self.logs[at].id.clone(), self.account.hub().clone());
        let name = id.to_string();
        let (what, text) = if vanish {
            ("DELETE FROM message", None)
        } else {
            ("UPDATE message SET modified = modified + 1, content = ?3", Some(content("edited")))
        };
        let sql =
            format!("{what} WHERE conversation = (SELECT row FROM conversation WHERE id = ?1) AND seq = ?2");
        let work = move |cache: &rusqlite::Connection| {
            let seq = seq.cast_signed();
            match &text {
                Some(text) => cache.execute(&sql, rusqlite::params![name, seq, text.as_ref()]),
                None => cache.execute(&sql, rusqlite::params![name, seq]),
            }
            .unwrap();
            Ok(())
        };
        self.account.store.cache.writer.write_then(work, move |()| hub.conversation(&id)).await.unwrap();
    }
}
