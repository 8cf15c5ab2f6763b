//! Deleting for oneself, emptying, receipts, typing, over the wire.

use whinchat_proto::wire;
use whinchat_proto::wire::request::Body as Ask;
use whinchat_proto::wire::response::Body as Answer;

use crate::device::{Host, group, pages, text, unique, user};

fn delete(name: &str, epoch: u64, seqs: Vec<u64>) -> Ask {
    Ask::DeleteMessages(wire::DeleteMessages { conversation: Some(user(name)), epoch, seqs })
}

fn clear(name: &str, epoch: u64, seq: u64) -> Ask {
    Ask::ClearHistory(wire::ClearHistory { conversation: Some(user(name)), epoch, seq })
}

fn change_of(push: wire::Push) -> wire::ConversationChange {
    match push.body {
        Some(wire::push::Body::Conversation(change)) => change,
        other => panic!("no state: {other:?}"),
    }
}

#[tokio::test]
async fn what_one_deletes_his_devices_hear_of_and_nobody_else() {
    let host = Host::start().await;
    let mut alice = host.device("alice").await;
    let mut bob = host.device("bob").await;
    let epoch = alice.send_text(user("bob"), "one").await.epoch;
    alice.send_text(user("bob"), "two").await;
    for _ in 0..2 {
        bob.push().await;
    }
    let operation = unique();
    for round in 0..2 {
        // A repetition gets the first answer, and is no news.
        let id = bob.ask_as(operation.clone(), delete("alice", epoch, vec![1])).await;
        let response = bob.response().await;
        assert!(response.id == id && matches!(response.body, Some(Answer::DeleteMessages(_))));
        if round == 0 {
            let change = change_of(bob.push().await);
            assert_eq!(change.deleted, [1]);
        }
    }
    let response = bob.request(clear("alice", epoch, 1)).await;
    let Some(Answer::ClearHistory(cleared)) = response.body else { panic!("{response:?}") };
    assert_eq!(cleared.visible_from, 2);
    let state = change_of(bob.push().await).state.unwrap();
    assert_eq!((state.visible_from, state.cleared_seq), (2, 1));
    alice.ping().await;
    assert!(alice.pushes.is_empty(), "it is none of hers: {:?}", alice.pushes);
    bob.ping().await;
    assert!(bob.pushes.is_empty(), "told twice: {:?}", bob.pushes);
}

#[tokio::test]
async fn bad_deletions_have_their_codes() {
    let host = Host::start().await;
    let mut alice = host.device("alice").await;
    let _bob = host.device("bob").await;
    let epoch = alice.send_text(user("bob"), "one").await.epoch;
    let nowhere = Ask::DeleteMessages(wire::DeleteMessages { conversation: None, epoch, seqs: vec![1] });
    let outside = Ask::ClearHistory(wire::ClearHistory { conversation: Some(group("none")), epoch, seq: 1 });
    for (ask, code) in [
        (delete("bob", epoch, vec![]), 6017),
        (delete("bob", epoch, vec![1; 101]), 6017),
        (delete("carol", epoch, vec![1]), 50001),
        (clear("carol", epoch, 1), 50001),
        (outside, 50001),
        (delete("bob", epoch, vec![0, u64::MAX]), 0),
        (delete("bob", epoch ^ 1, vec![1]), 0),
        (clear("bob", epoch, 0), 0),
    ] {
        assert_eq!(alice.code(ask.clone()).await, code, "{ask:?}");
    }
    assert_ne!(alice.code(nowhere).await, 0);
    let without_id = alice.ask_as(bytes::Bytes::new(), delete("bob", epoch, vec![1])).await;
    let response = alice.response().await;
    assert!(response.id == without_id && matches!(response.body, Some(Answer::Error(e)) if e.code == 6017));
    let Some(Answer::FetchEntries(read)) = alice
        .request(Ask::FetchEntries(wire::FetchEntries {
            ranges: vec![wire::EntryRange { conversation: Some(user("bob")), epoch, from: 1, to: 1 }],
        }))
        .await
        .body
    else {
        panic!("not read")
    };
    assert!(
        matches!(pages(&read)[0].entries[0].body, Some(wire::entry::Body::Message(_))),
        "nothing was deleted"
    );
}

#[tokio::test]
async fn the_writer_is_told_how_far_was_read() {
    let host = Host::start().await;
    let mut alice = host.device("alice").await;
    let mut bob = host.device("bob").await;
    let epoch = alice.send_text(user("bob"), "one").await.epoch;
    bob.push().await;
    let mark = Ask::MarkRead(wire::MarkRead { conversation: Some(user("alice")), epoch, seq: 1 });
    bob.request(mark).await;
    let state = change_of(alice.push().await).state.unwrap();
    assert_eq!((state.peer_read_seq, state.read_seq, state.conversation), (1, 0, Some(user("bob"))));
}

#[tokio::test]
async fn typing_is_stored_nowhere_or_refused() {
    let host = Host::start().await;
    let mut alice = host.device("alice").await;
    let mut bob = host.device("bob").await;
    let mut typing = text(user("bob"), "");
    typing.online_only = true;
    if let Some(envelope) = &mut typing.envelope {
        envelope.kind = wire::MessageKind::Typing.into();
    }
    assert_eq!(alice.code(Ask::SendMessage(typing.clone())).await, 0);
    let push = bob.push().await;
    assert!(push.version == 0 && matches!(push.body, Some(wire::push::Body::Ephemeral(_))));
    typing.online_only = false;
    assert_eq!(alice.code(Ask::SendMessage(typing)).await, 6016);
    assert_eq!(alice.send_text(user("bob"), "one").await.seq, 1);
}
