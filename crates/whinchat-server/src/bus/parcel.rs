//! What travels between processes: length, then a protobuf message. No contract: all nodes of a folder are of one version.

use std::time::Duration;

use bytes::{BufMut as _, Bytes, BytesMut};
use prost::Message as _;
use tokio::io::{AsyncRead, AsyncReadExt as _};
use whinchat_proto::id::{GroupId, SessionId, UserId};
use whinchat_proto::limits::FRAME_BYTES;

use super::{Bus, Hint, Subject};
use crate::clock::now_ms;

/// Largest parcel: a frame and what stands around it.
const PARCEL_BYTES: usize = FRAME_BYTES + 4 * 1_024;

#[derive(Clone, PartialEq, prost::Message)]
struct Parcel {
    #[prost(string, tag = "1")]
    user: String,
    #[prost(bytes = "bytes", tag = "2")]
    session: Bytes,
    #[prost(string, tag = "3")]
    group: String,
    #[prost(oneof = "What", tags = "4, 5, 6, 7")]
    what: Option<What>,
}

#[derive(Clone, PartialEq, prost::Oneof)]
enum What {
    /// A node says its name.
    #[prost(string, tag = "4")]
    Here(String),
    #[prost(uint64, tag = "5")]
    Wake(u64),
    #[prost(message, tag = "6")]
    Step(Step),
    #[prost(message, tag = "7")]
    Frame(Frame),
}

/// A wake with its hint.
#[derive(Clone, PartialEq, prost::Message)]
struct Step {
    #[prost(uint64, tag = "1")]
    prev: u64,
    #[prost(uint64, tag = "2")]
    version: u64,
    #[prost(bytes = "bytes", tag = "3")]
    frame: Bytes,
}

#[derive(Clone, PartialEq, prost::Message)]
struct Frame {
    #[prost(bytes = "bytes", tag = "1")]
    frame: Bytes,
    /// Worthless from then on, milliseconds since the epoch; the processes share a clock.
    #[prost(int64, tag = "2")]
    until_ms: i64,
}

fn pack(subject: Option<&Subject>, what: What) -> Bytes {
    let mut parcel = Parcel { what: Some(what), ..Parcel::default() };
    match subject {
        Some(Subject::User(user)) => parcel.user = user.as_str().to_owned(),
        Some(Subject::Session(user, session)) => {
            parcel.user = user.as_str().to_owned();
            parcel.session = session.to_bytes();
        }
        Some(Subject::Group(group)) => parcel.group = group.as_str().to_owned(),
        None => {}
    }
    let length = parcel.encoded_len();
    let mut out = BytesMut::with_capacity(length + 4);
    // A parcel is far below 4 GiB; a longer one would be refused by its reader.
    out.put_u32(u32::try_from(length).unwrap_or(u32::MAX));
    out.put_slice(&parcel.encode_to_vec());
    out.freeze()
}

/// A node says its name.
pub(super) fn here(node: &str) -> Bytes {
    pack(None, What::Here(node.to_owned()))
}

pub(super) fn wake(subject: &Subject, version: u64, hint: Option<&Hint>) -> Bytes {
    // The connection that caused it is none of the reader's.
    let what = match hint {
        Some(hint) => What::Step(Step { prev: hint.prev, version, frame: hint.frame.clone() }),
        None => What::Wake(version),
    };
    pack(Some(subject), what)
}

pub(super) fn deliver(subject: &Subject, frame: Bytes, ttl: Duration) -> Bytes {
    let until_ms = now_ms().saturating_add(i64::try_from(ttl.as_millis()).unwrap_or(i64::MAX));
    pack(Some(subject), What::Frame(Frame { frame, until_ms }))
}

/// What was read.
pub(super) enum Read {
    /// A node has said its name.
    Here(String),
    /// Something for listeners.
    Word(Word),
}

pub(super) struct Word {
    pub(super) subject: Subject,
    what: What,
}

