//! A send that was written and not answered is in doubt; it is never both failed and stored.
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout)]

use std::time::{Duration, Instant};

use whinchat_cli::fault::Direction;
use whinchat_core::{ConnectionState, MessageState, NewMessage};
use whinchat_tests::device::conversation;
use whinchat_tests::stage::Stage;
use whinchat_tests::wait::eventually;

#[tokio::test]
async fn cancelling_what_the_server_has_says_that_it_is_sent() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;
    alice.proxy.swallow(Direction::Down);
    let handle = alice.send("c2c_bob", "too late to cancel").await;
    bob.shows("c2c_alice", &["too late to cancel"]).await;
    let cancel = tokio::spawn({
        let (messages, id) = (alice.client.messages(), handle.id().clone());
        async move { messages.cancel(&id).await }
    });
    alice.proxy.cut();
    alice.proxy.restore();
    let refused = cancel.await.unwrap().unwrap_err();
    assert_eq!(refused.code, 8020, "{refused}");
    assert_eq!(handle.settled().await.unwrap().state, MessageState::Sent);
    alice.shows("c2c_bob", &["too late to cancel"]).await;
}

#[tokio::test]
async fn deleting_what_the_server_has_says_that_it_was_sent() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;
    alice.proxy.swallow(Direction::Down);
    let handle = alice.send("c2c_bob", "too late to take back").await;
    bob.shows("c2c_alice", &["too late to take back"]).await;
    alice.client.messages().delete(&conversation("c2c_bob"), &[handle.id().clone()]).await.unwrap();
    alice.proxy.cut();
    alice.proxy.restore();
    // "Cancelled" would invite sending it a second time, and bob has it.
    assert_eq!(handle.settled().await.unwrap().state, MessageState::Sent);
    alice.shows("c2c_bob", &[]).await;
    bob.shows("c2c_alice", &["too late to take back"]).await;
}

#[tokio::test]
async fn cancelling_what_never_arrived_keeps_it_from_ever_arriving() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;
    alice.proxy.swallow(Direction::Up);
    let handle = alice.send("c2c_bob", "never mind").await;
    eventually("it was written", async || (alice.proxy.swallowed() > 0).then_some(())).await;
    let cancel = tokio::spawn({
        let (messages, id) = (alice.client.messages(), handle.id().clone());
        async move { messages.cancel(&id).await }
    });
    alice.proxy.cut();
    alice.proxy.restore();
    cancel.await.unwrap().unwrap();
    assert_eq!(handle.settled().await.unwrap_err().code, 8021);
    alice.say("c2c_bob", "something else").await;
    bob.shows("c2c_alice", &["something else"]).await;
}

#[tokio::test]
async fn what_waits_is_cancelled_at_once() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;
    alice.proxy.offline();
    alice.offline().await;
    let first = alice.send("c2c_bob", "first").await;
    let second = alice.send("c2c_bob", "second").await;
    first.cancel().await.unwrap();
    assert_eq!(first.settled().await.unwrap_err().code, 8021);
    alice.proxy.restore();
    second.settled().await.unwrap();
    bob.shows("c2c_alice", &["second"]).await;
}

#[tokio::test]
async fn a_send_whose_time_is_over_fails_and_can_be_sent_again() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;
    alice.proxy.offline();
    alice.offline().await;
    let message = NewMessage::text("in time or not at all").timeout(Duration::from_millis(100));
    let handle = alice.client.messages().send(&conversation("c2c_bob"), message).await.unwrap();
    let id = handle.id().clone();
    let error = handle.settled().await.unwrap_err();
    assert_eq!(error.code, 6012);
    let kept = alice.client.messages().get(&id).await.unwrap().unwrap();
    assert!(matches!(kept.state, MessageState::Failed(error) if error.code == 6012));
    alice.proxy.restore();
    alice.say("c2c_bob", "another").await;
    bob.shows("c2c_alice", &["another"]).await;

    let again = alice.client.messages().retry(&id).await.unwrap();
    assert_eq!(again.settled().await.unwrap().seq, 2);
    bob.shows("c2c_alice", &["another", "in time or not at all"]).await;
    alice.shows("c2c_bob", &["another", "in time or not at all"]).await;
}

#[tokio::test]
async fn a_time_that_is_over_in_doubt_is_settled_with_the_server_first() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;
    alice.proxy.swallow(Direction::Down);
    let message = NewMessage::text("stored, but nobody says so").timeout(Duration::from_millis(300));
    let handle = alice.client.messages().send(&conversation("c2c_bob"), message).await.unwrap();
    bob.shows("c2c_alice", &["stored, but nobody says so"]).await;
    alice.proxy.cut();
    // No answer can come for longer than the message has time.
    eventually("the client tries again", async || (alice.proxy.swallowed() > 400).then_some(())).await;
    alice.proxy.restore();
    alice.proxy.cut();
    assert_eq!(handle.settled().await.unwrap().seq, 1, "the server has it, so it did not fail");
}

#[tokio::test]
async fn at_whatever_moment_it_is_cancelled_a_message_is_either_stored_or_cancelled() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;
    let mut stored = Vec::new();
    for n in 0..150_u32 {
        let text = format!("message {n}");
        let handle = alice.send("c2c_bob", &text).await;
        let (messages, id) = (alice.client.messages(), handle.id().clone());
        // The outbox takes the message up on a thread of its own some microseconds later: each round comes a little later.
        let moment = Instant::now() + Duration::from_micros(u64::from(n % 15) * 10);
        while Instant::now() < moment {
            std::hint::spin_loop();
        }
        match tokio::join!(messages.cancel(&id), handle.settled()) {
            (Err(refused), Ok(_)) => {
                assert_eq!(refused.code, 8020);
                stored.push(text);
            }
            (Ok(()), Err(error)) => assert_eq!(error.code, 8021),
            both => panic!("neither stored nor cancelled, or both: {both:?}"),
        }
    }
    let last = "the last word";
    alice.say("c2c_bob", last).await;
    stored.push(last.to_owned());
    let stored: Vec<&str> = stored.iter().map(String::as_str).collect();
    bob.shows("c2c_alice", &stored).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cancelling_a_queue_that_is_just_leaving_stores_or_cancels_each() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;
    let mut stored = Vec::new();
    for round in 0..6_u32 {
        alice.proxy.offline();
        alice.offline().await;
        let mut handles = Vec::new();
        for n in 0..40 {
            let text = format!("message {n} of round {round}");
            handles.push((text.clone(), alice.send("c2c_bob", &text).await));
        }
        alice.proxy.restore();
        while alice.client.connection() != ConnectionState::Connected {
            tokio::task::yield_now().await;
        }
        let cancels: Vec<_> = handles
            .iter()
            .map(|(_, handle)| {
                let (messages, id) = (alice.client.messages(), handle.id().clone());
                tokio::spawn(async move { messages.cancel(&id).await })
            })
            .collect();
        for ((text, handle), cancel) in handles.into_iter().zip(cancels) {
            match (cancel.await.unwrap(), handle.settled().await) {
                (Err(refused), Ok(_)) => {
                    assert_eq!(refused.code, 8020);
                    stored.push(text);
                }
                (Ok(()), Err(error)) => assert_eq!(error.code, 8021),
                both => panic!("neither stored nor cancelled, or both: {both:?}"),
            }
        }
    }
    let last = "the last word";
    alice.say("c2c_bob", last).await;
    stored.push(last.to_owned());
    let stored: Vec<&str> = stored.iter().map(String::as_str).collect();
    bob.shows("c2c_alice", &stored).await;
}
