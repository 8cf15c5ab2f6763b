//! Handles of messages that were sent from here.

use std::collections::{HashMap, VecDeque};

/// How many are kept; the oldest goes first.
const COUNT: usize = 4_096;

/// Which handle became which message.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    by_key: HashMap<String, String>,
    by_id: HashMap<String, String>,
    order: VecDeque<(String, String)>,
}

impl Keys {
    /// The message of this handle was sent under this id.
    pub(crate) fn sent(&mut self, key: String, id: String) {
        while self.order.len() >= COUNT {
            if let Some((key, id)) = self.order.pop_front() {
                self.by_key.remove(&key);
                self.by_id.remove(&id);
            }
        }
        self.by_key.insert(key.clone(), id.clone());
        self.by_id.insert(id.clone(), key.clone());
        self.order.push_back((key, id));
    }

    /// It was not sent after all.
    pub(crate) fn forget(&mut self, key: &str) {
        if let Some(id) = self.by_key.remove(key) {
            self.by_id.remove(&id);
            self.order.retain(|(known, _)| known != key);
        }
    }

    /// The id of the message that was sent with this handle.
    pub(crate) fn id(&self, key: &str) -> Option<&str> {
        self.by_key.get(key).map(String::as_str)
    }

    /// The handle of a message; empty if it was not created here, or long ago.
    pub(crate) fn key(&self, id: &str) -> String {
        self.by_id.get(id).cloned().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_whose_message_was_not_sent_can_name_another() {
        let mut keys = Keys::default();
        keys.sent("k".into(), "m".into());
        keys.forget("k");
        assert_eq!((keys.id("k"), keys.key("m")), (None, String::new()));
        keys.sent("k".into(), "n".into());
        assert_eq!((keys.id("k"), keys.order.len()), (Some("n"), 1));
    }

    #[test]
    fn the_oldest_handles_are_forgotten() {
        let mut keys = Keys::default();
        for n in 0..COUNT + 10 {
            keys.sent(format!("k{n}"), format!("m{n}"));
        }
        assert_eq!((keys.id("k9"), keys.id("k10")), (None, Some("m10")));
        assert_eq!((keys.key("m9"), keys.key("m10")), (String::new(), "k10".to_owned()));
        assert_eq!(keys.order.len(), COUNT);
    }
}
