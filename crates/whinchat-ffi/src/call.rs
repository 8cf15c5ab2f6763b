//! The way every call takes through the border: it runs on the client's threads, a panic ends as an error, and a token can end
//! the wait.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Either, select};
use tokio::sync::oneshot;
use whinchat_core::{CallError, Error, ErrorCode, Runtime};

use crate::cancel::CancelToken;

/// What a call gives.
pub(crate) type Result<T> = std::result::Result<T, CallError>;

/// A fault of ours. Unwound state is not looked at again: the call is over, and the core's locks do not poison.
fn panicked() -> CallError {
    Error::new(ErrorCode::Internal, "a call panicked; please report it with the log").into()
}

pub(crate) fn cancelled() -> CallError {
    Error::new(ErrorCode::Interrupted, "the call was cancelled by its token").into()
}

/// What an accessor that cannot fail gives; `fallback` after a panic, since Swift ends the process of a call that throws
/// without saying so.
pub(crate) fn look<T>(fallback: T, accessor: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(accessor)).unwrap_or(fallback)
}

/// Runs a call that does not wait.
pub(crate) fn run<T>(work: impl FnOnce() -> whinchat_core::Result<T>) -> Result<T> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(result) => result.map_err(CallError::from),
        Err(_) => Err(panicked()),
    }
}

/// The threads of all clients of this process that have none of their own, while there is a client.
static THREADS: Mutex<Weak<Runtime>> = Mutex::new(Weak::new());

/// The threads that calls run on. Holding this does not keep them: the core's client does.
#[derive(Clone, Debug)]
pub(crate) struct Threads(Weak<Runtime>);

impl Threads {
    /// Those of this process, started if there are none.
    pub(crate) fn shared() -> whinchat_core::Result<(Self, Arc<Runtime>)> {
        let mut shared = THREADS.lock().unwrap_or_else(PoisonError::into_inner);
        let runtime = match shared.upgrade() {
            Some(runtime) => runtime,
            None => Arc::new(Runtime::new()?),
        };
        *shared = Arc::downgrade(&runtime);
        Ok((Self(Arc::downgrade(&runtime)), runtime))
    }

    /// Some for one client alone, each of which runs `begin` first.
    pub(crate) fn own(
        begin: impl Fn() + Send + Sync + 'static,
    ) -> whinchat_core::Result<(Self, Arc<Runtime>)> {
        let runtime = Arc::new(Runtime::with_threads(begin)?);
        Ok((Self(Arc::downgrade(&runtime)), runtime))
    }

    /// Runs a call that waits, until it ends, or nobody waits any more, or the token says so.
    ///
    /// As a task: the other side is then woken once, when there is something to give, and not at each step on the way; and its
    /// thread, which may be the one that draws, does none of the work.
    pub(crate) fn wait<T: Send + 'static>(
        &self,
        cancel: Option<Arc<CancelToken>>,
        work: impl Future<Output = whinchat_core::Result<T>> + Send + 'static,
    ) -> BoxFuture<'static, Result<T>> {
        // What surrounds a call is compiled once for each kind of result, and not for each call.
        waited(self.0.clone(), cancel, work.boxed()).boxed()
    }
}

async fn waited<T: Send + 'static>(
    threads: Weak<Runtime>,
    cancel: Option<Arc<CancelToken>>,
    work: BoxFuture<'static, whinchat_core::Result<T>>,
) -> Result<T> {
    if cancel.as_ref().is_some_and(|token| token.is_cancelled()) {
        return Err(cancelled());
    }
    let (sender, ended) = oneshot::channel();
    let task = {
        // Without threads there is no client either: nothing will ever be given.
        let Some(runtime) = threads.upgrade() else {
            return Err(Error::from(ErrorCode::Interrupted).into());
        };
        let work = AssertUnwindSafe(work).catch_unwind();
        runtime.spawn(async move {
            // Nobody waits any more: nobody is told.
            drop(sender.send(work.await));
        })
    };
    let ended = match cancel {
        None => ended.await,
        // What is ready comes before the token.
        Some(token) => match select(ended, pin!(token.cancelled())).await {
            Either::Left((ended, _)) => ended,
            Either::Right(_) => return Err(cancelled()),
        },
    };
    // It ran until here; dropped before, it ends with the wait.
    drop(task);
    match ended {
        Ok(Ok(result)) => result.map_err(CallError::from),
        Ok(Err(_)) => Err(panicked()),
        Err(_) => Err(Error::from(ErrorCode::Interrupted).into()),
    }
}

