//! What a large group's members are told, as it travels between nodes: once to each, whoever is connected there.

use bytes::Bytes;
use prost::Message as _;
use whinchat_proto::id::UserId;

use crate::bus::Origin;
use crate::storage::{Fanout, GroupRules};

/// See the module.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Parcel {
    /// The membership that it is for; those who came later have a window that begins above `seq`.
    #[prost(uint64, tag = "1")]
    pub(crate) member_version: u64,
    /// The group's movement before this one.
    #[prost(uint64, tag = "2")]
    pub(crate) before: u64,
    /// The movement.
    #[prost(uint64, tag = "3")]
    pub(crate) moved: u64,
    /// Place of the entry.
    #[prost(uint64, tag = "4")]
    pub(crate) seq: u64,
    /// The connection that is told by its answer; 0 for none.
    #[prost(fixed64, tag = "5")]
    origin: u64,
    /// Sees it whoever the audience is.
    #[prost(string, tag = "6")]
    sender: String,
    /// Who sees it; empty for everybody.
    #[prost(string, repeated, tag = "7")]
    audience: Vec<String>,
    /// The push.
    #[prost(bytes = "bytes", tag = "8")]
    frame: Bytes,
    /// The push for those who may not see it.
    #[prost(bytes = "bytes", tag = "9")]
    blank: Bytes,
}

impl Parcel {
    /// For everybody in the group.
    pub(super) fn new(fanout: Fanout, seq: u64, sender: &str, origin: Option<Origin>, frame: Bytes) -> Self {
        Self {
            member_version: fanout.member_version,
            before: fanout.before,
            moved: fanout.moved,
            seq,
            origin: origin.map_or(0, |origin| origin.0),
            sender: sender.to_owned(),
            audience: Vec::new(),
            frame,
            blank: Bytes::new(),
        }
    }

    /// For these alone; the others get `blank`.
    pub(super) fn only_for(mut self, audience: &[UserId], blank: Bytes) -> Self {
        self.audience = audience.iter().map(|user| user.as_str().to_owned()).collect();
        self.blank = blank;
        self
    }

    /// As bytes for the bus.
    pub(super) fn wrap(&self) -> Bytes {
        self.encode_to_vec().into()
    }

    /// Reads what [`Self::wrap`] wrote.
    pub(crate) fn unwrap(bytes: Bytes) -> Option<Self> {
        Self::decode(bytes).ok()
    }

    /// Whether a connection has to be told.
    pub(crate) fn is_for(&self, origin: Origin) -> bool {
        self.origin == 0 || self.origin != origin.0
    }

    /// The push for a user; nothing if the entry is not in his window.
    pub(crate) fn frame_for(&self, user: &UserId, rules: &GroupRules) -> Option<&Bytes> {
        let member = rules.members.get(user)?;
        if self.seq < member.visible_from {
            return None;
        }
        let sees = self.audience.is_empty()
            || self.sender == user.as_str()
            || self.audience.iter().any(|name| name == user.as_str());
        Some(if sees { &self.frame } else { &self.blank })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::{GroupKind, Member, Role};

    #[test]
    fn each_gets_what_is_his() {
        let id = |name: &str| UserId::new(name).unwrap();
        let member = |visible_from| Member { role: Role::Member, visible_from };
        let members = [("alice", 1), ("bob", 1), ("carol", 1), ("new", 8)];
        let members = members.map(|(name, from)| (id(name), member(from))).into_iter().collect();
        let rules = GroupRules { version: 3, kind: GroupKind::Work, members };
        let fanout = Fanout { member_version: 2, before: 4, moved: 5 };
        let (frame, blank) = (Bytes::from_static(b"frame"), Bytes::from_static(b"blank"));
        let plain = Parcel::new(fanout, 7, "alice", Some(Origin(9)), frame.clone());
        let targeted = plain.clone().only_for(&[id("bob")], blank.clone());
        for (parcel, carols) in [(plain, &frame), (targeted, &blank)] {
            let parcel = Parcel::unwrap(parcel.wrap()).unwrap();
            assert_eq!((parcel.member_version, parcel.before, parcel.moved), (2, 4, 5));
            assert_eq!(parcel.frame_for(&id("alice"), &rules), Some(&frame));
            assert_eq!(parcel.frame_for(&id("bob"), &rules), Some(&frame));
            assert_eq!(parcel.frame_for(&id("carol"), &rules), Some(carols));
            // He came with a later entry; nobody else is in it.
            assert_eq!(parcel.frame_for(&id("new"), &rules), None);
            assert_eq!(parcel.frame_for(&id("stranger"), &rules), None);
            assert!(!parcel.is_for(Origin(9)) && parcel.is_for(Origin(8)));
        }
    }
}
