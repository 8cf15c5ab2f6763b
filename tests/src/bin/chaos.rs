//! Plays chaos: `cargo xtask chaos --rounds 200 --seed 7`.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::process::ExitCode;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use clap::Parser;
use whinchat_tests::chaos::process::Programs;
use whinchat_tests::chaos::run::Chaos;

/// Kills processes and breaks networks while clients talk, and counts what arrived.
#[derive(Parser)]
#[command(bin_name = "cargo xtask chaos")]
struct Options {
    /// How many rounds, each with at least one blow in the middle of work.
    #[arg(long, default_value_t = 200)]
    rounds: u32,
    /// Where every choice derives from; the clock decides when it is not given.
    #[arg(long)]
    seed: Option<u64>,
    /// Print every blow.
    #[arg(long, short)]
    verbose: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    let clock = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs());
    let chaos = Chaos { rounds: options.rounds, seed: options.seed.unwrap_or_else(clock) };
    let programs = match Programs::beside_this() {
        Ok(programs) => programs,
        Err(error) => {
            eprintln!("this program does not know where it is: {error}");
            return ExitCode::FAILURE;
        }
    };
    println!("{} rounds, seed {}", chaos.rounds, chaos.seed);
    let start = Instant::now();
    let tell = |line: &str| {
        if options.verbose || !line.starts_with("  ") {
            println!("{line}");
        }
    };
    match chaos.play(&programs, tell).await {
        Ok(report) => {
            println!("{} rounds in {:.0} s, nothing wrong", chaos.rounds, start.elapsed().as_secs_f64());
            println!("{report}");
            ExitCode::SUCCESS
        }
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}
