//! Coming back: what it costs follows what changed, not what exists.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use prost::Message as _;
use tempfile::tempdir;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{accept_async_with_config, client_async_with_config};
use whinchat_cli::fault::FaultProxy;
use whinchat_core::{ConversationId, Event};
use whinchat_proto::wire::{self, client_frame, request, response, server_frame};
use whinchat_server::Server;
use whinchat_tests::account::{APP_ID, user_sig};

use crate::latency::unlimited;
use crate::row::{Row, median};
use crate::stock::Stock;
use crate::{echo, raw};

const MANY: usize = 10_000;
const FEW: usize = 10;
const CHANGED: usize = 100;
const GROUPS: usize = 1_000;
/// Resumes whose median counts as one run.
const TRIES: usize = 15;
/// One way of a network of 100 ms.
const ONE_WAY: Duration = Duration::from_millis(50);

/// What one resume brought.
pub(crate) struct Resumed {
    time: Duration,
    round_trips: u32,
    bytes: usize,
    /// Of the states and entries alone.
    told: usize,
    to: wire::Cursor,
}

fn told(changes: &wire::Changes) -> usize {
    let of = |change: &wire::Change| match &change.body {
        Some(wire::change::Body::Conversation(body)) => {
            body.state.as_ref().map_or(0, prost::Message::encoded_len)
                + body.entries.iter().map(prost::Message::encoded_len).sum::<usize>()
        }
        None => 0,
    };
    changes.changes.iter().map(of).sum()
}

/// Logs in with a position and reads until everything is in.
pub(crate) async fn resume(server: SocketAddr, user: &str, cursor: wire::Cursor) -> Resumed {
    let start = Instant::now();
    let (mut socket, welcome) = raw::log_in(server, user, Some(cursor)).await;
    let bytes = wire::ServerFrame { body: Some(server_frame::Body::Welcome(welcome.clone())) }.encoded_len();
    let page = welcome.changes.unwrap();
    let to = page.to.unwrap();
    let mut found = Resumed { time: Duration::ZERO, round_trips: 1, bytes, told: told(&page), to };
    let mut below = page.continue_below;
    while below != 0 {
        let ask = wire::GetChanges { since: Some(cursor), below, deleted_since: None };
        let body = request::Body::GetChanges(ask);
        let request = wire::Request { id: 1, operation_id: bytes::Bytes::new(), body: Some(body) };
        socket.send(raw::frame(client_frame::Body::Request(request))).await.unwrap();
        let response = loop {
            if let Some(server_frame::Body::Response(response)) = raw::next(&mut socket).await {
                break response;
            }
        };
        found.bytes += response.encoded_len();
        let Some(response::Body::GetChanges(page)) = response.body else { panic!("no page") };
        (found.round_trips, found.told) = (found.round_trips + 1, found.told + told(&page));
        below = page.continue_below;
    }
    found.time = start.elapsed();
    found
}

