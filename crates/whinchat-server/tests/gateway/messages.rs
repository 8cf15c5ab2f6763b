//! Sending, reading, marking.

use whinchat_proto::wire;
use whinchat_proto::wire::request::Body as Ask;
use whinchat_proto::wire::response::Body as Answer;

use crate::device::{Host, entry_of, pages, text, text_of, unique, user};

#[tokio::test]
async fn a_message_reaches_the_other_side_and_the_senders_other_device() {
    let host = Host::start().await;
    let mut bob = host.device("bob").await;
    let mut alice = host.device("alice").await;
    let mut phone = host.raw().await;
    let mut hello = crate::device::hello("alice");
    hello.platform = wire::Platform::Android.into();
    hello.device_id = "phone".into();
    phone.greet(hello).await.unwrap();

    let response = alice.request(Ask::SendMessage(text(user("bob"), "hi"))).await;
    assert_eq!((response.prev_version, response.version), (0, 1));
    let push = bob.push().await;
    assert_eq!((push.prev_version, push.version), (0, 1));
    let Some(wire::push::Body::Conversation(change)) = &push.body else { panic!("{push:?}") };
    let state = change.state.as_ref().unwrap();
    assert_eq!(state.conversation, Some(user("alice")));
    assert_eq!((state.head_seq, state.counted, state.own_counted, state.visible_from), (1, 1, 0, 1));
    assert_eq!(text_of(&change.entries[0]), "hi");
    let mirrored = phone.push().await;
    assert_eq!(text_of(entry_of(&mirrored)), "hi");

    let second = alice.send_text(user("bob"), "again").await;
    assert_eq!((second.seq, second.counted, second.counted_by_sender), (2, 2, 2));
    let push = bob.push().await;
    assert_eq!((push.prev_version, push.version), (1, 2));
    let Some(wire::push::Body::Entry(entry)) = &push.body else { panic!("{push:?}") };
    assert_eq!(entry.conversation, Some(user("alice")));
    assert_eq!(text_of(entry.entry.as_ref().unwrap()), "again");
    // The answer takes its place in the chain of the sender's log.
    let third = alice.request(Ask::SendMessage(text(user("bob"), "3"))).await;
    assert_eq!((third.prev_version, third.version), (2, 3));
    host.server.stop().await;
}

#[tokio::test]
async fn a_repetition_gets_the_first_result_and_other_content_is_refused() {
    let host = Host::start().await;
    let _bob = host.device("bob").await;
    let mut alice = host.device("alice").await;
    let message = text(user("bob"), "once");
    let Answer::SendMessage(first) = alice.request(Ask::SendMessage(message.clone())).await.body.unwrap()
    else {
        panic!("not sent")
    };
    let Answer::SendMessage(second) = alice.request(Ask::SendMessage(message.clone())).await.body.unwrap()
    else {
        panic!("not sent")
    };
    assert_eq!((second.seq, second.time_ms, second.repeated), (first.seq, first.time_ms, true));
    let mut other = text(user("bob"), "other");
    other.envelope = message.envelope;
    assert_eq!(alice.code(Ask::SendMessage(other)).await, 6021);
}

#[tokio::test]
async fn a_cancelled_send_stays_out_and_a_stored_one_stays_in() {
    let host = Host::start().await;
    let mut bob = host.device("bob").await;
    let mut alice = host.device("alice").await;
    let message = text(user("bob"), "never");
    let id = message.envelope.as_ref().unwrap().client_message_id.clone();
    let cancel = wire::CancelSend { conversation: Some(user("bob")), client_message_id: id };
    let Answer::CancelSend(result) = alice.request(Ask::CancelSend(cancel)).await.body.unwrap() else {
        panic!("not cancelled")
    };
    assert!(result.tombstoned && result.stored.is_none());
    assert_eq!(alice.code(Ask::SendMessage(message.clone())).await, 8021);
    let again = wire::SendMessage { again: true, ..message };
    assert_eq!(alice.code(Ask::SendMessage(again)).await, 0);

    let message = text(user("bob"), "stays");
    let id = message.envelope.as_ref().unwrap().client_message_id.clone();
    alice.request(Ask::SendMessage(message)).await;
    let cancel = wire::CancelSend { conversation: Some(user("bob")), client_message_id: id };
    let Answer::CancelSend(result) = alice.request(Ask::CancelSend(cancel)).await.body.unwrap() else {
        panic!("not settled")
    };
    assert!(!result.tombstoned);
    assert_eq!(result.stored.unwrap().seq, 2);
    // The first message that gets through shows bob the conversation whole.
    let push = bob.push().await;
    assert!(matches!(push.body, Some(wire::push::Body::Conversation(_))));
    assert_eq!(text_of(entry_of(&push)), "never");
    assert_eq!(text_of(entry_of(&bob.push().await)), "stays");
}

