//! What the server says, in the engine's own words. Wire types end here.

use bytes::Bytes;
use prost::Message as _;
use whinchat_proto::error::ErrorCode;
use whinchat_proto::id::{ClientMessageId, ConversationId, UserId};
use whinchat_proto::wire;

use super::unread::{Floor, Totals};
use crate::error::{Error, Result};

/// A message as it stands in a log; envelope and content as they came.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Message {
    pub(crate) sender: UserId,
    pub(crate) client_id: ClientMessageId,
    pub(crate) excluded_from_unread: bool,
    pub(crate) excluded_from_last_message: bool,
    pub(crate) kind: i32,
    pub(crate) envelope: Bytes,
    pub(crate) content: Bytes,
}

/// What stands at one place of a log.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum EntryBody {
    Message(Message),
    /// Something this reader may not see; `counted` tells that it has to be taken off his unread.
    Blank {
        counted: bool,
    },
}

/// One place of a log.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) seq: u64,
    pub(crate) time_ms: i64,
    pub(crate) modified: u64,
    pub(crate) counted: u64,
    pub(crate) counted_by_sender: u64,
    pub(crate) body: EntryBody,
}

/// What a list shows of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GroupState {
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) owner: String,
    pub(crate) member_count: u32,
}

/// A conversation's newest state.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LogState {
    pub(crate) conversation: ConversationId,
    pub(crate) epoch: u64,
    pub(crate) previous_epoch: u64,
    pub(crate) epoch_base: u64,
    pub(crate) head_seq: u64,
    pub(crate) head_modified: u64,
    pub(crate) totals: Totals,
    pub(crate) floor: Floor,
    pub(crate) read_seq: u64,
    pub(crate) visible_from: u64,
    pub(crate) left: bool,
    pub(crate) excepted: Vec<u64>,
    pub(crate) active_ms: i64,
    pub(crate) group: Option<GroupState>,
    /// Version in the user's change log that this belongs to.
    pub(crate) version: u64,
    /// One to one: how far the other side has read.
    pub(crate) peer_read_seq: u64,
    /// The user has emptied the conversation up to here.
    pub(crate) cleared_seq: u64,
    /// Places that he has deleted, as far as this device need not know of them yet.
    pub(crate) deleted: Vec<u64>,
}

impl LogState {
    /// The place before the first entry that is news to a device which has not heard of the conversation before. What was
    /// read elsewhere is news all the same, as it is in a conversation that the device knows; what a member can see from
    /// before he came in is not.
    pub(crate) fn before_first(&self) -> u64 {
        let window = self.visible_from.saturating_sub(1);
        if self.floor.seq > self.read_seq { window.max(self.floor.seq) } else { window }
    }
}

/// One page of the user's change log.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ChangesPage {
    pub(crate) epoch: u64,
    pub(crate) to: u64,
    pub(crate) from: u64,
    pub(crate) snapshot: bool,
    pub(crate) continue_below: u64,
    pub(crate) changes: Vec<(LogState, Vec<Entry>)>,
    /// Movements of large groups that hold with it.
    pub(crate) groups: u64,
}

/// Where a large group stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct GroupHead {
    pub(crate) conversation: ConversationId,
    pub(crate) epoch: u64,
    pub(crate) head_seq: u64,
}

/// A stretch of one log as the server gave it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Page {
    pub(crate) conversation: ConversationId,
    pub(crate) epoch: u64,
    pub(crate) from: u64,
    pub(crate) to: u64,
    pub(crate) entries: Vec<Entry>,
    pub(crate) state: Option<LogState>,
}

/// A message of this device's that the server has stored.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Acknowledged {
    pub(crate) conversation: ConversationId,
    pub(crate) epoch: u64,
    pub(crate) entry: Entry,
}

