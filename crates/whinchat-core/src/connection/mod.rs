//! The way to the server: transport, session, back-off, requests and their answers.
//!
//! One task a login ([`task`]) keeps a session alive: it connects ([`transport`]), greets ([`hello`]), serves the
//! connection ([`serve`]) until it ends, waits ([`backoff`]) and begins again. What arrives goes to the owner in order
//! ([`inbound`]); what the owner wants goes through [`Link`] and, for mutations, through the [`Session`] of one connection.

mod address;
mod backoff;
mod beats;
mod heartbeat;
mod hello;
mod in_flight;
mod inbound;
mod link;
mod pulse;
mod serve;
mod server_clock;
mod session;
mod task;
mod tls;
mod transport;

#[cfg(test)]
mod tests;

pub(crate) use address::Address;
pub use backoff::Backoff;
pub(crate) use backoff::{BACKGROUND_CAP, STABLE_AFTER};
pub use beats::{HeartbeatStream, Heartbeats};
pub(crate) use hello::HelloSource;
pub(crate) use inbound::Inbound;
pub(crate) use link::{Link, LinkConfig};
pub(crate) use pulse::Pulse;
pub(crate) use session::Session;
pub(crate) use tls::Tls;
