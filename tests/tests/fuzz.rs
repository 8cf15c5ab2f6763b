//! A little of the fuzzing; `cargo xtask fuzz` does more.
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout)]

use std::process::Command;

#[test]
fn bad_input_harms_nobody() {
    for (target, inputs) in [
        ("user_sig", "2000"),
        ("config", "1000"),
        ("ids", "3000"),
        ("frames", "3000"),
        ("inbox", "30"),
        ("server", "12"),
        ("client", "16"),
        ("bridge", "12"),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_fuzz"))
            .args(["--target", target, "--inputs", inputs])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        let stumbled = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "{target}: {said}\n{}",
            &stumbled[stumbled.len().saturating_sub(4_000)..]
        );
        println!("{said}");
    }
}
