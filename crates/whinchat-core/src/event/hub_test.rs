//! What listeners get, in which order, and what does not pile up.

use super::*;
use crate::event::queue::{DELETED, NOTICES};

fn id(name: &str) -> ConversationId {
    ConversationId::parse(&format!("c2c_{name}")).unwrap()
}

#[test]
fn states_of_one_conversation_merge_and_messages_do_not() {
    let hub = Hub::default();
    let listener = hub.listen();
    for seq in 1..=5 {
        let outcome = Outcome {
            changed: vec![id("bob")],
            announced: vec![(id("bob"), seq, seq)],
            ..Outcome::default()
        };
        hub.outcome(&outcome);
    }
    let mut queue = listener.queue();
    let states = queue.keys.iter().filter(|key| matches!(key, Key::Conversation(_))).count();
    assert_eq!(states, 1);
    let mut messages = Vec::new();
    while let Some((key, turn)) = queue.begin() {
        if let Key::Messages { from, to, .. } = key {
            messages.extend(from..=to);
        }
        queue.end(turn);
    }
    assert_eq!(messages, [1, 2, 3, 4, 5]);
}

#[test]
fn a_change_that_comes_while_the_payload_is_read_is_told_again() {
    let hub = Hub::default();
    let listener = hub.listen();
    hub.conversation(&id("bob"));
    assert!(matches!(listener.queue().begin(), Some((Key::Conversation(_), _))));
    hub.conversation(&id("bob"));
    listener.queue().end(0);
    assert!(matches!(listener.queue().begin(), Some((Key::Conversation(_), _))));
}

#[test]
fn a_logout_while_a_payload_is_read_costs_no_notice() {
    let hub = Hub::default();
    let listener = hub.listen();
    hub.conversation(&id("bob"));
    let (_, turn) = listener.queue().begin().unwrap();
    hub.clear();
    hub.notice(Event::SyncStarted);
    assert!(!listener.queue().end(turn));
    assert!(matches!(listener.queue().begin(), Some((Key::Notice(_), _))));
}

#[test]
fn what_was_taken_under_one_login_says_nothing_about_the_next() {
    let hub = Hub::default();
    let listener = hub.listen();
    hub.messages(&id("bob"), 1, 10);
    let (_, turn) = listener.queue().begin().unwrap();
    listener.queue().end_messages(turn, 10);
    let (conversation, to, turn) = listener.queue().given().unwrap();
    hub.clear();
    hub.taken(&conversation, to, turn);
    assert!(hub.take_delivered().is_empty());
    assert!(listener.queue().given().is_none());
}

#[test]
fn states_of_the_connection_do_not_pile_up_where_nobody_looks() {
    let hub = Hub::default();
    let listener = hub.listen();
    for _ in 0..10_000 {
        hub.notice(Event::SyncStarted);
        hub.notice(Event::SyncFinished);
    }
    assert!(listener.queue().keys.len() <= NOTICES);
}

#[test]
fn messages_of_the_only_stream_that_were_not_taken_when_it_was_dropped_come_again() {
    let hub = Hub::default();
    let listener = hub.listen();
    hub.messages(&id("bob"), 1, 10);
    hub.forget(&listener);
    assert!(hub.take_delivered().is_empty());
}

#[test]
fn messages_count_as_delivered_once_the_slowest_listener_has_them() {
    let hub = Hub::default();
    let (fast, slow) = (hub.listen(), hub.listen());
    hub.messages(&id("bob"), 1, 10);
    let take = |listener: &Listener, to| {
        assert!(listener.queue().end_messages(0, to));
        // Handed to the app, which has not come back for more.
        assert!(hub.take_delivered().get(&id("bob")).is_none_or(|seq| *seq < to));
        let (conversation, to, turn) = listener.queue().given().unwrap();
        hub.taken(&conversation, to, turn);
    };
    take(&fast, 10);
    assert_eq!(hub.take_delivered().get(&id("bob")), Some(&0));
    take(&slow, 4);
    assert_eq!(hub.take_delivered().get(&id("bob")), Some(&4));
    hub.forget(&slow);
    assert_eq!(hub.take_delivered().get(&id("bob")), Some(&10));
}

