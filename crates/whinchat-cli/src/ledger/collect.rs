//! Reading the evidence: plain SQL on read-only connections, and the few protobuf fields that matter, by hand.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, Row};

use super::book::read_book;
use super::evidence::{ClientStore, Device, Entry, Evidence, ServerLog, Window};
use super::line::ConversationKey;

/// Fields of `whinchat.v1.Envelope`.
const ENVELOPE_EXCLUDED_FROM_UNREAD: u64 = 2;
const ENVELOPE_AUDIENCE: u64 = 6;
/// `conversation.kind` of a Meeting, in which nothing counts as unread.
const KIND_MEETING: i64 = 3;
/// `outbox.kind` of a message and `outbox.state` of one that was given up.
const OUTBOX_MESSAGE: i64 = 1;
const OUTBOX_FAILED: i64 = 1;
/// `outbox.state` of one that its user has deleted: it neither waits nor has failed.
const OUTBOX_DELETING: i64 = 3;

/// Where the evidence of one device lies.
#[derive(Clone, Debug)]
pub struct DeviceFiles {
    /// How findings call it.
    pub name: String,
    /// Whose it is.
    pub user: String,
    /// Its book.
    pub book: PathBuf,
    /// The folder that holds the user's `own.db` and `cache.db`.
    pub folder: PathBuf,
}

impl DeviceFiles {
    /// A device whose client was built with `data_dir` and `app_id`.
    #[must_use]
    pub fn new(name: &str, user: &str, book: &Path, data_dir: &Path, app_id: u64) -> Self {
        let hex: String = user.bytes().map(|byte| format!("{byte:02x}")).collect();
        Self {
            name: name.to_owned(),
            user: user.to_owned(),
            book: book.to_owned(),
            folder: data_dir.join(app_id.to_string()).join(hex),
        }
    }
}

/// The evidence could not be read.
#[derive(Debug)]
pub struct CollectError {
    path: PathBuf,
    reason: String,
}

impl fmt::Display for CollectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} cannot be read: {}", self.path.display(), self.reason)
    }
}

impl std::error::Error for CollectError {}

impl Evidence {
    /// Reads the server's database and everything of the devices.
    ///
    /// # Errors
    ///
    /// When a file is missing, damaged or of another form.
    pub fn collect(server_db: &Path, devices: &[DeviceFiles]) -> Result<Self, CollectError> {
        let server = in_file(server_db, read_server)?;
        let devices = devices.iter().map(collect_device).collect::<Result<_, _>>()?;
        Ok(Self { server, devices, announced: false, restored: false, cache_was_lost: false })
    }
}

fn collect_device(files: &DeviceFiles) -> Result<Device, CollectError> {
    let lines = read_book(&files.book)
        .map_err(|error| CollectError { path: files.book.clone(), reason: error.to_string() })?;
    let conversations = in_file(&files.folder.join("cache.db"), |db| read_cache(db, &files.user))?;
    let (failed, waiting) = in_file(&files.folder.join("own.db"), |db| read_outbox(db, &files.user))?;
    let store = ClientStore { conversations, waiting, failed };
    Ok(Device { name: files.name.clone(), user: files.user.clone(), lines, store })
}

fn in_file<T>(path: &Path, read: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, CollectError> {
    // No mutex: the connection never leaves this thread.
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(path, flags)
        .and_then(|db| read(&db))
        .map_err(|error| CollectError { path: path.to_owned(), reason: error.to_string() })
}

fn read_server(db: &Connection) -> rusqlite::Result<ServerLog> {
    // One snapshot over both queries: the server may be running.
    let snapshot = db.unchecked_transaction()?;
    let mut log = ServerLog::default();
    let mut names = BTreeMap::new();
    let mut query = snapshot.prepare("SELECT id, name, kind FROM conversation")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let name: String = row.get(1)?;
        let key = server_key(&name).ok_or_else(|| malformed(&name))?;
        let silent = row.get::<_, i64>(2)? == KIND_MEETING;
        log.conversations.insert(key.clone(), Vec::new());
        names.insert(row.get::<_, i64>(0)?, (key, silent));
    }

    let mut query = snapshot.prepare(
        "SELECT entry.conversation, seq, user.name, time_ms, client_id, envelope, content \
         FROM entry LEFT JOIN user ON user.id = entry.sender ORDER BY entry.conversation, seq",
    )?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let Some((key, silent)) = names.get(&row.get::<_, i64>(0)?) else { continue };
        let envelope: Vec<u8> = row.get(5)?;
        let fields = protobuf_fields(&envelope).ok_or_else(|| malformed("an envelope"))?;
        let excluded = fields.iter().any(|(field, value)| {
            *field == ENVELOPE_EXCLUDED_FROM_UNREAD
                && matches!(value, FieldValue::Number(number) if *number != 0)
        });
        let audience = fields.iter().filter_map(|(field, value)| match value {
            FieldValue::Bytes(bytes) if *field == ENVELOPE_AUDIENCE => {
                Some(String::from_utf8_lossy(bytes).into_owned())
            }
            _ => None,
        });
        let entry = Entry {
            seq: place(row, 1)?,
            sender: row.get::<_, Option<String>>(2)?.unwrap_or_default(),
            time_ms: row.get(3)?,
            client_id: hex(&row.get::<_, Vec<u8>>(4)?),
            content: row.get(6)?,
            counted: !excluded && !silent,
            audience: audience.collect(),
        };
        log.conversations.entry(key.clone()).or_default().push(entry);
    }

    let mut query = snapshot.prepare(
        "SELECT conversation, user.name, visible_from, left_at, floor_seq, cleared_seq \
         FROM member JOIN user ON user.id = member.user",
    )?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let Some((key, _)) = names.get(&row.get::<_, i64>(0)?) else { continue };
        let left_at = match row.get_ref(3)? {
            ValueRef::Null => None,
            _ => Some(place(row, 3)?),
        };
        let (from, floor, cleared) = (place(row, 2)?, place(row, 4)?, place(row, 5)?);
        let window = Window { from, to: left_at, floor, cleared };
        log.windows.insert((key.clone(), row.get(1)?), window);
    }

    let mut query = snapshot
        .prepare("SELECT conversation, user.name, seq FROM deletion JOIN user ON user.id = deletion.user")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let Some((key, _)) = names.get(&row.get::<_, i64>(0)?) else { continue };
        log.deletions.entry((key.clone(), row.get(1)?)).or_default().insert(place(row, 2)?);
    }
    Ok(log)
}

