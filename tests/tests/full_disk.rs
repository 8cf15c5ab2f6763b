//! A disk without space, on either side.
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout)]

use rusqlite::Connection;
use whinchat_core::{ConnectionState, Platform};
use whinchat_tests::device::{Device, conversation};
use whinchat_tests::small_disk::SmallDisk;
use whinchat_tests::stage::Stage;
use whinchat_tests::wait::eventually;

#[tokio::test]
async fn a_client_without_space_refuses_to_send_reads_on_and_catches_up_later() {
    let Some(disk) = SmallDisk::mount(4) else { return };
    let stage = Stage::new().await;
    let bob = stage.device("bob").await;
    let alice = Device::open("alice", Platform::Desktop, &disk.path().join("alice"), stage.addr()).await;
    alice.log_in().await;
    bob.say("c2c_alice", "one").await;
    alice.shows("c2c_bob", &["one"]).await;

    disk.fill();
    let to = conversation("c2c_bob");
    // Files may have some room left inside; it is used up soon.
    let mut accepted = Vec::new();
    let refused = eventually("sending is refused", async || {
        let text = format!("{} {}", accepted.len(), "x".repeat(4_000));
        match alice.client.messages().send_text(&to, text.clone()).await {
            Ok(handle) => {
                accepted.push((text, handle));
                None
            }
            Err(error) => Some(error),
        }
    })
    .await;
    assert_eq!(refused.code, 6022, "{refused}");
    let mut from_bob = vec!["one".to_owned()];
    for n in 0..40 {
        let text = format!("{n} {}", "y".repeat(4_000));
        bob.say("c2c_alice", &text).await;
        from_bob.push(text);
    }
    assert!(alice.texts("c2c_bob").await.contains(&"one".to_owned()), "reads go on");

    disk.free();
    let mut own = Vec::new();
    for (text, handle) in accepted {
        handle.settled().await.unwrap();
        own.push(text);
    }
    alice.say("c2c_bob", "room again").await;
    eventually("everything is there once and in order", async || {
        let shown = alice.texts("c2c_bob").await;
        let of_bob: Vec<_> = shown.iter().filter(|text| from_bob.contains(text)).cloned().collect();
        let of_alice: Vec<_> = shown.iter().filter(|text| own.contains(text)).collect();
        (of_bob == from_bob && of_alice.len() == own.len() && shown.len() == from_bob.len() + own.len() + 1)
            .then_some(())
    })
    .await;
    assert_eq!(bob.texts("c2c_alice").await, alice.texts("c2c_bob").await);
}

#[tokio::test]
async fn a_server_without_space_loses_nothing_and_goes_on_when_there_is_space() {
    let Some(disk) = SmallDisk::mount(4) else { return };
    let stage = Stage::in_folder(&disk.path().join("server")).await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;
    alice.say("c2c_bob", "one").await;
    bob.shows("c2c_alice", &["one"]).await;

    disk.fill();
    let mut handles = Vec::new();
    let mut texts = vec!["one".to_owned()];
    for n in 0..60 {
        let text = format!("{n} {}", "x".repeat(4_000));
        handles.push(alice.send("c2c_bob", &text).await);
        texts.push(text);
    }
    // Reading goes on while writing fails.
    assert_eq!(bob.texts("c2c_alice").await.first().map(String::as_str), Some("one"));
    assert_eq!(bob.client.connection(), ConnectionState::Connected);
    let last = handles.pop().unwrap();
    let mut last = std::pin::pin!(last.settled());
    let early = tokio::time::timeout(std::time::Duration::from_millis(500), &mut last).await;
    assert!(early.is_err(), "nothing can be acknowledged that is not stored: {early:?}");

    disk.free();
    for handle in handles {
        handle.settled().await.unwrap();
    }
    last.await.unwrap();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    bob.shows("c2c_alice", &texts).await;
    alice.shows("c2c_bob", &texts).await;
}

#[tokio::test]
async fn a_settled_message_leaves_the_outbox_once_the_disk_lets_it() {
    let stage = Stage::new().await;
    let bob = stage.device("bob").await;
    let alice = stage.device("alice").await;
    let own = Connection::open(alice.user_folder().join("own.db")).unwrap();
    let rows = || own.query_row("SELECT count(*) FROM outbox", [], |row| row.get::<_, i64>(0)).unwrap();
    // As a disk without room does: what is there can be read, and nothing can be changed.
    own.execute_batch(
        "CREATE TRIGGER full BEFORE DELETE ON outbox BEGIN SELECT raise(ABORT, 'no room'); END",
    )
    .unwrap();
    alice.say("c2c_bob", "one").await;
    bob.shows("c2c_alice", &["one"]).await;
    assert_eq!(rows(), 1);
    own.execute_batch("DROP TRIGGER full").unwrap();
    eventually("the outbox is empty without a restart", async || (rows() == 0).then_some(())).await;
    bob.shows("c2c_alice", &["one"]).await;
}

#[tokio::test]
async fn a_refusal_is_told_when_it_is_written_down() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let own = Connection::open(alice.user_folder().join("own.db")).unwrap();
    own.execute_batch(
        "CREATE TRIGGER full BEFORE UPDATE ON outbox BEGIN SELECT raise(ABORT, 'no room'); END",
    )
    .unwrap();
    let handle = alice.send("c2c_nobody", "told too early, it would go out after a restart").await;
    let mut end = std::pin::pin!(handle.settled());
    let early = tokio::time::timeout(std::time::Duration::from_millis(500), &mut end).await;
    assert!(early.is_err(), "{early:?}");
    own.execute_batch("DROP TRIGGER full").unwrap();
    assert_eq!(end.await.unwrap_err().code, 20003);
    let state: i64 = own.query_row("SELECT state FROM outbox", [], |row| row.get(0)).unwrap();
    assert_eq!(state, 1, "failed, and not to be sent by itself");
}
