//! The verdict over the evidence. The rules stand in the module's documentation; here they are counted.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::deletions::{is_deleted, judge_deletions};
use super::evidence::{Device, Entry, Evidence, ServerLog};
use super::line::{ConversationKey, Line, MessageKey};
use super::report::{Report, Wrong};
use super::sender::judge_sender;

/// A client that was away for longer than this many messages of a conversation is told of the newest only.
const ANNOUNCED_WINDOW: u64 = 100;

pub(super) type Places<'a> = HashMap<MessageKey, &'a Entry>;

/// Judges. It never looks at a counter of the product: only at books and rows.
#[must_use]
pub fn judge(evidence: &Evidence) -> Report {
    let mut report = Report::default();
    let places = index_server(&evidence.server, &mut report);
    for device in &evidence.devices {
        judge_sender(device, evidence, &places, &mut report);
        // What a restored server is sent again stands behind what waited, and is told again.
        if !evidence.restored {
            judge_announcements(device, &mut report);
        }
        judge_cache(device, &places, &mut report);
        if is_finished(device) {
            judge_completeness(device, &evidence.server, &mut report);
            if evidence.announced {
                judge_silence(device, &evidence.server, &mut report);
            }
            // With the copy, marks that were set since are gone.
            if !evidence.restored {
                judge_unread(device, &evidence.server, &mut report);
            }
            judge_deletions(device, &evidence.server, &places, evidence.restored, &mut report);
        }
    }
    report
}

/// Whether the device says that it is done. An event may still have come after its last line.
pub(super) fn is_finished(device: &Device) -> bool {
    device.lines.iter().rev().find(|line| !matches!(line, Line::Seen { .. })) == Some(&Line::Finished)
}

/// Every message of the server by its key. A log without holes has the places 1, 2, 3 and so on.
fn index_server<'a>(server: &'a ServerLog, report: &mut Report) -> Places<'a> {
    let mut places = Places::new();
    for (conversation, entries) in &server.conversations {
        for (earlier, later) in entries.iter().zip(entries.iter().skip(1)) {
            if later.time_ms < earlier.time_ms {
                report.note(Wrong::OutOfOrder, || {
                    format!("{conversation}: time runs backwards at {}", later.seq)
                });
            }
        }
        for (expected, entry) in (1..).zip(entries) {
            if entry.seq != expected {
                report.note(Wrong::Lost, || {
                    format!("{conversation} on the server has {} at {expected}", entry.seq)
                });
            }
            if let Some(key) = key_of(conversation, entry)
                && let Some(first) = places.insert(key.clone(), entry)
            {
                report.note(Wrong::Doubled, || {
                    format!("{key} on the server at {} and {}", first.seq, entry.seq)
                });
            }
        }
    }
    places
}

fn key_of(conversation: &ConversationKey, entry: &Entry) -> Option<MessageKey> {
    (!entry.client_id.is_empty()).then(|| MessageKey {
        conversation: conversation.clone(),
        sender: entry.sender.clone(),
        client_id: entry.client_id.clone(),
    })
}

/// New-message events: each message once in the life of a process, and in the order of the log.
fn judge_announcements(device: &Device, report: &mut Report) {
    let name = &device.name;
    let mut seen = HashSet::new();
    let mut last: BTreeMap<&ConversationKey, u64> = BTreeMap::new();
    for line in &device.lines {
        match line {
            Line::Life => {
                seen.clear();
                last.clear();
            }
            Line::Seen { message, seq } => {
                if !seen.insert(message) {
                    report.note(Wrong::Doubled, || format!("{name} was told of {message} twice"));
                    continue;
                }
                let last = last.entry(&message.conversation).or_insert(0);
                if *seq < *last {
                    report.note(Wrong::OutOfOrder, || {
                        format!("{name} was told of {message} at {seq} after {last}")
                    });
                }
                *last = (*last).max(*seq);
            }
            _ => {}
        }
    }
}

/// What the cache holds: each message once, with the server's content, at the server's place.
fn judge_cache(device: &Device, places: &Places<'_>, report: &mut Report) {
    let name = &device.name;
    for (conversation, entries) in &device.store.conversations {
        let mut held = HashMap::new();
        let mut taken = BTreeSet::new();
        for entry in entries {
            if !taken.insert(entry.seq) {
                report.note(Wrong::Doubled, || {
                    format!("{name} holds two entries at {conversation} {}", entry.seq)
                });
            }
            let Some(key) = key_of(conversation, entry) else { continue };
            if let Some(first) = held.insert(key.clone(), entry.seq) {
                report.note(Wrong::Doubled, || format!("{name} holds {key} at {first} and {}", entry.seq));
                continue;
            }
            match places.get(&key) {
                None => report.note(Wrong::Lost, || {
                    format!("{name} holds {key} at {}; the server has it not", entry.seq)
                }),
                Some(stored) if stored.seq != entry.seq => report.note(Wrong::OutOfOrder, || {
                    format!("{name} holds {key} at {}; on the server it stands at {}", entry.seq, stored.seq)
                }),
                Some(stored) if stored.content != entry.content => report
                    .note(Wrong::Lost, || format!("{name} holds {key} with another content than the server")),
                Some(_) if entry.sender != device.user => report.delivered += 1,
                Some(_) => {}
            }
        }
    }
}

