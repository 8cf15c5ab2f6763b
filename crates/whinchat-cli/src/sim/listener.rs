//! Connections: taken, bounded, and ended with the simulator.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::route;
use super::world::World;

/// HTTP connections at once; further ones wait. A page's WebSocket is none any more.
const CONNECTIONS: usize = 256;
/// How long a request's head may take, and a connection may be idle.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// How long what is under way may take when the simulator stops.
const DRAIN: Duration = Duration::from_secs(2);

/// Takes connections until the simulator stops, and ends once they have.
pub(super) async fn accept(listener: TcpListener, world: Arc<World>) {
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            () = world.ending.cancelled() => break,
            taken = async {
                // Never closed.
                let place = Arc::clone(&room).acquire_owned().await.ok();
                (listener.accept().await, place)
            } => {
                let (Ok((stream, _)), place) = taken else {
                    // An error here is of the moment (out of descriptors): the next accept tells.
                    tokio::time::sleep(Duration::from_millis(10)).await;
                    continue;
                };
                let world = Arc::clone(&world);
                connections.spawn(async move {
                    serve(stream, world).await;
                    drop(place);
                });
            }
            Some(_) = connections.join_next() => {}
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

async fn serve(stream: TcpStream, world: Arc<World>) {
    // Small frames would wait for acknowledgements.
    let _ = stream.set_nodelay(true);
    let shared = Arc::clone(&world);
    let service = service_fn(move |request| {
        let world = Arc::clone(&shared);
        async move { Ok::<_, Infallible>(route::answer(&world, request).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        // A connection that breaks is the page's loss, and it knows.
        _ = connection.as_mut() => {}
        () = world.ending.cancelled() => {
            connection.as_mut().graceful_shutdown();
            let _ = tokio::time::timeout(DRAIN, connection).await;
        }
    }
}
