//! What a shared library asks of the system that loads it, read from the file and held against rules.
//!
//! A phone finds out at run time, on some devices only: a segment that 16 KB pages cannot map, a library that is not there, a
//! symbol that another library of the app's process has as well.

mod check;
mod file;

pub(crate) use check::{Machine, Rules, System};
pub(crate) use file::Elf;
