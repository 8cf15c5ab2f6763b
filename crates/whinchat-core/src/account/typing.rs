//! Who is typing: told to whoever is connected, stored nowhere, and over by itself.

use std::collections::HashMap;
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::Duration;

use prost::Message as _;
use whinchat_proto::id::{ClientMessageId, ConversationId, UserId};
use whinchat_proto::wire;
use whinchat_proto::wire::request::Body;

use super::Account;
use crate::error::{Error, ErrorCode, Result};
use crate::event::Event;
use crate::platform::{Instant, random_bytes};
use crate::store::query;

/// "Still typing" is not said more often than this.
const SAY_EVERY: Duration = Duration::from_secs(3);
/// Whoever has not been heard of for this long has stopped.
const LASTS: Duration = Duration::from_secs(6);
/// People whose typing is kept track of at once. More are not shown: nobody could read it.
const HEARD: usize = 256;

/// What was said and heard.
#[derive(Default)]
pub(super) struct Typing {
    /// When this user said so last, by conversation.
    said: HashMap<ConversationId, Instant>,
    /// Until when the others type.
    heard: HashMap<(ConversationId, UserId), Instant>,
}

impl Typing {
    /// Whether it has to be said now.
    fn say(&mut self, conversation: &ConversationId, active: bool, now: Instant) -> bool {
        self.said.retain(|_, said| now.saturating_duration_since(*said) < LASTS);
        if !active {
            return self.said.remove(conversation).is_some();
        }
        let is_due =
            self.said.get(conversation).is_none_or(|said| now.saturating_duration_since(*said) >= SAY_EVERY);
        if is_due {
            self.said.insert(conversation.clone(), now);
        }
        is_due
    }

    /// Takes what somebody said; whether that is news.
    fn hear(&mut self, who: (ConversationId, UserId), active: bool, now: Instant) -> bool {
        if !active {
            return self.heard.remove(&who).is_some();
        }
        if self.heard.len() >= HEARD && !self.heard.contains_key(&who) {
            return false;
        }
        self.heard.insert(who, now + LASTS).is_none()
    }
}

impl Account {
    fn typing(&self) -> MutexGuard<'_, Typing> {
        self.typing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says that the user has begun or stopped to type. Without a connection nobody hears it, and that is no error.
    pub(crate) async fn set_typing(self: &Arc<Self>, to: &ConversationId, active: bool) -> Result<()> {
        if matches!(to, ConversationId::User(user) if *user == self.me) {
            return Err(Error::new(
                ErrorCode::ReceiverInvalid,
                "nobody else reads a conversation with oneself",
            ));
        }
        let Some(connection) = self.outbox.connection() else { return Ok(()) };
        if !self.typing().say(to, active, Instant::now()) {
            return Ok(());
        }
        let element = wire::Element { body: Some(wire::element::Body::Typing(wire::Typing { active })) };
        let content = wire::Content { elements: vec![element], ..wire::Content::default() };
        let id = ClientMessageId::from_parts(self.now_ms(), random_bytes());
        let envelope = wire::Envelope {
            client_message_id: id.to_bytes(),
            excluded_from_unread: true,
            excluded_from_last_message: true,
            kind: wire::MessageKind::Typing.into(),
            ..wire::Envelope::default()
        };
        let body = wire::SendMessage {
            conversation: Some(to.to_wire()),
            envelope: Some(envelope),
            content: content.encode_to_vec().into(),
            online_only: true,
            ..wire::SendMessage::default()
        };
        // Whether it arrived is not asked: it would be over by then.
        drop(connection.submit(self.direct.unheeded(), None, Body::SendMessage(body)).await);
        Ok(())
    }

    /// A message says by itself that it was typed.
    pub(super) fn stopped_typing(&self, to: &ConversationId) {
        self.typing().said.remove(to);
    }

    /// Somebody types, or has stopped.
    pub(super) fn heard_typing(&self, push: &wire::EphemeralMessage) {
        let Some(message) = &push.message else { return };
        let active = wire::Content::decode(message.content.clone()).ok().and_then(|content| {
            content.elements.into_iter().find_map(|element| match element.body {
                Some(wire::element::Body::Typing(typing)) => Some(typing.active),
                _ => None,
            })
        });
        let Some(active) = active else { return };
        self.hear(push.conversation.as_ref(), &message.sender, active);
    }

