//! The floors of everything durable.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, params};

/// Appends of 4 KiB, each synced; the time of each.
pub(crate) fn appends(folder: &Path, count: usize) -> Vec<Duration> {
    let mut file = OpenOptions::new().create(true).append(true).open(folder.join("append")).unwrap();
    let mut times = Vec::with_capacity(count);
    for _ in 0..count {
        let start = Instant::now();
        file.write_all(&[7; 4_096]).unwrap();
        file.sync_data().unwrap();
        times.push(start.elapsed());
    }
    times
}

/// A table as the client's cache has it for messages, and nothing else.
pub(crate) fn messages_table(path: &Path, synchronous: &str) -> Connection {
    let connection = Connection::open(path).unwrap();
    connection
        .execute_batch(&format!(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous}; PRAGMA temp_store=MEMORY;
             CREATE TABLE message (row INTEGER PRIMARY KEY, conversation INTEGER NOT NULL, seq INTEGER NOT NULL,
                time_ms INTEGER NOT NULL, modified INTEGER NOT NULL, sender TEXT NOT NULL, client_id BLOB NOT NULL,
                kind INTEGER NOT NULL, from_here INTEGER NOT NULL, last_message INTEGER NOT NULL,
                envelope BLOB NOT NULL, content BLOB NOT NULL) STRICT;
             CREATE UNIQUE INDEX message_place ON message (conversation, seq);
             CREATE UNIQUE INDEX message_identity ON message (client_id, conversation, sender);"
        ))
        .unwrap();
    connection
}

/// Inserts rows `from..to`, spread over `conversations` one after the other, `batch` a transaction.
pub(crate) fn insert(
    connection: &mut Connection,
    from: u64,
    to: u64,
    conversations: u64,
    batch: u64,
) -> Duration {
    let each = (to - from) / conversations;
    let start = Instant::now();
    let mut next = from;
    while next < to {
        let transaction = connection.transaction().unwrap();
        {
            let mut statement = transaction
                .prepare_cached(
                    "INSERT INTO message VALUES (NULL, ?1, ?2, ?3, 0, 'alice', ?4, 1, 0, 1, ?5, ?6)",
                )
                .unwrap();
            for number in next..to.min(next + batch) {
                // Time-ordered, as the product's ids are.
                let mut id = [0_u8; 16];
                id[..8].copy_from_slice(&number.to_be_bytes());
                let conversation = (number - from) / each.max(1);
                statement
                    .execute(params![
                        conversation.cast_signed(),
                        number.cast_signed(),
                        number.cast_signed(),
                        id.as_slice(),
                        [7_u8; 24].as_slice(),
                        [7_u8; 200].as_slice()
                    ])
                    .unwrap();
            }
        }
        transaction.commit().unwrap();
        next += batch;
    }
    start.elapsed()
}
