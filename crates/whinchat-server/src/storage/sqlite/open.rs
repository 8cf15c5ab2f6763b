//! Opening the file: PRAGMAs, migrations, and whether it is older than what was served.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use rusqlite::{Connection, OpenFlags};
use rusqlite_migration::{M, Migrations};

use super::readers::Readers;
use super::restore::{self, SideFile};
use super::writer::Writer;
use super::{Clock, Inner, SqliteStorage, sessions};
use crate::storage::Fault;

/// Prepared statements that a connection keeps.
const STATEMENTS: usize = 96;

/// How to open the file.
#[derive(Clone, Debug)]
pub struct SqliteOptions {
    /// The file; its folder has to exist.
    pub path: PathBuf,
    /// Most operations that share one transaction.
    pub commit_batch: usize,
    /// Connections that read.
    pub readers: usize,
    /// The operator says that a copy was put back.
    pub restored: bool,
}

impl SqliteOptions {
    /// The defaults for a file.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), commit_batch: 256, readers: 2, restored: false }
    }
}

/// Why the file could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It holds something else.
    #[error("{0} is not a Whinchat database")]
    NotADatabase(PathBuf),
    /// It was written by a newer version.
    #[error("{0} was written by a newer version of Whinchat")]
    TooNew(PathBuf),
    /// SQLite refused.
    #[error("{0} cannot be opened: {1}")]
    Database(PathBuf, String),
    /// The file beside it cannot be used, or a thread could not be started.
    #[error("{0} cannot be opened: {1}")]
    Io(PathBuf, std::io::Error),
}

pub(super) fn migrations() -> Migrations<'static> {
    Migrations::new(vec![M::up(include_str!("schema_1.sql")), M::up(include_str!("schema_2.sql"))])
}

pub(super) fn connect(path: &Path, read_only: bool) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    let conn = Connection::open_with_flags(path, flags)?;
    conn.busy_timeout(std::time::Duration::from_secs(5))?;
    conn.pragma_update(None, "journal_mode", "WAL")?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    conn.pragma_update(None, "foreign_keys", false)?;
    conn.pragma_update(None, "cache_size", -8_192)?;
    conn.pragma_update(None, "query_only", read_only)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(conn)
}

fn named(path: &Path) -> impl Fn(rusqlite::Error) -> OpenError + '_ {
    move |error| match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase) => OpenError::NotADatabase(path.to_owned()),
        _ => OpenError::Database(path.to_owned(), error.to_string()),
    }
}

pub(super) fn migrate(path: &Path, conn: &mut Connection) -> Result<(), OpenError> {
    use rusqlite_migration::{Error, MigrationDefinitionError};
    migrations().to_latest(conn).map_err(|error| match error {
        Error::MigrationDefinition(MigrationDefinitionError::DatabaseTooFarAhead) => {
            OpenError::TooNew(path.to_owned())
        }
        Error::RusqliteError { err, .. } => named(path)(err),
        other => OpenError::Database(path.to_owned(), other.to_string()),
    })
}

impl SqliteStorage {
    /// Opens or creates the file.
    ///
    /// # Errors
    ///
    /// Says which file and why.
    pub fn open(options: &SqliteOptions) -> Result<Self, OpenError> {
        Self::open_with_clock(options, Arc::new(crate::clock::now_ms), None)
    }

    /// The same; `lock` is let go when the last write is home.
    pub(crate) fn open_locked(options: &SqliteOptions, lock: File) -> Result<Self, OpenError> {
        Self::open_with_clock(options, Arc::new(crate::clock::now_ms), Some(lock))
    }

    pub(crate) fn open_with_clock(
        options: &SqliteOptions,
        clock: Clock,
        lock: Option<File>,
    ) -> Result<Self, OpenError> {
        Self::open_on(options, clock, lock, false)
    }

    /// The same without threads: everything runs at once, where it is asked for.
    ///
    /// # Errors
    ///
    /// Those of [`SqliteStorage::open`].
    #[cfg(any(test, feature = "simulation"))]
    #[doc(hidden)]
    pub fn open_inline(options: &SqliteOptions, clock: Clock) -> Result<Self, OpenError> {
        Self::open_on(options, clock, None, true)
    }

    fn open_on(
        options: &SqliteOptions,
        clock: Clock,
        lock: Option<File>,
        inline: bool,
    ) -> Result<Self, OpenError> {
        let path = options.path.as_path();
        let io = |error| OpenError::Io(path.to_owned(), error);
        let fault = |fault: super::fault::DbError| {
            OpenError::Database(path.to_owned(), Fault::from(fault).to_string())
        };
        let mut conn = connect(path, false).map_err(named(path))?;
        migrate(path, &mut conn)?;
        let (store, committed) = restore::identity(&conn).map_err(fault)?;
        let (mut side, told) = SideFile::open(path, store).map_err(io)?;
        let restored = options.restored || restore::is_restored(committed, told);
        let batches = committed.max(told.unwrap_or(0)) + 1;
        let transaction = conn.transaction().map_err(named(path))?;
        if restored {
            tracing::warn!(
                committed,
                served = told,
                "the database was restored from a copy: logs get new epochs"
            );
            restore::renew_epochs(&transaction).map_err(fault)?;
        }
        sessions::nobody_is_live(&transaction).map_err(fault)?;
        transaction.execute("UPDATE store SET batches = ?1 WHERE id = 1", [batches]).map_err(named(path))?;
        transaction.commit().map_err(named(path))?;
        side.note(batches).and_then(|()| side.sync(path)).map_err(io)?;
        #[cfg(any(test, feature = "simulation"))]
        if inline {
            let writer = Writer::inline(conn, side, batches);
            let readers = Readers::inline(connect(path, true).map_err(named(path))?);
            let inner = Mutex::new(Some(Arc::new(Inner { writer, readers })));
            return Ok(Self { inner, threads: Mutex::default(), clock });
        }
        debug_assert!(!inline, "only simulations do without threads");
        let mut connections = Vec::new();
        for _ in 0..options.readers.max(1) {
            connections.push(connect(path, true).map_err(named(path))?);
        }
        let (writer, thread) = Writer::start(conn, side, batches, options.commit_batch, lock).map_err(io)?;
        let (readers, mut threads) = Readers::start(connections).map_err(io)?;
        threads.push(thread);
        Ok(Self {
            inner: Mutex::new(Some(Arc::new(Inner { writer, readers }))),
            threads: Mutex::new(threads),
            clock,
        })
    }
}
