//! UserSig: the login signature of the public "TLS v2" form.
//!
//! An app's backend signs user ids with the key it shares with the server. The text is JSON with the fields
//! `TLS.ver`, `TLS.identifier`, `TLS.sdkappid`, `TLS.time`, `TLS.expire`, optionally `TLS.userbuf`, and `TLS.sig` (base64 of
//! HMAC-SHA256 over those fields), compressed with zlib, in base64 with `*`, `-`, `_` in place of `+`, `/`, `=`.

use std::io::{Read, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::error::{ErrorCode, ProtoError};
use crate::limits::USER_SIG_BYTES;

/// Largest JSON that a UserSig may unpack to: a small text must not blow up into a large one.
const UNPACKED_BYTES: u64 = 8 * 1_024;

/// What a UserSig says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserSigClaims {
    /// Whom it is for.
    pub user_id: String,
    /// The app it is for.
    pub app_id: u64,
    /// When it was made, in seconds since the epoch.
    pub issued_s: i64,
    /// How long it is good from then on, in seconds.
    pub lifetime_s: i64,
    /// Data of the app's own that is signed with it.
    pub user_buf: Option<Vec<u8>>,
}

impl UserSigClaims {
    /// When it expires, in milliseconds since the epoch.
    #[must_use]
    pub fn expires_ms(&self) -> i64 {
        self.issued_s.saturating_add(self.lifetime_s).saturating_mul(1_000)
    }

    /// The text that is signed.
    fn signed_text(&self) -> String {
        let mut text = format!(
            "TLS.identifier:{}\nTLS.sdkappid:{}\nTLS.time:{}\nTLS.expire:{}\n",
            self.user_id, self.app_id, self.issued_s, self.lifetime_s
        );
        if let Some(buf) = &self.user_buf {
            text.push_str("TLS.userbuf:");
            text.push_str(&BASE64.encode(buf));
            text.push('\n');
        }
        text
    }
}

#[derive(Serialize, Deserialize)]
struct Document {
    #[serde(rename = "TLS.ver")]
    version: String,
    #[serde(rename = "TLS.identifier")]
    identifier: String,
    #[serde(rename = "TLS.sdkappid")]
    app_id: u64,
    #[serde(rename = "TLS.expire")]
    expire: i64,
    #[serde(rename = "TLS.time")]
    time: i64,
    #[serde(rename = "TLS.userbuf", default, skip_serializing_if = "Option::is_none")]
    user_buf: Option<String>,
    #[serde(rename = "TLS.sig")]
    signature: String,
}

fn mac(claims: &UserSigClaims, key: &[u8]) -> Result<Hmac<Sha256>, ProtoError> {
    // HMAC takes keys of any length; the error exists for the trait's sake.
    let mut mac =
        Hmac::<Sha256>::new_from_slice(key).map_err(|_| ProtoError::from(ErrorCode::UserSigMalformed))?;
    mac.update(claims.signed_text().as_bytes());
    Ok(mac)
}

/// Signs `claims` with `key`.
///
/// # Errors
///
/// 70003 when it could not be packed, which no input is known to cause.
pub fn sign(claims: &UserSigClaims, key: &[u8]) -> Result<String, ProtoError> {
    let signature = BASE64.encode(mac(claims, key)?.finalize().into_bytes());
    let document = Document {
        version: "2.0".to_owned(),
        identifier: claims.user_id.clone(),
        app_id: claims.app_id,
        expire: claims.lifetime_s,
        time: claims.issued_s,
        user_buf: claims.user_buf.as_ref().map(|buf| BASE64.encode(buf)),
        signature,
    };
    let pack = || -> std::io::Result<Vec<u8>> {
        let json = serde_json::to_vec(&document)?;
        let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        packed.write_all(&json)?;
        packed.finish()
    };
    let packed = pack().map_err(|_| ProtoError::from(ErrorCode::UserSigMalformed))?;
    Ok(BASE64.encode(packed).replace('+', "*").replace('/', "-").replace('=', "_"))
}

/// A UserSig that was read but not verified.
#[derive(Clone, Debug)]
pub struct UserSig {
    claims: UserSigClaims,
    signature: Vec<u8>,
}

