//! Reading connections. They see committed states only and never wait for the writer.

use std::any::Any;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, OpenFlags};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::fault::Checked;
use super::suspect::Suspect;
use crate::error::{Error, ErrorCode, Result};
use crate::platform::Runtime;

/// Reads that run at once; further ones wait.
const CONNECTIONS: usize = 4;

/// Any result, and anything that is read: all that surrounds a read is compiled once and not for each of a hundred.
type Anything = Box<dyn Any + Send>;
type Work = Box<dyn FnOnce(&Connection) -> Result<Anything> + Send>;

struct Pool {
    path: PathBuf,
    suspect: Suspect,
    idle: Mutex<Vec<Connection>>,
    permits: Arc<Semaphore>,
}

/// A few reading connections to one file.
#[derive(Clone)]
pub(crate) struct Readers {
    runtime: Arc<Runtime>,
    pool: Arc<Pool>,
}

impl Readers {
    /// Connections are opened when they are first needed.
    pub(crate) fn new(runtime: Arc<Runtime>, path: PathBuf, suspect: Suspect) -> Self {
        let pool =
            Pool { path, suspect, idle: Mutex::default(), permits: Arc::new(Semaphore::new(CONNECTIONS)) };
        Self { runtime, pool: Arc::new(pool) }
    }

    /// Runs `work` on a reading connection, in one consistent view of the file.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let read = self.read_anything(Box::new(move |view| Ok(Box::new(work(view)?)))).await?;
        read.downcast().map(|read| *read).map_err(|_| ErrorCode::Internal.into())
    }

    async fn read_anything(&self, work: Work) -> Result<Anything> {
        match self.pool.permits.clone().try_acquire_owned() {
            Ok(permit) => self.run(permit, work).await,
            // In a task of its own: a permit that was given to a future of the app's is held for as long as the app does not
            // look at that future, and everybody behind it would wait.
            Err(_) => {
                let readers = self.clone();
                let queued = async move {
                    let closed = |_| Error::new(ErrorCode::Interrupted, "the client was closed");
                    let permit = readers.pool.permits.clone().acquire_owned().await.map_err(closed)?;
                    readers.run(permit, work).await
                };
                self.runtime.run(queued).await?
            }
        }
    }

    async fn run(&self, permit: OwnedSemaphorePermit, work: Work) -> Result<Anything> {
        let pool = self.pool.clone();
        self.runtime
            .spawn_blocking(move || {
                // Held until the work is done, also when nobody waits for it any more: closing waits for it.
                let _permit = permit;
                let mut connection = pool.take()?;
                let result = {
                    let view = connection.transaction().checked()?;
                    work(&view)
                };
                pool.put_back(connection);
                pool.suspect.look(result)
            })
            .await?
    }

    /// Waits for the reads that run and closes every connection.
    pub(crate) async fn close(&self) {
        let all = self.pool.permits.acquire_many(u32::try_from(CONNECTIONS).unwrap_or(u32::MAX)).await;
        self.pool.permits.close();
        drop(all);
        self.pool.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Pool {
    fn take(&self) -> Result<Connection> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        if let Some(connection) = idle {
            return Ok(connection);
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags).checked()?;
        connection.busy_timeout(std::time::Duration::from_secs(5)).checked()?;
        connection.execute_batch("PRAGMA temp_store=MEMORY; PRAGMA query_only=ON").checked()?;
        connection.set_prepared_statement_cache_capacity(64);
        Ok(connection)
    }

    fn put_back(&self, connection: Connection) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::Future as _;
    use std::sync::mpsc;
    use std::task::{Context, Waker};

    #[tokio::test]
    async fn a_read_that_nobody_looks_at_holds_up_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("some.db");
        drop(Connection::open(&path).unwrap().execute_batch("CREATE TABLE t (x)"));
        let runtime = Arc::new(Runtime::new().unwrap());
        let readers = Readers::new(runtime, path.clone(), Suspect::default());
        // Every connection is busy until told.
        let busy: Vec<_> = (0..CONNECTIONS)
            .map(|_| {
                let ((go, wait), readers) = (mpsc::channel::<()>(), readers.clone());
                let read = tokio::spawn(async move { readers.read(move |_| Ok(wait.recv().is_ok())).await });
                (go, read)
            })
            .collect();
        while readers.pool.permits.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        // As many wait, each was looked at once, and never again.
        let mut waiting: Vec<_> = (0..CONNECTIONS).map(|_| Box::pin(readers.read(|_| Ok(())))).collect();
        for read in &mut waiting {
            assert!(read.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        }
        for (go, read) in busy {
            go.send(()).unwrap();
            assert!(read.await.unwrap().unwrap());
        }
        readers.read(|_| Ok(())).await.unwrap();
        drop(waiting);
    }
}
