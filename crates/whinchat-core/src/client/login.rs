//! Logging in and out.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio::sync::{mpsc, oneshot};
use whinchat_proto::id::UserId;
use whinchat_proto::user_sig::UserSig;

use super::current::Phase;
use super::{Client, Inner, pause};
use crate::account::{self, Account, Kept, Progress};
use crate::connection::{Link, LinkConfig};
use crate::error::{Error, ErrorClass, ErrorCode, Result};
use crate::event::{ConnectionState, Event};

/// What the connection delivers and the account has not taken. When full, the socket is not read.
const INBOUND: usize = 1_024;

/// Marks that a login runs, for as long as its future lives.
pub(super) struct Running(Arc<Inner>);

impl Running {
    fn begin(inner: &Arc<Inner>) -> Result<Self> {
        if inner.login_running.swap(true, Ordering::AcqRel) {
            return Err(ErrorCode::LoginRunning.into());
        }
        Ok(Self(inner.clone()))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.login_running.store(false, Ordering::Release);
    }
}

/// Tells everybody who waits when the account's task is cut off: the last client was dropped, or the task has panicked.
struct Ending {
    inner: Weak<Inner>,
    account: Arc<Account>,
}

impl Drop for Ending {
    fn drop(&mut self) {
        if let Some(inner) = self.inner.upgrade() {
            inner.retire(&self.account, None);
        }
        self.account.cut_off();
    }
}

impl Client {
    /// Logs `user` in with a UserSig that the app's backend made. A server for development that signs by itself takes an empty one.
    ///
    /// If this user was logged in on this device before, reading and queueing work at once, before this returns and
    /// without a network; this then returns when the server has accepted, however long that takes. On a first login without
    /// a network it fails.
    ///
    /// # Errors
    ///
    /// 6013 the client is closed, 7003 a malformed user id, 7501 a login runs, 7014 another user is logged in or the client
    /// is paused, 6023 logged out meanwhile; 70002, 70003, 70009, 70013, 70014, 70001 and 6206 what is wrong with the signature; 70020, 70050,
    /// 6208 what the server says; 9510 to 9517 without a network; 6005, 6019, 6022 the local database.
    pub async fn login(&self, user: impl AsRef<str>, user_sig: impl AsRef<str>) -> Result<()> {
        self.begin_login(user.as_ref(), user_sig.as_ref()).await?.await
    }

    /// [`Self::login`] in two steps: when this returns, the local session is open, so that reading and queueing work; the
    /// future that it gives ends when the server has accepted. Dropping that future does not end the login.
    ///
    /// # Errors
    ///
    /// Those of [`Self::login`]; what the server says comes with the second step.
    pub async fn begin_login(
        &self,
        user: &str,
        user_sig: &str,
    ) -> Result<impl Future<Output = Result<()>> + Send + use<>> {
        let (running, account, renewal) = self.opened(user, user_sig).await?;
        let client = self.clone();
        Ok(async move {
            let _running = running;
            match renewal {
                Some(user_sig) => account.renew(user_sig).await,
                None => client.accepted(&account).await,
            }
        })
    }

    /// Opens the local session, or finds it open; then with the credential to renew it with, if it was accepted before.
    async fn opened(&self, user: &str, user_sig: &str) -> Result<(Running, Arc<Account>, Option<String>)> {
        if self.inner.current.is_closed() {
            return Err(ErrorCode::NotInitialised.into());
        }
        if !self.inner.current.is_awake() {
            return Err(pause::asleep());
        }
        let user = UserId::new(user)?;
        let running = Running::begin(&self.inner)?;
        if let Some(account) = self.inner.current.account() {
            if account.me != user {
                return Err(Error::new(
                    ErrorCode::WrongState,
                    "another user is logged in; log him out first",
                ));
            }
            self.check(&user, user_sig)?;
            if matches!(*account.progress().borrow(), Progress::Accepted) {
                return Ok((running, account, Some(user_sig.to_owned())));
            }
            account.set_credential(user_sig.to_owned());
            return Ok((running, account, None));
        }
        self.check(&user, user_sig)?;
        let account = self.open(Kept::fresh(user, user_sig.to_owned())).await?;
        Ok((running, account, None))
    }

    /// Puts a fresh UserSig in the place of the one that the user is logged in with, without a new connection; a good moment
    /// is [`Event::LoginExpiring`]. Without a connection the next one shows it. If the server refuses it, the old one stays.
    /// [`Self::login`] of the user who is logged in does the same.
    ///
    /// # Errors
    ///
    /// 6014 not logged in, 7014 the client is paused; 70002, 70003, 70009, 70013, 70014, 70001, 70052 and 6206 what is wrong
    /// with the signature.
    pub async fn renew(&self, user_sig: impl AsRef<str>) -> Result<()> {
        let account = self.account()?;
        let user_sig = user_sig.as_ref();
        self.check(&account.me, user_sig)?;
        account.renew(user_sig.to_owned()).await
    }

