//! Several devices, resumes, ghosts.

use whinchat_proto::wire;
use whinchat_proto::wire::hello::{Credential, Start};
use whinchat_proto::wire::request::Body as Ask;

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
