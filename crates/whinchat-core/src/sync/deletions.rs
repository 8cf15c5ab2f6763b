//! What the user deletes for himself: it goes at once, and what comes of it later by any way is not stored again.

use whinchat_proto::id::ConversationId;

use super::apply::finish;
use super::log::{Log, LogStore};
use super::outcome::Outcome;
use super::unread::Floor;

/// Of a log of which nothing but a deletion is known, nothing is to be announced before its state is there.
const NOTHING_NEW: u64 = u64::MAX >> 1;

/// The log in which something is to be deleted. None: there is nothing to delete it from, or another log is held by now, and
/// the server decides what goes there.
fn log_of<S: LogStore>(
    store: &mut S,
    conversation: &ConversationId,
    epoch: u64,
) -> Result<Option<Log>, S::Error> {
    match store.log(conversation)? {
        Some(log) => Ok(Some(log).filter(|log| log.epoch == epoch)),
        None => {
            let position = store.position()?;
            let is_lost = position.epoch == 0 || position.gaps.iter().any(|gap| gap.snapshot);
            // The cache was lost while the deletion waited to reach the server: it has to be known before the log comes. If
            // the log does not come, it goes with the end of the snapshot.
            let generation = position.generation.saturating_sub(1);
            let (announced, delivered) = (NOTHING_NEW, NOTHING_NEW);
            Ok(is_lost.then(|| Log { epoch, generation, announced, delivered, ..Log::default() }))
        }
    }
}

/// The user deletes these places.
pub(super) fn deleted<S: LogStore>(
    store: &mut S,
    conversation: &ConversationId,
    epoch: u64,
    seqs: &[u64],
    outcome: &mut Outcome,
) -> Result<(), S::Error> {
    let Some(mut log) = log_of(store, conversation, epoch)? else { return Ok(()) };
    // The row has to be there before anything can be noted beside it.
    store.set_log(conversation, &log)?;
    forget(store, conversation, &mut log, 0, seqs, outcome)?;
    finish(store, conversation, &mut log, outcome)
}

/// The user empties the conversation.
pub(super) fn cleared<S: LogStore>(
    store: &mut S,
    conversation: &ConversationId,
    epoch: u64,
    seq: u64,
    floor: Option<Floor>,
    outcome: &mut Outcome,
) -> Result<(), S::Error> {
    let Some(mut log) = log_of(store, conversation, epoch)? else { return Ok(()) };
    store.set_log(conversation, &log)?;
    if let Some(floor) = floor {
        log.floor.merge(floor);
    }
    forget(store, conversation, &mut log, seq, &[], outcome)?;
    finish(store, conversation, &mut log, outcome)
}

/// Removes what is gone for this user, wherever he deleted it.
pub(super) fn forget<S: LogStore>(
    store: &mut S,
    conversation: &ConversationId,
    log: &mut Log,
    cleared_seq: u64,
    seqs: &[u64],
    outcome: &mut Outcome,
) -> Result<(), S::Error> {
    if cleared_seq > log.cleared_seq {
        log.cleared_seq = cleared_seq;
        store.clear(conversation, cleared_seq)?;
    }
    if log.cleared_seq > 0 {
        // An emptying that the server has not heard of yet holds all the same.
        log.visible_from = log.visible_from.max(log.cleared_seq + 1);
    }
    let mut gone = Vec::new();
    for seq in seqs.iter().copied().filter(|seq| *seq > log.cleared_seq) {
        if let Some(message) = store.delete(conversation, seq)? {
            if message.sender != *store.me() && !message.excluded_from_unread {
                store.except(conversation, seq)?;
            }
            gone.push(message);
        }
    }
    if !gone.is_empty() {
        outcome.deleted.push((conversation.clone(), gone));
    }
    Ok(())
}
