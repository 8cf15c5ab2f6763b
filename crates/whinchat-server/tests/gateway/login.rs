//! Who is let in.

use whinchat_proto::wire;
use whinchat_proto::wire::hello::{Credential, Start};

use crate::device::{APP, Host, KEY, hello, now_s, sig};

fn with_sig(text: String) -> wire::Hello {
    wire::Hello { credential: Some(Credential::UserSig(text)), ..hello("alice") }
}

#[tokio::test]
async fn every_bad_hello_has_its_code() {
    let host = Host::start().await;
    let good = sig("alice", APP, now_s(), KEY);
    let cases = [
        (70009, with_sig(sig("alice", APP, now_s(), "another key"))),
        (70001, with_sig(sig("alice", APP, now_s() - 601, KEY))),
        (70014, with_sig(sig("alice", APP + 1, now_s(), KEY))),
        (70013, with_sig(sig("bob", APP, now_s(), KEY))),
        (70003, with_sig(good[..good.len() / 2].to_owned())),
        (70003, with_sig("not a signature".to_owned())),
        (70002, with_sig(String::new())),
        (70002, wire::Hello { credential: None, ..hello("alice") }),
        (7013, wire::Hello { credential: Some(Credential::Token("t".into())), ..hello("alice") }),
        (70020, wire::Hello { app_id: 7, ..hello("alice") }),
        (7013, wire::Hello { protocol_version: 2, ..hello("alice") }),
        (7003, wire::Hello { user_id: String::new(), ..hello("alice") }),
        (7003, wire::Hello { user_id: "a\u{e4}".into(), ..hello("alice") }),
        (6017, wire::Hello { device_id: String::new(), ..hello("alice") }),
        (6017, wire::Hello { platform: 0, ..hello("alice") }),
        (6017, wire::Hello { platform: 77, ..hello("alice") }),
        (6017, wire::Hello { start: None, ..hello("alice") }),
    ];
    for (code, hello) in cases {
        let mut device = host.raw().await;
        assert_eq!(device.greet(hello.clone()).await.map(drop), Err(code), "{hello:?}");
        assert!(device.frame().await.is_none());
    }
    host.raw().await.login("alice").await;
}

#[tokio::test]
async fn with_automatic_signatures_an_empty_one_is_good_for_180_days_and_a_bad_one_is_not() {
    let host = Host::with(|config| config.automatic_signatures = true).await;
    let mut alice = host.raw().await;
    let welcome = alice.greet(with_sig(String::new())).await.unwrap();
    let good_for_ms = welcome.credential_expires_ms - welcome.server_time_ms;
    let lifetime_ms = 180 * 24 * 60 * 60 * 1_000;
    assert!((lifetime_ms - 10_000..=lifetime_ms).contains(&good_for_ms), "{good_for_ms}");
    let resume = Start::Resume(wire::Resume { session_id: welcome.session_id });
    let back = wire::Hello { start: Some(resume), ..with_sig(String::new()) };
    host.raw().await.greet(back).await.unwrap();
    let cases = [
        (70009, with_sig(sig("alice", APP, now_s(), "another key"))),
        (70003, with_sig("not a signature".to_owned())),
        (70002, wire::Hello { credential: None, ..hello("alice") }),
        (7003, wire::Hello { user_id: String::new(), ..with_sig(String::new()) }),
    ];
    for (code, hello) in cases {
        assert_eq!(host.raw().await.greet(hello).await.map(drop), Err(code));
    }
}

#[tokio::test]
async fn any_of_several_keys_is_good() {
    let host = Host::with(|config| config.keys.insert(0, whinchat_server::AppKey::new("older"))).await;
    host.raw().await.login("alice").await;
    host.raw().await.greet(with_sig(sig("alice", APP, now_s(), "older"))).await.unwrap();
}

#[tokio::test]
async fn who_guesses_has_to_wait_and_nobody_else() {
    let host = Host::start().await;
    for _ in 0..20 {
        let bad = with_sig(sig("alice", APP, now_s(), "guess"));
        assert_eq!(host.raw().await.greet(bad).await.map(drop), Err(70009));
    }
    assert_eq!(host.raw().await.greet(hello("alice")).await.map(drop), Err(70050));
    host.raw().await.login("bob").await;
}

#[tokio::test]
async fn the_welcome_says_what_the_server_accepts() {
    let host = Host::with(|config| {
        config.content_bytes = 1_000;
        config.heartbeat_ms = 5_000;
    })
    .await;
    let welcome = host.raw().await.login("alice").await;
    let limits = welcome.limits.unwrap();
    assert_eq!((welcome.heartbeat_ms, limits.content_bytes, limits.frame_bytes), (5_000, 1_000, 131_072));
    assert_eq!(welcome.session_id.len(), 16);
    assert!(welcome.credential_expires_ms > welcome.server_time_ms);
    let changes = welcome.changes.unwrap();
    assert!(changes.changes.is_empty() && changes.continue_below == 0 && changes.to.unwrap().epoch != 0);
    let resume = Start::Resume(wire::Resume { session_id: vec![1; 16].into() });
    let unknown = wire::Hello { start: Some(resume), ..hello("alice") };
    assert_eq!(host.raw().await.greet(unknown).await.map(drop), Err(9503));
}
