//! The task that keeps a session alive.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};

use super::backoff::{Retries, Wait};
use super::heartbeat::Heartbeat;
use super::hello::{Greeting, HelloSource, greet};
use super::inbound::Inbound;
use super::link::{LinkConfig, Shared};
use super::serve::{Around, End, serve};
use super::session::Session;
use super::transport::{self, WebSocket};
use crate::error::{Error, ErrorClass, ErrorCode};
use crate::platform::{Instant, random_u64, sleep, timeout};

/// Everything the task owns.
pub(crate) struct Task {
    pub(crate) config: LinkConfig,
    pub(crate) source: Arc<dyn HelloSource>,
    pub(crate) inbound: mpsc::Sender<Inbound>,
    pub(crate) shared: Arc<Shared>,
    pub(crate) stop: watch::Receiver<Option<bool>>,
    /// Falls with the task, which is how others know that it has ended.
    pub(crate) _ended: watch::Sender<()>,
}

/// Between an attempt and the next that a hint may cause.
const HINT_SPACING: Duration = Duration::from_millis(500);

/// The owner has gone or wants no more.
struct Over;

/// Takes the session away from its users when the connection ends, however it ends.
struct Standing<'a> {
    shared: &'a Shared,
    session: Session,
    why: Error,
}

impl Drop for Standing<'_> {
    fn drop(&mut self) {
        self.shared.set_current(None);
        self.session.close(&self.why);
    }
}

impl Task {
    /// Connects, serves, waits, over and over, until the owner or the server ends it for good.
    pub(crate) async fn run(self) {
        let config = &self.config;
        let mut retries = Retries::new(config.backoff, config.background_cap, config.stable_after);
        while let Ok(()) = self.deliver(Inbound::Connecting).await {
            let began = Instant::now();
            let (error, refused) = match self.connect_and_serve(&mut retries).await {
                End::Cut(error) => (error, false),
                End::Refused(error) => (error, true),
                End::Abandoned | End::Stopped => return,
            };
            // A session is forgotten after a long time, or with a database that was put back to an older copy. The user has
            // done nothing to lose it, and the credential is at hand.
            let refused = refused && !(error.is(ErrorCode::NotAuthorised) && self.source.forget_session());
            if refused && !error.class.is_retryable() {
                tracing::info!(%error, "the server ended the session");
                let _ = self.deliver(Inbound::Down { error, retry_in: None }).await;
                return;
            }
            let floor = match error.class {
                ErrorClass::After(ms) if refused => Duration::from_millis(ms.into()),
                _ => Duration::ZERO,
            };
            let wait = retries.next(random_u64(), floor, self.config.pulse.is_background());
            tracing::debug!(%error, retry_in = ?wait.total, "no connection");
            let down = Inbound::Down { error, retry_in: Some(wait.total) };
            if self.deliver(down).await.is_err() || self.wait(wait, began).await.is_err() {
                return;
            }
        }
    }

    async fn connect_and_serve(&self, retries: &mut Retries) -> End {
        let (web_socket, Greeting { welcome, round_trip }) = tokio::select! {
            connected = self.connect() => match connected {
                Ok(connected) => connected,
                Err(end) => return end,
            },
            _ = self.stop_wished() => return End::Stopped,
            () = self.inbound.closed() => return End::Abandoned,
        };
        let up = Instant::now();
        self.shared.clock.told(welcome.server_time_ms, round_trip, up);
        let heartbeat = Heartbeat::new(
            welcome.heartbeat_ms,
            welcome.longest_heartbeat_ms,
            self.config.request_timeout,
            self.config.pulse.clone(),
            up,
        );
        let (session, served) = Session::new(welcome.limits.as_ref(), heartbeat);
        let mut standing = Standing { shared: &self.shared, session, why: ErrorCode::Disconnected.into() };
        self.shared.set_current(Some(standing.session.clone()));
        let around = Around { inbound: &self.inbound, clock: &self.shared.clock, hint: &self.shared.hint };
        let end = serve(web_socket, welcome, &standing.session, served, around, self.stop_wished()).await;
        retries.stood(up.elapsed());
        if let End::Cut(error) = &end
            && error.is(ErrorCode::AnswerTimeout)
        {
            standing.why = error.clone();
        }
        end
    }

    /// One attempt. A changed network begins it anew: packets sent on the old one are lost.
    async fn connect(&self) -> Result<(WebSocket, Greeting), End> {
        loop {
            let began = Instant::now();
            tokio::select! {
                connected = self.attempt() => return connected,
                () = self.network_changed(began) => tracing::debug!("the network changed; connecting anew"),
            }
        }
    }

    async fn attempt(&self) -> Result<(WebSocket, Greeting), End> {
        let config = &self.config;
        let opening = transport::open(&config.address, &config.tls);
        let mut web_socket = timeout(config.connect_timeout, opening)
            .await
            .unwrap_or_else(|| Err(ErrorCode::ConnectTimeout.into()))
            .map_err(End::Cut)?;
        let greeting = greet(&mut web_socket, config, self.source.as_ref()).await?;
        Ok((web_socket, greeting))
    }

    /// Waits before the next attempt. `began` is when the last one began.
    async fn wait(&self, wait: Wait, began: Instant) -> Result<(), Over> {
        let early = async {
            sleep(wait.floor).await;
            self.network_changed(began).await;
        };
        tokio::select! {
            () = sleep(wait.total) => Ok(()),
            () = early => Ok(()),
            _ = self.stop_wished() => Err(Over),
            () = self.inbound.closed() => Err(Over),
        }
    }

    /// Resolves once for each hint, at the earliest [`HINT_SPACING`] after `began`: a network that flaps must not turn
    /// hints into a storm.
    async fn network_changed(&self, began: Instant) {
        self.shared.hint.notified().await;
        sleep(HINT_SPACING.min(self.config.backoff.base).saturating_sub(began.elapsed())).await;
    }

    async fn deliver(&self, item: Inbound) -> Result<(), Over> {
        tokio::select! {
            biased;
            _ = self.stop_wished() => Err(Over),
            delivered = self.inbound.send(item) => delivered.map_err(|_| Over),
        }
    }

    /// Resolves when the owner wishes the end; with whether to log out.
    async fn stop_wished(&self) -> bool {
        let mut stop = self.stop.clone();
        let wish = stop.wait_for(Option::is_some).await.map(|wish| wish.unwrap_or(false));
        match wish {
            Ok(logout) => logout,
            // Every handle is gone, but the task belongs to its owner's TaskHandle.
            Err(_) => std::future::pending().await,
        }
    }
}