/// Runs a call that reads from this device, which takes few steps, where the caller waits, until it ends or the token says so: two
/// hand-overs to another thread less than with [`Threads::wait`], for which the caller is woken at each step.
pub(crate) fn here<'a, T: Send + 'a>(
    cancel: Option<Arc<CancelToken>>,
    work: impl Future<Output = whinchat_core::Result<T>> + Send + 'a,
) -> BoxFuture<'a, Result<T>> {
    polled(cancel, work.boxed()).boxed()
}

async fn polled<T>(
    cancel: Option<Arc<CancelToken>>,
    work: BoxFuture<'_, whinchat_core::Result<T>>,
) -> Result<T> {
    if cancel.as_ref().is_some_and(|token| token.is_cancelled()) {
        return Err(cancelled());
    }
    let mut work = pin!(AssertUnwindSafe(work).catch_unwind());
    let ended = match cancel {
        None => work.await,
        Some(token) => match select(&mut work, pin!(token.cancelled())).await {
            Either::Left((ended, _)) => ended,
            Either::Right(_) => return Err(cancelled()),
        },
    };
    match ended {
        Ok(result) => result.map_err(CallError::from),
        Err(_) => Err(panicked()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code<T: std::fmt::Debug>(result: Result<T>) -> i32 {
        let CallError::Failed { error } = result.unwrap_err();
        error.code
    }

    fn block_on<F: Future>(future: F) -> F::Output {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
    }

    #[test]
    fn a_panic_is_an_error_like_any_other() {
        assert_eq!(code(run::<()>(|| panic!("on purpose"))), 7012);
        assert!(!look(false, || panic!("on purpose")));
        let (threads, _runtime) = Threads::shared().unwrap();
        assert_eq!(code(block_on(threads.wait::<()>(None, async { panic!("on purpose") }))), 7012);
        let late = async {
            tokio::task::yield_now().await;
            panic!("on purpose")
        };
        assert_eq!(code(block_on(threads.wait::<()>(Some(CancelToken::new()), late))), 7012);
    }

    #[test]
    fn a_call_that_runs_where_it_is_waited_for_ends_in_the_same_ways() {
        assert_eq!(code(block_on(here::<()>(None, async { panic!("on purpose") }))), 7012);
        let late = async {
            tokio::task::yield_now().await;
            panic!("on purpose")
        };
        assert_eq!(code(block_on(here::<()>(Some(CancelToken::new()), late))), 7012);
        let token = CancelToken::new();
        let other = token.clone();
        let canceller = std::thread::spawn(move || other.cancel());
        assert_eq!(code(block_on(here::<()>(Some(token.clone()), std::future::pending()))), 7009);
        canceller.join().unwrap();
        assert_eq!(
            code(block_on(here(Some(token), async { Ok(1) }))),
            7009,
            "a cancelled token: the call is not made"
        );
        assert_eq!(block_on(here(Some(CancelToken::new()), async { Ok(1) })).unwrap(), 1);
    }

    #[test]
    fn a_cancelled_wait_ends_and_what_is_ready_comes_first() {
        let (threads, _runtime) = Threads::shared().unwrap();
        let token = CancelToken::new();
        let other = token.clone();
        let canceller = std::thread::spawn(move || other.cancel());
        assert_eq!(code(block_on(threads.wait::<()>(Some(token.clone()), std::future::pending()))), 7009);
        canceller.join().unwrap();
        assert_eq!(code(block_on(threads.wait::<()>(Some(token), std::future::pending()))), 7009, "at once");
    }

    #[test]
    fn work_that_nobody_waits_for_ends() {
        let (threads, _runtime) = Threads::shared().unwrap();
        let (alive, ended) = oneshot::channel::<()>();
        let work = async move {
            std::future::pending::<()>().await;
            drop(alive);
            Ok(())
        };
        let mut call = Box::pin(threads.wait(None, work));
        assert!(call.as_mut().now_or_never().is_none());
        drop(call);
        assert!(ended.blocking_recv().is_err(), "its end of the channel went with it");
    }

    #[test]
    fn without_threads_nothing_is_waited_for() {
        let threads = Threads(Weak::new());
        assert_eq!(code(block_on(threads.wait::<()>(None, std::future::pending()))), 7009);
    }

    #[test]
    fn clients_share_their_threads() {
        let (_, one) = Threads::shared().unwrap();
        let (_, other) = Threads::shared().unwrap();
        assert!(Arc::ptr_eq(&one, &other));
    }
}
