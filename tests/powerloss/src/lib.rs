//! A disk that can lose power or be full, and a clock that can be wrong.
//!
//! Preloaded (`LD_PRELOAD`) under a process, this library stands between it and the system calls that change files. For files
//! in the folder of [`FOLDER`] it lets everything through, and first writes down in a journal what stood there before. The
//! journal lies in `<folder>.power`, where a SIGKILL does not reach it; the tests then take back what was never synced.
//!
//! A sync is written down and not carried out, so that a hundred power losses do not take a hundred times the disk's time; it
//! lasts up to [`SYNC_US`] microseconds instead. What was written while a sync was under way is not covered by it.
//!
//! A process that would do what cannot be followed (a shared writable mapping, a rename out of the folder) is aborted with a
//! sentence about it. Links, C's own streams and system calls made without the C library go past it.
//!
//! Apart from that, the file of [`WEATHER`] says how far the process's wall clock is ahead and whether files in the folder of
//! [`WEATHER_FOLDER`] can grow: the machine's own clock and disk stay as they are, and no rights are needed.
// The only place that needs it: every function here is called by C and calls the system.
#![allow(unsafe_code)]

pub mod record;

/// Variable that names the folder; it has to exist, and its path to be canonical.
pub const FOLDER: &str = "WHINCHAT_POWERLOSS_FOLDER";
/// Variable with the number of the change or sync before which the process dies of SIGKILL.
pub const DIE_AT: &str = "WHINCHAT_POWERLOSS_DIE_AT";
/// Variable with the longest time a sync takes, in microseconds.
pub const SYNC_US: &str = "WHINCHAT_POWERLOSS_SYNC_US";
/// Variable that is `1` for a disk that says that it synced and has not: for seeing that a test would notice.
pub const LIES: &str = "WHINCHAT_POWERLOSS_LIES";
/// Variable that names a file of 16 bytes in the machine's order: by how many nanoseconds the wall clock is ahead, and a
/// number that is not 0 while the disk is full. The monotonic clock is never touched.
pub const WEATHER: &str = "WHINCHAT_WEATHER";
/// Variable that names the folder, by its canonical path, whose files cannot grow while the disk is full.
pub const WEATHER_FOLDER: &str = "WHINCHAT_WEATHER_FOLDER";

#[cfg(target_os = "linux")]
mod data;
#[cfg(target_os = "linux")]
mod journal;
#[cfg(target_os = "linux")]
mod names;
#[cfg(target_os = "linux")]
mod raw;
#[cfg(target_os = "linux")]
mod weather;
