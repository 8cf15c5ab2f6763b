//! Applying what the server says, one input at a time, inside the caller's transaction.

use whinchat_proto::id::ConversationId;
use whinchat_proto::limits::RECENT_ENTRIES;
use whinchat_proto::wire::MessageKind;

use super::deletions::{cleared, deleted};
use super::input::{Acknowledged, ChangesPage, Entry, EntryBody, GroupHead, GroupState, Input, Page};
use super::log::{Log, LogStore};
use super::outcome::{Outcome, Want};
use super::pages::{first_page, next_page};
use super::states::state_of;
use super::unread::{Floor, Totals};

/// First seq of the window that is fetched without being asked for.
fn recent_from(log: &Log) -> u64 {
    log.visible_from.max(log.head_seq.saturating_sub(RECENT_ENTRIES as u64 - 1)).max(1)
}

/// Applies one input. Applying it again changes nothing.
pub(crate) fn apply<S: LogStore>(store: &mut S, input: Input, outcome: &mut Outcome) -> Result<(), S::Error> {
    match input {
        Input::Up => up(store, outcome),
        Input::Changes { page, below } => changes(store, page, below, outcome),
        Input::Entry { conversation, epoch, entry, group } => {
            entry_of(store, &conversation, epoch, &entry, group, outcome).map(drop)
        }
        Input::State { state, entries } => {
            let generation = store.position()?.generation;
            state_of(store, *state, &entries, generation, false, outcome)
        }
        Input::Unknown { conversation } => unknown(store, &conversation, outcome),
        Input::Page(page) => page_of(store, page, outcome),
        Input::Acknowledged(acknowledged) => acknowledged_of(store, &acknowledged, outcome),
        Input::Marked { conversation, epoch, floor, read_seq } => {
            marked(store, &conversation, epoch, floor, read_seq, outcome)
        }
        Input::Deleted { conversation, epoch, seqs } => deleted(store, &conversation, epoch, &seqs, outcome),
        Input::Cleared { conversation, epoch, seq, floor } => {
            cleared(store, &conversation, epoch, seq, floor, outcome)
        }
        Input::Link { prev, version } => {
            let mut position = store.position()?;
            if !position.link(prev, version) {
                outcome.hole = true;
            }
            store.set_position(&position)
        }
        Input::Moved(heads) => heads.iter().try_for_each(|head| moved(store, head, outcome)),
        Input::Head { epoch, version, groups } => {
            let mut position = store.position()?;
            if position.epoch != epoch || version > position.top {
                outcome.hole = true;
            }
            if position.epoch == epoch && groups > position.groups {
                position.groups = groups;
                store.set_position(&position)?;
            }
            Ok(())
        }
    }
}

/// A large group stands there: a push was missed if less is held. What is not known yet comes with its own state.
fn moved<S: LogStore>(store: &mut S, head: &GroupHead, outcome: &mut Outcome) -> Result<(), S::Error> {
    match store.log(&head.conversation)? {
        Some(log) if log.epoch != head.epoch => outcome.look_up(&head.conversation),
        Some(mut log) if log.known && head.head_seq > log.head_seq => {
            log.behind = log.behind.max(head.head_seq);
            settle(store, &head.conversation, &mut log, outcome)?;
        }
        _ => {}
    }
    Ok(())
}

fn up<S: LogStore>(store: &mut S, outcome: &mut Outcome) -> Result<(), S::Error> {
    let mut position = store.position()?;
    if !position.loose.is_empty() {
        position.loose.clear();
        store.set_position(&position)?;
    }
    for conversation in store.incomplete()? {
        if let Some(mut log) = store.log(&conversation)? {
            settle(store, &conversation, &mut log, outcome)?;
        }
    }
    Ok(())
}

fn changes<S: LogStore>(
    store: &mut S,
    page: ChangesPage,
    below: u64,
    outcome: &mut Outcome,
) -> Result<(), S::Error> {
    let mut position = store.position()?;
    let Some(place) = (if below == 0 {
        Some(first_page(&mut position, &page, &mut outcome.hole))
    } else {
        next_page(&mut position, &page, below)
    }) else {
        // The answer to a question that is no longer asked.
        outcome.hole |= page.epoch != position.epoch;
        return Ok(());
    };
    store.set_position(&position)?;
    for (state, entries) in page.changes {
        state_of(store, state, &entries, position.generation, place.snapshot, outcome)?;
    }
    if place.ends_snapshot {
        outcome.forget(store.remove_older_than(position.generation)?);
    }
    Ok(())
}

