//! A few simulated worlds; `cargo xtask simulate` plays many.
#![cfg(target_os = "linux")]
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout)]

use std::process::Command;

/// How many worlds are played here, from seed 1 on.
const SEEDS: u32 = 16;

fn simulate(args: &[&str]) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_simulate")).args(args).output().unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn simulated_worlds_lose_and_double_nothing() {
    let (good, said) = simulate(&["--seed", "1", "--seeds", &SEEDS.to_string()]);
    assert!(good, "{said}");
    println!("{said}");
    let sum = said.lines().last().unwrap();
    assert!(sum.starts_with(&format!("{SEEDS} seeds")) && sum.ends_with(" 0 failed"), "{sum}");
}

#[test]
fn a_seed_plays_the_same_again() {
    // All but the last line, which tells how long it took.
    let played = || {
        let (_, said) = simulate(&["--seed", "7"]);
        said.lines().filter(|line| !line.contains(" seeds in ")).map(str::to_owned).collect::<Vec<_>>()
    };
    let first = played();
    assert!(first.len() > 20, "{first:?}");
    assert_eq!(first, played());
}
