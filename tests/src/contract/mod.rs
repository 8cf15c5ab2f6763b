//! The contract of the JavaScript API: its list of methods, and vectors that show each of them at work.
//!
//! A vector is a small play in JSON (`uniapp-plugin/contract/README.md`), so that every host can put it on: over real
//! bridges, or in processes with the shell of a platform.

pub mod list;
mod matching;
mod phone;
mod play;
mod process;
mod values;
pub mod vector;

use std::path::PathBuf;

pub use matching::matches;
pub use phone::Phone;
pub use play::play;
pub use process::Program;
pub use values::Values;

/// A file or folder of the contract.
#[must_use]
pub fn path(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../uniapp-plugin")).join(name)
}
