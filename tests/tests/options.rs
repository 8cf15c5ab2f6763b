//! What a message may ask for beyond being delivered.
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout)]

use whinchat_core::{ConnectionState, Event, History, MessageState, NewMessage};
use whinchat_proto::limits::CONTENT_BYTES;
use whinchat_tests::device::conversation;
use whinchat_tests::stage::Stage;

#[tokio::test]
async fn excluded_messages_do_not_count_as_unread() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;
    alice.say("c2c_bob", "counts").await;
    let quiet = NewMessage::text("does not count").excluded_from_unread(true);
    alice.say_message("c2c_bob", quiet).await;
    bob.shows("c2c_alice", &["counts", "does not count"]).await;
    bob.has_unread("c2c_alice", 1).await;
    bob.reads("c2c_alice").await;
    alice.say_message("c2c_bob", NewMessage::text("nor this").excluded_from_unread(true)).await;
    alice.say("c2c_bob", "this does").await;
    bob.has_unread("c2c_alice", 1).await;
}

#[tokio::test]
async fn an_excluded_message_does_not_become_the_last_one() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;
    alice.say("c2c_bob", "stays on top").await;
    alice.say_message("c2c_bob", NewMessage::text("below").excluded_from_last_message(true)).await;
    bob.shows("c2c_alice", &["stays on top", "below"]).await;
    assert_eq!(bob.conversation("c2c_alice").await.last_message.unwrap().text(), Some("stays on top"));
    assert_eq!(alice.conversation("c2c_bob").await.last_message.unwrap().text(), Some("stays on top"));
}

#[tokio::test]
async fn online_only_messages_reach_who_is_there_and_leave_no_trace() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;
    alice.say("c2c_bob", "stored").await;
    bob.shows("c2c_alice", &["stored"]).await;
    let sent = alice.say_message("c2c_bob", NewMessage::text("fleeting").online_only(true)).await;
    assert_eq!((sent.seq, sent.state), (0, MessageState::Sent));
    let got = bob
        .told("it", |event| match event {
            Event::EphemeralReceived(message) => Some(message.clone()),
            _ => None,
        })
        .await;
    assert_eq!((got.text(), got.seq), (Some("fleeting"), 0));
    alice.say("c2c_bob", "stored too").await;
    bob.shows("c2c_alice", &["stored", "stored too"]).await;
    alice.shows("c2c_bob", &["stored", "stored too"]).await;
    assert_eq!(bob.conversation("c2c_alice").await.head_seq, 2);

    alice.proxy.offline();
    alice.offline().await;
    let message = NewMessage::text("nobody hears").online_only(true);
    let refused = match alice.client.messages().send(&conversation("c2c_bob"), message).await {
        Err(error) => error,
        Ok(handle) => handle.settled().await.unwrap_err(),
    };
    assert_eq!(refused.code, 9508);
    assert_ne!(alice.client.connection(), ConnectionState::Connected);
}

#[tokio::test]
async fn custom_bytes_arrive_as_they_were_sent() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;
    let data: Vec<u8> = (0..=255).collect();
    alice
        .say_message("c2c_bob", NewMessage::custom(data.clone(), "a picture", "{}").custom_data(vec![0, 1]))
        .await;
    bob.has_unread("c2c_alice", 1).await;
    let got = bob.history("c2c_alice").await.remove(0);
    assert_eq!(got.content.custom_data, [0, 1]);
    match &got.content.elements[..] {
        [whinchat_core::Element::Custom { data: got, description, extension }] => {
            assert_eq!((got, description.as_str(), extension.as_str()), (&data, "a picture", "{}"));
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_is_too_large_or_empty_is_refused_and_holds_nothing_up() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;
    let to = conversation("c2c_bob");
    let messages = alice.client.messages();
    let refused = messages.send_text(&to, "x".repeat(CONTENT_BYTES + 1)).await.map(drop).unwrap_err();
    assert_eq!(refused.code, 8001);
    assert_eq!(messages.send_text(&to, "").await.map(drop).unwrap_err().code, 6017);
    let largest = "é".repeat(CONTENT_BYTES / 2 - 8);
    alice.say("c2c_bob", &largest).await;
    bob.shows("c2c_alice", &[&largest]).await;
    let page = messages.history(&to, History::newest(10)).await.unwrap();
    assert_eq!(page.messages.len(), 1, "what was refused is not in the history");
}
