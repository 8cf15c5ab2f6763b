//! The client.

use std::sync::Arc;

use whinchat_core::{ConnectionState, DeviceId, Heartbeats, UserId};

use crate::call::{self, Result, Threads};
use crate::cancel::CancelToken;
use crate::config::ClientConfig;
use crate::conversations::Conversations;
use crate::events::EventSubscription;
use crate::groups::Groups;
use crate::live::{Counted, Kind};
use crate::log::{Log, LogSubscription};
use crate::messages::Messages;
use crate::step::Step;

/// One device, one user at a time. Safe from any thread. Letting the last object of a client go ends everything at once;
/// `shutdown` first writes what waits. What was accepted is safe either way.
#[derive(Debug, uniffi::Object)]
pub struct Client {
    core: whinchat_core::Client,
    threads: Threads,
    log: Option<Log>,
    _counted: Counted,
}

#[uniffi::export]
impl Client {
    /// Makes the client and takes its folder. No network is needed. It touches the disk: not for a thread that draws.
    ///
    /// Fails with 6017 a setting is missing or wrong (the message names it), 6022 the folder cannot be written, 6005 another
    /// client or process uses the folder, 7013 a database key was given and encryption is not built in.
    #[uniffi::constructor]
    pub fn new(config: ClientConfig) -> Result<Arc<Self>> {
        call::run(|| {
            let level = config.log_level;
            let log = level.map(|_| Log::default());
            let (threads, runtime) = match log.clone().zip(level) {
                // What a thread reports belongs to one client.
                Some((log, level)) => Threads::own(move || log.take_thread(level))?,
                None => Threads::shared()?,
            };
            let core = config.builder().runtime(runtime).build()?;
            Ok(Arc::new(Self { core, threads, log, _counted: Counted::new(Kind::Client) }))
        })
    }

    /// Sending and reading messages.
    pub fn messages(&self) -> Arc<Messages> {
        Messages::new(self.core.messages(), self.threads.clone())
    }

    /// The conversation list.
    pub fn conversations(&self) -> Arc<Conversations> {
        Conversations::new(self.core.conversations(), self.threads.clone())
    }

    /// Groups.
    pub fn groups(&self) -> Arc<Groups> {
        Groups::new(self.core.groups(), self.threads.clone())
    }

    /// The log, for a client that was made with a level for it. Its lines go to one subscription: take one and keep it.
    pub fn log(&self) -> Option<Arc<LogSubscription>> {
        self.log.clone().map(LogSubscription::new)
    }

    /// A subscription to everything that happens from now on. Take it before logging in to miss nothing.
    pub fn events(&self) -> Arc<EventSubscription> {
        EventSubscription::new(self.core.events(), self.threads.clone())
    }

