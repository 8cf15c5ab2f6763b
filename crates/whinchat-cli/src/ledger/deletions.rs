//! What a user has deleted for himself.

use std::collections::{BTreeMap, HashSet};

use super::evidence::{Device, ServerLog};
use super::judge::Places;
use super::line::{ConversationKey, Line, MessageKey};
use super::report::{Report, Wrong};

/// Whether the server knows that the device's user has deleted what stands there, by itself or with all before it.
pub(super) fn is_deleted(
    device: &Device,
    server: &ServerLog,
    conversation: &ConversationKey,
    seq: u64,
) -> bool {
    let whose = (conversation.clone(), device.user.clone());
    server.windows.get(&whose).is_some_and(|window| seq <= window.cleared)
        || server.deletions.get(&whose).is_some_and(|deletions| deletions.contains(&seq))
}

/// What the user of a device has deleted on his other devices, or was about to.
#[derive(Default)]
pub(super) struct DeletedElsewhere<'a> {
    messages: HashSet<&'a MessageKey>,
    emptied: BTreeMap<&'a ConversationKey, u64>,
}

impl<'a> DeletedElsewhere<'a> {
    /// Reads it from the books.
    pub(super) fn collect(device: &Device, devices: &'a [Device]) -> Self {
        let mut found = Self::default();
        let others = devices.iter().filter(|other| other.user == device.user && other.name != device.name);
        for line in others.flat_map(|other| &other.lines) {
            match line {
                Line::Deleting { message } => drop(found.messages.insert(message)),
                Line::Clearing { conversation, seq } => {
                    let emptied = found.emptied.entry(conversation).or_insert(0);
                    *emptied = (*emptied).max(*seq);
                }
                _ => {}
            }
        }
        found
    }

    /// Whether a message went with it, which stood at `seq` if that was ever told.
    pub(super) fn takes(&self, message: &MessageKey, seq: Option<u64>) -> bool {
        let emptied = self.emptied.get(&message.conversation);
        self.messages.contains(message) || emptied.zip(seq).is_some_and(|(emptied, seq)| seq <= *emptied)
    }
}

/// What lies before the user's window is not his any more, and the server need not know what he did there: he had left, and was
/// invited again before it heard of it.
fn is_before_window(device: &Device, server: &ServerLog, conversation: &ConversationKey, seq: u64) -> bool {
    let whose = (conversation.clone(), device.user.clone());
    server.windows.get(&whose).is_some_and(|window| seq < window.from)
}

/// What the user has deleted is deleted for good: the server knows of it, and no device of his holds it any more.
pub(super) fn judge_deletions(
    device: &Device,
    server: &ServerLog,
    places: &Places<'_>,
    restored: bool,
    report: &mut Report,
) {
    let name = &device.name;
    let is_owed = |conversation: &ConversationKey, seq: u64| {
        !is_deleted(device, server, conversation, seq) && !is_before_window(device, server, conversation, seq)
    };
    for (conversation, entries) in &device.store.conversations {
        for entry in entries {
            if is_deleted(device, server, conversation, entry.seq) {
                report.note(Wrong::Doubled, || {
                    format!("{name} holds {conversation} {}, which its user has deleted", entry.seq)
                });
            }
        }
    }
    for line in &device.lines {
        let lost = match line {
            Line::Deleted { message } => places
                .get(message)
                .filter(|entry| is_owed(&message.conversation, entry.seq))
                .map(|entry| format!("{message} at {}", entry.seq)),
            Line::Cleared { conversation, seq } => {
                (*seq > 0 && is_owed(conversation, *seq)).then(|| format!("{conversation} up to {seq}"))
            }
            _ => None,
        };
        // A server that was put back to an older copy has forgotten with the rest.
        if let Some(lost) = lost.filter(|_| !restored) {
            report.note(Wrong::Lost, || format!("{name} had deleted {lost}; the server does not know"));
        }
    }
}
