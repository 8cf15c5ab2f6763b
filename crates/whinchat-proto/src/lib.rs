//! The wire contract of Whinchat, shared by client and server.
//!
//! Everything that both sides must agree on lives here and only here: the generated protobuf types ([`wire`]), the
//! frame codec ([`codec`]), encoding by hand for pages ([`raw`]), the table of limits ([`limits`]), the table of error codes
//! ([`error`]), the ids ([`id`]) and the login signature ([`user_sig`]). The crate does no I/O.

pub mod codec;
pub mod error;
pub mod id;
pub mod limits;
pub mod raw;
pub mod user_sig;

/// Types generated from `proto/whinchat/v1/*.proto`; the comments stand there.
#[allow(missing_docs, clippy::all, clippy::pedantic, unreachable_pub)]
pub mod wire {
    include!(concat!(env!("OUT_DIR"), "/whinchat.v1.rs"));
}

/// Version of the wire contract that this crate speaks (`Hello.protocol_version`).
pub const PROTOCOL_VERSION: u32 = 1;
