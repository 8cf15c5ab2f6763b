//! A client that speaks the protocol and keeps nothing: for figures of the server alone.

use std::net::SocketAddr;

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use prost::Message as _;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};
use whinchat_proto::id::{ClientMessageId, ConversationId};
use whinchat_proto::wire::{self, client_frame, server_frame};
use whinchat_tests::account::{APP_ID, user_sig};

use crate::echo;

/// A text as long as people write.
pub(crate) const TEXT: usize = 160;

pub(crate) type Socket = WebSocketStream<TcpStream>;

/// Connects and logs in; gives the connection and how many bytes the Welcome had.
pub(crate) async fn log_in(
    server: SocketAddr,
    user: &str,
    cursor: Option<wire::Cursor>,
) -> (Socket, wire::Welcome) {
    let socket = TcpStream::connect(server).await.unwrap();
    socket.set_nodelay(true).unwrap();
    let mut socket =
        client_async_with_config(format!("ws://{server}/"), socket, Some(echo::config())).await.unwrap().0;
    socket.send(hello(user, cursor)).await.unwrap();
    let welcome = loop {
        if let Some(server_frame::Body::Welcome(welcome)) = next(&mut socket).await {
            break welcome;
        }
    };
    (socket, welcome)
}

/// A login's first frame.
pub(crate) fn hello(user: &str, cursor: Option<wire::Cursor>) -> Message {
    let hello = wire::Hello {
        protocol_version: 1,
        app_id: APP_ID,
        user_id: user.to_owned(),
        device_id: format!("bench-{user}"),
        platform: wire::Platform::Desktop.into(),
        credential: Some(wire::hello::Credential::UserSig(user_sig(user))),
        start: Some(wire::hello::Start::Login(wire::Login {})),
        cursor,
        client: "bench".to_owned(),
        deleted_since: None,
    };
    frame(client_frame::Body::Hello(hello))
}

/// A frame to write.
pub(crate) fn frame(body: client_frame::Body) -> Message {
    Message::Binary(wire::ClientFrame { body: Some(body) }.encode_to_vec().into())
}

/// The next frame's body.
pub(crate) async fn next<S>(stream: &mut S) -> Option<server_frame::Body>
where
    S: StreamExt<Item = Result<Message, tokio_tungstenite::tungstenite::Error>> + Unpin,
{
    match stream.next().await.expect("the connection lives").unwrap() {
        Message::Binary(bytes) => wire::ServerFrame::decode(bytes).unwrap().body,
        _ => None,
    }
}

/// A text, with an id of this time: envelope and encoded content.
pub(crate) fn message(now_ms: i64, number: u64) -> (wire::Envelope, Vec<u8>) {
    let mut random = [0_u8; 10];
    random[2..].copy_from_slice(&number.to_be_bytes());
    let text = wire::Element { body: Some(wire::element::Body::Text(wire::Text { text: "x".repeat(TEXT) })) };
    let content = wire::Content { elements: vec![text], custom_data: Bytes::new() };
    let envelope = wire::Envelope {
        client_message_id: ClientMessageId::from_parts(now_ms, random).to_bytes(),
        kind: wire::MessageKind::Text.into(),
        ..wire::Envelope::default()
    };
    (envelope, content.encode_to_vec())
}

/// A send of a text.
pub(crate) fn send(request: u64, to: &ConversationId) -> client_frame::Body {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis();
    let (envelope, content) = message(i64::try_from(now).unwrap(), request);
    let send = wire::SendMessage {
        conversation: Some(to.to_wire()),
        envelope: Some(envelope),
        content: content.into(),
        ..wire::SendMessage::default()
    };
    client_frame::Body::Request(wire::Request {
        id: request,
        operation_id: Bytes::new(),
        body: Some(wire::request::Body::SendMessage(send)),
    })
}
