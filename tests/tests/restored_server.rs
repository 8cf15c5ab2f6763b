//! The server's database is put back to an older copy.
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout)]

use whinchat_core::Platform;
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
