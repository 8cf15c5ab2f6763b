//! Two nodes over one store, in this process or in two of their own, and devices of both.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tempfile::TempDir;
use whinchat_core::Platform;
use whinchat_server::bus::{Bus, LocalBus};
use whinchat_server::storage::sqlite::{SqliteOptions, SqliteStorage};
use whinchat_server::{RunningServer, Server, ServerConfig};

use crate::chaos::process::ServerProcess;
use crate::device::Device;
use crate::lossy_bus::LossyBus;
use crate::server::{DATABASE, config};

/// What the nodes are called.
pub const NAMES: [&str; 2] = ["main", "b"];
/// So long that neither a ping nor a sweep helps while a test waits.
const NEVER_MS: u32 = 600_000;
/// A sweep for the impatient.
const SWEEP_MS: u64 = 50;

/// How the nodes live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// In one process, over one open storage and one bus that loses nothing.
    Together,
    /// In one process, over one open storage and a bus that loses everything.
    TogetherAndDeaf,
    /// Each with the folder opened for itself, and sockets between them.
    Apart,
    /// The same in processes of their own.
    Processes,
    /// The same, and the bus loses everything.
    ProcessesAndDeaf,
}

enum Node {
    Here(RunningServer),
    Process(Box<ServerProcess>),
}

/// Two nodes; everything is gone when this is dropped.
pub struct Nodes {
    folder: TempDir,
    life: Life,
    program: Option<PathBuf>,
    nodes: [Option<Node>; 2],
    addrs: [SocketAddr; 2],
    devices: AtomicU32,
    large_group: u32,
}

/// Nothing but the way under test may bring things across: the bus of a bus, or the sweep of the deaf.
fn node_config(data: &Path, life: Life, node: usize, large_group: u32) -> ServerConfig {
    let is_deaf = matches!(life, Life::TogetherAndDeaf | Life::ProcessesAndDeaf);
    ServerConfig {
        node: NAMES[node].to_owned(),
        heartbeat_ms: NEVER_MS,
        sweep_ms: if is_deaf { SWEEP_MS } else { NEVER_MS.into() },
        large_group,
        ..config(data)
    }
}

impl Nodes {
    /// Starts both. Processes need to know where their program is.
    ///
    /// # Panics
    ///
    /// When one does not start.
    pub async fn start(life: Life, program: Option<PathBuf>) -> Self {
        Self::start_with(life, program, 200).await
    }

    /// The same, with groups that are large from so many members on.
    ///
    /// # Panics
    ///
    /// When one does not start.
    pub async fn start_with(life: Life, program: Option<PathBuf>, large_group: u32) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let data = folder.path().join("server");
        std::fs::create_dir(&data).expect("a folder");
        let nowhere = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut nodes = Self {
            folder,
            life,
            program,
            nodes: [None, None],
            addrs: [nowhere, nowhere],
            devices: AtomicU32::new(0),
            large_group,
        };
        match life {
            Life::Together | Life::TogetherAndDeaf => {
                let options = SqliteOptions { large_group, ..SqliteOptions::new(data.join(DATABASE)) };
                let storage = Arc::new(SqliteStorage::open(&options).expect("the storage opens"));
                let mut bus: Arc<dyn Bus> = Arc::new(LocalBus::default());
                if life == Life::TogetherAndDeaf {
                    bus = Arc::new(LossyBus::new(bus, 100, 0));
                }
                for node in 0..2 {
                    let config = node_config(&data, life, node, large_group);
                    let server = Server::start_over(config, storage.clone(), Arc::clone(&bus)).await;
                    let server = server.expect("the node starts");
                    nodes.addrs[node] = server.local_addr();
                    nodes.nodes[node] = Some(Node::Here(server));
                }
            }
            _ => {
                for node in 0..2 {
                    nodes.start_node(node).await;
                }
            }
        }
        nodes
    }

    /// Starts a node again that was killed; not for those who live together.
    ///
    /// # Panics
    ///
    /// When it does not start.
    pub async fn start_node(&mut self, node: usize) {
        let data = self.data();
        let (addr, started) = if self.life == Life::Apart {
            let server = Server::start(node_config(&data, self.life, node, self.large_group))
                .await
                .expect("the node starts");
            (server.local_addr(), Node::Here(server))
        } else {
            let config = node_config(&data, self.life, node, self.large_group);
            let mut args = vec![
                format!("--data={}", data.display()),
                format!("--node={}", config.node),
                format!("--sweep-ms={}", config.sweep_ms),
                format!("--heartbeat-ms={}", config.heartbeat_ms),
                format!("--large-group={}", config.large_group),
            ];
            if self.life == Life::ProcessesAndDeaf {
                args.push("--lose=100".to_owned());
            }
            let program = self.program.as_ref().expect("processes have a program");
            let log = self.folder.path().join(format!("{}.log", NAMES[node]));
            let server = ServerProcess::start(NAMES[node], program, &args, &[], &log).await;
            let server = server.unwrap_or_else(|broken| panic!("{broken:?}"));
            (server.addr, Node::Process(Box::new(server)))
        };
        self.addrs[node] = addr;
        self.nodes[node] = Some(started);
    }

    /// SIGKILL.
    ///
    /// # Panics
    ///
    /// When it is no process of its own, or had ended already.
    pub async fn kill(&mut self, node: usize) {
        match self.nodes[node].take() {
            Some(Node::Process(server)) => {
                server.kill().await.unwrap_or_else(|broken| panic!("{broken:?}"));
            }
            _ => panic!("it cannot be killed"),
        }
    }

    /// Stops both in good order.
    ///
    /// # Panics
    ///
    /// When one does not stop.
    pub async fn stop(&mut self) {
        for node in &mut self.nodes {
            match node.take() {
                Some(Node::Here(server)) => server.stop().await,
                Some(Node::Process(server)) => {
                    server.stop().await.unwrap_or_else(|broken| panic!("{broken:?}"));
                }
                None => {}
            }
        }
    }

    /// Where a node listens.
    #[must_use]
    pub fn addr(&self, node: usize) -> SocketAddr {
        self.addrs[node]
    }

    /// The data folder.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("server")
    }

    /// A folder for whatever the scenario needs.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The database.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.data().join(DATABASE)
    }

    /// A server that runs in this process.
    ///
    /// # Panics
    ///
    /// When it is a process of its own.
    #[must_use]
    pub fn server(&self, node: usize) -> &RunningServer {
        match &self.nodes[node] {
            Some(Node::Here(server)) => server,
            _ => panic!("it does not run in this process"),
        }
    }

    /// A new device at a node, logged in.
    pub async fn device(&self, node: usize, user: &str, platform: Platform) -> Device {
        let device = self.device_not_logged_in(node, user, platform).await;
        device.log_in().await;
        device
    }

    /// A new device that has not logged in.
    pub async fn device_not_logged_in(&self, node: usize, user: &str, platform: Platform) -> Device {
        let number = self.devices.fetch_add(1, Ordering::SeqCst);
        let folder = self.folder.path().join(format!("device-{number}"));
        Device::open(user, platform, &folder, self.addrs[node]).await
    }
}
