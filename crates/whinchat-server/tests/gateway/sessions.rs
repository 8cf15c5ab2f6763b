//! Several devices, resumes, ghosts.

use whinchat_proto::user_sig::{UserSigClaims, sign};
use whinchat_proto::wire;
use whinchat_proto::wire::hello::{Credential, Start};
use whinchat_proto::wire::request::Body as Ask;
use whinchat_proto::wire::response::Body as Answer;

use crate::device::{APP, Host, KEY, entry_of, hello, now_s, sig, text, text_of, user};

fn resume(welcome: &wire::Welcome, base: wire::Hello) -> wire::Hello {
    let session_id = welcome.session_id.clone();
    wire::Hello { start: Some(Start::Resume(wire::Resume { session_id })), ..base }
}

fn other_desktop() -> wire::Hello {
    wire::Hello { device_id: "another desktop".into(), ..hello("alice") }
}

#[tokio::test]
async fn the_newest_device_of_a_class_wins_and_a_resume_never_does() {
    let host = Host::start().await;
    let mut old = host.raw().await;
    let first = old.login("alice").await;
    let mut phone = host.raw().await;
    let on_phone =
        wire::Hello { platform: wire::Platform::Android.into(), device_id: "phone".into(), ..hello("alice") };
    phone.greet(on_phone).await.unwrap();
    let mut new = host.raw().await;
    new.greet(other_desktop()).await.unwrap();
    assert_eq!(old.bye().await, 6208);
    assert!(old.frame().await.is_none());
    let mut late = host.raw().await;
    assert_eq!(late.greet(resume(&first, hello("alice"))).await.map(drop), Err(6208));
    // Neither the winner nor the device of another class has noticed anything.
    assert_eq!(new.ping().await.nonce, 7);
    assert_eq!(phone.ping().await.nonce, 7);
}

#[tokio::test]
async fn a_device_replaces_its_own_ghost_and_resumes_with_what_changed() {
    let host = Host::start().await;
    let mut bob = host.device("bob").await;
    let mut alice = host.raw().await;
    let welcome = alice.login("alice").await;
    let epoch = welcome.changes.as_ref().unwrap().to.unwrap().epoch;
    bob.send_text(user("alice"), "one").await;
    let push = alice.push().await;
    // The connection hangs, half open; the device comes back on another.
    let mut back = host.raw().await;
    let cursor = Some(wire::Cursor { epoch, version: push.version, groups: 0 });
    let again = back.greet(wire::Hello { cursor, ..resume(&welcome, hello("alice")) }).await.unwrap();
    let changes = again.changes.unwrap();
    assert_eq!(again.session_id, welcome.session_id);
    assert!(!changes.snapshot && changes.changes.is_empty());
    assert!(alice.frame().await.is_none(), "the ghost ends without a word");
    bob.send_text(user("alice"), "two").await;
    let push = back.push().await;
    assert_eq!((push.prev_version, push.version), (1, 2));
    assert_eq!(text_of(entry_of(&push)), "two");

    // Away for a while: the resume brings exactly what was missed.
    drop(back);
    for word in ["three", "four"] {
        bob.send_text(user("alice"), word).await;
    }
    let mut back = host.raw().await;
    let cursor = Some(wire::Cursor { epoch, version: 2, groups: 0 });
    let again = back.greet(wire::Hello { cursor, ..resume(&welcome, hello("alice")) }).await.unwrap();
    let changes = again.changes.unwrap();
    assert_eq!(changes.changes.len(), 1);
    let Some(wire::change::Body::Conversation(change)) = &changes.changes[0].body else {
        panic!("no change")
    };
    let words: Vec<_> = change.entries.iter().map(text_of).collect();
    assert!(words.ends_with(&["three".to_owned(), "four".to_owned()]), "{words:?}");
}

#[tokio::test]
async fn a_resume_needs_a_good_credential_too() {
    let host = Host::start().await;
    let welcome = host.raw().await.login("alice").await;
    let expired = Credential::UserSig(sig("alice", APP, now_s() - 1_000, KEY));
    let late = wire::Hello { credential: Some(expired), ..resume(&welcome, hello("alice")) };
    assert_eq!(host.raw().await.greet(late).await.map(drop), Err(70001));
    // Somebody else's session is not known to one.
    assert_eq!(host.raw().await.greet(resume(&welcome, hello("bob"))).await.map(drop), Err(9503));
    host.raw().await.greet(resume(&welcome, hello("alice"))).await.unwrap();
}

