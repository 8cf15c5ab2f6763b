//! From an address to an open WebSocket.

use std::io;

use rustls::CertificateError;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Error as WsError;
use tokio_tungstenite::tungstenite::error::{CapacityError, ProtocolError};
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, WebSocketConfig};

use whinchat_proto::limits::{FRAME_BYTES, KB};

use super::address::Address;
use super::tls::Tls;
use crate::error::{Error, ErrorCode, Result};
use crate::platform::net;

/// TCP, or TLS over it: one type, so that all above it is compiled once.
pub(crate) trait Bytestream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Bytestream for T {}

/// An open WebSocket.
pub(crate) type WebSocket = WebSocketStream<Box<dyn Bytestream>>;

const READ_BUFFER: usize = 8 * KB;
/// As much as one flush usually takes along in one write.
const WRITE_BUFFER: usize = 16 * KB;

fn web_socket_config() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        // One frame waits while the buffer is written out, and control frames must fit as well.
        .max_write_buffer_size(WRITE_BUFFER + 2 * FRAME_BYTES)
        .max_message_size(Some(FRAME_BYTES))
        .max_frame_size(Some(FRAME_BYTES))
}

/// Connects. The caller bounds the time.
pub(crate) async fn open(address: &Address, tls: &Tls) -> Result<WebSocket> {
    let stream = stream(address, tls).await?;
    let handshake =
        tokio_tungstenite::client_async_with_config(address.request()?, stream, Some(web_socket_config()));
    let (web_socket, _) = Box::pin(handshake).await.map_err(handshake_failed)?;
    Ok(web_socket)
}

async fn stream(address: &Address, tls: &Tls) -> Result<Box<dyn Bytestream>> {
    #[cfg(feature = "simulation")]
    if let Some(dial) = address.dial() {
        let pipe = dial.dial().map_err(|error| net::broken(&error, "dialling"))?;
        return Ok(Box::new(pipe));
    }
    let tcp = net::dial(address.host(), address.port()).await?;
    Ok(match address.tls_name() {
        None => Box::new(tcp),
        Some(name) => {
            // On the heap: a TLS handshake is a large future, and this one lives inside the task that waits for it.
            let handshake = Box::pin(tls.connector().connect(name.clone(), tcp));
            Box::new(handshake.await.map_err(|error| tls_failed(&error))?)
        }
    })
}

fn tls_failed(error: &io::Error) -> Error {
    let Some(cause) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) else {
        return net::broken(error, "during the TLS handshake");
    };
    let advice = match cause {
        rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer) => {
            "the server's certificate is not signed by an authority this client knows; give the client its CA"
        }
        rustls::Error::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        ) => "the server's certificate is for another name than that of the address",
        rustls::Error::InvalidCertificate(
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. },
        ) => "the server's certificate has expired or is not valid yet; check this device's clock too",
        rustls::Error::InvalidMessage(_) => {
            "the server does not speak TLS on this port; is it a ws:// address?"
        }
        _ => "TLS could not be agreed on",
    };
    Error::new(ErrorCode::TlsFailed, format!("{advice} ({cause})"))
}

fn handshake_failed(error: WsError) -> Error {
    match error {
        WsError::Http(answer) => Error::new(
            ErrorCode::ConnectRefused,
            format!(
                "the server answered HTTP {} instead of opening a WebSocket; check the address",
                answer.status()
            ),
        ),
        WsError::Io(error) => net::broken(&error, "during the WebSocket handshake"),
        // A server that restarts does this, and so does one that expects TLS.
        WsError::Protocol(ProtocolError::HandshakeIncomplete) => Error::new(
            ErrorCode::ConnectionReset,
            "the connection was closed during the WebSocket handshake; if this stays, check the address",
        ),
        other => Error::new(
            ErrorCode::ConnectRefused,
            format!("what listens at the server's address does not speak WebSocket ({other})"),
        ),
    }
}

/// What an error of an open WebSocket means.
pub(crate) fn broken(error: WsError) -> Error {
    match error {
        WsError::Io(error) => net::broken(&error, "the connection was cut"),
        WsError::ConnectionClosed | WsError::AlreadyClosed => ErrorCode::ConnectionReset.into(),
        WsError::Capacity(CapacityError::MessageTooLong { size, max_size }) => Error::new(
            ErrorCode::FrameTooLarge,
            format!("the server sent a frame of {size} bytes; {max_size} are allowed"),
        ),
        other => Error::new(ErrorCode::ConnectionReset, format!("the connection was cut: {other}")),
    }
}

/// What the server's closing of the WebSocket means when no Bye came before it.
pub(crate) fn closed(frame: Option<&CloseFrame>) -> Error {
    let reason = frame.map(|frame| format!(": {}", frame.code)).unwrap_or_default();
    Error::new(ErrorCode::ConnectionReset, format!("the server closed the connection{reason}"))
}
