//! A group of a thousand members who are all connected.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::stream::SplitStream;
use futures_util::{SinkExt, StreamExt};
use prost::Message as _;
use tempfile::tempdir;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, mpsc};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, accept_async_with_config, client_async_with_config};
use whinchat_proto::id::ConversationId;
use whinchat_proto::wire::{self, push, server_frame};
use whinchat_server::{Server, ServerConfig};

use crate::latency::unlimited;
use crate::row::{Row, median};
use crate::stock::Stock;
use crate::{echo, raw};

const MEMBERS: usize = 1_000;
const MESSAGES: u64 = 100;
/// On the way at once.
const WINDOW: u64 = 16;

#[derive(Default)]
struct Count {
    pushes: AtomicU64,
    reached: Notify,
}

impl Count {
    async fn wait(&self, goal: u64) {
        loop {
            let reached = self.reached.notified();
            if self.pushes.load(Ordering::Relaxed) >= goal {
                return;
            }
            reached.await;
        }
    }
}

type Source = SplitStream<WebSocketStream<TcpStream>>;

/// Counts what arrives, as long as it does; `is_push` looks at the bytes alone.
fn count(mut source: Source, counted: Arc<Count>, least: usize, goal: u64) {
    tokio::spawn(async move {
        while let Some(Ok(Message::Binary(bytes))) = source.next().await {
            if bytes.len() >= least && counted.pushes.fetch_add(1, Ordering::Relaxed) + 1 == goal {
                counted.reached.notify_waiters();
            }
        }
    });
}

pub(crate) async fn measure(runs: usize) -> Vec<Row> {
    let (mut large, mut small, mut floors) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..runs {
        let (time, frame) = ours(200).await;
        large.push(per_delivery(time));
        floors.push(per_delivery(floor(frame).await));
        small.push(per_delivery(ours(1_000_000).await.0));
    }
    let floor = median(floors);
    let row = |name: &str, ours, aim| Row { name: name.into(), unit: "us", ours, floor, aim };
    vec![
        row("a message to 1,000 connected members, per delivery", median(large), None),
        row("the same with a mark for each member", median(small), None),
    ]
}

#[allow(clippy::cast_precision_loss, reason = "counts for a table")]
fn per_delivery(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6 / (MESSAGES as f64 * (MEMBERS - 1) as f64)
}

/// The time of everything, and how long a pushed frame is.
async fn ours(large_group: u32) -> (Duration, usize) {
    let dir = tempdir().unwrap();
    let data = dir.path().join("server");
    let names: Vec<String> = (0..MEMBERS).map(|n| format!("member{n}")).collect();
    let mut stock = Stock::open(&data, large_group);
    stock.users(&names).await;
    stock.group("crowd", &names).await;
    stock.close().await;
    let config = ServerConfig { large_group, ..unlimited(&data) };
    let server = Server::start(config).await.unwrap();
    let address = server.local_addr();
    let (mut owner, _) = raw::log_in(address, &names[0], None).await;
    let goal = MESSAGES * (MEMBERS as u64 - 1);
    let counted = Arc::new(Count::default());
    let mut sinks = Vec::new();
    // One looks at what arrives, to know how long it is.
    let (mut watcher, _) = raw::log_in(address, &names[1], None).await;
    for name in &names[2..] {
        let (socket, _) = raw::log_in(address, name, None).await;
        let (sink, source) = socket.split();
        sinks.push(sink);
        count(source, counted.clone(), raw::TEXT, goal - MESSAGES);
    }
    let to = ConversationId::parse("group_crowd").unwrap();
    let start = Instant::now();
    let watching = tokio::spawn(async move {
        let (mut seen, mut length) = (0, 0);
        while seen < MESSAGES {
            if let Some(server_frame::Body::Push(push)) = raw::next(&mut watcher).await
                && matches!(push.body, Some(push::Body::Entry(_)))
            {
                seen += 1;
                let frame = wire::ServerFrame { body: Some(server_frame::Body::Push(push)) };
                length = frame.encoded_len();
            }
        }
        length
    });
    let (mut sent, mut answered) = (0, 0);
    while answered < MESSAGES {
        while sent < MESSAGES && sent - answered < WINDOW {
            sent += 1;
            owner.send(raw::frame(raw::send(sent, &to))).await.unwrap();
        }
        if let Some(server_frame::Body::Response(_)) = raw::next(&mut owner).await {
            answered += 1;
        }
    }
    let length = watching.await.unwrap();
    counted.wait(goal - MESSAGES).await;
    let time = start.elapsed();
    server.stop().await;
    (time, length)
}

/// The same frames to as many sockets: a bare loop that queues them, and a writer a connection.
async fn floor(frame: usize) -> Duration {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address: SocketAddr = listener.local_addr().unwrap();
    let goal = MESSAGES * (MEMBERS as u64 - 1);
    let counted = Arc::new(Count::default());
    let mut servers = Vec::new();
    let mut sinks = Vec::new();
    for _ in 1..MEMBERS {
        let client = async {
            let socket = TcpStream::connect(address).await.unwrap();
            socket.set_nodelay(true).unwrap();
            let url = format!("ws://{address}/");
            client_async_with_config(url, socket, Some(echo::config())).await.unwrap().0
        };
        let server = async {
            let (socket, _) = listener.accept().await.unwrap();
            socket.set_nodelay(true).unwrap();
            // The buffers of the product.
            let config = WebSocketConfig::default().read_buffer_size(4_096).write_buffer_size(4_096);
            accept_async_with_config(socket, Some(config)).await.unwrap()
        };
        let (client, server) = futures_util::future::join(client, server).await;
        let (sink, source) = client.split();
        sinks.push(sink);
        count(source, counted.clone(), raw::TEXT, goal);
        servers.push(server);
    }
    let outgoing: Vec<_> = servers.into_iter().map(outgoing).collect();
    let bytes = Bytes::from(vec![7; frame]);
    // Nothing holds the messages back: at least as many of them share a flush as in the product, where each batch is synced.
    let start = Instant::now();
    for _ in 0..MESSAGES {
        for queue in &outgoing {
            queue.send(bytes.clone()).unwrap();
        }
    }
    counted.wait(goal).await;
    start.elapsed()
}

/// A task that writes what its queue holds in one flush, as the server does for each connection.
fn outgoing(mut socket: WebSocketStream<TcpStream>) -> mpsc::UnboundedSender<Bytes> {
    let (queue, mut waiting) = mpsc::unbounded_channel::<Bytes>();
    tokio::spawn(async move {
        let mut batch = Vec::new();
        while waiting.recv_many(&mut batch, usize::MAX).await > 0 {
            for frame in batch.drain(..) {
                socket.feed(Message::Binary(frame)).await.unwrap();
            }
            socket.flush().await.unwrap();
        }
    });
    queue
}
