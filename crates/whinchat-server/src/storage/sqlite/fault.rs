//! What can go wrong inside the SQLite backend, and what the caller is told of it.

use crate::storage::{Denied, Fault};

/// Result of work on the database.
pub(super) type DbResult<T> = Result<T, DbError>;

/// Why work on the database was not done.
#[derive(Debug)]
pub(super) enum DbError {
    /// SQLite refused.
    Sqlite(rusqlite::Error),
    /// The rules refused; the operation is rolled back.
    Denied(Denied),
    /// The file holds something that was never written by this program.
    Damaged(&'static str),
}

impl DbError {
    pub(super) fn damaged(what: &'static str) -> Self {
        Self::Damaged(what)
    }
}

impl From<rusqlite::Error> for DbError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<Denied> for DbError {
    fn from(denied: Denied) -> Self {
        Self::Denied(denied)
    }
}

impl From<whinchat_proto::error::ErrorCode> for DbError {
    fn from(code: whinchat_proto::error::ErrorCode) -> Self {
        Self::Denied(code.into())
    }
}

/// Names a failure of SQLite without the statement, which could hold data of users.
pub(super) fn fault(error: &rusqlite::Error) -> Fault {
    match error {
        rusqlite::Error::SqliteFailure(failure, _) if failure.code == rusqlite::ErrorCode::DiskFull => {
            Fault::Full
        }
        rusqlite::Error::SqliteFailure(failure, message) => {
            Fault::Database(format!("{failure}: {}", message.as_deref().unwrap_or("no further word")))
        }
        other => Fault::Database(other.to_string()),
    }
}

impl From<DbError> for Denied {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Sqlite(error) => Self::Fault(fault(&error)),
            DbError::Denied(denied) => denied,
            DbError::Damaged(what) => Self::Fault(Fault::Database(format!("{what} is damaged"))),
        }
    }
}

impl From<DbError> for Fault {
    fn from(error: DbError) -> Self {
        match Denied::from(error) {
            Denied::Fault(fault) => fault,
            // Reads and sessions are never refused by rules.
            Denied::Refused(error) => Self::Database(error.to_string()),
            Denied::Stale => Self::Database("stale".to_owned()),
        }
    }
}
