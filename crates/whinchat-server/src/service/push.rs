//! Frames for pushes. The body is encoded once and shared; only the two versions in front differ from user to user.

use bytes::{BufMut as _, Bytes, BytesMut};
use prost::Message as _;
use prost::encoding::{WireType, encode_key, encode_varint, encoded_len_varint};
use whinchat_proto::id::{ConversationId, UserId};
use whinchat_proto::wire;

use super::Asker;
use super::parcel::Parcel;
use crate::bus::{Bus, Hint, Origin, Subject};
use crate::storage::{Bump, Fanout, News, Tip};

/// How long a push to a large group is worth anything to another node: a pong shows it soon after.
const GROUP_TTL: std::time::Duration = std::time::Duration::from_secs(10);

/// Field numbers of the contract (frame.proto); a test compares the result with prost's own.
const SERVER_FRAME_PUSH: u32 = 3;
const PUSH_PREV: u32 = 1;
const PUSH_VERSION: u32 = 2;
const PUSH_ENTRY: u32 = 3;
const PUSH_CONVERSATION: u32 = 4;

fn put_number(field: u32, number: u64, out: &mut BytesMut) {
    if number != 0 {
        encode_key(field, WireType::Varint, out);
        encode_varint(number, out);
    }
}

fn number_len(number: u64) -> usize {
    if number == 0 { 0 } else { 1 + encoded_len_varint(number) }
}

fn frame(prev: u64, version: u64, field: u32, body: &[u8]) -> Bytes {
    let body_len = body.len() as u64;
    let inner = number_len(prev) + number_len(version) + 1 + encoded_len_varint(body_len) + body.len();
    let mut out = BytesMut::with_capacity(inner + 8);
    encode_key(SERVER_FRAME_PUSH, WireType::LengthDelimited, &mut out);
    encode_varint(inner as u64, &mut out);
    put_number(PUSH_PREV, prev, &mut out);
    put_number(PUSH_VERSION, version, &mut out);
    encode_key(field, WireType::LengthDelimited, &mut out);
    encode_varint(body_len, &mut out);
    out.put_slice(body);
    out.freeze()
}

/// The frame that pushes a conversation's state.
pub(crate) fn conversation_frame(prev: u64, version: u64, change: &wire::ConversationChange) -> Bytes {
    frame(prev, version, PUSH_CONVERSATION, &change.encode_to_vec())
}

/// The encoded bodies of one new entry: at most one for each way in which its readers see it.
pub(crate) struct EntryFrames {
    conversation: ConversationId,
    /// Looked at in a one to one only: his own sessions name the conversation by the other side.
    sender: Option<UserId>,
    epoch: u64,
    entry: wire::Entry,
    is_counted: bool,
    summary: Option<wire::GroupSummary>,
    plain: std::cell::OnceCell<Vec<u8>>,
    to_peer: std::cell::OnceCell<Vec<u8>>,
    blank: std::cell::OnceCell<Vec<u8>>,
}

impl EntryFrames {
    /// `conversation` is as the sender names it.
    pub(crate) fn new(
        conversation: ConversationId,
        sender: Option<UserId>,
        epoch: u64,
        entry: wire::Entry,
        is_counted: bool,
    ) -> Self {
        let (plain, to_peer, blank) = Default::default();
        Self { conversation, sender, epoch, entry, is_counted, summary: None, plain, to_peer, blank }
    }

    /// Of a notice that the server wrote.
    pub(crate) fn of_tip(tip: &Tip) -> Self {
        let group = ConversationId::Group(tip.group.clone());
        let summary = tip.large.as_ref().map(|(_, summary)| summary.clone());
        Self { summary, ..Self::new(group, None, tip.epoch, tip.entry.clone(), false) }
    }

