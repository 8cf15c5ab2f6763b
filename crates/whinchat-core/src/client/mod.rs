//! The client: the one thing an app makes.

mod builder;
mod current;
mod login;
mod pause;

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use whinchat_proto::id::{DeviceId, UserId};

pub(crate) use builder::Config;
pub use builder::{ClientBuilder, Platform};
pub(crate) use current::Current;
pub(crate) use login::user_folder;

use crate::account::Account;
use crate::connection::{HeartbeatStream, Pulse};
use crate::conversation::Conversations;
use crate::error::{ErrorCode, Result};
use crate::event::{ConnectionState, EventStream, Hub};
use crate::group::Groups;
use crate::message::Messages;
use crate::platform::{FolderLock, Runtime};

/// A Whinchat client: one device, one user at a time. Cheap to clone; safe from any thread and any async runtime.
///
/// It has threads of its own. Dropping the last clone ends everything at once; [`Client::close`] first writes what waits.
/// What was accepted is safe either way.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

pub(crate) struct Inner {
    config: Config,
    hub: Arc<Hub>,
    current: Arc<Current>,
    login_running: AtomicBool,
    /// Whether somebody looks at the app, and what is known about the network.
    pulse: Arc<Pulse>,
    /// One account is opened or closed at a time.
    turn: Arc<tokio::sync::Mutex<()>>,
    /// Hash of a signature that the server called expired: not tried again.
    expired: Mutex<Option<u64>>,
    lock: Mutex<Option<FolderLock>>,
    // Last, so that the tasks above end on living threads.
    runtime: Arc<Runtime>,
}

impl Client {
    /// Settings for a new client.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    fn new(config: Config, runtime: Arc<Runtime>, lock: FolderLock) -> Self {
        Self {
            inner: Arc::new(Inner {
                config,
                hub: Arc::default(),
                current: Arc::default(),
                login_running: AtomicBool::new(false),
                pulse: Arc::default(),
                turn: Arc::default(),
                expired: Mutex::new(None),
                lock: Mutex::new(Some(lock)),
                runtime,
            }),
        }
    }

    /// The account that is open.
    pub(crate) fn account(&self) -> Result<Arc<Account>> {
        let current = &self.inner.current;
        if current.is_closed() {
            return Err(ErrorCode::NotInitialised.into());
        }
        if !current.is_awake() {
            return Err(pause::asleep());
        }
        current.account().ok_or_else(|| ErrorCode::NotLoggedIn.into())
    }

    /// Which account is open.
    pub(crate) fn current(&self) -> Weak<Current> {
        Arc::downgrade(&self.inner.current)
    }

    /// Sending and reading messages.
    #[must_use]
    pub fn messages(&self) -> Messages {
        Messages { client: self.clone() }
    }

    /// The conversation list.
    #[must_use]
    pub fn conversations(&self) -> Conversations {
        Conversations { client: self.clone() }
    }

    /// Groups.
    #[must_use]
    pub fn groups(&self) -> Groups {
        Groups { client: self.clone() }
    }

    /// A new stream of everything that happens from now on. Take it before logging in to miss nothing.
    #[must_use]
    pub fn events(&self) -> EventStream {
        EventStream::new(self.inner.hub.clone(), Arc::downgrade(&self.inner.current))
    }

    /// Who is logged in, or logging in with a local session.
    #[must_use]
    pub fn user(&self) -> Option<UserId> {
        let current = &self.inner.current;
        current
            .account()
            .map(|account| account.me.clone())
            .or_else(|| current.sleeping().map(|(user, _)| user))
    }

    /// This installation's id.
    #[must_use]
    pub fn device_id(&self) -> &DeviceId {
        &self.inner.config.device_id
    }

    /// Whether the server has accepted this login, now or earlier: false while a login without a network waits.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.inner.current.account().is_some_and(|account| account.was_accepted())
    }

    /// Whether the server can be reached.
    #[must_use]
    pub fn connection(&self) -> ConnectionState {
        let current = &self.inner.current;
        match current.account() {
            Some(account) => account.connection(),
            None if current.sleeping().is_some() => ConnectionState::Paused,
            None => ConnectionState::LoggedOut,
        }
    }

    /// The server's time, estimated from the last handshake or pong, in milliseconds since the epoch; none before the first
    /// connection of this login.
    #[must_use]
    pub fn server_time_ms(&self) -> Option<i64> {
        self.inner.current.account()?.link().ok()?.server_time_ms()
    }

    /// Counts the heartbeats: each time that the server is asked whether a connection lives, and each answer. For an app that
    /// shows them; [`Self::connection`] and the events tell all that there is to know of the connection.
    #[must_use]
    pub fn heartbeats(&self) -> HeartbeatStream {
        self.inner.pulse.follow()
    }

    /// Whether everything that was accepted has reached the server or failed for good. True when nobody is logged in.
    #[must_use]
    pub fn is_drained(&self) -> bool {
        let current = &self.inner.current;
        match current.account() {
            Some(account) => account.outbox.lanes().is_drained(),
            None => current.sleeping().is_none_or(|(_, drained)| drained),
        }
    }

    /// Tells whether somebody looks at the app; a new client takes it that somebody does. In the background the waits between
    /// attempts to connect grow up to [`ClientBuilder::background_cap`], and a quiet connection is asked less and less often
    /// whether it lives: after 3.5 minutes first, up to ten while that works. Coming to the foreground tries at once, once.
    pub fn set_foreground(&self, foreground: bool) {
        if self.inner.pulse.set_background(!foreground)
            && let Some(account) = self.inner.current.account()
            && let Ok(link) = account.link()
        {
            link.foreground_changed();
        }
    }

    /// Tells that the device may be on another network: a waiting client tries at once, once.
    pub fn network_changed(&self) {
        if let Some(account) = self.inner.current.account()
            && let Ok(link) = account.link()
        {
            link.network_changed();
        }
    }
}

impl Inner {
    fn is_expired(&self, user_sig: &str) -> bool {
        *self.expired.lock().unwrap_or_else(PoisonError::into_inner) == Some(fingerprint(user_sig))
    }

    fn remember_expired(&self, user_sig: &str) {
        *self.expired.lock().unwrap_or_else(PoisonError::into_inner) = Some(fingerprint(user_sig));
    }

    fn release(&self) {
        self.lock.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

fn fingerprint(user_sig: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    user_sig.hash(&mut hasher);
    hasher.finish()
}

impl Drop for Inner {
    fn drop(&mut self) {
        // The account's tasks hold the account, which holds the threads: cut that circle.
        self.current.close();
        if let Some(account) = self.current.account() {
            drop(self.current.take(&account));
        }
        // Nobody will wake the client any more: who waits for that is told.
        self.current.nobody_sleeps();
        self.current.set_phase(current::Phase::Awake);
        self.hub.wake();
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("user", &self.user()).finish_non_exhaustive()
    }
}
