//! The Whinchat client.
//!
//! A [`Client`] logs one user in on one device and keeps what he has in two SQLite files, so that reading, sending and
//! marking read work without a network. See [`Client::builder`] for where to start.

mod connection;
mod error;
mod platform;
mod sync;

pub use error::{Error, ErrorClass, ErrorCode, Result};
pub use whinchat_proto::id::{ConversationId, DeviceId, GroupId, UserId};
