//! `cargo xtask test`: everything that has to hold before a change is good.

use crate::kotlin;
use crate::objc;
use crate::prerequisites;
use crate::step::{Step, Tally};
use crate::swift;
use crate::uniapp;

/// How much of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// All of it.
    Full,
    /// What fits into a working loop.
    Quick,
}

/// Test files of the tests crate that a working loop does without: they kill processes or install foreign packages.
const SLOW: &[&str] = &["--skip", "slow_"];

pub(crate) fn run(extent: Extent) -> Result<(), String> {
    let mut steps = vec![
        Step::cargo("format", &["fmt", "--all", "--check"]),
        Step::cargo("lints", &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]),
    ];
    if extent == Extent::Full {
        let docs = ["doc", "--workspace", "--no-deps"];
        steps.push(Step::cargo("documentation", &docs).env("RUSTDOCFLAGS", "-D warnings"));
        match prerequisites::deny() {
            Ok(()) => steps.push(deny_step()),
            Err(missing) => println!("== dependencies: left out; {missing}"),
        }
    }
    let mut failed: Vec<String> = steps.into_iter().filter_map(|step| step.run().err()).collect();

    let mut tally = Tally::default();
    let tests = match extent {
        Extent::Full => Step::cargo("tests", &["test", "--workspace", "--no-fail-fast"]),
        Extent::Quick => {
            // --all-targets leaves out the documentation's examples.
            let mut args = vec!["test", "--workspace", "--all-targets", "--no-fail-fast", "--"];
            args.extend(SLOW);
            Step::cargo("quick tests", &args)
        }
    };
    failed.extend(tests.run_tests(&mut tally).err());
    if extent == Extent::Full {
        failed.extend(javascript(&mut tally));
        failed.extend(android(&mut tally));
        failed.extend(objective_c(&mut tally));
        failed.extend(kotlin::test(&mut tally).err());
        failed.extend(swift::test(&mut tally).err());
    }

    let verdict = if failed.is_empty() { Ok(()) } else { Err(format!("not good: {}", failed.join(", "))) };
    if let Err(message) = &verdict {
        println!("{message}");
    }
    println!("{} passed, {} failed", tally.passed, tally.failed);
    verdict.map_err(|_| String::new())
}

/// Package, example, scripts in a browser, and the walk through the demo. Each counts as one test here: they say themselves
/// what they found.
fn javascript(tally: &mut Tally) -> Vec<String> {
    if let Some(missing) = uniapp::missing() {
        println!("== package, example, scripts, walk: left out; {missing}");
        return Vec::new();
    }
    one_by_one(uniapp::TESTS, tally)
}

/// The iOS shell. A machine that cannot have the tools does without, but the one that decides what is good cannot.
fn objective_c(tally: &mut Tally) -> Vec<String> {
    match objc::missing() {
        Some(missing) if std::env::var_os("CI").is_none() => {
            println!("== iOS shell: left out; {missing}");
            Vec::new()
        }
        _ => one_by_one(objc::TESTS, tally),
    }
}

/// The Android shell.
fn android(tally: &mut Tally) -> Vec<String> {
    if let Some(missing) = uniapp::android_missing() {
        println!("== Android shell: left out; {missing}");
        return Vec::new();
    }
    one_by_one(uniapp::ANDROID_TESTS, tally)
}

/// Each counts as one test.
fn one_by_one(tests: &[(&str, uniapp::Test)], tally: &mut Tally) -> Vec<String> {
    let mut failed = Vec::new();
    for (name, test) in tests {
        println!("== {name}");
        match test() {
            Ok(()) => tally.passed += 1,
            Err(message) => {
                tally.failed += 1;
                println!("{message}");
                failed.push((*name).to_owned());
            }
        }
    }
    failed
}

/// Without the advisories: their database comes from the network, and a network is no part of the tests.
pub(crate) fn deny_step() -> Step {
    Step::cargo("dependencies", &["deny", "--all-features", "check", "licenses", "bans", "sources"])
}
