//! The `whinchat` command.

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    ExitCode::from(whinchat_cli::run::run(&whinchat_cli::args::Cli::parse()))
}
