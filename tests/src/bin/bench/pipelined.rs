//! Many durable sends on the way at once.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use tempfile::tempdir;
use tokio::sync::Semaphore;
use whinchat_core::ConversationId;
use whinchat_proto::wire::{self, push, server_frame};
use whinchat_server::Server;

use crate::combined::Combined;
use crate::latency::unlimited;
use crate::raw;
use crate::row::{Row, median};

const COUNT: usize = 10_000;
const WINDOW: usize = 64;

pub(crate) async fn measure(runs: usize) -> Vec<Row> {
    let mut rows = Vec::new();
    for senders in [1_usize, 50] {
        let (mut ours, mut floors) = (Vec::new(), Vec::new());
        for _ in 0..runs {
            let dir = tempdir().unwrap();
            let floor = Combined::start(dir.path()).await;
            floors.push(sends(floor.address, senders).await);
            ours.push(served(dir.path(), senders).await);
        }
        rows.push(Row {
            name: format!("durable sends, pipelined, {senders} sender(s), one receiver each"),
            unit: "us",
            ours: median(ours),
            floor: median(floors),
            aim: Some(2.0),
        });
    }
    rows
}

/// Time a message through the product's server, in microseconds.
pub(crate) async fn served(dir: &std::path::Path, senders: usize) -> f64 {
    let server = Server::start(unlimited(&dir.join("server"))).await.unwrap();
    let time = sends(server.local_addr(), senders).await;
    server.stop().await;
    time
}

/// From the first send to the last answer and the last delivery, for one message, in microseconds.
async fn sends(address: SocketAddr, senders: usize) -> f64 {
    let each = COUNT / senders;
    let mut pairs = Vec::new();
    for number in 0..senders {
        let (receiver, _) = raw::log_in(address, &format!("receiver{number}"), None).await;
        let (sender, _) = raw::log_in(address, &format!("sender{number}"), None).await;
        pairs.push((number, sender, receiver));
    }
    let start = Instant::now();
    let tasks: Vec<_> = pairs
        .into_iter()
        .map(|(number, sender, receiver)| {
            tokio::spawn(async move {
                let to = ConversationId::parse(&format!("c2c_receiver{number}")).unwrap();
                tokio::join!(send_all(sender, to, each), receive_all(receiver, each));
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let time: Duration = start.elapsed();
    time.as_secs_f64() * 1e6 / (each * senders) as f64
}

async fn send_all(socket: raw::Socket, to: ConversationId, count: usize) {
    let (mut sink, mut stream) = socket.split();
    let permits = std::sync::Arc::new(Semaphore::new(WINDOW));
    let taken = permits.clone();
    let writer = tokio::spawn(async move {
        for request in 1..=count as u64 {
            taken.acquire().await.unwrap().forget();
            sink.send(raw::frame(raw::send(request, &to))).await.unwrap();
        }
        sink
    });
    for _ in 0..count {
        loop {
            if let Some(server_frame::Body::Response(response)) = raw::next(&mut stream).await {
                assert!(matches!(response.body, Some(wire::response::Body::SendMessage(_))), "{response:?}");
                break;
            }
        }
        permits.add_permits(1);
    }
    drop(writer.await.unwrap());
}

async fn receive_all(mut socket: raw::Socket, count: usize) {
    let mut received = 0;
    while received < count {
        received += entries_of(raw::next(&mut socket).await);
    }
}

/// Entries that a frame delivers.
pub(crate) fn entries_of(frame: Option<server_frame::Body>) -> usize {
    let Some(server_frame::Body::Push(push)) = frame else { return 0 };
    match push.body {
        Some(push::Body::Entry(_)) => 1,
        Some(push::Body::Conversation(change)) => change.entries.len(),
        _ => 0,
    }
}
