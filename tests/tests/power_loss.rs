//! The disk that loses power does what it says, and SQLite's promises hold on it, or do not.
#![cfg(target_os = "linux")]
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout)]

use std::path::Path;
use std::process::{Command, Output};

use rusqlite::Connection;
use whinchat_tests::dice::Dice;
use whinchat_tests::power_loss::{Disk, Left, setting};

fn disk() -> (tempfile::TempDir, Disk) {
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::new(&folder.path().join("disk"));
    (folder, disk)
}

fn writer(disk: &Disk) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_power_writer"));
    command.envs(disk.environment()).current_dir(disk.path());
    command
}

/// Does these things on the disk.
fn act(disk: &Disk, deeds: &[&str]) {
    let output = writer(disk).arg("do").args(deeds).output().unwrap();
    assert!(output.status.success(), "{output:?}");
}

/// What is on the disk: `name=content`, sorted; a folder has no content.
fn listing(disk: &Disk) -> Vec<String> {
    fn list(folder: &Path, base: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(base).unwrap().display().to_string();
            if path.is_dir() {
                found.push(name);
                list(&path, base, found);
            } else {
                found.push(format!("{name}={}", std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let mut found = Vec::new();
    list(disk.path(), disk.path(), &mut found);
    found.sort();
    found
}

/// Does the first things, which last, then the others, and fails.
fn after_a_cut(lasting: &[&str], deeds: &[&str]) -> Vec<String> {
    let (_folder, disk) = disk();
    act(&disk, lasting);
    disk.cut(Left::Nothing);
    act(&disk, deeds);
    disk.cut(Left::Nothing);
    listing(&disk)
}

/// A file that lasts.
const LASTING: &[&str] = &["write a old-content", "sync a", "sync ."];

#[test]
fn bytes_last_from_the_sync_of_their_file() {
    assert_eq!(after_a_cut(LASTING, &[]), ["a=old-content"]);
    assert_eq!(after_a_cut(LASTING, &["put a 0 new", "sync a"]), ["a=new-content"]);
    assert_eq!(after_a_cut(LASTING, &["put a 0 new"]), ["a=old-content"]);
    assert_eq!(
        after_a_cut(LASTING, &["put a 0 new", "sync a", "put a 4 CON", "put a 0 x"]),
        ["a=new-content"]
    );
    assert_eq!(after_a_cut(LASTING, &["append a -and-more"]), ["a=old-content"]);
    assert_eq!(after_a_cut(LASTING, &["append a -and", "sync a", "append a -more"]), ["a=old-content-and"]);
    assert_eq!(after_a_cut(LASTING, &["put a 20 far"]), ["a=old-content"]);
    assert_eq!(after_a_cut(LASTING, &["cut a 3"]), ["a=old-content"]);
    assert_eq!(after_a_cut(LASTING, &["cut a 3", "sync a"]), ["a=old"]);
    assert_eq!(after_a_cut(LASTING, &["cut a 3", "append a -new", "cut a 5"]), ["a=old-content"]);
    assert_eq!(after_a_cut(LASTING, &["write a other"]), ["a=old-content"]);
    assert_eq!(
        after_a_cut(LASTING, &["put a 0 new", "sync ."]),
        ["a=old-content"],
        "a folder is not its files"
    );
}

#[test]
fn names_last_from_the_sync_of_their_folder() {
    assert_eq!(after_a_cut(LASTING, &["write b new", "sync b"]), ["a=old-content"]);
    assert_eq!(after_a_cut(LASTING, &["write b new", "sync ."]), ["a=old-content", "b="]);
    assert_eq!(after_a_cut(LASTING, &["write b new", "sync b", "sync ."]), ["a=old-content", "b=new"]);
    assert_eq!(after_a_cut(LASTING, &["copy a b", "sync b", "sync ."]), ["a=old-content", "b=old-content"]);
    assert_eq!(after_a_cut(LASTING, &["copy a b", "sync ."]), ["a=old-content", "b="]);
    assert_eq!(after_a_cut(LASTING, &["move a b"]), ["a=old-content"]);
    assert_eq!(after_a_cut(LASTING, &["move a b", "sync ."]), ["b=old-content"]);
    assert_eq!(after_a_cut(LASTING, &["write b new", "sync b", "move b a"]), ["a=old-content"]);
    assert_eq!(after_a_cut(LASTING, &["write b new", "sync b", "move b a", "sync ."]), ["a=new"]);
    assert_eq!(
        after_a_cut(LASTING, &["write b new", "move b a", "sync ."]),
        ["a="],
        "renamed before it was synced"
    );
    assert_eq!(after_a_cut(LASTING, &["remove a"]), ["a=old-content"]);
    assert_eq!(after_a_cut(LASTING, &["remove a", "sync ."]), Vec::<String>::new());
    assert_eq!(after_a_cut(LASTING, &["put a 0 new", "remove a", "write a x"]), ["a=old-content"]);
    let in_vain =
        ["write b x", "sync b", "folder f", "sync .", "move-in-vain b f", "move-in-vain b no/where"];
    assert_eq!(after_a_cut(LASTING, &in_vain), ["a=old-content", "b=x", "f"]);
    let inner = ["folder f", "write f/b new", "sync f/b", "sync f"];
    assert_eq!(after_a_cut(LASTING, &inner), ["a=old-content"], "a folder whose own name was not synced");
    assert_eq!(after_a_cut(LASTING, &[&inner[..], &["sync ."]].concat()), ["a=old-content", "f", "f/b=new"]);
}

#[test]
fn a_disk_may_have_written_any_sectors() {
    let mut seen = std::collections::HashSet::new();
    for seed in 0..12 {
        let (_folder, disk) = disk();
        act(&disk, &["fill a o 2048", "sync a", "sync ."]);
        disk.cut(Left::Nothing);
        act(&disk, &["put a 0 x", "put a 1000 yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"]);
        let taken = disk.cut(Left::Something(&mut Dice::new(seed)));
        assert_eq!((taken.unsynced, taken.names), (2, 0));
        let text = std::fs::read_to_string(disk.path().join("a")).unwrap();
        assert_eq!(text.len(), 2_048);
        // 24 bytes of the second write are in one sector and 12 in the next.
        seen.insert((text.starts_with('x'), text.matches('y').count()));
    }
    for ys in [0, 12, 24, 36] {
        assert!(seen.iter().any(|(_, count)| *count == ys), "{seen:?}");
    }
    assert!(seen.iter().any(|(x, _)| *x) && seen.iter().any(|(x, _)| !*x), "{seen:?}");
    assert!(seen.iter().all(|(_, count)| [0, 12, 24, 36].contains(count)), "{seen:?}");
}

/// The last row that the program said is committed.
fn told(output: &Output) -> i64 {
    String::from_utf8_lossy(&output.stdout).lines().last().map_or(0, |line| line.parse().unwrap())
}

/// What became of a database.
struct Rows {
    /// Rows that were committed and are gone.
    lost: i64,
    /// Something else than a hole at the end is wrong with it.
    damaged: bool,
}

fn rows(path: &Path, told: i64) -> Rows {
    let look = || -> rusqlite::Result<(String, i64, i64)> {
        let db = Connection::open(path)?;
        let sound: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
        let there: i64 =
            db.query_row("SELECT count(*) FROM sqlite_schema WHERE name = 'line'", [], |row| row.get(0))?;
        if there == 0 {
            return Ok((sound, 0, 0));
        }
        db.query_row("SELECT count(*), coalesce(max(n), 0) FROM line", [], |row| {
            Ok((sound.clone(), row.get(0)?, row.get(1)?))
        })
    };
    match look() {
        Ok((sound, count, last)) => {
            Rows { lost: (told - last).max(0), damaged: sound != "ok" || count != last }
        }
        Err(error) => {
            println!("{error}");
            Rows { lost: told, damaged: true }
        }
    }
}

/// Cuts while rows are committed, each at another step; the database lives on.
fn cuts(synchronous: &str, rounds: u64, seed: u64) -> (i64, bool) {
    let mut dice = Dice::new(seed);
    let (mut lost, mut damaged, mut committed) = (0, false, 0);
    let (_folder, mut disk) = disk();
    for round in 0..rounds {
        if round % 10 == 0 {
            // Beginnings have their own dangers.
            disk = Disk::new(&disk.path().with_extension(round.to_string()));
        }
        let mut command = writer(&disk);
        command.env("WHINCHAT_POWERLOSS_DIE_AT", (1 + dice.below(90)).to_string());
        let output = command.args(["rows", "rows.db", synchronous, "1000"]).output().unwrap();
        assert!(output.stderr.is_empty() && !output.status.success(), "{output:?}");
        let told = told(&output);
        let taken = disk.cut_somehow(&mut dice);
        // A copy is looked at: the next process has to recover on the disk that was cut.
        let copy = tempfile::tempdir().unwrap();
        for entry in std::fs::read_dir(disk.path()).unwrap() {
            let path = entry.unwrap().path();
            std::fs::copy(&path, copy.path().join(path.file_name().unwrap())).unwrap();
        }
        let found = rows(&copy.path().join("rows.db"), told);
        if found.lost > 0 || found.damaged {
            println!("{synchronous}, round {round}: {} of {told} lost, {taken:?}", found.lost);
        }
        lost += found.lost;
        damaged |= found.damaged;
        committed += told;
        if found.damaged {
            disk = Disk::new(&disk.path().with_extension(format!("{round}-after-damage")));
        }
    }
    println!("{synchronous}, seed {seed}: {committed} rows said over {rounds} cuts, {lost} lost");
    (lost, damaged)
}

#[test]
fn full_synchronous_loses_no_row_and_the_shim_sees_what_less_loses() {
    let rounds = setting("WHINCHAT_POWER_CUTS", 50);
    let seed = setting("WHINCHAT_POWER_SEED", 11);
    assert_eq!(cuts("FULL", rounds, seed), (0, false));
    let (lost, damaged) = cuts("NORMAL", rounds.min(50), seed);
    assert!(lost > 0 && !damaged, "in a write-ahead log, NORMAL loses the newest and damages nothing");
    let (lost, _) = cuts("OFF", rounds.min(50), seed);
    assert!(lost > 0, "the shim does not see that nothing was synced");
}
