//! Which account is open.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::account::Account;
use crate::platform::TaskHandle;

struct Open {
    account: Arc<Account>,
    /// The account's task ends when this is dropped.
    task: TaskHandle,
}

/// The account that is open, if one is.
#[derive(Default)]
pub(crate) struct Current {
    open: Mutex<Option<Open>>,
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

    /// No account will be opened any more.
    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::Release);
    }

    /// Whether the client is closed.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }
}