/// A device that says it is done holds everything that its user may see.
fn judge_completeness(device: &Device, server: &ServerLog, report: &mut Report) {
    let name = &device.name;
    for (conversation, entries, from, to) in visible_logs(device, server) {
        let held: HashSet<&str> = device
            .store
            .conversations
            .get(conversation)
            .into_iter()
            .flatten()
            .map(|entry| entry.client_id.as_str())
            .collect();
        for entry in entries {
            let mine = (from..=to).contains(&entry.seq)
                && entry.is_visible_to(&device.user)
                && !is_deleted(device, server, conversation, entry.seq);
            if mine && !held.contains(entry.client_id.as_str()) {
                report.note(Wrong::Lost, || {
                    format!(
                        "{name} lacks {conversation} {} ({} {})",
                        entry.seq, entry.sender, entry.client_id
                    )
                });
            }
        }
    }
}

/// A device that says it is done has been told of every recent message of somebody else, in one life or another. What is
/// older may have become history while it was away.
fn judge_silence(device: &Device, server: &ServerLog, report: &mut Report) {
    let name = &device.name;
    let seen: HashSet<&MessageKey> = device
        .lines
        .iter()
        .filter_map(|line| match line {
            Line::Seen { message, .. } => Some(message),
            _ => None,
        })
        .collect();
    for (conversation, entries, from, to) in visible_logs(device, server) {
        let head = entries.last().map_or(0, |entry| entry.seq).min(to);
        let from = from.max(head.saturating_sub(ANNOUNCED_WINDOW) + 1);
        for entry in entries {
            let of_others = entry.sender != device.user
                && entry.is_visible_to(&device.user)
                && !is_deleted(device, server, conversation, entry.seq);
            let Some(key) = key_of(conversation, entry).filter(|_| of_others) else { continue };
            if (from..=to).contains(&entry.seq) && !seen.contains(&key) {
                report.note(Wrong::Lost, || format!("{name} was never told of {key} at {}", entry.seq));
            }
        }
    }
}

/// What the public API told as unread, against a full count; and no mark may fall behind what the user had read.
fn judge_unread(device: &Device, server: &ServerLog, report: &mut Report) {
    let name = &device.name;
    let mut told = BTreeMap::new();
    let mut read: BTreeMap<&ConversationKey, u64> = BTreeMap::new();
    for line in &device.lines {
        match line {
            Line::Life => told.clear(),
            Line::Unread { conversation, count } => {
                told.insert(conversation, *count);
            }
            Line::Read { conversation, seq } => {
                let mark = read.entry(conversation).or_insert(0);
                *mark = (*mark).max(*seq);
            }
            _ => {}
        }
    }
    for (conversation, entries, from, to) in visible_logs(device, server) {
        let window = server.windows.get(&(conversation.clone(), device.user.clone()));
        let floor = window.map_or(0, |window| window.floor);
        let marked = read.get(conversation).copied().unwrap_or(0);
        if floor < marked {
            report.note(Wrong::Unread, || {
                format!("{name} had read {conversation} up to {marked}; the server's mark is at {floor}")
            });
        }
        let counted = entries.iter().filter(|entry| {
            entry.seq > floor
                && (from..=to).contains(&entry.seq)
                && entry.counted
                && entry.sender != device.user
                && entry.is_visible_to(&device.user)
                && !is_deleted(device, server, conversation, entry.seq)
        });
        let right = to_u64(counted.count());
        let shown = told.get(conversation).copied();
        // A conversation in which nothing is visible need not be listed.
        if shown.unwrap_or(0) != right {
            report.note(Wrong::Unread, || {
                format!("{name} shows {shown:?} unread in {conversation}; the full count is {right}")
            });
        }
    }
}

/// The logs that the device's user may read, each with his window.
fn visible_logs<'a>(
    device: &'a Device,
    server: &'a ServerLog,
) -> impl Iterator<Item = (&'a ConversationKey, &'a [Entry], u64, u64)> {
    server.windows.iter().filter(|((_, user), _)| *user == device.user).filter_map(
        |((conversation, _), window)| {
            let entries = server.conversations.get(conversation)?;
            Some((conversation, entries.as_slice(), window.from, window.to.unwrap_or(u64::MAX)))
        },
    )
}

pub(super) fn contains(content: &[u8], text: &[u8]) -> bool {
    text.is_empty() || content.windows(text.len()).any(|window| window == text)
}

fn to_u64(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
