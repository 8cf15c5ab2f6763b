//! The message.

use bytes::Bytes;
use prost::Message as _;
use serde::{Deserialize, Serialize};
use whinchat_proto::id::{ConversationId, UserId};
use whinchat_proto::wire;

use super::id::MessageId;
use crate::error::Error;

/// A message as the app sees it.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// Its id; the same on every device, and from before it was sent.
    pub id: MessageId,
    /// The conversation it belongs to.
    pub conversation: ConversationId,
    /// Who wrote it.
    pub sender: UserId,
    /// Its place in the conversation; 0 while it is not stored at the server.
    pub seq: u64,
    /// The server's clock when it was stored, milliseconds since the epoch; while it is not, this device's when it was written.
    pub time_ms: i64,
    /// How far it got.
    pub state: MessageState,
    /// Whether the user who is logged in wrote it, on any of his devices.
    pub is_own: bool,
    /// What it holds.
    pub content: Content,
    /// It does not count as unread.
    pub excluded_from_unread: bool,
    /// It does not become the conversation's last message.
    pub excluded_from_last_message: bool,
    /// Users named with an @.
    pub mentions: Vec<UserId>,
    /// Everybody is named with an @.
    pub mention_all: bool,
    /// The members of a group that it was sent to; none for all of them.
    #[serde(default)]
    pub audience: Vec<UserId>,
    /// What the sender gave it.
    #[serde(default)]
    pub priority: Priority,
    /// Delivered to those who were online, and stored nowhere.
    pub is_online_only: bool,
    /// One's own, in a one to one, and the other side has read it. Always false in groups.
    #[serde(default)]
    pub is_read_by_peer: bool,
}

impl Message {
    /// The text of its first text element.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.content.elements.iter().find_map(|element| match element {
            Element::Text { text } => Some(text.as_str()),
            _ => None,
        })
    }
}

/// What may be dropped first in a room over its rate. One to one nothing is dropped; it only travels with the message.
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Priority {
    /// Not given: as [`Priority::Normal`].
    #[default]
    Unset,
    /// Kept longest.
    High,
    /// Between the others.
    Normal,
    /// Dropped first.
    Low,
}

impl Priority {
    pub(crate) fn from_wire(priority: wire::Priority) -> Self {
        match priority {
            wire::Priority::Default => Self::Unset,
            wire::Priority::High => Self::High,
            wire::Priority::Normal => Self::Normal,
            wire::Priority::Low => Self::Low,
        }
    }

    pub(crate) fn to_wire(self) -> wire::Priority {
        match self {
            Self::Unset => wire::Priority::Default,
            Self::High => wire::Priority::High,
            Self::Normal => wire::Priority::Normal,
            Self::Low => wire::Priority::Low,
        }
    }
}

/// How far a message got.
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum MessageState {
    /// Durably waiting in the outbox, or on its way.
    Pending,
    /// Durably stored at the server.
    Sent,
    /// Given up; the reason is kept. It can be sent again.
    Failed(Error),
}

/// What a message holds.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Content {
    /// Its elements; at least one.
    pub elements: Vec<Element>,
    /// Data of the app's own that travels with the message.
    pub custom_data: Vec<u8>,
}

/// One element of a message.
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "type")]
#[non_exhaustive]
pub enum Element {
    /// Text.
    Text {
        /// Not empty.
        text: String,
    },
    /// Bytes of the app's own.
    Custom {
        /// The payload.
        data: Vec<u8>,
        /// What to show in a list.
        description: String,
        /// Further data of the app's own.
        extension: String,
    },
    /// What happened to a group; only the server writes these.
    GroupTip {
        /// What happened.
        kind: GroupTipKind,
        /// Who did it.
        operator: String,
        /// Whom it concerns.
        members: Vec<String>,
        /// Members afterwards.
        member_count: u32,
    },
    /// Of a kind that this version does not know.
    Unknown,
}

/// What happened to a group.
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum GroupTipKind {
    /// Somebody joined by himself.
    Joined,
    /// Members were invited in.
    Invited,
    /// A member quit.
    Quit,
    /// A member was removed.
    Kicked,
    /// Of a kind that this version does not know.
    Unknown,
}

impl Content {
    /// Reads the stored form. What cannot be read is shown as unknown, never dropped.
    pub(crate) fn decode(bytes: &[u8]) -> Self {
        match wire::Content::decode(bytes) {
            Ok(content) => Self {
                elements: content.elements.into_iter().map(Element::from_wire).collect(),
                custom_data: content.custom_data.to_vec(),
            },
            Err(_) => Self { elements: vec![Element::Unknown], custom_data: Vec::new() },
        }
    }

    /// The form that is stored and sent.
    pub(crate) fn encode(&self) -> Bytes {
        let elements = self.elements.iter().map(Element::to_wire).collect();
        let content = wire::Content { elements, custom_data: Bytes::copy_from_slice(&self.custom_data) };
        content.encode_to_vec().into()
    }
}

impl Element {
    fn from_wire(element: wire::Element) -> Self {
        use wire::element::Body;
        match element.body {
            Some(Body::Text(text)) => Self::Text { text: text.text },
            Some(Body::Custom(custom)) => Self::Custom {
                data: custom.data.to_vec(),
                description: custom.description,
                extension: custom.extension,
            },
            Some(Body::GroupTip(tip)) => Self::GroupTip {
                kind: match tip.kind() {
                    wire::GroupTipKind::Joined => GroupTipKind::Joined,
                    wire::GroupTipKind::Invited => GroupTipKind::Invited,
                    wire::GroupTipKind::Quit => GroupTipKind::Quit,
                    wire::GroupTipKind::Kicked => GroupTipKind::Kicked,
                    wire::GroupTipKind::Unspecified => GroupTipKind::Unknown,
                },
                operator: tip.operator,
                members: tip.members,
                member_count: tip.member_count,
            },
            // Typing is told as an event of its own, never as a message.
            Some(Body::Typing(_)) | None => Self::Unknown,
        }
    }

    fn to_wire(&self) -> wire::Element {
        use wire::element::Body;
        let body = match self {
            Self::Text { text } => Some(Body::Text(wire::Text { text: text.clone() })),
            Self::Custom { data, description, extension } => Some(Body::Custom(wire::Custom {
                data: Bytes::copy_from_slice(data),
                description: description.clone(),
                extension: extension.clone(),
            })),
            // Never sent by a client; NewMessage cannot hold them.
            Self::GroupTip { .. } | Self::Unknown => None,
        };
        wire::Element { body }
    }
}
