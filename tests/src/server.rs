//! The server of the scenarios.

use std::path::Path;

use whinchat_server::{AppKey, ServerConfig};

use crate::account::{APP_ID, KEY};

/// Its database, inside its folder.
pub const DATABASE: &str = "server.db";
/// Short, so that a dead link is found while a test waits.
const HEARTBEAT_MS: u32 = 400;

/// A free port, the scenarios' app, and a heartbeat for the impatient.
#[must_use]
pub fn config(data: &Path) -> ServerConfig {
    ServerConfig {
        listen: ([127, 0, 0, 1], 0).into(),
        data: data.to_owned(),
        app_id: APP_ID,
        keys: vec![AppKey::new(KEY)],
        heartbeat_ms: HEARTBEAT_MS,
        ..ServerConfig::default()
    }
}
