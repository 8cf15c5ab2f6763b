//! A server in a temporary folder, and a raw device.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures_util::{SinkExt as _, StreamExt as _};
use prost::Message as _;
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use whinchat_proto::user_sig::{UserSigClaims, sign};
use whinchat_proto::wire;
use whinchat_proto::wire::client_frame::Body as ClientBody;
use whinchat_proto::wire::request::Body as Ask;
use whinchat_proto::wire::response::Body as Answer;
use whinchat_proto::wire::server_frame::Body as ServerBody;
use whinchat_server::{AppKey, RunningServer, Server, ServerConfig};

pub(crate) const APP: u64 = 1_400_000_001;
pub(crate) const KEY: &str = "the key of the tests";
/// Far above what anything here takes; a test that waits this long has failed.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) struct Host {
    pub(crate) server: RunningServer,
    pub(crate) data: tempfile::TempDir,
}

pub(crate) fn config(data: &std::path::Path) -> ServerConfig {
    ServerConfig {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        data: data.to_owned(),
        app_id: APP,
        keys: vec![AppKey::new(KEY)],
        ..ServerConfig::default()
    }
}

impl Host {
    pub(crate) async fn start() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut ServerConfig)) -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut config = config(data.path());
        change(&mut config);
        let server = Server::start(config).await.unwrap();
        Self { server, data }
    }

    pub(crate) async fn raw(&self) -> Device {
        Device::connect(self.server.local_addr()).await
    }

    /// A device that has logged in.
    pub(crate) async fn device(&self, user: &str) -> Device {
        let mut device = self.raw().await;
        device.login(user).await;
        device
    }
}

pub(crate) fn now_s() -> i64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(now.as_secs()).unwrap()
}

pub(crate) fn sig(user: &str, app_id: u64, issued_s: i64, key: &str) -> String {
    let claims = UserSigClaims { user_id: user.into(), app_id, issued_s, lifetime_s: 600, user_buf: None };
    sign(&claims, key.as_bytes()).unwrap()
}

pub(crate) fn hello(user: &str) -> wire::Hello {
    wire::Hello {
        protocol_version: 1,
        app_id: APP,
        user_id: user.into(),
        device_id: format!("device of {user}"),
        platform: wire::Platform::Desktop.into(),
        credential: Some(wire::hello::Credential::UserSig(sig(user, APP, now_s(), KEY))),
        start: Some(wire::hello::Start::Login(wire::Login {})),
        cursor: None,
        client: "test".into(),
        deleted_since: None,
    }
}

