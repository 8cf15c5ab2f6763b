//! How long to wait between attempts to connect.

use std::time::Duration;

use crate::platform::jitter;

/// The longest span of a wait while nobody looks at the app.
pub(crate) const BACKGROUND_CAP: Duration = Duration::from_secs(600);

/// A connection that stood this long is taken for a sound one.
pub(crate) const STABLE_AFTER: Duration = Duration::from_secs(60);

/// Even a policy of zero must not become a busy loop.
const SHORTEST_SPAN: Duration = Duration::from_millis(1);

/// How reconnecting slows down. Each wait is drawn evenly from nothing up to a span that starts at `base` and doubles
/// with each attempt up to `cap`, so that the clients of a server that comes back do not arrive all at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// The span of the first wait.
    pub base: Duration,
    /// The longest span.
    pub cap: Duration,
}

impl Default for Backoff {
    /// From one second up to a minute.
    fn default() -> Self {
        Self { base: Duration::from_secs(1), cap: Duration::from_secs(60) }
    }
}

/// A wait before the next attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wait {
    /// What the server asked for: not shortened by anything.
    pub(crate) floor: Duration,
    /// The whole wait, floor included.
    pub(crate) total: Duration,
}

/// Counts the attempts since the last sound connection.
#[derive(Debug)]
pub(crate) struct Retries {
    policy: Backoff,
    background_cap: Duration,
    stable_after: Duration,
    failures: u32,
}

impl Retries {
    /// No attempt has failed yet.
    pub(crate) fn new(policy: Backoff, background_cap: Duration, stable_after: Duration) -> Self {
        Self { policy, background_cap, stable_after, failures: 0 }
    }

    /// A session stood for `duration`. Only one that was stable begins the count anew: a server that accepts
    /// everybody and then falls over must not be hammered.
    pub(crate) fn stood(&mut self, duration: Duration) {
        if duration >= self.stable_after {
            self.failures = 0;
        }
    }

    /// The wait before the next attempt. `random` is any random number; in the `background` waits grow longer.
    pub(crate) fn next(&mut self, random: u64, floor: Duration, background: bool) -> Wait {
        let cap = if background { self.background_cap.max(self.policy.cap) } else { self.policy.cap };
        let doubled =
            2_u32.checked_pow(self.failures).and_then(|factor| self.policy.base.checked_mul(factor));
        let span = doubled.map_or(cap, |span| span.min(cap)).max(SHORTEST_SPAN);
        self.failures = self.failures.saturating_add(1);
        // On top of the floor, or all whom the server sent away at once would come back at once.
        Wait { floor, total: floor.saturating_add(jitter(span, random)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HALF: u64 = 1 << 63;

    fn retries() -> Retries {
        Retries::new(Backoff::default(), BACKGROUND_CAP, STABLE_AFTER)
    }

    fn seconds(retries: &mut Retries, count: usize) -> Vec<f64> {
        (0..count).map(|_| retries.next(HALF, Duration::ZERO, false).total.as_secs_f64()).collect()
    }

    #[test]
    fn waits_double_up_to_the_cap() {
        let mut retries = retries();
        assert_eq!(seconds(&mut retries, 8), [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]);
        for _ in 0..100 {
            assert_eq!(retries.next(HALF, Duration::ZERO, false).total, Duration::from_secs(30));
        }
    }

    #[test]
    fn in_the_background_waits_grow_longer() {
        let mut retries = retries();
        seconds(&mut retries, 20);
        assert_eq!(retries.next(HALF, Duration::ZERO, true).total, Duration::from_secs(300));
        assert_eq!(seconds(&mut retries, 1), [30.0]);
    }

    #[test]
    fn jitter_is_full() {
        assert_eq!(retries().next(0, Duration::ZERO, false).total, Duration::ZERO);
        let longest = retries().next(u64::MAX, Duration::ZERO, false).total;
        assert!(longest > Duration::from_millis(999) && longest <= Duration::from_secs(1));
    }

    #[test]
    fn only_a_stable_connection_begins_anew() {
        let mut retries = retries();
        seconds(&mut retries, 4);
        retries.stood(Duration::from_secs(59));
        assert_eq!(seconds(&mut retries, 1), [8.0]);
        retries.stood(Duration::from_secs(60));
        assert_eq!(seconds(&mut retries, 2), [0.5, 1.0]);
    }

    #[test]
    fn what_the_server_asks_for_is_waited_in_full() {
        let floor = Duration::from_secs(90);
        let wait = retries().next(0, floor, false);
        assert_eq!(wait, Wait { floor, total: floor });
        let wait = retries().next(HALF, floor, false);
        assert_eq!(wait.total, floor + Duration::from_millis(500));
    }

    #[test]
    fn odd_policies_do_no_harm() {
        let mut retries =
            Retries::new(Backoff { base: Duration::MAX, cap: Duration::MAX }, BACKGROUND_CAP, Duration::ZERO);
        seconds(&mut retries, 100);
        let mut retries = Retries::new(
            Backoff { base: Duration::ZERO, cap: Duration::ZERO },
            Duration::ZERO,
            Duration::ZERO,
        );
        assert_eq!(seconds(&mut retries, 2), [0.0005, 0.0005]);
        let small_cap = Backoff { base: Duration::from_secs(5), cap: Duration::from_secs(1) };
        assert_eq!(seconds(&mut Retries::new(small_cap, BACKGROUND_CAP, Duration::ZERO), 1), [0.5]);
    }
}
