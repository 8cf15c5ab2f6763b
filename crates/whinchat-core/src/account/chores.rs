//! What the account writes beside what the server says.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use super::Account;
use crate::inbox;
use crate::platform::{files, sleep};
use crate::store::query;
use crate::sync::Outcome;

/// Rows that one commit deletes.
const BATCH: usize = 256;
/// Before settled rows that could not be deleted are tried again.
const DELETE_AGAIN: Duration = Duration::from_secs(1);
/// Deliveries are written down together, not one by one.
const DELIVERY_PAUSE: Duration = Duration::from_millis(50);

/// Deletes outbox rows whose answers were applied, many in one commit.
pub(super) async fn delete_settled(account: Arc<Account>, mut settled: mpsc::Receiver<i64>) {
    let mut positions = Vec::new();
    let mut open = true;
    while open {
        open = if positions.is_empty() {
            settled.recv_many(&mut positions, BATCH).await > 0
        } else {
            tokio::select! {
                more = settled.recv_many(&mut positions, BATCH) => more > 0,
                () = sleep(DELETE_AGAIN) => true,
            }
        };
        let batch = positions.clone();
        let work = move |own: &rusqlite::Connection| {
            batch.iter().try_for_each(|position| query::delete(own, *position))
        };
        match account.store.own.writer.write(work).await {
            Ok(()) => positions.clear(),
            // A full disk, say. Left behind for good, a row goes out again after a restart and the server repeats its answer.
            Err(error) => tracing::debug!(code = error.code, "settled outbox rows could not be deleted yet"),
        }
    }
}

/// Writes down which messages the app has taken.
pub(super) async fn write_delivered(account: Arc<Account>) {
    loop {
        account.hub.delivered_changed.notified().await;
        account.flush_delivered().await;
        sleep(DELIVERY_PAUSE).await;
    }
}

impl Account {
    /// Stores what a notification extension has left, as if it had been pushed. What cannot be stored now stays.
    pub(super) async fn take_inbox(self: &Arc<Self>) -> Option<Outcome> {
        let folder = self.inbox.clone();
        let taken = self.runtime.spawn_blocking(move || inbox::take(&folder)).await;
        let stored = match taken {
            Ok(Ok((_, found))) if found.is_empty() => return None,
            Ok(Ok((inputs, found))) => self.apply(inputs).await.map(|outcome| (outcome, found)),
            Ok(Err(error)) | Err(error) => Err(error),
        };
        match stored {
            Ok((outcome, found)) => {
                // One that stays is found held the next time.
                let remove = move || found.iter().try_for_each(|file| files::remove(file));
                if let Ok(Err(error)) | Err(error) = self.runtime.spawn_blocking(remove).await {
                    tracing::warn!(code = error.code, "the inbox could not be emptied");
                }
                Some(outcome)
            }
            Err(error) => {
                tracing::warn!(code = error.code, "the inbox could not be taken in");
                None
            }
        }
    }

    /// Writes down what the app has taken by now.
    pub(super) async fn flush_delivered(&self) {
        let delivered = self.hub.take_delivered();
        if delivered.is_empty() {
            return;
        }
        let work = move |cache: &rusqlite::Connection| {
            delivered.iter().try_for_each(|(conversation, seq)| query::delivered(cache, conversation, *seq))
        };
        // Left unwritten, these messages are announced again after a restart.
        if let Err(error) = self.store.cache.writer.write(work).await {
            tracing::warn!(code = error.code, "deliveries could not be written down");
        }
    }
}