    /// Logs in with a UserSig that the app's backend made. A user who was logged in on this device before can read and queue
    /// at once, before this returns; it then returns when the server has accepted, however long that takes. On a first login
    /// without a network it fails.
    ///
    /// Fails with 6013 closed, 7003 a malformed user id, 7501 a login runs, 7014 another user is logged in or the client is
    /// paused, 6023 logged out meanwhile, 70001 to 70052 and 6206 the signature or the server's word, 6208 displaced, 9510 to 9517
    /// without a network, 6005, 6019, 6022 the local database.
    pub async fn login(
        &self,
        user: String,
        user_sig: String,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<()> {
        let core = self.core.clone();
        self.threads.wait(cancel, async move { core.login(user, user_sig).await }).await
    }

    /// `login` in two steps: when this returns, the local session is open, so that reading and queueing work; `accepted` of
    /// what it gives returns when the server has accepted.
    pub async fn begin_login(
        &self,
        user: String,
        user_sig: String,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<Arc<LoginAttempt>> {
        let (core, threads) = (self.core.clone(), self.threads.clone());
        let begun = async move {
            let accepted = Step::new(core.begin_login(&user, &user_sig).await?);
            Ok(Arc::new(LoginAttempt { accepted, threads, _counted: Counted::new(Kind::Attempt) }))
        };
        self.threads.wait(cancel, begun).await
    }

    /// Puts a fresh UserSig in the place of the one that the user is logged in with, without a new connection. If the server
    /// refuses it, the old one stays.
    ///
    /// Fails with 6014 not logged in, 7014 paused, 70001 to 70052 and 6206 what is wrong with the signature.
    pub async fn renew(&self, user_sig: String, cancel: Option<Arc<CancelToken>>) -> Result<()> {
        let core = self.core.clone();
        self.threads.wait(cancel, async move { core.renew(user_sig).await }).await
    }

    /// Logs out: nothing arrives any more, local data stays. Succeeds when nobody is logged in. Goes on when nobody waits.
    pub async fn logout(&self, cancel: Option<Arc<CancelToken>>) -> Result<()> {
        let core = self.core.clone();
        self.threads.wait(cancel, async move { core.logout().await }).await
    }

    /// Closes the client: writes what waits and gives its folder back. Subscriptions end; every later call fails with 6013.
    /// Goes on when nobody waits, and does nothing the second time.
    pub async fn shutdown(&self, cancel: Option<Arc<CancelToken>>) -> Result<()> {
        let core = self.core.clone();
        let closing = async move {
            core.close().await;
            Ok(())
        };
        self.threads.wait(cancel, closing).await
    }

    /// Puts the client to sleep, for an app that is about to be suspended: no connection, file or lock is left when this
    /// returns. Until `resume`, calls fail with 7014. Takes at most the drain time and two seconds. Goes on when nobody waits.
    ///
    /// Fails with 6013 closed.
    pub async fn pause(&self, cancel: Option<Arc<CancelToken>>) -> Result<()> {
        let core = self.core.clone();
        self.threads.wait(cancel, async move { core.pause().await }).await
    }

    /// Wakes the client. Returns once what is stored can be used; no network is needed. Goes on when nobody waits.
    ///
    /// Fails with 6005 another process uses the folder, 6019, 6022 the local database; the client then goes on sleeping.
    /// 6013 closed.
    pub async fn resume(&self, cancel: Option<Arc<CancelToken>>) -> Result<()> {
        let core = self.core.clone();
        self.threads.wait(cancel, async move { core.resume().await }).await
    }

    /// Tells whether somebody looks at the app; a new client takes it that somebody does.
    pub fn set_foreground(&self, foreground: bool) {
        call::look((), || self.core.set_foreground(foreground));
    }

    /// Tells that the device may be on another network: a waiting client tries at once, once.
    pub fn network_changed(&self) {
        call::look((), || self.core.network_changed());
    }

    /// Who is logged in, or logging in with a local session.
    pub fn user(&self) -> Option<UserId> {
        call::look(None, || self.core.user())
    }

    /// This installation's id.
    pub fn device_id(&self) -> DeviceId {
        self.core.device_id().clone()
    }

    /// Whether the server has accepted this login, now or earlier.
    pub fn is_accepted(&self) -> bool {
        call::look(false, || self.core.is_accepted())
    }

    /// Whether everything that was accepted has reached the server or failed for good. True when nobody is logged in.
    pub fn is_drained(&self) -> bool {
        call::look(false, || self.core.is_drained())
    }

    /// Whether the server can be reached.
    pub fn connection(&self) -> ConnectionState {
        call::look(ConnectionState::LoggedOut, || self.core.connection())
    }

    /// How often the server was asked whether the connection lives, and how often it answered, since the client was made.
    pub fn heartbeats(&self) -> Heartbeats {
        call::look(Heartbeats::default(), || self.core.heartbeats().now())
    }

    /// The server's time, estimated, in milliseconds since the epoch; none before the first connection of this login.
    pub fn server_time_ms(&self) -> Option<i64> {
        call::look(None, || self.core.server_time_ms())
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        if let Some(log) = &self.log {
            log.stop();
        }
    }
}

impl Client {
    /// What this stands on: for Rust, which can call it without a border.
    #[must_use]
    pub fn core(&self) -> &whinchat_core::Client {
        &self.core
    }
}

/// A login whose local session is open. Another login can begin when this one has ended or this object is let go.
#[derive(uniffi::Object)]
pub struct LoginAttempt {
    accepted: Step<whinchat_core::Result<()>>,
    threads: Threads,
    _counted: Counted,
}

#[uniffi::export]
impl LoginAttempt {
    /// Waits until the server has accepted. Giving the wait up does not end the login. Fails as `login`.
    pub async fn accepted(&self, cancel: Option<Arc<CancelToken>>) -> Result<()> {
        let accepted = self.accepted.clone();
        self.threads.wait(cancel, async move { accepted.ended().await }).await
    }
}
