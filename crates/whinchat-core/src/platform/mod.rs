//! What the machine gives: tasks, time, randomness, files, sockets.
//!
//! The only place in the crate that names the runtime, the clock, the random source, the file system and TCP, so that a
//! WebAssembly build replaces this folder and nothing else.

pub(crate) mod clock;
pub(crate) mod files;
pub(crate) mod net;
pub(crate) mod random;
pub(crate) mod runtime;

pub(crate) use clock::{Clock, Instant, SystemClock, sleep, sleep_until, timeout};
pub(crate) use files::FolderLock;
pub(crate) use random::{jitter, random_bytes, random_u64};
pub use runtime::{Runtime, TaskHandle};
