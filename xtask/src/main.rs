//! Every chore of the workspace: `cargo xtask help` lists them. It has no dependencies, so it is there in a second.
// A chore talks to the person at the terminal.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod elf;
// Here and not in the module, which the library's own test includes as well.
#[cfg(test)]
#[path = "elf/tests.rs"]
mod elf_tests;
mod generated;
mod kotlin;
mod mobile;
mod node;
mod objc;
mod prerequisites;
mod step;
mod suite;
mod swift;
mod uniapp;

use std::process::{Command, ExitCode};

use step::Step;

const HELP: &str = "\
Usage: cargo xtask <command>

  demo              two phones side by side in your browser, whose networks and server you can cut
  demo --terminal   the same story told in the terminal, by real clients
  demo --headless   that story without telling it, and a walk through the two phones in headless Chromium
  uniapp run FILE.js [--host browser|jvm|objc] [--package FOLDER] [--server URL --app-id N]
                    run a script with the globals of a uni-app page
  uniapp test [NAME] [--host browser|jvm|objc]
                    run the scripts in uniapp-plugin/tests, a line each
  uniapp app [--host jvm|objc] [--package FOLDER] [--shots FOLDER]
                    build the example as an app and use it on two phones of a native host
  uniapp pack [--module-name NAME] [--host | --uts] [--allow-incomplete]
                    make the plugin's package, as far as it can be built here, and check it; target/uniapp
  uniapp uts        compile the UTS plugin with the vendor's npm tools and hold it against the table of methods
  uniapp bench [--host jvm]
                    measure what a page in headless Chromium sees (target/bench-browser.json), or the Android shell
                    on a JVM beside the bridge in Rust (target/bench-jvm.json)
  uniapp exports    compile the iOS shell for Apple's target and look at what it exports
  test [--quick]    format, lints, documentation and every test; --quick leaves out what is slow
  chaos [--rounds N] [--seed S]
                    kill processes and break networks while clients talk, and count what arrived
  soak [--minutes N] [--seed S]
                    keep servers and clients under load and faults (60 minutes), and see whether what they take
                    stays flat; in release; writes target/soak.csv
  simulate [--seconds N] [--seed S]
                    play whole worlds in one thread each, with the machine's clock and dice taken away; a seed replays
  fuzz [--minutes N] [--target T] [--seed S]
                    hand bad input to everything that reads any; without a seed it goes on from the first
  bench [NAME]      measure in release beside floors of the same run; writes target/bench.json
  kotlin            build, test and pack the Kotlin SDK into target/maven, and run apps that take it from there
  kotlin bench      measure calls and events across the border; writes target/bench-kotlin.json
  swift             build and test the Swift package; makes a Swift of its own where the machine has none
  swift bench       measure its calls beside the same in Rust; writes target/bench-swift.json
  swift exec PROGRAM ARGS
                    run a program where that Swift, the library and the server are found
  errors            write docs/errors.md, and the constants of the Swift package, from the table of error codes
  bindings          write declarations, lists of names and reference pages from the table of methods
  android [ABI...]  the library for Android with an installed NDK: target/android/jniLibs, checked and measured
  ios               the library for Apple's systems on a Mac: target/apple/Whinchat.xcframework
  elf FILE.so [--linux]
                    hold a library against the rules for the one that ships: pages, names, what it needs
  size [--faces]    what the library takes in an app, beside the least that its parts take; and its largest parts
  deny              check licences, bans and sources of all dependencies with cargo-deny
  help              this text
