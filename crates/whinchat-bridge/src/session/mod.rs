//! What a device keeps in memory for the user who is logged in; gone with the logout.

mod drafts;
mod keys;
mod pages;
mod rates;

use std::collections::HashSet;

pub(crate) use drafts::{Draft, Drafts, element_key, message_key, unknown};
pub(crate) use keys::Keys;
pub(crate) use pages::Pages;
pub(crate) use rates::Rates;

/// Deleted messages that are remembered; beyond, the app may be told of its own deletion.
const DELETED: usize = 10_000;

/// What is kept for the user who is logged in.
#[derive(Debug, Default)]
pub(crate) struct Session {
    /// Messages that were created and not sent.
    pub(crate) drafts: Drafts,
    /// Handles of those that were sent.
    pub(crate) keys: Keys,
    /// Where pages of the conversation list go on.
    pub(crate) pages: Pages,
    /// How often methods were called.
    pub(crate) rates: Rates,
    deleted: HashSet<String>,
}

impl Session {
    /// The app deletes this message itself, and need not be told.
    pub(crate) fn deleted_here(&mut self, id: &str) {
        if self.deleted.len() < DELETED {
            self.deleted.insert(id.to_owned());
        }
    }

    /// Whether the app has deleted this message itself.
    pub(crate) fn is_deleted_here(&self, id: &str) -> bool {
        self.deleted.contains(id)
    }
}
