//! One user on several devices.
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout)]

use whinchat_core::{ConnectionState, Event, Platform};
use whinchat_tests::account::user_sig;
use whinchat_tests::stage::Stage;

#[tokio::test]
async fn two_devices_of_one_user_agree() {
    let stage = Stage::new().await;
    let desktop = stage.device("alice").await;
    let phone = stage.device_on("alice", Platform::Android).await;
    let bob = stage.device("bob").await;
    desktop.say("c2c_bob", "from the desktop").await;
    phone.shows("c2c_bob", &["from the desktop"]).await;
    phone.say("c2c_bob", "from the phone").await;
    bob.say("c2c_alice", "from bob").await;
    bob.say("c2c_alice", "again").await;
    let all = ["from the desktop", "from the phone", "from bob", "again"];
    for device in [&desktop, &phone] {
        device.shows("c2c_bob", &all).await;
        device.has_unread("c2c_bob", 2).await;
        assert!(device.history("c2c_bob").await[..2].iter().all(|message| message.is_own));
    }
    phone.reads("c2c_bob").await;
    desktop.has_unread("c2c_bob", 0).await;
    assert_eq!(desktop.conversation("c2c_bob").await.read_seq, 4);
    bob.say("c2c_alice", "new").await;
    desktop.has_unread("c2c_bob", 1).await;
    phone.has_unread("c2c_bob", 1).await;
}

#[tokio::test]
async fn a_mark_set_offline_does_not_swallow_what_came_since() {
    let stage = Stage::new().await;
    let desktop = stage.device("alice").await;
    let phone = stage.device_on("alice", Platform::Android).await;
    let bob = stage.device("bob").await;
    bob.say("c2c_alice", "seen").await;
    phone.has_unread("c2c_bob", 1).await;
    phone.proxy.offline();
    phone.offline().await;
    phone.reads("c2c_bob").await;
    phone.has_unread("c2c_bob", 0).await;
    bob.say("c2c_alice", "not seen").await;
    desktop.has_unread("c2c_bob", 2).await;
    phone.proxy.restore();
    desktop.has_unread("c2c_bob", 1).await;
    phone.has_unread("c2c_bob", 1).await;
}

#[tokio::test]
async fn the_newer_device_of_a_kind_wins_and_the_older_is_told_and_stays_out() {
    let stage = Stage::new().await;
    let old = stage.device_on("alice", Platform::Android).await;
    let new = stage.device_on("alice", Platform::Android).await;
    let error = old
        .told("its end", |event| match event {
            Event::KickedOffline(error) => Some(error.clone()),
            _ => None,
        })
        .await;
    assert_eq!(error.code, 6208);
    assert_eq!(old.client.connection(), ConnectionState::LoggedOut);
    let connections = old.proxy.accepted();
    let bob = stage.device("bob").await;
    bob.say("c2c_alice", "to the new one").await;
    new.shows("c2c_bob", &["to the new one"]).await;
    assert_eq!(old.proxy.accepted(), connections, "it does not come back by itself");
    // Unless the user wants so.
    old.client.login("alice", &user_sig("alice")).await.unwrap();
    old.shows("c2c_bob", &["to the new one"]).await;
    new.told("its end", |event| matches!(event, Event::KickedOffline(_)).then_some(())).await;
}

#[tokio::test]
async fn a_device_that_was_displaced_while_away_is_told_when_it_comes_back() {
    let stage = Stage::new().await;
    let old = stage.device_on("alice", Platform::Android).await;
    old.proxy.offline();
    old.offline().await;
    let new = stage.device_on("alice", Platform::Android).await;
    old.proxy.restore();
    old.told("its end", |event| {
        matches!(event, Event::KickedOffline(error) if error.code == 6208).then_some(())
    })
    .await;
    assert_eq!(new.client.connection(), ConnectionState::Connected, "a resume never displaces");
}
