//! The one thread that writes: it takes jobs from a bounded channel and commits all that wait in one transaction.
//!
//! Each job runs in its own savepoint, so a job that is denied leaves nothing behind, and answers only after the commit
//! that holds it. When the channel is full, callers wait: that is the back-pressure of the disk. Writers of other processes
//! take turns with this one (see nodes.rs).

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::fault::{DbResult, fault};
use super::nodes::{Gate, Held};
use super::restore::SideFile;
use crate::storage::{Denied, Fault};

/// Answers once the fate of the transaction is known.
type Answer = Box<dyn FnOnce(Result<(), Fault>) + Send>;

/// Runs against the open transaction; tells whether its changes stay, and how to answer.
type Job = Box<dyn FnOnce(&Connection) -> (bool, Answer) + Send>;

/// Jobs that may wait.
const QUEUE: usize = 1_024;

/// How long the end waits for other processes before it leaves the write-ahead log to them.
const LAST_WAIT: Duration = Duration::from_millis(100);

/// The sending side.
pub(super) struct Writer {
    jobs: mpsc::Sender<Job>,
    commits: Arc<Commits>,
    /// Jobs run at once, on the caller's thread; nothing takes them from the channel.
    #[cfg(any(test, feature = "simulation"))]
    inline: Option<std::sync::Mutex<Inline>>,
}

/// Batches of this process.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    own: u64,
    /// The store's count with the last of them.
    last: u64,
}

/// Tells the batches of this process from those of others.
#[derive(Debug, Default)]
struct Commits(Mutex<Count>);

impl Commits {
    fn count(&self) -> Count {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, count: Count) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = count;
    }

    /// This process is about to commit the batch with which the store counts `last`.
    fn begin(&self, last: u64) {
        self.set(Count { own: self.count().own + 1, last });
    }

    /// Batches of others. Exact also while an own one is being committed: up to that one all others are known, as nobody
    /// else can commit.
    fn strangers(&self, all: u64) -> u64 {
        let Count { own, last } = self.count();
        all.max(last).wrapping_sub(own)
    }
}

/// A writer without a thread: every job is a transaction of its own, there and then.
#[cfg(any(test, feature = "simulation"))]
struct Inline {
    desk: Desk,
    /// Nothing ever waits here.
    queue: mpsc::Receiver<Job>,
}

/// What the thread works with.
pub(super) struct Desk {
    pub(super) conn: Connection,
    /// The file that notices a restored database; a guest has none.
    pub(super) side: Option<SideFile>,
    pub(super) gate: Gate,
    /// Most jobs of one transaction.
    pub(super) batch: usize,
    /// Held until the last write is home.
    pub(super) lock: Option<Held>,
}

impl Writer {
    /// Starts the thread; it ends when the writer is dropped and the queue is empty, having written the log home.
    pub(super) fn start(desk: Desk) -> std::io::Result<(Self, std::thread::JoinHandle<()>)> {
        let (jobs, queue) = mpsc::channel(QUEUE);
        let commits = Arc::new(Commits::default());
        let count = Arc::clone(&commits);
        let thread = std::thread::Builder::new().name("whinchat-writer".to_owned()).spawn(move || {
            let Desk { conn, lock, .. } = run(desk, &count, queue);
            drop(conn);
            // Only now may another process of this name have the folder.
            drop(lock);
        })?;
        let writer = Self {
            jobs,
            commits,
            #[cfg(any(test, feature = "simulation"))]
            inline: None,
        };
        Ok((writer, thread))
    }

    /// How many batches other processes have committed, of the `all` that the store was read to have.
    pub(super) fn strangers(&self, all: u64) -> u64 {
        self.commits.strangers(all)
    }

    /// A writer without a thread.
    #[cfg(any(test, feature = "simulation"))]
    pub(super) fn inline(desk: Desk) -> Self {
        let (jobs, queue) = mpsc::channel(1);
        let inline = Some(std::sync::Mutex::new(Inline { desk, queue }));
        Self { jobs, commits: Arc::default(), inline }
    }

