//! Settings of a client.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use whinchat_proto::id::DeviceId;
use whinchat_proto::wire;

use super::Client;
use crate::connection::{Address, Backoff, Tls};
use crate::error::{Error, ErrorCode, Result};
use crate::platform::{FolderLock, Runtime, files, random_bytes};

/// Name of the file that keeps the device's id.
const DEVICE_FILE: &str = "device";

/// What kind of device this is. Devices of one kind exclude each other: the newest login wins.
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Platform {
    /// Android phone.
    Android,
    /// iPhone.
    Ios,
    /// Tablet of any system.
    Tablet,
    /// Desktop program or terminal.
    #[default]
    Desktop,
    /// Browser.
    Web,
}

impl Platform {
    pub(crate) fn to_wire(self) -> wire::Platform {
        match self {
            Self::Android => wire::Platform::Android,
            Self::Ios => wire::Platform::Ios,
            Self::Tablet => wire::Platform::Tablet,
            Self::Desktop => wire::Platform::Desktop,
            Self::Web => wire::Platform::Web,
        }
    }
}

/// Settings of a client. From [`Client::builder`]; `server`, `app_id` and `data_dir` are required.
#[derive(Clone, Debug)]
#[must_use]
pub struct ClientBuilder {
    server: String,
    app_id: u64,
    data_dir: Option<PathBuf>,
    platform: Platform,
    device_id: Option<String>,
    ca_pem: Option<Vec<u8>>,
    database_key: bool,
    backoff: Backoff,
    stable_after: Duration,
    request_timeout: Duration,
    connect_timeout: Duration,
    #[cfg(feature = "simulation")]
    dial: Option<crate::simulation::Dial>,
    background_cap: Duration,
    expiry_lead: Duration,
    drain_time: Duration,
    runtime: Option<Arc<Runtime>>,
}

/// Settings that were checked.
pub(crate) struct Config {
    pub(crate) address: Address,
    pub(crate) tls: Tls,
    pub(crate) app_id: u64,
    pub(crate) folder: PathBuf,
    pub(crate) platform: Platform,
    pub(crate) device_id: DeviceId,
    pub(crate) backoff: Backoff,
    pub(crate) stable_after: Duration,
    pub(crate) request_timeout: Duration,
    pub(crate) connect_timeout: Duration,
    pub(crate) drain_time: Duration,
    pub(crate) expiry_lead: Duration,
    pub(crate) background_cap: Duration,
}

impl ClientBuilder {
    pub(super) fn new() -> Self {
        Self {
            server: String::new(),
            app_id: 0,
            data_dir: None,
            platform: Platform::default(),
            device_id: None,
            ca_pem: None,
            database_key: false,
            backoff: Backoff::default(),
            stable_after: crate::connection::STABLE_AFTER,
            request_timeout: Duration::from_secs(15),
            connect_timeout: Duration::from_secs(15),
            #[cfg(feature = "simulation")]
            dial: None,
            drain_time: Duration::from_secs(3),
            expiry_lead: Duration::from_secs(300),
            background_cap: crate::connection::BACKGROUND_CAP,
            runtime: None,
        }
    }

    /// Threads to run on, for an app that has them already; the client starts two of its own if not given.
    pub fn runtime(mut self, runtime: Arc<Runtime>) -> Self {
        self.runtime = Some(runtime);
        self
    }

    /// The server's address: `ws://host:port` or `wss://host:port`.
    pub fn server(mut self, address: impl Into<String>) -> Self {
        self.server = address.into();
        self
    }

    /// The app id that the server serves.
    pub fn app_id(mut self, app_id: u64) -> Self {
        self.app_id = app_id;
        self
    }

    /// The folder for this device's data; made if it is not there. One process at a time uses it.
    pub fn data_dir(mut self, folder: impl AsRef<Path>) -> Self {
        self.data_dir = Some(folder.as_ref().to_owned());
        self
    }

    /// What kind of device this is; desktop if not said.
    pub fn platform(mut self, platform: Platform) -> Self {
        self.platform = platform;
        self
    }

    /// A stable id of this installation, 1 to 128 bytes of printable ASCII; a random one is made and kept if not given.
    pub fn device_id(mut self, id: impl Into<String>) -> Self {
        self.device_id = Some(id.into());
        self
    }