#[test]
fn without_listeners_messages_count_as_delivered() {
    let hub = Hub::default();
    hub.messages(&id("bob"), 1, 3);
    assert_eq!(hub.take_delivered().get(&id("bob")), Some(&3));
}

fn message(n: u64) -> MessageId {
    let mut client_id = [0; 16];
    client_id[..8].copy_from_slice(&n.to_be_bytes());
    let bob = UserId::new("bob").unwrap();
    MessageId::form(
        whinchat_proto::id::ClientMessageId(client_id),
        &bob,
        &id("bob"),
        &UserId::new("me").unwrap(),
    )
}

#[test]
fn deletions_of_one_conversation_merge_and_those_that_nobody_looks_at_do_not_pile_up() {
    let hub = Hub::default();
    let listener = hub.listen();
    let count = 2 * DELETED as u64;
    hub.deleted(&id("eve"), vec![message(0)]);
    for n in 1..=count {
        hub.deleted(&id("bob"), vec![message(n)]);
    }
    let mut queue = listener.queue();
    assert_eq!(queue.keys.len(), 1);
    let Some((Key::Deleted(of, ids), _)) = queue.begin() else { panic!("deletions") };
    assert_eq!((of, ids.len()), (id("bob"), DELETED), "the oldest have gone");
    assert_eq!(ids.last(), Some(&message(count)));
    assert!(queue.begin().is_none());
    drop(queue);
    hub.deleted(&id("bob"), vec![message(1)]);
    assert!(matches!(listener.queue().begin(), Some((Key::Deleted(_, ids), _)) if ids == [message(1)]));
}

#[test]
fn deletions_outlive_a_logout() {
    let hub = Hub::default();
    let listener = hub.listen();
    hub.deleted(&id("bob"), vec![message(1)]);
    hub.clear();
    hub.deleted(&id("bob"), vec![message(2)]);
    let Some((Key::Deleted(_, ids), _)) = listener.queue().begin() else { panic!("deletions") };
    assert_eq!(ids, [message(1), message(2)]);
}

#[test]
fn a_conversation_that_comes_and_goes_is_told_as_it_is_at_last_and_takes_two_places() {
    let hub = Hub::default();
    let listener = hub.listen();
    let gone = Outcome { removed: vec![id("bob")], ..Outcome::default() };
    let back = Outcome { changed: vec![id("bob")], added: vec![id("bob")], ..Outcome::default() };
    for _ in 0..1_000 {
        hub.outcome(&gone);
        hub.outcome(&back);
    }
    let mut queue = listener.queue();
    assert!(queue.keys.len() <= 3, "with the total");
    assert!(matches!(queue.begin(), Some((Key::Removed(_), _))));
    let mut told = Vec::new();
    while let Some((key, turn)) = queue.begin() {
        told.push(matches!(key, Key::Conversation(_)));
        queue.end(turn);
    }
    assert_eq!(told.iter().filter(|it| **it).count(), 1);
    assert!(queue.added.contains(&id("bob")), "to the app it is new");
}

#[test]
fn a_removal_is_told_before_the_conversation_that_came_back_even_if_an_older_state_waited() {
    let hub = Hub::default();
    let listener = hub.listen();
    hub.conversation(&id("bob"));
    hub.outcome(&Outcome { removed: vec![id("bob")], ..Outcome::default() });
    hub.conversation(&id("bob"));
    let mut queue = listener.queue();
    let mut last = None;
    while let Some((key, turn)) = queue.begin() {
        if matches!(key, Key::Removed(_) | Key::Conversation(_)) {
            last = Some(matches!(key, Key::Conversation(_)));
        }
        queue.end(turn);
    }
    assert_eq!(last, Some(true));
}

#[test]
fn what_an_account_has_to_say_does_not_pile_up_either() {
    let hub = Hub::default();
    let listener = hub.listen();
    for in_seconds in 0..10_000 {
        hub.notice(Event::LoginExpiring { in_seconds });
    }
    assert!(listener.queue().keys.len() <= NOTICES);
}
