//! How a command ends when it cannot do its work: one clear sentence and an exit code.

use std::fmt;

/// Exit code of a command that did its work.
pub const EXIT_OK: u8 = 0;
/// Exit code of a command that could not do its work; stderr says why.
pub const EXIT_FAILED: u8 = 1;
/// Exit code for a command line or a configuration that cannot be understood.
pub const EXIT_USAGE: u8 = 2;

/// Why a command ended early.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    sentence: String,
    exit_code: u8,
}

impl Failure {
    /// The work could not be done.
    pub fn new(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), exit_code: EXIT_FAILED }
    }

    /// What was asked for cannot be understood.
    pub fn usage(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), exit_code: EXIT_USAGE }
    }

    /// The process's exit code.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        self.exit_code
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl std::error::Error for Failure {}

impl From<whinchat_proto::error::ProtoError> for Failure {
    fn from(error: whinchat_proto::error::ProtoError) -> Self {
        Self::new(error.to_string())
    }
}
