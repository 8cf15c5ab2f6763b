//! WebSocket sessions: accepting, the first frame, requests, pushes, and the end.

mod chain;
mod connection;
mod fanout;
mod hello;
mod hub;
mod incoming;
mod lane;
mod listener;
mod outgoing;
mod rate;
mod reads;
mod refusals;
mod session;
mod stream;
mod sweep;
mod tls;
mod trail;
mod writing;

use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::ServerConfig;
use crate::service::Service;
pub(crate) use fanout::fanout;
pub(crate) use hub::Hub;
pub(crate) use listener::{Listening, accept};
pub(crate) use session::bye;
#[cfg(feature = "simulation")]
pub use stream::Pipe;
pub(crate) use sweep::sweep;
pub(crate) use tls::acceptor;

/// Serves a connection that came in without a socket.
#[cfg(feature = "simulation")]
pub(crate) fn serve_pipe(gateway: &Arc<Gateway>, pipe: Box<dyn Pipe>, peer: std::net::IpAddr) {
    let shared = Arc::clone(gateway);
    gateway.tasks.spawn(async move {
        Box::pin(connection::serve(shared, stream::Stream::Pipe(pipe), peer)).await;
    });
}

/// What all connections share.
pub(crate) struct Gateway {
    pub(crate) config: Arc<ServerConfig>,
    pub(crate) service: Arc<Service>,
    pub(crate) hub: Arc<Hub>,
    /// Owns every task of the server.
    pub(crate) tasks: TaskTracker,
    /// Cancelled when the server goes down.
    pub(crate) draining: CancellationToken,
}