    /// Certificates (PEM) of the server's own authority, trusted beside the public ones.
    pub fn ca_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.ca_pem = Some(pem.into());
        self
    }

    /// A key to encrypt the local databases with. Not built in yet: [`Self::build`] answers 7013.
    pub fn database_key(mut self, _key: impl AsRef<[u8]>) -> Self {
        self.database_key = true;
        self
    }

    /// How reconnecting slows down.
    pub fn backoff(mut self, backoff: Backoff) -> Self {
        self.backoff = backoff;
        self
    }

    /// The longest span between two attempts to connect while the app is in the background (see
    /// [`Client::set_foreground`]); ten minutes if not said, and never shorter than the cap of [`Self::backoff`].
    pub fn background_cap(mut self, time: Duration) -> Self {
        self.background_cap = time;
        self
    }

    /// How long a connection has to stand for the back-off to begin anew; a minute if not said.
    pub fn stable_after(mut self, time: Duration) -> Self {
        self.stable_after = time;
        self
    }

    /// How long the server may leave a request unanswered before the connection is given up; 15 s if not said.
    pub fn request_timeout(mut self, time: Duration) -> Self {
        self.request_timeout = time;
        self
    }

    /// How long connecting may take; 15 s if not said.
    pub fn connect_timeout(mut self, time: Duration) -> Self {
        self.connect_timeout = time;
        self
    }

    /// A client that lives on the caller's runtime, without threads of its own, and connects through `dial`.
    #[cfg(feature = "simulation")]
    #[doc(hidden)]
    pub fn simulated(mut self, dial: crate::simulation::Dial) -> Self {
        self.dial = Some(dial);
        self
    }

    /// How long [`Client::pause`] gives the outbox to get out; 3 s if not said. Mobile systems allow about five in all.
    pub fn drain_time(mut self, time: Duration) -> Self {
        self.drain_time = time;
        self
    }

    /// How long before the end of the credential [`crate::Event::LoginExpiring`] is told; five minutes if not said.
    pub fn expiry_lead(mut self, time: Duration) -> Self {
        self.expiry_lead = time;
        self
    }

    /// Makes the client and takes its folder. No network is needed.
    ///
    /// # Errors
    ///
    /// 6017 a setting is missing or wrong (the message names it), 6022 the folder cannot be written, 6005 another process uses
    /// the folder, 7013 a database key was given and encryption is not built in.
    pub fn build(self) -> Result<Client> {
        let missing = |what: &str| Error::new(ErrorCode::BadParameter, format!("{what} is missing"));
        if self.database_key {
            return Err(Error::new(
                ErrorCode::Unsupported,
                "encryption of the local database is not built in; leave database_key out",
            ));
        }
        if self.server.is_empty() {
            return Err(missing("server"));
        }
        let address = Address::parse(&self.server)?;
        #[cfg(feature = "simulation")]
        let address = address.dialled_by(self.dial.clone());
        if self.app_id == 0 {
            return Err(missing("app_id"));
        }
        let folder = self.data_dir.ok_or_else(|| missing("data_dir"))?;
        let tls = Tls::new(self.ca_pem.as_deref())?;
        files::create_dir_all(&folder)?;
        let lock = FolderLock::acquire(&folder)?;
        let device_id = match self.device_id {
            Some(id) => DeviceId::new(id)?,
            None => kept_device_id(&folder)?,
        };
        let runtime = match self.runtime {
            Some(runtime) => runtime,
            #[cfg(feature = "simulation")]
            None if self.dial.is_some() => Arc::new(Runtime::inline()),
            None => Arc::new(Runtime::new()?),
        };
        let config = Config {
            address,
            tls,
            app_id: self.app_id,
            folder,
            platform: self.platform,
            device_id,
            backoff: self.backoff,
            stable_after: self.stable_after,
            request_timeout: self.request_timeout,
            connect_timeout: self.connect_timeout,
            drain_time: self.drain_time,
            expiry_lead: self.expiry_lead,
            background_cap: self.background_cap,
        };
        Ok(Client::new(config, runtime, lock))
    }
}

fn kept_device_id(folder: &Path) -> Result<DeviceId> {
    let path = folder.join(DEVICE_FILE);
    if let Some(kept) = files::read(&path)?
        && let Ok(id) = DeviceId::new(String::from_utf8_lossy(&kept).trim())
    {
        return Ok(id);
    }
    let text = format!("{:032x}", u128::from_ne_bytes(random_bytes()));
    files::write(&path, text.as_bytes())?;
    DeviceId::new(text)
}
