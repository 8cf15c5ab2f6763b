//! How a session is established, and how it ends.

use std::sync::atomic::Ordering;

use whinchat_proto::id::{SessionId, UserId};

use super::{Account, Progress, locked};
use crate::error::{Error, ErrorCode};
use crate::event::ConnectionState;
use crate::store::query;

/// What of a login outlives its files: enough to open it again without asking anybody.
#[derive(Clone)]
pub(crate) struct Kept {
    /// Who.
    pub(crate) me: UserId,
    /// Whether everything of his had reached the server or failed for good.
    pub(crate) drained: bool,
    pub(super) credential: String,
    pub(super) session: Option<SessionId>,
    pub(super) accepted: bool,
    /// The end of the credential that the app was told of, milliseconds since the epoch.
    pub(super) told_expiry_ms: i64,
    /// It was open in this process before, and its events still wait with the listeners.
    pub(super) woken: bool,
}

impl Kept {
    /// A login that begins.
    pub(crate) fn fresh(me: UserId, credential: String) -> Self {
        Self {
            me,
            drained: true,
            credential,
            session: None,
            accepted: false,
            told_expiry_ms: 0,
            woken: false,
        }
    }
}

impl Account {
    /// What is needed to open this account again.
    pub(crate) fn kept(&self) -> Kept {
        let greeting = locked(&self.greeting);
        Kept {
            me: self.me.clone(),
            drained: self.outbox.lanes().is_drained(),
            credential: greeting.credential.clone(),
            session: greeting.session,
            accepted: self.was_accepted(),
            told_expiry_ms: self.expiry.told_ms(),
            woken: true,
        }
    }

    /// The credential that the next attempt shows.
    pub(crate) fn credential(&self) -> String {
        locked(&self.greeting).credential.clone()
    }

    /// Waits until everything has reached the server or failed for good, for as long as there is hope: a device that waits
    /// before its next attempt to connect has none.
    pub(crate) async fn drained(&self) {
        let mut connection = self.connection.subscribe();
        loop {
            // Before looking, or what is rung meanwhile would be missed.
            let settled = self.outbox.settled.notified();
            let hopeless = matches!(*connection.borrow_and_update(), ConnectionState::Waiting { .. });
            if hopeless || self.outbox.lanes().is_drained() {
                return;
            }
            tokio::select! {
                () = settled => {}
                changed = connection.changed() => if changed.is_err() { return },
            }
        }
    }

    /// The server has accepted and its first page is stored: this user's data can be used without a network from now on.
    pub(super) async fn establish(&self) {
        if !self.established && !self.was_accepted() {
            // Before it counts as a device that was here: its cache may not vanish in a power cut any more, or what came
            // since would be taken for history and never announced.
            self.store.cache.writer.write_home().await;
            let established = |own: &rusqlite::Connection| query::set_account(own, "established", "1");
            if let Err(error) = self.store.own.writer.write(established).await {
                tracing::warn!(code = error.code, "the login could not be written down");
            }
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
