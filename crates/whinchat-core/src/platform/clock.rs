//! Time: the wall clock for what people see, monotonic instants for waiting.

use std::future::Future;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A point in time that never runs backwards. It says nothing about the date.
pub(crate) type Instant = tokio::time::Instant;

/// The wall clock, as something that a test can replace.
pub(crate) trait Clock: Send + Sync {
    /// Milliseconds since the epoch. May jump either way when the user sets the clock.
    fn now_ms(&self) -> i64;
}

/// The machine's own wall clock.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    fn now_ms(&self) -> i64 {
        // A clock before 1970 counts as 1970: nothing here can use a negative time.
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX)
    }
}

/// Waits for `duration`.
pub(crate) async fn sleep(duration: Duration) {
    tokio::time::sleep(duration).await;
}

/// Waits until `instant`; at once when it has passed.
pub(crate) async fn sleep_until(instant: Instant) {
    tokio::time::sleep_until(instant).await;
}

/// What `future` gives, or `None` when `duration` passed first; the future is dropped then.
pub(crate) async fn timeout<F: Future>(duration: Duration, future: F) -> Option<F::Output> {
    tokio::time::timeout(duration, future).await.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wall_clock_is_past_the_day_this_was_written() {
        assert!(SystemClock.now_ms() > 1_760_000_000_000);
    }

    #[tokio::test]
    async fn a_timeout_gives_what_came_first() {
        assert_eq!(timeout(Duration::from_secs(60), async { 7 }).await, Some(7));
        assert_eq!(timeout(Duration::ZERO, std::future::pending::<()>()).await, None);
    }
}