impl Word {
    /// Says it again on another bus.
    pub(super) fn say(self, bus: &dyn Bus) {
        match self.what {
            What::Wake(version) => bus.wake(&self.subject, version, None),
            What::Step(Step { prev, version, frame }) => {
                bus.wake(&self.subject, version, Some(Hint { prev, origin: None, frame }));
            }
            What::Frame(Frame { frame, until_ms }) => {
                let left = u64::try_from(until_ms.saturating_sub(now_ms())).unwrap_or(0);
                if left > 0 {
                    bus.deliver(&self.subject, frame, Duration::from_millis(left));
                }
            }
            What::Here(_) => {}
        }
    }
}

fn understand(parcel: Parcel) -> Option<Read> {
    let what = match parcel.what? {
        What::Here(node) => return Some(Read::Here(node)),
        what => what,
    };
    let subject = if !parcel.group.is_empty() {
        Subject::Group(GroupId::new(parcel.group).ok()?)
    } else {
        let user = UserId::new(parcel.user).ok()?;
        match parcel.session.is_empty() {
            true => Subject::User(user),
            false => Subject::Session(user, SessionId::from_slice(&parcel.session).ok()?),
        }
    };
    Some(Read::Word(Word { subject, what }))
}

/// The next parcel; nothing at the end, or when what comes is of another kind.
pub(super) async fn next(source: &mut (impl AsyncRead + Unpin)) -> Option<Read> {
    let length = usize::try_from(source.read_u32().await.ok()?).ok()?;
    if length > PARCEL_BYTES {
        return None;
    }
    let mut body = BytesMut::zeroed(length);
    source.read_exact(&mut body).await.ok()?;
    understand(Parcel::decode(body.freeze()).ok()?)
}

#[cfg(test)]
mod tests {
    use super::super::{Listener, LocalBus};
    use super::*;
    use std::sync::{Arc, Mutex};

    #[derive(Default)]
    struct Ear(Mutex<Vec<String>>);

    impl Listener for Ear {
        fn wake(&self, subject: &Subject, version: u64, hint: Option<&Hint>) {
            let hint = hint.map(|hint| (hint.prev, hint.frame.len()));
            self.0.lock().unwrap().push(format!("{subject:?} {version} {hint:?}"));
        }

        fn deliver(&self, subject: &Subject, frame: &Bytes) {
            self.0.lock().unwrap().push(format!("{subject:?} {}", frame.len()));
        }
    }

    #[tokio::test]
    async fn what_is_packed_is_said_as_it_was_and_not_when_it_is_late() {
        let alice = UserId::new("alice").unwrap();
        let user = Subject::User(alice.clone());
        let session = Subject::Session(alice.clone(), SessionId([3; 16]));
        let group = Subject::Group(GroupId::new("team").unwrap());
        let hint = Hint { prev: 4, origin: Some(super::super::Origin(9)), frame: vec![1; 30].into() };
        let soon = Duration::from_secs(60);
        let parcels = [
            here("b"),
            wake(&user, 5, Some(&hint)),
            wake(&user, 6, None),
            deliver(&session, Bytes::new(), soon),
            deliver(&group, vec![1; FRAME_BYTES].into(), soon),
            deliver(&group, vec![1; 7].into(), Duration::ZERO),
        ];
        let bytes = parcels.concat();
        let (mut source, ear, bus) = (bytes.as_slice(), Arc::new(Ear::default()), LocalBus::default());
        let _subscriptions = [bus.subscribe(alice, ear.clone()), bus.join(ear.clone())];
        while let Some(read) = next(&mut source).await {
            match read {
                Read::Here(node) => assert_eq!(node, "b"),
                Read::Word(word) => word.say(&bus),
            }
        }
        assert!(source.is_empty());
        let expected = [
            format!("{user:?} 5 Some((4, 30))"),
            format!("{user:?} 6 None"),
            format!("{session:?} 0"),
            format!("{group:?} {FRAME_BYTES}"),
        ];
        assert_eq!(*ear.0.lock().unwrap(), expected);
    }

    #[tokio::test]
    async fn what_is_of_another_kind_ends_the_reading() {
        let nobody = pack(None, What::Wake(1));
        for bytes in [&[255, 255, 255, 255, 1][..], &[0, 0, 0, 2, 255, 255], &[0, 0, 0, 9, 1], &nobody] {
            assert!(next(&mut &*bytes).await.is_none());
        }
    }
}
