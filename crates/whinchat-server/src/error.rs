//! Why the server could not start or stop: each with what to do about it.

use std::net::SocketAddr;
use std::path::PathBuf;

/// The crate's one error.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// A field of the configuration is wrong.
    #[error("the configuration is wrong: {field} {problem}")]
    Config {
        /// Which field.
        field: String,
        /// What is wrong with it.
        problem: String,
    },
    /// Somebody listens there already.
    #[error("{0} is taken: stop the program that listens there, or choose another address with --listen")]
    AddressTaken(SocketAddr),
    /// Listening failed for another reason.
    #[error("cannot listen at {0}: {1}; choose an address of this machine with --listen")]
    Listen(SocketAddr, std::io::Error),
    /// Another node of this name runs on the folder.
    #[error(
        "{0} is used by another running server of this name: stop it, choose another folder with --data, or run beside it under another name with --node"
    )]
    DataInUse(PathBuf),
    /// What has to be done first only a node that is alone may do.
    #[error(
        "{0} has to be brought up to this version or was put back from a copy, and these nodes still run on it: {1}; stop them first"
    )]
    NotAlone(PathBuf, String),
    /// There is no database.
    #[error("{0} does not exist: name the data folder of a server with --data")]
    NoDatabase(PathBuf),
    /// The database is from the past.
    #[error("{0} was written by an older version of Whinchat: start a server of this version on it first")]
    DatabaseTooOld(PathBuf),
    /// The folder cannot be written.
    #[error(
        "{0} cannot be written: {1}; give this user the right to write there, or choose another folder with --data"
    )]
    DataUnwritable(PathBuf, std::io::Error),
    /// The database file holds something else.
    #[error(
        "{0} is not a Whinchat database: move the file away, put a good copy back, or choose another folder with --data"
    )]
    NotADatabase(PathBuf),
    /// The database is from the future.
    #[error("{0} was written by a newer version of Whinchat: start that version, or a newer one")]
    DatabaseTooNew(PathBuf),
    /// The database cannot be opened.
    #[error("{0} cannot be opened: {1}; look whether the disk is full or damaged")]
    Database(PathBuf, String),
    /// The certificate or its key cannot be used.
    #[error("{0} cannot be used for TLS: {1}; give a PEM certificate chain and its PEM private key")]
    Certificate(PathBuf, String),
}

impl ServerError {
    pub(crate) fn config(field: &str, problem: impl Into<String>) -> Self {
        Self::Config { field: field.to_owned(), problem: problem.into() }
    }
}

impl From<crate::storage::sqlite::OpenError> for ServerError {
    fn from(error: crate::storage::sqlite::OpenError) -> Self {
        use crate::storage::sqlite::OpenError;
        match error {
            OpenError::NotADatabase(path) => Self::NotADatabase(path),
            OpenError::InUse(path) => Self::DataInUse(path),
            OpenError::NotAlone(path, nodes) => Self::NotAlone(path, nodes),
            OpenError::Missing(path) => Self::NoDatabase(path),
            OpenError::TooOld(path) => Self::DatabaseTooOld(path),
            OpenError::TooNew(path) => Self::DatabaseTooNew(path),
            OpenError::Database(path, why) => Self::Database(path, why),
            OpenError::Io(path, error) => Self::DataUnwritable(path, error),
        }
    }
}
