//! Playing seed after seed.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::{Args, child, machine};

/// Failing seeds that are told before it stops.
const TOLD: usize = 5;
/// What is told every so often.
const EVERY: Duration = Duration::from_secs(20);

#[derive(Default)]
struct Sum {
    seeds: u64,
    sent: u64,
    acknowledged: u64,
    delivered: u64,
    failed: Vec<u64>,
}

impl Sum {
    /// Takes what a child left.
    fn take(&mut self, seed: u64, folder: &Path, well: bool) {
        self.seeds += 1;
        let report = fs::read_to_string(folder.join("report")).unwrap_or_default();
        let numbers: Vec<u64> = report.split(' ').filter_map(|number| number.parse().ok()).collect();
        if let [sent, acknowledged, delivered] = numbers[..] {
            self.sent += sent;
            self.acknowledged += acknowledged;
            self.delivered += delivered;
        }
        if !well {
            let said = fs::read_to_string(folder.join("failure"));
            println!("seed {seed} FAILED: {}", said.unwrap_or_else(|_| "it crashed or hung".into()));
            println!("  again: cargo xtask simulate --seed {seed}");
            self.failed.push(seed);
        }
    }

    fn tell(&self, began: Instant) {
        let seconds = began.elapsed().as_secs_f64();
        let per_minute = self.seeds as f64 * 60.0 / seconds.max(0.001);
        println!(
            "{} seeds in {seconds:.1} s, {per_minute:.0} a minute: {} sent, {} acknowledged, {} delivered, {} failed",
            self.seeds,
            self.sent,
            self.acknowledged,
            self.delivered,
            self.failed.len()
        );
    }
}

fn scratch() -> PathBuf {
    // The few real files, locks and books, need not touch a disk either.
    let memory = PathBuf::from("/dev/shm");
    let folder = if memory.is_dir() { memory } else { std::env::temp_dir() };
    folder.join(format!("whinchat-simulation-{}", std::process::id()))
}

pub(crate) fn run(args: &Args) -> ExitCode {
    let alone = args.seed.filter(|_| args.seeds.is_none());
    let first = args.seed.unwrap_or(1);
    let count = if alone.is_some() { 1 } else { args.seeds.unwrap_or(u64::MAX) };
    let jobs = args.jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    let scratch = scratch();
    let began = Instant::now();
    let limit = Duration::from_secs(args.seconds);
    let mut told = began;
    let mut sum = Sum::default();
    let mut playing: HashMap<i32, (u64, PathBuf)> = HashMap::new();
    let mut next = 0;
    loop {
        let more = next < count
            && sum.failed.len() < TOLD
            && (args.seeds.is_some() || alone.is_some() || began.elapsed() < limit);
        if more && playing.len() < jobs.max(1) {
            let seed = first.wrapping_add(next);
            next += 1;
            let folder = scratch.join(seed.to_string());
            fs::create_dir_all(&folder).expect("a folder");
            match machine::fork() {
                0 => child::play_alone(&folder, seed),
                child if child > 0 => drop(playing.insert(child, (seed, folder))),
                _ => panic!("no process can be had: {}", std::io::Error::last_os_error()),
            }
            continue;
        }
        let Some((child, well)) = machine::wait() else { break };
        let Some((seed, folder)) = playing.remove(&child) else { continue };
        sum.take(seed, &folder, well);
        if alone.is_some() {
            println!("{}", fs::read_to_string(folder.join("trace")).unwrap_or_default());
        }
        let _ = fs::remove_dir_all(&folder);
        if told.elapsed() >= EVERY {
            told = Instant::now();
            sum.tell(began);
        }
    }
    let _ = fs::remove_dir_all(&scratch);
    sum.tell(began);
    if sum.failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
