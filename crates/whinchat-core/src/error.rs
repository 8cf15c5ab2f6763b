//! The crate's one error: code, name, class, message.

pub use whinchat_proto::error::{ErrorClass, ErrorCode, ProtoError as Error};

/// What every fallible call of this crate gives.
pub type Result<T, E = Error> = std::result::Result<T, E>;
