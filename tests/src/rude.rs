//! A connection that speaks the protocol badly, or well, without a client around it.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures_util::{SinkExt as _, StreamExt as _};
use prost::Message as _;
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use whinchat_proto::wire;
use whinchat_proto::wire::client_frame::Body as ClientBody;
use whinchat_proto::wire::request::Body as Ask;
use whinchat_proto::wire::response::Body as Answer;
use whinchat_proto::wire::server_frame::Body as ServerBody;

use crate::account::{APP_ID, user_sig};
use crate::dice::Dice;

/// Far above what an answer takes.
const PATIENCE: Duration = Duration::from_secs(20);

/// One such connection.
pub struct Rude {
    ws: WebSocketStream<TcpStream>,
    next: u64,
}

/// 16 bytes that nobody else has, rising.
pub fn unique() -> Bytes {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let mut id = [0; 16];
    id[8..].copy_from_slice(&NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    Bytes::copy_from_slice(&id)
}

/// The one-to-one conversation with a user.
#[must_use]
pub fn with(user: &str) -> wire::ConversationRef {
    wire::ConversationRef { target: Some(wire::conversation_ref::Target::UserId(user.into())) }
}

/// A text with this client message id.
#[must_use]
pub fn text(to: &str, id: Bytes, text: &str) -> Ask {
    let element = wire::Element { body: Some(wire::element::Body::Text(wire::Text { text: text.into() })) };
    let content = wire::Content { elements: vec![element], ..Default::default() };
    Ask::SendMessage(wire::SendMessage {
        conversation: Some(with(to)),
        envelope: Some(wire::Envelope {
            client_message_id: id,
            kind: wire::MessageKind::Text.into(),
            ..Default::default()
        }),
        content: content.encode_to_vec().into(),
        ..Default::default()
    })
}

fn hello(user: &str, platform: wire::Platform) -> wire::Hello {
    wire::Hello {
        protocol_version: 1,
        app_id: APP_ID,
        user_id: user.into(),
        device_id: format!("{platform:?} of {user}"),
        platform: platform.into(),
        credential: Some(wire::hello::Credential::UserSig(user_sig(user))),
        start: Some(wire::hello::Start::Login(wire::Login {})),
        cursor: None,
        client: "rude".into(),
        ..Default::default()
    }
}

impl Rude {
    /// Connects, without a word.
    ///
    /// # Errors
    ///
    /// When nobody listens, or the handshake fails.
    pub async fn connect(address: SocketAddr) -> Result<Self, String> {
        let stream = TcpStream::connect(address).await.map_err(|error| error.to_string())?;
        let handshake = tokio_tungstenite::client_async(format!("ws://{address}/"), stream).await;
        let (ws, _) = handshake.map_err(|error| error.to_string())?;
        Ok(Self { ws, next: 1 })
    }

    /// Connects and logs in.
    ///
    /// # Errors
    ///
    /// As for [`Self::connect`], and when the server says something else than Welcome.
    pub async fn log_in(address: SocketAddr, user: &str, platform: wire::Platform) -> Result<Self, String> {
        let mut rude = Self::connect(address).await?;
        rude.say(ClientBody::Hello(hello(user, platform))).await;
        match rude.hear().await {
            Some(ServerBody::Welcome(_)) => Ok(rude),
            other => Err(format!("{other:?}")),
        }
    }

    /// Sends a frame. Whether the server still listens shows when it is to answer.
    pub async fn say(&mut self, body: ClientBody) {
        self.bytes(wire::ClientFrame { body: Some(body) }.encode_to_vec()).await;
    }

    /// Sends bytes as a frame.
    pub async fn bytes(&mut self, bytes: Vec<u8>) {
        let _ = self.ws.send(Message::Binary(bytes.into())).await;
    }

    /// Sends a request with this operation id and gives its number.
    pub async fn ask(&mut self, operation_id: Bytes, ask: Ask) -> u64 {
        let id = self.next;
        self.next += 1;
        self.say(ClientBody::Request(wire::Request { id, operation_id, body: Some(ask) })).await;
        id
    }

    /// The next frame; nothing when the connection has ended.
    ///
    /// # Panics
    ///
    /// When neither comes.
    pub async fn hear(&mut self) -> Option<ServerBody> {
        loop {
            match tokio::time::timeout(PATIENCE, self.ws.next()).await.expect("the server says something") {
                Some(Ok(Message::Binary(bytes))) => {
                    return wire::ServerFrame::decode(bytes).expect("a frame of the protocol").body;
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(_)) => {}
            }
        }
    }

    /// The code of the next refusal or goodbye, or 0 for any other answer; pushes are passed over. Nothing when the
    /// connection has ended.
    pub async fn code(&mut self) -> Option<i32> {
        loop {
            match self.hear().await? {
                ServerBody::Response(response) => {
                    return Some(match response.body {
                        Some(Answer::Error(error)) => error.code,
                        _ => 0,
                    });
                }
                ServerBody::Bye(bye) => return Some(bye.error.map_or(0, |error| error.code)),
                _ => {}
            }
        }
    }
}

/// A frame of the protocol with a few bits turned, or cut short.
#[must_use]
pub fn bent(dice: &mut Dice, to: &str) -> Vec<u8> {
    let range = wire::EntryRange { conversation: Some(with(to)), epoch: 1, from: 1, to: 9 };
    let asks = [
        text(to, unique(), "bent"),
        Ask::FetchEntries(wire::FetchEntries { ranges: vec![range] }),
        Ask::MarkRead(wire::MarkRead { conversation: Some(with(to)), epoch: 1, seq: 1 }),
        Ask::CreateGroup(wire::CreateGroup { kind: "Work".into(), name: "n".into(), ..Default::default() }),
        Ask::GetChanges(wire::GetChanges::default()),
    ];
    let ask = dice.pick(&asks).cloned();
    let request = wire::Request { id: 7, operation_id: unique(), body: ask };
    let mut frame = wire::ClientFrame { body: Some(ClientBody::Request(request)) }.encode_to_vec();
    let place = |dice: &mut Dice, len: usize| usize::try_from(dice.below(len as u64)).unwrap_or(0);
    for _ in 0..=dice.below(3) {
        let at = place(dice, frame.len());
        frame[at] ^= 1 << dice.below(8);
    }
    if dice.chance(25) {
        frame.truncate(place(dice, frame.len()));
    }
    frame
}
