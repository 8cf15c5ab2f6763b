//! Reading from the device's own files, and what that takes in memory.

use std::path::{Path, PathBuf};
use std::time::Instant;

use prost::Message as _;
use rusqlite::{Connection, OpenFlags, params};
use tempfile::{TempDir, tempdir};
use whinchat_core::{Client, Conversation, ConversationId, History};
use whinchat_proto::wire;
use whinchat_tests::account::{APP_ID, user_sig};

use crate::memory;
use crate::raw::TEXT;
use crate::row::{Row, median};

/// Conversations of a first page.
pub(crate) const PAGE: usize = 50;
/// Messages of a page of history.
pub(crate) const HISTORY: usize = 20;
const MESSAGES: u64 = 1_000_000;
/// What opening may take besides three times the floor, microseconds: threads, the folder's lock, the own file.
const OPENING_US: f64 = 5_000.0;
/// What a client may take besides the floor, KiB.
const MEMORY_KIB: f64 = 15.0 * 1_024.0;

pub(crate) async fn measure(runs: usize) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut first_pages = Vec::new();
    for conversations in [10_000_u64, 100_000] {
        let (dir, cache) = device(conversations).await;
        let (mut first, mut first_floor, mut page, mut page_floor) = (vec![], vec![], vec![], vec![]);
        for _ in 0..runs {
            let (open, history) = floor(&cache, conversations);
            first_floor.push(open);
            page_floor.push(history);
            let (open, history) = ours(dir.path(), conversations).await;
            first.push(open);
            page.push(history);
        }
        let (first, first_floor) = (median(first), median(first_floor));
        first_pages.push(first);
        rows.push(Row {
            name: format!("first page of {conversations} conversations, cold open"),
            unit: "us",
            ours: first,
            floor: first_floor,
            aim: Some(3.0 + OPENING_US / first_floor),
        });
        rows.push(Row {
            name: format!("history page of {HISTORY} in {MESSAGES} messages ({conversations} conv.)"),
            unit: "us",
            ours: median(page),
            floor: median(page_floor),
            aim: None,
        });
        if conversations == 10_000 {
            rows.push(client_memory(dir.path(), &cache, runs));
        }
    }
    if let [ten, hundred] = first_pages[..] {
        rows.push(Row {
            name: "first page, 100000 conversations beside 10000".to_owned(),
            unit: "us",
            ours: hundred.max(ten),
            floor: ten,
            aim: Some(1.2),
        });
    }
    rows
}

fn client_memory(dir: &Path, cache: &Path, runs: usize) -> Row {
    let (mut ours, mut floors) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        floors.push(memory::of_child(memory::Who::Floor, cache));
        ours.push(memory::of_child(memory::Who::Client, dir));
    }
    let floor = median(floors);
    Row {
        name: format!("client memory, {MESSAGES} messages in 10000 conversations"),
        unit: "KB",
        ours: median(ours),
        floor,
        aim: Some((floor + MEMORY_KIB) / floor),
    }
}

/// A client without a network.
pub(crate) fn open(dir: &Path) -> Client {
    // Nothing listens there.
    Client::builder().server("ws://127.0.0.1:9").app_id(APP_ID).data_dir(dir).build().unwrap()
}

/// A device that was logged in before, with everything held; and its cache file.
async fn device(conversations: u64) -> (TempDir, PathBuf) {
    let dir = tempdir().unwrap();
    let client = open(dir.path());
    assert!(client.login("bob", user_sig("bob")).await.is_err());
    client.close().await;
    let folder = dir.path().join(APP_ID.to_string()).join("626f62");
    let own = Connection::open(folder.join("own.db")).unwrap();
    own.execute("INSERT OR REPLACE INTO account VALUES ('established', '1')", []).unwrap();
    let path = folder.join("cache.db");
    let cache = Connection::open(&path).unwrap();
    let each = MESSAGES / conversations;
    let text = wire::Element { body: Some(wire::element::Body::Text(wire::Text { text: "x".repeat(TEXT) })) };
    let content = wire::Content { elements: vec![text], ..wire::Content::default() }.encode_to_vec();
    let envelope = wire::Envelope { kind: wire::MessageKind::Text.into(), ..wire::Envelope::default() };
    cache
        .execute_batch(&format!(
            "BEGIN;
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {conversations})
             INSERT INTO conversation (row, id, known, epoch, head_seq, counted, visible_from, active_ms, announced, delivered,
                sort_ms) SELECT i, 'c2c_user' || i, 1, 7, {each}, {each}, 1, i, {each}, {each}, i FROM n;
             INSERT INTO held SELECT row, 1, {each} FROM conversation;"
        ))
        .unwrap();
    cache
        .execute(
            &format!(
                "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {MESSAGES} - 1)
                 INSERT INTO message (conversation, seq, time_ms, modified, sender, client_id, kind, from_here, last_message,
                    envelope, content)
                 SELECT i / {each} + 1, i % {each} + 1, i, 0, 'user' || (i / {each} + 1), unhex(printf('%032x', i)), 1, 0, 1,
                    ?1, ?2 FROM n"
            ),
            params![envelope.encode_to_vec(), content],
        )
        .unwrap();
    cache.execute_batch("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    (dir, path)
}

