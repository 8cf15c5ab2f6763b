//! The one writer of a database file.
//!
//! A thread takes closures and commits those that wait together in one immediate transaction, each behind a savepoint of its
//! own: one that fails leaves no trace and does not touch its neighbours.

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::{mpsc, oneshot};

use super::beside::Beside;
use super::fault::{Checked, fault};
use super::suspect::Suspect;
use crate::error::{Error, ErrorCode, Result};

/// Closures that may wait. When full, callers wait: a phone that writes faster than its flash has to slow down somewhere.
const QUEUE: usize = 1_024;
/// Closures that one transaction takes, so that nobody waits long for the commit.
const BATCH: usize = 256;

/// One closure with the place for its result.
trait Operation: Send {
    fn run(&mut self, connection: &Connection, suspect: &Suspect) -> bool;
    /// Called on the writer's thread once the outcome stands, in the order of the operations.
    fn finish(self: Box<Self>, failure: Option<Error>);
}

struct Work<T, F, D> {
    work: Option<F>,
    result: Option<Result<T>>,
    then: Option<D>,
    reply: oneshot::Sender<Result<T>>,
}

impl<T, F, D> Operation for Work<T, F, D>
where
    T: Send,
    F: FnOnce(&Connection) -> Result<T> + Send,
    D: FnOnce(&T) + Send,
{
    fn run(&mut self, connection: &Connection, suspect: &Suspect) -> bool {
        let Some(work) = self.work.take() else { return false };
        let result = suspect.look(work(connection));
        let done = result.is_ok();
        self.result = Some(result);
        done
    }

    fn finish(self: Box<Self>, failure: Option<Error>) {
        let result = match (failure, self.result) {
            (_, Some(Err(error))) | (Some(error), _) => Err(error),
            (None, Some(Ok(value))) => Ok(value),
            (None, None) => Err(ErrorCode::Internal.into()),
        };
        if let (Ok(value), Some(then)) = (&result, self.then) {
            then(value);
        }
        // The caller may have gone; the work stands all the same.
        drop(self.reply.send(result));
    }
}

enum Job {
    Write(Box<dyn Operation>),
    Close(oneshot::Sender<()>),
    /// Write the log home.
    Home(oneshot::Sender<()>),
}

/// The door to every write of one file.
#[derive(Clone)]
pub(crate) struct Writer {
    jobs: mpsc::Sender<Job>,
    /// Jobs run at once, on the caller's thread; nothing takes them from the channel.
    #[cfg(feature = "simulation")]
    inline: Option<std::sync::Arc<std::sync::Mutex<Option<Connection>>>>,
}

impl Writer {
    /// Makes the writer and the loop that has to run on a thread of its own.
    pub(crate) fn new(connection: Connection, suspect: Suspect) -> (Self, impl FnOnce() + Send + 'static) {
        let (jobs, queue) = mpsc::channel(QUEUE);
        let writer = Self {
            jobs,
            #[cfg(feature = "simulation")]
            inline: None,
        };
        (writer, move || run(connection, queue, &suspect))
    }

    /// Makes a writer without a thread: every write is a transaction of its own, there and then.
    #[cfg(feature = "simulation")]
    pub(crate) fn inline(connection: Connection) -> Self {
        let (jobs, _) = mpsc::channel(1);
        Self { jobs, inline: Some(std::sync::Arc::new(std::sync::Mutex::new(Some(connection)))) }
    }

    /// Runs a job here and now; gives it back when there is a thread for it.
    #[cfg(feature = "simulation")]
    fn run_inline(&self, job: Job) -> Option<Job> {
        let Some(inline) = &self.inline else { return Some(job) };
        let mut connection = inline.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match job {
            Job::Write(operation) => {
                if let Some(connection) = connection.as_mut() {
                    let mut batch = vec![operation];
                    while !batch.is_empty() {
                        batch = commit(connection, batch, &Suspect::default());
                    }
                }
            }
            Job::Close(reply) => {
                connection.take();
                let _ = reply.send(());
            }
            Job::Home(reply) => drop(reply.send(())),
        }
        None
    }