    /// What can be said about a signature without the server.
    fn check(&self, user: &UserId, user_sig: &str) -> Result<()> {
        if user_sig.is_empty() {
            // A server for development may sign by itself; any other one answers 70002.
            return Ok(());
        }
        let parsed = UserSig::parse(user_sig)?;
        let claims = parsed.claims();
        if claims.app_id != self.inner.config.app_id {
            return Err(ErrorCode::UserSigOtherApp.into());
        }
        if claims.user_id != user.as_str() {
            return Err(ErrorCode::UserSigOtherUser.into());
        }
        // Only the server's clock counts; this device's may be wrong.
        if self.server_time_ms().is_some_and(|now| claims.expires_ms() <= now)
            || self.inner.is_expired(user_sig)
        {
            return Err(ErrorCode::UserSigExpiredLocally.into());
        }
        Ok(())
    }

    /// Opens the local session once nothing else is being opened or closed.
    async fn open(&self, who: Kept) -> Result<Arc<Account>> {
        let inner = self.inner.clone();
        loop {
            // Closing the one before may still be under way.
            let turn = inner.turn.clone().lock_owned().await;
            if inner.current.is_closed() {
                return Err(ErrorCode::NotInitialised.into());
            }
            if inner.current.is_awake() {
                let opener = inner.clone();
                // To its end and with the turn, also when the login is given up: nothing may meet files that are half open.
                let opening = async move {
                    let _turn = turn;
                    opener.open(who).await
                };
                return inner.runtime.run(opening).await?;
            }
            // The client was paused after this login had begun: it goes on when the client wakes.
            drop(turn);
            inner.current.awake().await;
        }
    }

    /// Waits for the server's word.
    async fn accepted(&self, account: &Arc<Account>) -> Result<()> {
        let mut account = account.clone();
        loop {
            match self.word(&account).await {
                Some(result) => return result,
                // Closed; perhaps only for as long as the client sleeps.
                None => match self.inner.current.woken(&account.me).await {
                    Some(woken) if !Arc::ptr_eq(&woken, &account) => account = woken,
                    _ => return Err(ErrorCode::LoggedOutDuringLogin.into()),
                },
            }
        }
    }

    /// The server's word to this account; nothing when it was closed before that.
    async fn word(&self, account: &Arc<Account>) -> Option<Result<()>> {
        let mut progress = account.progress();
        loop {
            let now = progress.borrow_and_update().clone();
            match now {
                Progress::Accepted => return Some(Ok(())),
                Progress::Refused(error) => return Some(Err(error)),
                Progress::Closed => return None,
                Progress::Failed(error) if !account.established => {
                    let (inner, account) = (self.inner.clone(), account.clone());
                    let given_up = async move {
                        let _turn = inner.turn.lock().await;
                        account.close(false).await;
                        // Paused meanwhile: it is not to be tried again behind the caller's back.
                        inner.wake_nobody(&account.me);
                    };
                    // On the client's own threads, which have a clock; and to its end.
                    let ended = self.inner.runtime.run(given_up).await;
                    return Some(ended.and(Err(error)));
                }
                Progress::Failed(_) | Progress::Trying => {}
            }
            progress.changed().await.ok()?;
        }
    }

    /// Logs out: nothing arrives any more, the server forgets the session, local data stays. A running login ends with
    /// 6023. Succeeds when nobody is logged in. While the client sleeps, it stays asleep with nobody logged in. Dropping the
    /// future does not stop it.
    ///
    /// # Errors
    ///
    /// None today.
    pub async fn logout(&self) -> Result<()> {
        let inner = self.inner.clone();
        // On the client's own threads: the goodbye has a deadline, and only they have a clock.
        self.inner.runtime.run(async move { inner.leave(true).await }).await
    }

    /// Closes the client: writes what waits and gives its folder back. What waits in the outbox goes out after the next login.
    /// Dropping the future does not stop it.
    pub async fn close(&self) {
        self.inner.current.close();
        self.inner.hub.close();
        let inner = self.inner.clone();
        let ending = async move {
            inner.leave(false).await;
            inner.release();
            inner.current.set_phase(Phase::Awake);
            // Streams that wait are told that nothing follows.
            inner.hub.wake();
        };
        if let Err(error) = self.inner.runtime.run(ending).await {
            tracing::error!(code = error.code, "the client could not be closed in order");
        }
    }
}