/// Something to apply.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Input {
    /// The connection stands; forgets what was only known of the old one and lists what is missing.
    Up,
    /// A page of the change log; `below` is what was asked with, 0 for a first page.
    Changes { page: ChangesPage, below: u64 },
    /// One new entry, pushed; in a large group with what it changed of the group.
    Entry { conversation: ConversationId, epoch: u64, entry: Entry, group: Option<GroupState> },
    /// A conversation's state, pushed or asked for.
    State { state: Box<LogState>, entries: Vec<Entry> },
    /// The server says that this conversation is not this user's.
    Unknown { conversation: ConversationId },
    /// A stretch that was asked for.
    Page(Page),
    /// An own send was stored.
    Acknowledged(Acknowledged),
    /// An own read mark: seen here in the log of `epoch`, or without one where the server has put it.
    Marked { conversation: ConversationId, epoch: Option<u64>, floor: Floor, read_seq: u64 },
    /// The user deletes these places for himself; the server hears of it by another way.
    Deleted { conversation: ConversationId, epoch: u64, seqs: Vec<u64> },
    /// The user empties the conversation up to `seq`. The floor is there as far as it is known here.
    Cleared { conversation: ConversationId, epoch: u64, seq: u64, floor: Option<Floor> },
    /// One link of the push chain.
    Link { prev: u64, version: u64 },
    /// Where large groups stand, from a pong.
    Moved(Vec<GroupHead>),
    /// The head of the change log and of the movements of large groups, from a pong.
    Head { epoch: u64, version: u64, groups: u64 },
}

pub(super) fn undecodable(what: &str) -> Error {
    Error::new(ErrorCode::ResponseUndecodable, format!("the server sent a {what} that cannot be read"))
}

fn conversation(reference: Option<&wire::ConversationRef>) -> Result<ConversationId> {
    ConversationId::from_wire(reference).map_err(|_| undecodable("conversation id"))
}

fn floor(wire: Option<wire::UnreadFloor>) -> Floor {
    let wire = wire.unwrap_or_default();
    Floor { seq: wire.seq, totals: Totals { counted: wire.counted, own: wire.own_counted } }
}

impl Entry {
    /// Reads the wire form.
    pub(crate) fn from_wire(entry: wire::Entry) -> Result<Self> {
        let body = match entry.body {
            Some(wire::entry::Body::Message(message)) => EntryBody::Message(Message::from_wire(message)?),
            Some(wire::entry::Body::Blank(blank)) => EntryBody::Blank { counted: blank.counted },
            // A newer server's kind of entry: nothing to show, but its place is held.
            None => EntryBody::Blank { counted: false },
        };
        Ok(Self {
            seq: entry.seq,
            time_ms: entry.time_ms,
            modified: entry.r#mod,
            counted: entry.counted,
            counted_by_sender: entry.counted_by_sender,
            body,
        })
    }

    fn list_from_wire(entries: Vec<wire::Entry>) -> Result<Vec<Self>> {
        entries.into_iter().map(Self::from_wire).collect()
    }
}

impl Message {
    /// Reads the wire form.
    pub(crate) fn from_wire(message: wire::StoredMessage) -> Result<Self> {
        let envelope = message.envelope.ok_or_else(|| undecodable("message without an envelope"))?;
        Ok(Self {
            sender: UserId::new(&message.sender).map_err(|_| undecodable("sender"))?,
            client_id: ClientMessageId::from_slice(&envelope.client_message_id)
                .map_err(|_| undecodable("message id"))?,
            excluded_from_unread: envelope.excluded_from_unread,
            excluded_from_last_message: envelope.excluded_from_last_message,
            kind: envelope.kind,
            envelope: envelope.encode_to_vec().into(),
            content: message.content,
        })
    }
}

impl GroupState {
    fn from_wire(group: wire::GroupSummary) -> Self {
        Self { kind: group.kind, name: group.name, owner: group.owner, member_count: group.member_count }
    }
}

