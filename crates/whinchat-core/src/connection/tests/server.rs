//! A server for tests: each step of it is said by the test.

use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpListener;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use whinchat_proto::{codec, wire};

use super::client::soon;
use crate::connection::transport::Bytestream;
use crate::error::{Error, ErrorCode};

/// A listener on a free port.
pub(super) struct FakeServer(TcpListener);

impl FakeServer {
    pub(super) async fn start() -> Self {
        Self(TcpListener::bind("127.0.0.1:0").await.unwrap())
    }

    pub(super) fn port(&self) -> u16 {
        self.0.local_addr().unwrap().port()
    }

    pub(super) fn url(&self) -> String {
        format!("ws://127.0.0.1:{}", self.port())
    }

    /// The next TCP connection, before anything was said on it.
    pub(super) async fn accept_tcp(&self) -> tokio::net::TcpStream {
        soon(self.0.accept()).await.unwrap().0
    }

    /// The next connection after its WebSocket handshake.
    pub(super) async fn accept(&self) -> Peer {
        Peer::shake_hands(Box::new(self.accept_tcp().await)).await
    }

    /// The next connection with its session up.
    pub(super) async fn accept_and_welcome(&self) -> Peer {
        let mut peer = self.accept().await;
        peer.hello().await;
        peer.welcome(welcome()).await;
        peer
    }
}

/// A usual Welcome.
pub(super) fn welcome() -> wire::Welcome {
    wire::Welcome {
        session_id: bytes::Bytes::from_static(&[7; 16]),
        server_time_ms: 1_700_000_000_000,
        heartbeat_ms: 60_000,
        limits: Some(limits(256)),
        ..Default::default()
    }
}

pub(super) fn limits(requests_in_flight: u32) -> wire::ServerLimits {
    wire::ServerLimits { requests_in_flight, ..Default::default() }
}

/// A push that says `version`.
pub(super) fn push(version: u64) -> wire::Push {
    wire::Push { prev_version: version - 1, version, body: None }
}

/// The server's end of one connection. Dropping it cuts the connection.
pub(super) struct Peer(WebSocketStream<Box<dyn Bytestream>>);

impl Peer {
    pub(super) async fn shake_hands(stream: Box<dyn Bytestream>) -> Self {
        Self(soon(tokio_tungstenite::accept_async(stream)).await.unwrap())
    }

    /// The next frame, or `None` when the client has closed.
    pub(super) async fn receive(&mut self) -> Option<wire::client_frame::Body> {
        loop {
            match soon(self.0.next()).await? {
                Ok(Message::Binary(bytes)) => return codec::decode::<wire::ClientFrame>(bytes).unwrap().body,
                Err(_) => return None,
                // A close is answered by reading on.
                Ok(_) => {}
            }
        }
    }

    pub(super) async fn hello(&mut self) -> wire::Hello {
        match self.receive().await {
            Some(wire::client_frame::Body::Hello(hello)) => hello,
            other => panic!("no hello but {other:?}"),
        }
    }

    pub(super) async fn request(&mut self) -> wire::Request {
        match self.receive().await {
            Some(wire::client_frame::Body::Request(request)) => request,
            other => panic!("no request but {other:?}"),
        }
    }

    pub(super) async fn ping(&mut self) -> wire::Ping {
        match self.receive().await {
            Some(wire::client_frame::Body::Ping(ping)) => ping,
            other => panic!("no ping but {other:?}"),
        }
    }

    pub(super) async fn send(&mut self, body: wire::server_frame::Body) {
        self.send_raw(Message::Binary(codec::encode(&wire::ServerFrame { body: Some(body) }).unwrap())).await;
    }

    pub(super) async fn send_raw(&mut self, message: Message) {
        self.0.send(message).await.unwrap();
    }

    pub(super) async fn welcome(&mut self, welcome: wire::Welcome) {
        self.send(wire::server_frame::Body::Welcome(welcome)).await;
    }

    pub(super) async fn push(&mut self, version: u64) {
        self.send(wire::server_frame::Body::Push(push(version))).await;
    }

    /// Answers a request with a result.
    pub(super) async fn answer(&mut self, id: u64) {
        let body = wire::response::Body::MarkRead(wire::MarkReadResult::default());
        self.respond(id, body).await;
    }

    pub(super) async fn refuse(&mut self, id: u64, code: ErrorCode) {
        self.respond(id, wire::response::Body::Error(Error::from(code).to_wire())).await;
    }

    pub(super) async fn respond(&mut self, id: u64, body: wire::response::Body) {
        let response = wire::Response { id, body: Some(body), ..Default::default() };
        self.send(wire::server_frame::Body::Response(response)).await;
    }

    /// Ends the connection with a reason.
    pub(super) async fn bye(mut self, error: &Error) {
        let bye = wire::Bye { error: Some(error.to_wire()), logout: false };
        self.send(wire::server_frame::Body::Bye(bye)).await;
    }
}
