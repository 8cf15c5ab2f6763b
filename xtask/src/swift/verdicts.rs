//! What `swift test` says, counted.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::step::Tally;

/// Runs a command that tests, passes on what it says and adds up its verdicts.
pub(super) fn count(name: &str, command: &mut Command, tally: &mut Tally) -> Result<(), String> {
    let start = Instant::now();
    println!("== {name}");
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
    let mut child = child.map_err(|error| format!("{name} did not start: {error}"))?;
    let before = *tally;
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).split(b'\n') {
            let line = line.map_err(|error| format!("{name}: its output cannot be read: {error}"))?;
            let line = String::from_utf8_lossy(&line);
            match verdict(&line) {
                Some(Verdict::Passed) => tally.passed += 1,
                Some(Verdict::Failed) => tally.failed += 1,
                None => {}
            }
            println!("{line}");
        }
    }
    let status = child.wait().map_err(|error| format!("{name} was lost: {error}"))?;
    if !status.success() && tally.failed == before.failed {
        // It did not compile, or a test process died before it could count.
        tally.failed += 1;
    }
    let good = status.success() && tally.failed == before.failed;
    if good && *tally == before {
        return Err(format!("{name}: not one test has run"));
    }
    let seconds = start.elapsed().as_secs_f64();
    println!("== {name}: {} after {seconds:.1} s", if good { "good" } else { "FAILED" });
    if good { Ok(()) } else { Err(name.to_owned()) }
}

#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Passed,
    Failed,
}

/// What a line says about one test. Those about suites and about the whole run are no verdicts of their own.
fn verdict(line: &str) -> Option<Verdict> {
    let said = line.trim_start().trim_start_matches(|mark: char| !mark.is_ascii()).trim_start();
    let rest = said.strip_prefix("Test ")?;
    if rest.starts_with("run with") {
        return None;
    }
    let (before, time) = rest.rsplit_once(" after ")?;
    time.split(' ').next()?.parse::<f64>().ok()?;
    match before.rsplit(' ').next()? {
        "passed" => Some(Verdict::Passed),
        "failed" => Some(Verdict::Failed),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_is_about_one_test() {
        assert_eq!(verdict("✔ Test \"two people chat\" passed after 0.101 seconds."), Some(Verdict::Passed));
        assert_eq!(
            verdict("✘ Test \"two people chat\" failed after 0.101 seconds with 1 issue."),
            Some(Verdict::Failed)
        );
        for other in [
            "◇ Test \"two people chat\" started.",
            "✔ Suite \"chat\" passed after 0.101 seconds.",
            "✔ Test run with 12 tests passed after 3.0 seconds.",
            "✘ Test run with 12 tests failed after 3.0 seconds with 2 issues.",
            "✘ Test \"two people chat\" recorded an issue at A.swift:1:1: failed after all",
        ] {
            assert_eq!(verdict(other), None, "{other}");
        }
    }
}
