//! What is found missing outside of the account's task: a page of history shows another log, a hole, a change that was not
//! told. The task fetches it; nothing waits for the next ping or connection.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

use super::Account;
use crate::error::Result;
use crate::sync::{Input, Outcome};

/// What the task has not taken yet, each thing once.
#[derive(Default)]
pub(super) struct Missing {
    found: Mutex<Outcome>,
    noted: Notify,
}

impl Missing {
    fn note(&self, outcome: &Outcome) {
        if outcome.misses_something() {
            self.found.lock().unwrap_or_else(PoisonError::into_inner).add_missing(outcome);
            self.noted.notify_one();
        }
    }

    /// What was found, as soon as there is something. Dropping the future loses nothing.
    pub(super) async fn found(&self) -> Outcome {
        self.noted.notified().await;
        std::mem::take(&mut *self.found.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Account {
    /// [`Self::apply`] for everybody but the account's task, which is told what is found missing.
    pub(super) async fn apply_aside(self: &Arc<Self>, inputs: Vec<Input>) -> Result<()> {
        let outcome = self.apply(inputs).await?;
        self.missing.note(&outcome);
        Ok(())
    }
}
