//! Messages that a notification extension leaves for the app.
//!
//! An extension runs in a process of its own, beside an app that may hold the databases or sleep. It must not open them, so it
//! puts what the push brought into a folder, one file a message, and the app takes it in at its next login, before it asks the
//! server: the message is there at once, also without a network. Nothing depends on it: what is lost here comes with the next
//! connection. `docs/inbox.md` has the format.

use std::path::{Path, PathBuf};

use prost::Message as _;
use whinchat_proto::id::UserId;
use whinchat_proto::limits::FRAME_BYTES;
use whinchat_proto::wire;

use crate::error::{Error, ErrorCode, Result};
use crate::platform::{Clock, SystemClock, files, random_u64};
use crate::sync::Input;

/// Files that wait at most; the oldest goes when another comes.
const FILES: usize = 256;
/// Damaged files that are kept for a look.
const DAMAGED: usize = 8;
/// What a file begins with; the last byte is the version.
const MAGIC: &[u8; 8] = b"WHINBOX\x01";
/// Magic, length and checksum.
const HEAD: usize = 20;
/// No put writes a larger file: one that is there is not read into memory.
const LARGEST: usize = HEAD + FRAME_BYTES;
const SUFFIX: &str = ".msg";
const ASIDE: &str = ".damaged";

/// Leaves a message for the app. `entry_push` is an encoded `EntryPush` of the wire contract, as the push service brought it;
/// `data_dir` and `app_id` are those of the app's client. No database is opened and no lock taken. When this returns, the
/// message outlives a kill and a power loss. Leaving the same message twice does no harm.
///
/// # Errors
///
/// 7003 a malformed user id, 6017 the bytes are not such a message or larger than a frame, 6022 the folder cannot be written.
pub fn put(data_dir: impl AsRef<Path>, app_id: u64, user: impl AsRef<str>, entry_push: &[u8]) -> Result<()> {
    let user = UserId::new(user)?;
    if entry_push.len() > FRAME_BYTES {
        return Err(Error::new(ErrorCode::BadParameter, format!("a push has at most {FRAME_BYTES} bytes")));
    }
    decode(entry_push).map_err(|error| Error::new(ErrorCode::BadParameter, error.message))?;
    let folder = folder(&crate::client::user_folder(data_dir.as_ref(), app_id, &user));
    files::create_dir_all(&folder)?;
    for oldest in excess(&waiting(&folder)?, FILES - 1) {
        files::remove(oldest)?;
    }
    // The order of the names is the order of arrival.
    let name = format!("{:013}-{:016x}{SUFFIX}", SystemClock.now_ms().max(0), random_u64());
    files::write(&folder.join(name), &pack(entry_push))
}

/// Where the messages for the user of this folder wait.
pub(crate) fn folder(user_folder: &Path) -> PathBuf {
    user_folder.join("inbox")
}

/// Reads what waits, oldest first, and gives the files to be removed once it is stored. What cannot be read is set aside.
pub(crate) fn take(folder: &Path) -> Result<(Vec<Input>, Vec<PathBuf>)> {
    let (mut inputs, mut taken) = (Vec::new(), Vec::new());
    for path in waiting(folder)? {
        let read = files::read_up_to(&path, LARGEST)?.ok_or_else(|| Error::from(ErrorCode::StoreUnreadable));
        match read.and_then(|file| decode(unpack(&file)?)) {
            Ok(found) => {
                inputs.extend(found);
                taken.push(path);
            }
            Err(error) => {
                tracing::warn!(code = error.code, "a message of the inbox cannot be read and is set aside");
                files::rename(&path, &files::beside(&path, ASIDE))?;
            }
        }
    }
    for old in excess(&files::list(folder, ASIDE)?, DAMAGED) {
        files::remove(old)?;
    }
    Ok((inputs, taken))
}

fn waiting(folder: &Path) -> Result<Vec<PathBuf>> {
    files::list(folder, SUFFIX)
}

/// Those that are too many, the oldest.
fn excess(sorted: &[PathBuf], limit: usize) -> &[PathBuf] {
    sorted.get(..sorted.len().saturating_sub(limit)).unwrap_or_default()
}

fn decode(bytes: &[u8]) -> Result<Vec<Input>> {
    let entry = wire::EntryPush::decode(bytes)
        .map_err(|error| Error::new(ErrorCode::ResponseUndecodable, format!("no EntryPush: {error}")))?;
    let body = Some(wire::push::Body::Entry(entry));
    // Without versions: it moves no position, so the change log brings it as well, and finds it held.
    Input::from_push(wire::Push { prev_version: 0, version: 0, body })
}

fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut file = Vec::with_capacity(HEAD + bytes.len());
    file.extend_from_slice(MAGIC);
    file.extend_from_slice(&u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes());
    file.extend_from_slice(&checksum(bytes).to_le_bytes());
    file.extend_from_slice(bytes);
    file
}

fn unpack(file: &[u8]) -> Result<&[u8]> {
    let damaged = |what: &str| Error::new(ErrorCode::StoreUnreadable, format!("a file of the inbox {what}"));
    if file.len() > LARGEST {
        return Err(damaged("is larger than any that is put there"));
    }
    let rest = file.strip_prefix(MAGIC).ok_or_else(|| damaged("is of another version, or none"))?;
    let (length, rest) = rest.split_first_chunk::<4>().ok_or_else(|| damaged("is cut short"))?;
    let (sum, bytes) = rest.split_first_chunk::<8>().ok_or_else(|| damaged("is cut short"))?;
    if usize::try_from(u32::from_le_bytes(*length)).ok() != Some(bytes.len()) {
        return Err(damaged("is cut short"));
    }
    if checksum(bytes) != u64::from_le_bytes(*sum) {
        return Err(damaged("is damaged"));
    }
    Ok(bytes)
}

