//! The Whinchat server as a library: gateway, rules, storage and bus.
//!
//! [`Server::start`] runs it on the caller's tokio runtime; the `whinchat` command and the tests are its callers.

mod admin;
pub mod bus;
mod clock;
mod config;
mod error;
mod folder;
mod gateway;
mod server;
mod service;
#[cfg(feature = "simulation")]
#[doc(hidden)]
pub mod simulation;
pub mod storage;

pub use admin::{Admin, AdminError};
pub use config::{AppKey, Factor, ServerConfig, TlsConfig};
pub use error::ServerError;
pub use server::{RunningServer, Server};
