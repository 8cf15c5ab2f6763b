//! What the operator can set. Every field has a default, so an empty file is a valid one.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use whinchat_proto::limits;

use crate::error::ServerError;
use crate::storage::sqlite::MAIN_NODE;

/// A key that signs UserSigs. Never shown by `Debug`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AppKey(String);

impl AppKey {
    /// Takes a key.
    pub fn new(key: impl Into<String>) -> Self {
        Self(key.into())
    }

    /// The key itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AppKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AppKey(..)")
    }
}

/// Certificate and key for `wss://`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsConfig {
    /// The certificate chain, PEM.
    pub certificate: PathBuf,
    /// The private key, PEM.
    pub key: PathBuf,
}

/// One key or a list of them. Anything else is refused without being shown: it may be a key all the same.
fn one_or_many<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<AppKey>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Keys {
        One(AppKey),
        Many(Vec<AppKey>),
    }
    match Keys::deserialize(deserializer) {
        Ok(Keys::One(key)) => Ok(vec![key]),
        Ok(Keys::Many(keys)) => Ok(keys),
        Err(_) => Err(serde::de::Error::custom("keys has to be a list of texts")),
    }
}

/// The server's configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServerConfig {
    /// Where to listen. Port 0 takes a free one. Default 127.0.0.1:7200.
    pub listen: SocketAddr,
    /// Folder of the database. Created when missing. Default `./whinchat-data`.
    pub data: PathBuf,
    /// Name of this node among those that share the folder: 1 to 32 lower-case letters, digits, `-` and `_`. Default `main`.
    pub node: String,
    /// How often a node looks in storage for what was lost on the way from another one, in milliseconds. Default 2000.
    pub sweep_ms: u64,
    /// The one app that is served. Default 1400000001.
    pub app_id: u64,
    /// Keys whose UserSigs are good; several while one replaces another. At least one.
    #[serde(deserialize_with = "one_or_many")]
    pub keys: Vec<AppKey>,
    /// Serve `wss://` with this certificate; plain `ws://` without.
    pub tls: Option<TlsConfig>,
    /// How often a client has to send something, in milliseconds. Default 30000.
    pub heartbeat_ms: u32,
    /// How long a client may be silent if it announces that, in milliseconds: a phone in the background. Default 600000.
    pub longest_heartbeat_ms: u32,
    /// A connection that is silent for this many heartbeats is cut. Default 2.5.
    pub idle_heartbeats: Factor,
    /// A connection that has not said a good Hello by then is cut, in milliseconds. Default 10000.
    pub hello_timeout_ms: u64,
    /// Largest frame that is accepted, in bytes. At most, and by default, 131072.
    pub frame_bytes: usize,
    /// Largest content of a message, in bytes. At most, and by default, 32768.
    pub content_bytes: usize,
    /// Requests a second that one connection may sustain. Default 1000.
    pub requests_per_second: u32,
    /// Requests that it may send at once after a pause. Default 2000.
    pub request_burst: u32,
    /// Requests of one connection that may wait for an answer. At most, and by default, 256.
    pub requests_in_flight: usize,
    /// Frames that may wait for a slow reader before he is cut off. Default 4096.
    pub outgoing_frames: usize,
    /// Bytes that may wait for a slow reader before he is cut off. Default 1048576.
    pub outgoing_bytes: usize,
    /// How long stopping waits for what is in flight, in milliseconds. Default 5000.
    pub drain_timeout_ms: u64,
    /// Operations that share one transaction at most. Default 256.
    pub commit_batch: usize,
    /// Database connections that read. Default 2.
    pub readers: usize,
    /// Connections that are accepted at once. Default 100000.
    pub connections: usize,
    /// A group with this many members is large from then on: its messages are told to those who are connected and found by
    /// the others when they come back, instead of being written into each member's log. Default 200.
    pub large_group: u32,
    /// The data folder is a copy that was put back: every log gets a new epoch. Default false.
    pub restored: bool,
    /// Whoever logs in with an empty UserSig is taken at his word, as if it had been signed now for 180 days. For development
    /// only: it makes everybody anybody. Default false.
    pub automatic_signatures: bool,
}

/// A number of heartbeats, in tenths so that configurations compare exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Factor(u32);

impl Factor {
    /// From a number such as 2.5.
    #[must_use]
    pub fn new(factor: f64) -> Self {
        // Out of range is caught by validation: the cast saturates.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let tenths = (factor * 10.0).round() as u32;
        Self(tenths)
    }

    /// That many of `unit`.
    #[must_use]
    pub fn of(self, unit: std::time::Duration) -> std::time::Duration {
        unit.saturating_mul(self.0) / 10
    }
}

impl Serialize for Factor {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(f64::from(self.0) / 10.0)
    }
}

impl<'de> Deserialize<'de> for Factor {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        f64::deserialize(deserializer).map(Self::new)
    }
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 7200)),
            data: PathBuf::from("./whinchat-data"),
            node: MAIN_NODE.to_owned(),
            sweep_ms: 2_000,
            app_id: 1_400_000_001,
            keys: Vec::new(),
            tls: None,
            heartbeat_ms: 30_000,
            longest_heartbeat_ms: 600_000,
            idle_heartbeats: Factor::new(2.5),
            hello_timeout_ms: 10_000,
            frame_bytes: limits::FRAME_BYTES,
            content_bytes: limits::CONTENT_BYTES,
            requests_per_second: 1_000,
            request_burst: 2_000,
            requests_in_flight: limits::REQUESTS_IN_FLIGHT,
            outgoing_frames: 4_096,
            outgoing_bytes: 1_024 * limits::KB,
            drain_timeout_ms: 5_000,
            commit_batch: 256,
            readers: 2,
            connections: 100_000,
            large_group: 200,
            restored: false,
            automatic_signatures: false,
        }
    }
}