/// FNV-1a: against accidents, not against people, who have no business in this folder.
fn checksum(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    const APP: u64 = 7;

    fn push(seq: u64) -> Vec<u8> {
        let conversation = whinchat_proto::id::ConversationId::parse("c2c_bob").unwrap();
        let message = wire::StoredMessage {
            sender: "bob".into(),
            envelope: Some(wire::Envelope {
                client_message_id: bytes::Bytes::from_static(&[7; 16]),
                ..wire::Envelope::default()
            }),
            ..wire::StoredMessage::default()
        };
        wire::EntryPush {
            conversation: Some(conversation.to_wire()),
            epoch: 9,
            entry: Some(wire::Entry {
                seq,
                body: Some(wire::entry::Body::Message(message)),
                ..wire::Entry::default()
            }),
            ..wire::EntryPush::default()
        }
        .encode_to_vec()
    }

    fn inbox(data: &Path) -> PathBuf {
        folder(&crate::client::user_folder(data, APP, &UserId::new("alice").unwrap()))
    }

    fn seqs(folder: &Path) -> Vec<u64> {
        let (inputs, _) = take(folder).unwrap();
        let seq = |input: Input| match input {
            Input::Entry { entry, .. } => entry.seq,
            _ => panic!("an entry"),
        };
        inputs.into_iter().map(seq).collect()
    }

    #[test]
    fn what_is_put_is_taken_in_order_and_stays_until_it_is_removed() {
        let data = tempfile::tempdir().unwrap();
        assert!(take(&inbox(data.path())).unwrap().1.is_empty(), "no folder is no error");
        put(data.path(), APP, "alice", &push(1)).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(2));
        put(data.path(), APP, "alice", &push(2)).unwrap();
        for _ in 0..2 {
            assert_eq!(seqs(&inbox(data.path())), [1, 2]);
        }
    }

    #[test]
    fn bad_input_is_refused_and_leaves_nothing() {
        let data = tempfile::tempdir().unwrap();
        let codes = [
            put(data.path(), APP, "", &push(1)),
            put(data.path(), APP, "alice", b"no message"),
            put(data.path(), APP, "alice", &wire::EntryPush::default().encode_to_vec()),
            put(data.path(), APP, "alice", &vec![0; FRAME_BYTES + 1]),
        ]
        .map(|result| result.unwrap_err().code);
        assert_eq!(codes, [7003, 6017, 6017, 6017]);
        assert_eq!(std::fs::read_dir(data.path()).unwrap().count(), 0);
    }

    #[test]
    fn damaged_files_are_set_aside_and_the_others_are_taken() {
        let data = tempfile::tempdir().unwrap();
        for seq in 1..=20 {
            put(data.path(), APP, "alice", &push(seq)).unwrap();
        }
        let folder = inbox(data.path());
        let good = pack(&push(99));
        let mut flipped = good.clone();
        *flipped.last_mut().unwrap() ^= 1;
        let mut newer = good.clone();
        newer[7] = 2;
        for (n, bad) in [&[][..], &good[..5], &good[..HEAD], &flipped, &newer].into_iter().enumerate() {
            std::fs::write(folder.join(format!("0-{n}{SUFFIX}")), bad).unwrap();
        }
        std::fs::write(folder.join("half.msg.tmp"), b"left by a crash").unwrap();
        assert_eq!(seqs(&folder).len(), 20);
        assert_eq!(files::list(&folder, ASIDE).unwrap().len(), 5);
        assert_eq!(seqs(&folder).len(), 20);
    }

    #[test]
    fn a_file_that_no_put_could_have_written_is_set_aside_and_not_read_into_memory() {
        let data = tempfile::tempdir().unwrap();
        put(data.path(), APP, "alice", &push(1)).unwrap();
        let folder = inbox(data.path());
        let mut huge = wire::EntryPush::decode(&push(2)[..]).unwrap();
        if let Some(wire::entry::Body::Message(message)) =
            huge.entry.as_mut().and_then(|entry| entry.body.as_mut())
        {
            message.content = vec![0; 2 * FRAME_BYTES].into();
        }
        let path = folder.join(format!("0-huge{SUFFIX}"));
        std::fs::write(&path, pack(&huge.encode_to_vec())).unwrap();
        assert_eq!(files::read_up_to(&path, LARGEST).unwrap().unwrap().len(), LARGEST + 1);
        assert_eq!(seqs(&folder), [1]);
        assert_eq!(files::list(&folder, ASIDE).unwrap().len(), 1);
    }

    #[test]
    fn it_does_not_grow_for_ever() {
        let data = tempfile::tempdir().unwrap();
        let folder = inbox(data.path());
        std::fs::create_dir_all(&folder).unwrap();
        for n in 0..FILES + 20 {
            std::fs::write(folder.join(format!("{n:013}-0{SUFFIX}")), pack(&push(1))).unwrap();
        }
        put(data.path(), APP, "alice", &push(2)).unwrap();
        let left = waiting(&folder).unwrap();
        assert_eq!(left.len(), FILES);
        assert!(!left[0].ends_with("0000000000000-0.msg"), "the oldest went");
    }
}
