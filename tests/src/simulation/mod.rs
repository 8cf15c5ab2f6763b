//! Whole worlds in one thread: real clients and real nodes, whose sockets, clocks, disks and dice are replaced.
//!
//! Everything between the app's call and the SQL is what ships: the client with its outbox, session and sync engine, the
//! WebSocket, the gateway with its lanes and chains, the services and the storage. What is not: sockets are pipes in memory
//! ([`pipe`]), files are databases in memory, each device and each node is a runtime of its own whose clock stands still
//! unless it is told to go on ([`actor`]), and the bus between nodes loses, delays and reorders ([`bus`]). One schedule
//! plays in milliseconds, and the same seed plays it again, step by step: the program that hosts it takes the machine's
//! clock and its random source away as well (`src/bin/simulate`).

pub mod actor;
pub mod bus;
pub mod clock;
mod device;
mod hand;
mod network;
mod node;
mod notes;
pub mod pipe;
mod schedule;
mod verdict;
mod world;

pub use schedule::{Played, play};
