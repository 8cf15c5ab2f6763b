//! The network fails in every way it can; every message still arrives once and in order.
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout)]

use std::time::Duration;

use whinchat_cli::fault::Direction;
use whinchat_core::{ConnectionState, Event};
use whinchat_tests::stage::Stage;
use whinchat_tests::wait::eventually;

fn numbered(range: std::ops::Range<u32>) -> Vec<String> {
    range.map(|n| format!("message {n}")).collect()
}

fn strs(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

#[tokio::test]
async fn what_was_written_offline_arrives_once_and_in_order() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;
    alice.say("c2c_bob", "before").await;
    bob.say("c2c_alice", "before too").await;
    alice.shows("c2c_bob", &["before", "before too"]).await;

    alice.proxy.offline();
    alice.offline().await;
    let queued = numbered(0..20);
    let mut handles = Vec::new();
    for text in &queued {
        handles.push(alice.send("c2c_bob", text).await);
    }
    for text in ["while you", "were away"] {
        bob.say("c2c_alice", text).await;
    }
    assert!(alice.texts("c2c_bob").await.contains(&"message 19".to_owned()), "what waits is shown");

    alice.proxy.restore();
    for handle in handles {
        handle.settled().await.unwrap();
    }
    let mut all = vec!["before", "before too", "while you", "were away"];
    let queued = strs(&queued);
    all.extend(&queued);
    bob.shows("c2c_alice", &all).await;
    alice.shows("c2c_bob", &all).await;
    bob.announces("c2c_alice", &[["before"].as_slice(), &queued].concat()).await;
    alice.announces("c2c_bob", &["before too", "while you", "were away"]).await;
}

#[tokio::test]
async fn cuts_in_the_middle_of_frames_neither_lose_nor_double_anything() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;
    let texts = numbered(0..60);
    let mut handles = Vec::new();
    for (round, texts) in (0_u64..).zip(texts.chunks(6)) {
        alice.proxy.cut_after(50 + round * 137 % 400);
        bob.proxy.cut_after(round * 153 % 300);
        let first = alice.send("c2c_bob", &texts[0]).await;
        for text in &texts[1..] {
            handles.push(alice.send("c2c_bob", text).await);
        }
        // The first of them is through, the others are somewhere on their way when the next cut comes.
        first.settled().await.unwrap();
    }
    alice.proxy.restore();
    bob.proxy.restore();
    for handle in handles {
        handle.settled().await.unwrap();
    }
    bob.shows("c2c_alice", &strs(&texts)).await;
    bob.announces("c2c_alice", &texts).await;
    assert!(alice.proxy.accepted() > 1, "there were cuts");
}

#[tokio::test]
async fn answers_that_vanish_do_not_double_what_was_stored() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;
    alice.proxy.swallow(Direction::Down);
    let handles = [alice.send("c2c_bob", "one").await, alice.send("c2c_bob", "two").await];
    // Bob has them, alice does not know.
    bob.shows("c2c_alice", &["one", "two"]).await;
    alice.proxy.restore();
    for handle in handles {
        handle.settled().await.unwrap();
    }
    alice.say("c2c_bob", "three").await;
    bob.shows("c2c_alice", &["one", "two", "three"]).await;
    alice.shows("c2c_bob", &["one", "two", "three"]).await;
}

#[tokio::test]
async fn a_half_open_link_is_found_and_replaced_without_help() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;
    bob.say("c2c_alice", "before").await;
    alice.shows("c2c_bob", &["before"]).await;
    let connections = alice.proxy.accepted();

    alice.proxy.half_open();
    bob.say("c2c_alice", "into the void").await;
    eventually("a byte has vanished", async || (alice.proxy.swallowed() > 0).then_some(())).await;
    // The old connection stays dead; only a new one can bring the message.
    alice.proxy.restore();
    alice.shows("c2c_bob", &["before", "into the void"]).await;
    assert!(alice.proxy.accepted() > connections);
    alice.announces("c2c_bob", &["before", "into the void"]).await;
    assert!(
        alice.events().iter().all(|event| !matches!(event, Event::KickedOffline(_))),
        "the device replaces its own ghost silently"
    );
}

#[tokio::test]
async fn a_slow_and_late_link_only_takes_longer() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;
    alice.proxy.throttle(6_000);
    alice.proxy.delay(Duration::from_millis(40), Duration::from_millis(40));
    bob.proxy.delay(Duration::from_millis(60), Duration::from_millis(20));
    let texts = numbered(0..30);
    let mut handles = Vec::new();
    for text in &texts {
        handles.push(alice.send("c2c_bob", text).await);
    }
    for handle in handles {
        handle.settled().await.unwrap();
    }
    bob.shows("c2c_alice", &strs(&texts)).await;
    bob.announces("c2c_alice", &texts).await;
}

#[tokio::test]
async fn a_server_that_was_away_is_found_again() {
    let mut stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;
    alice.say("c2c_bob", "before").await;
    stage.stop_server().await;
    alice.offline().await;
    bob.offline().await;
    let (from_alice, from_bob) =
        (alice.send("c2c_bob", "queued").await, bob.send("c2c_alice", "queued too").await);
    alice
        .told("an attempt that failed", |event| {
            matches!(event, Event::ConnectionChanged(ConnectionState::Waiting { .. })).then_some(())
        })
        .await;
    stage.start_server(&[&alice, &bob]).await;
    from_alice.settled().await.unwrap();
    from_bob.settled().await.unwrap();
    eventually("both show the same three", async || {
        let (at_alice, at_bob) = (alice.texts("c2c_bob").await, bob.texts("c2c_alice").await);
        (at_alice.len() == 3 && at_alice == at_bob).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_conversation_that_begins_while_one_is_away_is_announced_from_its_beginning() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;
    bob.proxy.offline();
    bob.offline().await;
    for text in ["hello", "are you", "there?"] {
        alice.say("c2c_bob", text).await;
    }
    bob.proxy.restore();
    bob.told("the last", |event| {
        matches!(event, Event::MessageReceived(message) if message.text() == Some("there?")).then_some(())
    })
    .await;
    bob.announces("c2c_alice", &["hello", "are you", "there?"]).await;
}
