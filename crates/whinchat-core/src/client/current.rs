//! Which account is open, and whether the client is awake.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;
use whinchat_proto::id::UserId;

use crate::account::{Account, Kept};
use crate::platform::TaskHandle;

struct Open {
    account: Arc<Account>,
    /// The account's task ends when this is dropped.
    task: TaskHandle,
}

/// Whether calls are taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Phase {
    /// They are.
    #[default]
    Awake,
    /// They are not; what was begun is being finished.
    FallingAsleep,
    /// They are not, and no file and no connection is open.
    Asleep,
}

/// The account that is open, if one is; while the client sleeps, the one that will be opened again.
#[derive(Default)]
pub(crate) struct Current {
    open: Mutex<Option<Open>>,
    sleeping: Mutex<Option<Kept>>,
    phase: watch::Sender<Phase>,
    closed: AtomicBool,
}

impl Current {
    /// The account that is open.
    pub(crate) fn account(&self) -> Option<Arc<Account>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(|open| open.account.clone())
    }

    /// Whether this account is the one that is open.
    pub(super) fn is(&self, account: &Arc<Account>) -> bool {
        self.account().is_some_and(|open| Arc::ptr_eq(&open, account))
    }

    pub(super) fn set(&self, account: Arc<Account>, task: TaskHandle) {
        *self.open.lock().unwrap_or_else(PoisonError::into_inner) = Some(Open { account, task });
    }

    /// Takes the account out if it is this one. Its task goes on until the handle that is given back is dropped.
    pub(super) fn take(&self, account: &Arc<Account>) -> Option<TaskHandle> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.as_ref().is_some_and(|open| Arc::ptr_eq(&open.account, account)) {
            return open.take().map(|open| open.task);
        }
        None
    }

    /// Keeps what is needed to open the account again when the client wakes.
    pub(super) fn lay_to_sleep(&self, kept: Kept) {
        *self.sleeping.lock().unwrap_or_else(PoisonError::into_inner) = Some(kept);
    }

    /// What was kept.
    pub(super) fn kept(&self) -> Option<Kept> {
        self.sleeping.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Who is logged in while the client sleeps, and whether everything of his had reached the server.
    pub(super) fn sleeping(&self) -> Option<(UserId, bool)> {
        let sleeping = self.sleeping.lock().unwrap_or_else(PoisonError::into_inner);
        sleeping.as_ref().map(|kept| (kept.me.clone(), kept.drained))
    }

    /// Whether calls are taken.
    pub(crate) fn phase(&self) -> Phase {
        *self.phase.borrow()
    }

    /// Whether calls are taken.
    pub(crate) fn is_awake(&self) -> bool {
        self.phase() == Phase::Awake
    }

    pub(super) fn set_phase(&self, phase: Phase) {
        self.phase.send_replace(phase);
    }

    /// Waits until the client is awake. Gives the account of `me`; nothing if he was logged out meanwhile, or is not
    /// logged in at all.
    pub(crate) async fn woken(&self, me: &UserId) -> Option<Arc<Account>> {
        let mut phase = self.phase.subscribe();
        loop {
            let now = *phase.borrow_and_update();
            match now {
                Phase::Awake => return self.account().filter(|account| account.me == *me),
                Phase::FallingAsleep => {}
                Phase::Asleep if self.sleeping().is_some_and(|(user, _)| user == *me) => {}
                Phase::Asleep => return None,
            }
            phase.changed().await.ok()?;
        }
    }

    /// Waits until calls are taken again.
    pub(super) async fn awake(&self) {
        let mut phase = self.phase.subscribe();
        // The sender lives as long as this.
        drop(phase.wait_for(|phase| *phase == Phase::Awake).await);
    }

    /// Forgets what was kept, and lets those who wait for the client to wake look again.
    pub(super) fn nobody_sleeps(&self) {
        drop(self.sleeping.lock().unwrap_or_else(PoisonError::into_inner).take());
        self.phase.send_modify(|_| ());
    }

    /// No account will be opened any more.
    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::Release);
    }

    /// Whether the client is closed.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }
}