impl UserSig {
    /// Reads the text form without judging the signature.
    ///
    /// # Errors
    ///
    /// 70002 when it is empty, 70003 when it is malformed or cut short.
    pub fn parse(text: &str) -> Result<Self, ProtoError> {
        let malformed = || ProtoError::from(ErrorCode::UserSigMalformed);
        if text.is_empty() {
            return Err(ErrorCode::UserSigEmpty.into());
        }
        if text.len() > USER_SIG_BYTES {
            return Err(malformed());
        }
        let text = text.replace('*', "+").replace('-', "/").replace('_', "=");
        let packed = BASE64.decode(text).map_err(|_| malformed())?;
        let mut json = Vec::new();
        flate2::read::ZlibDecoder::new(packed.as_slice())
            .take(UNPACKED_BYTES)
            .read_to_end(&mut json)
            .map_err(|_| malformed())?;
        let document: Document = serde_json::from_slice(&json).map_err(|_| malformed())?;
        let user_buf =
            document.user_buf.map(|buf| BASE64.decode(buf)).transpose().map_err(|_| malformed())?;
        let signature = BASE64.decode(&document.signature).map_err(|_| malformed())?;
        let claims = UserSigClaims {
            user_id: document.identifier,
            app_id: document.app_id,
            issued_s: document.time,
            lifetime_s: document.expire,
            user_buf,
        };
        Ok(Self { claims, signature })
    }

    /// What it says, unverified.
    #[must_use]
    pub fn claims(&self) -> &UserSigClaims {
        &self.claims
    }

    /// Judges it: made with `key`, for `app_id` and `user_id`, and not expired at `now_ms` (milliseconds since the epoch).
    ///
    /// # Errors
    ///
    /// 70014 another app, 70013 another user, 70009 another key, 70001 expired.
    pub fn verify(
        &self,
        key: &[u8],
        app_id: u64,
        user_id: &str,
        now_ms: i64,
    ) -> Result<&UserSigClaims, ProtoError> {
        if self.claims.app_id != app_id {
            return Err(ErrorCode::UserSigOtherApp.into());
        }
        if self.claims.user_id != user_id {
            return Err(ErrorCode::UserSigOtherUser.into());
        }
        // Compared in constant time by the crate.
        mac(&self.claims, key)?
            .verify_slice(&self.signature)
            .map_err(|_| ProtoError::from(ErrorCode::UserSigOtherKey))?;
        if self.claims.expires_ms() <= now_ms {
            return Err(ErrorCode::UserSigExpired.into());
        }
        Ok(&self.claims)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims() -> UserSigClaims {
        UserSigClaims {
            user_id: "alice".into(),
            app_id: 1_400_000_000,
            issued_s: 1_000,
            lifetime_s: 60,
            user_buf: None,
        }
    }

    fn verify(text: &str, key: &[u8], app: u64, user: &str, now_ms: i64) -> Result<(), i32> {
        UserSig::parse(text)
            .and_then(|sig| sig.verify(key, app, user, now_ms).cloned())
            .map(drop)
            .map_err(|e| e.code)
    }

    #[test]
    fn each_way_to_be_wrong_has_its_code() {
        let text = sign(&claims(), b"key").unwrap();
        let app = 1_400_000_000;
        assert_eq!(verify(&text, b"key", app, "alice", 1_059_999), Ok(()));
        assert_eq!(verify(&text, b"key", app, "alice", 1_060_000), Err(70001));
        assert_eq!(verify("", b"key", app, "alice", 0), Err(70002));
        assert_eq!(verify(&text[..text.len() / 2], b"key", app, "alice", 0), Err(70003));
        assert_eq!(verify("not base64 !", b"key", app, "alice", 0), Err(70003));
        assert_eq!(verify(&text, b"other", app, "alice", 0), Err(70009));
        assert_eq!(verify(&text, b"key", app, "bob", 0), Err(70013));
        assert_eq!(verify(&text, b"key", 1, "alice", 0), Err(70014));
    }

    #[test]
    fn signed_user_data_is_part_of_the_signature() {
        let with = UserSigClaims { user_buf: Some(b"room 7".to_vec()), ..claims() };
        let text = sign(&with, b"key").unwrap();
        let sig = UserSig::parse(&text).unwrap();
        assert_eq!(sig.claims(), &with);
        let stripped = UserSig { claims: claims(), signature: sig.signature.clone() };
        assert!(sig.verify(b"key", 1_400_000_000, "alice", 0).is_ok());
        assert!(stripped.verify(b"key", 1_400_000_000, "alice", 0).is_err());
    }

    #[test]
    fn a_small_text_cannot_unpack_into_a_large_one() {
        let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        packed.write_all(&vec![b' '; 2 * 1_024 * 1_024]).unwrap();
        let text =
            BASE64.encode(packed.finish().unwrap()).replace('+', "*").replace('/', "-").replace('=', "_");
        assert_eq!(UserSig::parse(&text).map(drop).map_err(|e| e.code), Err(70003));
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_parsing_panic(text in ".{0,300}") {
            let _ = UserSig::parse(&text);
        }
    }
}
