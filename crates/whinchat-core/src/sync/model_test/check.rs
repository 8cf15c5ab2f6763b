//! What has to hold between the store of a device and the server's logs.

use whinchat_proto::id::ConversationId;
use whinchat_proto::limits::RECENT_ENTRIES;

use super::device::Device;
use super::log::Conversation;
use super::server::ModelServer;
use crate::sync::{EntryBody, Log};

/// Holds after every step.
pub(super) fn always(device: &Device, server: &ModelServer) {
    for (id, log) in &device.store.data.logs {
        let now = server.conversations.get(id).filter(|conversation| conversation.epoch == log.epoch);
        let lost = || server.lost.get(&(id.clone(), log.epoch));
        let conversation = now.or_else(lost).expect("a log that the server has or had");
        stored_is_true(device, id, log, conversation);
    }
    position_claims_nothing_more(device, server);
}

/// What is stored is what the server has in the same log, or had before a restore.
fn stored_is_true(device: &Device, id: &ConversationId, log: &Log, conversation: &Conversation) {
    let none = std::collections::BTreeMap::new();
    let messages = device.store.data.messages.get(id).unwrap_or(&none);
    for (seq, (entry, _)) in messages {
        assert!(conversation.at(*seq).is_some(), "{id} {seq} is not on the server");
        assert_eq!(*entry, conversation.entry(*seq), "{id} {seq} differs from the server's");
        let was_deleted = device.deleted.contains(&(id.clone(), log.epoch, *seq));
        assert!(!was_deleted && !gone_here(device, id, log, *seq), "{id} {seq} has come back");
    }
    let visible = conversation.visible_from..=conversation.head();
    for seq in log.held.iter().flat_map(|held| held.from..=held.to).filter(|seq| visible.contains(seq)) {
        let is_message = matches!(conversation.entry(seq).body, EntryBody::Message(_));
        let is_gone = conversation.is_gone(seq) || gone_here(device, id, log, seq);
        assert!(
            !is_message || is_gone || messages.contains_key(&seq),
            "{id} {seq} counts as held and is not stored"
        );
    }
    assert!(log.head_seq <= conversation.log.len() as u64, "{id} claims a head that does not exist");
}

/// Whether this device knows that the user has deleted it.
fn gone_here(device: &Device, id: &ConversationId, log: &Log, seq: u64) -> bool {
    let deletions = device.store.data.deletions.get(id);
    seq <= log.cleared_seq || deletions.is_some_and(|deletions| deletions.contains(&seq))
}

/// Unread by a full count of what this device may know.
fn count_unread(device: &Device, id: &ConversationId, log: &Log, conversation: &Conversation) -> u64 {
    let excepted = device.store.data.exceptions.get(id);
    conversation.count_unread(log.floor.seq, log.head_seq, |seq| {
        let told = conversation.is_gone(seq) && excepted.is_some_and(|excepted| excepted.contains(&seq));
        told || gone_here(device, id, log, seq)
    })
}

/// The server was put back to before the conversation was emptied, and went on: nobody knows the totals at that place, so
/// unread is what the server says until the next mark.
fn is_forgotten(log: &Log, conversation: &Conversation) -> bool {
    conversation.previous_epoch != 0 && log.cleared_seq > log.floor.seq
}

/// The server's window, and what this device has emptied beyond it.
fn window_here(log: &Log, told: u64) -> u64 {
    if log.cleared_seq > 0 { told.max(log.cleared_seq + 1) } else { told }
}

/// Every key whose last change is at or below `top` and in no gap is as the server has it.
fn position_claims_nothing_more(device: &Device, server: &ModelServer) {
    let position = &device.store.data.position;
    if position.epoch != server.epoch {
        return;
    }
    assert!(position.top <= server.version && position.groups <= server.moved);
    for (id, conversation) in &server.conversations {
        let version = conversation.version;
        let in_gap = |from: u64, below: u64| version > from && version < below;
        if version == 0
            || conversation.large && conversation.moved > position.groups
            || version > position.top
            || position.gaps.iter().any(|gap| in_gap(gap.from, gap.below))
        {
            continue;
        }
        let log = device
            .store
            .data
            .logs
            .get(id)
            .unwrap_or_else(|| panic!("{id} at {version} is not there: {position:?}"));
        if !log.known {
            assert!(log.incomplete, "nothing remembers that {id} has to be asked for");
            continue;
        }
        if log.behind > 0 {
            assert!(log.incomplete, "nothing remembers that the state of {id} has to be asked for");
            continue;
        }
        let state = conversation.state(id);
        let held = (log.epoch, log.head_seq, log.totals.counted, log.visible_from, log.left);
        let window = window_here(log, state.visible_from);
        let has = (state.epoch, state.head_seq, state.totals.counted, window, state.left);
        assert_eq!(held, has, "{id} at {version} is behind: {position:?}");
        assert!(log.cleared_seq >= state.cleared_seq && log.peer_read_seq >= state.peer_read_seq, "{id}");
        let messages = device.store.data.messages.get(id);
        let is_held = |seq: &u64| messages.is_some_and(|messages| messages.contains_key(seq));
        assert!(!conversation.deleted.keys().any(is_held), "{id}: a deletion was not heard of");
        assert!(log.floor.seq >= state.floor.seq && log.read_seq >= state.read_seq, "{id}: a mark is behind");
        assert!(log.incomplete || log.totals.own == state.totals.own, "{id}: own total");
    }
}