/// A reading connection as the client has it.
pub(crate) fn reader(cache: &Path) -> Connection {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(cache, flags).unwrap();
    connection.execute_batch("PRAGMA temp_store=MEMORY; PRAGMA query_only=ON").unwrap();
    connection
}

/// The newest conversations, each with its last message, and a page of messages: bare queries.
pub(crate) fn read_list(connection: &Connection) -> usize {
    let mut statement = connection
        .prepare("SELECT row, id, head_seq, counted, floor_counted FROM conversation ORDER BY sort_ms DESC, row DESC LIMIT ?1")
        .unwrap();
    let rows: Vec<i64> =
        statement.query_map([PAGE as i64], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let mut last = connection
        .prepare("SELECT * FROM message WHERE conversation = ?1 ORDER BY seq DESC LIMIT 1")
        .unwrap();
    for row in &rows {
        last.query_row([row], |row| row.get::<_, Vec<u8>>(11)).unwrap();
    }
    rows.len()
}

fn read_page(connection: &Connection, conversations: u64) -> f64 {
    let each = (MESSAGES / conversations) as i64;
    let middle = (conversations / 2) as i64;
    let mut page = connection
        .prepare("SELECT * FROM message WHERE conversation = ?1 AND seq < ?2 ORDER BY seq DESC LIMIT ?3")
        .unwrap();
    let start = Instant::now();
    let count = page
        .query_map([middle, each, HISTORY as i64], |row| row.get::<_, Vec<u8>>(11))
        .unwrap()
        .map(Result::unwrap)
        .count();
    assert!(count > 0);
    start.elapsed().as_secs_f64() * 1e6
}

fn floor(cache: &Path, conversations: u64) -> (f64, f64) {
    let start = Instant::now();
    let connection = reader(cache);
    assert_eq!(read_list(&connection), PAGE);
    let open = start.elapsed().as_secs_f64() * 1e6;
    (open, read_page(&connection, conversations))
}

/// A client that opens the local session and shows the first page, as an app does when it starts.
pub(crate) async fn first_page(dir: &Path) -> (Client, Vec<Conversation>, tokio::task::JoinHandle<()>) {
    let client = open(dir);
    let mut events = client.events();
    let login = tokio::spawn({
        let client = client.clone();
        async move { drop(client.login("bob", user_sig("bob")).await) }
    });
    // The first thing that is told is that it tries to connect: by then the local session is open.
    events.next().await.unwrap();
    let page = client.conversations().list(None, PAGE).await.unwrap();
    (client, page.items, login)
}

async fn ours(dir: &Path, conversations: u64) -> (f64, f64) {
    let start = Instant::now();
    let (client, page, login) = first_page(dir).await;
    let first = start.elapsed().as_secs_f64() * 1e6;
    assert_eq!(page.len(), PAGE);
    let middle = ConversationId::parse(&format!("c2c_user{}", conversations / 2)).unwrap();
    let newest = client.messages().history(&middle, History::newest(1)).await.unwrap();
    let start = Instant::now();
    let older =
        client.messages().history(&middle, History::older(&newest.messages[0].id, HISTORY)).await.unwrap();
    let history = start.elapsed().as_secs_f64() * 1e6;
    assert!(!older.messages.is_empty());
    client.close().await;
    drop(login.await);
    (first, history)
}
