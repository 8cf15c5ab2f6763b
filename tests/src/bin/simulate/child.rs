//! One seed in a process of its own.

use std::fs;
use std::path::Path;
use std::sync::Mutex;

use whinchat_tests::simulation::{Played, clock, play};

use crate::machine;

/// A schedule that takes longer than this hangs.
const LIMIT_S: u32 = 60;

static PANICS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Plays a seed and leaves `report`, and when something was wrong `failure` as well, in its folder.
pub(crate) fn play_alone(folder: &Path, seed: u64) -> ! {
    machine::end_within(LIMIT_S);
    machine::databases_in_memory();
    std::panic::set_hook(Box::new(|panic| {
        PANICS.lock().unwrap().push(panic.to_string());
    }));
    let inner = folder.to_owned();
    // The keys of hash maps belong to a thread: this one's are drawn from the seed.
    clock::seed_random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let played = std::thread::spawn(move || play(&inner, seed)).join();
    clock::set_wall_ms(0);
    clock::seed_random(0);
    let panics = PANICS.lock().unwrap().join("\n");
    let Played { outcome, trace } = match played {
        Ok(played) => played,
        Err(_) => Played { outcome: Err("the world broke".into()), trace: Vec::new() },
    };
    let failure = match (&outcome, panics.is_empty()) {
        (Ok(_), true) => None,
        (Ok(_), false) => Some(format!("a panic: {panics}")),
        (Err(error), _) => Some(format!("{error}\n{panics}")),
    };
    let numbers = outcome
        .as_ref()
        .map(|report| format!("{} {} {}", report.sent, report.acknowledged, report.delivered));
    fs::write(folder.join("report"), numbers.unwrap_or_default()).unwrap();
    fs::write(folder.join("trace"), format!("{}\n{}", trace.join("\n"), books(folder))).unwrap();
    if let Some(failure) = failure {
        fs::write(folder.join("failure"), failure).unwrap();
        machine::end(1);
    }
    machine::end(0)
}

/// The ledgers of all devices, one behind the other.
fn books(folder: &Path) -> String {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut books: Vec<_> =
        entries.filter(|path| path.extension().is_some_and(|end| end == "ledger")).collect();
    books.sort();
    let read = |path: &std::path::PathBuf| {
        let text = fs::read_to_string(path).unwrap_or_default();
        format!("\n{}:\n{text}", path.file_stem().unwrap_or_default().display())
    };
    books.iter().map(read).collect()
}
