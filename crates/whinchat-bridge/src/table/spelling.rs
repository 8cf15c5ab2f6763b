//! Other spellings, accepted because printed somewhere; each is warned of once a process.

use std::collections::HashSet;
use std::sync::{LazyLock, Mutex, PoisonError};

/// Logs that a spelling is not the canonical one.
pub(crate) fn warn_once(spelling: &str, canonical: &str) {
    static SEEN: LazyLock<Mutex<HashSet<String>>> = LazyLock::new(Mutex::default);
    // Only spellings of the table come here, so this does not grow.
    if SEEN.lock().unwrap_or_else(PoisonError::into_inner).insert(spelling.to_owned()) {
        tracing::warn!(spelling, canonical, "this spelling is accepted; the name is the other one");
    }
}
