//! From a durable send to its delivery: one on the way at a time, and at half of the maximum load.

use std::time::{Duration, Instant};

use futures_util::SinkExt;
use tempfile::tempdir;
use whinchat_core::{Client, ConversationId, Event};
use whinchat_proto::wire::{push, server_frame};
use whinchat_server::{Server, ServerConfig};
use whinchat_tests::account::{APP_ID, user_sig};
use whinchat_tests::server::config;

use crate::row::{Row, median};
use crate::{disk, echo, load, pipelined, raw};

const COUNT: usize = 300;
/// Limits that do not measure the rate limit.
pub(crate) fn unlimited(data: &std::path::Path) -> ServerConfig {
    ServerConfig {
        requests_per_second: 1_000_000,
        request_burst: 1_000_000,
        heartbeat_ms: 30_000,
        ..config(data)
    }
}

fn p50(times: Vec<Duration>) -> f64 {
    percentile(times, 50)
}

fn percentile(mut times: Vec<Duration>, hundredths: usize) -> f64 {
    times.sort();
    times[(times.len() * hundredths / 100).min(times.len() - 1)].as_secs_f64() * 1e6
}

pub(crate) async fn measure(runs: usize) -> Vec<Row> {
    let (mut floors, mut servers, mut clients) = (Vec::new(), Vec::new(), Vec::new());
    let mut loads = [1_usize, 50].map(|pairs| (pairs, Vec::new(), Vec::new()));
    for _ in 0..runs {
        let dir = tempdir().unwrap();
        let syncs = p50(disk::appends(dir.path(), COUNT));
        let echoes = p50(echo::Echo::start().await.one_by_one(COUNT).await);
        floors.push(syncs + echoes);
        servers.push(p50(server_alone(dir.path()).await));
        clients.push(p50(whole_way(dir.path()).await));
        for (pairs, middle, tail) in &mut loads {
            let dir = dir.path().join(pairs.to_string());
            let maximum = load::maximum(&dir, *pairs, pipelined::served(&dir, *pairs).await).await;
            let delays = load::at(&dir.join("half"), *pairs, 2.0 * maximum).await.delays;
            middle.push(percentile(delays.clone(), 50));
            tail.push(percentile(delays, 99));
        }
    }
    let floor = median(floors);
    let unloaded = median(servers.clone());
    let mut rows = vec![
        Row {
            name: "durable send to delivered, one in flight, p50: server".into(),
            unit: "us",
            ours: median(servers.clone()),
            floor,
            aim: Some(3.0),
        },
        Row {
            name: "the same between two whole clients, outbox included".into(),
            unit: "us",
            ours: median(clients),
            floor,
            aim: None,
        },
    ];
    for (pairs, middle, tail) in loads {
        let half = format!("at half of the maximum load of {pairs} sender(s), one receiver each");
        rows.push(Row {
            name: format!("durable send to delivered {half}, p99 (floor: p50 of one in flight)"),
            unit: "us",
            ours: median(tail),
            floor: unloaded,
            aim: Some(20.0),
        });
        rows.push(Row {
            name: format!("the same {half}, p50"),
            unit: "us",
            ours: median(middle),
            floor: unloaded,
            aim: None,
        });
    }
    rows
}

async fn server_alone(dir: &std::path::Path) -> Vec<Duration> {
    let server = Server::start(unlimited(&dir.join("server"))).await.unwrap();
    let (mut alice, _) = raw::log_in(server.local_addr(), "alice", None).await;
    let (mut bob, _) = raw::log_in(server.local_addr(), "bob", None).await;
    let to = ConversationId::parse("c2c_bob").unwrap();
    let mut times = Vec::new();
    for request in 1..=u64::try_from(COUNT).unwrap() {
        let start = Instant::now();
        alice.send(raw::frame(raw::send(request, &to))).await.unwrap();
        loop {
            if let Some(server_frame::Body::Push(push)) = raw::next(&mut bob).await
                && matches!(push.body, Some(push::Body::Entry(_) | push::Body::Conversation(_)))
            {
                break;
            }
        }
        times.push(start.elapsed());
        while !matches!(raw::next(&mut alice).await, Some(server_frame::Body::Response(_))) {}
    }
    server.stop().await;
    times
}

/// A client on a folder of its own, logged in.
pub(crate) async fn client(server: std::net::SocketAddr, folder: &std::path::Path, user: &str) -> Client {
    let client = Client::builder()
        .server(format!("ws://{server}"))
        .app_id(APP_ID)
        .data_dir(folder.join(user))
        .build()
        .unwrap();
    client.login(user, user_sig(user)).await.unwrap();
    client
}

async fn whole_way(dir: &std::path::Path) -> Vec<Duration> {
    let server = Server::start(unlimited(&dir.join("server2"))).await.unwrap();
    let alice = client(server.local_addr(), dir, "alice").await;
    let bob = client(server.local_addr(), dir, "bob").await;
    let mut events = bob.events();
    let to = ConversationId::parse("c2c_bob").unwrap();
    let mut times = Vec::new();
    for _ in 0..COUNT {
        let start = Instant::now();
        let handle = alice.messages().send_text(&to, "x".repeat(raw::TEXT)).await.unwrap();
        while !matches!(events.next().await, Some(Event::MessageReceived(_))) {}
        times.push(start.elapsed());
        handle.settled().await.unwrap();
    }
    alice.close().await;
    bob.close().await;
    server.stop().await;
    times
}
