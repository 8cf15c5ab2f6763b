//! Looking in storage for what the bus has lost: wakes, and sessions that were ended. One task a node.

use std::sync::{Arc, Weak};
use std::time::Duration;

use super::Gateway;
use super::session::Session;
use crate::bus::Loss;
use crate::storage::Fault;

/// Sessions that are looked at in one read.
const BATCH: usize = 256;

/// Looks at everybody who is connected, again and again, until the server goes down. Not at all when nothing can be lost;
/// only after another process has written when nothing is lost within this one.
pub(crate) async fn sweep(gateway: Arc<Gateway>) {
    let loss = gateway.service.bus.loss();
    if loss == Loss::Never {
        return;
    }
    let pause = Duration::from_millis(gateway.config.sweep_ms);
    let mut strangers = None;
    // Those who had no Welcome at the last look.
    let mut to_come: Vec<Weak<Session>> = Vec::new();
    loop {
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = gateway.draining.cancelled() => return,
        }
        let swept = async {
            let now = gateway.service.storage.strangers().await?;
            let everybody = loss == Loss::Anywhere || strangers != Some(now);
            let sessions = if everybody {
                gateway.hub.everybody()
            } else {
                to_come.iter().filter_map(Weak::upgrade).collect()
            };
            to_come = look(&gateway, sessions).await?.iter().map(Arc::downgrade).collect();
            // Only now: what was not looked at has to be looked at again.
            strangers = Some(now);
            Ok::<(), Fault>(())
        };
        if let Err(fault) = swept.await {
            tracing::warn!(%fault, "sessions could not be compared with storage");
        }
    }
}

/// Gives those who have no Welcome yet: they may not be in storage yet, and what another process does to them before it is
/// sent is only found later.
async fn look(gateway: &Gateway, sessions: Vec<Arc<Session>>) -> Result<Vec<Arc<Session>>, Fault> {
    let (sessions, to_come): (Vec<_>, Vec<_>) =
        sessions.into_iter().partition(|session| session.is_welcome());
    for some in sessions.chunks(BATCH) {
        let of = some.iter().map(|session| (session.who.user.clone(), session.who.session)).collect();
        let standings = gateway.service.storage.standings(of).await?;
        for (session, standing) in some.iter().zip(standings) {
            session.judge(&standing);
        }
    }
    Ok(to_come)
}
