//! A phone dies with messages in its outbox; every one that `send` accepted is in the file afterwards.
#![cfg(target_os = "linux")]
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout)]

use std::path::{Path, PathBuf};
use std::process::Command;

use rusqlite::{Connection, OpenFlags};
use whinchat_core::Platform;
use whinchat_tests::dice::Dice;
use whinchat_tests::power_loss::{Disk, Left, setting};
use whinchat_tests::stage::Stage;

/// A device of alice's that was logged in, on a disk; and where its outbox is.
async fn device() -> (Stage, Disk, PathBuf) {
    let stage = Stage::new().await;
    drop(stage.device("bob").await);
    let alice = stage.device_not_logged_in("alice", Platform::Desktop).await;
    alice.log_in().await;
    let (folder, own) = (alice.folder().canonicalize().unwrap(), alice.user_folder().join("own.db"));
    alice.client.close().await;
    // What was done until here counts as synced.
    (stage, Disk::new(&folder), own)
}

/// Accepts messages until it dies before its `die_at`th change or sync. The texts whose `send` returned.
fn accept(disk: &Disk, word: &str, die_at: u64, lies: bool) -> Vec<String> {
    let output = Command::new(env!("CARGO_BIN_EXE_power_sender"))
        .arg(format!("--data={}", disk.path().display()))
        .args([format!("--word={word}"), "--count=1000".to_owned()])
        .envs(disk.environment())
        .env("WHINCHAT_POWERLOSS_DIE_AT", die_at.to_string())
        .env("WHINCHAT_POWERLOSS_SYNC_US", "300")
        .env("WHINCHAT_POWERLOSS_LIES", u8::from(lies).to_string())
        .output()
        .unwrap();
    assert!(!output.status.success() && output.stderr.is_empty(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

/// The contents in a copy of the outbox: the next process has to recover on the disk that was cut.
fn waiting(own: &Path) -> Vec<Vec<u8>> {
    let copy = tempfile::tempdir().unwrap();
    for name in ["own.db", "own.db-wal"] {
        // There may be no log.
        let _ = std::fs::copy(own.with_file_name(name), copy.path().join(name));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(copy.path().join("own.db"), flags).unwrap();
    let sound: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(sound, "ok");
    let mut query = db.prepare("SELECT content FROM outbox WHERE kind = 1 AND state = 0").unwrap();
    let rows = query.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

/// Those that are not there.
fn lost<'a>(accepted: &'a [String], waiting: &[Vec<u8>]) -> Vec<&'a String> {
    let holds = |text: &str, content: &[u8]| content.windows(text.len()).any(|part| part == text.as_bytes());
    accepted.iter().filter(|text| !waiting.iter().any(|content| holds(text, content))).collect()
}

#[tokio::test]
async fn slow_every_message_that_was_accepted_is_in_the_outbox_after_a_power_loss() {
    let rounds = setting("WHINCHAT_POWER_ROUNDS", 8) * 3;
    let seed = setting("WHINCHAT_POWER_SEED", 9);
    println!("seed {seed}");
    let mut dice = Dice::new(seed);
    let (_stage, disk, own) = device().await;
    let mut accepted = Vec::new();
    for round in 1..=rounds {
        let die_at = 5 + dice.below(if round % 3 == 0 { 1_500 } else { 200 });
        accepted.extend(accept(&disk, &round.to_string(), die_at, false));
        let taken = disk.cut_somehow(&mut dice);
        let waiting = waiting(&own);
        println!(
            "round {round}: died at {die_at}; {} accepted, {} wait; {taken:?}",
            accepted.len(),
            waiting.len()
        );
        assert!(lost(&accepted, &waiting).is_empty(), "{:?}", lost(&accepted, &waiting));
    }
    assert!(accepted.len() > 100, "{}", accepted.len());
}

#[tokio::test]
async fn slow_on_a_disk_that_lies_about_syncing_accepted_messages_are_lost() {
    let (_stage, disk, own) = device().await;
    let accepted = accept(&disk, "lie", 200, true);
    disk.cut(Left::Nothing);
    assert!(!accepted.is_empty());
    assert_eq!(lost(&accepted, &waiting(&own)).len(), accepted.len(), "the scenario has to see it");
}