/// `c` and two users, or `g` and a group, joined by 0x01.
fn server_key(name: &str) -> Option<ConversationKey> {
    let mut parts = name.split('\u{1}');
    let key = match (parts.next()?, parts.next()?, parts.next()) {
        ("c", one, Some(other)) => ConversationKey::pair(one, other),
        ("g", group, None) => ConversationKey::group(group),
        _ => return None,
    };
    parts.next().is_none().then_some(key)
}

fn read_cache(db: &Connection, user: &str) -> rusqlite::Result<BTreeMap<ConversationKey, Vec<Entry>>> {
    let mut conversations: BTreeMap<ConversationKey, Vec<Entry>> = BTreeMap::new();
    let mut query = db.prepare(
        "SELECT conversation.id, seq, sender, time_ms, client_id, content \
         FROM message JOIN conversation ON conversation.row = message.conversation ORDER BY seq",
    )?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let name: String = row.get(0)?;
        let key = ConversationKey::of(user, &name).ok_or_else(|| malformed(&name))?;
        conversations.entry(key).or_default().push(Entry {
            seq: place(row, 1)?,
            sender: row.get(2)?,
            time_ms: row.get(3)?,
            client_id: hex(&row.get::<_, Vec<u8>>(4)?),
            content: row.get(5)?,
            counted: false,
            audience: Vec::new(),
        });
    }
    Ok(conversations)
}

/// Conversation and client message id of each.
type Rows = Vec<(ConversationKey, String)>;

/// The failed messages, and those that wait.
fn read_outbox(db: &Connection, user: &str) -> rusqlite::Result<(Rows, Rows)> {
    let mut query =
        db.prepare("SELECT conversation, id, state FROM outbox WHERE kind = ?1 AND state <> ?2")?;
    let mut rows = query.query([OUTBOX_MESSAGE, OUTBOX_DELETING])?;
    let (mut failed, mut waiting) = (Vec::new(), Vec::new());
    while let Some(row) = rows.next()? {
        let name: String = row.get(0)?;
        let key = ConversationKey::of(user, &name).ok_or_else(|| malformed(&name))?;
        let list = if row.get::<_, i64>(2)? == OUTBOX_FAILED { &mut failed } else { &mut waiting };
        list.push((key, hex(&row.get::<_, Vec<u8>>(1)?)));
    }
    Ok((failed, waiting))
}

/// A place in a log; SQLite knows only signed numbers.
fn place(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let number: i64 = row.get(column)?;
    u64::try_from(number).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, number))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn malformed(what: &str) -> rusqlite::Error {
    rusqlite::Error::InvalidParameterName(format!("{what:?} is not of the expected form"))
}

/// A protobuf field's value, as far as it matters here.
#[derive(Debug, PartialEq, Eq)]
enum FieldValue<'a> {
    Number(u64),
    Bytes(&'a [u8]),
    Other,
}

/// The fields of a protobuf message in the order they stand; `None` when it is none.
fn protobuf_fields(mut rest: &[u8]) -> Option<Vec<(u64, FieldValue<'_>)>> {
    let mut fields = Vec::new();
    while !rest.is_empty() {
        let tag = varint(&mut rest)?;
        let value = match tag & 7 {
            0 => FieldValue::Number(varint(&mut rest)?),
            1 => {
                take(&mut rest, 8)?;
                FieldValue::Other
            }
            2 => {
                let length = varint(&mut rest)?;
                FieldValue::Bytes(take(&mut rest, usize::try_from(length).ok()?)?)
            }
            5 => {
                take(&mut rest, 4)?;
                FieldValue::Other
            }
            _ => return None,
        };
        fields.push((tag >> 3, value));
    }
    Some(fields)
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (taken, behind) = rest.split_at_checked(length)?;
    *rest = behind;
    Some(taken)
}

fn varint(rest: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let (byte, behind) = rest.split_first()?;
        *rest = behind;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_that_matter_are_read_by_hand() {
        // excluded_from_unread = true, audience = ["bob"], and a number over one byte.
        let envelope = [0x10, 1, 0x32, 3, b'b', b'o', b'b', 0x48, 0xac, 0x02];
        assert_eq!(
            protobuf_fields(&envelope),
            Some(vec![
                (2, FieldValue::Number(1)),
                (6, FieldValue::Bytes(b"bob")),
                (9, FieldValue::Number(300))
            ])
        );
        assert_eq!(protobuf_fields(&[0x32, 9, 1]), None);
        assert_eq!(server_key("c\u{1}bob\u{1}alice"), Some(ConversationKey::pair("alice", "bob")));
        assert_eq!(server_key("g\u{1}team"), Some(ConversationKey::group("team")));
        assert_eq!(server_key("x"), None);
    }
}
