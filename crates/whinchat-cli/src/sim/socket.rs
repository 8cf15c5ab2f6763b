//! From an HTTP request to a page's WebSocket.

use std::sync::Arc;
use std::time::Duration;

use clap::ValueEnum as _;
use hyper::body::Incoming;
use hyper::header::{
    CONNECTION, HeaderMap, HeaderName, HeaderValue, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY,
    SEC_WEBSOCKET_VERSION, UPGRADE,
};
use hyper::upgrade::Upgraded;
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use super::question::Query;
use super::reply::{self, Refusal, Reply};
use super::world::World;
use super::{control, session};
use crate::admin::Platform;

/// A page's WebSocket.
pub(super) type Socket = WebSocketStream<TokioIo<Upgraded>>;

/// How long the switch from HTTP may take.
const SWITCH: Duration = Duration::from_secs(10);

/// Answers the handshake and begins the session.
pub(super) async fn open(
    world: &Arc<World>,
    query: &Query,
    mut request: Request<Incoming>,
) -> Result<Reply, Refusal> {
    let platform = query.get("platform").unwrap_or("android");
    let platform = Platform::from_str(platform, false)
        .map_err(|_| Refusal::bad("platform has to be android, ios, tablet, desktop or web."))?;
    let accept = handshake(request.headers())?;
    let device = control::device(world, query).await?;
    let upgrade = hyper::upgrade::on(&mut request);
    let limit = world.limits.frame_bytes;
    let config = WebSocketConfig::default().max_message_size(Some(limit)).max_frame_size(Some(limit));
    let owner = Arc::clone(world);
    world.sessions.spawn(async move {
        // A page that is gone before it has begun.
        let Ok(Ok(stream)) = tokio::time::timeout(SWITCH, upgrade).await else { return };
        let socket = Socket::from_raw_socket(TokioIo::new(stream), Role::Server, Some(config)).await;
        Box::pin(session::run(&owner, &device, platform, socket)).await;
    });
    let mut reply = reply::empty(StatusCode::SWITCHING_PROTOCOLS);
    let headers = reply.headers_mut();
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(SEC_WEBSOCKET_ACCEPT, accept);
    Ok(reply)
}

fn handshake(headers: &HeaderMap) -> Result<HeaderValue, Refusal> {
    let says = |name: HeaderName, word: &str| {
        let values = headers.get_all(name);
        values
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|value| value.trim().eq_ignore_ascii_case(word))
    };
    if !says(CONNECTION, "upgrade") || !says(UPGRADE, "websocket") || !says(SEC_WEBSOCKET_VERSION, "13") {
        let sentence = "This is a WebSocket of version 13.";
        return Err(Refusal::new(StatusCode::UPGRADE_REQUIRED, sentence));
    }
    let key = headers.get(SEC_WEBSOCKET_KEY).ok_or_else(|| Refusal::bad("Sec-WebSocket-Key is missing."))?;
    HeaderValue::from_str(&derive_accept_key(key.as_bytes()))
        .map_err(|_| Refusal::bad("Sec-WebSocket-Key is malformed."))
}
