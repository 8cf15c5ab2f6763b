//! A message that is to be sent.

use std::time::Duration;

use whinchat_core::{Element, NewMessage, Priority, UserId};

/// A message that is to be sent, with its options.
#[derive(Clone, Debug, uniffi::Record)]
pub struct OutgoingMessage {
    /// Its elements, at least one; the first says what kind of message it is. Text or custom ones: 6016 for others.
    pub elements: Vec<Element>,
    /// Data of the app's own that travels with the message.
    #[uniffi(default)]
    pub custom_data: Vec<u8>,
    /// It does not count as unread.
    #[uniffi(default)]
    pub excluded_from_unread: bool,
    /// It does not become the conversation's last message.
    #[uniffi(default)]
    pub excluded_from_last_message: bool,
    /// Users named with an @; groups only, at most 30.
    #[uniffi(default)]
    pub mentions: Vec<UserId>,
    /// Everybody is named with an @; groups only.
    #[uniffi(default)]
    pub mention_all: bool,
    /// Shows it to these members of a group alone, at most 50; empty for all.
    #[uniffi(default)]
    pub audience: Vec<UserId>,
    /// Delivers to those who are online now and stores nowhere; needs a connection (9508 without).
    #[uniffi(default)]
    pub online_only: bool,
    /// What may be dropped first in a room over its rate.
    #[uniffi(default)]
    pub priority: Option<Priority>,
    /// Gives up (6012) when it was not stored by then, in milliseconds; without, it waits for as long as it takes.
    #[uniffi(default)]
    pub timeout_ms: Option<u64>,
}

impl From<OutgoingMessage> for NewMessage {
    fn from(message: OutgoingMessage) -> Self {
        let new = Self::of_elements(message.elements)
            .custom_data(message.custom_data)
            .excluded_from_unread(message.excluded_from_unread)
            .excluded_from_last_message(message.excluded_from_last_message)
            .mentions(message.mentions)
            .mention_all(message.mention_all)
            .audience(message.audience)
            .online_only(message.online_only)
            .priority(message.priority.unwrap_or_default());
        match message.timeout_ms {
            Some(ms) => new.timeout(Duration::from_millis(ms)),
            None => new,
        }
    }
}

/// How many bytes a message has encoded; 32,768 are allowed.
#[uniffi::export]
pub fn encoded_size(message: OutgoingMessage) -> u64 {
    crate::call::look(0, || NewMessage::from(message).size() as u64)
}
