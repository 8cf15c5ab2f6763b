//! The part that all observers share: when to look, and when it is over.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::watch;
use whinchat_proto::id::UserId;

use super::watcher::{Due, Watcher};
use crate::account::{Account, Progress};
use crate::client::Current;
use crate::error::Result;
use crate::event::Hub;

/// Between two tries to read.
const RETRY: Duration = Duration::from_millis(200);

/// What an observer shows.
pub(super) trait View: Send + 'static {
    /// What its app is told.
    type Update;

    /// Looks at what is due. Runs on a thread that may block, and its first statement decides which commits it sees.
    fn refresh(&mut self, cache: &Connection, account: &Account, due: Due) -> Result<()>;
    /// What has changed since the last time, if anything has.
    fn take(&mut self) -> Option<Self::Update>;
    /// The last word.
    fn reset() -> Self::Update;
}

/// How far it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Running,
    /// The account is closed and the app has been told.
    Over,
}

/// The account that is looked at. A client that sleeps and wakes opens it anew.
#[derive(Default)]
pub(super) struct Serving(Mutex<Weak<Account>>);

impl Serving {
    /// The account, if it is in memory.
    pub(super) fn account(&self) -> Option<Arc<Account>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).upgrade()
    }

    fn set(&self, account: &Arc<Account>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Arc::downgrade(account);
    }
}

/// One observer's end of it.
pub(super) struct Observation<V: View> {
    hub: Arc<Hub>,
    watcher: Arc<Watcher>,
    version: watch::Receiver<u64>,
    me: UserId,
    current: Weak<Current>,
    serving: Arc<Serving>,
    progress: watch::Receiver<Progress>,
    view: Arc<Mutex<V>>,
    phase: Phase,
}

fn locked<V>(view: &Mutex<V>) -> MutexGuard<'_, V> {
    view.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<V: View> Observation<V> {
    /// Watches from now on.
    pub(super) fn new(
        account: &Arc<Account>,
        current: Weak<Current>,
        watcher: Arc<Watcher>,
        view: V,
    ) -> Self {
        let serving = Arc::new(Serving::default());
        serving.set(account);
        let hub = account.hub().clone();
        hub.watch(&watcher);
        Self {
            hub,
            version: watcher.version(),
            watcher,
            me: account.me.clone(),
            current,
            serving,
            progress: account.progress(),
            view: Arc::new(Mutex::new(view)),
            phase: Phase::Running,
        }
    }

    pub(super) fn serving(&self) -> Arc<Serving> {
        self.serving.clone()
    }

    pub(super) fn watcher(&self) -> &Arc<Watcher> {
        &self.watcher
    }

    fn is_closed(&self) -> bool {
        matches!(*self.progress.borrow(), Progress::Closed | Progress::Refused(_))
            || self.progress.has_changed().is_err()
    }

    /// The next update; none once it was stopped, or after the account was closed and that was told. Dropping the future
    /// loses nothing.
    pub(super) async fn next(&mut self) -> Option<V::Update> {
        loop {
            if self.phase == Phase::Over || self.watcher.is_stopped() {
                self.end();
                return None;
            }
            if self.is_closed() {
                if self.woken().await {
                    continue;
                }
                self.end();
                return Some(V::reset());
            }
            if let Some(update) = locked(&self.view).take() {
                return Some(update);
            }
            if self.watcher.is_due() {
                self.refresh().await;
                continue;
            }
            tokio::select! {
                // It cannot end: the sender is in the watcher.
                _ = self.version.changed() => {}
                _ = self.progress.changed() => {}
            }
        }
    }

    /// What has changed, without waiting for more.
    #[cfg(test)]
    pub(super) async fn now(&mut self) -> Option<V::Update> {
        if self.watcher.is_due() {
            self.refresh().await;
        }
        locked(&self.view).take()
    }

    /// A look at the view.
    #[cfg(test)]
    pub(super) fn with<T>(&self, look: impl FnOnce(&V) -> T) -> T {
        look(&locked(&self.view))
    }

    /// The account is closed. True: the client only sleeps or slept, and there may be something to tell; false: it is over.
    async fn woken(&mut self) -> bool {
        let Some(current) = self.current.upgrade() else { return false };
        let account = tokio::select! {
            account = current.woken(&self.me) => account,
            // It may have been stopped.
            _ = self.version.changed() => return true,
        };
        let is_another = |account: &Arc<Account>| {
            self.serving.account().is_none_or(|closed| !Arc::ptr_eq(&closed, account))
        };
        let Some(account) = account.filter(is_another) else { return false };
        self.serving.set(&account);
        self.progress = account.progress();
        // What happened before this account was open is not marked.
        self.watcher.touch_all();
        true
    }

    async fn refresh(&mut self) {
        let Some(account) = self.serving.account() else { return };
        let (served, watcher, view) = (account.clone(), self.watcher.clone(), self.view.clone());
        let read = account.store.cache.readers.read(move |cache| {
            // Nothing has been read yet, so what is committed from here on is either seen or due again.
            let due = watcher.take();
            let result = locked(&view).refresh(cache, &served, due);
            if result.is_err() {
                watcher.touch_all();
            }
            result
        });
        if let Err(error) = read.await
            && !self.is_closed()
        {
            tracing::warn!(code = error.code, "what an observer shows could not be read; it is read again");
            // Not faster than the disk may recover.
            account.wait(RETRY).await;
        }
    }

    fn end(&mut self) {
        self.phase = Phase::Over;
        self.hub.unwatch(&self.watcher);
    }
}

impl<V: View> Drop for Observation<V> {
    fn drop(&mut self) {
        self.hub.unwatch(&self.watcher);
    }
}
