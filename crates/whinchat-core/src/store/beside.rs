//! Bringing the write-ahead log home beside the writer while much is being stored.
//!
//! SQLite alone does it inside the commit that makes the log longer than 1,000 pages: the writer writes every page once more
//! and waits for the disk. While transactions are large, a thread with a connection of its own does that, and the writer
//! goes on. A log that grows meanwhile is never home as a whole, and only then it begins anew at its front; so past
//! [`CEILING`] the writer still brings home itself what the thread has left, and at [`BOUND`] it waits for that. With the first small transaction everything
//! is as it was.
//!
//! A checkpoint syncs the log before it writes the database, and the database before any of the log is overwritten,
//! whoever makes it.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

/// Rows that a transaction has to change to count as large. Those of a conversation in use change a handful.
const LARGE: u64 = 400;
/// Rows between two requests to the thread: about 500 pages.
const STEP: u64 = 4_000;
/// Pages of the log from which on the writer helps: 16 MB.
const CEILING: u32 = 4_000;
/// Bytes of a page.
const PAGE: u64 = 4_096;
/// Pages of the log at which the writer waits until all of it is home: 32 MB.
const BOUND: u32 = 2 * CEILING;
/// The same while transactions are small; SQLite's own default.
const USUAL: u32 = 1_000;
/// A thread that was not asked for so long ends.
const LINGER: Duration = Duration::from_secs(2);

/// The thread, if there is one now, and when to ask it. Owned by the writer's thread.
#[derive(Default)]
pub(super) struct Beside {
    helper: Option<Helper>,
    /// Rows changed since the thread was asked last.
    changed: u64,
    raised: bool,
}

struct Helper {
    ask: SyncSender<()>,
    thread: JoinHandle<()>,
}

impl Beside {
    /// Called by the writer after a commit that changed so many rows.
    pub(super) fn committed(&mut self, writer: &Connection, rows: u64) {
        let is_large = rows >= LARGE;
        if is_large != self.raised {
            self.raised = is_large;
            let pages = if is_large { CEILING } else { USUAL };
            if let Err(error) = writer.execute_batch(&format!("PRAGMA wal_autocheckpoint={pages}")) {
                tracing::warn!(%error, "the length of the log could not be set");
            }
        }
        if !is_large {
            return;
        }
        self.changed += rows;
        if self.changed >= STEP {
            self.changed = 0;
            if log_pages(writer) > u64::from(BOUND) {
                self.catch_up(writer);
            } else {
                self.ask(writer);
            }
        }
    }

    /// The thread is too slow, and while it works nobody else can: the writer waits for it and does the rest itself.
    fn catch_up(&mut self, writer: &Connection) {
        self.end();
        if let Err(error) = writer.execute_batch("PRAGMA wal_checkpoint(PASSIVE)") {
            tracing::warn!(%error, "the log could not be brought home; it is tried again");
        }
    }

    fn ask(&mut self, writer: &Connection) {
        // One request may wait: it means everything that is committed when it is taken up.
        if let Some(helper) = &self.helper
            && !matches!(helper.ask.try_send(()), Err(std::sync::mpsc::TrySendError::Disconnected(())))
        {
            return;
        }
        self.end();
        match Helper::start(writer) {
            Ok(helper) => self.helper = Some(helper),
            // The writer does it at the ceiling.
            Err(error) => tracing::warn!(%error, "nothing brings the log home beside the writer"),
        }
    }

    /// Ends the thread and waits for it: whoever brings the log home next finds nobody doing it.
    pub(super) fn end(&mut self) {
        if let Some(Helper { ask, thread }) = self.helper.take() {
            drop(ask);
            if thread.join().is_err() {
                tracing::error!("the thread that brings the log home panicked");
            }
        }
    }
}

/// How long the log is. It is cut back when it begins anew at its front.
fn log_pages(writer: &Connection) -> u64 {
    let log = writer.path().and_then(|path| std::fs::metadata(format!("{path}-wal")).ok());
    log.map_or(0, |log| log.len() / PAGE)
}

impl Drop for Beside {
    fn drop(&mut self) {
        self.end();
    }
}

impl Helper {
    /// Starts a thread, and asks it once.
    fn start(writer: &Connection) -> Result<Self, Box<dyn std::error::Error>> {
        let path = writer.path().ok_or("a database without a file")?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        // It has to sync as the writer does.
        for setting in ["synchronous", "fullfsync"] {
            let value: i64 = writer.query_row(&format!("PRAGMA {setting}"), [], |row| row.get(0))?;
            connection.execute_batch(&format!("PRAGMA {setting}={value}"))?;
        }
        let (ask, asked) = sync_channel(1);
        let _ = ask.try_send(());
        // It reports where the thread does that starts it.
        let reports = tracing::dispatcher::get_default(Clone::clone);
        let thread = std::thread::Builder::new().name("whinchat-log".to_owned()).spawn(move || {
            tracing::dispatcher::with_default(&reports, || serve(&connection, &asked));
        })?;
        Ok(Self { ask, thread })
    }
}

fn serve(connection: &Connection, asked: &Receiver<()>) {
    while asked.recv_timeout(LINGER).is_ok() {
        // Waits for nobody: what others still read, or bring home themselves, is left.
        if let Err(error) = connection.execute_batch("PRAGMA wal_checkpoint(PASSIVE)") {
            tracing::warn!(%error, "the log could not be brought home; it is tried again");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn open(path: &Path) -> Connection {
        let connection = Connection::open(path).unwrap();
        connection
            .execute_batch(
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA journal_size_limit=4194304; \
                 CREATE TABLE IF NOT EXISTS t (x BLOB)",
            )
            .unwrap();
        connection
    }

    /// A transaction of so many rows, ten a page.
    fn store(connection: &Connection, beside: &mut Beside, rows: u64) {
        let before = connection.total_changes();
        let sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1) \
                   INSERT INTO t SELECT randomblob(380) FROM n";
        connection.execute(sql, [rows.cast_signed()]).unwrap();
        beside.committed(connection, connection.total_changes() - before);
    }

    fn limit(connection: &Connection) -> u32 {
        connection.query_row("PRAGMA wal_autocheckpoint", [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn a_burst_is_brought_home_beside_the_writer_and_its_log_stays_short() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("db");
        let connection = open(&path);
        let mut beside = Beside::default();
        for _ in 0..100 {
            store(&connection, &mut beside, 2_000);
        }
        assert_eq!(limit(&connection), CEILING);
        beside.end();
        let log = std::fs::metadata(dir.path().join("db-wal")).unwrap().len() / 4_096;
        assert!(log < 3 * u64::from(CEILING), "{log} pages");
        // Without the log, all of it but what came after the last request is there.
        let copy = dir.path().join("copy");
        std::fs::copy(&path, &copy).unwrap();
        let count: i64 = open(&copy).query_row("SELECT count(*) FROM t", [], |row| row.get(0)).unwrap();
        assert!(count > 100_000, "{count} rows are home");
    }

    #[test]
    fn small_transactions_need_no_thread_and_end_the_burst() {
        let dir = tempfile::tempdir().unwrap();
        let connection = open(&dir.path().join("db"));
        let mut beside = Beside::default();
        for _ in 0..3 {
            store(&connection, &mut beside, LARGE - 1);
        }
        assert_eq!(limit(&connection), USUAL);
        for _ in 0..11 {
            store(&connection, &mut beside, LARGE);
        }
        assert!(beside.helper.is_some());
        store(&connection, &mut beside, 3);
        assert_eq!(limit(&connection), USUAL);
    }
}
