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
             PRAGMA journal_size_limit=4194304;
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

/// What the floor inserts: the columns that differ from row to row, as the product's client stores them.
pub(crate) struct MessageRow {
    pub(crate) conversation: i64,
    pub(crate) seq: i64,
    pub(crate) sender: String,
    pub(crate) client_id: Vec<u8>,
    pub(crate) envelope: Vec<u8>,
    pub(crate) content: Vec<u8>,
}

/// Inserts rows in their order, `batch` a transaction.
pub(crate) fn insert(connection: &mut Connection, rows: &[MessageRow], batch: usize) -> Duration {
    let start = Instant::now();
    for rows in rows.chunks(batch) {
        let transaction = connection.transaction().unwrap();
        {
            let mut statement = transaction
                .prepare_cached("INSERT INTO message VALUES (NULL, ?1, ?2, ?3, 0, ?4, ?5, 1, 0, 1, ?6, ?7)")
                .unwrap();
            for row in rows {
                statement
                    .execute(params![
                        row.conversation,
                        row.seq,
                        1_700_000_000_000 + row.seq,
                        row.sender,
                        row.client_id,
                        row.envelope,
                        row.content
                    ])
                    .unwrap();
            }
        }
        transaction.commit().unwrap();
    }
    start.elapsed()
}
