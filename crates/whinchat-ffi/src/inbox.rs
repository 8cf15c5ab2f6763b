//! Messages that a notification extension leaves for the app.

use whinchat_core::inbox;

use crate::call::{self, Result};

/// Leaves a message for the app, from a notification extension or another process: no client is needed. `entry_push` is what
/// the push service brought; `data_dir` and `app_id` are those of the app's client. The next login takes it in. Leaving the
/// same message twice does no harm.
///
/// Fails with 7003 a malformed user id, 6017 the bytes are not such a message, 6022 the folder cannot be written.
#[uniffi::export]
pub fn inbox_put(data_dir: String, app_id: u64, user: String, entry_push: Vec<u8>) -> Result<()> {
    call::run(|| inbox::put(&data_dir, app_id, &user, &entry_push))
}
