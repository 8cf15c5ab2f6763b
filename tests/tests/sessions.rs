//! Who may be logged in, and for how long.
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout)]

use whinchat_core::{ConnectionState, Event, Platform};
use whinchat_proto::id::UserId;
use whinchat_proto::wire;
use whinchat_server::{Admin, AdminError, ServerError};
use whinchat_tests::account::{user_sig, user_sig_for};
use whinchat_tests::device::Device;
use whinchat_tests::nodes::{Life, Nodes};

fn alice() -> UserId {
    UserId::new("alice").unwrap()
}

/// What a device was told at its end: the code and the sentence.
async fn ended(device: &Device) -> (i32, String) {
    let told = device
        .told("its end", |event| match event {
            Event::KickedOffline(error) | Event::LoginExpired(error) => {
                Some((error.code, error.message.clone()))
            }
            _ => None,
        })
        .await;
    assert_eq!(device.client.connection(), ConnectionState::LoggedOut);
    told
}

#[tokio::test]
async fn an_android_phone_and_an_iphone_stand_side_by_side_on_different_nodes() {
    let nodes = Nodes::start(Life::Apart, None).await;
    let android = nodes.device(0, "alice", Platform::Android).await;
    let iphone = nodes.device(1, "alice", Platform::Ios).await;
    let bob = nodes.device(0, "bob", Platform::Web).await;
    bob.say("c2c_alice", "to both").await;
    for device in [&android, &iphone] {
        device.announces("c2c_bob", &["to both"]).await;
    }
    iphone.say("c2c_bob", "from one").await;
    android.shows("c2c_bob", &["to both", "from one"]).await;
    let second = nodes.device(1, "alice", Platform::Android).await;
    assert_eq!(ended(&android).await.0, 6208);
    assert_eq!(iphone.client.connection(), ConnectionState::Connected);
    assert_eq!(second.client.connection(), ConnectionState::Connected);
}

#[tokio::test]
async fn who_was_put_out_while_away_stays_out_at_every_node_and_harms_nobody() {
    for life in [Life::Apart, Life::TogetherAndDeaf] {
        let nodes = Nodes::start(life, None).await;
        let old = nodes.device(0, "alice", Platform::Android).await;
        old.proxy.offline();
        old.offline().await;
        let new = nodes.device(0, "alice", Platform::Android).await;
        // It comes back late, at the other node, with the session that it had.
        old.proxy.set_upstream(nodes.addr(1));
        old.proxy.restore();
        assert_eq!(ended(&old).await.0, 6208);
        let bob = nodes.device(1, "bob", Platform::Desktop).await;
        bob.say("c2c_alice", "still there").await;
        new.shows("c2c_bob", &["still there"]).await;
        assert_eq!(new.client.connection(), ConnectionState::Connected, "{life:?}");
    }
}

#[tokio::test]
async fn a_kicked_user_is_told_by_whom_cannot_resume_and_may_log_in_again() {
    let nodes = Nodes::start(Life::Apart, None).await;
    let here = nodes.device(0, "alice", Platform::Desktop).await;
    let away = nodes.device(1, "alice", Platform::Tablet).await;
    away.proxy.offline();
    away.offline().await;
    assert_eq!(nodes.server(1).admin().kick(&alice(), None).await.unwrap(), 2);
    away.proxy.restore();
    for device in [&here, &away] {
        let (code, message) = ended(device).await;
        assert!(code == 6208 && message.contains("administrator"), "{code} {message}");
    }
    // Twice is once.
    assert_eq!(nodes.server(0).admin().kick(&alice(), None).await.unwrap(), 0);
    here.log_in().await;
    let bob = nodes.device(1, "bob", Platform::Desktop).await;
    bob.say("c2c_alice", "welcome back").await;
    here.shows("c2c_bob", &["welcome back"]).await;
}

#[tokio::test]
async fn a_revoked_signature_opens_nothing_any_more_and_a_newer_one_does() {
    let nodes = Nodes::start(Life::Apart, None).await;
    let stolen = user_sig("alice");
    let here = nodes.device_not_logged_in(0, "alice", Platform::Desktop).await;
    here.client.login("alice", &stolen).await.unwrap();
    let away = nodes.device_not_logged_in(1, "alice", Platform::Web).await;
    away.client.login("alice", &stolen).await.unwrap();
    away.proxy.offline();
    away.offline().await;
    let admin = Admin::at(&nodes.data()).await.unwrap();
    assert_eq!(admin.revoke(&alice()).await.unwrap(), 2);
    away.proxy.restore();
    for device in [&here, &away] {
        assert_eq!(ended(device).await.0, 70052);
    }
    for node in 0..2 {
        let thief = nodes.device_not_logged_in(node, "alice", Platform::Android).await;
        assert_eq!(thief.client.login("alice", &stolen).await.unwrap_err().code, 70052);
    }
    // Made in a later second, as the app's backend will after it has heard of it.
    let fresh = user_sig_made("alice", 2);
    here.client.login("alice", &fresh).await.unwrap();
    // Others are not concerned.
    let bob = nodes.device(1, "bob", Platform::Desktop).await;
    bob.say("c2c_alice", "yours again").await;
    here.shows("c2c_bob", &["yours again"]).await;

    let nobody = UserId::new("nobody").unwrap();
    assert!(matches!(admin.revoke(&nobody).await, Err(AdminError::NoSuchUser(_))));
    assert!(matches!(admin.kick(&nobody, None).await, Err(AdminError::NoSuchUser(_))));
    admin.close().await;
    let elsewhere = Admin::at(nodes.folder()).await;
    assert!(matches!(elsewhere.map(drop), Err(ServerError::NoDatabase(_))));
}

/// A UserSig that was made so many seconds from now, good for a day.
fn user_sig_made(user: &str, in_s: i64) -> String {
    use whinchat_proto::user_sig::{UserSig, UserSigClaims, sign};
    let now = UserSig::parse(&user_sig(user)).unwrap().claims().clone();
    let claims = UserSigClaims { issued_s: now.issued_s + in_s, ..now };
    sign(&claims, whinchat_tests::account::KEY.as_bytes()).unwrap()
}

#[tokio::test]
async fn the_administrator_of_one_class_leaves_the_others() {
    let nodes = Nodes::start(Life::TogetherAndDeaf, None).await;
    let phone = nodes.device(0, "alice", Platform::Ios).await;
    let desktop = nodes.device(1, "alice", Platform::Desktop).await;
    let ended_sessions = nodes.server(0).admin().kick(&alice(), Some(wire::Platform::Ios)).await.unwrap();
    assert_eq!(ended_sessions, 1);
    assert_eq!(ended(&phone).await.0, 6208);
    assert_eq!(desktop.client.connection(), ConnectionState::Connected);
}

#[tokio::test]
async fn a_session_ends_with_its_credential() {
    let nodes = Nodes::start(Life::Together, None).await;
    let device = nodes.device_not_logged_in(0, "alice", Platform::Desktop).await;
    device.client.login("alice", &user_sig_for("alice", 2)).await.unwrap();
    let (code, _) = ended(&device).await;
    assert!(code == 70001 || code == 6206, "{code}");
    // Its data stays, and a fresh one opens it again.
    device.log_in().await;
    assert_eq!(device.client.connection(), ConnectionState::Connected);
}
