//! Messages that were created and not sent yet.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use whinchat_core::{Element, Error, ErrorCode, NewMessage, Result, UserId};

/// How long one is kept.
const LIFE: Duration = Duration::from_secs(24 * 60 * 60);
/// How many are kept; creating more is refused.
const COUNT: usize = 10_000;
/// What stands between a message's key and an element's.
const ELEMENT: char = '#';

/// A message that was created and not sent yet.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    /// Its elements; at least one.
    pub(crate) elements: Vec<Element>,
    /// It does not count as unread.
    pub(crate) excluded_from_unread: bool,
    /// It does not become the last message.
    pub(crate) excluded_from_last_message: bool,
    /// Travels with the message.
    pub(crate) custom_data: Vec<u8>,
    /// Whom an @ names.
    pub(crate) mentions: Vec<UserId>,
    /// Everybody is named.
    pub(crate) mention_all: bool,
    /// The members that it is for alone.
    pub(crate) audience: Vec<UserId>,
}

impl Draft {
    /// A message of these elements.
    pub(crate) fn of(elements: Vec<Element>) -> Self {
        Self {
            elements,
            excluded_from_unread: false,
            excluded_from_last_message: false,
            custom_data: Vec::new(),
            mentions: Vec::new(),
            mention_all: false,
            audience: Vec::new(),
        }
    }

    /// What the core is given. In a one to one, nobody can be named and nobody left out.
    pub(crate) fn to_message(&self, to_group: bool) -> NewMessage {
        let message = NewMessage::of_elements(self.elements.clone())
            .excluded_from_unread(self.excluded_from_unread)
            .excluded_from_last_message(self.excluded_from_last_message)
            .custom_data(self.custom_data.clone());
        if to_group {
            message
                .mentions(self.mentions.iter().cloned())
                .mention_all(self.mention_all)
                .audience(self.audience.iter().cloned())
        } else {
            message
        }
    }
}

/// All of them, by their keys.
#[derive(Debug, Default)]
pub(crate) struct Drafts {
    by_key: HashMap<String, (Draft, Instant)>,
}

impl Drafts {
    /// Keeps one; gives its key.
    pub(crate) fn add(&mut self, draft: Draft) -> Result<String> {
        if self.by_key.len() >= COUNT {
            self.by_key.retain(|_, (_, created)| created.elapsed() < LIFE);
        }
        if self.by_key.len() >= COUNT {
            return Err(Error::new(
                ErrorCode::WrongState,
                format!("{COUNT} messages were created and not sent; send them first"),
            ));
        }
        let key = new_key();
        self.by_key.insert(key.clone(), (draft, Instant::now()));
        Ok(key)
    }

    /// The one with this key; 6021 if there is none.
    pub(crate) fn get(&mut self, key: &str) -> Result<&mut Draft> {
        match self.by_key.get_mut(key) {
            Some((draft, created)) if created.elapsed() < LIFE => Ok(draft),
            _ => Err(unknown()),
        }
    }

    /// The same; it is used up.
    pub(crate) fn take(&mut self, key: &str) -> Result<Draft> {
        match self.by_key.remove(key) {
            Some((draft, created)) if created.elapsed() < LIFE => Ok(draft),
            _ => Err(unknown()),
        }
    }

    /// Keeps one under the key that it had.
    pub(crate) fn put_back(&mut self, key: String, draft: Draft) {
        self.by_key.insert(key, (draft, Instant::now()));
    }
}

/// Why a key is refused.
pub(crate) fn unknown() -> Error {
    Error::new(ErrorCode::MessageIdReused, "there is no unsent message with this key; create a new one")
}

/// The key of a message's first element.
pub(crate) fn element_key(message: &str) -> String {
    format!("{message}{ELEMENT}0")
}

/// The key of the message that an element is of; a message's key is its own.
pub(crate) fn message_key(key: &str) -> &str {
    key.split_once(ELEMENT).map_or(key, |(message, _)| message)
}

/// Different in every process, so that a key of an earlier one names nothing.
fn new_key() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    format!("{:x}-{:x}", now.as_micros(), NEXT.fetch_add(1, Ordering::Relaxed))
}
