//! The owner's handle to the connection task.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, mpsc, watch};
use whinchat_proto::id::{DeviceId, UserId};
use whinchat_proto::wire;

use super::address::Address;
use super::backoff::Backoff;
use super::hello::HelloSource;
use super::inbound::Inbound;
use super::pulse::Pulse;
use super::serve::FAREWELL;
use super::server_clock::ServerClock;
use super::session::Session;
use super::task::Task;
use super::tls::Tls;
use crate::error::{Error, ErrorCode};
use crate::platform::{Instant, Runtime, TaskHandle, timeout};

/// Where to connect, as whom, and with how much patience.
pub(crate) struct LinkConfig {
    /// The server.
    pub(crate) address: Address,
    /// The client's TLS settings.
    pub(crate) tls: Tls,
    /// How reconnecting slows down.
    pub(crate) backoff: Backoff,
    /// The longest span of a wait while the app is in the background.
    pub(crate) background_cap: Duration,
    /// Whether the app is in the background, and what is known about its network.
    pub(crate) pulse: Arc<Pulse>,
    /// How long a session has to stand for the back-off to begin anew; usually [`STABLE_AFTER`](super::STABLE_AFTER).
    pub(crate) stable_after: Duration,
    /// How long the server may be silent while an answer is due.
    pub(crate) request_timeout: Duration,
    /// How long TCP, TLS and WebSocket handshake may take together.
    pub(crate) connect_timeout: Duration,
    /// The app.
    pub(crate) app_id: u64,
    /// The user.
    pub(crate) user_id: UserId,
    /// This installation.
    pub(crate) device_id: DeviceId,
    /// What it runs on.
    pub(crate) platform: wire::Platform,
    /// Name and version of this software, for the server's log.
    pub(crate) client: String,
}

/// What handle and task share.
pub(crate) struct Shared {
    current: Mutex<Option<Session>>,
    /// Rings when the network may have changed.
    pub(crate) hint: Notify,
    /// The server's time.
    pub(crate) clock: ServerClock,
}

impl Shared {
    /// The session that stands now.
    pub(crate) fn set_current(&self, session: Option<Session>) {
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = session;
    }

    fn current(&self) -> Option<Session> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A cheap handle to one login's connection. The task itself belongs to the [`TaskHandle`] beside it.
#[derive(Clone)]
pub(crate) struct Link {
    pulse: Arc<Pulse>,
    shared: Arc<Shared>,
    stop: Arc<watch::Sender<Option<bool>>>,
    ended: watch::Receiver<()>,
}

impl Link {
    /// Starts to connect, and keeps at it until stopped or refused for good.
    pub(crate) fn start(
        runtime: &Runtime,
        config: LinkConfig,
        source: Arc<dyn HelloSource>,
        inbound: mpsc::Sender<Inbound>,
    ) -> (Self, TaskHandle) {
        let shared = Arc::new(Shared {
            current: Mutex::new(None),
            hint: Notify::new(),
            clock: ServerClock::default(),
        });
        let (stop, stop_wish) = watch::channel(None);
        let (ended_sender, ended) = watch::channel(());
        let pulse = config.pulse.clone();
        let task =
            Task { config, source, inbound, shared: shared.clone(), stop: stop_wish, _ended: ended_sender };
        let handle = runtime.spawn(task.run());
        (Self { pulse, shared, stop: Arc::new(stop), ended }, handle)
    }

    /// [`Session::request`] on the connection that stands now.
    ///
    /// # Errors
    ///
    /// Those of [`Session::request`]; 9508 at once when there is no connection.
    pub(crate) async fn request(&self, body: wire::request::Body) -> Result<wire::Response, Error> {
        match self.shared.current() {
            Some(session) => session.request(body).await,
            None => Err(ErrorCode::Disconnected.into()),
        }
    }

    /// Whether a session stands. The owner knows by [`Inbound::Up`] and [`Inbound::Down`].
    #[cfg(test)]
    pub(crate) fn is_up(&self) -> bool {
        self.shared.current().is_some()
    }

    /// The device may be on another network: a wait ends now, once, and a standing connection is asked whether it lives.
    pub(crate) fn network_changed(&self) {
        self.pulse.forget();
        self.shared.hint.notify_one();
    }

    /// The pulse was told that the app went to the background or came back: to the foreground a wait ends now, once, and
    /// either way the server learns how often it will hear from this client.
    pub(crate) fn foreground_changed(&self) {
        if !self.pulse.is_background() {
            self.shared.hint.notify_one();
        }
        if let Some(session) = self.shared.current() {
            session.wake();
        }
    }

    /// The server's time by the last handshake or pong, in milliseconds since the epoch.
    pub(crate) fn server_time_ms(&self) -> Option<i64> {
        self.shared.clock.at(Instant::now())
    }

    /// Says goodbye and ends the task within about a second; with `logout` the server forgets the session. No
    /// [`Inbound::Down`] follows; the channel ends.
    pub(crate) async fn stop(&self, logout: bool) {
        self.stop.send_replace(Some(logout));
        let mut ended = self.ended.clone();
        // The task ends by itself within the farewell; twice that is for a machine that is busy.
        let _ = timeout(FAREWELL * 2, async { while ended.changed().await.is_ok() {} }).await;
    }
}
