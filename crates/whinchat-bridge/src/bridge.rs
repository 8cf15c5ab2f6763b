//! A device: its settings, its one client.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use tokio::sync::watch;
use whinchat_core::{Client, ErrorCode, Platform, Result, Runtime};

use crate::context::{Context, Ears};
use crate::delivery::Deliveries;
use crate::log::Log;
use crate::method::account::Settings;
use crate::session::Session;

/// What the platform knows of the device.
#[derive(Clone, Debug)]
pub struct Host {
    /// The app's private documents: where data goes when `init` names no folder.
    pub documents: PathBuf,
    /// What kind of device it is.
    pub platform: Platform,
    /// A stable id of this installation; a random one is made and kept if not given.
    pub device_id: Option<String>,
    /// The server's address for an `init` that names none, from the plugin's manifest parameter.
    pub server: Option<String>,
    /// Where `_www/` is, if the app's own files can be read.
    pub app_root: Option<PathBuf>,
}

/// The bridge of one device. All its JavaScript contexts share one client, so an event of a login that one of them made is
/// heard in all. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Bridge {
    device: Arc<Device>,
}

impl Bridge {
    /// A bridge without a client; `init` makes one.
    ///
    /// # Errors
    ///
    /// 7012 the system gives no threads.
    pub fn new(host: Host) -> Result<Self> {
        let log = Log::default();
        let dispatch = log.dispatch();
        let runtime = Runtime::with_threads(move || {
            // For as long as the thread lives.
            std::mem::forget(tracing::dispatcher::set_default(&dispatch));
        })?;
        let device = Device {
            host,
            runtime: Arc::new(runtime),
            log,
            contexts: Mutex::default(),
            initialising: AtomicBool::new(false),
            turn: tokio::sync::Mutex::default(),
            settings: Mutex::default(),
            clients: watch::Sender::new(None),
            session: Mutex::default(),
            foreground: AtomicBool::new(true),
        };
        Ok(Self { device: Arc::new(device) })
    }

    /// A new JavaScript context, and the way out of it.
    #[must_use]
    pub fn context(&self) -> (Context, Deliveries) {
        Context::new(&self.device)
    }

    /// The platform says that the network has changed: a client that waits before it connects again tries at once.
    pub fn network_changed(&self) {
        if let Ok(client) = self.device.client() {
            client.network_changed();
        }
    }

    /// Closes the client: nobody is logged out, what waits is written, the folder is given back. Calls that run end with 7009.
    /// `init` makes a new client. It may be waited for on any thread, and goes on when nobody waits.
    pub async fn close(&self) {
        // An `init` that was called before has the folder in its hand until it has put its client in place.
        let _turn = self.device.turn.lock().await;
        if let Some(client) = self.device.take() {
            client.close().await;
        }
    }

    /// Tells whether somebody looks at the app. A client that `init` makes later hears of it as well.
    pub fn set_foreground(&self, foreground: bool) {
        self.device.foreground.store(foreground, Ordering::Relaxed);
        if let Ok(client) = self.device.client() {
            client.set_foreground(foreground);
        }
    }

    /// Puts the client to sleep, for an app that is about to be suspended; see [`Client::pause`]. Without a client there is
    /// nothing to do.
    ///
    /// # Errors
    ///
    /// None today.
    pub async fn pause(&self) -> Result<()> {
        match self.device.client() {
            Ok(client) => client.pause().await,
            Err(_) => Ok(()),
        }
    }

    /// Wakes it.
    ///
    /// # Errors
    ///
    /// It goes on sleeping: 6005 another process uses the folder, 6019, 6022 the local database.
    pub async fn resume(&self) -> Result<()> {
        match self.device.client() {
            Ok(client) => client.resume().await,
            Err(_) => Ok(()),
        }
    }
}

/// What the contexts of a device share.
#[derive(Debug)]
pub(crate) struct Device {
    pub(crate) host: Host,
    pub(crate) runtime: Arc<Runtime>,
    pub(crate) log: Log,
    /// An `init` was called and has not answered.
    pub(crate) initialising: AtomicBool,
    /// The listeners of every context.
    contexts: Mutex<Vec<Weak<Ears>>>,
    /// One `init` or closing at a time.
    pub(crate) turn: tokio::sync::Mutex<()>,
    settings: Mutex<Option<Settings>>,
    clients: watch::Sender<Option<Client>>,
    session: Mutex<Session>,
    foreground: AtomicBool,
}

impl Device {
    /// Keeps the listeners of a context in sight.
    pub(crate) fn hear(&self, ears: &Arc<Ears>) {
        let mut contexts = self.contexts.lock().unwrap_or_else(PoisonError::into_inner);
        contexts.retain(|ears| ears.strong_count() > 0);
        contexts.push(Arc::downgrade(ears));
    }

    /// Lets the callbacks of every context go.
    pub(crate) fn forget_listeners(&self) {
        for ears in self.contexts.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            if let Some(ears) = ears.upgrade() {
                ears.forget_all();
            }
        }
    }

    /// What `init` was called with.
    pub(crate) fn settings(&self) -> MutexGuard<'_, Option<Settings>> {
        self.settings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells which client there is.
    pub(crate) fn clients(&self) -> watch::Receiver<Option<Client>> {
        self.clients.subscribe()
    }

    /// The client that `init` made.
    pub(crate) fn client(&self) -> Result<Client> {
        self.clients.borrow().clone().ok_or_else(|| ErrorCode::NotInitialised.into())
    }

    /// Puts a new client in place.
    pub(crate) fn put(&self, client: Client, settings: Settings) {
        *self.settings() = Some(settings);
        client.set_foreground(self.foreground.load(Ordering::Relaxed));
        self.clients.send_replace(Some(client));
    }

    /// What is kept for the user who is logged in. Never held over an await.
    pub(crate) fn session(&self) -> MutexGuard<'_, Session> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the client away.
    pub(crate) fn take(&self) -> Option<Client> {
        *self.settings() = None;
        *self.session() = Session::default();
        self.clients.send_replace(None)
    }
}
