//! The stage for scenarios: a server, devices behind a misbehaving network, and a chaos of killed processes.
// This crate is for tests alone: a surprise ends the test, and chaos talks to the terminal.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::print_stdout, clippy::print_stderr)]

pub mod account;
pub mod chaos;
pub mod contract;
pub mod device;
pub mod dice;
pub mod fuzz;
pub mod lossy_bus;
pub mod nodes;
mod noted;
pub mod phone;
#[cfg(target_os = "linux")]
pub mod power_loss;
pub mod rude;
pub mod server;
pub mod simulation;
pub mod small_disk;
pub mod soak;
pub mod stage;
pub mod wait;
#[cfg(target_os = "linux")]
pub mod weather;
