//! A server in this process, and devices of it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tempfile::TempDir;
use whinchat_core::Platform;
use whinchat_server::bus::Bus;
use whinchat_server::{RunningServer, Server, ServerConfig, TlsConfig};

use crate::device::Device;
use crate::server::{DATABASE, config};

/// One scenario's server and folders; everything is gone when it is dropped.
pub struct Stage {
    folder: TempDir,
    config: ServerConfig,
    server: Option<RunningServer>,
    addr: SocketAddr,
    certificate: String,
    devices: AtomicU32,
}

impl Stage {
    /// Starts a server on an empty folder.
    ///
    /// # Panics
    ///
    /// When it does not start.
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let config = config(&folder.path().join("server"));
        Self::start(folder, config, String::new()).await
    }

    /// Starts a server with another configuration, on a bus of one's own if there is one.
    ///
    /// # Panics
    ///
    /// When it does not start.
    pub async fn with(change: impl FnOnce(&mut ServerConfig), bus: Option<Arc<dyn Bus>>) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut config = config(&folder.path().join("server"));
        change(&mut config);
        let Some(bus) = bus else { return Self::start(folder, config, String::new()).await };
        let server = Server::start_on(config.clone(), bus).await.expect("the server starts");
        Self::of(folder, config, server, String::new())
    }

    /// Starts a server on a folder of one's own.
    ///
    /// # Panics
    ///
    /// When it does not start.
    pub async fn in_folder(data: &Path) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        Self::start(folder, config(data), String::new()).await
    }

    /// Starts a server for `wss://localhost` with a certificate of its own.
    ///
    /// # Panics
    ///
    /// When it does not start.
    pub async fn with_tls() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
        let tls =
            TlsConfig { certificate: folder.path().join("cert.pem"), key: folder.path().join("key.pem") };
        let certificate = made.cert.pem();
        std::fs::write(&tls.certificate, &certificate).expect("a file");
        std::fs::write(&tls.key, made.signing_key.serialize_pem()).expect("a file");
        let config = ServerConfig { tls: Some(tls), ..config(&folder.path().join("server")) };
        Self::start(folder, config, certificate).await
    }

    async fn start(folder: TempDir, config: ServerConfig, certificate: String) -> Self {
        let server = Server::start(config.clone()).await.expect("the server starts");
        Self::of(folder, config, server, certificate)
    }

    fn of(folder: TempDir, config: ServerConfig, server: RunningServer, certificate: String) -> Self {
        let addr = server.local_addr();
        Self { folder, config, server: Some(server), addr, certificate, devices: AtomicU32::new(0) }
    }

    /// Where the server listens, or did when it last ran.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// A folder for whatever the scenario needs.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The certificate of a server with TLS, PEM.
    #[must_use]
    pub fn certificate(&self) -> &str {
        &self.certificate
    }

    /// The server's database.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.config.data.join(DATABASE)
    }

    /// A new desktop of `user`, logged in.
    pub async fn device(&self, user: &str) -> Device {
        self.device_on(user, Platform::Desktop).await
    }

    /// A new device of `user`, logged in.
    pub async fn device_on(&self, user: &str, platform: Platform) -> Device {
        let device = self.device_not_logged_in(user, platform).await;
        device.log_in().await;
        device
    }

    /// A new device that has not logged in.
    pub async fn device_not_logged_in(&self, user: &str, platform: Platform) -> Device {
        let number = self.devices.fetch_add(1, Ordering::SeqCst);
        let folder = self.folder.path().join(format!("device-{number}"));
        Device::open(user, platform, &folder, self.addr).await
    }

    /// Stops the server as SIGTERM does.
    pub async fn stop_server(&mut self) {
        if let Some(server) = self.server.take() {
            server.stop().await;
        }
    }

    /// Starts it again on the same data, at another port, and leads these devices there.
    ///
    /// # Panics
    ///
    /// When it does not start.
    pub async fn start_server(&mut self, devices: &[&Device]) {
        let server = Server::start(self.config.clone()).await.expect("the server starts again");
        self.addr = server.local_addr();
        self.server = Some(server);
        for device in devices {
            device.proxy.set_upstream(self.addr);
        }
    }

    /// Copies the database of a stopped server, as a backup does.
    ///
    /// # Panics
    ///
    /// When it cannot be copied.
    #[must_use]
    pub fn copy_database(&self) -> PathBuf {
        assert!(self.server.is_none(), "the server has to be stopped");
        let copy = self.folder.path().join("copy.db");
        std::fs::copy(self.database(), &copy).expect("the database can be copied");
        copy
    }

    /// Puts a copy back in place of the database of a stopped server.
    ///
    /// # Panics
    ///
    /// When it cannot be copied.
    pub fn restore_database(&self, copy: &Path) {
        assert!(self.server.is_none(), "the server has to be stopped");
        for suffix in ["-wal", "-shm"] {
            let mut left = self.database().into_os_string();
            left.push(suffix);
            // A server that was stopped leaves none behind.
            let _ = std::fs::remove_file(left);
        }
        std::fs::copy(copy, self.database()).expect("the copy can be put back");
    }

    /// Alice, and Bob, who has lost the network and misses her `count` messages `2`, `3` and so on; he holds `1`.
    ///
    /// # Panics
    ///
    /// When it does not come to that.
    pub async fn missed(&self, count: u64) -> (Device, Device) {
        let alice = self.device("alice").await;
        let bob = self.device("bob").await;
        alice.say("c2c_bob", "1").await;
        bob.shows("c2c_alice", &["1"]).await;
        bob.proxy.offline();
        bob.offline().await;
        let mut handles = Vec::new();
        for n in 2..=count + 1 {
            handles.push(alice.send("c2c_bob", &n.to_string()).await);
        }
        for handle in handles {
            handle.settled().await.expect("it is stored");
        }
        (alice, bob)
    }
}
