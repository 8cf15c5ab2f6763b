//! How a session is established, and how it ends.

use std::sync::atomic::Ordering;

use super::{Account, Progress};
use crate::error::{Error, ErrorCode};
use crate::store::query;

impl Account {
    /// The server has accepted and its first page is stored: this user's data can be used without a network from now on.
    pub(super) async fn establish(&self) {
        if !self.established
            && let Err(error) =
                self.store.own.writer.write(|own| query::set_account(own, "established", "1")).await
        {
            tracing::warn!(code = error.code, "the login could not be written down");
        }
        self.accepted.store(true, Ordering::Release);
        self.progress.send_replace(Progress::Accepted);
    }

    /// Tells everybody who waits for an answer that none will come.
    pub(super) fn interrupt(&self) {
        self.outbox.lanes().interrupt();
        self.outbox.down();
        self.direct.fail_all(&ErrorCode::Interrupted.into());
    }

    /// The task was cut off in the middle: nobody may wait for it any more. Does nothing after an orderly end.
    pub(crate) fn cut_off(&self) {
        if !matches!(*self.progress.borrow(), Progress::Closed | Progress::Refused(_)) {
            self.interrupt();
            self.ended(None);
        }
    }

    /// Says how it ended, to those who wait for the login or the end.
    pub(crate) fn ended(&self, refused: Option<Error>) {
        self.progress.send_replace(refused.map_or(Progress::Closed, Progress::Refused));
    }
}
