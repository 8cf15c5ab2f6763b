//! The server's database is put back to an older copy.
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout)]

use whinchat_core::Platform;
use whinchat_tests::device::conversation;
use whinchat_tests::stage::Stage;
use whinchat_tests::wait::eventually;

#[tokio::test]
async fn what_was_acknowledged_comes_back_from_the_devices_that_have_it() {
    let mut stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;
    let carol = stage.device("carol").await;
    alice.say("c2c_bob", "in the copy").await;
    carol.say("c2c_bob", "untouched").await;
    bob.shows("c2c_alice", &["in the copy"]).await;
    stage.stop_server().await;
    let copy = stage.copy_database();
    stage.start_server(&[&alice, &bob, &carol]).await;
    let late = stage.device_on("alice", Platform::Android).await;
    alice.say("c2c_bob", "after the copy").await;
    bob.shows("c2c_alice", &["in the copy", "after the copy"]).await;
    bob.say("c2c_alice", "an answer").await;
    alice.shows("c2c_bob", &["in the copy", "after the copy", "an answer"]).await;

    stage.stop_server().await;
    stage.restore_database(&copy);
    stage.start_server(&[&alice, &bob, &carol, &late]).await;
    alice.online().await;
    bob.online().await;
    // Her first login was after the copy: the server does not know her session, and it is no fault of hers.
    late.online().await;
    alice.say("c2c_bob", "after the restore").await;
    eventually("both show everything that was acknowledged, once, and agree", async || {
        let (at_alice, at_bob) = (alice.texts("c2c_bob").await, bob.texts("c2c_alice").await);
        let mut sorted = at_alice.clone();
        sorted.sort_unstable();
        let all = ["after the copy", "after the restore", "an answer", "in the copy"];
        (sorted == all && at_alice == at_bob).then_some(())
    })
    .await;
    carol.shows("c2c_bob", &["untouched"]).await;
    carol.say("c2c_bob", "still untouched").await;
    bob.shows("c2c_carol", &["untouched", "still untouched"]).await;
    // A device that knew nothing of all this sees the same.
    let fresh = stage.device_on("bob", Platform::Android).await;
    assert_eq!(fresh.texts("c2c_alice").await, bob.texts("c2c_alice").await);
}

#[tokio::test]
async fn marks_that_the_server_forgot_are_told_again_by_the_devices_that_have_them() {
    let mut stage = Stage::new().await;
    let (alice, carol) = (stage.device("alice").await, stage.device("carol").await);
    let bob = stage.device("bob").await;
    alice.say("c2c_bob", "to be read").await;
    carol.say("c2c_bob", "to be emptied").await;
    bob.has_unread("c2c_alice", 1).await;
    bob.shows("c2c_carol", &["to be emptied"]).await;
    stage.stop_server().await;
    let copy = stage.copy_database();
    stage.start_server(&[&alice, &bob, &carol]).await;
    bob.online().await;
    bob.reads("c2c_alice").await;
    bob.client.conversations().clear_history(&conversation("c2c_carol")).await.unwrap();
    eventually("it has reached the server", async || bob.client.is_drained().then_some(())).await;

    stage.stop_server().await;
    stage.restore_database(&copy);
    stage.start_server(&[&alice, &bob, &carol]).await;
    bob.online().await;
    // What the server does not know, a device that is new cannot know either.
    let fresh = stage.device_on("bob", Platform::Android).await;
    fresh.has_unread("c2c_alice", 0).await;
    fresh.shows("c2c_carol", &[]).await;
    let read = fresh.conversation("c2c_alice").await.read_seq;
    assert_eq!((read, bob.conversation("c2c_alice").await.read_seq), (1, 1));
}
