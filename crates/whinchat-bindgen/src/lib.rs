//! Writes the Kotlin and Swift code that calls whinchat-ffi, from the built library; and the number by which both sides see
//! that they belong together.

mod contract;
mod generate;

pub use contract::contract;
pub use generate::{Language, generate};
