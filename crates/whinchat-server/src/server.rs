//! Starting, running and stopping.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;
use whinchat_proto::limits::OPERATION_MEMORY_MS;

use crate::admin::Admin;
#[cfg(unix)]
use crate::bus::FolderBus;
use crate::bus::{Bus, Listener, LocalBus, Subscription};
use crate::config::ServerConfig;
use crate::error::ServerError;
use crate::folder;
use crate::gateway::{Gateway, Hub, Listening, accept, acceptor, fanout, sweep};
use crate::service::Service;
use crate::storage::Storage;
use crate::storage::sqlite::{Entrance, SqliteOptions, SqliteStorage};

/// The database's name in the data folder.
pub(crate) const DATABASE: &str = "server.db";
/// How often old operations are looked for, and how many go at once.
const PRUNE_EVERY: Duration = Duration::from_secs(60);
const PRUNE_STEP: u32 = 500;
/// The same while there is more than that.
const PRUNE_AGAIN: Duration = Duration::from_millis(100);
/// A session that was not opened for this long is forgotten: 180 days, the usual life of a UserSig.
const SESSION_MEMORY_MS: i64 = 180 * 24 * 60 * 60 * 1_000;
/// Above the drain timeout: time to say goodbye and to write the log home.
const GOODBYE: Duration = Duration::from_secs(5);

/// The server; [`Server::start`] runs it on the caller's tokio runtime.
pub struct Server;

/// A server that runs. Dropping it stops the server without waiting; [`RunningServer::stop`] waits.
pub struct RunningServer {
    address: SocketAddr,
    storage: Arc<dyn Storage>,
    bus: Arc<dyn Bus>,
    /// Closed by this server when it stops; one that was handed in belongs to whoever did.
    owns_storage: bool,
    tasks: TaskTracker,
    drain_timeout: Duration,
    draining: CancellationToken,
    _stop_when_dropped: DropGuard,
    /// Ends before the bus does.
    _joined: Subscription,
    /// What this server started beside itself.
    #[cfg(unix)]
    folder_bus: Option<Arc<FolderBus>>,
    /// Weak: what the gateway holds ends when the last task lets it go.
    #[cfg(feature = "simulation")]
    gateway: std::sync::Weak<Gateway>,
}

/// What a node stands on.
struct Ground {
    storage: Arc<dyn Storage>,
    owns_storage: bool,
    bus: Arc<dyn Bus>,
    /// None: connections are handed to the node, in a simulation.
    listener: Option<TcpListener>,
    address: SocketAddr,
    tls: Option<TlsAcceptor>,
}

/// Takes the node's name in the data folder, which is made if need be. Waits while another node is starting.
fn enter(data: &Path, node: &str) -> Result<Entrance, ServerError> {
    let unwritable = |error| ServerError::DataUnwritable(data.to_owned(), error);
    folder::create(data).map_err(unwritable)?;
    Entrance::take(data, node).map_err(unwritable)?.ok_or_else(|| ServerError::DataInUse(data.to_owned()))
}

/// Runs on a thread that may wait.
async fn waiting<T: Send + 'static>(
    data: &Path,
    work: impl FnOnce() -> Result<T, ServerError> + Send + 'static,
) -> Result<T, ServerError> {
    let broke_off = |error: tokio::task::JoinError| ServerError::Database(data.to_owned(), error.to_string());
    tokio::task::spawn_blocking(work).await.map_err(broke_off)?
}

async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), ServerError> {
    let refused = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::AddrInUse => ServerError::AddressTaken(address),
        _ => ServerError::Listen(address, error),
    };
    let listener = TcpListener::bind(address).await.map_err(refused)?;
    let address = listener.local_addr().map_err(refused)?;
    Ok((listener, address))
}

impl Server {
    /// Starts a server; when this returns it accepts connections.
    ///
    /// # Errors
    ///
    /// Says what is in the way and what to do about it.
    pub async fn start(config: ServerConfig) -> Result<RunningServer, ServerError> {
        Self::start_with(config, |bus| bus).await
    }

    /// The same with a bus of the caller's, which other nodes of the folder do not hear unless it sees to that.
    ///
    /// # Errors
    ///
    /// Those of [`Server::start`].
    pub async fn start_on(config: ServerConfig, bus: Arc<dyn Bus>) -> Result<RunningServer, ServerError> {
        let (config, ground) = Self::open(config, bus).await?;
        Ok(Self::run(config, ground))
    }

