//! What SQLite's errors mean to the app.

use rusqlite::ffi::ErrorCode as Sqlite;

use crate::error::{Error, ErrorCode};

/// The one place where a database error becomes one of ours. No SQL and no values get into the text.
pub(crate) fn fault(error: &rusqlite::Error) -> Error {
    match error.sqlite_error_code() {
        Some(Sqlite::DiskFull) => {
            Error::new(ErrorCode::FileSystem, "the disk is full; free some space and try again")
        }
        Some(Sqlite::SystemIoFailure | Sqlite::ReadOnly | Sqlite::CannotOpen | Sqlite::PermissionDenied) => {
            Error::new(ErrorCode::FileSystem, format!("the database file cannot be used: {error}"))
        }
        Some(Sqlite::NotADatabase | Sqlite::DatabaseCorrupt) => {
            Error::new(ErrorCode::StoreUnreadable, format!("the local database is damaged: {error}"))
        }
        _ => Error::new(ErrorCode::StoreFailed, format!("a local database operation failed: {error}")),
    }
}

/// Turns a database result into one of ours.
pub(crate) trait Checked<T> {
    /// Maps the error through [`fault`].
    fn checked(self) -> Result<T, Error>;
}

impl<T> Checked<T> for Result<T, rusqlite::Error> {
    fn checked(self) -> Result<T, Error> {
        self.map_err(|error| fault(&error))
    }
}
