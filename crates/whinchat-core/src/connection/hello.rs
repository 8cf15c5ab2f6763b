//! The first two frames of a connection.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio_tungstenite::tungstenite::Message;
use whinchat_proto::id::SessionId;
use whinchat_proto::{PROTOCOL_VERSION, codec, wire};

use super::link::LinkConfig;
use super::transport::{self, WebSocket};
use crate::error::{Error, ErrorCode};
use crate::platform::{Instant, timeout};

/// What a Hello says beside who and where; asked anew at each attempt.
pub(crate) trait HelloSource: Send + Sync {
    /// How much of the user's change log is held.
    fn cursor(&self) -> wire::Cursor;
    /// From where on deletions have to be listed, if not from the cursor.
    fn deleted_since(&self) -> Option<u64> {
        None
    }
    /// The session to go on with; a new login without one.
    fn session(&self) -> Option<SessionId>;
    /// The server does not know the session any more; the next attempt is a new login. False: there was none.
    fn forget_session(&self) -> bool;
    /// The UserSig.
    fn credential(&self) -> String;
}

/// Why there was no Welcome.
pub(crate) enum Failed {
    /// The connection did not bear it; the next may.
    Cut(Error),
    /// The server has said no.
    Refused(Error),
}

/// What a successful greeting gives.
pub(crate) struct Greeting {
    /// The server's answer.
    pub(crate) welcome: Box<wire::Welcome>,
    /// How long it took.
    pub(crate) round_trip: Duration,
}

/// Says Hello and waits for the Welcome.
pub(crate) async fn greet(
    web_socket: &mut WebSocket,
    config: &LinkConfig,
    source: &dyn HelloSource,
) -> Result<Greeting, Failed> {
    let hello = wire::ClientFrame { body: Some(wire::client_frame::Body::Hello(hello(config, source))) };
    let hello = codec::encode(&hello).map_err(Failed::Refused)?;
    let began = Instant::now();
    let exchange = async {
        web_socket
            .send(Message::Binary(hello))
            .await
            .map_err(|error| Failed::Cut(transport::broken(error)))?;
        welcome(web_socket).await
    };
    let welcome = timeout(config.request_timeout, exchange).await.unwrap_or_else(|| {
        Err(Failed::Cut(Error::new(ErrorCode::AnswerTimeout, "the server did not answer the Hello in time")))
    })?;
    Ok(Greeting { welcome, round_trip: began.elapsed() })
}

fn hello(config: &LinkConfig, source: &dyn HelloSource) -> wire::Hello {
    let start = match source.session() {
        Some(session) => wire::hello::Start::Resume(wire::Resume { session_id: session.to_bytes() }),
        None => wire::hello::Start::Login(wire::Login {}),
    };
    wire::Hello {
        protocol_version: PROTOCOL_VERSION,
        app_id: config.app_id,
        user_id: config.user_id.as_str().to_owned(),
        device_id: config.device_id.as_str().to_owned(),
        platform: config.platform.into(),
        credential: Some(wire::hello::Credential::UserSig(source.credential())),
        start: Some(start),
        cursor: Some(source.cursor()),
        client: config.client.clone(),
        deleted_since: source.deleted_since(),
    }
}

async fn welcome(web_socket: &mut WebSocket) -> Result<Box<wire::Welcome>, Failed> {
    use wire::server_frame::Body;
    loop {
        let message = match web_socket.next().await {
            None => return Err(Failed::Cut(ErrorCode::ConnectionReset.into())),
            Some(Err(error)) => return Err(Failed::Cut(transport::broken(error))),
            Some(Ok(message)) => message,
        };
        let bytes = match message {
            Message::Binary(bytes) => bytes,
            Message::Close(frame) => return Err(Failed::Cut(transport::closed(frame.as_ref()))),
            _ => continue,
        };
        let frame: wire::ServerFrame = codec::decode(bytes).map_err(Failed::Cut)?;
        match frame.body {
            Some(Body::Welcome(welcome)) => return Ok(Box::new(welcome)),
            Some(Body::Bye(bye)) => return Err(farewell(bye)),
            // A server too old or too new for this Hello answers as it answers any request it cannot read.
            Some(Body::Response(wire::Response {
                body: Some(wire::response::Body::Error(error)), ..
            })) => {
                return Err(Failed::Refused(error.into()));
            }
            _ => tracing::debug!("a frame before the welcome was ignored"),
        }
    }
}

/// What the server's last frame means. Without an error it is a server that goes away: come back.
pub(crate) fn farewell(bye: wire::Bye) -> Failed {
    match bye.error {
        Some(error) => Failed::Refused(error.into()),
        None => Failed::Cut(Error::new(ErrorCode::Draining, "the server closed the connection")),
    }
}
