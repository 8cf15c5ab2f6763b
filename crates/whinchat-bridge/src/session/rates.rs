//! How often something may be done (spec 11); checked before anything is asked of the server.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use whinchat_core::{Error, ErrorClass, ErrorCode, Result};

/// When things were done last.
#[derive(Debug, Default)]
pub(crate) struct Rates {
    calls: HashMap<&'static str, VecDeque<Instant>>,
}

impl Rates {
    /// Counts one of `what`; 7008 when there were `most` within `span` already.
    pub(crate) fn call(&mut self, what: &'static str, most: usize, span: Duration) -> Result<()> {
        let calls = self.calls.entry(what).or_default();
        while calls.front().is_some_and(|call| call.elapsed() >= span) {
            calls.pop_front();
        }
        match calls.front() {
            Some(first) if calls.len() >= most => {
                let wait = span.saturating_sub(first.elapsed()).as_millis();
                let message = format!(
                    "{what} came too often: {most} in {} ms are allowed; wait {wait} ms",
                    span.as_millis()
                );
                let mut error = Error::new(ErrorCode::TooOften, message);
                error.class = ErrorClass::After(u32::try_from(wait).unwrap_or(u32::MAX));
                Err(error)
            }
            _ => {
                calls.push_back(Instant::now());
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_too_many_is_refused_and_counts_for_nothing() {
        let mut rates = Rates::default();
        let hour = Duration::from_secs(3_600);
        rates.call("a", 2, hour).unwrap();
        rates.call("a", 2, hour).unwrap();
        assert!(rates.call("a", 2, hour).unwrap_err().is(ErrorCode::TooOften));
        rates.call("b", 2, hour).unwrap();
        for _ in 0..10 {
            rates.call("a", 2, Duration::ZERO).unwrap();
        }
    }
}
