//! The conversation.

use serde::{Deserialize, Serialize};
use whinchat_proto::id::ConversationId;

use crate::message::Message;

/// A conversation as a list shows it.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Conversation {
    /// Which one.
    pub id: ConversationId,
    /// The newest message that may stand there, pending and failed ones included.
    pub last_message: Option<Message>,
    /// Messages that count, came after the unread floor, and are not one's own.
    pub unread: u64,
    /// Everything up to here is read; 0 for nothing.
    pub read_seq: u64,
    /// One to one: the other side has read everything up to here; 0 for nothing, and in groups.
    #[serde(default)]
    pub peer_read_seq: u64,
    /// Last place of the log that the server told of.
    pub head_seq: u64,
    /// When it was last active, milliseconds since the epoch; orders the list.
    pub active_ms: i64,
    /// Groups only.
    pub group: Option<GroupSummary>,
    /// The user is no longer a member; what he saw stays readable.
    pub left: bool,
}

/// What a list shows of a group.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GroupSummary {
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// The owner's id.
    pub owner: String,
    /// Members now.
    pub member_count: u32,
}

/// A place in the conversation list; opaque. The larger stands higher.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ConversationCursor {
    pub(crate) sort_ms: i64,
    pub(crate) row: i64,
}

/// One page of the conversation list, newest activity first.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, Debug)]
pub struct ConversationPage {
    /// The conversations.
    pub items: Vec<Conversation>,
    /// Where the first of them stands; none for an empty page.
    pub first: Option<ConversationCursor>,
    /// Where the next page starts; none at the end.
    pub next: Option<ConversationCursor>,
}
