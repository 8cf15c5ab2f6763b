//! What was seen, line by line, beside what is expected.

use std::time::{Duration, Instant};

/// How long a fact may take to become true.
const PATIENCE: Duration = Duration::from_secs(30);
/// Between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// The transcript as it is written.
pub(crate) struct Ledger {
    expected: Vec<String>,
    lines: Vec<String>,
}

impl Ledger {
    pub(crate) fn new(expected: &str) -> Self {
        Self { expected: expected.lines().map(str::to_owned).collect(), lines: Vec::new() }
    }

    /// Writes down a fact that is final. The first one that is not expected ends the test.
    pub(crate) fn note(&mut self, line: impl Into<String>) {
        let line = line.into();
        assert_eq!(Some(&line), self.expected.get(self.lines.len()), "line {}", self.lines.len() + 1);
        self.lines.push(line);
    }

    /// Writes down a fact that comes true by and by: as soon as it is the expected one, or as it stands when patience ends.
    pub(crate) async fn comes(&mut self, look: impl AsyncFn() -> String) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let line = look().await;
            if Some(&line) == self.expected.get(self.lines.len()) || Instant::now() > deadline {
                return self.note(line);
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    pub(crate) fn text(&self) -> String {
        self.lines.iter().map(|line| format!("{line}\n")).collect()
    }
}
