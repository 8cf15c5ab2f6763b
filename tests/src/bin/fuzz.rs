//! Hands bad input to everything that reads any; `cargo xtask fuzz` builds and runs it.
// A program for the terminal, and a surprise ends it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use clap::Parser as _;
use whinchat_tests::dice::Dice;
use whinchat_tests::fuzz::TARGETS;

/// An input that takes longer than this hangs.
const LIMIT: Duration = Duration::from_secs(60);

/// What is asked for.
#[derive(clap::Parser, Debug)]
struct Args {
    /// How long, for all targets together.
    #[arg(long, default_value_t = 1.0)]
    minutes: f64,
    /// One target alone.
    #[arg(long)]
    target: Option<String>,
    /// The first seed; each input has the next one.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// So many inputs for each target, instead of a time.
    #[arg(long)]
    inputs: Option<u64>,
}

/// The input that is being read: target, seed, since when.
static RUNNING: Mutex<Option<(&str, u64, Instant)>> = Mutex::new(None);

fn give_up(why: &str) -> ! {
    if let Some((target, seed, _)) = *RUNNING.lock().unwrap_or_else(PoisonError::into_inner) {
        eprintln!("{why}; again: cargo xtask fuzz --target {target} --inputs 1 --seed {seed}");
    }
    std::process::exit(101)
}

/// Ends a program that hangs. It lives as long as the program.
fn watch() {
    loop {
        std::thread::sleep(Duration::from_secs(1));
        let running = *RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        if running.is_some_and(|(.., since)| since.elapsed() > LIMIT) {
            give_up("it hangs");
        }
    }
}

fn main() -> ExitCode {
    let args = Args::parse();
    let wanted: Vec<_> = TARGETS
        .iter()
        .filter(|target| args.target.as_deref().is_none_or(|name| name == target.name))
        .collect();
    if wanted.is_empty() {
        let names: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
        eprintln!("there is no such target; these are: {}", names.join(", "));
        return ExitCode::FAILURE;
    }
    // A panic in a task would be swallowed: here it is the end of everything.
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        hook(panic);
        give_up("it panicked");
    }));
    std::thread::spawn(watch);
    let share = Duration::from_secs_f64(args.minutes.max(0.0) * 60.0 / wanted.len() as f64);
    for target in wanted {
        let began = Instant::now();
        let mut count = 0;
        while args.inputs.map_or(began.elapsed() < share, |inputs| count < inputs) {
            let seed = args.seed.wrapping_add(count);
            *RUNNING.lock().unwrap_or_else(PoisonError::into_inner) =
                Some((target.name, seed, Instant::now()));
            (target.run)(&mut Dice::new(seed));
            count += 1;
        }
        let seconds = began.elapsed().as_secs_f64();
        println!("{}: {count} inputs in {seconds:.1} s, none of them did any harm", target.name);
    }
    ExitCode::SUCCESS
}