    /// Tells the connected members of a large group on every node, but for the connection `origin`.
    pub(crate) fn fan_out(&self, bus: &dyn Bus, fanout: Fanout, audience: &[UserId], origin: Option<Origin>) {
        let ConversationId::Group(group) = &self.conversation else { return };
        let sender = self.sender.as_ref().map_or("", UserId::as_str);
        let plain = frame(0, 0, PUSH_ENTRY, self.plain());
        let mut parcel = Parcel::new(fanout, self.entry.seq, sender, origin, plain);
        if !audience.is_empty() {
            parcel = parcel.only_for(audience, frame(0, 0, PUSH_ENTRY, self.blank()));
        }
        bus.deliver(&Subject::Group(group.clone()), parcel.wrap(), GROUP_TTL);
    }

    fn encode(&self, conversation: &ConversationId, entry: wire::Entry) -> Vec<u8> {
        wire::EntryPush {
            conversation: Some(conversation.to_wire()),
            epoch: self.epoch,
            entry: Some(entry),
            group: self.summary.clone(),
        }
        .encode_to_vec()
    }

    fn blank(&self) -> &[u8] {
        self.blank.get_or_init(|| {
            let entry = wire::Entry {
                seq: self.entry.seq,
                r#mod: self.entry.r#mod,
                counted: self.entry.counted,
                body: Some(wire::entry::Body::Blank(wire::Blank { counted: self.is_counted })),
                ..Default::default()
            };
            self.encode(&self.conversation, entry)
        })
    }

    fn plain(&self) -> &[u8] {
        self.plain.get_or_init(|| self.encode(&self.conversation, self.entry.clone()))
    }

    fn body_for(&self, user: &UserId, blank: bool) -> &[u8] {
        if blank {
            return self.blank();
        }
        match (&self.conversation, &self.sender) {
            (ConversationId::User(_), Some(sender)) if user != sender => self
                .to_peer
                .get_or_init(|| self.encode(&ConversationId::User(sender.clone()), self.entry.clone())),
            _ => self.plain(),
        }
    }
}

/// How the asking session learns what its mutation did.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Own {
    /// The answer says it all: no push.
    Answered,
    /// By the same push as everybody, since the answer does not carry the new entry or state.
    Pushed,
}

/// Tells those whose logs moved; gives where the caller's own log moved if the answer has to say so.
pub(crate) fn tell(
    bus: &dyn Bus,
    asker: &dyn Asker,
    own_news: Own,
    entry: Option<&EntryFrames>,
    bumped: &[Bump],
) -> Option<(u64, u64)> {
    let mut moved = None;
    for bump in bumped {
        let own = own_news == Own::Answered && bump.user == *asker.user();
        if own {
            moved = Some((bump.prev, bump.version));
        }
        let frame = match (&bump.news, entry) {
            (News::State(change), _) => conversation_frame(bump.prev, bump.version, change),
            (news, Some(entry)) => {
                let body = entry.body_for(&bump.user, matches!(news, News::Blank));
                frame(bump.prev, bump.version, PUSH_ENTRY, body)
            }
            // Nothing at hand to tell: the sessions read it.
            (_, None) => {
                bus.wake(&Subject::User(bump.user.clone()), bump.version, None);
                continue;
            }
        };
        let hint = Hint { prev: bump.prev, origin: own.then(|| asker.origin()), frame };
        bus.wake(&Subject::User(bump.user.clone()), bump.version, Some(hint));
    }
    moved
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shared_encoding_is_prosts_own() {
        let alice = UserId::new("alice").unwrap();
        let bob = UserId::new("bob").unwrap();
        let entry = wire::Entry { seq: 300, counted: 7, ..Default::default() };
        let frames =
            EntryFrames::new(ConversationId::User(bob.clone()), Some(alice.clone()), 9, entry.clone(), true);
        for (user, named, prev, version) in [(&alice, &bob, 0, 1), (&bob, &alice, 300, 301)] {
            let push = wire::Push {
                prev_version: prev,
                version,
                body: Some(wire::push::Body::Entry(wire::EntryPush {
                    conversation: Some(ConversationId::User(named.clone()).to_wire()),
                    epoch: 9,
                    entry: Some(entry.clone()),
                    group: None,
                })),
            };
            let expected =
                wire::ServerFrame { body: Some(wire::server_frame::Body::Push(push)) }.encode_to_vec();
            assert_eq!(frame(prev, version, PUSH_ENTRY, frames.body_for(user, false)), expected);
        }
    }
}
