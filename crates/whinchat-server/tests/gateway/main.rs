//! The gateway over real sockets, spoken to by a small client of the wire contract that can also misbehave.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod bad_input;
mod bus;
mod deletions;
mod device;
mod groups;
mod lifecycle;
mod limits;
mod login;
mod messages;
mod sessions;
