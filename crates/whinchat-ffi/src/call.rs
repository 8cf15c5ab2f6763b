//! The way every call takes through the border: a panic ends as an error, and a token can end the wait.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::{Either, select};
use whinchat_core::{CallError, Error, ErrorCode};

use crate::cancel::CancelToken;

/// What a call gives.
pub(crate) type Result<T> = std::result::Result<T, CallError>;

/// A fault of ours. Unwound state is not looked at again: the call is over, and the core's locks do not poison.
fn panicked() -> CallError {
    Error::new(ErrorCode::Internal, "a call panicked; please report it with the log").into()
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

/// Runs a call that waits, until it ends or the token says that nobody waits any more.
pub(crate) async fn wait<T>(
    cancel: Option<Arc<CancelToken>>,
    work: impl Future<Output = whinchat_core::Result<T>> + Send,
) -> Result<T> {
    let mut work = pin!(AssertUnwindSafe(work).catch_unwind());
    let ended = match cancel {
        None => work.await,
        Some(token) => match select(work.as_mut(), pin!(token.cancelled())).await {
            Either::Left((ended, _)) => ended,
            Either::Right(_) => {
                return Err(Error::new(ErrorCode::Interrupted, "the wait was cancelled").into());
            }
        },
    };
    match ended {
        Ok(result) => result.map_err(CallError::from),
        Err(_) => Err(panicked()),
    }
}
