//! A message that is to be sent.

use std::time::Duration;

use bytes::Bytes;
use prost::Message as _;
use whinchat_proto::id::{ClientMessageId, ConversationId, UserId};
use whinchat_proto::limits::{AUDIENCE, CONTENT_BYTES, MENTIONS};
use whinchat_proto::wire;

use super::model::{Content, Element, Priority};
use crate::error::{Error, ErrorCode, Result};

/// A message that is to be sent, with its options.
///
/// ```
/// use whinchat_core::NewMessage;
/// let message = NewMessage::text("see you at eight").excluded_from_unread(true);
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct NewMessage {
    content: Content,
    excluded_from_unread: bool,
    excluded_from_last_message: bool,
    mentions: Vec<UserId>,
    mention_all: bool,
    audience: Vec<UserId>,
    priority: Priority,
    pub(crate) online_only: bool,
    pub(crate) timeout: Option<Duration>,
}

impl NewMessage {
    fn of(element: Element) -> Self {
        Self {
            content: Content { elements: vec![element], custom_data: Vec::new() },
            excluded_from_unread: false,
            excluded_from_last_message: false,
            mentions: Vec::new(),
            mention_all: false,
            audience: Vec::new(),
            priority: Priority::Unset,
            online_only: false,
            timeout: None,
        }
    }

    /// Several elements, the first of which says what kind of message it is. Refused when it is sent: none (6017), and those
    /// that only servers write or that this version does not know (6016).
    pub fn of_elements(elements: Vec<Element>) -> Self {
        let mut message = Self::of(Element::Unknown);
        message.content.elements = elements;
        message
    }

    /// How many bytes it has encoded; 32,768 are allowed.
    #[must_use]
    pub fn size(&self) -> usize {
        self.content.encode().len()
    }

    /// Text. Empty text is refused when it is sent (6017).
    pub fn text(text: impl Into<String>) -> Self {
        Self::of(Element::Text { text: text.into() })
    }

    /// Bytes of the app's own, with what to show in a list and further data.
    pub fn custom(
        data: impl Into<Vec<u8>>,
        description: impl Into<String>,
        extension: impl Into<String>,
    ) -> Self {
        Self::of(Element::Custom {
            data: data.into(),
            description: description.into(),
            extension: extension.into(),
        })
    }

    /// It does not count as unread.
    pub fn excluded_from_unread(mut self, yes: bool) -> Self {
        self.excluded_from_unread = yes;
        self
    }

    /// It does not become the conversation's last message.
    pub fn excluded_from_last_message(mut self, yes: bool) -> Self {
        self.excluded_from_last_message = yes;
        self
    }

    /// Delivers to those who are online now and stores nowhere; needs a connection (9508 without).
    pub fn online_only(mut self, yes: bool) -> Self {
        self.online_only = yes;
        self
    }

    /// Names users with an @; groups only, at most 30.
    pub fn mentions(mut self, users: impl IntoIterator<Item = UserId>) -> Self {
        self.mentions = users.into_iter().collect();
        self
    }

    /// Names everybody with an @; groups only.
    pub fn mention_all(mut self, yes: bool) -> Self {
        self.mention_all = yes;
        self
    }

    /// Shows it to these members of a group alone; at most 50.
    pub fn audience(mut self, users: impl IntoIterator<Item = UserId>) -> Self {
        self.audience = users.into_iter().collect();
        self
    }

    /// What may be dropped first in a room over its rate.
    pub fn priority(mut self, priority: Priority) -> Self {
        self.priority = priority;
        self
    }

    /// Data of the app's own that travels with the message.
    pub fn custom_data(mut self, data: impl Into<Vec<u8>>) -> Self {
        self.content.custom_data = data.into();
        self
    }

    /// Gives up (6012) when it was not stored by then; without, it waits for as long as it takes.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Checks everything that can be checked here, and encodes it.
    pub(crate) fn encode(self, client_id: ClientMessageId, to: &ConversationId) -> Result<(Bytes, Bytes)> {
        let bad = |what: &str| Err(Error::new(ErrorCode::BadParameter, what));
        if self.content.elements.is_empty() {
            return bad("the message has no element");
        }
        let foreign = |element: &Element| matches!(element, Element::GroupTip { .. } | Element::Unknown);
        if self.content.elements.iter().any(foreign) {
            return Err(ErrorCode::ElementNotAllowed.into());
        }
        let kind = match self.content.elements.first() {
            Some(Element::Text { text }) if text.is_empty() => return bad("text is empty"),
            Some(Element::Text { .. }) => wire::MessageKind::Text,
            Some(Element::Custom { data, .. }) if data.is_empty() => return bad("custom data is empty"),
            _ => wire::MessageKind::Custom,
        };
        if matches!(to, ConversationId::User(_))
            && (self.mention_all || !self.mentions.is_empty() || !self.audience.is_empty())
        {
            return bad("mentions and audience are for groups only");
        }
        if self.mentions.len() + usize::from(self.mention_all) > MENTIONS {
            return bad("a message names at most 30 users, everybody counting as one");
        }
        if self.audience.len() > AUDIENCE {
            return bad("an audience has at most 50 users");
        }
        let content = self.content.encode();
        if content.len() > CONTENT_BYTES {
            return Err(Error::new(
                ErrorCode::MessageTooLarge,
                format!("the message has {} bytes; {CONTENT_BYTES} are allowed", content.len()),
            ));
        }
        let names = |users: Vec<UserId>| users.into_iter().map(String::from).collect();
        let envelope = wire::Envelope {
            client_message_id: client_id.to_bytes(),
            excluded_from_unread: self.excluded_from_unread,
            excluded_from_last_message: self.excluded_from_last_message,
            mentions: names(self.mentions),
            mention_all: self.mention_all,
            audience: names(self.audience),
            priority: self.priority.to_wire().into(),
            kind: kind.into(),
            ..wire::Envelope::default()
        };
        Ok((envelope.encode_to_vec().into(), content))
    }
}
