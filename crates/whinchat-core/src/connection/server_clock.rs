//! What time it is at the server.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::platform::Instant;

/// The server's clock as last told, carried on by a clock that the user cannot set.
#[derive(Debug, Default)]
pub(crate) struct ServerClock(Mutex<Option<(i64, Instant)>>);

impl ServerClock {
    /// The server said that it is `server_ms`; question and answer took `round_trip`, and the answer came at `now`.
    pub(crate) fn told(&self, server_ms: i64, round_trip: Duration, now: Instant) {
        // The answer was on its way for about half of the round trip.
        let at_arrival = server_ms.saturating_add(milliseconds(round_trip / 2));
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((at_arrival, now));
    }

    /// The server's time at `now`, in milliseconds since the epoch; `None` before it was ever told.
    pub(crate) fn at(&self, now: Instant) -> Option<i64> {
        let (server_ms, since) = (*self.0.lock().unwrap_or_else(PoisonError::into_inner))?;
        Some(server_ms.saturating_add(milliseconds(now.saturating_duration_since(since))))
    }
}

fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_on_from_what_was_told() {
        let clock = ServerClock::default();
        let now = Instant::now();
        assert_eq!(clock.at(now), None);
        clock.told(1_000_000, Duration::from_millis(80), now);
        assert_eq!(clock.at(now), Some(1_000_040));
        assert_eq!(clock.at(now + Duration::from_secs(5)), Some(1_005_040));
        clock.told(i64::MAX, Duration::ZERO, now);
        assert_eq!(clock.at(now + Duration::from_secs(5)), Some(i64::MAX));
    }
}