/// Stores one entry of the log's own epoch and moves the head if it is beyond.
pub(super) fn put<S: LogStore>(
    store: &mut S,
    conversation: &ConversationId,
    log: &mut Log,
    entry: &Entry,
) -> Result<(), S::Error> {
    match &entry.body {
        EntryBody::Message(message) => {
            let is_own = message.sender == *store.me();
            if entry.seq <= log.cleared_seq || store.is_deleted(conversation, entry.seq, message)? {
                // Its place is held, and it never comes back.
                if !is_own && !message.excluded_from_unread {
                    store.except(conversation, entry.seq)?;
                }
            } else {
                store.put_message(conversation, entry, message)?;
            }
            if is_own {
                own_total(log, entry);
            }
            log.active_ms = log.active_ms.max(entry.time_ms);
        }
        EntryBody::Blank { counted } => {
            if *counted {
                store.except(conversation, entry.seq)?;
            }
            // One of his own that he has deleted.
            own_total(log, entry);
        }
    }
    log.held.insert(entry.seq, entry.seq);
    log.head_seq = log.head_seq.max(entry.seq);
    log.head_modified = log.head_modified.max(entry.modified);
    log.totals.counted = log.totals.counted.max(entry.counted);
    Ok(())
}

/// A notice tells that the group has changed, and not what it is now.
fn ask_for_group(log: &mut Log, entry: &Entry) {
    if let EntryBody::Message(message) = &entry.body
        && message.kind == i32::from(MessageKind::GroupTip)
        && entry.seq > log.group_seq
    {
        log.behind = log.behind.max(entry.seq);
    }
}

/// The running total of the reader's own entries at this one.
fn own_total(log: &mut Log, entry: &Entry) {
    log.totals.own = log.totals.own.max(entry.counted_by_sender);
    if entry.seq <= log.floor.seq {
        // The floor was set here while this entry was missing.
        log.floor.totals.own = log.floor.totals.own.max(entry.counted_by_sender);
    }
}

/// Applies one pushed or acknowledged entry. False: it is of another log than the one held, and was not stored.
fn entry_of<S: LogStore>(
    store: &mut S,
    conversation: &ConversationId,
    epoch: u64,
    entry: &Entry,
    group: Option<GroupState>,
    outcome: &mut Outcome,
) -> Result<bool, S::Error> {
    let generation = store.position()?.generation;
    let mut log = match store.log(conversation)? {
        Some(log) if log.epoch != epoch => {
            outcome.look_up(conversation);
            return Ok(false);
        }
        Some(log) => log,
        None => {
            let before = entry.seq.saturating_sub(1);
            outcome.begun = true;
            outcome.added.push(conversation.clone());
            Log { epoch, generation, announced: before, delivered: before, ..Log::default() }
        }
    };
    if log.known && entry.seq > log.head_seq + RECENT_ENTRIES as u64 {
        // Not all that was missed will be fetched: only the state tells what of it does not count.
        log.behind = log.behind.max(entry.seq);
    }
    put(store, conversation, &mut log, entry)?;
    if let Some(group) = group
        && entry.seq >= log.group_seq
    {
        log.group = Some(group);
        log.group_seq = entry.seq;
    }
    ask_for_group(&mut log, entry);
    finish(store, conversation, &mut log, outcome)?;
    Ok(true)
}

fn acknowledged_of<S: LogStore>(
    store: &mut S,
    acknowledged: &Acknowledged,
    outcome: &mut Outcome,
) -> Result<(), S::Error> {
    let Acknowledged { conversation, epoch, entry } = acknowledged;
    if !entry_of(store, conversation, *epoch, entry, None, outcome)?
        && let EntryBody::Message(message) = &entry.body
    {
        outcome.unplaced.push(message.client_id);
    }
    Ok(())
}