impl ServerConfig {
    /// Reads a TOML text.
    ///
    /// # Errors
    ///
    /// Names the field that is wrong.
    pub fn from_toml(text: &str) -> Result<Self, ServerError> {
        toml::from_str(text).map_err(|error| {
            // Without the line itself, which the error's own text would show: it may hold a key.
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            ServerError::config(&format!("line {line}"), error.message())
        })
    }

    /// How long a client may be silent that announced to be so for `next_ms`; 0 for none.
    pub(crate) fn silence(&self, next_ms: u32) -> Duration {
        let heartbeat = Duration::from_millis(self.heartbeat_ms.into());
        let usual = self.idle_heartbeats.of(heartbeat);
        let announced = Duration::from_millis(next_ms.min(self.longest_heartbeat_ms).into());
        // The margin for lateness is the same.
        usual.max(announced + usual.saturating_sub(heartbeat))
    }

    /// Checks every field.
    ///
    /// # Errors
    ///
    /// Names the first field that is wrong.
    pub fn validate(&self) -> Result<(), ServerError> {
        let range = |field: &str, value: u64, low: u64, high: u64| {
            if (low..=high).contains(&value) {
                Ok(())
            } else {
                Err(ServerError::config(field, format!("is {value}; it has to be {low} to {high}")))
            }
        };
        if self.app_id == 0 {
            return Err(ServerError::config("app_id", "has to be the number of your app, not 0"));
        }
        if self.keys.is_empty() || self.keys.iter().any(|key| key.expose().is_empty()) {
            return Err(ServerError::config("keys", "has to hold at least one key, and none may be empty"));
        }
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
        if !(1..=32).contains(&self.node.len()) || !self.node.chars().all(fits) {
            let problem = "has to be a name of 1 to 32 lower-case letters, digits, - and _";
            return Err(ServerError::config("node", problem));
        }
        range("sweep_ms", self.sweep_ms, 10, 600_000)?;
        let size = |value: usize| u64::try_from(value).unwrap_or(u64::MAX);
        range("heartbeat_ms", self.heartbeat_ms.into(), 100, 3_600_000)?;
        range("longest_heartbeat_ms", self.longest_heartbeat_ms.into(), 0, 3_600_000)?;
        range("idle_heartbeats (in tenths)", self.idle_heartbeats.0.into(), 11, 1_000)?;
        range("hello_timeout_ms", self.hello_timeout_ms, 50, 600_000)?;
        range("content_bytes", size(self.content_bytes), 1, size(limits::CONTENT_BYTES))?;
        range("frame_bytes", size(self.frame_bytes), 1_024, size(limits::FRAME_BYTES))?;
        range("requests_per_second", self.requests_per_second.into(), 1, 10_000_000)?;
        range("request_burst", self.request_burst.into(), 1, 10_000_000)?;
        range("requests_in_flight", size(self.requests_in_flight), 1, size(limits::REQUESTS_IN_FLIGHT))?;
        range("outgoing_frames", size(self.outgoing_frames), 16, 1_000_000)?;
        range("outgoing_bytes", size(self.outgoing_bytes), 256 * 1_024, 1 << 30)?;
        range("drain_timeout_ms", self.drain_timeout_ms, 1, 600_000)?;
        range("commit_batch", size(self.commit_batch), 1, 100_000)?;
        range("readers", size(self.readers), 1, 64)?;
        range("connections", size(self.connections), 1, 10_000_000)?;
        range("large_group", self.large_group.into(), 2, 1_000_000)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_file_is_the_default_and_the_default_comes_back_from_its_own_text() {
        assert_eq!(ServerConfig::from_toml("").unwrap(), ServerConfig::default());
        let config = ServerConfig { keys: vec![AppKey::new("secret")], ..ServerConfig::default() };
        let text = toml::to_string(&config).unwrap();
        assert_eq!(ServerConfig::from_toml(&text).unwrap(), config);
        config.validate().unwrap();
        assert!(!format!("{config:?}").contains("secret"));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let error = ServerConfig::default().validate().unwrap_err().to_string();
        assert!(error.contains("keys"), "{error}");
        let config = ServerConfig {
            keys: vec![AppKey::new("k")],
            content_bytes: limits::CONTENT_BYTES + 1,
            ..ServerConfig::default()
        };
        assert!(config.validate().unwrap_err().to_string().contains("content_bytes"));
        let error = ServerConfig::from_toml("app_id = 7\nlisen = \"x\"").unwrap_err().to_string();
        assert!(error.contains("lisen") && error.contains("line 2"), "{error}");
        let error = ServerConfig::from_toml("keys = [\"a secret\", 7]").unwrap_err().to_string();
        assert!(!error.contains("a secret") && error.contains("keys"), "{error}");
        assert_eq!(ServerConfig::from_toml("keys = \"one\"").unwrap().keys, [AppKey::new("one")]);
    }

    #[test]
    fn a_client_that_announces_it_may_be_silent_for_longer_but_not_for_as_long_as_it_likes() {
        let seconds = |next_ms| ServerConfig::default().silence(next_ms).as_secs();
        assert_eq!([seconds(0), seconds(10_000), seconds(210_000)], [75, 75, 255]);
        assert_eq!(seconds(u32::MAX), 645);
        let none = ServerConfig { longest_heartbeat_ms: 0, ..ServerConfig::default() };
        assert_eq!(none.silence(210_000).as_secs(), 75);
    }
}
