//! The device's two SQLite files for one user.
//!
//! `own.db` holds what exists nowhere else (the outbox); every commit is on the disk when it returns, and the file is never
//! thrown away. `cache.db` holds what the server has as well; it is rebuilt when it is damaged. Applying an
//! acknowledgement twice changes nothing, so the two files never need one transaction.

mod beside;
mod conversations;
mod deletions;
mod fault;
mod loaded;
mod log_rows;
mod logs;
mod messages;
mod names;
mod outbox;
mod reader;
mod schema;
mod suspect;
mod writer;

#[cfg(test)]
mod plan;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::Connection;
use rusqlite_migration::Migrations;

pub(crate) use conversations::ConversationRow;
pub(crate) use fault::Checked;
pub(crate) use logs::{Fate, Requeued, SqliteLogs};
pub(crate) use messages::{MessageRow, message};
pub(crate) use outbox::{ItemKind, ItemState, OutboxRow};
pub(crate) use reader::Readers;
use suspect::Suspect;
pub(crate) use writer::Writer;

use crate::error::{Error, ErrorCode, Result};
use crate::platform::{Runtime, files};

/// Queries of the two files, a module a subject.
pub(crate) mod query {
    pub(crate) use super::conversations::{
        bump, conversation, delivered, head, page, position, redeliver, total_unread,
    };
    pub(crate) use super::deletions::{deleted_at, locate};
    pub(crate) use super::log_rows::read_held as held;
    pub(crate) use super::messages::{
        by_client_id, in_range, is_stored, last_message, newer, older, seqs_newer, seqs_older, time_at,
        versions,
    };
    pub(crate) use super::outbox::{
        account, all, delete, delete_id, fail, insert, resend, set_account, to_cancel, to_delete,
    };
}

/// What exists nowhere else.
const OWN: &str = "own.db";

/// One database file: its writer and its readers.
#[derive(Clone)]
pub(crate) struct Database {
    pub(crate) writer: Writer,
    pub(crate) readers: Readers,
}

/// Both files of one user on this device.
#[derive(Clone)]
pub(crate) struct Store {
    pub(crate) own: Database,
    pub(crate) cache: Database,
}

/// The files that an opening found damaged, set aside under a new name.
pub(crate) struct SetAside(pub(crate) PathBuf);

impl Store {
    /// Opens or creates both files in `folder`.
    ///
    /// A damaged cache is set aside and rebuilt, and said; a damaged own file is an error, since it may hold what was never sent.
    /// With `is_cache_damaged` the cache is set aside unseen.
    pub(crate) fn open(
        runtime: &Arc<Runtime>,
        folder: &Path,
        is_cache_damaged: bool,
    ) -> Result<(Self, Option<SetAside>)> {
        files::create_dir_all(folder)?;
        let own_path = folder.join(OWN);
        let own = open_file(&own_path, "FULL", &schema::OWN_MIGRATIONS).map_err(Self::name_own)?;
        let cache_path = folder.join("cache.db");
        let suspect = Suspect::of(&cache_path);
        let is_noted = suspect.is_noted()?;
        if !cache_path.exists() {
            names::about_to_change(&own).map_err(Self::name_own)?;
        }
        let opened = if is_cache_damaged || is_noted {
            Err(ErrorCode::StoreUnreadable.into())
        } else {
            open_file(&cache_path, "NORMAL", &schema::CACHE_MIGRATIONS)
        };
        let (cache, set_aside) = match opened {
            Ok(connection) => (connection, None),
            Err(error) if error.is(ErrorCode::StoreUnreadable) => {
                names::about_to_change(&own).map_err(Self::name_own)?;
                let aside = set_aside(&cache_path)?;
                tracing::warn!(file = %aside.display(), "the cache was damaged and set aside; it is fetched again");
                (open_file(&cache_path, "NORMAL", &schema::CACHE_MIGRATIONS)?, Some(SetAside(aside)))
            }
            Err(error) => return Err(error),
        };
        if is_noted {
            suspect.forget()?;
        }
        names::keep(&own, folder).map_err(Self::name_own)?;
        let store = Self {
            own: Database::start(runtime, own, own_path, Suspect::default()),
            cache: Database::start(runtime, cache, cache_path, suspect),
        };
        Ok((store, set_aside))
    }

    /// Says which file is damaged, for the one that nobody may throw away.
    pub(crate) fn name_own(error: Error) -> Error {
        if error.is(ErrorCode::StoreUnreadable) {
            return Error::new(ErrorCode::StoreUnreadable, format!("{OWN}: {}", error.message));
        }
        error
    }

    /// Writes what waits and closes both files.
    pub(crate) async fn close(&self) {
        for database in [&self.own, &self.cache] {
            database.readers.close().await;
            database.writer.close().await;
        }
    }
}

impl Database {
    fn start(runtime: &Arc<Runtime>, connection: Connection, path: PathBuf, suspect: Suspect) -> Self {
        #[cfg(feature = "simulation")]
        if runtime.is_inline() {
            let writer = Writer::inline(connection);
            return Self { writer, readers: Readers::new(runtime.clone(), path, suspect) };
        }
        let (writer, work) = Writer::new(connection, suspect.clone());
        // It ends when the last writer is dropped or closed.
        drop(runtime.spawn_blocking(work));
        Self { writer, readers: Readers::new(runtime.clone(), path, suspect) }
    }
}

fn open_file(path: &Path, synchronous: &str, migrations: &Migrations<'_>) -> Result<Connection> {
    let mut connection = Connection::open(path).checked()?;
    // On Apple's systems a sync reaches the drive's memory only; FULL has to mean more there. Without effect elsewhere.
    let fullfsync = if synchronous == "FULL" { "ON" } else { "OFF" };
    connection
        .execute_batch(&format!(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous}; PRAGMA fullfsync={fullfsync}; \
             PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=4194304;"
        ))
        .checked()?;
    connection.set_prepared_statement_cache_capacity(64);
    migrations.to_latest(&mut connection).map_err(|error| match error {
        rusqlite_migration::Error::RusqliteError { err, .. } => fault::fault(&err),
        other => Error::new(
            ErrorCode::StoreUnreadable,
            format!("the local database was written by a newer version of the app: {other}"),
        ),
    })?;
    Ok(connection)
}

fn set_aside(path: &Path) -> Result<PathBuf> {
    let aside = files::beside(path, ".damaged");
    files::rename(path, &aside)?;
    for suffix in ["-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        let file = PathBuf::from(name);
        files::rename(&file, &files::beside(&file, ".damaged"))?;
    }
    Ok(aside)
}
