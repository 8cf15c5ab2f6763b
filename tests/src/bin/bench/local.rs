//! Reading from the device's own files.

use std::time::Instant;

use rusqlite::Connection;
use tempfile::tempdir;
use whinchat_core::{Client, ConversationId, History};
use whinchat_tests::account::{APP_ID, user_sig};

use crate::row::{Row, median};

const PAGE: usize = 50;
const HISTORY: usize = 20;
const MESSAGES: u64 = 1_000_000;

pub(crate) async fn measure(runs: usize) -> Vec<Row> {
    let mut rows = Vec::new();
    for conversations in [10_000_u64, 100_000] {
        let dir = tempdir().unwrap();
        let cache = fill(dir.path(), conversations).await;
        let (mut first, mut first_floor, mut page, mut page_floor) = (vec![], vec![], vec![], vec![]);
        for _ in 0..runs {
            let (open, history) = floor(&cache, conversations);
            first_floor.push(open);
            page_floor.push(history);
            let (open, history) = ours(dir.path(), conversations).await;
            first.push(open);
            page.push(history);
        }
        rows.push(Row {
            name: format!("first page of {conversations} conversations, cold open"),
            unit: "us",
            ours: median(first),
            floor: median(first_floor),
            aim: None,
        });
        rows.push(Row {
            name: format!("history page of 20 in {MESSAGES} messages ({conversations} conversations)"),
            unit: "us",
            ours: median(page),
            floor: median(page_floor),
            aim: None,
        });
    }
    rows
}

async fn open(dir: &std::path::Path) -> Client {
    // Nothing listens there: no network.
    Client::builder().server("ws://127.0.0.1:9").app_id(APP_ID).data_dir(dir).build().unwrap()
}

/// A device that was logged in before, with everything held.
async fn fill(dir: &std::path::Path, conversations: u64) -> std::path::PathBuf {
    {
        let client = open(dir).await;
        assert!(client.login("bob", user_sig("bob")).await.is_err());
        client.close().await;
    }
    let folder = dir.join(APP_ID.to_string()).join("626f62");
    let own = Connection::open(folder.join("own.db")).unwrap();
    own.execute("INSERT OR REPLACE INTO account VALUES ('established', '1')", []).unwrap();
    let path = folder.join("cache.db");
    let cache = Connection::open(&path).unwrap();
    let each = MESSAGES / conversations;
    cache
        .execute_batch(&format!(
            "BEGIN;
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {conversations})
             INSERT INTO conversation (row, id, known, epoch, head_seq, counted, visible_from, active_ms, announced, delivered,
                sort_ms) SELECT i, 'c2c_user' || i, 1, 7, {each}, {each}, 1, i, {each}, {each}, i FROM n;
             INSERT INTO held SELECT row, 1, {each} FROM conversation;
             WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {MESSAGES} - 1)
             INSERT INTO message (conversation, seq, time_ms, modified, sender, client_id, kind, from_here, last_message,
                envelope, content)
             SELECT i / {each} + 1, i % {each} + 1, i, 0, 'user' || (i / {each} + 1), unhex(printf('%032x', i)), 1, 0, 1,
                zeroblob(0), zeroblob(200) FROM n;
             COMMIT;"
        ))
        .unwrap();
    path
}

fn floor(cache: &std::path::Path, conversations: u64) -> (f64, f64) {
    let start = Instant::now();
    let connection = Connection::open(cache).unwrap();
    let mut statement = connection
        .prepare("SELECT row, id, head_seq, counted, floor_counted FROM conversation ORDER BY sort_ms DESC, row DESC LIMIT ?1")
        .unwrap();
    let rows: Vec<i64> =
        statement.query_map([PAGE as i64], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let mut last = connection
        .prepare("SELECT * FROM message WHERE conversation = ?1 ORDER BY seq DESC LIMIT 1")
        .unwrap();
    for row in rows {
        last.query_row([row], |row| row.get::<_, i64>(0)).unwrap();
    }
    let open = start.elapsed().as_secs_f64() * 1e6;
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
    (open, start.elapsed().as_secs_f64() * 1e6)
}

async fn ours(dir: &std::path::Path, conversations: u64) -> (f64, f64) {
    let start = Instant::now();
    let client = open(dir).await;
    let login = tokio::spawn({
        let client = client.clone();
        async move { client.login("bob", user_sig("bob")).await }
    });
    let page = loop {
        match client.conversations().list(None, PAGE).await {
            Ok(page) => break page,
            Err(_) => tokio::task::yield_now().await,
        }
    };
    let first = start.elapsed().as_secs_f64() * 1e6;
    assert_eq!(page.items.len(), PAGE);
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
