//! From a durable send to its delivery: one on the way at a time, and at half of the maximum load.

use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use tempfile::tempdir;
use whinchat_core::{Client, ConversationId, Event};
use whinchat_proto::wire::{push, response, server_frame};
use whinchat_server::{Server, ServerConfig};
use whinchat_tests::account::{APP_ID, user_sig};
use whinchat_tests::server::config;

use crate::row::{Row, median};
use crate::{disk, echo, pipelined, raw};

const COUNT: usize = 300;
/// Senders, each with a receiver, of the load.
const PAIRS: usize = 50;
/// How long the load lasts.
const LOAD: Duration = Duration::from_secs(2);
/// How often each sender looks whether something is due.
const TICK: Duration = Duration::from_millis(1);

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
    let (mut loaded, mut loaded_p50) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        let dir = tempdir().unwrap();
        let syncs = p50(disk::appends(dir.path(), COUNT));
        let echoes = p50(echo::Echo::start().await.one_by_one(COUNT).await);
        floors.push(syncs + echoes);
        servers.push(p50(server_alone(dir.path()).await));
        clients.push(p50(whole_way(dir.path()).await));
        let maximum = pipelined::served(&dir.path().join("maximum"), PAIRS).await;
        let under_load = at_load(&dir.path().join("load"), 2.0 * maximum).await;
        loaded_p50.push(percentile(under_load.clone(), 50));
        loaded.push(percentile(under_load, 99));
    }
    let floor = median(floors);
    vec![
        Row {
            name: "durable send to delivered, one in flight, p50: server".into(),
            unit: "us",
            ours: median(servers.clone()),
            floor,
            aim: Some(3.0),
        },
        Row {
            name: format!("the same at half of the maximum load, {PAIRS} pairs, p99 (floor: the p50 above)"),
            unit: "us",
            ours: median(loaded),
            floor: median(servers.clone()),
            aim: Some(20.0),
        },
        Row {
            name: "the same, p50".into(),
            unit: "us",
            ours: median(loaded_p50),
            floor: median(servers),
            aim: None,
        },
        Row {
            name: "the same between two whole clients, outbox included".into(),
            unit: "us",
            ours: median(clients),
            floor,
            aim: None,
        },
    ]
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

/// One message every `each` microseconds, spread over all pairs, whatever the answers; from when each was due to its delivery.
async fn at_load(dir: &std::path::Path, each: f64) -> Vec<Duration> {
    let server = Server::start(unlimited(dir)).await.unwrap();
    let pace = Duration::from_secs_f64(each * PAIRS as f64 / 1e6);
    let count = u32::try_from(LOAD.as_nanos() / pace.as_nanos()).unwrap();
    let mut pairs = Vec::new();
    for number in 0..PAIRS {
        let (receiver, _) = raw::log_in(server.local_addr(), &format!("receiver{number}"), None).await;
        let (sender, _) = raw::log_in(server.local_addr(), &format!("sender{number}"), None).await;
        pairs.push((sender, receiver));
    }
    let start = Instant::now() + Duration::from_millis(50);
    let mut tasks = tokio::task::JoinSet::new();
    for (number, (sender, mut receiver)) in pairs.into_iter().enumerate() {
        let first = start + pace.mul_f64(number as f64 / PAIRS as f64);
        let (mut sink, mut answers) = sender.split();
        let to = ConversationId::parse(&format!("c2c_receiver{number}")).unwrap();
        tokio::spawn(async move {
            let mut sent = 0;
            while sent < count {
                while sent < count && first + pace * sent <= Instant::now() {
                    sent += 1;
                    sink.feed(raw::frame(raw::send(sent.into(), &to))).await.unwrap();
                }
                sink.flush().await.unwrap();
                tokio::time::sleep(TICK).await;
            }
        });
        tasks.spawn(async move {
            let mut answered = 0;
            while answered < count {
                if let Some(server_frame::Body::Response(response)) = raw::next(&mut answers).await {
                    // Whoever waits for the delivery of one that was refused waits for ever.
                    assert!(!matches!(response.body, Some(response::Body::Error(_))), "{response:?}");
                    answered += 1;
                }
            }
            Vec::new()
        });
        tasks.spawn(async move {
            let mut times = Vec::new();
            let mut delivered = 0;
            while delivered < count {
                let entries = pipelined::entries_of(raw::next(&mut receiver).await);
                for _ in 0..entries {
                    times.push(Instant::now().saturating_duration_since(first + pace * delivered));
                    delivered += 1;
                }
            }
            times
        });
    }
    let mut times = Vec::new();
    while let Some(done) = tasks.join_next().await {
        times.extend(done.unwrap());
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
