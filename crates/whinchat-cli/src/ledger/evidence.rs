//! What the judge looks at: books, the server's database and the clients' databases, read into plain tables.

use std::collections::{BTreeMap, BTreeSet};

use super::line::{ConversationKey, Line};

/// One place in a log as it was found in a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its place.
    pub seq: u64,
    /// Who sent it; empty for a blank.
    pub sender: String,
    /// When it was stored, milliseconds since the epoch.
    pub time_ms: i64,
    /// The client message id as 32 hexadecimal digits; empty for a blank.
    pub client_id: String,
    /// The encoded content as stored.
    pub content: Vec<u8>,
    /// It counts as unread. Read from the server only.
    pub counted: bool,
    /// Who may see it beside the sender; empty for everybody. Read from the server only.
    pub audience: Vec<String>,
}

impl Entry {
    /// Whether `user` may see what stands here.
    #[must_use]
    pub fn is_visible_to(&self, user: &str) -> bool {
        self.audience.is_empty() || self.sender == user || self.audience.iter().any(|name| name == user)
    }
}

/// A member's rights to one log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// First place that he may read.
    pub from: u64,
    /// Last place that he may read, when he has left.
    pub to: Option<u64>,
    /// Places up to here are not unread.
    pub floor: u64,
    /// He has emptied the conversation up to here; 0 for never.
    pub cleared: u64,
}

/// The server's database.
#[derive(Clone, Debug, Default)]
pub struct ServerLog {
    /// Every conversation's log in order of place.
    pub conversations: BTreeMap<ConversationKey, Vec<Entry>>,
    /// Rights by conversation and user.
    pub windows: BTreeMap<(ConversationKey, String), Window>,
    /// Places that a user has deleted for himself, by conversation and user.
    pub deletions: BTreeMap<(ConversationKey, String), BTreeSet<u64>>,
}

/// A client's databases.
#[derive(Clone, Debug, Default)]
pub struct ClientStore {
    /// What the cache holds of each conversation, in order of place.
    pub conversations: BTreeMap<ConversationKey, Vec<Entry>>,
    /// What still waits in the outbox: conversation and client message id.
    pub waiting: Vec<(ConversationKey, String)>,
    /// What stands there as failed, for the user to see.
    pub failed: Vec<(ConversationKey, String)>,
}

/// One device with everything that is known of it.
#[derive(Clone, Debug)]
pub struct Device {
    /// How findings call it.
    pub name: String,
    /// Whose it is.
    pub user: String,
    /// Its book.
    pub lines: Vec<Line>,
    /// Its databases.
    pub store: ClientStore,
}

/// Everything that is judged together.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// The server.
    pub server: ServerLog,
    /// The devices.
    pub devices: Vec<Device>,
    /// The newest 100 messages of each conversation have to have been announced: no device logged in for the first time
    /// when there was history already.
    pub announced: bool,
    /// The server's database was put back to an older copy on the way. What was stored since comes back from the devices that
    /// have it: at other places, behind what waited, and told again; and marks that were set since are gone.
    pub restored: bool,
    /// A device has lost its cache on the way: what a restored server lost need not come back.
    pub cache_was_lost: bool,
}
