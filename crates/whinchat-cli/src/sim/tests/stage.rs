//! A simulator, questions to it, and a small page that can also misbehave.

use std::path::Path;
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::sim::start::{Settings, Sim};

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(20);

async fn soon<T>(what: &str, work: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, work).await.unwrap_or_else(|_| panic!("{what} took too long"))
}

pub(super) struct Stage {
    pub(super) sim: Sim,
    pub(super) folder: TempDir,
}

impl Stage {
    pub(super) async fn new() -> Self {
        Self::with(|_, _| {}).await
    }

    pub(super) async fn with(change: impl FnOnce(&mut Settings, &Path)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::new(&folder.path().join("sim"));
        change(&mut settings, folder.path());
        Self { sim: Sim::start(settings).await.unwrap(), folder }
    }

    /// The query of every question, with what else belongs into it.
    pub(super) fn query(&self, more: &str) -> String {
        format!("key={}&{more}", self.sim.key())
    }

    pub(super) async fn ask(&self, method: &str, target: &str, body: &[u8]) -> Answer {
        let head = format!("{method} {target} HTTP/1.1\r\nHost: 127.0.0.1\r\n");
        self.ask_raw(&head, body).await
    }

    /// Sends a head and a body; the length and the end of the head are added.
    pub(super) async fn ask_raw(&self, head: &str, body: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(self.sim.address()).await.unwrap();
        let end = format!("Connection: close\r\nContent-Length: {}\r\n\r\n", body.len());
        stream.write_all(format!("{head}{end}").as_bytes()).await.unwrap();
        // An answer may come before the body was taken.
        let _ = stream.write_all(body).await;
        Answer::read(stream).await
    }

    pub(super) async fn get(&self, path: &str, query: &str) -> Answer {
        self.ask("GET", &format!("{path}?{}", self.query(query)), b"").await
    }

    pub(super) async fn post(&self, path: &str, query: &str, body: &[u8]) -> Answer {
        self.ask("POST", &format!("{path}?{}", self.query(query)), body).await
    }

    pub(super) async fn page(&self, device: &str) -> Page {
        self.try_page(&self.query(&format!("device={device}"))).await.unwrap()
    }

    pub(super) async fn try_page(&self, query: &str) -> Result<Page, u16> {
        let stream = TcpStream::connect(self.sim.address()).await.unwrap();
        let url = format!("ws://{}/sim/socket?{query}", self.sim.address());
        match tokio_tungstenite::client_async(url, stream).await {
            Ok((socket, _)) => Ok(Page { socket }),
            Err(Error::Http(reply)) => Err(reply.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }
}

pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(super) async fn read(mut stream: TcpStream) -> Self {
        let mut all = Vec::new();
        let _ = soon("an answer", stream.read_to_end(&mut all)).await;
        let end = all.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
        let head = String::from_utf8(all[..end].to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Self { status, head: head.to_lowercase(), body: all[end + 4..].to_vec() }
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

pub(super) struct Page {
    pub(super) socket: WebSocketStream<TcpStream>,
}

impl Page {
    pub(super) async fn say(&mut self, text: impl Into<String>) {
        self.socket.send(Message::text(text.into())).await.unwrap();
    }

    pub(super) async fn call(&mut self, id: u64, method: &str, params: Value) {
        self.say(json!({ "id": id, "method": method, "params": params }).to_string()).await;
    }

    /// The next frame, or how the socket was closed.
    pub(super) async fn hear(&mut self) -> Result<Value, u16> {
        loop {
            match soon("a frame", self.socket.next()).await {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(Some(close)))) => return Err(close.code.into()),
                Some(Ok(_)) => {}
                _ => return Err(0),
            }
        }
    }

    /// The result of this call; what comes before is left out.
    pub(super) async fn result(&mut self, id: u64) -> Value {
        loop {
            let frame = self.hear().await.unwrap();
            if frame["id"] == id && frame["keep"] == false {
                return frame["data"].clone();
            }
        }
    }

    /// Becomes a user's device.
    pub(super) async fn log_in(&mut self, user: &str) -> Value {
        let hello = self.hear().await.unwrap()["hello"].clone();
        self.call(1, "init", json!({ "sdkAppId": hello["appId"] })).await;
        let done = self.result(1).await;
        assert_eq!(done["code"], 0, "{done}");
        self.call(2, "login", json!({ "userId": user, "userSig": "" })).await;
        let done = self.result(2).await;
        assert_eq!(done["code"], 0, "{done}");
        hello
    }

    pub(super) async fn has_silence(&mut self) -> bool {
        tokio::time::timeout(Duration::from_millis(200), self.socket.next()).await.is_err()
    }
}
