//! The weather of the chaos does what it says.
#![cfg(target_os = "linux")]
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::process::Command;

use whinchat_tests::weather::Weather;

/// The wall clock and the monotonic clock of a process in this weather, in milliseconds.
fn clocks(weather: &Weather) -> (i64, i64) {
    let output = Command::new(env!("CARGO_BIN_EXE_power_writer"))
        .arg("clock")
        .envs(weather.environment())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    let mut words = text.split_whitespace().map(|word| word.parse().unwrap());
    (words.next().unwrap(), words.next().unwrap())
}

#[test]
fn a_wall_clock_jumps_and_the_monotonic_clock_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let weather = Weather::over(&folder.path().join("data"), &folder.path().join("weather")).unwrap();
    let (wall, steady) = clocks(&weather);
    for hours in [5_i64, -7] {
        weather.set_clock_ms(hours * 3_600_000 + 250).unwrap();
        let (jumped, still) = clocks(&weather);
        let off = jumped - wall - hours * 3_600_000;
        assert!((0..60_000).contains(&off), "{hours} hours: off by {off} ms");
        assert!((0..60_000).contains(&(still - steady)));
    }
}

#[test]
fn on_a_full_disk_files_keep_what_they_have_and_do_not_grow() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let weather = Weather::over(&data, &folder.path().join("weather")).unwrap();
    let act = |deeds: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_power_writer"));
        command.arg("do").args(deeds).envs(weather.environment()).current_dir(&data).output().unwrap()
    };
    assert!(act(&["write a 0123456789"]).status.success());
    weather.set_full(true).unwrap();
    let output = act(&["put a 2 xx", "full a more"]);
    assert!(output.status.success(), "{output:?}");
    assert!(act(&["write ../beside text"]).status.success(), "another disk has room");
    weather.set_full(false).unwrap();
    assert!(act(&["append a more"]).status.success());
    assert_eq!(std::fs::read_to_string(data.join("a")).unwrap(), "01xx456789more");
}

#[test]
fn sqlite_says_that_the_disk_is_full() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let weather = Weather::over(&data, &folder.path().join("weather")).unwrap();
    let rows = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_power_writer"));
        let command = command.args(["rows", "rows.db", "FULL", "20"]).envs(weather.environment());
        command.current_dir(&data).output().unwrap()
    };
    let output = rows();
    assert!(output.status.success(), "{output:?}");
    weather.set_full(true).unwrap();
    let output = rows();
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    // The index of its log may be what cannot grow, and SQLite calls that otherwise.
    let said = ["DiskFull", "SystemIoFailure"].iter().any(|word| complaint.contains(word));
    assert!(!output.status.success() && said, "{complaint}");
    weather.set_full(false).unwrap();
    let output = rows();
    assert!(output.status.success(), "{output:?}");
}
