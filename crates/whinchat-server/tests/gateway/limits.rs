//! Rates, pipelines, slow readers, silence.

use std::time::Duration;

use whinchat_proto::wire;
use whinchat_proto::wire::request::Body as Ask;
use whinchat_proto::wire::response::Body as Answer;

use crate::device::{Host, pages, text, user};

fn outcome(response: wire::Response) -> (u64, i32, u32) {
    match response.body.unwrap() {
        Answer::Error(error) => (response.id, error.code, error.after_ms),
        _ => (response.id, 0, 0),
    }
}

#[tokio::test]
async fn too_fast_is_told_when_to_come_back_and_order_is_kept() {
    let host = Host::with(|config| {
        config.requests_per_second = 1;
        config.request_burst = 3;
    })
    .await;
    drop(host.device("bob").await);
    let mut alice = host.device("alice").await;
    let mut ids = Vec::new();
    for n in 0..5 {
        ids.push(alice.ask(Ask::SendMessage(text(user("bob"), &format!("{n}")))).await);
    }
    let mut outcomes = Vec::new();
    for _ in 0..5 {
        outcomes.push(outcome(alice.response().await));
    }
    outcomes.sort_unstable();
    let codes: Vec<_> = outcomes.iter().map(|(_, code, _)| *code).collect();
    assert_eq!(codes, [0, 0, 0, 9506, 9506]);
    assert!(outcomes[3].2 > 0);
    // Without a higher round even a send within the rate is refused behind the refused ones.
    let patient = |ms: u32| tokio::time::sleep(Duration::from_millis(u64::from(ms) + 5));
    patient(outcomes[4].2).await;
    let behind = outcome(alice.request(Ask::SendMessage(text(user("bob"), "5"))).await);
    assert_eq!(behind.1, 9506);
    patient(1_000).await;
    let next = wire::SendMessage { round: 1, ..text(user("bob"), "3") };
    assert_eq!(alice.code(Ask::SendMessage(next)).await, 0);
    // What is stored nowhere has no order to keep, and no round.
    patient(1_000).await;
    let typing = wire::SendMessage { online_only: true, ..text(user("bob"), "typing") };
    assert_eq!(alice.code(Ask::SendMessage(typing)).await, 0);
}

#[tokio::test]
async fn too_many_at_once_are_refused() {
    let host = Host::with(|config| config.requests_in_flight = 2).await;
    drop(host.device("bob").await);
    let mut alice = host.device("alice").await;
    for n in 0..200 {
        alice.ask(Ask::SendMessage(text(user("bob"), &format!("{n}")))).await;
    }
    let mut outcomes = Vec::new();
    for _ in 0..200 {
        outcomes.push(outcome(alice.response().await));
    }
    outcomes.sort_unstable();
    let first = outcomes.iter().position(|(_, code, _)| *code != 0).expect("all went through");
    // From the first refusal on all are refused, so nothing is out of order.
    assert!(outcomes[first..].iter().all(|(_, code, _)| *code == 9507), "{outcomes:?}");
}

#[tokio::test]
async fn who_reads_too_slowly_is_cut_off_and_comes_back() {
    let host = Host::with(|config| config.outgoing_bytes = 256 * 1_024).await;
    // Never reads: the sockets' buffers fill, then the queue.
    let deaf = host.device("bob").await;
    let mut alice = host.device("alice").await;
    let mut big = text(user("bob"), "");
    big.content = vec![7; 32_000].into();
    for _ in 0..10 {
        for _ in 0..100 {
            let mut message = big.clone();
            message.envelope.as_mut().unwrap().client_message_id = crate::device::unique();
            alice.ask(Ask::SendMessage(message)).await;
        }
        for _ in 0..100 {
            assert_eq!(outcome(alice.response().await).1, 0);
        }
    }
    drop(deaf);
    let mut bob = host.raw().await;
    let welcome = bob.login("bob").await;
    let changes = welcome.changes.unwrap();
    // Cut off on the way: from then on one mark stood for all that followed.
    assert!(changes.to.unwrap().version < 1_000);
    let Some(wire::change::Body::Conversation(change)) = &changes.changes[0].body else { panic!("nothing") };
    assert_eq!(change.state.as_ref().unwrap().head_seq, 1_000);
}

#[tokio::test]
async fn silence_is_cut_and_a_ping_is_not_silence() {
    let host = Host::with(|config| {
        config.heartbeat_ms = 200;
        config.idle_heartbeats = whinchat_server::Factor::new(1.5);
    })
    .await;
    let mut quiet = host.device("quiet").await;
    let mut lively = host.device("lively").await;
    let cut = tokio::spawn(async move { quiet.frame().await.is_none() });
    while !cut.is_finished() {
        lively.ping().await;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(cut.await.unwrap());
    lively.ping().await;
}

#[tokio::test]
async fn many_large_reads_at_once_do_not_cut_the_asker_off() {
    let host = Host::with(|config| config.outgoing_bytes = 256 * 1_024).await;
    drop(host.device("bob").await);
    let mut alice = host.device("alice").await;
    let mut epoch = 0;
    for _ in 0..10 {
        let mut message = text(user("bob"), "");
        message.content = vec![7; 30_000].into();
        let Answer::SendMessage(sent) = alice.request(Ask::SendMessage(message)).await.body.unwrap() else {
            panic!("not sent")
        };
        epoch = sent.epoch;
    }
    for _ in 0..100 {
        let range = wire::EntryRange { conversation: Some(user("bob")), epoch, from: 1, to: 10 };
        alice.ask(Ask::FetchEntries(wire::FetchEntries { ranges: vec![range] })).await;
    }
    for _ in 0..100 {
        let Answer::FetchEntries(result) = alice.response().await.body.unwrap() else { panic!("refused") };
        // As many as a frame holds, newest first.
        assert_eq!(pages(&result)[0].entries.len(), 4);
        assert_eq!((pages(&result)[0].from, pages(&result)[0].to), (7, 10));
    }
}

#[tokio::test]
async fn who_announces_a_silence_is_not_cut_in_it_and_who_does_not_is() {
    let host = Host::with(|config| {
        config.heartbeat_ms = 200;
        config.longest_heartbeat_ms = 2_000;
    })
    .await;
    let mut background = host.device("alice").await;
    let mut foreground = host.device("bob").await;
    let mut usual = host.device("carol").await;
    background.ping_before(u32::MAX).await;
    foreground.ping_before(2_000).await;
    // The usual patience has passed once somebody who announced nothing is cut.
    assert!(usual.frame().await.is_none());
    // Back in the foreground: the longer patience is over at once.
    foreground.ping().await;
    tokio::select! {
        frame = foreground.frame() => assert!(frame.is_none()),
        _ = background.frame() => panic!("the announced silence was cut first"),
    }
    // However long somebody announces, the server has a limit.
    assert!(background.frame().await.is_none());
}
