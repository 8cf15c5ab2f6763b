//! Opening the file: PRAGMAs, migrations, and whether it is older than what was served.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use rusqlite_migration::{M, Migrations};

use super::fault::{DbError, DbResult};
use super::nodes::{Entrance, Gate};
use super::readers::Readers;
use super::restore::{self, SideFile};
use super::writer::{Desk, Writer};
use super::{Clock, Inner, SqliteStorage, sessions};
use crate::storage::Fault;

/// Prepared statements that a connection keeps.
const STATEMENTS: usize = 96;

/// What a node is called when nobody says otherwise.
pub(crate) const MAIN_NODE: &str = "main";

/// How long SQLite waits for another process. Writers queue before they come to it, so only what cannot queue waits here:
/// a reader during the recovery of a killed process's write-ahead log.
const BUSY: std::time::Duration = std::time::Duration::from_secs(60);

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
    /// The name of this node among those that share the file: ASCII letters, digits, `-` and `_`.
    pub node: String,
    /// A group with this many members becomes large.
    pub large_group: u32,
}

impl SqliteOptions {
    /// The defaults for a file.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            commit_batch: 256,
            readers: 2,
            restored: false,
            node: MAIN_NODE.to_owned(),
            large_group: 200,
        }
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
    /// A node of this name runs on it.
    #[error("{0} is used by a running node of the same name")]
    InUse(PathBuf),
    /// Only a node that is alone may do what has to be done first: bring the file up to this version, or renew its logs.
    #[error("{0} is used by other nodes, which have to be stopped first: {1}")]
    NotAlone(PathBuf, String),
    /// It was written by an older version; a server of this version has to be started on it first.
    #[error("{0} was written by an older version of Whinchat")]
    TooOld(PathBuf),
    /// There is no such file.
    #[error("{0} does not exist")]
    Missing(PathBuf),
    /// SQLite refused.
    #[error("{0} cannot be opened: {1}")]
    Database(PathBuf, String),
    /// The file beside it cannot be used, or a thread could not be started.
    #[error("{0} cannot be opened: {1}")]
    Io(PathBuf, std::io::Error),
}

/// Each brings the file from the version before it.
const SCHEMAS: [&str; 2] = [include_str!("schema_1.sql"), include_str!("schema_2.sql")];

pub(super) fn migrations() -> Migrations<'static> {
    Migrations::new(SCHEMAS.into_iter().map(M::up).collect())
}

pub(super) fn connect(path: &Path, read_only: bool) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    let conn = Connection::open_with_flags(path, flags)?;
    conn.busy_timeout(BUSY)?;
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

fn schema_of(path: &Path, conn: &Connection) -> Result<usize, OpenError> {
    conn.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(named(path))
}

/// Version of the present schema.
fn newest_schema() -> usize {
    SCHEMAS.len()
}

impl SqliteStorage {
    /// Opens or creates the file.
    ///
    /// # Errors
    ///
    /// Says which file and why.
    pub fn open(options: &SqliteOptions) -> Result<Self, OpenError> {
        Self::open_with_clock(options, Arc::new(crate::clock::now_ms))
    }

    /// Opens a file that belongs to nodes, running or not, for a few calls of an administrator. Creates and repairs nothing.
    ///
    /// # Errors
    ///
    /// Says which file and why.
    pub fn visit(path: &Path) -> Result<Self, OpenError> {
        if !path.is_file() {
            return Err(OpenError::Missing(path.to_owned()));
        }
        let conn = connect(path, false).map_err(named(path))?;
        match schema_of(path, &conn)?.cmp(&newest_schema()) {
            std::cmp::Ordering::Less => return Err(OpenError::TooOld(path.to_owned())),
            std::cmp::Ordering::Equal => {}
            std::cmp::Ordering::Greater => return Err(OpenError::TooNew(path.to_owned())),
        }
        let gate = gate(path)?;
        let guest = SqliteOptions { readers: 1, node: String::new(), ..SqliteOptions::new(path) };
        Self::start(
            &guest,
            Arc::new(crate::clock::now_ms),
            Desk { conn, side: None, gate, batch: 1, lock: None },
        )
    }

    pub(crate) fn open_with_clock(options: &SqliteOptions, clock: Clock) -> Result<Self, OpenError> {
        let path = options.path.as_path();
        let taken = Entrance::take(folder_of(path), &options.node).map_err(io(path))?;
        let entrance = taken.ok_or_else(|| OpenError::InUse(path.to_owned()))?;
        Self::open_entered(options, clock, entrance)
    }

    /// The same with the node's name taken already.
    pub(crate) fn open_entered(
        options: &SqliteOptions,
        clock: Clock,
        entrance: Entrance,
    ) -> Result<Self, OpenError> {
        let mut desk = Self::desk(options, Some(&entrance))?;
        desk.lock = Some(entrance.enter());
        Self::start(options, clock, desk)
    }

