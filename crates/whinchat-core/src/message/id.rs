//! The public message id.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use whinchat_proto::id::{ClientMessageId, ConversationId, UserId};

use crate::error::{Error, ErrorCode, Result};

/// Length of the text form: 32 hex digits, a dash, 16 hex digits.
const LENGTH: usize = 49;

/// Names a message on every device and on the server. Opaque; formed when the message is created, so that it never changes.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MessageId(String);

impl MessageId {
    /// Forms the id from what makes a message unique: its sender's id for it, the sender and the conversation.
    ///
    /// One to one, both people have to arrive at the same id, so the pair of them stands for the conversation.
    pub(crate) fn form(
        client_id: ClientMessageId,
        sender: &UserId,
        conversation: &ConversationId,
        me: &UserId,
    ) -> Self {
        let mut hash = Sha256::new();
        match conversation {
            ConversationId::User(other) => {
                let (low, high) = if other < me { (other, me) } else { (me, other) };
                for part in ["c2c", low.as_str(), high.as_str()] {
                    hash.update(part.as_bytes());
                    hash.update([0]);
                }
            }
            ConversationId::Group(group) => {
                for part in ["group", group.as_str()] {
                    hash.update(part.as_bytes());
                    hash.update([0]);
                }
            }
        }
        hash.update(sender.as_str().as_bytes());
        let digest = hash.finalize();
        let mut check = [0_u8; 8];
        for (to, from) in check.iter_mut().zip(digest.iter()) {
            *to = *from;
        }
        Self(format!("{client_id}-{:016x}", u64::from_be_bytes(check)))
    }

    /// Reads the text form.
    ///
    /// # Errors
    ///
    /// 6017 when the text is not a message id.
    pub fn parse(text: &str) -> Result<Self> {
        let is_hex = |part: &str| part.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        match text.split_once('-') {
            Some((client, check))
                if text.len() == LENGTH && client.len() == 32 && is_hex(client) && is_hex(check) =>
            {
                Ok(Self(text.to_owned()))
            }
            _ => Err(Error::new(ErrorCode::BadParameter, "this is not a message id")),
        }
    }

    /// The sender's id in it.
    pub(crate) fn client_id(&self) -> ClientMessageId {
        let mut bytes = [0_u8; 16];
        for (byte, pair) in bytes.iter_mut().zip(self.0.as_bytes().chunks(2)) {
            let text = std::str::from_utf8(pair).unwrap_or("00");
            *byte = u8::from_str_radix(text, 16).unwrap_or(0);
        }
        ClientMessageId(bytes)
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for MessageId {
    type Error = Error;
    fn try_from(text: String) -> Result<Self> {
        Self::parse(&text)
    }
}

impl From<MessageId> for String {
    fn from(id: MessageId) -> String {
        id.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_of_a_one_to_one_conversation_form_the_same_id() {
        let (alice, bob) = (UserId::new("alice").unwrap(), UserId::new("bob").unwrap());
        let client = ClientMessageId::from_parts(1_700_000_000_000, [7; 10]);
        let sent = MessageId::form(client, &alice, &ConversationId::User(bob.clone()), &alice);
        let received = MessageId::form(client, &alice, &ConversationId::User(alice.clone()), &bob);
        assert_eq!(sent, received);
        assert_eq!(sent.client_id(), client);
        assert_eq!(MessageId::parse(sent.as_str()).unwrap(), sent);
        let other = MessageId::form(client, &bob, &ConversationId::User(bob.clone()), &alice);
        assert_ne!(sent, other);
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "x", "0123", &"z".repeat(49), &"é".repeat(24)] {
            assert!(MessageId::parse(text).is_err(), "{text}");
        }
    }
}