";

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let command = args.next().unwrap_or_default();
    let rest: Vec<String> = args.collect();
    let from = std::env::current_dir().unwrap_or_default();
    // Chores name files from the root of the workspace, wherever they are called.
    if let Err(error) = std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")) {
        eprintln!("the workspace is gone: {error}");
        return ExitCode::FAILURE;
    }
    let done = match (command.as_str(), rest.as_slice()) {
        ("demo", []) => uniapp::demo(),
        ("demo", [flag, rest @ ..]) if flag == "--terminal" => terminal_demo(rest),
        ("demo", _) => terminal_demo(&rest).and_then(|()| {
            if rest.iter().any(|flag| flag == "--headless") { uniapp::walk() } else { Ok(()) }
        }),
        ("uniapp", [command, rest @ ..]) if command == "run" => uniapp::run(&from, rest),
        ("uniapp", [command, names @ ..]) if command == "test" => uniapp::test(names),
        ("uniapp", [command, flags @ ..]) if command == "app" => uniapp::app::run(&from, flags),
        ("uniapp", [command, flags @ ..]) if command == "pack" => uniapp::pack(flags),
        ("uniapp", [command]) if command == "uts" => uniapp::uts::check(),
        ("uniapp", [command, flags @ ..]) if command == "bench" => uniapp::bench(flags),
        ("uniapp", [command]) if command == "exports" => objc::exports(),
        ("chaos", _) => {
            prerequisites::to_build().and_then(|()| run_binary("whinchat-tests", "chaos", &[], &rest))
        }
        ("soak", _) => prerequisites::to_build().and_then(|()| soak(&rest)),
        ("simulate", _) => prerequisites::to_build().and_then(|()| optimised("simulate", &rest)),
        ("fuzz", _) => prerequisites::to_build().and_then(|()| optimised("fuzz", &rest)),
        ("bench", _) => prerequisites::to_build().and_then(|()| optimised("bench", &rest)),
        ("test", []) => prerequisites::to_test().and_then(|()| suite::run(suite::Extent::Full)),
        ("test", [flag]) if flag == "--quick" => {
            prerequisites::to_test().and_then(|()| suite::run(suite::Extent::Quick))
        }
        ("kotlin", _) => kotlin::run(&rest),
        ("swift", _) => swift::run(&rest),
        ("errors", []) => prerequisites::to_build().and_then(|()| write_errors()),
        ("bindings", []) => prerequisites::to_build().and_then(|()| write_bindings()),
        ("deny", []) => prerequisites::deny().and_then(|()| suite::deny_step().run()),
        ("android", abis) => prerequisites::to_build().and_then(|()| mobile::android(abis)),
        ("ios", []) => mobile::apple(),
        ("elf", file) => mobile::check(file),
        ("size", flags) => prerequisites::to_build().and_then(|()| mobile::size(flags)),
        ("help" | "--help" | "-h" | "", []) => {
            print!("{HELP}");
            Ok(())
        }
        _ => Err(format!("`cargo xtask {command} {}` is no command\n\n{HELP}", rest.join(" "))),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            // Empty: everything was said already, and the sum has to stay the last line.
            if !message.is_empty() {
                eprintln!("{}", message.trim_end());
            }
            ExitCode::FAILURE
        }
    }
}

fn terminal_demo(rest: &[String]) -> Result<(), String> {
    prerequisites::to_build().and_then(|()| run_binary("whinchat-cli", "whinchat", &["demo"], rest))
}

/// Builds all binaries of a package, showing cargo's progress, then runs one of them in place of this process's own output.
fn run_binary(package: &str, binary: &str, first: &[&str], rest: &[String]) -> Result<(), String> {
    Step::cargo("build", &["build", "--package", package, "--bins"]).run()?;
    let status = Command::new(step::cargo())
        .args(["run", "--quiet", "--package", package, "--bin", binary, "--"])
        .args(first)
        .args(rest)
        .status()
        .map_err(|error| format!("{binary} did not start: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{binary} ended with {status}")) }
}

/// Optimised, and with the programs that it starts.
fn soak(rest: &[String]) -> Result<(), String> {
    Step::cargo("build", &["build", "--release", "--package", "whinchat-tests", "--bins"]).run()?;
    let status = Command::new(step::cargo())
        .args(["run", "--quiet", "--release", "--package", "whinchat-tests", "--bin", "soak", "--"])
        // glibc keeps an arena a thread, each as large as it ever was: what grows then is not what the product holds.
        .env("MALLOC_ARENA_MAX", "2")
        .args(rest)
        .status()
        .map_err(|error| format!("the soak did not start: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("the soak ended with {status}")) }
}

/// Optimised: a ratio between two unoptimised programs says nothing, and worlds that play slowly are few.
fn optimised(binary: &str, rest: &[String]) -> Result<(), String> {
    let status = Command::new(step::cargo())
        .args(["run", "--release", "--package", "whinchat-tests", "--bin", binary, "--"])
        .args(rest)
        .status()
        .map_err(|error| format!("{binary} did not start: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{binary} ended with {status}")) }
}

/// The test that notices a stale page also writes it.
fn write_errors() -> Result<(), String> {
    Step::cargo(
        "what is written of errors",
        &["test", "--quiet", "--package", "whinchat-tests", "--test", "error_page"],
    )
    .env("WHINCHAT_WRITE_ERROR_PAGE", "1")
    .run()
}

/// The test that notices stale files also writes them.
fn write_bindings() -> Result<(), String> {
    Step::cargo("generated files", &["test", "--quiet", "--package", "whinchat-bridge", "--test", "bindings"])
        .env("WHINCHAT_WRITE_BINDINGS", "1")
        .run()
}