    #[cfg(not(feature = "simulation"))]
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "the simulation's form decides")]
    fn run_inline(&self, job: Job) -> Option<Job> {
        Some(job)
    }

    /// Runs `work` in a transaction and returns once it is committed. Once queued it runs even if the caller goes away.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.write_then(work, |_| ()).await
    }

    /// As [`Self::write`]; `then` runs right after the commit, before any later write of this file has its own. It must be short.
    pub(crate) async fn write_then<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
        then: impl FnOnce(&T) + Send + 'static,
    ) -> Result<T> {
        self.begin_then(work, then).await?.await
    }

    /// As [`Self::write_then`] in two steps: when this returns, `work` has its place in the order; the future that it gives
    /// ends with the commit.
    pub(crate) async fn begin_then<T, W, D>(
        &self,
        work: W,
        then: D,
    ) -> Result<impl Future<Output = Result<T>> + Send + use<T, W, D>>
    where
        T: Send + 'static,
        W: FnOnce(&Connection) -> Result<T> + Send + 'static,
        D: FnOnce(&T) + Send + 'static,
    {
        let (reply, result) = oneshot::channel();
        let operation = Work { work: Some(work), result: None, then: Some(then), reply };
        if let Some(job) = self.run_inline(Job::Write(Box::new(operation))) {
            self.jobs.send(job).await.map_err(|_| closed())?;
        }
        Ok(async move { result.await.map_err(|_| closed())? })
    }

    /// As [`Self::write`], from a thread that may block and is not this writer's.
    pub(crate) fn write_blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
        then: impl FnOnce(&T) + Send + 'static,
    ) -> Result<T> {
        let (reply, result) = oneshot::channel();
        let operation = Work { work: Some(work), result: None, then: Some(then), reply };
        #[cfg(feature = "simulation")]
        if self.inline.is_some() {
            drop(self.run_inline(Job::Write(Box::new(operation))));
            let mut result = result;
            return result.try_recv().map_err(|_| closed())?;
        }
        self.jobs.blocking_send(Job::Write(Box::new(operation))).map_err(|_| closed())?;
        result.blocking_recv().map_err(|_| closed())?
    }

    /// Makes everything that is committed by now outlive a power cut, also in a file whose commits are not synced.
    pub(crate) async fn write_home(&self) {
        let (reply, done) = oneshot::channel();
        if let Some(job) = self.run_inline(Job::Home(reply))
            && self.jobs.send(job).await.is_err()
        {
            return;
        }
        drop(done.await);
    }

    /// Writes what waits, checkpoints, and closes the file.
    pub(crate) async fn close(&self) {
        let (reply, closed) = oneshot::channel();
        if let Some(job) = self.run_inline(Job::Close(reply))
            && self.jobs.send(job).await.is_err()
        {
            return;
        }
        drop(closed.await);
    }
}

fn closed() -> Error {
    Error::new(ErrorCode::Interrupted, "the client was closed before the call had finished")
}

fn run(mut connection: Connection, mut queue: mpsc::Receiver<Job>, suspect: &Suspect) {
    let mut beside = Beside::default();
    while let Some(job) = queue.blocking_recv() {
        let mut batch = Vec::new();
        let (mut closing, mut homing) = (None, None);
        let mut next = Some(job);
        while let Some(job) = next.take() {
            match job {
                Job::Write(operation) => batch.push(operation),
                Job::Close(reply) => closing = Some(reply),
                Job::Home(reply) => homing = Some(reply),
            }
            if closing.is_none() && homing.is_none() && batch.len() < BATCH {
                next = queue.try_recv().ok();
            }
        }
        while !batch.is_empty() {
            let before = connection.total_changes();
            batch = commit(&mut connection, batch, suspect);
            beside.committed(&connection, connection.total_changes().saturating_sub(before));
        }
        if let Some(reply) = homing {
            // A checkpoint that meets another one does nothing.
            beside.end();
            // The log itself is synced first, so what readers keep from going home lasts as well.
            if let Err(error) = connection.execute_batch("PRAGMA wal_checkpoint(PASSIVE)") {
                tracing::warn!(%error, "the log could not be written home");
            }
            let _ = reply.send(());
        }
        if let Some(reply) = closing {
            queue.close();
            beside.end();
            if let Err(error) = connection.execute_batch("PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)") {
                tracing::warn!(%error, "the database was not checkpointed at closing; the next start does it");
            }
            drop(connection);
            let _ = reply.send(());
            return;
        }
    }
}

/// Runs a batch in one transaction and finishes it. Returns what has to be tried in another one.
fn commit(
    connection: &mut Connection,
    mut batch: Vec<Box<dyn Operation>>,
    suspect: &Suspect,
) -> Vec<Box<dyn Operation>> {
    let mut done = 0;
    let outcome = suspect.look(run_all(connection, &mut batch, &mut done, suspect));
    // After a fault that ended the transaction, the operations behind the one that met it were not run yet.
    let rest = batch.split_off(done);
    let failure = outcome.err();
    if let Some(error) = &failure {
        tracing::warn!(code = error.code, operations = done, "a local transaction failed");
    }
    for operation in batch {
        operation.finish(failure.clone());
    }
    rest
}

