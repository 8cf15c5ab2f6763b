//! History without a network, beside what waits to be sent.
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout)]

use whinchat_core::History;
use whinchat_tests::device::conversation;
use whinchat_tests::stage::Stage;

#[tokio::test]
async fn what_failed_long_ago_is_not_shown_across_a_hole() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;
    alice.say("c2c_bob", "before").await;
    bob.shows("c2c_alice", &["before"]).await;
    // It has failed when the conversation had one message.
    bob.proxy.offline();
    bob.offline().await;
    let failed = bob.send("c2c_alice", "taken back").await;
    failed.cancel().await.unwrap();
    let mut handles = Vec::new();
    for n in 0..250 {
        handles.push(alice.send("c2c_bob", &n.to_string()).await);
    }
    for handle in handles {
        handle.settled().await.unwrap();
    }
    bob.proxy.restore();
    bob.online().await;
    bob.has_unread("c2c_alice", 251).await;
    bob.proxy.offline();
    bob.offline().await;
    let waits = bob.send("c2c_alice", "waits").await;

    let id = conversation("c2c_alice");
    let messages = bob.client.messages();
    let mut page = messages.history(&id, History::newest(60)).await.unwrap();
    assert_eq!(&page.messages[0].id, waits.id());
    let mut seen = Vec::new();
    while let Some(oldest) = page.messages.last().map(|message| message.id.clone()) {
        if page.missing_newer {
            seen.push("a break".to_owned());
        }
        seen.extend(page.messages.iter().filter_map(|message| message.text().map(str::to_owned)));
        page = messages.history(&id, History::older(&oldest, 60)).await.unwrap();
    }
    let tail: Vec<&str> = seen.iter().rev().take(3).rev().map(String::as_str).collect();
    assert_eq!(tail, ["a break", "taken back", "before"]);
    assert_eq!(seen.iter().filter(|text| *text == "taken back").count(), 1);
}
