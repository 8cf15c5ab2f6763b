//! History that comes in below what the list shows tells the list nothing; what the list may show is told.

use bytes::Bytes;
use whinchat_proto::id::{ClientMessageId, ConversationId, UserId};
use whinchat_proto::wire;

use super::store::MapStore;
use crate::sync::input::LogState;
use crate::sync::{Entry, EntryBody, Input, Message, Outcome, Page, apply};

fn entry(seq: u64, excluded_from_last_message: bool) -> Entry {
    let message = Message {
        sender: UserId::new("bob").unwrap(),
        client_id: ClientMessageId([u8::try_from(seq).unwrap(); 16]),
        excluded_from_unread: false,
        excluded_from_last_message,
        kind: 1,
        envelope: Bytes::new(),
        content: Bytes::new(),
    };
    let body = EntryBody::Message(message);
    Entry { seq, time_ms: 5, modified: 0, counted: seq, counted_by_sender: seq, body }
}

/// What the page of the entries 1 and 2 brings when entry 3 is held.
fn outcome_of_a_page(newest: Entry, below: &[Entry; 2]) -> Outcome {
    let mut store = MapStore::new(UserId::new("alice").unwrap());
    let conversation = ConversationId::parse("c2c_bob").unwrap();
    let state = LogState::from_wire(wire::ConversationState {
        conversation: Some(conversation.to_wire()),
        epoch: 7,
        head_seq: 3,
        counted: 3,
        active_ms: 5,
        visible_from: 1,
        version: 1,
        ..Default::default()
    });
    let state = Input::State { state: Box::new(state.unwrap()), entries: vec![newest] };
    apply(&mut store, state, &mut Outcome::default()).unwrap();
    let page = Page { conversation, epoch: 7, from: 1, to: 2, entries: below.to_vec(), state: None };
    let mut outcome = Outcome::default();
    apply(&mut store, Input::Page(page), &mut outcome).unwrap();
    outcome
}

#[test]
fn history_below_the_last_message_changes_no_list() {
    let outcome = outcome_of_a_page(entry(3, false), &[entry(1, false), entry(2, false)]);
    assert!(outcome.changed.is_empty(), "{outcome:?}");
    assert_eq!(outcome.filled.len(), 1);
}

#[test]
fn a_page_that_brings_the_last_message_is_told() {
    let outcome = outcome_of_a_page(entry(3, true), &[entry(1, false), entry(2, false)]);
    assert_eq!(outcome.changed.len(), 1, "{outcome:?}");
}

#[test]
fn a_page_that_changes_unread_is_told() {
    let body = EntryBody::Blank { counted: true };
    let blank = Entry { body, counted_by_sender: 0, ..entry(2, false) };
    let outcome = outcome_of_a_page(entry(3, false), &[entry(1, false), blank]);
    assert_eq!(outcome.changed.len(), 1, "{outcome:?}");
}