/// A WebSocket server that answers each message with as many bytes as the message says.
pub(crate) async fn bare() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(async move {
                socket.set_nodelay(true).unwrap();
                let Ok(mut socket) = accept_async_with_config(socket, Some(echo::config())).await else {
                    return;
                };
                while let Some(Ok(Message::Text(size))) = socket.next().await {
                    let size: usize = size.parse().unwrap();
                    if socket.send(Message::Binary(vec![7; size].into())).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    address
}

/// A handshake and so many bytes in so many answers.
pub(crate) async fn read_bare(server: SocketAddr, bytes: usize, answers: u32) -> Duration {
    let start = Instant::now();
    let socket = TcpStream::connect(server).await.unwrap();
    socket.set_nodelay(true).unwrap();
    let url = format!("ws://{server}/");
    let mut socket = client_async_with_config(url, socket, Some(echo::config())).await.unwrap().0;
    for _ in 0..answers {
        let size = bytes / usize::try_from(answers).unwrap();
        socket.send(Message::Text(size.to_string().into())).await.unwrap();
        socket.next().await.unwrap().unwrap();
    }
    start.elapsed()
}

fn us(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64() * 1e6
}

async fn resumes(server: SocketAddr, user: &str, cursor: wire::Cursor) -> (f64, Resumed) {
    let mut times = Vec::new();
    let mut last = None;
    for _ in 0..TRIES {
        let resumed = resume(server, user, cursor).await;
        times.push(resumed.time);
        last = Some(resumed);
    }
    (us(times), last.unwrap())
}

fn peers(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("peer{n}")).collect()
}

pub(crate) async fn measure(runs: usize) -> Vec<Row> {
    let mut rows = conversations(runs).await;
    rows.extend(groups(runs).await);
    rows
}

#[allow(clippy::cast_precision_loss, reason = "counts for a table")]
async fn conversations(runs: usize) -> Vec<Row> {
    let dir = tempdir().unwrap();
    let data = dir.path().join("server");
    let mut stock = Stock::open(&data, 200);
    let names = peers(MANY);
    stock.users(&names).await;
    stock.users(&["bob".to_owned(), "few".to_owned()]).await;
    let to = |user: &str| ConversationId::parse(&format!("c2c_{user}")).unwrap();
    stock.texts(names.iter().map(|name| (name.clone(), to("bob"))).collect()).await;
    stock.texts(names[..FEW].iter().map(|name| (name.clone(), to("few"))).collect()).await;
    stock.close().await;
    let server = Server::start(unlimited(&data)).await.unwrap();
    let bob = resume(server.local_addr(), "bob", wire::Cursor::default()).await.to;
    let few = resume(server.local_addr(), "few", wire::Cursor::default()).await.to;
    // A client that holds everything, for the network of 100 ms.
    let proxy = FaultProxy::start(server.local_addr()).await.unwrap();
    let folder = dir.path().join("client");
    synced(proxy.addr(), &folder).await;
    let (mut large, mut small) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        large.push(resumes(server.local_addr(), "bob", bob).await.0);
        small.push(resumes(server.local_addr(), "few", few).await.0);
    }
    server.stop().await;
    let mut stock = Stock::open(&data, 200);
    stock.ids_from(1 << 32);
    stock.texts(names[..CHANGED].iter().map(|name| (name.clone(), to("bob"))).collect()).await;
    stock.close().await;
    let server = Server::start(unlimited(&data)).await.unwrap();
    let changed = resume(server.local_addr(), "bob", bob).await;
    proxy.set_upstream(server.local_addr());
    proxy.delay(ONE_WAY, Duration::ZERO);
    let far = synced(proxy.addr(), &folder).await;
    let bare = bare().await;
    let far_bare = FaultProxy::start(bare).await.unwrap();
    far_bare.delay(ONE_WAY, Duration::ZERO);
    let floor = read_bare(far_bare.addr(), changed.bytes, 1).await;
    server.stop().await;
    let row = |name: &str, unit, ours, floor, aim| Row { name: name.into(), unit, ours, floor, aim };
    vec![
        row(
            "resume, nothing new: 10,000 conversations beside 10",
            "us",
            median(large),
            median(small),
            Some(1.5),
        ),
        row(
            "resume, 100 of 10,000 changed: bytes beside the changed rows'",
            "B",
            changed.bytes as f64,
            changed.told as f64,
            Some(1.3),
        ),
        row("the same: application round trips", "", f64::from(changed.round_trips), 1.0, Some(1.0)),
        row(
            "the same, a whole client over a network of 100 ms, stored",
            "ms",
            far.as_secs_f64() * 1e3,
            floor.as_secs_f64() * 1e3,
            None,
        ),
    ]
}

/// Logs a client in and waits until it has everything.
async fn synced(server: SocketAddr, folder: &std::path::Path) -> Duration {
    let client = whinchat_core::Client::builder()
        .server(format!("ws://{server}"))
        .app_id(APP_ID)
        .data_dir(folder)
        .build()
        .unwrap();
    let mut events = client.events();
    let start = Instant::now();
    client.login("bob", user_sig("bob")).await.unwrap();
    while !matches!(events.next().await, Some(Event::SyncFinished)) {}
    let time = start.elapsed();
    client.close().await;
    time
}

/// A user in a thousand large groups.
async fn groups(runs: usize) -> Vec<Row> {
    let bare = bare().await;
    let mut rows = Vec::new();
    for moved in [0, 100, GROUPS] {
        let dir = tempdir().unwrap();
        let data = dir.path().join("server");
        let mut stock = Stock::open(&data, 2);
        let trio: Vec<String> = ["alice", "bob", "carol"].map(str::to_owned).to_vec();
        stock.users(&trio).await;
        for n in 0..GROUPS {
            stock.group(&format!("g{n}"), &trio).await;
        }
        stock.close().await;
        let mut cursor = wire::Cursor::default();
        let (mut ours, mut floors) = (Vec::new(), Vec::new());
        for run in 0..=runs {
            let mut stock = Stock::open(&data, 2);
            stock.ids_from((run as u64 + 1) << 32);
            let to = |n: usize| ConversationId::parse(&format!("group_g{n}")).unwrap();
            stock.texts((0..moved).map(|n| ("alice".to_owned(), to(n))).collect()).await;
            stock.close().await;
            let server = Server::start(unlimited(&data)).await.unwrap();
            let resumed = resume(server.local_addr(), "bob", cursor).await;
            cursor = resumed.to;
            server.stop().await;
            if run > 0 {
                // The first one fetched everything.
                ours.push(resumed.time.as_secs_f64() * 1e6);
                let floor = read_bare(bare, resumed.bytes, resumed.round_trips).await;
                floors.push(floor.as_secs_f64() * 1e6);
            }
        }
        rows.push(Row {
            name: format!("resume of a member of 1,000 large groups, {moved} moved"),
            unit: "us",
            ours: median(ours),
            floor: median(floors),
            aim: None,
        });
    }
    rows
}
