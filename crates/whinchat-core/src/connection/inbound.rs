//! What the connection tells its owner.

use std::time::Duration;

use whinchat_proto::wire;

use super::session::Session;
use crate::error::Error;

/// One thing that happened, delivered in order through one bounded channel. When that is full the socket is not read: a
/// slow owner slows the server, and nothing is dropped.
#[expect(clippy::large_enum_variant, reason = "pushes are the bulk; a box would cost each an allocation")]
pub(crate) enum Inbound {
    /// An attempt to connect begins.
    Connecting,
    /// The session stands. What is submitted through the handle goes to this connection or nowhere.
    Up(Box<wire::Welcome>, Session),
    /// Something happened at the server.
    Push(wire::Push),
    /// The server's head of the user's change log, with what was missing pushed before, and where large groups stand.
    Pong(wire::Pong),
    /// The answer to [`Session::submit`], or why it could not be written. It may arrive before `submit` has returned.
    Answer {
        /// As given to `submit`.
        tag: u64,
        /// The server's answer or refusal.
        result: Result<Box<wire::Response>, Error>,
    },
    /// There is no connection any more, or the attempt failed. Every tag without an answer is in doubt.
    Down {
        /// Why.
        error: Error,
        /// When the next attempt comes; `None` when there will be none. Nothing follows then.
        retry_in: Option<Duration>,
    },
}
