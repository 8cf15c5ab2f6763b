//! Falling asleep before the system suspends the app, and waking.

use std::sync::{Arc, PoisonError};

use super::current::Phase;
use super::{Client, Inner};
use crate::error::{Error, ErrorCode, Result};
use crate::event::{ConnectionState, Event};
use crate::platform::{FolderLock, timeout};

/// Why calls are refused while the client sleeps.
pub(super) fn asleep() -> Error {
    Error::new(ErrorCode::WrongState, "the client is paused; call resume first")
}

impl Client {
    /// Puts the client to sleep, for an app that is about to be suspended: what waits in the outbox has a moment to go out
    /// (see [`crate::ClientBuilder::drain_time`]; the rest is kept and goes out after waking), the server is told goodbye and
    /// keeps the session, what is being written is committed, and every file and lock is given back. When this returns,
    /// nothing of this client stands in the way of a suspension, or of another process that wants the folder.
    ///
    /// Until [`Self::resume`], calls are refused with 7014, also reads: a read that opened the files again could hold a lock
    /// at the moment of suspension, for which iOS ends the app. `resume`, `logout` and `close` work. Event streams stay and go
    /// on after waking; nothing is told twice and nothing left out. A login under way goes on after waking. A call that waits
    /// for the server, such as creating a group, ends with 7009; [`crate::SendHandle::settled`] goes on waiting.
    ///
    /// Without a network this takes at most two seconds, with one at most the drain time and two seconds. It does nothing
    /// if the client sleeps already. Dropping the future does not stop it.
    ///
    /// # Errors
    ///
    /// 6013 the client is closed.
    pub async fn pause(&self) -> Result<()> {
        let inner = self.inner.clone();
        self.inner.runtime.run(async move { inner.fall_asleep().await }).await?
    }

    /// Wakes the client: takes the folder again, opens what was open, and connects. Returns once what is stored can be used;
    /// no network is needed. It does nothing if the client is awake.
    ///
    /// # Errors
    ///
    /// The client goes on sleeping, and this can be called again: 6005 another process uses the folder, or a file is
    /// damaged; 6019, 6022 the local database. 6013 the client is closed.
    pub async fn resume(&self) -> Result<()> {
        let inner = self.inner.clone();
        self.inner.runtime.run(async move { inner.wake_up().await }).await?
    }
}

impl Inner {
    async fn fall_asleep(self: Arc<Self>) -> Result<()> {
        let _turn = self.turn.lock().await;
        if self.current.is_closed() {
            return Err(ErrorCode::NotInitialised.into());
        }
        if !self.current.is_awake() {
            return Ok(());
        }
        self.current.set_phase(Phase::FallingAsleep);
        if let Some(account) = self.current.account() {
            // What does not get out in time stays where it is.
            let _ = timeout(self.config.drain_time, account.drained()).await;
            account.close(false).await;
        }
        self.release();
        self.current.set_phase(Phase::Asleep);
        if self.current.sleeping().is_some() {
            self.hub.notice(Event::ConnectionChanged(ConnectionState::Paused));
        }
        Ok(())
    }

    async fn wake_up(self: Arc<Self>) -> Result<()> {
        let _turn = self.turn.lock().await;
        if self.current.is_closed() {
            return Err(ErrorCode::NotInitialised.into());
        }
        if self.current.is_awake() {
            return Ok(());
        }
        let lock = FolderLock::acquire(&self.config.folder)?;
        *self.lock.lock().unwrap_or_else(PoisonError::into_inner) = Some(lock);
        // It stays there until it is open: who waits for the account sees that it will come.
        if let Some(kept) = self.current.kept()
            && let Err(error) = self.open(kept).await
        {
            self.release();
            return Err(error);
        }
        self.current.set_phase(Phase::Awake);
        self.current.nobody_sleeps();
        // Keys that waited for the files can be read now.
        self.hub.wake();
        Ok(())
    }
}
