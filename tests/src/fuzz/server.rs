//! A node, and clients that say strange things to it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures_util::{SinkExt as _, StreamExt as _};
use prost::Message as _;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use whinchat_proto::wire::{self, client_frame, server_frame};
use whinchat_server::ServerConfig;
use whinchat_server::bus::LocalBus;
use whinchat_server::simulation::Node;
use whinchat_server::storage::sqlite::{SqliteOptions, SqliteStorage};

use super::targets::{folder, signature};
use super::{corpus, mutate};
use crate::dice::Dice;
use crate::server::{DATABASE, config};
use crate::simulation::actor::Actor;
use crate::simulation::pipe::{End, Pipe};

/// Connections of one node.
const CONNECTIONS: u64 = 12;
const FRAMES: u64 = 25;
/// By the node's own clock, which goes on by itself.
const PATIENCE: Duration = Duration::from_secs(20);

fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// A node that hears a few strange connections and then a sane one.
pub(super) fn connection(dice: &mut Dice) {
    let folder = folder();
    let actor = Actor::new(0);
    actor.now(now_ms(), async {
        let config = ServerConfig { request_burst: 10_000, ..config(folder.path()) };
        let storage =
            SqliteStorage::open_inline(&SqliteOptions::new(folder.path().join(DATABASE)), Arc::new(now_ms));
        let storage = Arc::new(storage.expect("the storage opens"));
        let node = Node::start(config, storage, Arc::new(LocalBus::default())).expect("the node starts");
        for user in ["alice", "bob", "carol"] {
            sane(&node, user).await;
        }
        for _ in 0..CONNECTIONS {
            strange(&node, dice).await;
        }
        sane(&node, "alice").await;
        node.stop().await;
    });
    crate::simulation::clock::set_wall_ms(0);
}

async fn open(node: &Node) -> WebSocketStream<End> {
    let (_, client, server) = Pipe::new();
    node.accept(Box::new(server));
    let opened = tokio_tungstenite::client_async("ws://fuzz/", client).await;
    opened.expect("the node shakes hands").0
}

/// The next frame; none when the connection has ended.
async fn next(socket: &mut WebSocketStream<End>) -> Option<wire::ServerFrame> {
    loop {
        let next = tokio::time::timeout(PATIENCE, socket.next()).await.ok()??;
        match next {
            Ok(Message::Binary(bytes)) => {
                return Some(wire::ServerFrame::decode(bytes).expect("the node sends frames"));
            }
            Ok(Message::Close(_)) | Err(_) => return None,
            Ok(_) => {}
        }
    }
}

/// Logs in as the contract says, and asks something.
async fn sane(node: &Node, user: &str) {
    let mut socket = open(node).await;
    let hello = corpus::hello(user, &signature(user));
    socket.send(Message::Binary(hello.encode_to_vec().into())).await.expect("a connection");
    let welcome = next(&mut socket).await;
    assert!(
        matches!(&welcome, Some(wire::ServerFrame { body: Some(server_frame::Body::Welcome(_)) })),
        "{user} is not let in: {welcome:?}"
    );
    for frame in corpus::client_frames(&signature(user), 1).into_iter().take(3) {
        socket.send(Message::Binary(frame.encode_to_vec().into())).await.expect("a connection");
        next(&mut socket).await.expect("an answer");
    }
}

async fn strange(node: &Node, dice: &mut Dice) {
    let user = *dice.pick(&["alice", "bob", "carol", "nobody"]).unwrap_or(&"alice");
    let mut socket = open(node).await;
    let hello = corpus::hello(user, &signature(user)).encode_to_vec();
    // A strange Hello is rarely let in, and too many of them lock everybody out, as they should.
    let hello = if dice.chance(20) { mutate::protobuf(dice, &hello) } else { hello };
    let mut expected: BTreeMap<u64, i64> = BTreeMap::new();
    let mut alive = socket.send(Message::Binary(hello.into())).await.is_ok();
    for _ in 0..dice.below(FRAMES) {
        let frames = corpus::client_frames(&signature(user), 1 + dice.below(1_000));
        let frame = dice.pick(&frames).expect("a corpus").encode_to_vec();
        let frame = match dice.below(10) {
            0..=5 => mutate::protobuf(dice, &frame),
            6 => mutate::bytes(dice, &frame, &frame),
            _ => frame,
        };
        if let Ok(wire::ClientFrame { body: Some(client_frame::Body::Request(request)) }) =
            wire::ClientFrame::decode(frame.as_slice())
        {
            *expected.entry(request.id).or_default() += 1;
        }
        alive = alive && socket.send(Message::Binary(frame.into())).await.is_ok();
    }
    // What comes behind a Ping was asked after all that.
    let last = wire::Ping { nonce: 4_711, ..Default::default() };
    let last = wire::ClientFrame { body: Some(client_frame::Body::Ping(last)) };
    alive = alive && socket.send(Message::Binary(last.encode_to_vec().into())).await.is_ok();
    let mut heard = false;
    while let Some(frame) = next(&mut socket).await {
        match frame.body {
            Some(server_frame::Body::Response(response)) => {
                if let Some(wire::response::Body::Error(error)) = &response.body {
                    assert!(error.code != 0 && !error.message.is_empty(), "{error:?}");
                }
                if response.id != 0 {
                    *expected.entry(response.id).or_default() -= 1;
                }
            }
            Some(server_frame::Body::Pong(pong)) => heard |= pong.nonce == 4_711,
            Some(server_frame::Body::Bye(bye)) => {
                assert!(bye.error.is_some_and(|error| error.code != 0), "a Bye without a reason");
                return;
            }
            _ => {}
        }
        expected.remove(&0);
        if heard && expected.values().all(|missing| *missing == 0) {
            return;
        }
    }
    assert!(!alive || expected.values().all(|missing| *missing == 0), "not answered as often: {expected:?}");
}