    /// The same with the usual bus inside one of the caller's, such as one that loses things.
    ///
    /// # Errors
    ///
    /// Those of [`Server::start`].
    pub async fn start_with(
        config: ServerConfig,
        wrap: impl FnOnce(Arc<dyn Bus>) -> Arc<dyn Bus>,
    ) -> Result<RunningServer, ServerError> {
        // Replaced once the node's name is ours: only then its socket is.
        let (config, mut ground) = Self::open(config, Arc::new(LocalBus::default())).await?;
        #[cfg(unix)]
        {
            let folder_bus = Arc::new(FolderBus::start(&config.data, &config.node).await);
            ground.bus = wrap(Arc::clone(&folder_bus) as Arc<dyn Bus>);
            let mut running = Self::run(config, ground);
            running.folder_bus = Some(folder_bus);
            Ok(running)
        }
        #[cfg(not(unix))]
        {
            // Without sockets there is one node a folder.
            ground.bus = wrap(ground.bus);
            Ok(Self::run(config, ground))
        }
    }

    /// Opens everything that a node stands on.
    async fn open(config: ServerConfig, bus: Arc<dyn Bus>) -> Result<(ServerConfig, Ground), ServerError> {
        config.validate()?;
        let tls = config.tls.as_ref().map(acceptor).transpose()?;
        let (data, node) = (config.data.clone(), config.node.clone());
        let entrance = waiting(&config.data, move || enter(&data, &node)).await?;
        let (listener, address) = listen(config.listen).await?;
        let options = SqliteOptions {
            path: config.data.join(DATABASE),
            commit_batch: config.commit_batch,
            readers: config.readers,
            restored: config.restored,
            node: config.node.clone(),
            large_group: config.large_group,
        };
        let clock = Arc::new(crate::clock::now_ms);
        let opening = move || Ok(SqliteStorage::open_entered(&options, clock, entrance)?);
        let storage = waiting(&config.data, opening).await?;
        let storage = Arc::new(storage);
        let listener = Some(listener);
        Ok((config, Ground { storage, owns_storage: true, bus, listener, address, tls }))
    }

    /// A node over a storage that is open already, which others may share; so may they the bus. Stopping it leaves the
    /// storage open.
    ///
    /// # Errors
    ///
    /// Those of [`Server::start`] that do not concern the data folder, which is not looked at.
    pub async fn start_over(
        config: ServerConfig,
        storage: Arc<dyn Storage>,
        bus: Arc<dyn Bus>,
    ) -> Result<RunningServer, ServerError> {
        config.validate()?;
        let tls = config.tls.as_ref().map(acceptor).transpose()?;
        let (listener, address) = listen(config.listen).await?;
        Ok(Self::run(
            config,
            Ground { storage, owns_storage: false, bus, listener: Some(listener), address, tls },
        ))
    }

    /// A node that listens nowhere.
    #[cfg(feature = "simulation")]
    pub(crate) fn start_unheard(
        config: ServerConfig,
        storage: Arc<dyn Storage>,
        bus: Arc<dyn Bus>,
    ) -> Result<RunningServer, ServerError> {
        config.validate()?;
        let address = config.listen;
        Ok(Self::run(
            config,
            Ground { storage, owns_storage: false, bus, listener: None, address, tls: None },
        ))
    }

    fn run(config: ServerConfig, ground: Ground) -> RunningServer {
        let Ground { storage, owns_storage, bus, listener, address, tls } = ground;
        let config = Arc::new(config);
        let tasks = TaskTracker::new();
        let draining = CancellationToken::new();
        let service = Service::new(Arc::clone(&storage), Arc::clone(&bus), Arc::clone(&config), &tasks);
        let (fanout, fanout_task) = fanout();
        let hub = Hub::new(Arc::clone(&bus), fanout);
        let every = Duration::from_millis(config.sweep_ms);
        let run = fanout_task.run(Arc::clone(&hub), Arc::clone(&service), every, draining.clone());
        tasks.spawn(run);
        let joined = bus.join(Arc::clone(&hub) as Arc<dyn Listener>);
        let gateway = Arc::new(Gateway {
            config: Arc::clone(&config),
            service,
            hub,
            tasks: tasks.clone(),
            draining: draining.clone(),
        });
        if let Some(listener) = listener {
            tasks.spawn(accept(Arc::clone(&gateway), Listening { listener, tls }));
        }
        #[cfg(feature = "simulation")]
        let simulated = Arc::downgrade(&gateway);
        tasks.spawn(sweep(gateway));
        tasks.spawn(prune(Arc::clone(&storage), draining.clone()));
        tracing::info!(%address, app_id = config.app_id, tls = config.tls.is_some(), "the server is ready");
        RunningServer {
            address,
            storage,
            bus,
            owns_storage,
            tasks,
            drain_timeout: Duration::from_millis(config.drain_timeout_ms),
            _stop_when_dropped: draining.clone().drop_guard(),
            draining,
            _joined: joined,
            #[cfg(unix)]
            folder_bus: None,
            #[cfg(feature = "simulation")]
            gateway: simulated,
        }
    }
}

