//! Noticing that the database is older than what was served from it: somebody has put a copy back.
//!
//! A small file beside the database holds the store's id and the number of committed batches. It is written after every
//! commit without being synced, so it survives a killed process, and after a power loss it can only be behind the
//! database, never ahead. Only at the start it is synced, with its name: without that a power loss could take the file
//! away, or leave it empty, and the database would look restored. A database that is behind the file, or has no file, was restored: every log gets a new epoch,
//! and clients fetch again what they can no longer be sure of. A copy of the whole folder takes the file along and
//! cannot be told from the original; the operator starts it with `restored = true`.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::fault::DbResult;
use super::work::random_epoch;

/// The file beside the database.
pub(super) struct SideFile {
    file: File,
    store: [u8; 16],
}

fn path_of(database: &Path) -> PathBuf {
    database.with_extension("served")
}

fn line(store: [u8; 16], batches: u64) -> String {
    format!("{:032x} {batches:020}\n", u128::from_be_bytes(store))
}

impl SideFile {
    /// Opens it and tells what it says; nothing when it is missing or unreadable.
    pub(super) fn open(database: &Path, store: [u8; 16]) -> std::io::Result<(Self, Option<u64>)> {
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path_of(database))?;
        let mut text = String::new();
        let told = match file.read_to_string(&mut text) {
            Ok(_) => parse(&text, store),
            Err(_) => None,
        };
        Ok((Self { file, store }, told))
    }

    /// Notes that this many batches are committed.
    pub(super) fn note(&mut self, batches: u64) -> std::io::Result<()> {
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(line(self.store, batches).as_bytes())
    }

    /// Puts the file and its name on the disk.
    pub(super) fn sync(&self, database: &Path) -> std::io::Result<()> {
        self.file.sync_all()?;
        database.parent().map_or(Ok(()), crate::folder::sync)
    }
}

fn parse(text: &str, store: [u8; 16]) -> Option<u64> {
    let (id, batches) = text.trim_end().split_once(' ')?;
    if u128::from_str_radix(id, 16).ok()? != u128::from_be_bytes(store) {
        return None;
    }
    batches.parse().ok()
}

/// The store's id and how many batches it has committed.
pub(super) fn identity(conn: &Connection) -> DbResult<([u8; 16], u64)> {
    Ok(conn.query_row("SELECT store_id, batches FROM store WHERE id = 1", [], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?)
}

/// Whether the database is older than what was served.
pub(super) fn is_restored(committed: u64, told: Option<u64>) -> bool {
    match told {
        Some(served) => committed < served,
        None => committed > 0,
    }
}

/// Gives every log a new epoch. What lies at or below the present head is the same in the old one.
pub(super) fn renew_epochs(conn: &Connection) -> DbResult<()> {
    conn.create_scalar_function("new_epoch", 0, rusqlite::functions::FunctionFlags::SQLITE_UTF8, |_| {
        Ok(i64::try_from(random_epoch()).unwrap_or(1))
    })?;
    conn.execute_batch(
        "UPDATE conversation SET previous_epoch = epoch, epoch = new_epoch(), epoch_base = head_seq;
         UPDATE user SET epoch = new_epoch();",
    )?;
    Ok(())
}
