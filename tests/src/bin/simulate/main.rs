//! Plays seeds of the simulation; `cargo xtask simulate` builds and runs it.
//!
//! Each seed is played by a child process of its own, so that nothing but the seed decides what happens in it, and a
//! crash or a hang takes one seed along and no more.
// A program for the terminal, and a surprise ends it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::print_stdout, clippy::print_stderr)]

#[cfg(target_os = "linux")]
mod child;
#[cfg(target_os = "linux")]
mod machine;
#[cfg(target_os = "linux")]
mod run;

use std::process::ExitCode;

use clap::Parser as _;

/// What is asked for.
#[derive(clap::Parser, Debug)]
struct Args {
    /// Play for so long.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Play so many seeds and no more.
    #[arg(long)]
    seeds: Option<u64>,
    /// The first seed; alone it is the only one, and what happens in it is told.
    #[arg(long)]
    seed: Option<u64>,
    /// Processes that play at once; as many as there are processors if not said.
    #[arg(long)]
    jobs: Option<usize>,
}

#[cfg(target_os = "linux")]
fn main() -> ExitCode {
    run::run(&Args::parse())
}

#[cfg(not(target_os = "linux"))]
fn main() -> ExitCode {
    let Args { .. } = Args::parse();
    eprintln!("the simulation takes the machine's clock away, which is written for Linux alone");
    ExitCode::FAILURE
}
