//! Counting failed logins, so that guessing is slow. The table is bounded: the pair unseen longest goes first.

use std::net::IpAddr;
use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use lru::LruCache;

/// Failures in a window after which a pair has to wait.
const FAILURES: u32 = 20;
/// The window.
const WINDOW: Duration = Duration::from_secs(60);
/// Pairs that are remembered.
const PAIRS: NonZeroUsize = NonZeroUsize::new(10_000).unwrap();

/// See the module.
pub(super) struct Failures {
    pairs: Mutex<LruCache<(String, IpAddr), (Instant, u32)>>,
}

impl Default for Failures {
    fn default() -> Self {
        Self { pairs: Mutex::new(LruCache::new(PAIRS)) }
    }
}

impl Failures {
    /// Whether this pair has to wait.
    pub(super) fn barred(&self, user: &str, peer: IpAddr, now: Instant) -> bool {
        let mut pairs = self.pairs.lock().unwrap_or_else(PoisonError::into_inner);
        pairs
            .get(&(user.to_owned(), peer))
            .is_some_and(|(since, count)| *count >= FAILURES && now.duration_since(*since) < WINDOW)
    }

    /// Counts a failure.
    pub(super) fn count(&self, user: &str, peer: IpAddr, now: Instant) {
        let mut pairs = self.pairs.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, count) = pairs.get_or_insert_mut((user.to_owned(), peer), || (now, 0));
        if now.duration_since(*since) >= WINDOW {
            (*since, *count) = (now, 0);
        }
        *count += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twenty_failures_bar_the_pair_for_a_minute_and_nobody_else() {
        let failures = Failures::default();
        let peer = IpAddr::from([10, 0, 0, 1]);
        let start = Instant::now();
        for _ in 0..FAILURES {
            assert!(!failures.barred("alice", peer, start));
            failures.count("alice", peer, start);
        }
        assert!(failures.barred("alice", peer, start));
        assert!(!failures.barred("bob", peer, start));
        assert!(!failures.barred("alice", IpAddr::from([10, 0, 0, 2]), start));
        let later = start + WINDOW;
        assert!(!failures.barred("alice", peer, later));
        failures.count("alice", peer, later);
        assert!(!failures.barred("alice", peer, later));
    }
}
