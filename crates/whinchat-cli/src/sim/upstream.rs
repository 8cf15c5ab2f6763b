//! The server behind the simulator: its own, or one elsewhere.

use std::net::SocketAddr;
use std::path::Path;

use hyper::Uri;
use tokio::sync::Mutex;
use whinchat_server::{RunningServer, Server, ServerConfig};

use crate::chat::session::now_ms;
use crate::development::{Development, new_key};
use crate::failure::Failure;
use crate::key::AppAndKey;
use crate::{sig, span::Span};

/// The server of the devices.
pub(super) enum Upstream {
    Own(Box<OwnServer>),
    Other(OtherServer),
}

/// One that was started here.
pub(super) struct OwnServer {
    url: String,
    address: SocketAddr,
    config: ServerConfig,
    running: Mutex<Option<RunningServer>>,
}

/// One that runs elsewhere.
pub(super) struct OtherServer {
    url: String,
    app_id: u64,
    /// Where a device's network leads; none for `wss://`, whose certificate names the host.
    address: Option<SocketAddr>,
    path: String,
}

impl Upstream {
    pub(super) async fn own(data: &Path) -> Result<Self, Failure> {
        let kept = Development::read(data)?;
        let key = kept.map_or_else(new_key, |file| Ok(file.key))?;
        let mut config = ServerConfig {
            listen: ([127, 0, 0, 1], 0).into(),
            data: data.to_owned(),
            keys: vec![key.clone()],
            automatic_signatures: true,
            ..ServerConfig::default()
        };
        let running = start(&config).await?;
        // Started again it is at the same address.
        config.listen = running.local_addr();
        let (address, url) = (config.listen, format!("ws://{}", config.listen));
        // `whinchat chat --data` finds it like any server for development.
        Development { server: url.clone(), app_id: config.app_id, key }.write(data)?;
        Ok(Self::Own(Box::new(OwnServer { url, address, config, running: Mutex::new(Some(running)) })))
    }

    pub(super) async fn other(url: &str, app_id: u64) -> Result<Self, Failure> {
        let wrong =
            || Failure::usage(format!("{url} is no address of a server, such as ws://127.0.0.1:7200."));
        let uri: Uri = url.parse().map_err(|_| wrong())?;
        let (scheme, host) = uri.scheme_str().zip(uri.host()).ok_or_else(wrong)?;
        let address = match scheme {
            "ws" => {
                let host = host.trim_start_matches('[').trim_end_matches(']');
                let found = tokio::net::lookup_host((host, uri.port_u16().unwrap_or(80))).await;
                let found = found.map_err(|error| Failure::new(format!("{host} is not found: {error}.")))?;
                Some(found.into_iter().next().ok_or_else(wrong)?)
            }
            "wss" => None,
            _ => return Err(wrong()),
        };
        let path = uri.path_and_query().map(ToString::to_string).unwrap_or_default();
        let path = if path == "/" { String::new() } else { path };
        Ok(Self::Other(OtherServer { url: url.to_owned(), app_id, address, path }))
    }

    pub(super) fn url(&self) -> &str {
        match self {
            Self::Own(own) => &own.url,
            Self::Other(other) => &other.url,
        }
    }

    pub(super) fn app_id(&self) -> u64 {
        match self {
            Self::Own(own) => own.config.app_id,
            Self::Other(other) => other.app_id,
        }
    }

    /// Where a network that can be cut has to lead; none if there can be no such network.
    pub(super) fn address(&self) -> Option<SocketAddr> {
        match self {
            Self::Own(own) => Some(own.address),
            Self::Other(other) => other.address,
        }
    }

    /// The server's address as it is seen through a network that is reached at `address`.
    pub(super) fn url_through(&self, address: SocketAddr) -> String {
        let path = match self {
            Self::Own(_) => "",
            Self::Other(other) => &other.path,
        };
        format!("ws://{address}{path}")
    }

    /// The server that can be signed for, stopped and started.
    pub(super) fn in_hand(&self) -> Option<&OwnServer> {
        match self {
            Self::Own(own) => Some(own),
            Self::Other(_) => None,
        }
    }

    pub(super) async fn close(&self) {
        if let Self::Own(own) = self {
            own.stop().await;
        }
    }
}

impl OwnServer {
    /// A UserSig.
    pub(super) fn sign(&self, user: &str, lifetime: Span) -> Result<String, Failure> {
        let key = self.config.keys.first().cloned().ok_or_else(|| Failure::new("There is no key."))?;
        sig::make(user, &AppAndKey { app_id: self.config.app_id, key }, lifetime, now_ms())
    }

    pub(super) async fn is_running(&self) -> bool {
        self.running.lock().await.is_some()
    }

    /// Stops it as SIGTERM does, if it runs.
    pub(super) async fn stop(&self) {
        let mut running = self.running.lock().await;
        if let Some(server) = running.take() {
            server.stop().await;
        }
    }

    /// Starts it at its address, if it does not run.
    pub(super) async fn start(&self) -> Result<(), Failure> {
        let mut running = self.running.lock().await;
        if running.is_none() {
            *running = Some(start(&self.config).await?);
        }
        Ok(())
    }
}

async fn start(config: &ServerConfig) -> Result<RunningServer, Failure> {
    Server::start(config.clone())
        .await
        .map_err(|error| Failure::new(format!("The simulator's server does not start: {error}.")))
}
