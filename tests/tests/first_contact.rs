//! Two people who never talked before.
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout)]

use whinchat_core::{ConversationId, Event, MessageState, Platform};
use whinchat_tests::device::conversation;
use whinchat_tests::stage::Stage;

#[tokio::test]
async fn the_first_words_arrive_both_ways_once_and_in_order() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;

    let first = alice.say("c2c_bob", "hello").await;
    assert_eq!((first.seq, first.state.clone(), first.is_own), (1, MessageState::Sent, true));
    bob.shows("c2c_alice", &["hello"]).await;
    bob.has_unread("c2c_alice", 1).await;
    bob.say("c2c_alice", "hello yourself").await;
    alice.shows("c2c_bob", &["hello", "hello yourself"]).await;
    alice.say("c2c_bob", "how are you?").await;

    let all = ["hello", "hello yourself", "how are you?"];
    bob.shows("c2c_alice", &all).await;
    alice.shows("c2c_bob", &all).await;
    bob.told("the question", |event| {
        matches!(event, Event::MessageReceived(message) if message.text() == Some("how are you?"))
            .then_some(())
    })
    .await;
    bob.announces("c2c_alice", &["hello", "how are you?"]).await;
    alice.announces("c2c_bob", &["hello yourself"]).await;

    let (at_alice, at_bob) = (alice.history("c2c_bob").await, bob.history("c2c_alice").await);
    let ids = |messages: &[whinchat_core::Message]| messages.iter().map(|m| m.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&at_alice), ids(&at_bob), "a message has one id on every device");
    assert_eq!(at_alice.iter().map(|m| (m.seq, m.time_ms)).collect::<Vec<_>>(), {
        at_bob.iter().map(|m| (m.seq, m.time_ms)).collect::<Vec<_>>()
    });
}

#[tokio::test]
async fn a_conversation_shows_its_last_message_and_its_unread_until_it_is_read() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;
    for text in ["one", "two", "three"] {
        alice.say("c2c_bob", text).await;
    }
    bob.has_unread("c2c_alice", 3).await;
    assert_eq!(bob.client.conversations().total_unread().await.unwrap(), 3);
    bob.reads("c2c_alice").await;
    bob.has_unread("c2c_alice", 0).await;
    bob.told("no unread at all", |event| matches!(event, Event::TotalUnreadChanged(0)).then_some(())).await;
    let shown = bob.conversation("c2c_alice").await;
    assert_eq!(shown.last_message.unwrap().text(), Some("three"));
    assert_eq!((shown.read_seq, shown.head_seq), (3, 3));
    alice.say("c2c_bob", "four").await;
    bob.has_unread("c2c_alice", 1).await;
    assert_eq!(alice.conversation("c2c_bob").await.unread, 0, "one's own messages are never unread");
}

#[tokio::test]
async fn whoever_is_not_there_cannot_be_written_to() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let refused =
        async |to: &str| alice.send(to, "is anybody there?").await.settled().await.unwrap_err().code;
    assert_eq!(refused("c2c_nobody").await, 20003, "an unknown user");
    assert_eq!(refused("group_nothing").await, 10010, "an unknown group");
    assert_eq!(ConversationId::parse("c2c_").unwrap_err().code, 6004, "nobody");
    assert_eq!(ConversationId::parse("somewhere").unwrap_err().code, 6004, "no conversation id");
    let to_self = alice.client.messages().send_text(&conversation("c2c_alice"), "me").await;
    match to_self {
        Err(error) => assert_eq!(error.code, 6011, "oneself"),
        Ok(handle) => assert_eq!(handle.settled().await.unwrap_err().code, 6011, "oneself"),
    }
    // A failure does not hold up what comes behind it.
    let bob = stage.device_on("bob", Platform::Android).await;
    alice.say("c2c_bob", "you are").await;
    bob.shows("c2c_alice", &["you are"]).await;
}
