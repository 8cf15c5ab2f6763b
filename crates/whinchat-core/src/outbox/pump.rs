//! The task that hands the outbox to the connection.

use std::sync::Arc;
use std::time::Duration;

use super::item::Next;
use crate::account::Account;
use crate::error::ErrorCode;
use crate::platform::{Instant, sleep_until};

/// A clock that was set, or a sleeping phone, must not keep an expiry from being seen for longer than this.
const LONGEST_LOOK: Duration = Duration::from_secs(30);

/// Runs until its handle is dropped.
pub(crate) async fn pump(account: Arc<Account>) {
    loop {
        let outbox = &account.outbox;
        let now_ms = account.now_ms();
        // Both under one lock: what is taken for a connection goes to that connection or to none.
        let (next, connection) = {
            let mut lanes = outbox.lanes();
            (lanes.next(Instant::now(), now_ms), outbox.connection())
        };
        match next {
            Next::Submit { tag, operation, body } => {
                let written = match connection {
                    Some(connection) => connection.submit(tag, operation, *body).await.is_ok(),
                    None => false,
                };
                if !written {
                    // The connection has fallen; its end puts everything back in the queue.
                    outbox.lanes().not_written(tag);
                }
            }
            Next::Expired(row) => account.give_up(row, ErrorCode::RequestTimeout.into()).await,
            Next::ExpiredInDoubt(position) => account.doubt(position).await,
            Next::Wait { at, expiry_ms } => {
                let expiry = expiry_ms.map(|expires| {
                    let left = u64::try_from(expires.saturating_sub(now_ms)).unwrap_or(0);
                    Instant::now() + Duration::from_millis(left).min(LONGEST_LOOK)
                });
                let wake = match (at, expiry) {
                    (Some(at), Some(expiry)) => Some(at.min(expiry)),
                    (at, expiry) => at.or(expiry),
                };
                match wake {
                    Some(wake) => tokio::select! {
                        () = sleep_until(wake) => {}
                        () = outbox.changed.notified() => {}
                    },
                    None => outbox.changed.notified().await,
                }
            }
        }
    }
}
