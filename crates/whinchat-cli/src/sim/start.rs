//! Starting and stopping it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use super::args::SimArgs;
use super::device::Devices;
use super::listener;
use super::pages::{BuiltIn, Pages};
use super::upstream::Upstream;
use super::world::World;
use crate::failure::Failure;

/// Random bytes of the key; written in hex.
const KEY_BYTES: usize = 16;
/// How long stopping waits for pages and devices before it lets them fall.
const GOODBYE: Duration = Duration::from_secs(15);

/// Where the devices' server is.
#[derive(Clone, Debug)]
pub enum Server {
    /// Started here, for development: it signs by itself, and can be stopped and started.
    Own,
    /// Elsewhere.
    Other {
        /// `ws://` or `wss://`.
        url: String,
        /// Its app.
        app_id: u64,
    },
}

/// What pages may not exceed.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of one uploaded file.
    pub upload_bytes: u64,
    /// Bytes of one frame of a page.
    pub frame_bytes: usize,
    /// Deliveries that a page has not acknowledged; further ones wait in the core.
    pub unacknowledged: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { upload_bytes: 100 * 1_024 * 1_024, frame_bytes: 1_024 * 1_024, unacknowledged: 512 }
    }
}

/// What a simulator is started with.
#[derive(Clone, Debug)]
pub struct Settings {
    /// A loopback address; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Folder of the devices and of the own server; created when missing.
    pub data: PathBuf,
    /// Which server the devices reach.
    pub server: Server,
    /// Folder of pages to serve.
    pub pages: Option<PathBuf>,
    /// Pages that come with the program, by their path; they win over those of the folder.
    pub built_in: Vec<BuiltIn>,
    /// What pages may not exceed.
    pub limits: Limits,
}

impl Settings {
    /// On a free port of this machine, with a server of its own and no pages.
    #[must_use]
    pub fn new(data: &Path) -> Self {
        Self {
            listen: ([127, 0, 0, 1], 0).into(),
            data: data.to_owned(),
            server: Server::Own,
            pages: None,
            built_in: Vec::new(),
            limits: Limits::default(),
        }
    }

    /// From the command line.
    pub(super) fn from_args(args: &SimArgs) -> Result<Self, Failure> {
        let mut settings = Self::new(args.data.as_deref().unwrap_or(Path::new("./whinchat-sim")));
        if let Some(listen) = args.listen {
            settings.listen = listen;
        }
        settings.server = match (&args.server, args.app_id) {
            (Some(url), Some(app_id)) => Server::Other { url: url.clone(), app_id },
            _ => Server::Own,
        };
        settings.pages.clone_from(&args.pages);
        Ok(settings)
    }
}

/// A simulator that runs. Dropping it ends it without waiting; [`Sim::stop`] waits.
pub struct Sim {
    address: SocketAddr,
    world: Arc<World>,
    accepting: JoinHandle<()>,
    _end_when_dropped: DropGuard,
}

impl Sim {
    /// Starts one; when this returns it accepts connections.
    ///
    /// # Errors
    ///
    /// A sentence that says what is in the way.
    pub async fn start(settings: Settings) -> Result<Self, Failure> {
        if !settings.listen.ip().is_loopback() {
            return Err(Failure::usage(format!(
                "The simulator listens on this machine only: {} is no loopback address.",
                settings.listen
            )));
        }
        let data = folder(&settings.data).await?;
        let pages = Pages::open(settings.pages.as_deref(), settings.built_in).await?;
        let listener = TcpListener::bind(settings.listen)
            .await
            .map_err(|error| Failure::new(format!("{} cannot be listened at: {error}.", settings.listen)))?;
        let address = listener
            .local_addr()
            .map_err(|error| Failure::new(format!("The simulator has no address: {error}.")))?;
        let upstream = match settings.server {
            Server::Own => Upstream::own(&data.join("server")).await?,
            Server::Other { url, app_id } => Upstream::other(&url, app_id).await?,
        };
        let ending = CancellationToken::new();
        let world = Arc::new(World {
            key: random_key()?,
            port: address.port(),
            devices: Devices::new(data.join("devices")),
            upstream,
            pages,
            limits: settings.limits,
            ending: ending.clone(),
            sessions: TaskTracker::new(),
        });
        let accepting = tokio::spawn(listener::accept(listener, Arc::clone(&world)));
        Ok(Self { address, world, accepting, _end_when_dropped: ending.drop_guard() })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What every question has to carry.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.world.key
    }

    /// The address of one of its pages, with the key. `path` begins without a slash.
    #[must_use]
    pub fn address_of_page(&self, path: &str) -> String {
        format!("http://{}/{path}?key={}", self.address, self.world.key)
    }

    /// The server that the devices reach, as it is without their networks in between.
    #[must_use]
    pub fn server_url(&self) -> &str {
        self.world.upstream.url()
    }

    /// Its app.
    #[must_use]
    pub fn app_id(&self) -> u64 {
        self.world.upstream.app_id()
    }

    /// Closes pages, then devices, then the own server.
    pub async fn stop(self) {
        self.world.ending.cancel();
        self.world.sessions.close();
        let ended = async {
            // It ends once its connections have.
            let _ = self.accepting.await;
            self.world.sessions.wait().await;
            self.world.upstream.close().await;
        };
        if tokio::time::timeout(GOODBYE, ended).await.is_err() {
            tracing::warn!("devices did not close in time");
        }
    }
}

/// Makes a folder and gives its full name.
async fn folder(path: &Path) -> Result<PathBuf, Failure> {
    let made = async {
        tokio::fs::create_dir_all(path).await?;
        tokio::fs::canonicalize(path).await
    };
    made.await.map_err(|error| Failure::new(format!("{} cannot be used: {error}.", path.display())))
}

fn random_key() -> Result<String, Failure> {
    let mut bytes = [0_u8; KEY_BYTES];
    getrandom::fill(&mut bytes)
        .map_err(|error| Failure::new(format!("The system gave no random bytes for a key: {error}.")))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