    /// Runs a job here and now; gives it back when there is a thread for it.
    #[cfg(any(test, feature = "simulation"))]
    fn run_inline(&self, job: Job) -> Option<Job> {
        let Some(inline) = &self.inline else { return Some(job) };
        let mut inline = inline.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let Inline { desk, queue } = &mut *inline;
        commit(desk, &self.commits, job, queue);
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

fn run(mut desk: Desk, commits: &Commits, mut queue: mpsc::Receiver<Job>) -> Desk {
    while let Some(first) = queue.blocking_recv() {
        commit(&mut desk, commits, first, &mut queue);
    }
    // Other nodes may be reading: then the log stays theirs.
    let _ = desk.conn.busy_timeout(LAST_WAIT);
    if let Err(error) = desk.conn.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)") {
        tracing::warn!(%error, "the write-ahead log could not be written home; the next start does it");
    }
    desk
}

/// Commits the first job and those that wait, and answers them.
fn commit(desk: &mut Desk, commits: &Commits, first: Job, queue: &mut mpsc::Receiver<Job>) {
    let Desk { conn, side, gate, batch, .. } = desk;
    let mut answers = Vec::new();
    let before = conn.total_changes();
    let turn = gate.enter().inspect_err(|error| {
        // SQLite's own locks still keep the writers apart.
        tracing::warn!(%error, "the lock that writers of several nodes queue at cannot be had");
    });
    let counted = commits.count();
    let outcome = transaction(conn, first, queue, (*batch).max(1), &mut answers, before, commits);
    let outcome = match outcome {
        Ok(Some(batches)) => {
            if let Some(Err(error)) = side.as_mut().map(|side| side.note(batches)) {
                tracing::warn!(%error, "the file that notices a restored database cannot be written");
            }
            Ok(())
        }
        Ok(None) => Ok(()),
        Err(error) => {
            commits.set(counted);
            if !conn.is_autocommit() {
                let _ = conn.execute_batch("ROLLBACK");
            }
            let fault = fault(&error);
            tracing::error!(%fault, waiting = answers.len(), "a transaction failed");
            Err(fault)
        }
    };
    drop(turn);
    for answer in answers {
        answer(outcome.clone());
    }
}

/// Runs the first job and those that wait, and commits. If anything was written, gives how many batches the store has now.
///
/// When the transaction cannot even begin, the job is dropped with its reply, and its caller gets a fault.
fn transaction(
    conn: &Connection,
    first: Job,
    queue: &mut mpsc::Receiver<Job>,
    batch: usize,
    answers: &mut Vec<Answer>,
    before: u64,
    commits: &Commits,
) -> rusqlite::Result<Option<u64>> {
    conn.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
    let mut next = Some(first);
    while let Some(job) = next {
        run_job(conn, job, answers)?;
        next = if answers.len() < batch { queue.try_recv().ok() } else { None };
    }
    let mut batches = None;
    if conn.total_changes() != before {
        let mut statement =
            conn.prepare_cached("UPDATE store SET batches = batches + 1 WHERE id = 1 RETURNING batches")?;
        let count = statement.query_row([], |row| row.get(0))?;
        // Before anybody can read it in the store.
        commits.begin(count);
        batches = Some(count);
    }
    conn.prepare_cached("COMMIT")?.execute([])?;
    Ok(batches)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_commit_is_told_from_what_is_being_committed_here() {
        let commits = Commits::default();
        assert_eq!(commits.strangers(4), 4);
        commits.begin(5);
        // Whether it can be read already or not.
        assert_eq!((commits.strangers(4), commits.strangers(5)), (4, 4));
        assert_eq!(commits.strangers(6), 5);
        let before = commits.count();
        commits.begin(7);
        assert_eq!((commits.strangers(6), commits.strangers(7)), (5, 5));
        // It failed, and somebody else has committed.
        commits.set(before);
        assert_eq!((commits.strangers(6), commits.strangers(7)), (5, 6));
    }
}