#[tokio::test]
async fn what_was_missed_comes_with_the_welcome_and_the_rest_by_fetching() {
    let host = Host::start().await;
    drop(host.device("bob").await);
    let mut alice = host.device("alice").await;
    for n in 0..150 {
        alice.ask(Ask::SendMessage(text(user("bob"), &format!("m{n}")))).await;
    }
    for _ in 0..150 {
        alice.response().await;
    }
    let mut bob = host.raw().await;
    let welcome = bob.login("bob").await;
    let page = welcome.changes.unwrap();
    assert!(page.snapshot);
    let Some(wire::change::Body::Conversation(change)) = &page.changes[0].body else { panic!("{page:?}") };
    assert_eq!(change.entries.len(), 100);
    assert_eq!(text_of(&change.entries[99]), "m149");
    let state = change.state.as_ref().unwrap();
    let range = wire::EntryRange { conversation: Some(user("alice")), epoch: state.epoch, from: 1, to: 50 };
    let fetch = wire::FetchEntries { ranges: vec![range] };
    let Answer::FetchEntries(result) = bob.request(Ask::FetchEntries(fetch)).await.body.unwrap() else {
        panic!("not fetched")
    };
    let page = &pages(&result)[0];
    assert_eq!((page.from, page.to, page.entries.len()), (1, 50, 50));
    assert_eq!(text_of(&page.entries[0]), "m0");
    // A range that leaves the window is told where it ends.
    let range =
        wire::EntryRange { conversation: Some(user("alice")), epoch: state.epoch, from: 149, to: 900 };
    let fetch = wire::FetchEntries { ranges: vec![range] };
    let Answer::FetchEntries(result) = bob.request(Ask::FetchEntries(fetch)).await.body.unwrap() else {
        panic!("not fetched")
    };
    assert_eq!(pages(&result)[0].entries.len(), 2);
    assert_eq!(pages(&result)[0].state.as_ref().unwrap().head_seq, 150);
}

#[tokio::test]
async fn marks_move_up_only_and_repeat_their_answer() {
    let host = Host::start().await;
    let mut bob = host.device("bob").await;
    let mut alice = host.device("alice").await;
    let mut epoch = 0;
    for n in 0..5 {
        epoch = alice.send_text(user("bob"), &format!("m{n}")).await.epoch;
    }
    for _ in 0..5 {
        bob.push().await;
    }
    let mark = |seq| Ask::MarkRead(wire::MarkRead { conversation: Some(user("alice")), epoch, seq });
    let operation = unique();
    let mut answers = Vec::new();
    for _ in 0..2 {
        bob.ask_as(operation.clone(), mark(3)).await;
        let response = bob.response().await;
        let Answer::MarkRead(result) = response.body.unwrap() else { panic!("not marked") };
        assert_eq!((result.read_seq, result.floor.unwrap().counted), (3, 3));
        answers.push((response.prev_version, response.version));
    }
    assert_eq!(answers, [(5, 6), (0, 0)]);
    let Answer::MarkRead(result) = bob.request(mark(1)).await.body.unwrap() else { panic!("not marked") };
    assert_eq!(result.read_seq, 3);
    assert_eq!(
        bob.code(Ask::MarkRead(wire::MarkRead { conversation: Some(user("zoe")), epoch, seq: 1 })).await,
        50001
    );
}

#[tokio::test]
async fn online_only_messages_reach_who_is_there_and_no_log() {
    let host = Host::start().await;
    let mut bob = host.device("bob").await;
    let mut alice = host.device("alice").await;
    let mut message = text(user("bob"), "typing");
    message.online_only = true;
    let response = alice.request(Ask::SendMessage(message)).await;
    assert_eq!(response.version, 0);
    let Answer::SendMessage(result) = response.body.unwrap() else { panic!("not sent") };
    assert_eq!(result.seq, 0);
    let push = bob.push().await;
    assert_eq!((push.prev_version, push.version), (0, 0));
    let Some(wire::push::Body::Ephemeral(message)) = push.body else { panic!("{push:?}") };
    assert_eq!(message.conversation, Some(user("alice")));
    assert_eq!(bob.ping().await.cursor.unwrap().version, 0);
}

#[tokio::test]
async fn pipelined_sends_of_many_are_contiguous_and_pushed_without_a_hole() {
    let host = Host::start().await;
    let mut bob = host.device("bob").await;
    let mut senders = Vec::new();
    for name in ["a", "b", "c", "d"] {
        let mut device = host.device(name).await;
        senders.push(tokio::spawn(async move {
            for n in 0..100 {
                device.ask(Ask::SendMessage(text(user("bob"), &format!("{n}")))).await;
            }
            for n in 0..100 {
                let response = device.response().await;
                let Answer::SendMessage(result) = response.body.unwrap() else { panic!("not sent") };
                assert_eq!((result.seq, response.prev_version, response.version), (n + 1, n, n + 1));
            }
        }));
    }
    for version in 0..400 {
        let push = bob.push().await;
        assert_eq!((push.prev_version, push.version), (version, version + 1));
    }
    for sender in senders {
        sender.await.unwrap();
    }
}
