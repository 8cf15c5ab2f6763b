//! Plays a soak: `cargo xtask soak --minutes 60`.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use whinchat_tests::chaos::process::{Broken, Programs};
use whinchat_tests::soak::run::Soak;

/// Keeps a server and clients under load and faults for a long time, and looks whether what they take stays flat.
#[derive(Parser)]
#[command(bin_name = "cargo xtask soak")]
struct Options {
    /// How long.
    #[arg(long, default_value_t = 60)]
    minutes: u64,
    /// Where every choice derives from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Longest pause of a client between two actions, in milliseconds.
    #[arg(long, default_value_t = 400)]
    pace: u64,
    /// Seconds between two looks at each process.
    #[arg(long, default_value_t = 10)]
    look_every: u64,
    /// Minutes between two judgements of what arrived.
    #[arg(long, default_value_t = 10)]
    judge_every: u64,
    /// Where the samples go.
    #[arg(long, default_value = "target/soak.csv")]
    csv: PathBuf,
}

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    let minutes = |minutes: u64| Duration::from_secs(minutes.saturating_mul(60));
    let soak = Soak {
        time: minutes(options.minutes),
        seed: options.seed,
        pace_ms: options.pace,
        look_every: Duration::from_secs(options.look_every.max(1)),
        judge_every: minutes(options.judge_every),
        csv: options.csv,
    };
    let (programs, folder) =
        match (Programs::beside_this(), tempfile::Builder::new().prefix("whinchat-soak-").tempdir()) {
            (Ok(programs), Ok(folder)) => (programs, folder),
            (Err(error), _) | (_, Err(error)) => {
                eprintln!("no soak can begin: {error}");
                return ExitCode::FAILURE;
            }
        };
    println!("{} minutes, seed {}, samples in {}", options.minutes, soak.seed, soak.csv.display());
    match soak.play(folder.path(), &programs, |line| println!("{line}")).await {
        Ok(findings) => {
            println!("{} blows; {}", findings.blows, findings.report);
            println!("medians of the four quarters after warming up:");
            findings.courses.iter().for_each(|course| println!("{course}"));
            let flat = findings.courses.iter().all(|course| course.complaints().is_empty());
            if flat && !findings.courses.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(Broken(reason)) => {
            eprintln!("{reason}\nbooks, databases and logs are in {}", folder.keep().display());
            ExitCode::FAILURE
        }
    }
}
