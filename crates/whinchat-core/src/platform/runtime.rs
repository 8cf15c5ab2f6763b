//! The threads that the client's tasks run on.

use std::future::Future;
use std::pin::Pin;

use tokio::runtime::{Builder, Handle};
use tokio::task::JoinHandle;

use crate::error::{Error, ErrorCode, Result};

/// Enough for one socket, one store and the app's calls; a phone has better use for more.
const WORKERS: usize = 2;

/// The threads that clients run on: a client starts some of its own, unless it is given these (see
/// [`crate::ClientBuilder::runtime`]). Dropping it ends every task at its next await; this is safe on any thread and inside
/// any async context.
pub struct Runtime {
    handle: Handle,
    owned: Option<tokio::runtime::Runtime>,
    /// Blocking work runs at once, on the caller's thread.
    inline: bool,
}

impl Runtime {
    /// Starts the threads.
    ///
    /// # Errors
    ///
    /// 7012 the system gives no threads.
    pub fn new() -> Result<Self> {
        Self::with_threads(|| {})
    }

    /// Starts the threads; each runs `begin` first, also those that are started later for work that blocks. A place to say
    /// where they log.
    ///
    /// # Errors
    ///
    /// 7012 the system gives no threads.
    pub fn with_threads(begin: impl Fn() + Send + Sync + 'static) -> Result<Self> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(WORKERS)
            .thread_name("whinchat")
            .on_thread_start(begin)
            .enable_all()
            .build();
        let runtime = runtime.map_err(|error| {
            Error::new(ErrorCode::Internal, format!("the client's threads could not be started: {error}"))
        })?;
        Ok(Self { handle: runtime.handle().clone(), owned: Some(runtime), inline: false })
    }

    /// The caller's runtime, whose owner decides what runs when; blocking work runs where it is asked for.
    #[cfg(feature = "simulation")]
    pub(crate) fn inline() -> Self {
        Self { handle: Handle::current(), owned: None, inline: true }
    }

    /// Whether blocking work runs at once, on the caller's thread.
    #[cfg(feature = "simulation")]
    pub(crate) fn is_inline(&self) -> bool {
        self.inline
    }

    /// Runs `future` until it ends or the returned handle is dropped.
    pub fn spawn<F>(&self, future: F) -> TaskHandle
    where
        F: Future<Output = ()> + Send + 'static,
    {
        // Boxed, so that what surrounds a task is compiled once and not for each kind of it.
        TaskHandle(Some(self.handle.spawn(Box::pin(future) as Pin<Box<dyn Future<Output = ()> + Send>>)))
    }

    /// Runs `future` to its end, even when nobody waits any more, and gives what it gives.
    pub(crate) async fn run<T, F>(&self, future: F) -> Result<T>
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        // Dropping the handle lets the task go on.
        self.handle.spawn(future).await.map_err(|error| lost(&error))
    }

    /// Waits for `future` where the caller waits, with the clock of these threads: he may be on an executor that has none. It
    /// ends when he drops it.
    pub(crate) async fn within<F: Future>(&self, future: F) -> F::Output {
        let mut future = std::pin::pin!(future);
        std::future::poll_fn(|polling| {
            let _entered = self.handle.enter();
            future.as_mut().poll(polling)
        })
        .await
    }

    /// Runs `work`, which may block, on a thread of its own. It begins now and runs to its end even when nobody waits any more.
    pub(crate) fn spawn_blocking<T, F>(&self, work: F) -> impl Future<Output = Result<T>> + Send + use<T, F>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let task = if self.inline { Ok(work()) } else { Err(self.handle.spawn_blocking(work)) };
        async move {
            match task {
                Ok(done) => Ok(done),
                Err(task) => task.await.map_err(|error| lost(&error)),
            }
        }
    }
}

/// Why a task gave nothing.
fn lost(error: &tokio::task::JoinError) -> Error {
    if error.is_cancelled() {
        ErrorCode::Interrupted.into()
    } else {
        Error::new(ErrorCode::Internal, "a background job panicked; please report it with the log")
    }
}

impl std::fmt::Debug for Runtime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Runtime").finish_non_exhaustive()
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        // The ordinary drop waits for the threads, which is forbidden inside an async context.
        if let Some(runtime) = self.owned.take() {
            runtime.shutdown_background();
        }
    }
}

/// A running task that ends when this is dropped.
#[must_use = "the task ends when this is dropped"]
#[derive(Debug)]
pub struct TaskHandle(Option<JoinHandle<()>>);

impl TaskHandle {
    /// Lets the task run to its own end.
    pub fn detach(mut self) {
        self.0.take();
    }
}

impl Drop for TaskHandle {
    fn drop(&mut self) {
        if let Some(task) = &self.0 {
            task.abort();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::timeout;
    use std::time::Duration;
    use tokio::sync::oneshot;

    #[test]
    fn a_dropped_handle_ends_its_task() {
        let runtime = Runtime::new().unwrap();
        let (alive, ended) = oneshot::channel::<()>();
        let task = runtime.spawn(async move {
            std::future::pending::<()>().await;
            drop(alive);
        });
        drop(task);
        // The sender falls with the task.
        assert!(ended.blocking_recv().is_err());
    }

    #[test]
    fn a_timer_can_be_waited_for_where_there_is_no_clock() {
        let runtime = Runtime::new().unwrap();
        let patient = timeout(Duration::from_secs(60), async { 7 });
        assert_eq!(futures_util::future::FutureExt::now_or_never(runtime.within(patient)).unwrap(), Some(7));
        let waiter = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let waited = timeout(Duration::from_millis(1), std::future::pending::<()>());
        assert_eq!(waiter.block_on(runtime.within(waited)), None);
    }

    #[test]
    fn blocking_work_gives_its_result_or_a_typed_error() {
        let runtime = Runtime::new().unwrap();
        let waiter = tokio::runtime::Builder::new_current_thread().build().unwrap();
        assert_eq!(waiter.block_on(runtime.spawn_blocking(|| 7)).unwrap(), 7);
        let error = waiter.block_on(runtime.spawn_blocking(|| panic!("on purpose"))).unwrap_err();
        assert!(error.is(ErrorCode::Internal));
    }

    #[tokio::test]
    async fn it_can_be_dropped_inside_an_async_context() {
        let runtime = Runtime::new().unwrap();
        let task = runtime.spawn(std::future::pending());
        drop(runtime);
        drop(task);
    }
}