impl LogState {
    /// Reads the wire form.
    pub(crate) fn from_wire(state: wire::ConversationState) -> Result<Self> {
        Ok(Self {
            conversation: conversation(state.conversation.as_ref())?,
            epoch: state.epoch,
            previous_epoch: state.previous_epoch,
            epoch_base: state.epoch_base,
            head_seq: state.head_seq,
            head_modified: state.head_mod,
            totals: Totals { counted: state.counted, own: state.own_counted },
            floor: floor(state.floor),
            read_seq: state.read_seq,
            visible_from: state.visible_from.max(1),
            left: state.left,
            excepted: state.excepted,
            active_ms: state.active_ms,
            version: state.version,
            peer_read_seq: state.peer_read_seq,
            cleared_seq: state.cleared_seq,
            deleted: Vec::new(),
            group: state.group.map(GroupState::from_wire),
        })
    }
}

fn change(change: wire::ConversationChange) -> Result<(LogState, Vec<Entry>)> {
    let state = change.state.ok_or_else(|| undecodable("change without a state"))?;
    let state = LogState { deleted: change.deleted, ..LogState::from_wire(state)? };
    Ok((state, Entry::list_from_wire(change.entries)?))
}

impl ChangesPage {
    /// Reads the wire form.
    pub(crate) fn from_wire(page: wire::Changes) -> Result<Self> {
        let to = page.to.unwrap_or_default();
        let mut changes = Vec::with_capacity(page.changes.len());
        for item in page.changes {
            // A newer server's kind of key is none of ours.
            if let Some(wire::change::Body::Conversation(body)) = item.body {
                changes.push(change(body)?);
            }
        }
        Ok(Self {
            epoch: to.epoch,
            to: to.version,
            from: page.from_version,
            snapshot: page.snapshot,
            continue_below: page.continue_below,
            changes,
            groups: to.groups,
        })
    }
}

impl Input {
    /// What a push has to say about the logs: its body, then its link. Ephemeral messages move no log.
    pub(crate) fn from_push(push: wire::Push) -> Result<Vec<Self>> {
        let mut inputs = Vec::with_capacity(2);
        match push.body {
            Some(wire::push::Body::Entry(entry)) => inputs.push(Self::Entry {
                conversation: conversation(entry.conversation.as_ref())?,
                epoch: entry.epoch,
                entry: Entry::from_wire(entry.entry.ok_or_else(|| undecodable("push without an entry"))?)?,
                group: entry.group.map(GroupState::from_wire),
            }),
            Some(wire::push::Body::Conversation(body)) => inputs.push(Self::from_change(body)?),
            Some(wire::push::Body::Ephemeral(_)) | None => {}
        }
        if push.version > 0 {
            inputs.push(Self::Link { prev: push.prev_version, version: push.version });
        }
        Ok(inputs)
    }

    /// What a pong has to say: where groups stand, then what holds once that is dealt with.
    pub(crate) fn from_pong(pong: wire::Pong) -> Result<Vec<Self>> {
        let mut heads = Vec::with_capacity(pong.moved.len());
        for head in pong.moved {
            heads.push(GroupHead {
                conversation: conversation(head.conversation.as_ref())?,
                epoch: head.epoch,
                head_seq: head.head_seq,
            });
        }
        let moved = (!heads.is_empty()).then_some(Self::Moved(heads));
        let head = pong.cursor.map(|cursor| Self::Head {
            epoch: cursor.epoch,
            version: cursor.version,
            groups: cursor.groups,
        });
        Ok(moved.into_iter().chain(head).collect())
    }

    /// A conversation's state with its newest entries.
    pub(crate) fn from_change(body: wire::ConversationChange) -> Result<Self> {
        let (state, entries) = change(body)?;
        Ok(Self::State { state: Box::new(state), entries })
    }

    /// Where a read mark stands now.
    pub(crate) fn marked(conversation: ConversationId, result: wire::MarkReadResult) -> Self {
        Self::Marked { conversation, epoch: None, floor: floor(result.floor), read_seq: result.read_seq }
    }
}
