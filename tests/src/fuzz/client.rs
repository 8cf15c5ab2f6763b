//! A client, and servers that say strange things to it.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use prost::Message as _;
use rusqlite::Connection;
use tokio::sync::mpsc;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use whinchat_core::simulation::Dial;
use whinchat_core::{Backoff, Client, ConversationId, History, UserId};
use whinchat_proto::wire::{self, client_frame};

use super::targets::{folder, signature};
use super::{corpus, mutate};
use crate::account::APP_ID;
use crate::dice::Dice;
use crate::simulation::actor::Actor;
use crate::simulation::clock;
use crate::simulation::pipe::{End, Pipe};

/// Connections in one life.
const CONNECTIONS: u64 = 8;
const FRAMES: u64 = 25;
/// Longer than the client waits for anything, by its own clock, which goes on by itself.
const PATIENCE: Duration = Duration::from_secs(60);

/// One life of a client: servers that say strange things, calls of the app between them, and a close that ends.
pub(super) fn life(dice: &mut Dice) {
    let folder = folder();
    let actor = Actor::new(0);
    let (pipes, mut dialled) = mpsc::unbounded_channel();
    let dial = Dial::new(move || {
        let (_, client, server) = Pipe::new();
        match pipes.send(server) {
            Ok(()) => Ok(Box::new(client)),
            Err(_) => Err(std::io::ErrorKind::ConnectionRefused.into()),
        }
    });
    actor.now(clock::BEGINNING_MS, async {
        if dice.chance(40) {
            strange_outbox(dice, folder.path());
        }
        let client = Client::builder()
            .server("ws://fuzz")
            .app_id(APP_ID)
            .data_dir(folder.path())
            .backoff(Backoff { base: Duration::from_millis(5), cap: Duration::from_millis(20) })
            .request_timeout(Duration::from_millis(500))
            .connect_timeout(Duration::from_millis(500))
            .simulated(dial)
            .build()
            .expect("the client builds");
        let mut events = client.events();
        let listener = tokio::spawn(async move { while events.next().await.is_some() {} });
        for _ in 0..CONNECTIONS {
            // A Bye for good ends the login; the app tries again.
            let login = tokio::spawn({
                let client = client.clone();
                async move { client.login("alice", signature("alice")).await }
            });
            let end = tokio::time::timeout(Duration::from_secs(2), dialled.recv()).await;
            if let Ok(Some(end)) = end {
                tokio::time::timeout(PATIENCE, strange(end, dice)).await.expect("the client is served");
            }
            tokio::time::timeout(PATIENCE, calls(&client)).await.expect("calls end");
            login.abort();
        }
        tokio::time::timeout(PATIENCE, client.close()).await.expect("closing ends");
        listener.abort();
    });
    clock::set_wall_ms(0);
}

/// One connection.
async fn strange(end: End, dice: &mut Dice) {
    let Ok(mut socket) = tokio_tungstenite::accept_async(end).await else { return };
    let welcome = corpus::welcome().encode_to_vec();
    let welcome = if dice.chance(40) { mutate::protobuf(dice, &welcome) } else { welcome };
    if asked(&mut socket).await.is_none() || socket.send(Message::Binary(welcome.into())).await.is_err() {
        return;
    }
    for _ in 0..dice.below(FRAMES) {
        // Now and then the answer belongs to a question.
        let id = if dice.chance(30) { asked(&mut socket).await.unwrap_or(1) } else { 1 + dice.below(6) };
        let frames = corpus::server_frames(id);
        let frame = dice.pick(&frames).expect("a corpus").encode_to_vec();
        let frame = match dice.below(10) {
            0..=6 => mutate::protobuf(dice, &frame),
            7 => mutate::bytes(dice, &frame, &frame),
            _ => frame,
        };
        if socket.send(Message::Binary(frame.into())).await.is_err() {
            return;
        }
    }
    // What was asked meanwhile goes unanswered: the client has to notice.
    tokio::time::sleep(Duration::from_millis(dice.below(300))).await;
}

/// The id of the next request; 0 for another frame, none when nothing comes.
async fn asked(socket: &mut WebSocketStream<End>) -> Option<u64> {
    let next = tokio::time::timeout(Duration::from_millis(200), socket.next()).await;
    let Ok(Some(Ok(Message::Binary(bytes)))) = next else { return None };
    let frame = wire::ClientFrame::decode(bytes).expect("the client sends frames");
    match frame.body {
        Some(client_frame::Body::Request(request)) => Some(request.id),
        _ => Some(0),
    }
}

/// What an app does. Every call ends, with a result or an error that has a code.
pub(super) async fn calls(client: &Client) {
    let bob = ConversationId::User(UserId::new("bob").expect("an id"));
    let messages = client.messages();
    let listed = client.conversations().list(None, 20).await;
    let read = messages.history(&bob, History::newest(20)).await;
    let sent = messages.send_text(&bob, "hello").await;
    let marked = client.conversations().mark_read(&bob).await;
    for error in [listed.err(), read.err(), sent.err(), marked.err()].into_iter().flatten() {
        assert!(error.code != 0 && !error.message.is_empty(), "{error:?}");
    }
}

/// The own file of a user who was logged in here before, and its folder.
pub(super) fn own_file(folder: &std::path::Path) -> (Connection, std::path::PathBuf) {
    let files = whinchat_cli::ledger::DeviceFiles::new("", "alice", folder, folder, APP_ID);
    std::fs::create_dir_all(&files.folder).expect("a folder");
    let own = Connection::open(files.folder.join("own.db")).expect("a database");
    let tables = include_str!("../../../crates/whinchat-core/src/store/own_1.sql");
    own.execute_batch(&format!("{tables}; PRAGMA user_version = 1;")).expect("the tables of version 1");
    own.execute("INSERT INTO account (key, value) VALUES ('established', '1')", []).expect("a row");
    (own, files.folder)
}

/// An own file with rows that no version has written.
fn strange_outbox(dice: &mut Dice, folder: &std::path::Path) {
    let (own, _) = own_file(folder);
    let frame = corpus::client_frames("signature", 1).remove(0).encode_to_vec();
    for number in 0..dice.below(6) {
        let pieces: [Vec<u8>; 2] =
            [mutate::bytes(dice, &frame, b"{}"), mutate::bytes(dice, &[0; 16], &frame)];
        let conversation = *dice.pick(&["c2c_bob", "group_team", "c2c_", "nonsense", ""]).unwrap_or(&"");
        let mut id = [0_u8; 16];
        id[0] = number.to_le_bytes()[0];
        let id = if dice.chance(80) { id.to_vec() } else { mutate::bytes(dice, &id, &frame) };
        let error = dice.chance(50).then(|| String::from_utf8_lossy(&pieces[1]).into_owned());
        // Two of the same id are refused by the table.
        let _ = own.execute(
            "INSERT INTO outbox (kind, conversation, id, state, created_ms, head_seq, envelope, content, error) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            rusqlite::params![
                1 + dice.below(5).cast_signed(),
                conversation,
                id,
                dice.below(4).cast_signed(),
                dice.roll().cast_signed(),
                dice.roll().cast_signed(),
                pieces[0],
                pieces[1],
                error
            ],
        );
    }
}
