//! Accepting connections.

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;

use super::Gateway;
use super::connection::serve;
use super::stream::Stream;

/// How long a TLS handshake may take.
const TLS_TIMEOUT: Duration = Duration::from_secs(10);
/// Pause when the system has no room for another connection.
const NO_ROOM: Duration = Duration::from_millis(100);

/// What is listened with.
pub(crate) struct Listening {
    pub(crate) listener: TcpListener,
    pub(crate) tls: Option<TlsAcceptor>,
}

/// Accepts until the server goes down. At the limit of connections the next ones wait in the system's queue.
pub(crate) async fn accept(gateway: Arc<Gateway>, listening: Listening) {
    let places = Arc::new(Semaphore::new(gateway.config.connections));
    loop {
        let accepted = async {
            // The semaphore is never closed.
            let place = Arc::clone(&places).acquire_owned().await.ok();
            (place, listening.listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            accepted = accepted => accepted,
            () = gateway.draining.cancelled() => return,
        };
        let (socket, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(NO_ROOM).await;
                continue;
            }
        };
        // Frames are small and each is waited for. Failing to say so costs only latency.
        let _ = socket.set_nodelay(true);
        let tls = listening.tls.clone();
        let shared = Arc::clone(&gateway);
        gateway.tasks.spawn(async move {
            let stream = match tls {
                None => Stream::Plain(socket),
                Some(tls) => {
                    let handshake = Box::pin(tls.accept(socket));
                    let stream = tokio::select! {
                        stream = tokio::time::timeout(TLS_TIMEOUT, handshake) => stream,
                        () = shared.draining.cancelled() => return,
                    };
                    let Ok(Ok(stream)) = stream else { return };
                    Stream::Tls(Box::new(stream))
                }
            };
            Box::pin(serve(shared, stream, peer.ip())).await;
            drop(place);
        });
    }
}
