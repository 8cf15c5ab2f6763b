//! Bad input, without end: valid encodings are changed a little and handed to whoever reads them.
//!
//! Nothing may panic, hang or grow without bound, and whoever asked gets an answer with a code. [`targets`] says who reads
//! what; [`mutate`] how inputs are changed; [`corpus`] what they were before. One seed gives the same inputs again.

mod bridge;
mod client;
pub mod corpus;
mod inbox;
pub mod mutate;
mod server;
pub mod targets;

pub use targets::{TARGETS, Target};
