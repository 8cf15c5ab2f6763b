//! The one thread that writes: it takes jobs from a bounded channel and commits all that wait in one transaction.
//!
//! Each job runs in its own savepoint, so a job that is denied leaves nothing behind, and answers only after the commit
//! that holds it. When the channel is full, callers wait: that is the back-pressure of the disk.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::fault::{DbResult, fault};
use super::restore::SideFile;
use crate::storage::{Denied, Fault};

/// Answers once the fate of the transaction is known.
type Answer = Box<dyn FnOnce(Result<(), Fault>) + Send>;

/// Runs against the open transaction; tells whether its changes stay, and how to answer.
type Job = Box<dyn FnOnce(&Connection) -> (bool, Answer) + Send>;

/// Jobs that may wait.
const QUEUE: usize = 1_024;

/// The sending side.
pub(super) struct Writer {
    jobs: mpsc::Sender<Job>,
    /// Jobs run at once, on the caller's thread; nothing takes them from the channel.
    #[cfg(any(test, feature = "simulation"))]
    inline: Option<std::sync::Mutex<Inline>>,
}

/// A writer without a thread: every job is a transaction of its own, there and then.
#[cfg(any(test, feature = "simulation"))]
struct Inline {
    conn: Connection,
    side: SideFile,
    batches: u64,
    /// Nothing ever waits here.
    queue: mpsc::Receiver<Job>,
}

impl Writer {
    /// Starts the thread; it ends when the writer is dropped and the queue is empty, having written the log home.
    pub(super) fn start(
        conn: Connection,
        side: SideFile,
        batches: u64,
        batch: usize,
        lock: Option<File>,
    ) -> std::io::Result<(Self, std::thread::JoinHandle<()>)> {
        let (jobs, queue) = mpsc::channel(QUEUE);
        let thread = std::thread::Builder::new().name("whinchat-writer".to_owned()).spawn(move || {
            run(&conn, side, batches, queue, batch.max(1));
            drop(conn);
            // Only now may another process have the folder.
            drop(lock);
        })?;
        let writer = Self {
            jobs,
            #[cfg(any(test, feature = "simulation"))]
            inline: None,
        };
        Ok((writer, thread))
    }

    /// A writer without a thread.
    #[cfg(any(test, feature = "simulation"))]
    pub(super) fn inline(conn: Connection, side: SideFile, batches: u64) -> Self {
        let (jobs, queue) = mpsc::channel(1);
        Self { jobs, inline: Some(std::sync::Mutex::new(Inline { conn, side, batches, queue })) }
    }

    /// Runs a job here and now; gives it back when there is a thread for it.
    #[cfg(any(test, feature = "simulation"))]
    fn run_inline(&self, job: Job) -> Option<Job> {
        let Some(inline) = &self.inline else { return Some(job) };
        let mut inline = inline.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let Inline { conn, side, batches, queue } = &mut *inline;
        commit(conn, side, batches, job, queue, 1);
        None
    }

    #[cfg(not(any(test, feature = "simulation")))]
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "the simulation's form decides")]
    fn run_inline(&self, job: Job) -> Option<Job> {
        Some(job)
    }

    /// Runs `work` in a transaction; what it gives is answered after the commit.
    pub(super) async fn run<T, F>(&self, work: F) -> Result<T, Denied>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> DbResult<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |conn| {
            let result = work(conn).map_err(Denied::from);
            let stays = result.is_ok();
            let answer: Answer = Box::new(move |committed| {
                // The caller may be gone; what is committed stays.
                let _ = reply.send(match (committed, result) {
                    (Err(fault), Ok(_)) => Err(Denied::Fault(fault)),
                    (_, result) => result,
                });
            });
            (stays, answer)
        });
        if let Some(job) = self.run_inline(job) {
            self.jobs.send(job).await.map_err(|_| Fault::Closed)?;
        }
        // A job that panicked was rolled back and has dropped its answer.
        answer.await.map_err(|_| Denied::Fault(Fault::Database("the operation broke off".to_owned())))?
    }
}

fn run(
    conn: &Connection,
    mut side: SideFile,
    mut batches: u64,
    mut queue: mpsc::Receiver<Job>,
    batch: usize,
) {
    while let Some(first) = queue.blocking_recv() {
        commit(conn, &mut side, &mut batches, first, &mut queue, batch);
    }
    if let Err(error) = conn.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)") {
        tracing::warn!(%error, "the write-ahead log could not be written home; the next start does it");
    }
}

/// Commits the first job and those that wait, and answers them.
fn commit(
    conn: &Connection,
    side: &mut SideFile,
    batches: &mut u64,
    first: Job,
    queue: &mut mpsc::Receiver<Job>,
    batch: usize,
) {
    let mut answers = Vec::new();
    let before = conn.total_changes();
    let outcome = transaction(conn, first, queue, batch, &mut answers, before);
    let outcome = match outcome {
        Ok(true) => {
            *batches += 1;
            if let Err(error) = side.note(*batches) {
                tracing::warn!(%error, "the file that notices a restored database cannot be written");
            }
            Ok(())
        }
        Ok(false) => Ok(()),
        Err(error) => {
            if !conn.is_autocommit() {
                let _ = conn.execute_batch("ROLLBACK");
            }
            let fault = fault(&error);
            tracing::error!(%fault, waiting = answers.len(), "a transaction failed");
            Err(fault)
        }
    };
    for answer in answers {
        answer(outcome.clone());
    }
}

/// Runs the first job and those that wait, and commits. Tells whether anything was written.
///
/// When the transaction cannot even begin, the job is dropped with its reply, and its caller gets a fault.
fn transaction(
    conn: &Connection,
    first: Job,
    queue: &mut mpsc::Receiver<Job>,
    batch: usize,
    answers: &mut Vec<Answer>,
    before: u64,
) -> rusqlite::Result<bool> {
    conn.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
    let mut next = Some(first);
    while let Some(job) = next {
        run_job(conn, job, answers)?;
        next = if answers.len() < batch { queue.try_recv().ok() } else { None };
    }
    let wrote = conn.total_changes() != before;
    if wrote {
        conn.prepare_cached("UPDATE store SET batches = batches + 1 WHERE id = 1")?.execute([])?;
    }
    conn.prepare_cached("COMMIT")?.execute([])?;
    Ok(wrote)
}

fn run_job(conn: &Connection, job: Job, answers: &mut Vec<Answer>) -> rusqlite::Result<()> {
    conn.prepare_cached("SAVEPOINT job")?.execute([])?;
    let outcome = catch_unwind(AssertUnwindSafe(|| job(conn)));
    let stays = match outcome {
        Ok((stays, answer)) => {
            answers.push(answer);
            stays
        }
        Err(_) => {
            tracing::error!("an operation panicked inside the writer; it was rolled back");
            false
        }
    };
    if conn.is_autocommit() {
        // SQLite has rolled back everything (a full disk does that): all who wait have to hear of it.
        return Err(rusqlite::Error::SqliteFailure(
            rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_FULL),
            Some("the transaction was rolled back".to_owned()),
        ));
    }
    if !stays {
        conn.prepare_cached("ROLLBACK TO job")?.execute([])?;
    }
    conn.prepare_cached("RELEASE job")?.execute([])?;
    Ok(())
}
