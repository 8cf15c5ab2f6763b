//! The `whinchat` command, for tests that need a server in a process of its own: cargo builds it with them.

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    ExitCode::from(whinchat_cli::run::run(&whinchat_cli::args::Cli::parse()))
}
