//! Settings of a client.

use std::time::Duration;

use whinchat_core::{Backoff, Client, ClientBuilder, Platform};

use crate::log::LogLevel;

/// Settings of a client. What is not said has the value that stands beside it.
#[derive(Clone, Debug, uniffi::Record)]
pub struct ClientConfig {
    /// The server's address: `ws://host:port` or `wss://host:port`.
    pub server: String,
    /// The app id that the server serves.
    pub app_id: u64,
    /// The folder for this device's data; made if it is not there. One process at a time uses it.
    pub data_dir: String,
    /// What kind of device this is.
    pub platform: Platform,
    /// A stable id of this installation, 1 to 128 bytes of printable ASCII; a random one is made and kept.
    #[uniffi(default)]
    pub device_id: Option<String>,
    /// Certificates (PEM) of the server's own authority, trusted beside the public ones; none.
    #[uniffi(default)]
    pub ca_pem: Option<Vec<u8>>,
    /// A key to encrypt the local databases with. Not built in yet: making the client fails with 7013.
    #[uniffi(default)]
    pub database_key: Option<Vec<u8>>,
    /// The first span between two attempts to connect, in milliseconds; 1,000. It doubles with each attempt.
    #[uniffi(default)]
    pub backoff_base_ms: Option<u64>,
    /// The longest span between two attempts to connect, in milliseconds; 60,000.
    #[uniffi(default)]
    pub backoff_cap_ms: Option<u64>,
    /// The same in the background, in milliseconds; 600,000.
    #[uniffi(default)]
    pub background_cap_ms: Option<u64>,
    /// How long a connection has to stand for the back-off to begin anew, in milliseconds; 60,000.
    #[uniffi(default)]
    pub stable_after_ms: Option<u64>,
    /// How long the server may leave a request unanswered before the connection is given up, in milliseconds; 15,000.
    #[uniffi(default)]
    pub request_timeout_ms: Option<u64>,
    /// How long connecting may take, in milliseconds; 15,000.
    #[uniffi(default)]
    pub connect_timeout_ms: Option<u64>,
    /// How long `pause` gives the outbox to get out, in milliseconds; 3,000.
    #[uniffi(default)]
    pub drain_time_ms: Option<u64>,
    /// How long before the end of the credential `LoginExpiring` is told, in milliseconds; 300,000.
    #[uniffi(default)]
    pub expiry_lead_ms: Option<u64>,
    /// The least that a line of the log has to matter for the app to be told it; no log. See `Client::log`.
    #[uniffi(default)]
    pub log_level: Option<LogLevel>,
}

impl ClientConfig {
    pub(crate) fn builder(self) -> ClientBuilder {
        let ms = |time: Option<u64>| time.map(Duration::from_millis);
        let usual = Backoff::default();
        let backoff = Backoff {
            base: ms(self.backoff_base_ms).unwrap_or(usual.base),
            cap: ms(self.backoff_cap_ms).unwrap_or(usual.cap),
        };
        let mut builder = Client::builder()
            .server(self.server)
            .app_id(self.app_id)
            .platform(self.platform)
            .backoff(backoff);
        // An empty folder is one that was forgotten, not the current one of the process.
        if !self.data_dir.is_empty() {
            builder = builder.data_dir(self.data_dir);
        }
        let set =
            |builder: ClientBuilder, time, setter: fn(ClientBuilder, Duration) -> ClientBuilder| match ms(
                time,
            ) {
                Some(time) => setter(builder, time),
                None => builder,
            };
        builder = set(builder, self.background_cap_ms, ClientBuilder::background_cap);
        builder = set(builder, self.stable_after_ms, ClientBuilder::stable_after);
        builder = set(builder, self.request_timeout_ms, ClientBuilder::request_timeout);
        builder = set(builder, self.connect_timeout_ms, ClientBuilder::connect_timeout);
        builder = set(builder, self.drain_time_ms, ClientBuilder::drain_time);
        builder = set(builder, self.expiry_lead_ms, ClientBuilder::expiry_lead);
        if let Some(id) = self.device_id {
            builder = builder.device_id(id);
        }
        if let Some(pem) = self.ca_pem {
            builder = builder.ca_pem(pem);
        }
        if let Some(key) = self.database_key {
            builder = builder.database_key(key);
        }
        builder
    }
}