/// Forgets operations and cancelled sends that are older than promised and sessions long unused, in small steps.
async fn prune(storage: Arc<dyn Storage>, draining: CancellationToken) {
    let mut wait = PRUNE_EVERY;
    loop {
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = draining.cancelled() => return,
        }
        // More may be waiting: soon again, but not at once.
        wait = if forget_some(&*storage).await { PRUNE_AGAIN } else { PRUNE_EVERY };
    }
}

/// Takes one step of each. Tells whether more may be waiting.
async fn forget_some(storage: &dyn Storage) -> bool {
    let before = crate::clock::now_ms().saturating_sub(OPERATION_MEMORY_MS);
    let unused = crate::clock::now_ms().saturating_sub(SESSION_MEMORY_MS);
    let steps = [
        ("sessions", storage.prune_sessions(unused, PRUNE_STEP).await),
        ("cancelled sends", storage.prune_cancelled(before, PRUNE_STEP).await),
        ("operations", storage.prune_operations(before, PRUNE_STEP).await),
    ];
    let mut is_more = false;
    for (what, step) in steps {
        match step {
            Ok(pruned) => is_more |= pruned >= u64::from(PRUNE_STEP),
            Err(fault) => tracing::warn!(%fault, "old {what} could not be forgotten"),
        }
    }
    is_more
}

impl RunningServer {
    /// What its connections share.
    #[cfg(feature = "simulation")]
    pub(crate) fn gateway(&self) -> Option<Arc<Gateway>> {
        self.gateway.upgrade()
    }

    /// The address that is listened at.
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// What an administrator may do.
    #[must_use]
    pub fn admin(&self) -> Admin {
        Admin::new(Arc::clone(&self.storage), Arc::clone(&self.bus))
    }

    /// Stops: accepts nobody more, answers what was taken on, says goodbye to everybody, writes everything home.
    pub async fn stop(self) {
        tracing::info!("the server is stopping");
        self.draining.cancel();
        self.tasks.close();
        if tokio::time::timeout(self.drain_timeout + GOODBYE, self.tasks.wait()).await.is_err() {
            tracing::warn!(left = self.tasks.len(), "some connections did not end in time");
        }
        #[cfg(unix)]
        if let Some(bus) = &self.folder_bus {
            bus.finish().await;
        }
        if self.owns_storage {
            self.storage.close().await;
        }
        tracing::info!("the server has stopped");
    }

    /// Waits until the server is told to stop, which nothing does but [`RunningServer::stop`] and dropping it.
    pub async fn wait(&self) {
        self.draining.cancelled().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::Cancel;
    use crate::storage::contract::World;
    use crate::storage::contract::world::{id, unique, with};
    use whinchat_proto::id::ClientMessageId;

    #[tokio::test]
    async fn whatever_is_old_and_more_than_one_step_is_forgotten_without_a_long_pause() {
        let folder = tempfile::tempdir().unwrap();
        let options = SqliteOptions::new(folder.path().join(DATABASE));
        let storage: Arc<dyn Storage> =
            Arc::new(SqliteStorage::open_inline(&options, Arc::new(|| 1)).unwrap());
        World::new(Arc::clone(&storage)).users(&["alice", "bob"]).await;
        for _ in 0..PRUNE_STEP {
            let client_id = ClientMessageId(unique());
            let cancel = Cancel { conversation: with("bob"), sender: id("alice"), client_id, refused: None };
            storage.cancel_send(cancel).await.unwrap();
        }
        assert!(forget_some(&*storage).await, "perhaps there is more");
        assert!(!forget_some(&*storage).await, "nothing is left");
    }
}