#[tokio::test]
async fn a_session_outlives_the_server() {
    let host = Host::start().await;
    let mut alice = host.raw().await;
    let welcome = alice.login("alice").await;
    let mut bob = host.device("bob").await;
    bob.send_text(user("alice"), "before").await;
    let Host { server, data } = host;
    server.stop().await;
    let server = whinchat_server::Server::start(crate::device::config(data.path())).await.unwrap();
    let host = Host { server, data };
    let cursor = welcome.changes.as_ref().unwrap().to;
    let again =
        host.raw().await.greet(wire::Hello { cursor, ..resume(&welcome, hello("alice")) }).await.unwrap();
    let changes = again.changes.unwrap();
    assert_eq!(changes.to.unwrap().epoch, cursor.unwrap().epoch);
    assert_eq!(changes.changes.len(), 1);
}

#[tokio::test]
async fn a_ping_brings_what_was_missed_before_its_pong() {
    let host = Host::start().await;
    let mut bob = host.device("bob").await;
    let mut alice = host.device("alice").await;
    for n in 0..50 {
        bob.ask(Ask::SendMessage(text(user("alice"), &format!("{n}")))).await;
    }
    for _ in 0..50 {
        bob.response().await;
    }
    let pong = alice.ping().await;
    assert_eq!(pong.cursor.unwrap().version, 50);
    assert_eq!(alice.pushes.last().unwrap().version, 50);
    let mut held = 0;
    for push in &alice.pushes {
        assert_eq!(push.prev_version, held);
        held = push.version;
    }
}

/// A UserSig of `user` that was made now and is good for so many seconds.
fn short(user: &str, lifetime_s: i64) -> String {
    let claims =
        UserSigClaims { user_id: user.into(), app_id: APP, issued_s: now_s(), lifetime_s, user_buf: None };
    sign(&claims, KEY.as_bytes()).unwrap()
}

async fn renew(device: &mut crate::device::Device, user_sig: String) -> Result<i64, i32> {
    match device.request(Ask::RenewCredential(wire::RenewCredential { user_sig })).await.body.unwrap() {
        Answer::RenewCredential(renewed) => Ok(renewed.credential_expires_ms),
        Answer::Error(error) => Err(error.code),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_session_ends_when_its_credential_does_unless_it_was_renewed() {
    let host = Host::start().await;
    let with_short = |device: &str| wire::Hello {
        credential: Some(Credential::UserSig(short("alice", 2))),
        device_id: device.into(),
        ..hello("alice")
    };
    let mut cut = host.raw().await;
    let welcome = cut.greet(with_short("cut")).await.unwrap();
    let mut kept = host.raw().await;
    let other = wire::Hello { platform: wire::Platform::Ios.into(), ..with_short("kept") };
    let expires_ms = kept.greet(other).await.unwrap().credential_expires_ms;
    // What is wrong with a renewal has the code that it has at a login, and changes nothing.
    for (code, bad) in [
        (70013, short("bob", 600)),
        (70001, short("alice", -1)),
        (70009, sig("alice", APP, now_s(), "another key")),
        (70014, sig("alice", APP + 1, now_s(), KEY)),
        (70003, "nonsense".to_owned()),
        (70002, String::new()),
    ] {
        assert_eq!(renew(&mut kept, bad).await, Err(code));
    }
    let renewed_ms = renew(&mut kept, short("alice", 600)).await.unwrap();
    assert!(renewed_ms > expires_ms);
    // The one that was not renewed ends at its time, by the server's clock.
    assert_eq!(cut.bye().await, 70001);
    let now_ms = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis();
    assert!(i64::try_from(now_ms).unwrap() >= welcome.credential_expires_ms);
    assert_eq!(kept.ping().await.nonce, 7, "the old end is no end any more");
    // Renewed to an earlier end, that counts.
    renew(&mut kept, short("alice", 1)).await.unwrap();
    assert_eq!(kept.bye().await, 70001);
    // The session itself stands: with a good signature it goes on.
    host.raw()
        .await
        .greet(resume(&welcome, wire::Hello { device_id: "cut".into(), ..hello("alice") }))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_revoked_credential_cannot_be_renewed_with_an_old_one_and_guessing_is_slow() {
    let host = Host::start().await;
    let mut alice = host.device("alice").await;
    let old = short("alice", 600);
    let user = whinchat_proto::id::UserId::new("alice").unwrap();
    assert_eq!(host.server.admin().revoke(&user).await.unwrap(), 1);
    assert_eq!(alice.bye().await, 70052);
    let back = wire::Hello { credential: Some(Credential::UserSig(old)), ..hello("alice") };
    assert_eq!(host.raw().await.greet(back).await.map(drop), Err(70052));
    let mut bob = host.device("bob").await;
    for _ in 0..20 {
        assert_eq!(renew(&mut bob, sig("bob", APP, now_s(), "guess")).await, Err(70009));
    }
    assert_eq!(renew(&mut bob, short("bob", 600)).await, Err(70050));
    assert_eq!(bob.ping().await.nonce, 7);
}
