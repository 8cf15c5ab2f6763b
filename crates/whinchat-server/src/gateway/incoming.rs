//! From WebSocket messages to frames of the contract.

use futures_util::StreamExt as _;
use futures_util::stream::SplitStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::{Error, Message};
use whinchat_proto::codec;
use whinchat_proto::wire;

use super::stream::Stream;

/// The reading half.
pub(super) type Source = SplitStream<WebSocketStream<Stream>>;

/// What came in.
pub(super) enum Incoming {
    /// A frame of the contract; its case may be unknown.
    Frame(Box<wire::ClientFrame>),
    /// Something else, in a WebSocket message of its own.
    Garbage,
    /// A sign of life without a meaning here.
    Alive,
    /// Over the limit: the rest of it is still on its way.
    TooLarge,
    /// Not WebSocket any more.
    Broken,
    /// The client has gone.
    Gone,
}

/// Waits for the next one.
pub(super) async fn next(source: &mut Source, frame_bytes: usize) -> Incoming {
    match source.next().await {
        Some(Ok(Message::Binary(bytes))) if bytes.len() > frame_bytes => Incoming::TooLarge,
        Some(Ok(Message::Binary(bytes))) => match codec::decode(bytes) {
            Ok(frame) => Incoming::Frame(Box::new(frame)),
            Err(_) => Incoming::Garbage,
        },
        Some(Ok(Message::Text(_))) => Incoming::Garbage,
        Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => Incoming::Alive,
        Some(Ok(Message::Close(_))) | None => Incoming::Gone,
        Some(Err(Error::Capacity(_))) => Incoming::TooLarge,
        Some(Err(Error::Protocol(_) | Error::Utf8(_))) => Incoming::Broken,
        Some(Err(_)) => Incoming::Gone,
    }
}
