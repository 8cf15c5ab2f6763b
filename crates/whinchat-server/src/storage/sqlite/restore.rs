//! Noticing that the database is older than what was served from it: somebody has put a copy back.
//!
//! The database counts its committed batches. Beside it each node has a small file with the store's id and the count after
//! its own last commit. It is written after every commit without being synced, so it survives a killed process, and after a
//! power loss it can only be behind the database, never ahead. Only at the start it is synced, with its name: without that a
//! power loss could take the file away, or leave it empty, and the database would look restored. A database that is behind
//! any of the files, or has none, was restored: every log gets a new epoch, and clients fetch again what they can no longer
//! be sure of. A copy of the whole folder takes the files along and cannot be told from the original; the operator starts
//! it with `restored = true`.

use std::fs::{File, OpenOptions};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::fault::DbResult;
use super::work::random_epoch;

/// The file beside the database.
pub(super) struct SideFile {
    file: File,
    store: [u8; 16],
}

/// What the names of these files end in; before it the node's name, or in files of older versions nothing.
const EXTENSION: &str = "served";

fn path_of(database: &Path, node: &str) -> PathBuf {
    database.with_extension(format!("{node}.{EXTENSION}"))
}

fn line(store: [u8; 16], batches: u64) -> String {
    format!("{:032x} {batches:020}\n", u128::from_be_bytes(store))
}

impl SideFile {
    /// Opens the file of a node.
    pub(super) fn open(database: &Path, node: &str, store: [u8; 16]) -> std::io::Result<Self> {
        let path = path_of(database, node);
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        Ok(Self { file, store })
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

/// The most that any of the files says of this store; nothing when none speaks of it.
pub(super) fn told(database: &Path, store: [u8; 16]) -> std::io::Result<Option<u64>> {
    let (Some(folder), Some(stem)) = (database.parent(), database.file_stem().and_then(|stem| stem.to_str()))
    else {
        return Ok(None);
    };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let mut told = None;
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let is_one = name.strip_prefix(stem).is_some_and(|rest| rest.starts_with('.'))
            && path.extension().is_some_and(|extension| extension == EXTENSION);
        if is_one {
            // What cannot be read says nothing.
            let says = std::fs::read_to_string(&path).ok().and_then(|text| parse(&text, store));
            told = told.max(says);
        }
    }
    Ok(told)
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
