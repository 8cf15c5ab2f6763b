//! Waiting for what has to come true, with a deadline.

use std::time::{Duration, Instant};

/// How long a scenario waits for anything before it fails.
pub const PATIENCE: Duration = Duration::from_secs(20);
/// Between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Looks until `probe` gives something.
///
/// # Panics
///
/// When [`PATIENCE`] is over; `what` says what was waited for.
pub async fn eventually<T>(what: &str, probe: impl AsyncFnMut() -> Option<T>) -> T {
    within(PATIENCE, probe).await.unwrap_or_else(|| panic!("in vain for {PATIENCE:?}: {what}"))
}

/// Looks until `probe` gives something or `patience` is over.
pub async fn within<T>(patience: Duration, mut probe: impl AsyncFnMut() -> Option<T>) -> Option<T> {
    let deadline = Instant::now() + patience;
    loop {
        if let Some(found) = probe().await {
            return Some(found);
        }
        if Instant::now() >= deadline {
            return None;
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}
