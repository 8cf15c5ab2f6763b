//! Waits that are given up: by a token, by dropping the future, by stopping.
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod stage;

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::thread;

use stage::{Ear, Stage, code, text, until, wait, with};
use whinchat_core::{Event, MessageState};
use whinchat_ffi::{CancelToken, ConversationUpdate};

/// Begins the call, and drops it as a coroutine does that is cancelled just when it would go on: the result is there, and lost.
fn lose<T>(call: impl Future<Output = T>) {
    let mut call = pin!(call);
    let mut context = Context::from_waker(Waker::noop());
    until("a result to lose", || matches!(call.as_mut().poll(&mut context), Poll::Ready(_)));
}

#[test]
fn a_token_ends_every_wait_that_it_was_given_to() {
    let mut stage = Stage::new();
    let client = stage.user("alice");
    wait(client.logout(None)).unwrap();
    stage.shut();
    let token = CancelToken::new();
    let login = thread::spawn({
        let (client, token) = (client.clone(), token.clone());
        move || code(wait(client.login("alice".into(), String::new(), Some(token))))
    });
    until("the local session is open", || client.user().is_some());
    let handle = wait(client.messages().send(with("bob"), text("kept"), None)).unwrap();
    let settled = thread::spawn({
        let (handle, token) = (handle.clone(), token.clone());
        move || code(wait(handle.settled(Some(token))))
    });
    let events = client.events();
    let heard = thread::spawn({
        let (events, token) = (events.clone(), token.clone());
        move || {
            let mut taken = 0;
            loop {
                match wait(events.next(taken, 8, Some(token.clone()))) {
                    Ok(Some(batch)) => taken = batch.number,
                    other => return (taken, code(other)),
                }
            }
        }
    });
    token.cancel();
    token.cancel();
    assert_eq!((login.join().unwrap(), settled.join().unwrap()), (7009, 7009));
    let (taken, ended) = heard.join().unwrap();
    assert_eq!(ended, 7009);
    assert_eq!(code(wait(client.logout(Some(token)))), 7009);
    assert!(client.user().is_some(), "a call with a token that is cancelled already is not made");

    // Only the waits have ended.
    stage.open();
    until("the login goes on", || client.is_accepted());
    until("the message goes out", || {
        let message = wait(client.messages().get(handle.id(), None)).unwrap().unwrap();
        !matches!(message.state, MessageState::Pending)
    });
    assert!(wait(events.next(taken, 8, None)).unwrap().is_some(), "the subscription goes on");
}

#[test]
fn what_a_cancelled_coroutine_took_with_it_is_given_again() {
    let stage = Stage::new();
    let (alice, bob) = (stage.user("alice"), stage.user("bob"));
    let mut events = Ear::new(&bob);
    let list = bob.conversations().observe(5).unwrap();
    let sent: Vec<String> = (0..40).map(|n| n.to_string()).collect();
    for text in &sent {
        wait(alice.messages().send_text(with("bob"), text.clone(), None)).unwrap();
    }
    let mut heard = Vec::new();
    while heard.len() < sent.len() {
        // Each batch is lost once before it arrives.
        lose(events.subscription.next(events.taken, 3, None));
        let batch = wait(events.subscription.next(events.taken, 3, None)).unwrap().unwrap();
        events.taken = batch.number;
        heard.extend(batch.events.into_iter().filter_map(|event| match event {
            Event::MessageReceived(message) => Some(message.text().unwrap().to_owned()),
            _ => None,
        }));
    }
    assert_eq!(heard, sent);

    lose(list.next(0, None));
    let first = wait(list.next(0, None)).unwrap().unwrap();
    assert!(matches!(first.update, ConversationUpdate::Snapshot { .. }), "not the changes to it");
    // Dropped before there is anything: nothing is lost either.
    let mut call = Box::pin(events.subscription.next(events.taken, 3, None));
    let _ = call.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    drop(call);
    wait(alice.messages().send_text(with("bob"), "last".into(), None)).unwrap();
    assert_eq!(events.heard(), "last");
}

#[test]
fn stopping_ends_a_subscription_at_once() {
    let stage = Stage::new();
    let client = stage.user("alice");
    let events = client.events();
    let mut taken = 0;
    // What there is, until it waits.
    let waiting = thread::spawn({
        let events = Arc::clone(&events);
        move || {
            while let Some(batch) = wait(events.next(taken, 8, None)).unwrap() {
                taken = batch.number;
            }
        }
    });
    let list = client.conversations().observe(5).unwrap();
    let first = wait(list.next(0, None)).unwrap().unwrap();
    let updates = thread::spawn({
        let list = Arc::clone(&list);
        move || wait(list.next(first.number, None)).unwrap().is_none()
    });
    events.stop();
    list.stop();
    list.stop();
    waiting.join().unwrap();
    assert!(updates.join().unwrap());
    assert!(wait(events.next(0, 8, None)).unwrap().is_none());
}

#[test]
fn messages_of_a_batch_that_was_taken_are_not_told_again_by_the_next_start_and_others_are() {
    let stage = Stage::new();
    let (alice, carol, bob) = (stage.user("alice"), stage.user("carol"), stage.user("bob"));
    let events = bob.events();
    for n in 0..3 {
        for friend in [&alice, &carol] {
            let handle = wait(friend.messages().send_text(with("bob"), format!("{n}"), None)).unwrap();
            wait(handle.settled(None)).unwrap();
        }
    }
    until("bob has them all", || wait(bob.conversations().total_unread(None)).unwrap() == 6);
    let texts = |events: &[Event]| -> Vec<String> {
        let text = |event: &Event| match event {
            Event::MessageReceived(message) => message.text().map(str::to_owned),
            _ => None,
        };
        events.iter().filter_map(text).collect()
    };
    let (mut heard, mut taken) = (0, 0);
    let pull = |taken: &mut u64| {
        let batch = wait(events.next(*taken, 512, None)).unwrap().unwrap();
        *taken = batch.number;
        batch.events
    };
    while heard < 6 {
        heard += texts(&pull(&mut taken)).len();
    }
    let handle = wait(alice.messages().send_text(with("bob"), "not taken".into(), None)).unwrap();
    wait(handle.settled(None)).unwrap();
    while texts(&pull(&mut taken)).is_empty() {}
    wait(bob.shutdown(None)).unwrap();
    drop(bob);

    let bob = stage.client("bob");
    let mut events = Ear::new(&bob);
    wait(bob.login("bob".into(), String::new(), None)).unwrap();
    wait(alice.messages().send_text(with("bob"), "last".into(), None)).unwrap();
    assert_eq!((events.heard(), events.heard()), ("not taken".to_owned(), "last".to_owned()));
}
