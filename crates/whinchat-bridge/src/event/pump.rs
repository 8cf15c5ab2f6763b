//! From the core's events to a context's callbacks.

use std::sync::Arc;

use whinchat_core::{ConnectionState, Event as Core, EventStream};

use super::{
    OnConnectFailed, OnConnectSuccess, OnConnecting, OnKickedOffline, OnUserSigExpired, OnUserSigWillExpire,
};
use crate::context::Ears;

/// Gives a context what the core tells, until the client is closed. A context that takes slowly is waited for: what has
/// happened meanwhile stays in the core, where it costs a key each and merges.
pub(crate) async fn run(mut events: EventStream, ears: Arc<Ears>) {
    while let Some(event) = events.next().await {
        tell(event, &ears).await;
    }
}

async fn tell(event: Core, ears: &Ears) {
    match event {
        Core::ConnectionChanged(ConnectionState::Connecting) => ears.tell(&OnConnecting {}).await,
        Core::ConnectionChanged(ConnectionState::Connected) => ears.tell(&OnConnectSuccess {}).await,
        Core::ConnectionChanged(ConnectionState::Waiting { error, .. }) => {
            let event =
                OnConnectFailed { code: error.code, error: error.message.clone(), msg: error.message };
            ears.tell(&event).await;
        }
        Core::KickedOffline(error) => {
            ears.tell(&OnKickedOffline { code: error.code, msg: error.message }).await;
        }
        Core::LoginExpired(_) => ears.tell(&OnUserSigExpired {}).await,
        Core::LoginExpiring { in_seconds } => ears.tell(&OnUserSigWillExpire { seconds: in_seconds }).await,
        _ => {}
    }
}
