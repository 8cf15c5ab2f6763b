//! The floor of durable sends: a server that does nothing but what the promise asks for. It reads a frame, puts the message
//! into one table with the product's indexes, many in one synced transaction, answers the sender and pushes to the
//! receiver. No rules, no logs of changes, no repetitions.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use prost::Message as _;
use rusqlite::{Connection, params};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_tungstenite::accept_async_with_config;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use whinchat_proto::wire::{self, client_frame, push, request, response, server_frame};

/// As the server's own: messages that one commit takes, and frames that one flush takes.
const BATCH: usize = 256;

type Connections = Arc<Mutex<HashMap<String, mpsc::UnboundedSender<Bytes>>>>;

struct Send {
    id: u64,
    from: String,
    to: String,
    envelope: wire::Envelope,
    content: Bytes,
}

/// A running one; it ends with its runtime and when nobody sends any more.
pub(crate) struct Combined {
    pub(crate) address: SocketAddr,
}

impl Combined {
    pub(crate) async fn start(folder: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Connections::default();
        let (sends, queue) = mpsc::channel(1_024);
        let table = table(&folder.join("floor.db"));
        let told = connections.clone();
        std::thread::spawn(move || store(table, queue, &told));
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                socket.set_nodelay(true).unwrap();
                tokio::spawn(serve(socket, connections.clone(), sends.clone()));
            }
        });
        Self { address }
    }
}

fn table(path: &Path) -> Connection {
    let connection = Connection::open(path).unwrap();
    connection
        .execute_batch(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-8192;
             CREATE TABLE entry (id INTEGER PRIMARY KEY, conversation INTEGER NOT NULL, seq INTEGER NOT NULL,
                sender INTEGER NOT NULL, time_ms INTEGER NOT NULL, modified INTEGER NOT NULL DEFAULT 0,
                counted INTEGER NOT NULL, counted_by_sender INTEGER NOT NULL, is_counted INTEGER NOT NULL,
                targeted INTEGER NOT NULL, client_id BLOB NOT NULL, envelope BLOB NOT NULL, content BLOB NOT NULL) STRICT;
             CREATE UNIQUE INDEX entry_place ON entry (conversation, seq);
             CREATE UNIQUE INDEX entry_identity ON entry (client_id, conversation, sender);
             CREATE INDEX entry_targeted ON entry (conversation, seq) WHERE targeted = 1;",
        )
        .unwrap();
    connection
}

async fn serve(socket: TcpStream, connections: Connections, sends: mpsc::Sender<Send>) {
    let config = WebSocketConfig::default().read_buffer_size(4_096).write_buffer_size(4_096);
    let (mut sink, mut stream) = accept_async_with_config(socket, Some(config)).await.unwrap().split();
    let (out, mut queue) = mpsc::unbounded_channel::<Bytes>();
    tokio::spawn(async move {
        let mut batch = Vec::new();
        while queue.recv_many(&mut batch, BATCH).await > 0 {
            for frame in batch.drain(..) {
                if sink.feed(Message::Binary(frame)).await.is_err() {
                    return;
                }
            }
            if sink.flush().await.is_err() {
                return;
            }
        }
    });
    let mut user = String::new();
    while let Some(Ok(Message::Binary(bytes))) = stream.next().await {
        match wire::ClientFrame::decode(bytes).unwrap().body {
            Some(client_frame::Body::Hello(hello)) => {
                user = hello.user_id;
                let welcome = server_frame::Body::Welcome(wire::Welcome::default());
                out.send(frame(welcome)).unwrap();
                connections.lock().unwrap().insert(user.clone(), out.clone());
            }
            Some(client_frame::Body::Request(wire::Request {
                id,
                body: Some(request::Body::SendMessage(send)),
                ..
            })) => {
                let Some(wire::conversation_ref::Target::UserId(to)) =
                    send.conversation.and_then(|name| name.target)
                else {
                    continue;
                };
                let envelope = send.envelope.unwrap_or_default();
                let send = Send { id, from: user.clone(), to, envelope, content: send.content };
                if sends.send(send).await.is_err() {
                    return;
                }
            }
            _ => {}
        }
    }
}

fn frame(body: server_frame::Body) -> Bytes {
    wire::ServerFrame { body: Some(body) }.encode_to_vec().into()
}

fn store(mut table: Connection, mut queue: mpsc::Receiver<Send>, connections: &Connections) {
    let mut logs: HashMap<String, (i64, u64)> = HashMap::new();
    let mut batch = Vec::new();
    while let Some(first) = queue.blocking_recv() {
        batch.push(first);
        while batch.len() < BATCH
            && let Ok(next) = queue.try_recv()
        {
            batch.push(next);
        }
        let transaction = table.transaction().unwrap();
        let mut stored = Vec::with_capacity(batch.len());
        {
            let mut insert = transaction
                .prepare_cached(
                    "INSERT INTO entry (conversation, seq, sender, time_ms, counted, counted_by_sender, is_counted, \
                     targeted, client_id, envelope, content) VALUES (?1, ?2, ?1, ?3, ?2, ?2, 1, 0, ?4, ?5, ?6)",
                )
                .unwrap();
            for send in batch.drain(..) {
                let number = i64::try_from(logs.len()).unwrap();
                let (log, seq) = logs.entry(send.from.clone()).or_insert((number, 0));
                *seq += 1;
                let time_ms = i64::try_from(*seq).unwrap();
                insert
                    .execute(params![
                        *log,
                        time_ms,
                        time_ms,
                        &send.envelope.client_message_id[..],
                        send.envelope.encode_to_vec(),
                        &send.content[..]
                    ])
                    .unwrap();
                stored.push((send, *seq));
            }
        }
        transaction.commit().unwrap();
        let connections = connections.lock().unwrap();
        for (send, seq) in stored {
            tell(&connections, send, seq);
        }
    }
}

fn tell(connections: &HashMap<String, mpsc::UnboundedSender<Bytes>>, send: Send, seq: u64) {
    let result =
        wire::SendMessageResult { seq, counted: seq, time_ms: 1_700_000_000_000, ..Default::default() };
    if let Some(sender) = connections.get(&send.from) {
        let body = Some(response::Body::SendMessage(result));
        let answer = wire::Response { id: send.id, body, ..Default::default() };
        let _ = sender.send(frame(server_frame::Body::Response(answer)));
    }
    if let Some(receiver) = connections.get(&send.to) {
        let target = wire::conversation_ref::Target::UserId(send.from.clone());
        let message =
            wire::StoredMessage { sender: send.from, envelope: Some(send.envelope), content: send.content };
        let entry = wire::Entry {
            seq,
            time_ms: result.time_ms,
            counted: seq,
            counted_by_sender: seq,
            body: Some(wire::entry::Body::Message(message)),
            ..Default::default()
        };
        let push = wire::EntryPush {
            conversation: Some(wire::ConversationRef { target: Some(target) }),
            epoch: 7,
            entry: Some(entry),
            ..Default::default()
        };
        let push = wire::Push { prev_version: seq - 1, version: seq, body: Some(push::Body::Entry(push)) };
        let _ = receiver.send(frame(server_frame::Body::Push(push)));
    }
}
