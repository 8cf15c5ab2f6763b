//! Many durable sends on the way at once.

use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use tempfile::tempdir;
use tokio::sync::Semaphore;
use whinchat_core::ConversationId;
use whinchat_proto::wire::{self, push, server_frame};
use whinchat_server::Server;

use crate::latency::unlimited;
use crate::row::{Row, median};
use crate::{disk, echo, raw};

const COUNT: usize = 10_000;
const WINDOW: usize = 64;
/// Rows that one transaction of the floor takes: what group commit gathers at full load.
const BATCH: u64 = 64;

pub(crate) async fn measure(runs: usize) -> Vec<Row> {
    let mut rows = Vec::new();
    for senders in [1_usize, 50] {
        let (mut ours, mut floors) = (Vec::new(), Vec::new());
        for _ in 0..runs {
            let dir = tempdir().unwrap();
            floors.push(floor(dir.path()).await);
            ours.push(sends(dir.path(), senders).await);
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

/// Echo, grouped insert, half an echo and the codec, for one message.
async fn floor(dir: &std::path::Path) -> f64 {
    let echo = echo::Echo::start().await.pipelined(COUNT, WINDOW).await.as_secs_f64() * 1e6;
    let mut table = disk::messages_table(&dir.join("floor"), "FULL");
    let count = COUNT as u64;
    let insert = disk::insert(&mut table, 0, count, 1, BATCH).as_secs_f64() * 1e6 / COUNT as f64;
    let to = ConversationId::parse("c2c_bob").unwrap();
    let start = Instant::now();
    for request in 0..count {
        let bytes = raw::frame(raw::send(request, &to)).into_data();
        std::hint::black_box(<wire::ClientFrame as prost::Message>::decode(bytes).unwrap());
    }
    let codec = start.elapsed().as_secs_f64() * 1e6 / COUNT as f64;
    echo * 1.5 + insert + codec
}

async fn sends(dir: &std::path::Path, senders: usize) -> f64 {
    let server = Server::start(unlimited(&dir.join("server"))).await.unwrap();
    let address = server.local_addr();
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
    server.stop().await;
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
        if let Some(server_frame::Body::Push(push)) = raw::next(&mut socket).await {
            received += match push.body {
                Some(push::Body::Entry(_)) => 1,
                Some(push::Body::Conversation(change)) => change.entries.len(),
                _ => 0,
            };
        }
    }
}