/// 16 bytes that nobody else has, rising.
pub(crate) fn unique() -> Bytes {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let mut id = [0; 16];
    id[8..].copy_from_slice(&NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    Bytes::copy_from_slice(&id)
}

pub(crate) fn user(name: &str) -> wire::ConversationRef {
    wire::ConversationRef { target: Some(wire::conversation_ref::Target::UserId(name.into())) }
}

pub(crate) fn group(name: &str) -> wire::ConversationRef {
    wire::ConversationRef { target: Some(wire::conversation_ref::Target::GroupId(name.into())) }
}

pub(crate) fn text(to: wire::ConversationRef, text: &str) -> wire::SendMessage {
    let element = wire::Element { body: Some(wire::element::Body::Text(wire::Text { text: text.into() })) };
    let content = wire::Content { elements: vec![element], ..Default::default() };
    wire::SendMessage {
        conversation: Some(to),
        envelope: Some(wire::Envelope {
            client_message_id: unique(),
            kind: wire::MessageKind::Text.into(),
            ..Default::default()
        }),
        content: content.encode_to_vec().into(),
        online_only: false,
        round: 0,
        again: false,
    }
}

pub(crate) fn text_of(entry: &wire::Entry) -> String {
    let Some(wire::entry::Body::Message(message)) = &entry.body else { panic!("not a message: {entry:?}") };
    let content = wire::Content::decode(message.content.clone()).unwrap();
    match &content.elements[0].body {
        Some(wire::element::Body::Text(text)) => text.text.clone(),
        other => format!("{other:?}"),
    }
}

pub(crate) struct Device {
    pub(crate) ws: WebSocketStream<TcpStream>,
    next: u64,
    /// Pushes that came while a response was waited for.
    pub(crate) pushes: Vec<wire::Push>,
}

impl Device {
    pub(crate) async fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        let url = format!("ws://{address}/");
        let (ws, _) = tokio_tungstenite::client_async(url, stream).await.unwrap();
        Self { ws, next: 1, pushes: Vec::new() }
    }

    pub(crate) async fn send(&mut self, body: ClientBody) {
        let frame = wire::ClientFrame { body: Some(body) }.encode_to_vec();
        self.ws.send(Message::Binary(frame.into())).await.unwrap();
    }

    pub(crate) async fn ws_send(&mut self, message: Message) {
        self.ws.send(message).await.unwrap();
    }

    pub(crate) async fn bytes(&mut self, bytes: Vec<u8>) {
        self.ws.send(Message::Binary(bytes.into())).await.unwrap();
    }

    /// The next frame; nothing when the connection has ended.
    pub(crate) async fn frame(&mut self) -> Option<ServerBody> {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.ws.next()).await.expect("nothing came");
            match message {
                Some(Ok(Message::Binary(bytes))) => {
                    return wire::ServerFrame::decode(bytes).unwrap().body;
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(_)) => {}
            }
        }
    }

    pub(crate) async fn greet(&mut self, hello: wire::Hello) -> Result<wire::Welcome, i32> {
        self.send(ClientBody::Hello(hello)).await;
        match self.frame().await {
            Some(ServerBody::Welcome(welcome)) => Ok(welcome),
            Some(ServerBody::Bye(bye)) => Err(bye.error.unwrap().code),
            other => panic!("neither Welcome nor Bye: {other:?}"),
        }
    }

    pub(crate) async fn login(&mut self, user: &str) -> wire::Welcome {
        self.greet(hello(user)).await.unwrap()
    }

    /// Sends a request without waiting; gives its id.
    pub(crate) async fn ask(&mut self, ask: Ask) -> u64 {
        let operation_id = unique();
        self.ask_as(operation_id, ask).await
    }

    pub(crate) async fn ask_as(&mut self, operation_id: Bytes, ask: Ask) -> u64 {
        let id = self.next;
        self.next += 1;
        self.send(ClientBody::Request(wire::Request { id, operation_id, body: Some(ask) })).await;
        id
    }

    /// The next response; pushes on the way are kept.
    pub(crate) async fn response(&mut self) -> wire::Response {
        loop {
            match self.frame().await {
                Some(ServerBody::Response(response)) => return response,
                Some(ServerBody::Push(push)) => self.pushes.push(push),
                other => panic!("no response: {other:?}"),
            }
        }
    }

    pub(crate) async fn request(&mut self, ask: Ask) -> wire::Response {
        let id = self.ask(ask).await;
        let response = self.response().await;
        assert_eq!(response.id, id);
        response
    }

    /// The code of the refusal, or 0.
    pub(crate) async fn code(&mut self, ask: Ask) -> i32 {
        match self.request(ask).await.body.unwrap() {
            Answer::Error(error) => error.code,
            _ => 0,
        }
    }

    pub(crate) async fn send_text(
        &mut self,
        to: wire::ConversationRef,
        words: &str,
    ) -> wire::SendMessageResult {
        match self.request(Ask::SendMessage(text(to, words))).await.body.unwrap() {
            Answer::SendMessage(result) => result,
            other => panic!("not sent: {other:?}"),
        }
    }

    pub(crate) async fn push(&mut self) -> wire::Push {
        if !self.pushes.is_empty() {
            return self.pushes.remove(0);
        }
        match self.frame().await {
            Some(ServerBody::Push(push)) => push,
            other => panic!("no push: {other:?}"),
        }
    }

    pub(crate) async fn bye(&mut self) -> i32 {
        loop {
            match self.frame().await {
                Some(ServerBody::Bye(bye)) => return bye.error.unwrap().code,
                Some(_) => {}
                None => panic!("ended without a Bye"),
            }
        }
    }

    pub(crate) async fn ping(&mut self) -> wire::Pong {
        self.ping_before(0).await
    }

    /// A ping that announces a silence.
    pub(crate) async fn ping_before(&mut self, next_ms: u32) -> wire::Pong {
        self.send(ClientBody::Ping(wire::Ping { nonce: 7, next_ms, groups: 0 })).await;
        loop {
            match self.frame().await {
                Some(ServerBody::Pong(pong)) => return pong,
                Some(ServerBody::Push(push)) => self.pushes.push(push),
                other => panic!("no pong: {other:?}"),
            }
        }
    }
}

pub(crate) fn entry_of(push: &wire::Push) -> &wire::Entry {
    match push.body.as_ref().unwrap() {
        wire::push::Body::Entry(entry) => entry.entry.as_ref().unwrap(),
        wire::push::Body::Conversation(change) => change.entries.last().unwrap(),
        wire::push::Body::Ephemeral(_) => panic!("not an entry"),
    }
}

/// The pages of an answer to `FetchEntries`, which the generated types hold in its encoding.
pub(crate) fn pages(result: &Bytes) -> Vec<wire::EntryPage> {
    wire::FetchEntriesResult::decode(result.clone()).unwrap().pages
}