/// Where a user's files are, below the client's folder.
pub(crate) fn user_folder(data_dir: &Path, app_id: u64, user: &UserId) -> PathBuf {
    // User ids may hold what a file name must not; hex may be long, so very long ids get two folders.
    let hex: String = user.as_str().bytes().map(|byte| format!("{byte:02x}")).collect();
    let mut folder = data_dir.join(app_id.to_string());
    for part in hex.as_bytes().chunks(128) {
        folder.push(String::from_utf8_lossy(part).as_ref());
    }
    folder
}

impl Inner {
    /// Opens the local session and starts to connect. The caller has the turn.
    ///
    /// Boxed in here: everything that an account does hangs on this, and would be compiled again in each crate that logs in.
    pub(super) fn open(self: &Arc<Self>, who: Kept) -> BoxFuture<'static, Result<Arc<Account>>> {
        let inner = self.clone();
        async move { inner.open_account(who).await }.boxed()
    }

    async fn open_account(self: &Arc<Self>, who: Kept) -> Result<Arc<Account>> {
        let inner = self;
        let user = who.me.clone();
        let folder = user_folder(&inner.config.folder, inner.config.app_id, &user);
        let (account, ends) = Account::open(&inner.runtime, &inner.hub, &folder, who).await?;
        let config = &inner.config;
        let link_config = LinkConfig {
            address: config.address.clone(),
            tls: config.tls.clone(),
            backoff: config.backoff,
            background_cap: config.background_cap,
            pulse: inner.pulse.clone(),
            stable_after: config.stable_after,
            request_timeout: config.request_timeout,
            connect_timeout: config.connect_timeout,
            app_id: config.app_id,
            user_id: user,
            device_id: config.device_id.clone(),
            platform: config.platform.to_wire(),
            client: concat!("whinchat-core/", env!("CARGO_PKG_VERSION")).to_owned(),
        };
        let (sender, inbound) = mpsc::channel(INBOUND);
        let (link, link_task) = Link::start(&inner.runtime, link_config, account.hello(), sender);
        account.attach(link);
        let weak = Arc::downgrade(inner);
        let (served, lead) = (account.clone(), config.expiry_lead);
        // What it tells is read from the account that is open, so it begins when this one is.
        let (opened, begin) = oneshot::channel::<()>();
        let task = inner.runtime.spawn(async move {
            let _ = begin.await;
            // Ends with the account's task, however that ends.
            let _link_task = link_task;
            let ending = Ending { inner: weak, account: served.clone() };
            let refused = account::run(served.clone(), ends, lead, inbound).await;
            if let Some(inner) = ending.inner.upgrade() {
                inner.retire(&served, refused.clone());
            }
            served.ended(refused);
        });
        inner.current.set(account.clone(), task);
        let _ = opened.send(());
        Ok(account)
    }

    /// Ends the session of the account that is open, or is just being opened, and waits until its files are closed.
    async fn leave(&self, logout: bool) {
        let _turn = self.turn.lock().await;
        if let Some(account) = self.current.account() {
            account.close(logout).await;
        }
        if let Some((user, _)) = self.current.sleeping() {
            self.wake_nobody(&user);
        }
    }

    /// The user who was logged in when the client fell asleep will not be when it wakes.
    fn wake_nobody(&self, user: &UserId) {
        if self.current.sleeping().is_some_and(|(sleeping, _)| sleeping == *user) {
            self.hub.clear();
            self.current.nobody_sleeps();
            self.hub.notice(Event::ConnectionChanged(ConnectionState::LoggedOut));
        }
    }

    /// The account's task has ended: nobody is logged in any more, unless the client only falls asleep.
    fn retire(&self, account: &Arc<Account>, refused: Option<Error>) {
        if !self.current.is(account) {
            return;
        }
        if refused.is_none() && self.current.phase() == Phase::FallingAsleep {
            self.current.lay_to_sleep(account.kept());
            if let Some(task) = self.current.take(account) {
                task.detach();
            }
            return;
        }
        // First, while no other account can be opened whose events this would take.
        self.hub.clear();
        let Some(task) = self.current.take(account) else { return };
        // This runs inside that very task; it is at its end.
        task.detach();
        self.hub.notice(Event::ConnectionChanged(ConnectionState::LoggedOut));
        let Some(error) = refused else { return };
        let expired = error.class == ErrorClass::Reauthenticate;
        if error.is(ErrorCode::UserSigExpired) {
            self.remember_expired(&account.credential());
        }
        if account.was_accepted() {
            self.hub.notice(if expired { Event::LoginExpired(error) } else { Event::KickedOffline(error) });
        }
    }
}
