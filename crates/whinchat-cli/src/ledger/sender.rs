//! What a device was promised for its own messages.

use std::collections::BTreeMap;

use super::deletions::DeletedElsewhere;
use super::evidence::{Device, Evidence};
use super::judge::{Places, contains, is_finished};
use super::line::{ConversationKey, Line, MessageKey};
use super::report::{Report, Wrong};

/// How a message of one's own stands, as far as the app was told.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// `send` took it.
    Accepted,
    /// It was stored.
    Acked(u64),
    /// It failed.
    Failed,
    /// It failed and is being sent again: taken or not.
    Retrying,
}

/// A message of one's own.
struct Own<'a> {
    /// It was taken, once or again.
    was_taken: bool,
    /// When it was taken last, counted in lines; unknown when a kill came between.
    taken: Option<usize>,
    text: &'a str,
    fate: Fate,
    /// A life ended while its fate was open: it may have failed, with nobody there any more to write it down.
    outlived: bool,
    /// Its user has deleted it, or was about to: what never left the device is nowhere then. Or he has emptied its
    /// conversation when it may have failed.
    was_deleted: bool,
    /// Its user has emptied its conversation after it was taken, or was about to: up to here.
    emptied: u64,
}

/// Reads the fates from a book.
fn own_messages<'a>(device: &'a Device, report: &mut Report) -> BTreeMap<&'a MessageKey, Own<'a>> {
    let mut own: BTreeMap<&MessageKey, Own<'_>> = BTreeMap::new();
    for (index, line) in device.lines.iter().enumerate() {
        let (message, fate) = match line {
            Line::Accepted { message, text, .. } => {
                let sent = own.entry(message).or_insert(Own {
                    was_taken: false,
                    taken: None,
                    text,
                    fate: Fate::Accepted,
                    outlived: false,
                    was_deleted: false,
                    emptied: 0,
                });
                if sent.was_taken && sent.fate != Fate::Retrying {
                    report.note(Wrong::Doubled, || {
                        format!("{} was given {message} for two messages", device.name)
                    });
                }
                sent.was_taken = true;
                sent.taken = Some(index);
                sent.fate = Fate::Accepted;
                sent.outlived = false;
                sent.emptied = 0;
                continue;
            }
            Line::Acked { message, seq } => (message, Fate::Acked(*seq)),
            Line::Failed { message, .. } => (message, Fate::Failed),
            Line::Retrying { message } => (message, Fate::Retrying),
            Line::Deleting { message } => {
                if let Some(sent) = own.get_mut(message) {
                    sent.was_deleted = true;
                }
                continue;
            }
            Line::Life => {
                own.values_mut().for_each(|sent| sent.outlived |= sent.fate == Fate::Accepted);
                continue;
            }
            Line::Clearing { conversation, seq } => {
                let emptied = own.iter_mut().filter(|(message, _)| message.conversation == *conversation);
                emptied.for_each(|(_, sent)| {
                    sent.was_deleted |= sent.outlived;
                    sent.emptied = sent.emptied.max(*seq);
                });
                continue;
            }
            _ => continue,
        };
        // A kill may have come between the return of send and the line, so there may be a fate without an acceptance.
        let sent = own.entry(message).or_insert(Own {
            was_taken: false,
            taken: None,
            text: "",
            fate,
            outlived: false,
            was_deleted: false,
            emptied: 0,
        });
        sent.fate = fate;
        if fate == Fate::Retrying {
            sent.taken = None;
        }
    }
    own
}

/// What the device was promised for its own messages.
pub(super) fn judge_sender(device: &Device, evidence: &Evidence, places: &Places<'_>, report: &mut Report) {
    let name = &device.name;
    let restored = evidence.restored;
    let elsewhere = DeletedElsewhere::collect(device, &evidence.devices);
    let finished = is_finished(device);
    let own = own_messages(device, report);
    let listed = |list: &[(ConversationKey, String)], message: &MessageKey| {
        list.iter()
            .any(|(conversation, id)| *conversation == message.conversation && *id == message.client_id)
    };
    let mut stored = Vec::new();
    for (message, sent) in &own {
        report.sent += u64::from(sent.was_taken);
        report.acknowledged += u64::from(matches!(sent.fate, Fate::Acked(_)));
        let failed = sent.fate == Fate::Failed || listed(&device.store.failed, message);
        let Some(entry) = places.get(*message) else {
            let waits = listed(&device.store.waiting, message);
            // A server that was put back to an older copy is not sent again what its user had deleted, and what is sent again comes
            // from the devices that have it.
            let was_lost_with_copy = restored
                && match sent.fate {
                    Fate::Acked(_) if evidence.cache_was_lost => true,
                    Fate::Acked(seq) => {
                        sent.was_deleted || seq <= sent.emptied || elsewhere.takes(message, Some(seq))
                    }
                    _ => elsewhere.takes(message, None),
                };
            match sent.fate {
                _ if was_lost_with_copy => {}
                Fate::Acked(_) => report.note(Wrong::Lost, || {
                    format!("{name}: {message} was acknowledged; the server has it not")
                }),
                Fate::Accepted if !failed && !sent.was_deleted && (finished || !waits) => report
                    .note(Wrong::Lost, || {
                        format!("{name}: {message} ({}) was accepted and is nowhere", sent.text)
                    }),
                _ => {}
            }
            continue;
        };
        if failed {
            report.note(Wrong::Doubled, || {
                format!(
                    "{name}: {message} stands as failed, so it will be sent again; it is at {}",
                    entry.seq
                )
            });
            continue;
        }
        if !contains(&entry.content, sent.text.as_bytes()) {
            report.note(Wrong::Lost, || format!("{name}: {message} at {} has another content", entry.seq));
        }
        match sent.fate {
            Fate::Acked(seq) if seq != entry.seq && !restored => report.note(Wrong::OutOfOrder, || {
                format!("{name}: {message} was acknowledged at {seq} and stands at {}", entry.seq)
            }),
            _ => {}
        }
        if let Some(taken) = sent.taken.filter(|_| !restored) {
            stored.push((taken, *message, entry.seq));
        }
    }

    stored.sort_unstable();
    let mut last_place: BTreeMap<&ConversationKey, u64> = BTreeMap::new();
    for (_, message, seq) in stored {
        let last = last_place.entry(&message.conversation).or_insert(0);
        if seq < *last {
            report.note(Wrong::OutOfOrder, || {
                format!("{name}: {message} stands at {seq}, one that was sent before it at {last}")
            });
        }
        *last = seq.max(*last);
    }
}