    /// Whoever has written has stopped typing.
    pub(super) fn written(&self, push: &wire::EntryPush) {
        if self.typing().heard.is_empty() {
            return;
        }
        if let Some(wire::entry::Body::Message(message)) = push.entry.as_ref().and_then(|e| e.body.as_ref()) {
            self.hear(push.conversation.as_ref(), &message.sender, false);
        }
    }

    fn hear(&self, conversation: Option<&wire::ConversationRef>, sender: &str, active: bool) {
        let (Ok(conversation), Ok(user)) = (ConversationId::from_wire(conversation), UserId::new(sender))
        else {
            return;
        };
        let who = (conversation.clone(), user.clone());
        let is_news = user != self.me && self.typing().hear(who, active, Instant::now());
        if is_news {
            self.hub.typing(&conversation, &user);
        }
    }

    /// Whether somebody is typing now.
    pub(crate) fn is_typing(&self, conversation: &ConversationId, user: &UserId) -> bool {
        self.typing().heard.contains_key(&(conversation.clone(), user.clone()))
    }

    /// When the next of them has not been heard of for too long.
    pub(super) fn typing_ends(&self) -> Option<Instant> {
        self.typing().heard.values().min().copied()
    }

    /// Ends those who have not been heard of for too long.
    pub(super) fn end_typing(&self) {
        let now = Instant::now();
        let mut ended = Vec::new();
        self.typing().heard.retain(|who, until| {
            let lasts = *until > now;
            if !lasts {
                ended.push(who.clone());
            }
            lasts
        });
        for (conversation, user) in ended {
            self.hub.typing(&conversation, &user);
        }
    }

    /// How far the other side has read, as the app is told.
    pub(crate) async fn receipt(&self, id: &ConversationId) -> Result<Option<Event>> {
        let conversation = id.clone();
        let work = move |cache: &rusqlite::Connection| {
            let Some(row) = query::conversation(cache, &conversation)? else { return Ok(None) };
            let (seq, time_ms) = (row.peer_read_seq, query::time_at(cache, row.row, row.peer_read_seq)?);
            Ok(Some(Event::ReceiptReceived { conversation, seq, time_ms }))
        };
        self.store.cache.readers.read(work).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(user: &str) -> ConversationId {
        ConversationId::parse(&format!("c2c_{user}")).unwrap()
    }

    #[test]
    fn it_is_said_every_three_seconds_at_most_and_its_end_once() {
        let (mut typing, start) = (Typing::default(), Instant::now());
        let at = |ms| start + Duration::from_millis(ms);
        assert!(!typing.say(&with("bob"), false, at(0)), "nobody was told that it began");
        assert!(typing.say(&with("bob"), true, at(0)));
        assert!(!typing.say(&with("bob"), true, at(2_999)));
        assert!(typing.say(&with("carol"), true, at(2_999)));
        assert!(typing.say(&with("bob"), true, at(3_000)));
        assert!(typing.say(&with("bob"), false, at(3_001)));
        assert!(!typing.say(&with("bob"), false, at(3_002)));
        assert!(typing.say(&with("bob"), true, at(3_003)));
        // The other side has taken it for ended long ago.
        assert!(!typing.say(&with("bob"), false, at(10_000)));
        assert!(typing.said.is_empty());
    }

    #[test]
    fn who_types_is_news_once_and_there_is_an_end_to_how_many() {
        let (mut typing, now) = (Typing::default(), Instant::now());
        let who = |n: usize| (with("team"), UserId::new(format!("user{n}")).unwrap());
        assert!(typing.hear(who(0), true, now));
        assert!(!typing.hear(who(0), true, now));
        assert!((1..HEARD).all(|n| typing.hear(who(n), true, now)));
        assert!(!typing.hear(who(HEARD), true, now));
        assert!(typing.hear(who(0), false, now));
        assert!(!typing.hear(who(0), false, now));
    }
}
