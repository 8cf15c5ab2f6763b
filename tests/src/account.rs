//! The app that scenarios play, and its signatures.

use std::time::{SystemTime, UNIX_EPOCH};

use whinchat_proto::user_sig::{UserSigClaims, sign};

/// The app id.
pub const APP_ID: u64 = 1_400_000_001;
/// The key that the app's backend would share with the server.
pub const KEY: &str = "a key for scenarios only";

/// A UserSig for `user`, good for a day.
///
/// # Panics
///
/// When the machine's clock stands before 1970.
#[must_use]
pub fn user_sig(user: &str) -> String {
    user_sig_for(user, 86_400)
}

/// A UserSig for `user`, good for so many seconds from now; below zero it has expired.
///
/// # Panics
///
/// When the machine's clock stands before 1970.
#[must_use]
pub fn user_sig_for(user: &str, lifetime_s: i64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970").as_secs();
    let claims = UserSigClaims {
        user_id: user.to_owned(),
        app_id: APP_ID,
        issued_s: i64::try_from(now).expect("a clock before the end of time"),
        lifetime_s,
        user_buf: None,
    };
    sign(&claims, KEY.as_bytes()).expect("a UserSig can be packed")
}