    /// The same without threads: everything runs at once, where it is asked for.
    ///
    /// # Errors
    ///
    /// Those of [`SqliteStorage::open`].
    #[cfg(any(test, feature = "simulation"))]
    #[doc(hidden)]
    pub fn open_inline(options: &SqliteOptions, clock: Clock) -> Result<Self, OpenError> {
        let path = options.path.as_path();
        let taken = Entrance::take(folder_of(path), &options.node).map_err(io(path))?;
        let entrance = taken.ok_or_else(|| OpenError::InUse(path.to_owned()))?;
        let mut desk = Self::desk(options, Some(&entrance))?;
        desk.lock = Some(entrance.enter());
        let writer = Writer::inline(desk);
        let readers = Readers::inline(connect(path, true).map_err(named(path))?);
        Ok(Self::of(options, clock, Inner { writer, readers }, Vec::new()))
    }

    /// Brings the file up to date and gives what its writer works with.
    fn desk(options: &SqliteOptions, entrance: Option<&Entrance>) -> Result<Desk, OpenError> {
        let path = options.path.as_path();
        let gate = gate(path)?;
        let mut conn = connect(path, false).map_err(named(path))?;
        let others = entrance.map_or(Ok(Vec::new()), Entrance::others).map_err(io(path))?;
        let not_alone = || Err(OpenError::NotAlone(path.to_owned(), others.join(", ")));
        if !others.is_empty() && schema_of(path, &conn)? < newest_schema() {
            return not_alone();
        }
        let turn = gate.enter().map_err(io(path))?;
        migrate(path, &mut conn)?;
        let transaction =
            conn.transaction_with_behavior(TransactionBehavior::Immediate).map_err(named(path))?;
        let (store, committed) = restore::identity(&transaction).map_err(fault(path))?;
        let told = restore::told(path, store).map_err(io(path))?;
        if options.restored || restore::is_restored(committed, told) {
            if !others.is_empty() {
                return not_alone();
            }
            tracing::warn!(
                committed,
                served = told,
                "the database was restored from a copy: logs get new epochs"
            );
            restore::renew_epochs(&transaction).map_err(fault(path))?;
        }
        nobody_is_here(&transaction, &options.node, &others).map_err(fault(path))?;
        let batches = committed.max(told.unwrap_or(0)) + 1;
        transaction.execute("UPDATE store SET batches = ?1 WHERE id = 1", [batches]).map_err(named(path))?;
        transaction.commit().map_err(named(path))?;
        let mut side = SideFile::open(path, &options.node, store).map_err(io(path))?;
        side.note(batches).and_then(|()| side.sync(path)).map_err(io(path))?;
        drop(turn);
        Ok(Desk { conn, side: Some(side), gate, batch: options.commit_batch, lock: None })
    }

    fn start(options: &SqliteOptions, clock: Clock, desk: Desk) -> Result<Self, OpenError> {
        let path = options.path.as_path();
        let mut connections = Vec::new();
        for _ in 0..options.readers.max(1) {
            connections.push(connect(path, true).map_err(named(path))?);
        }
        let (writer, thread) = Writer::start(desk).map_err(io(path))?;
        let (readers, mut threads) = Readers::start(connections).map_err(io(path))?;
        threads.push(thread);
        Ok(Self::of(options, clock, Inner { writer, readers }, threads))
    }

    fn of(options: &SqliteOptions, clock: Clock, inner: Inner, threads: Vec<JoinHandle<()>>) -> Self {
        Self {
            inner: Mutex::new(Some(Arc::new(inner))),
            threads: Mutex::new(threads),
            clock,
            node: options.node.as_str().into(),
            folder: folder_of(&options.path).into(),
            large_from: options.large_group,
        }
    }
}

/// Takes back what an earlier run of this node, and nodes that died, left of people who were connected.
fn nobody_is_here(conn: &Connection, own: &str, others: &[String]) -> DbResult<()> {
    if others.is_empty() {
        return sessions::nobody_is_live(conn);
    }
    for node in sessions::nodes(conn)? {
        if node == own || !others.contains(&node) {
            sessions::nobody_is_on(conn, &node)?;
        }
    }
    Ok(())
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn gate(path: &Path) -> Result<Gate, OpenError> {
    Gate::open(folder_of(path)).map_err(io(path))
}

fn io(path: &Path) -> impl Fn(std::io::Error) -> OpenError + '_ {
    move |error| OpenError::Io(path.to_owned(), error)
}

fn fault(path: &Path) -> impl Fn(DbError) -> OpenError + '_ {
    move |error| OpenError::Database(path.to_owned(), Fault::from(error).to_string())
}
