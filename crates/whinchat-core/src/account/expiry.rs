//! The life of the credential: told before it ends, and renewed.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::watch;
use whinchat_proto::wire;
use whinchat_proto::wire::request::Body;
use whinchat_proto::wire::response::Body as Answer;

use super::{Account, locked};
use crate::error::{ErrorCode, Result};
use crate::event::Event;
use crate::platform::timeout;

/// The clock is looked at this often at least: it may be corrected, and a phone sleeps.
const LONGEST_LOOK: Duration = Duration::from_secs(600);

/// When the credential ends, by the server's clock.
#[derive(Debug, Default)]
pub(super) struct Expiry {
    /// Milliseconds since the epoch; 0 before the server said it.
    at_ms: watch::Sender<i64>,
    /// The end that the app was told of. A renewed credential has another.
    told_ms: std::sync::atomic::AtomicI64,
}

impl Expiry {
    /// As it was before the client slept.
    pub(super) fn kept(told_ms: i64) -> Self {
        Self { told_ms: told_ms.into(), ..Self::default() }
    }

    /// The end that the app was told of.
    pub(super) fn told_ms(&self) -> i64 {
        self.told_ms.load(Ordering::Relaxed)
    }

    /// The server said when the credential ends.
    pub(super) fn set(&self, at_ms: i64) {
        self.at_ms.send_replace(at_ms);
    }
}

/// Tells the app once for each credential, `lead` before its end. Runs until its handle is dropped.
pub(super) async fn tell_expiry(account: Arc<Account>, lead: Duration) {
    let lead_ms = i64::try_from(lead.as_millis()).unwrap_or(i64::MAX);
    let mut end = account.expiry.at_ms.subscribe();
    loop {
        let at_ms = *end.borrow_and_update();
        let now_ms = account.link().ok().and_then(|link| link.server_time_ms());
        let wait = match now_ms {
            Some(now_ms) if at_ms != 0 && at_ms != account.expiry.told_ms() => {
                let left_ms = at_ms.saturating_sub(now_ms);
                if left_ms <= lead_ms {
                    account.expiry.told_ms.store(at_ms, Ordering::Relaxed);
                    let in_seconds = u64::try_from(left_ms / 1_000).unwrap_or(0);
                    account.hub.notice(Event::LoginExpiring { in_seconds });
                    continue;
                }
                Duration::from_millis(u64::try_from(left_ms - lead_ms).unwrap_or(0)).min(LONGEST_LOOK)
            }
            _ => Duration::MAX,
        };
        if timeout(wait, end.changed()).await.is_some_and(|changed| changed.is_err()) {
            return;
        }
    }
}

impl Account {
    /// Puts a fresh credential in the place of the one that is used. Without a connection the next one shows it.
    pub(crate) async fn renew(&self, credential: String) -> Result<()> {
        let body = Body::RenewCredential(wire::RenewCredential { user_sig: credential.clone() });
        let answer = match self.link() {
            Ok(link) => link.request(body).await,
            Err(error) => Err(error),
        };
        match answer.map(|response| response.body) {
            Ok(Some(Answer::RenewCredential(renewed))) => {
                locked(&self.greeting).credential = credential;
                self.expiry.set(renewed.credential_expires_ms);
                Ok(())
            }
            Ok(_) => Err(ErrorCode::ResponseUndecodable.into()),
            // Nobody has judged it, or the server is too old to: it will be when the next connection shows it.
            Err(error) if error.class.is_retryable() || error.is(ErrorCode::Unsupported) => {
                locked(&self.greeting).credential = credential;
                Ok(())
            }
            Err(error) => Err(error),
        }
    }
}