fn page_of<S: LogStore>(store: &mut S, page: Page, outcome: &mut Outcome) -> Result<(), S::Error> {
    let is_told_anew = page.state.is_some();
    if let Some(state) = page.state {
        let generation = store.position()?.generation;
        state_of(store, state, &[], generation, false, outcome)?;
    }
    let Some(mut log) = store.log(&page.conversation)? else { return Ok(()) };
    if log.epoch != page.epoch {
        outcome.look_up(&page.conversation);
        return Ok(());
    }
    let before = Shown::of(&log);
    let mut is_shown = is_told_anew;
    for entry in &page.entries {
        is_shown |= matches!(entry.body, EntryBody::Blank { counted: true }) && entry.seq > log.floor.seq;
        is_shown |= matches!(&entry.body, EntryBody::Message(message) if store.is_waiting(message));
        put(store, &page.conversation, &mut log, entry)?;
        ask_for_group(&mut log, entry);
    }
    // A page of another log than the one asked for, or from outside the window, covers nothing.
    if page.from >= 1 && !(is_told_anew && page.entries.is_empty()) {
        log.held.insert(page.from, page.to.min(log.head_seq));
    }
    if is_shown || before != Shown::of(&log) || !store.is_below_last(&page.conversation, page.to)? {
        return finish(store, &page.conversation, &mut log, outcome);
    }
    outcome.filled.push((page.conversation.clone(), page.from, page.to));
    settle(store, &page.conversation, &mut log, outcome)
}

/// What the list derives from a log, but for the state that the server tells as a whole and the last message.
#[derive(PartialEq, Eq)]
struct Shown(u64, Totals, Floor, i64);

impl Shown {
    fn of(log: &Log) -> Self {
        Self(log.head_seq, log.totals, log.floor, log.active_ms)
    }
}

fn unknown<S: LogStore>(
    store: &mut S,
    conversation: &ConversationId,
    outcome: &mut Outcome,
) -> Result<(), S::Error> {
    if let Some(mut log) = store.log(conversation)? {
        // Nothing more will come of it; what is held stays readable.
        log.known = true;
        log.left = true;
        log.visible_from = log.visible_from.max(1);
        log.incomplete = false;
        log.behind = 0;
        store.set_log(conversation, &log)?;
        outcome.change(conversation);
    }
    Ok(())
}

fn marked<S: LogStore>(
    store: &mut S,
    conversation: &ConversationId,
    epoch: Option<u64>,
    floor: Floor,
    read_seq: u64,
    outcome: &mut Outcome,
) -> Result<(), S::Error> {
    if let Some(mut log) = store.log(conversation)?.filter(|log| epoch.is_none_or(|epoch| epoch == log.epoch))
    {
        // A mark of this device's own may come a second time, when the server has told the exact totals of its place.
        if epoch.is_none() || floor.seq > log.floor.seq {
            log.floor.merge(floor);
        }
        log.read_seq = log.read_seq.max(read_seq);
        store.set_log(conversation, &log)?;
        outcome.change(conversation);
    }
    Ok(())
}

/// As [`settle`], of a conversation that the list shows otherwise now.
pub(super) fn finish<S: LogStore>(
    store: &mut S,
    conversation: &ConversationId,
    log: &mut Log,
    outcome: &mut Outcome,
) -> Result<(), S::Error> {
    outcome.change(conversation);
    settle(store, conversation, log, outcome)
}

/// Says what is missing and what can be announced, and stores the log.
fn settle<S: LogStore>(
    store: &mut S,
    conversation: &ConversationId,
    log: &mut Log,
    outcome: &mut Outcome,
) -> Result<(), S::Error> {
    if log.known {
        let from = recent_from(log);
        let hole = log.held.last_hole(from, log.head_seq);
        log.incomplete = hole.is_some();
        if let Some(hole) = hole {
            outcome.want(Want {
                conversation: conversation.clone(),
                epoch: log.epoch,
                from: hole.from,
                to: hole.to,
            });
        }
        if log.behind > 0 {
            log.incomplete = true;
            outcome.look_up(conversation);
        }
        announce(conversation, log, from, outcome);
    } else {
        log.incomplete = true;
        outcome.look_up(conversation);
    }
    store.set_log(conversation, log)
}

/// Messages are announced in order: a hole in the recent window holds back what is above it until it is filled.
fn announce(conversation: &ConversationId, log: &mut Log, recent_from: u64, outcome: &mut Outcome) {
    let next = recent_from.max(log.announced + 1);
    if let Some(held) = log.held.containing(next) {
        let last = held.to.min(log.head_seq);
        if last >= next {
            outcome.announced.push((conversation.clone(), next, last));
            log.announced = last;
        }
    }
}
