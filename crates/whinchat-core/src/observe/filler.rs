//! Fetches what a timeline's window lacks.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use whinchat_proto::id::ConversationId;

use super::observation::Serving;
use super::segment::Hole;
use crate::error::{ErrorClass, ErrorCode};
use crate::platform::sleep;

/// Newest entries come by themselves after connecting; only what is still missing then is asked for.
const GRACE: Duration = Duration::from_millis(300);
/// Before the same stretch is asked for again.
const RETRY: Duration = Duration::from_secs(1);

/// Runs as long as its observer. It fetches only what the app's last look found missing, so an observer that nobody asks
/// fetches nothing.
pub(super) async fn fill(
    serving: Arc<Serving>,
    conversation: ConversationId,
    mut holes: watch::Receiver<Option<Hole>>,
) {
    let mut last: Option<Hole> = None;
    loop {
        let Ok(hole) = holes.wait_for(Option::is_some).await.map(|hole| hole.clone()) else { return };
        let Some(hole) = hole else { continue };
        if last.as_ref() == Some(&hole) {
            // It did not help last time.
            sleep(RETRY).await;
        } else if hole.is_recent {
            sleep(GRACE).await;
        }
        if *holes.borrow() != Some(hole.clone()) {
            continue;
        }
        let Some(account) = serving.account() else {
            // The client sleeps, or it is over.
            if holes.changed().await.is_err() {
                return;
            }
            continue;
        };
        let result = account.fill(&conversation, hole.epoch, hole.from, hole.to).await;
        let mut connections = account.outbox.connections();
        drop(account);
        match result {
            // What came of it is seen at the app's next look.
            Ok(()) => {
                let is_looked_at = *holes.borrow_and_update() != Some(hole.clone());
                last = Some(hole);
                if !is_looked_at && holes.changed().await.is_err() {
                    return;
                }
            }
            Err(error) if error.is(ErrorCode::Disconnected) => {
                sleep(GRACE).await;
                let connected = async {
                    if connections.wait_for(Option::is_some).await.is_err() {
                        // That account is closed; another look tells of the next.
                        std::future::pending::<()>().await;
                    }
                };
                tokio::select! {
                    () = connected => {}
                    looked = holes.changed() => if looked.is_err() {
                        return;
                    }
                }
            }
            Err(error) if error.class == ErrorClass::Final => {
                tracing::debug!(code = error.code, "a stretch of a timeline is not to be had");
                if holes.wait_for(|other| *other != Some(hole.clone())).await.is_err() {
                    return;
                }
            }
            Err(error) => {
                tracing::debug!(
                    code = error.code,
                    "a stretch of a timeline could not be fetched; it is asked for again"
                );
                sleep(RETRY).await;
            }
        }
    }
}
