//! A device: what stays of it when its page goes.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Mutex as Turn, MutexGuard as TurnGuard, watch};
use tokio_util::sync::CancellationToken;

use super::upstream::Upstream;
use crate::fault::FaultProxy;

/// Devices of one run; each holds a port.
const DEVICES: usize = 256;
/// Longest name.
const NAME_BYTES: usize = 64;

/// What a device's network does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Network {
    Open,
    /// Nothing connects.
    Cut,
    /// What is connected is silent.
    Stall,
}

impl Network {
    pub(super) fn parse(text: &str) -> Option<Self> {
        match text {
            "open" => Some(Self::Open),
            "cut" => Some(Self::Cut),
            "stall" => Some(Self::Stall),
            _ => None,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Cut => "cut",
            Self::Stall => "stall",
        }
    }
}

/// One device.
pub(super) struct Device {
    pub(super) name: String,
    /// Everything of it is below.
    pub(super) folder: PathBuf,
    /// The server as this device reaches it.
    pub(super) server: String,
    proxy: Option<FaultProxy>,
    network: watch::Sender<Network>,
    /// Held while a page has the device; free once its bridge is closed.
    turn: Turn<()>,
    /// Cancelled when the next page takes the device.
    present: Mutex<CancellationToken>,
}

impl Device {
    /// Puts out whoever has the device, and says how the new one will be put out in turn.
    pub(super) fn displace(&self) -> CancellationToken {
        let displaced = CancellationToken::new();
        let mut present = self.present.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *present, displaced.clone()).cancel();
        displaced
    }

    /// Waits until the former page's bridge is closed.
    pub(super) async fn turn(&self) -> TurnGuard<'_, ()> {
        self.turn.lock().await
    }

    /// Where the core keeps its data: the app's private documents.
    pub(super) fn documents(&self) -> PathBuf {
        self.folder.join("_doc")
    }

    pub(super) fn network(&self) -> Network {
        *self.network.borrow()
    }

    /// Tells of each change: what a phone's system tells its apps.
    pub(super) fn watch_network(&self) -> watch::Receiver<Network> {
        self.network.subscribe()
    }

    /// Changes the network; false when it cannot be, because the device reaches the server directly.
    pub(super) fn set_network(&self, to: Network) -> bool {
        let Some(proxy) = &self.proxy else { return false };
        self.network.send_modify(|network| {
            match to {
                Network::Open => {
                    proxy.restore();
                    if *network == Network::Stall {
                        // What lost bytes stays dead; its ends find out now instead of by their heartbeats.
                        proxy.cut();
                    }
                }
                Network::Cut => proxy.offline(),
                Network::Stall => {
                    proxy.restore();
                    proxy.half_open();
                }
            }
            *network = to;
        });
        true
    }
}

/// Why there is no device.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NoDevice {
    BadName,
    TooMany,
    Fault(String),
}

/// All devices of this run.
pub(super) struct Devices {
    folder: PathBuf,
    known: tokio::sync::Mutex<HashMap<String, Arc<Device>>>,
}

impl Devices {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder, known: tokio::sync::Mutex::default() }
    }

    /// The device of a name, made if it is new.
    pub(super) async fn get(&self, name: &str, upstream: &Upstream) -> Result<Arc<Device>, NoDevice> {
        if !is_name(name) {
            return Err(NoDevice::BadName);
        }
        let mut known = self.known.lock().await;
        if let Some(device) = known.get(name) {
            return Ok(Arc::clone(device));
        }
        if known.len() >= DEVICES {
            return Err(NoDevice::TooMany);
        }
        let fault = |error: std::io::Error| NoDevice::Fault(error.to_string());
        let folder = self.folder.join(name);
        tokio::fs::create_dir_all(folder.join("_doc")).await.map_err(fault)?;
        let folder = tokio::fs::canonicalize(folder).await.map_err(fault)?;
        let proxy = match upstream.address() {
            Some(address) => Some(FaultProxy::start(address).await.map_err(fault)?),
            None => None,
        };
        let server = match &proxy {
            Some(proxy) => upstream.url_through(proxy.addr()),
            None => upstream.url().to_owned(),
        };
        let device = Arc::new(Device {
            name: name.to_owned(),
            folder,
            server,
            proxy,
            network: watch::Sender::new(Network::Open),
            turn: Turn::default(),
            present: Mutex::default(),
        });
        known.insert(name.to_owned(), Arc::clone(&device));
        Ok(device)
    }
}

/// Letters, digits, `-` and `_`: also the name of its folder.
fn is_name(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    (1..=NAME_BYTES).contains(&name.len()) && name.bytes().all(fits)
}
