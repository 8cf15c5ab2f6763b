//! Seams for the deterministic simulation: a node without sockets and threads of its own. Only the tests crate uses it.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use crate::bus::Bus;
use crate::config::ServerConfig;
use crate::error::ServerError;
pub use crate::gateway::Pipe;
use crate::gateway::serve_pipe;
use crate::server::{RunningServer, Server};
use crate::storage::Storage;

/// A node that listens nowhere: connections are handed to it. Its tasks live on the runtime that started it.
pub struct Node(RunningServer);

impl Node {
    /// Starts it over a storage that is open.
    ///
    /// # Errors
    ///
    /// When the configuration is not valid.
    pub fn start(
        config: ServerConfig,
        storage: Arc<dyn Storage>,
        bus: Arc<dyn Bus>,
    ) -> Result<Self, ServerError> {
        Server::start_unheard(config, storage, bus).map(Self)
    }

    /// Takes a connection.
    pub fn accept(&self, pipe: Box<dyn Pipe>) {
        if let Some(gateway) = self.0.gateway() {
            serve_pipe(&gateway, pipe, IpAddr::V4(Ipv4Addr::LOCALHOST));
        }
    }

    /// Stops it in good order; the storage stays open.
    pub async fn stop(self) {
        self.0.stop().await;
    }
}