fn run_all(
    connection: &mut Connection,
    batch: &mut [Box<dyn Operation>],
    done: &mut usize,
    suspect: &Suspect,
) -> Result<()> {
    let alone = batch.len() == 1;
    let started = connection.transaction_with_behavior(TransactionBehavior::Immediate);
    let transaction = match started {
        Ok(transaction) => transaction,
        Err(error) => {
            *done = batch.len();
            return Err(fault(&error));
        }
    };
    for operation in batch.iter_mut() {
        *done += 1;
        if alone {
            if !operation.run(&transaction, suspect) {
                return transaction.rollback().checked();
            }
            break;
        }
        transaction.execute_batch("SAVEPOINT operation").checked()?;
        let ended = if operation.run(&transaction, suspect) {
            "RELEASE operation"
        } else {
            "ROLLBACK TO operation; RELEASE operation"
        };
        // A full disk can end the whole transaction from inside.
        if transaction.is_autocommit() {
            return Err(Error::new(
                ErrorCode::FileSystem,
                "the database could not be written; is the disk full?",
            ));
        }
        transaction.execute_batch(ended).checked()?;
    }
    transaction.commit().checked()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open() -> (tempfile::TempDir, Writer, std::thread::JoinHandle<()>) {
        let dir = tempfile::tempdir().unwrap();
        let connection = Connection::open(dir.path().join("db")).unwrap();
        connection.execute_batch("PRAGMA journal_mode=WAL; CREATE TABLE t(x INTEGER UNIQUE)").unwrap();
        let (writer, work) = Writer::new(connection, Suspect::default());
        (dir, writer, std::thread::spawn(work))
    }

    fn insert(x: i64) -> impl FnOnce(&Connection) -> Result<()> + Send + 'static {
        move |tx| tx.execute("INSERT INTO t VALUES (?)", [x]).checked().map(drop)
    }

    #[tokio::test]
    async fn one_failing_write_does_not_touch_its_neighbours() {
        let (_dir, writer, thread) = open();
        let (first, second, third) = tokio::join!(
            writer.write(insert(1)),
            writer.write(|tx| {
                insert(2)(tx)?;
                insert(1)(tx)
            }),
            writer.write(insert(3)),
        );
        assert!(first.is_ok() && third.is_ok());
        assert!(second.unwrap_err().is(ErrorCode::StoreFailed));
        let sum: i64 = writer
            .write(|tx| tx.query_row("SELECT sum(x) FROM t", [], |r| r.get(0)).checked())
            .await
            .unwrap();
        assert_eq!(sum, 4);
        writer.close().await;
        assert!(writer.write(insert(9)).await.unwrap_err().is(ErrorCode::Interrupted));
        thread.join().unwrap();
    }

    #[tokio::test]
    async fn a_write_whose_caller_went_away_still_happens() {
        let (_dir, writer, _thread) = open();
        {
            let pending = writer.write(insert(7));
            let mut pending = std::pin::pin!(pending);
            let _ = futures_util::poll!(pending.as_mut());
        }
        let count: i64 = writer
            .write(|tx| tx.query_row("SELECT count(*) FROM t", [], |r| r.get(0)).checked())
            .await
            .unwrap();
        assert_eq!(count, 1);
    }

    #[tokio::test]
    async fn a_full_disk_fails_with_its_own_code_and_later_writes_work_again() {
        let (_dir, writer, _thread) = open();
        let pages: i64 =
            writer.write(|tx| tx.query_row("PRAGMA page_count", [], |r| r.get(0)).checked()).await.unwrap();
        writer
            .write(move |tx| {
                tx.query_row(&format!("PRAGMA max_page_count={pages}"), [], |_| Ok(())).checked()
            })
            .await
            .unwrap();
        let full = writer.write(|tx| (0..10_000).try_for_each(|x| insert(x)(tx))).await.unwrap_err();
        assert!(full.is(ErrorCode::FileSystem), "{full}");
        writer
            .write(|tx| tx.query_row("PRAGMA max_page_count=1000000", [], |_| Ok(())).checked())
            .await
            .unwrap();
        writer.write(|tx| (0..10_000).try_for_each(|x| insert(x)(tx))).await.unwrap();
    }
}
