//! A token bucket: so many requests a second, and some more after a pause.

use std::time::Instant;

/// See the module.
#[derive(Debug)]
pub(crate) struct Rate {
    per_second: f64,
    burst: f64,
    tokens: f64,
    at: Instant,
}

impl Rate {
    pub(crate) fn new(per_second: u32, burst: u32, now: Instant) -> Self {
        let burst = f64::from(burst);
        Self { per_second: f64::from(per_second), burst, tokens: burst, at: now }
    }

    /// Takes a token; if there is none, says after how many milliseconds there will be.
    pub(crate) fn take(&mut self, now: Instant) -> Result<(), u32> {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.at = now;
        self.tokens = (self.tokens + passed * self.per_second).min(self.burst);
        if self.tokens >= 1.0 {
            self.tokens -= 1.0;
            return Ok(());
        }
        let wait = (1.0 - self.tokens) / self.per_second * 1_000.0;
        // A positive number of milliseconds, far below u32::MAX; the cast saturates in any case.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let wait = wait.ceil() as u32;
        Err(wait.max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn the_burst_goes_through_and_then_the_sustained_rate() {
        let start = Instant::now();
        let mut rate = Rate::new(10, 3, start);
        for _ in 0..3 {
            assert_eq!(rate.take(start), Ok(()));
        }
        assert_eq!(rate.take(start), Err(100));
        assert_eq!(rate.take(start + Duration::from_millis(100)), Ok(()));
        let wait = rate.take(start + Duration::from_millis(101)).unwrap_err();
        assert!((98..=100).contains(&wait), "{wait}");
    }
}
