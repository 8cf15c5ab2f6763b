//! Randomness from the operating system.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

/// `N` random bytes.
#[must_use]
pub(crate) fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    if let Err(error) = getrandom::fill(&mut bytes) {
        // No system is known where this happens. Ids have to differ, not to be secret, so the keys of the standard
        // library's hash maps are a good enough second source.
        tracing::warn!(%error, "the system gives no random bytes; using the second source");
        for chunk in bytes.chunks_mut(8) {
            let word = RandomState::new().build_hasher().finish().to_ne_bytes();
            for (byte, random) in chunk.iter_mut().zip(word) {
                *byte = random;
            }
        }
    }
    bytes
}

/// A random number.
#[must_use]
pub(crate) fn random_u64() -> u64 {
    u64::from_ne_bytes(random_bytes())
}

/// `span` scaled by `random`: evenly from nothing up to, not including, `span`.
#[must_use]
pub(crate) fn jitter(span: Duration, random: u64) -> Duration {
    let nanos = (span.as_nanos().saturating_mul(u128::from(random))) >> 64;
    Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_draws_differ() {
        assert_ne!(random_bytes::<16>(), random_bytes::<16>());
        assert_ne!(random_u64(), random_u64());
    }

    #[test]
    fn jitter_covers_the_span() {
        let span = Duration::from_secs(60);
        assert_eq!(jitter(span, 0), Duration::ZERO);
        assert_eq!(jitter(span, 1 << 63), Duration::from_secs(30));
        assert!(jitter(span, u64::MAX) < span);
        assert!(jitter(span, u64::MAX) > Duration::from_millis(59_999));
        assert_eq!(jitter(Duration::ZERO, u64::MAX), Duration::ZERO);
    }
}
