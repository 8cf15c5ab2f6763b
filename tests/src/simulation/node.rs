//! The nodes of a simulated world, and who is connected to which.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use whinchat_server::ServerConfig;
use whinchat_server::bus::Bus;
use whinchat_server::simulation::Node as Gateway;
use whinchat_server::storage::Storage;
use whinchat_server::storage::sqlite::{SqliteOptions, SqliteStorage};

use super::actor::Actor;
use super::bus::{Air, AirBus};
use super::clock;
use super::pipe::End;
use crate::dice::Dice;
use crate::server::{DATABASE, config};

/// Connections on their way to a node.
pub(super) struct Switchboard {
    /// Of each node: whether it takes any, and what waits for it.
    nodes: Vec<(bool, Vec<End>)>,
}

impl Switchboard {
    pub(super) fn new(nodes: usize) -> Arc<Mutex<Self>> {
        Arc::new(Mutex::new(Self { nodes: (0..nodes).map(|_| (false, Vec::new())).collect() }))
    }

    /// Leads a connection to one of the nodes that run, as a load balancer does. False: none does.
    pub(super) fn connect(&mut self, dice: &mut Dice, end: End) -> bool {
        let running: Vec<usize> = (0..self.nodes.len()).filter(|node| self.nodes[*node].0).collect();
        let Some(node) = dice.pick(&running) else { return false };
        self.nodes[*node].1.push(end);
        true
    }

    fn take(&mut self, node: usize) -> Vec<End> {
        std::mem::take(&mut self.nodes[node].1)
    }

    fn set_running(&mut self, node: usize, running: bool) {
        self.nodes[node].0 = running;
        self.nodes[node].1.clear();
    }
}

/// A node that runs. The runtime falls first: that is the kill.
struct Running {
    actor: Actor,
    /// None once it is stopping.
    gateway: Option<Gateway>,
    bus: Arc<AirBus>,
    storage: Arc<SqliteStorage>,
}

/// All nodes, over one storage.
pub(super) struct Nodes {
    config: ServerConfig,
    pub(super) database: PathBuf,
    /// One for all nodes, as in one process, or one each.
    is_shared: bool,
    storage: Option<Arc<SqliteStorage>>,
    running: Vec<Option<Running>>,
    pub(super) switchboard: Arc<Mutex<Switchboard>>,
    pub(super) air: Arc<Mutex<Air>>,
    pub(super) skew_ms: i64,
}

impl Nodes {
    pub(super) fn new(folder: &Path, count: usize, is_shared: bool, large_group: u32, seed: u64) -> Self {
        let data = folder.join("server");
        std::fs::create_dir_all(&data).expect("a folder");
        let config = ServerConfig { heartbeat_ms: 2_000, large_group, ..config(&data) };
        Self {
            database: data.join(DATABASE),
            config,
            is_shared,
            storage: None,
            running: (0..count).map(|_| None).collect(),
            switchboard: Switchboard::new(count),
            air: Air::new(count, seed),
            skew_ms: 0,
        }
    }

    pub(super) fn count(&self) -> usize {
        self.running.len()
    }

    pub(super) fn is_running(&self, node: usize) -> bool {
        self.running[node].is_some()
    }

    /// Starts a node, if it does not run; the first one opens the storage.
    pub(super) fn start(&mut self, node: usize, now_ms: i64) {
        if self.is_running(node) {
            return;
        }
        let actor = Actor::new(self.skew_ms);
        let bus = Arc::new(AirBus::new(&self.air, node));
        let storage = if self.is_shared { self.storage.take() } else { None };
        let options = SqliteOptions { node: format!("node-{node}"), ..SqliteOptions::new(&self.database) };
        let config = self.config.clone();
        let node_bus = Arc::clone(&bus) as Arc<dyn Bus>;
        let (gateway, storage) = actor.now(now_ms, async move {
            let storage = storage.unwrap_or_else(|| {
                let now_ms = Arc::new(|| clock::wall_ms().unwrap_or_default());
                let opened = SqliteStorage::open_inline(&options, now_ms);
                Arc::new(opened.expect("the storage opens"))
            });
            let shared = Arc::clone(&storage) as Arc<dyn Storage>;
            (Gateway::start(config, shared, node_bus).expect("the node starts"), storage)
        });
        self.storage = self.is_shared.then(|| Arc::clone(&storage));
        self.running[node] = Some(Running { actor, gateway: Some(gateway), bus, storage });
        self.switchboard().set_running(node, true);
    }

    fn switchboard(&self) -> std::sync::MutexGuard<'_, Switchboard> {
        self.switchboard.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Ends a node between two steps; with the last one the storage falls as well.
    pub(super) fn kill(&mut self, node: usize, now_ms: i64) {
        self.switchboard().set_running(node, false);
        let killed = self.running[node].take();
        let is_last = self.running.iter().all(Option::is_none);
        if is_last {
            self.storage = None;
        }
        if let Some(Running { actor, storage, .. }) = killed
            && (is_last || !self.is_shared)
        {
            // What a process would take along with it may be held in circles here: the files are let go all the same.
            actor.now(now_ms, async move { storage.close().await });
        }
    }

    /// Stops a node in good order, as far as that goes in the time.
    pub(super) fn stop(&mut self, node: usize, now_ms: i64) {
        self.switchboard().set_running(node, false);
        if let Some(running) = &mut self.running[node]
            && let Some(gateway) = running.gateway.take()
        {
            running.actor.spawn(gateway.stop());
            running.actor.run(now_ms, Duration::from_millis(50));
        }
        self.kill(node, now_ms);
    }

    pub(super) fn run(&mut self, node: usize, now_ms: i64, time: Duration) {
        let ends = self.switchboard().take(node);
        let skew_ms = self.skew_ms;
        let Some(running) = &mut self.running[node] else { return };
        running.actor.skew_ms = skew_ms;
        running.actor.now(now_ms, async {
            for (end, gateway) in ends.into_iter().zip(running.gateway.iter().cycle()) {
                gateway.accept(Box::new(end));
            }
            running.bus.arrive();
        });
        running.actor.run(now_ms, time);
    }
}
