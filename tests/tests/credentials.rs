//! A credential ends: the app is told before, renews it, or is logged out with everything kept.
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::path::Path;
use std::time::Duration;

use whinchat_cli::fault::FaultProxy;
use whinchat_core::{Client, ConnectionState, Event, EventStream, Platform, UserId};
use whinchat_proto::error::ErrorCode;
use whinchat_proto::user_sig::{UserSigClaims, sign};
use whinchat_server::Server;
use whinchat_tests::account::{APP_ID, user_sig, user_sig_for};
use whinchat_tests::device::{Device, conversation};
use whinchat_tests::server::config;
use whinchat_tests::stage::Stage;
use whinchat_tests::wait::eventually;

/// Signatures live for whole seconds.
const LIFE: i64 = 3;
const LEAD: Duration = Duration::from_secs(1);

fn code<T>(result: whinchat_core::Result<T>) -> i32 {
    result.err().map_or(0, |error| error.code)
}

fn client(server: std::net::SocketAddr, folder: &Path, lead: Duration) -> (Client, EventStream) {
    let client = Device::builder(folder, Platform::Desktop, server).expiry_lead(lead).build().unwrap();
    let events = client.events();
    (client, events)
}

/// The next event that says something of the credential.
async fn next(events: &mut EventStream) -> Event {
    let wanted = async {
        loop {
            let event = events.next().await.unwrap();
            if matches!(event, Event::LoginExpiring { .. } | Event::LoginExpired(_) | Event::KickedOffline(_))
            {
                return event;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), wanted).await.unwrap()
}

/// What is queued of that kind now.
async fn so_far(events: &mut EventStream) -> Vec<Event> {
    let mut found = Vec::new();
    while let Ok(event) = tokio::time::timeout(Duration::from_millis(100), next(events)).await {
        found.push(event);
    }
    found
}

#[tokio::test]
async fn slow_a_renewed_credential_keeps_the_session_beyond_the_end_of_the_first() {
    let stage = Stage::new().await;
    let (alice, mut events) = client(stage.addr(), &stage.folder().join("a"), Duration::from_secs(4));
    alice.login("alice", user_sig_for("alice", 6)).await.unwrap();
    let first_end = tokio::time::Instant::now() + Duration::from_secs(6);
    let Event::LoginExpiring { in_seconds } = next(&mut events).await else { panic!("not told") };
    assert!(in_seconds <= 4, "{in_seconds}");
    // Sleeping is no reason to be told again.
    alice.pause().await.unwrap();
    alice.resume().await.unwrap();
    eventually("back", async || (alice.connection() == ConnectionState::Connected).then_some(())).await;
    assert_eq!(so_far(&mut events).await, []);
    alice.renew(user_sig_for("alice", 7)).await.unwrap();
    let Event::LoginExpiring { .. } = next(&mut events).await else { panic!("not told of the second") };
    // Logging in again is the same.
    alice.login("alice", user_sig("alice")).await.unwrap();
    tokio::time::sleep_until(first_end + Duration::from_secs(2)).await;
    assert_eq!(so_far(&mut events).await, []);
    assert_eq!(alice.connection(), ConnectionState::Connected);
}

#[tokio::test]
async fn at_its_end_the_user_is_logged_out_and_everything_is_kept() {
    let stage = Stage::new().await;
    let bob = stage.device("bob").await;
    let (alice, mut events) = client(stage.addr(), &stage.folder().join("a"), LEAD);
    let short = user_sig_for("alice", LIFE);
    alice.login("alice", &short).await.unwrap();
    let handle = alice.messages().send_text(&conversation("c2c_bob"), "hello").await.unwrap();
    handle.settled().await.unwrap();
    assert!(matches!(next(&mut events).await, Event::LoginExpiring { .. }));
    let Event::LoginExpired(error) = next(&mut events).await else { panic!("not told") };
    assert_eq!(error.code, ErrorCode::UserSigExpired.number());
    assert_eq!(alice.connection(), ConnectionState::LoggedOut);
    assert_eq!(code(alice.login("alice", &short).await), ErrorCode::UserSigExpiredLocally.number());
    alice.login("alice", user_sig("alice")).await.unwrap();
    let page = alice.conversations().list(None, 10).await.unwrap();
    assert_eq!(page.items[0].last_message.as_ref().unwrap().text(), Some("hello"));
    bob.announces("c2c_alice", &["hello"]).await;
}

#[tokio::test]
async fn with_less_than_the_lead_left_it_is_told_right_after_the_login() {
    let stage = Stage::new().await;
    let (alice, mut events) = client(stage.addr(), &stage.folder().join("a"), Duration::from_secs(300));
    alice.login("alice", user_sig_for("alice", 60)).await.unwrap();
    let Event::LoginExpiring { in_seconds } = next(&mut events).await else { panic!("not told") };
    assert!((50..=60).contains(&in_seconds), "{in_seconds}");
    assert_eq!(so_far(&mut events).await, []);
}

#[tokio::test]
async fn a_bad_credential_is_refused_and_the_good_one_stays() {
    let stage = Stage::new().await;
    let (alice, mut events) = client(stage.addr(), &stage.folder().join("a"), LEAD);
    assert_eq!(code(alice.renew(user_sig("alice")).await), ErrorCode::NotLoggedIn.number());
    alice.login("alice", user_sig("alice")).await.unwrap();
    assert_eq!(code(alice.renew("").await), ErrorCode::UserSigEmpty.number());
    assert_eq!(code(alice.renew("nonsense").await), ErrorCode::UserSigMalformed.number());
    assert_eq!(code(alice.renew(user_sig("bob")).await), ErrorCode::UserSigOtherUser.number());
    assert_eq!(code(alice.renew(user_sig_for("alice", -5)).await), ErrorCode::UserSigExpiredLocally.number());
    let claims = UserSigClaims {
        user_id: "alice".into(),
        app_id: APP_ID,
        issued_s: 1_700_000_000,
        lifetime_s: 1_000_000_000,
        user_buf: None,
    };
    let forged = sign(&claims, b"another key").unwrap();
    assert_eq!(code(alice.renew(forged).await), ErrorCode::UserSigOtherKey.number());
    // The next connection shows the good one.
    alice.pause().await.unwrap();
    alice.resume().await.unwrap();
    eventually("back", async || (alice.connection() == ConnectionState::Connected).then_some(())).await;
    assert_eq!(so_far(&mut events).await, []);
}

#[tokio::test]
async fn renewed_without_a_network_the_next_connection_shows_it() {
    let stage = Stage::new().await;
    let proxy = FaultProxy::start(stage.addr()).await.unwrap();
    let (alice, mut events) = client(proxy.addr(), &stage.folder().join("a"), LEAD);
    alice.login("alice", user_sig_for("alice", LIFE)).await.unwrap();
    proxy.offline();
    eventually("offline", async || (alice.connection() != ConnectionState::Connected).then_some(())).await;
    alice.renew(user_sig("alice")).await.unwrap();
    tokio::time::sleep(Duration::from_secs(u64::try_from(LIFE).unwrap())).await;
    proxy.restore();
    eventually("back", async || (alice.connection() == ConnectionState::Connected).then_some(())).await;
    assert!(so_far(&mut events).await.iter().all(|event| matches!(event, Event::LoginExpiring { .. })));
}

#[tokio::test]
async fn a_revoked_credential_ends_the_session_and_is_not_tried_again() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(config(&folder.path().join("server"))).await.unwrap();
    let proxy = FaultProxy::start(server.local_addr()).await.unwrap();
    let (alice, mut events) = client(proxy.addr(), &folder.path().join("a"), LEAD);
    let old = user_sig("alice");
    alice.login("alice", &old).await.unwrap();
    server.admin().revoke(&UserId::new("alice").unwrap()).await.unwrap();
    let Event::LoginExpired(error) = next(&mut events).await else { panic!("not told") };
    assert_eq!(error.code, ErrorCode::UserSigRevoked.number());
    assert_eq!(alice.connection(), ConnectionState::LoggedOut);
    let connections = proxy.accepted();
    assert_eq!(code(alice.login("alice", &old).await), ErrorCode::UserSigRevoked.number());
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(proxy.accepted(), connections + 1, "it was tried by the app alone");
    // Signatures are dated in whole seconds.
    let login = async || {
        tokio::time::sleep(Duration::from_millis(300)).await;
        alice.login("alice", user_sig("alice")).await.ok()
    };
    eventually("a fresh one is good", login).await;
}
