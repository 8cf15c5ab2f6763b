//! The end of a login or of a client, at the most unfortunate moment.
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout)]

use std::time::Duration;

use whinchat_cli::fault::{Direction, FaultProxy};
use whinchat_core::Platform;
use whinchat_tests::account::user_sig;
use whinchat_tests::device::{Device, conversation};
use whinchat_tests::stage::Stage;

#[tokio::test]
async fn who_waits_for_a_message_is_told_when_the_client_was_dropped() {
    let stage = Stage::new().await;
    let _bob = stage.device("bob").await;
    let proxy = FaultProxy::start(stage.addr()).await.unwrap();
    let folder = stage.folder().join("alone");
    let client = Device::builder(&folder, Platform::Desktop, proxy.addr()).build().unwrap();
    client.login("alice", user_sig("alice")).await.unwrap();
    proxy.swallow(Direction::Up);
    let handle = client.messages().send_text(&conversation("c2c_bob"), "on its way").await.unwrap();
    let waiting = tokio::spawn(async move { handle.settled().await });
    drop(client);
    let ended = tokio::time::timeout(Duration::from_secs(10), waiting).await.expect("it ends").unwrap();
    assert_eq!(ended.unwrap_err().code, 7009);
}

#[tokio::test]
async fn a_logout_ends_a_login_that_is_opening_its_files() {
    let stage = Stage::new().await;
    let alice = stage.device_not_logged_in("alice", Platform::Desktop).await;
    let sig = user_sig("alice");
    let (login, logout) = tokio::join!(alice.client.login("alice", &sig), alice.client.logout());
    logout.unwrap();
    assert_eq!(login.unwrap_err().code, 6023);
    assert_eq!(alice.client.user(), None);
    alice.log_in().await;
}

#[tokio::test]
async fn a_client_that_is_closed_during_a_login_stays_closed_and_gives_its_folder_back() {
    let stage = Stage::new().await;
    let alice = stage.device_not_logged_in("alice", Platform::Desktop).await;
    let sig = user_sig("alice");
    let (login, ()) = tokio::join!(alice.client.login("alice", &sig), alice.client.close());
    login.unwrap_err();
    assert_eq!(alice.client.user(), None);
    let again = Device::builder(alice.folder(), Platform::Desktop, stage.addr()).build().unwrap();
    again.login("alice", &sig).await.unwrap();
}
