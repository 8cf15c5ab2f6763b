//! `whinchat sig`.

use std::fmt::Write as _;

use jiff::tz::TimeZone;
use whinchat_proto::error::ErrorCode;
use whinchat_proto::id::UserId;
use whinchat_proto::user_sig::{self, UserSig, UserSigClaims};

use crate::args::KeyArgs;
use crate::failure::Failure;
use crate::key::AppAndKey;
use crate::span::{Span, roughly};

/// Makes a UserSig that is good from `now_ms` on.
///
/// # Errors
///
/// A sentence when the user id is malformed.
pub fn make(user: &str, app: &AppAndKey, lifetime: Span, now_ms: i64) -> Result<String, Failure> {
    let user = UserId::new(user)?;
    let claims = UserSigClaims {
        user_id: user.to_string(),
        app_id: app.app_id,
        issued_s: now_ms.div_euclid(1_000),
        lifetime_s: lifetime.seconds(),
        user_buf: None,
    };
    Ok(user_sig::sign(&claims, app.key.expose().as_bytes())?)
}

/// What `inspect` found.
#[derive(Debug)]
pub struct Report {
    /// For the user to read.
    pub text: String,
    /// Whether a login with it would be accepted, as far as can be told here.
    pub good: bool,
}

/// Describes a UserSig and judges it by `app`'s key, where there is one.
///
/// # Errors
///
/// A sentence with its code when the text is no UserSig at all.
pub fn inspect(
    text: &str,
    user: Option<&str>,
    app: Option<&AppAndKey>,
    asked_app: Option<u64>,
    now_ms: i64,
    zone: &TimeZone,
) -> Result<Report, Failure> {
    let sig = UserSig::parse(text.trim())?;
    let claims = sig.claims();
    let mut out = String::new();
    let mut line = |name: &str, value: &str| {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{name:<10} {value}");
    };
    line("user", &crate::chat::text::clean_line(&claims.user_id));
    line("app id", &claims.app_id.to_string());
    line("made", &moment(claims.issued_s.saturating_mul(1_000), zone));
    line("expires", &format!("{}, {}", moment(claims.expires_ms(), zone), expiry(claims, now_ms)));
    if let Some(data) = &claims.user_buf {
        line("user data", &format!("{} bytes", data.len()));
    }
    let app_id = asked_app.or(app.map(|app| app.app_id)).unwrap_or(claims.app_id);
    let user = user.unwrap_or(&claims.user_id);
    // Judged one by one rather than at the first fault, so that everything wrong is told at once.
    let mut faults = Vec::new();
    if app_id != claims.app_id {
        faults.push((
            ErrorCode::UserSigOtherApp,
            format!("it was made for app {}, not {app_id}", claims.app_id),
        ));
    }
    if user != claims.user_id {
        faults.push((ErrorCode::UserSigOtherUser, format!("it was made for another user than {user}")));
    }
    let fits = app.map(|app| {
        let judged = sig.verify(app.key.expose().as_bytes(), claims.app_id, &claims.user_id, i64::MIN);
        !judged.is_err_and(|error| error.is(ErrorCode::UserSigOtherKey))
    });
    if fits == Some(false) {
        faults.push((ErrorCode::UserSigOtherKey, "it was made with another key".to_owned()));
    }
    if claims.expires_ms() <= now_ms {
        faults.push((ErrorCode::UserSigExpired, "it has expired".to_owned()));
    }
    line(
        "key",
        match fits {
            Some(true) => "fits",
            Some(false) => "does not fit",
            None => "not checked: give --app-id and --key-file, or --data",
        },
    );
    let verdict = match (faults.is_empty(), fits) {
        (true, Some(_)) => "good".to_owned(),
        (true, None) => "not known".to_owned(),
        (false, _) => {
            let told: Vec<String> = faults.iter().map(|(code, why)| format!("{why} [{code}]")).collect();
            format!("not good: {}", told.join("; "))
        }
    };
    line("verdict", &verdict);
    Ok(Report { text: out, good: faults.is_empty() && fits.is_some() })
}

fn moment(ms: i64, zone: &TimeZone) -> String {
    match jiff::Timestamp::from_millisecond(ms) {
        Ok(time) => time.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S %Z").to_string(),
        Err(_) => "beyond any calendar".to_owned(),
    }
}

fn expiry(claims: &UserSigClaims, now_ms: i64) -> String {
    let left = claims.expires_ms().saturating_sub(now_ms).div_euclid(1_000);
    let amount = roughly(left.unsigned_abs());
    if claims.expires_ms() > now_ms { format!("in {amount}") } else { format!("{amount} ago") }
}

/// The key to judge by: what the flags name, else the development file, else none.
///
/// # Errors
///
/// A sentence when what the flags name cannot be read.
pub fn key_for_inspection(args: &KeyArgs) -> Result<Option<AppAndKey>, Failure> {
    if args.key_file.is_some() {
        // The app id is in the signature; naming it is a check, not a need.
        let path = args.key_file.as_deref().unwrap_or(std::path::Path::new(""));
        return Ok(Some(AppAndKey { app_id: args.app_id.unwrap_or(0), key: crate::key::read_key(path)? }));
    }
    let file = crate::development::Development::read(&args.data)?;
    Ok(file.map(|file| AppAndKey { app_id: args.app_id.unwrap_or(file.app_id), key: file.key }))
}

#[cfg(test)]
mod tests {
    use whinchat_server::AppKey;

    use super::*;

    const NOW: i64 = 1_795_255_200_000;

    fn app(id: u64, key: &str) -> AppAndKey {
        AppAndKey { app_id: id, key: AppKey::new(key) }
    }

    fn report(sig: &str, user: Option<&str>, app: Option<&AppAndKey>, later_ms: i64) -> Report {
        inspect(sig, user, app, None, NOW + later_ms, &TimeZone::UTC).unwrap()
    }

    #[test]
    fn what_was_made_is_found_good() {
        let app = app(7, "k");
        let sig = make("alice", &app, "180d".parse().unwrap(), NOW).unwrap();
        let report = report(&sig, Some("alice"), Some(&app), 1_000);
        assert!(report.good, "{}", report.text);
        for part in ["alice", "2026-11-21 10:00:00 UTC", "2027-05-20", "in 179 days", "fits", "good"] {
            assert!(report.text.contains(part), "{part}: {}", report.text);
        }
    }

    #[test]
    fn each_fault_is_told_with_its_code() {
        let right = app(7, "k");
        let sig = make("alice", &right, "1h".parse().unwrap(), NOW).unwrap();
        let day = 86_400_000;
        for (app, user, later, code) in [
            (app(7, "other"), None, 0, "70009"),
            (app(8, "k"), None, 0, "70014"),
            (app(7, "k"), Some("bob"), 0, "70013"),
            (app(7, "k"), None, day, "70001"),
        ] {
            let report = report(&sig, user, Some(&app), later);
            assert!(!report.good && report.text.contains(code), "{code}: {}", report.text);
        }
        let all = report(&sig, Some("bob"), Some(&app(8, "other")), 3 * day).text;
        for code in ["70009", "70014", "70013", "70001", "2 days ago"] {
            assert!(all.contains(code), "{code}: {all}");
        }
        assert!(!report(&sig, None, None, 0).good, "without a key nothing is known");
        let broken = inspect("nonsense!", None, None, None, NOW, &TimeZone::UTC).unwrap_err();
        assert!(broken.to_string().contains("70003"));
        assert!(make("小明", &right, "1h".parse().unwrap(), NOW).is_err());
    }
}
