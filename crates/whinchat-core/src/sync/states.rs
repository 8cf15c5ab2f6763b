//! Merging the state of a conversation, in whatever order states arrive.

use whinchat_proto::id::ConversationId;

use super::apply::{finish, put};
use super::deletions::forget;
use super::input::{Entry, LogState};
use super::log::{Log, LogStore};
use super::outcome::{Forgotten, Outcome};
use super::unread::Floor;

/// Merges a conversation's state, and stores the entries that came with it.
pub(super) fn state_of<S: LogStore>(
    store: &mut S,
    state: LogState,
    entries: &[Entry],
    generation: u64,
    snapshot: bool,
    outcome: &mut Outcome,
) -> Result<(), S::Error> {
    let conversation = state.conversation.clone();
    let before = store.log(&conversation)?;
    let is_new = before.is_none();
    let mut log = before.unwrap_or_default();
    if is_new {
        // A fresh device is not told of everything that ever was; a conversation that begins, from where it begins.
        log.announced = if snapshot { state.head_seq } else { state.before_first() };
        log.delivered = log.announced;
        outcome.begun |= !snapshot;
        outcome.added.push(conversation.clone());
    }
    let other_log = !is_new && log.epoch != state.epoch;
    if other_log {
        replace_log(store, &conversation, &mut log, &state)?;
        outcome.forgotten.extend(forgotten(store, &log, &state)?);
    }
    if !log.known && !is_new {
        // What was pushed before the state was known need not have been the first that is new.
        let first = if snapshot { state.head_seq } else { state.before_first() };
        log.announced = log.announced.min(first);
        log.delivered = log.delivered.min(log.announced);
    }
    if log.known && state.peer_read_seq > log.peer_read_seq {
        outcome.receipt(&conversation);
    }
    log.peer_read_seq = log.peer_read_seq.max(state.peer_read_seq);
    log.known = true;
    log.epoch = state.epoch;
    log.head_seq = log.head_seq.max(state.head_seq);
    log.head_modified = log.head_modified.max(state.head_modified);
    // Totals only ever rise along a log, so the larger is the newer.
    log.totals.counted = log.totals.counted.max(state.totals.counted);
    log.totals.own = log.totals.own.max(state.totals.own);
    log.floor.merge(state.floor);
    log.read_seq = log.read_seq.max(state.read_seq);
    log.active_ms = log.active_ms.max(state.active_ms);
    log.generation = generation;
    // What only rises is merged; of the rest an answer that was overtaken by a push says nothing new.
    if state.version >= log.version {
        log.version = state.version;
        log.visible_from = state.visible_from;
        log.left = state.left;
    }
    // Large groups move without versions, but never without an entry.
    if state.head_seq >= log.group_seq {
        log.group = state.group;
        log.group_seq = state.head_seq;
    }
    if state.head_seq >= log.behind || state.left {
        log.behind = 0;
    }
    for seq in state.excepted {
        store.except(&conversation, seq)?;
    }
    forget(store, &conversation, &mut log, state.cleared_seq, &state.deleted, outcome)?;
    for entry in entries {
        put(store, &conversation, &mut log, entry)?;
    }
    if log.cleared_seq >= log.head_seq {
        // All of it is gone. A server that was put back to an older copy need not know that, and its floor lies lower.
        log.floor.merge(Floor { seq: log.head_seq, totals: log.totals });
    }
    finish(store, &conversation, &mut log, outcome)
}

/// What of the user's own doing is held here, in the part that both logs share, and not by the server any more: his other
/// devices would never hear of it. Told twice, it changes nothing.
fn forgotten<S: LogStore>(store: &mut S, log: &Log, state: &LogState) -> Result<Option<Forgotten>, S::Error> {
    let mut deleted = store.deletions(&state.conversation)?;
    deleted.retain(|seq| *seq > log.cleared_seq.max(state.cleared_seq) && !state.deleted.contains(seq));
    let forgotten = Forgotten {
        conversation: state.conversation.clone(),
        epoch: state.epoch,
        read_seq: (log.read_seq > state.read_seq).then_some(log.read_seq),
        cleared_seq: (log.cleared_seq > state.cleared_seq).then_some(log.cleared_seq),
        deleted,
    };
    let is_any =
        forgotten.read_seq.is_some() || forgotten.cleared_seq.is_some() || !forgotten.deleted.is_empty();
    Ok(is_any.then_some(forgotten))
}

/// The server has another log than the one held: what they do not share goes.
fn replace_log<S: LogStore>(
    store: &mut S,
    conversation: &ConversationId,
    log: &mut Log,
    state: &LogState,
) -> Result<(), S::Error> {
    // Of what both logs have, what lies above the head is not this user's: he had left by then, or had not come back.
    let shared = if state.previous_epoch != 0 && state.previous_epoch == log.epoch {
        state.epoch_base.min(state.head_seq)
    } else {
        0
    };
    store.truncate(conversation, shared)?;
    log.held.truncate(shared);
    log.version = 0;
    log.group_seq = 0;
    log.behind = 0;
    log.head_seq = 0;
    log.head_modified = 0;
    log.totals = state.totals;
    log.floor = if log.floor.seq <= shared { log.floor } else { state.floor };
    log.read_seq = log.read_seq.min(shared);
    log.peer_read_seq = log.peer_read_seq.min(shared);
    log.cleared_seq = log.cleared_seq.min(shared);
    log.active_ms = state.active_ms;
    log.announced = if shared > 0 { log.announced.min(shared) } else { state.head_seq };
    log.delivered = if shared > 0 { log.delivered.min(shared) } else { state.head_seq };
    Ok(())
}
