//! Tells the story at a pace that one can follow, or not at all.

use std::io::Write as _;
use std::time::Duration;

use super::stage::Tally;
use crate::chat::text::{columns, pad, wrap};

/// Columns of what somebody says, so that what became of it stands in a column of its own.
const SAID: usize = 52;
/// Columns of a line behind the margin, on a terminal of 80.
const WIDTH: usize = 76;

/// The narrator.
#[derive(Debug, Clone, Copy)]
pub(super) struct Voice {
    told: bool,
    colours: bool,
}

#[derive(Clone, Copy)]
enum Ink {
    Title,
    Name,
    Good,
    Waits,
    Quiet,
}

impl Voice {
    pub(super) fn silent() -> Self {
        Self { told: false, colours: false }
    }

    pub(super) fn telling(colours: bool) -> Self {
        Self { told: true, colours }
    }

    fn ink(self, ink: Ink, text: &str) -> String {
        if !self.colours {
            return text.to_owned();
        }
        let code = match ink {
            Ink::Title => "1",
            Ink::Name => "36",
            Ink::Good => "32",
            Ink::Waits => "33",
            Ink::Quiet => "2",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }

    fn line(self, text: &str) {
        if self.told {
            let mut out = std::io::stdout().lock();
            // Who closes the pipe does not want to hear more; the demo ends as it would.
            let _ = writeln!(out, "{text}");
            let _ = out.flush();
        }
    }

    /// Time to read what was said.
    pub(super) async fn pause(self, ms: u64) {
        if self.told {
            tokio::time::sleep(Duration::from_millis(ms)).await;
        }
    }

    /// A new scene.
    pub(super) async fn scene(self, title: &str) {
        self.pause(300).await;
        self.line("");
        self.line(&self.ink(Ink::Title, title));
        self.pause(500).await;
    }

    /// What happens.
    pub(super) async fn aside(self, text: &str) {
        self.line(&format!("  {}", self.ink(Ink::Quiet, text)));
        self.pause(500).await;
    }

    /// Somebody's words and what became of them.
    pub(super) async fn said(self, who: &str, text: &str, outcome: &str) {
        let sign = if outcome.starts_with('✓') { Ink::Good } else { Ink::Waits };
        let text = if columns(text) <= SAID { pad(text, SAID) } else { format!("{text} ") };
        self.line(&format!("  {} {text} {}", self.ink(Ink::Name, &pad(who, 6)), self.ink(sign, outcome)));
        self.pause(450).await;
    }

    /// The end.
    pub(super) fn verdict(self, tally: &Tally) {
        let report = &tally.report;
        self.line("");
        self.line(&self.ink(Ink::Title, "What the databases say afterwards"));
        let good = if tally.fault().is_none() { Ink::Good } else { Ink::Waits };
        for line in wrap(&report.to_string(), WIDTH, WIDTH) {
            self.line(&format!("  {}", self.ink(good, &line)));
        }
        let explained = "counted in the files of the server and of all three, not by the programs";
        self.line(&format!("  {}", self.ink(Ink::Quiet, explained)));
        self.line("");
        self.line(&self.ink(Ink::Title, "Try it yourself, each in a terminal of its own"));
        self.line("  whinchat serve");
        self.line("  whinchat chat --user alice --peer bob");
        self.line("  whinchat chat --user bob --peer alice");
        self.line(
            &self.ink(Ink::Quiet, "  Stop the server with Ctrl-C while you write, and start it again."),
        );
    }
}
