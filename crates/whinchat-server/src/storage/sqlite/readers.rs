//! Threads that read, each with a connection of its own. A read runs in one transaction: it sees one moment.
//!
//! The channel is bounded; when it is full, callers wait.

use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::fault::{DbError, DbResult};
use crate::storage::Fault;

type Job = Box<dyn FnOnce(&Connection) + Send>;

/// Jobs that may wait.
const QUEUE: usize = 1_024;

/// The sending side.
pub(super) struct Readers {
    jobs: mpsc::Sender<Job>,
    /// Jobs run at once, on the caller's thread; nothing takes them from the channel.
    #[cfg(any(test, feature = "simulation"))]
    inline: Option<Mutex<Connection>>,
}

impl Readers {
    /// Starts a thread a connection; they end when the readers are dropped.
    pub(super) fn start(
        connections: Vec<Connection>,
    ) -> std::io::Result<(Self, Vec<std::thread::JoinHandle<()>>)> {
        let (jobs, queue) = mpsc::channel::<Job>(QUEUE);
        let queue = Arc::new(Mutex::new(queue));
        let mut threads = Vec::new();
        for conn in connections {
            let queue = Arc::clone(&queue);
            threads.push(std::thread::Builder::new().name("whinchat-reader".to_owned()).spawn(
                move || {
                    loop {
                        // Held while waiting: the threads take turns at the channel, not at the work.
                        let job = queue.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv();
                        match job {
                            Some(job) => job(&conn),
                            None => break,
                        }
                    }
                },
            )?);
        }
        let readers = Self {
            jobs,
            #[cfg(any(test, feature = "simulation"))]
            inline: None,
        };
        Ok((readers, threads))
    }

    /// Readers without threads.
    #[cfg(any(test, feature = "simulation"))]
    pub(super) fn inline(conn: Connection) -> Self {
        let (jobs, _) = mpsc::channel(1);
        Self { jobs, inline: Some(Mutex::new(conn)) }
    }

    /// Runs a job here and now; gives it back when there are threads for it.
    #[cfg(any(test, feature = "simulation"))]
    fn run_inline(&self, job: Job) -> Option<Job> {
        let Some(conn) = &self.inline else { return Some(job) };
        job(&conn.lock().unwrap_or_else(PoisonError::into_inner));
        None
    }

    #[cfg(not(any(test, feature = "simulation")))]
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "the simulation's form decides")]
    fn run_inline(&self, job: Job) -> Option<Job> {
        Some(job)
    }

    /// Runs `work` in a read transaction.
    pub(super) async fn run<T, F>(&self, work: F) -> Result<T, Fault>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> DbResult<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |conn| {
            let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| in_one_moment(conn, work)));
            if !conn.is_autocommit() {
                let _ = conn.execute_batch("ROLLBACK");
            }
            if let Ok(result) = result {
                // The caller may be gone.
                let _ = reply.send(result.map_err(Fault::from));
            }
        });
        if let Some(job) = self.run_inline(job) {
            self.jobs.send(job).await.map_err(|_| Fault::Closed)?;
        }
        answer.await.map_err(|_| Fault::Database("the read broke off".to_owned()))?
    }
}

fn in_one_moment<T>(conn: &Connection, work: impl FnOnce(&Connection) -> DbResult<T>) -> DbResult<T> {
    conn.prepare_cached("BEGIN").and_then(|mut s| s.execute([])).map_err(DbError::from)?;
    let result = work(conn)?;
    conn.prepare_cached("COMMIT").and_then(|mut s| s.execute([])).map_err(DbError::from)?;
    Ok(result)
}
