//! What an outbox builds on: order and completeness over many cuts.

use std::collections::BTreeSet;
use std::time::Duration;

use whinchat_proto::id::OperationId;
use whinchat_proto::wire::client_frame::Body;

use super::client::{Settings, TestClient, mutation, soon, told};
use super::server::FakeServer;
use crate::connection::{Backoff, Inbound};
use crate::platform::random_u64;

const COUNT: usize = 2_000;

fn operation(tag: u64) -> OperationId {
    let mut bytes = [0; 16];
    bytes[8..].copy_from_slice(&tag.to_be_bytes());
    OperationId(bytes)
}

fn tag_of(operation: &[u8]) -> u64 {
    u64::from_be_bytes(operation[8..].try_into().unwrap())
}

/// Takes requests and cuts each connection somewhere in the middle; gives the tags in the order in which they came first.
async fn serve(server: FakeServer) -> Vec<u64> {
    let mut stored = Vec::new();
    let mut known = BTreeSet::new();
    while known.len() < COUNT {
        let mut peer = server.accept_and_welcome().await;
        let taken = 1 + random_u64() % 150;
        let answered = random_u64() % (taken + 1);
        let mut unanswered = Vec::new();
        for turn in 0..taken {
            let request = peer.request().await;
            let tag = tag_of(&request.operation_id);
            if known.insert(tag) {
                stored.push(tag);
            }
            if turn < answered {
                peer.answer(request.id).await;
            } else {
                unanswered.push(request.id);
            }
            if known.len() == COUNT {
                // This connection stands until the client has heard everything.
                for id in unanswered.drain(..) {
                    peer.answer(id).await;
                }
                while let Some(Body::Request(request)) = peer.receive().await {
                    peer.answer(request.id).await;
                }
                break;
            }
        }
    }
    stored
}

#[tokio::test]
async fn many_cuts_lose_nothing_and_swap_nothing() {
    let server = FakeServer::start().await;
    let backoff = Backoff { base: Duration::from_millis(1), cap: Duration::from_millis(1) };
    let mut client = TestClient::start(Settings { backoff, capacity: 8, ..Settings::new(server.url()) });
    let serving = tokio::spawn(serve(server));
    let mut unanswered: BTreeSet<u64> = (0..COUNT as u64).collect();
    let mut pump = tokio::spawn(async {});
    while !unanswered.is_empty() {
        match client.next().await {
            Inbound::Up(_, session) => {
                // The old pump may still be at work; what it submits goes to the connection that is gone.
                let waiting: Vec<u64> = unanswered.iter().copied().collect();
                pump = tokio::spawn(async move {
                    for tag in waiting {
                        if session.submit(tag, Some(operation(tag)), mutation()).await.is_err() {
                            return;
                        }
                    }
                });
            }
            Inbound::Answer { tag, result: Ok(_) } => {
                unanswered.remove(&tag);
            }
            Inbound::Down { .. } => {}
            other => panic!("{}", told(&other)),
        }
    }
    soon(client.link.stop(false)).await;
    pump.await.unwrap();
    let stored = soon(serving).await.unwrap();
    assert_eq!(stored, (0..COUNT as u64).collect::<Vec<_>>());
}
