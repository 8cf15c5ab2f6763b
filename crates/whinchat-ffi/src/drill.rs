//! Faults on purpose.

use std::sync::Arc;

use crate::call::{self, Result, Threads};
use crate::cancel::CancelToken;

/// Panics. For tests of the layers above, which cannot make a fault of ours otherwise: it fails with 7012, and nothing else
/// happens.
#[uniffi::export]
#[allow(clippy::panic)]
pub fn drill_panic() -> Result<()> {
    call::run(|| panic!("a drill"))
}

/// Panics in a call that waits; else as `drill_panic`.
#[uniffi::export]
#[allow(clippy::panic)]
pub async fn drill_panic_waiting(cancel: Option<Arc<CancelToken>>) -> Result<()> {
    // The threads live until the call has ended.
    let (threads, _runtime) = Threads::shared()?;
    threads.wait(cancel, async { panic!("a drill") }).await
}