/// Unread equals a full count wherever nothing is known to be missing.
pub(super) fn unread_of_what_is_known(device: &Device, server: &ModelServer) {
    let position = &device.store.data.position;
    if device.hole || !position.gaps.is_empty() || !position.loose.is_empty() {
        return;
    }
    for (id, log) in &device.store.data.logs {
        let Some(conversation) = server.conversations.get(id) else { continue };
        if log.known && !log.incomplete && log.epoch == conversation.epoch {
            if is_forgotten(log, conversation) {
                continue;
            }
            let count = count_unread(device, id, log, conversation);
            assert_eq!(device.store.unread(id), count, "unread of {id}: {log:?}");
        }
    }
}

/// Holds when there is nothing left to ask.
pub(super) fn at_rest(device: &Device, server: &ModelServer) {
    let data = &device.store.data;
    let position = (data.position.epoch, data.position.top, data.position.groups);
    assert_eq!(position, (server.epoch, server.version, server.moved));
    let known: Vec<_> = data.logs.keys().collect();
    let existing: Vec<_> = server.conversations.keys().collect();
    assert_eq!(known, existing);
    for (id, log) in &data.logs {
        let conversation = &server.conversations[id];
        let state = conversation.state(id);
        assert!(log.known && !log.incomplete, "{id} is incomplete: {log:?}");
        let held = (log.epoch, log.head_seq, log.totals, log.visible_from, log.left);
        let window = window_here(log, state.visible_from);
        let has = (state.epoch, state.head_seq, state.totals, window, state.left);
        assert_eq!(held, has, "{id}");
        // Also after a restore: the server is told again what it forgot.
        assert_eq!(log.read_seq, state.read_seq, "{id}");
        // An emptying that lay below the window by the time it came changed nothing there.
        let is_known = log.cleared_seq == state.cleared_seq || log.cleared_seq < state.visible_from;
        assert!(is_known, "{id}: the server was not told that it was emptied");
        for seq in device.store.data.deletions.get(id).into_iter().flatten() {
            // What lies below the window by now is nobody's.
            let is_known = *seq < state.visible_from || conversation.is_gone(*seq);
            assert!(is_known, "{id}: the server was not told of a deletion");
        }
        if conversation.previous_epoch == 0 {
            assert_eq!((log.floor, log.peer_read_seq), (state.floor, state.peer_read_seq), "{id}");
        } else {
            assert!(log.floor.seq >= state.floor.seq, "{id}");
        }
        assert_eq!(log.active_ms, state.active_ms, "{id}");
        assert!(log.left || log.group == state.group, "{id}: {log:?}");
        let recent = (state.head_seq + 1).saturating_sub(RECENT_ENTRIES as u64).max(window).max(1);
        for seq in recent..=state.head_seq {
            assert!(log.held.containing(seq).is_some(), "{id} {seq} is missing: {log:?}");
        }
        if !is_forgotten(log, conversation) {
            assert_eq!(device.store.unread(id), count_unread(device, id, log, conversation), "{id}");
        }
        let from = recent.max(device.told.from[id] + 1);
        let told = device.told.ever.get(&(id.clone(), log.epoch));
        for seq in from..=state.head_seq {
            assert!(told.is_some_and(|told| told.contains(&seq)), "{id} {seq} was never announced: {log:?}");
        }
    }
    for (id, client_id) in &device.acknowledged {
        let on_server = (server.conversations.get(id))
            .is_some_and(|conversation| conversation.log.iter().any(|stored| stored.client_id == *client_id));
        let unwanted = device.unwanted.contains(&(id.clone(), *client_id))
            || device.store.data.forgotten.contains(&(id.clone(), *client_id));
        let refused = unwanted || device.refused.contains(&(id.clone(), *client_id));
        assert!(on_server || refused, "{id}: {client_id} was acknowledged and is lost");
    }
    assert_eq!(data.handed_back, []);
}
