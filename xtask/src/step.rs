//! One command of a chore: announced, run, timed.

use std::ffi::OsString;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// The cargo that runs this.
pub(crate) fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// Sums over the `test result:` lines of cargo.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl Tally {
    /// Takes one line of output into account.
    fn read(&mut self, line: &str) {
        let Some((_, counts)) = line.split_once("test result: ") else { return };
        let mut words = counts.split([' ', ';', '.']).filter(|word| !word.is_empty());
        let mut before = words.next();
        for word in words {
            let number = before.and_then(|word| word.parse::<u64>().ok()).unwrap_or(0);
            match word {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                _ => {}
            }
            before = Some(word);
        }
    }
}

/// A command with a name that a reader understands.
pub(crate) struct Step {
    name: &'static str,
    command: Command,
}

impl Step {
    pub(crate) fn cargo(name: &'static str, args: &[&str]) -> Self {
        let mut command = Command::new(cargo());
        command.args(args);
        Self { name, command }
    }

    pub(crate) fn of(name: &'static str, command: Command) -> Self {
        Self { name, command }
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// Runs it with the terminal as it is.
    pub(crate) fn run(mut self) -> Result<(), String> {
        let start = self.announce();
        let status =
            self.command.status().map_err(|error| format!("{} did not start: {error}", self.name))?;
        self.conclude(start, status.success())
    }

    /// Runs tests, passing their output on and adding up what they say.
    pub(crate) fn run_tests(mut self, tally: &mut Tally) -> Result<(), String> {
        let start = self.announce();
        let failed_before = tally.failed;
        let mut child = self
            .command
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{} did not start: {error}", self.name))?;
        if let Some(output) = child.stdout.take() {
            for line in BufReader::new(output).lines() {
                let line =
                    line.map_err(|error| format!("{}: its output cannot be read: {error}", self.name))?;
                tally.read(&line);
                println!("{line}");
            }
        }
        let status = child.wait().map_err(|error| format!("{} was lost: {error}", self.name))?;
        if !status.success() && tally.failed == failed_before {
            // It did not compile, or a test process died before it could count.
            tally.failed += 1;
        }
        self.conclude(start, status.success())
    }

    fn announce(&self) -> Instant {
        println!("== {}: {}", self.name, words(&self.command));
        Instant::now()
    }

    fn conclude(&self, start: Instant, success: bool) -> Result<(), String> {
        let seconds = start.elapsed().as_secs_f64();
        println!("== {}: {} after {seconds:.1} s", self.name, if success { "good" } else { "FAILED" });
        if success { Ok(()) } else { Err(self.name.to_owned()) }
    }
}

fn words(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_stem().unwrap_or_default();
    let mut text = program.to_string_lossy().into_owned();
    for word in command.get_args() {
        text.push(' ');
        text.push_str(&word.to_string_lossy());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tally_adds_what_cargo_says() {
        let mut tally = Tally::default();
        tally.read(
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.01s",
        );
        tally.read(
            "test result: FAILED. 2 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1s",
        );
        tally.read("test passes_or_failed ... ok");
        assert_eq!(tally, Tally { passed: 14, failed: 3 });
    }
}
