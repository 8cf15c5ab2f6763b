//! Writes files for the tests of power loss: `power_writer do "write a hello" "sync a"`, or `power_writer rows <db> OFF 20`.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::FileExt as _;

use rusqlite::Connection;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["do", deeds @ ..] => deeds.iter().for_each(|deed| act(deed)),
        ["clock"] => println!("{} {}", wall_ms(), monotonic_ms()),
        ["rows", database, synchronous, count] => rows(database, synchronous, count.parse().unwrap()),
        _ => panic!("what?"),
    }
}

fn wall_ms() -> u128 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis()
}

/// Since the machine started: what `Instant` is made of.
fn monotonic_ms() -> u128 {
    let text = format!("{:?}", std::time::Instant::now());
    let seconds = text.split(|c: char| !c.is_ascii_digit()).find(|word| !word.is_empty()).unwrap();
    seconds.parse::<u128>().unwrap() * 1_000
}

/// One deed, in the current folder.
fn act(deed: &str) {
    match deed.split(' ').collect::<Vec<_>>().as_slice() {
        ["write", path, text] => fs::write(path, text).unwrap(),
        ["put", path, at, text] => {
            let file = OpenOptions::new().write(true).open(path).unwrap();
            file.write_all_at(text.as_bytes(), at.parse().unwrap()).unwrap();
        }
        ["append", path, text] => {
            use std::io::{IoSlice, Write as _};
            let mut file = OpenOptions::new().append(true).open(path).unwrap();
            assert_eq!(file.write_vectored(&[IoSlice::new(text.as_bytes())]).unwrap(), text.len());
        }
        ["fill", path, byte, count] => {
            fs::write(path, byte.repeat(count.parse().unwrap())).unwrap();
        }
        ["cut", path, len] => {
            OpenOptions::new().write(true).open(path).unwrap().set_len(len.parse().unwrap()).unwrap();
        }
        ["copy", from, to] => drop(fs::copy(from, to).unwrap()),
        ["full", path, text] => {
            let mut file = OpenOptions::new().append(true).open(path).unwrap();
            let error = std::io::Write::write_all(&mut file, text.as_bytes()).unwrap_err();
            assert_eq!(error.kind(), std::io::ErrorKind::StorageFull);
            assert!(file.set_len(1 << 20).is_err());
        }
        ["sync", path] => File::open(path).unwrap().sync_all().unwrap(),
        ["move", from, to] => fs::rename(from, to).unwrap(),
        ["remove", path] => fs::remove_file(path).unwrap(),
        ["folder", path] => fs::create_dir(path).unwrap(),
        ["move-in-vain", from, to] => assert!(fs::rename(from, to).is_err()),
        _ => panic!("what is {deed:?}?"),
    }
}

/// Commits rows 1, 2, 3 and so on, and says each once it is committed.
fn rows(database: &str, synchronous: &str, count: i64) {
    let db = Connection::open(database).unwrap();
    db.execute_batch(&format!("PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous}")).unwrap();
    // Small, so that checkpoints come along.
    db.execute_batch("PRAGMA wal_autocheckpoint=20").unwrap();
    db.execute_batch("CREATE TABLE IF NOT EXISTS line(n INTEGER PRIMARY KEY, text TEXT)").unwrap();
    let first: i64 = db.query_row("SELECT coalesce(max(n), 0) + 1 FROM line", [], |row| row.get(0)).unwrap();
    for n in first..first + count {
        db.execute("INSERT INTO line VALUES (?1, ?2)", (n, format!("{n} ").repeat(300))).unwrap();
        println!("{n}");
    }
}
