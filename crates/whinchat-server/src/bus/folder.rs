//! The bus between the nodes of one data folder: each listens at a Unix socket in the folder's `bus`, and connects to all
//! others that it finds there. What is said in this process arrives at once and for certain, as with [`LocalBus`]. What goes
//! to another process is queued, within bounds: when the queue is full, or nobody is there, it is dropped, and that node
//! finds it in storage.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, BufReader, BufWriter};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;
use whinchat_proto::id::UserId;

use super::parcel::{self, Read};
use super::{Bus, Hint, Listener, LocalBus, Loss, Subject, Subscription};

/// Inside the data folder.
const FOLDER: &str = "bus";
const EXTENSION: &str = "sock";
/// How often new nodes are looked for. One that starts says so itself; this finds those that could not.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// What may wait for another node; beyond it is dropped.
const QUEUE: usize = 4_096;
const QUEUE_BYTES: usize = 16 * 1_024 * 1_024;
/// A name that is longer does not fit a socket's address on every system.
const ADDRESS_BYTES: usize = 100;
/// How long the end waits for others to take what is left for them.
const FAREWELL: Duration = Duration::from_secs(1);

/// See the module.
pub struct FolderBus {
    shared: Arc<Shared>,
    _cut: DropGuard,
}

struct Shared {
    local: LocalBus,
    place: Place,
    /// Our name; a guest, who only speaks, has none.
    node: Option<String>,
    peers: Mutex<HashMap<String, Peer>>,
    /// Somebody new is there.
    news: Notify,
    /// Ends listening and looking.
    stop: CancellationToken,
    /// Ends what is being written to others as well.
    cut: CancellationToken,
    ears: TaskTracker,
    writers: TaskTracker,
}

/// Another node that is connected.
struct Peer {
    queue: mpsc::Sender<Bytes>,
    waiting: Arc<AtomicUsize>,
}

impl FolderBus {
    /// Starts listening in a data folder and connects to the nodes that are there. When it cannot, which is logged, nodes
    /// know of each other through storage alone. Needs the lock of the node's name.
    pub async fn start(data: &Path, node: &str) -> Self {
        let bus = Self::new(data, Some(node));
        match bus.shared.place.listen(node) {
            Ok(listener) => {
                bus.shared.ears.spawn(accept(Arc::clone(&bus.shared), listener));
                bus.shared.look().await;
                bus.shared.ears.spawn(look_again(Arc::clone(&bus.shared)));
            }
            Err(error) => {
                tracing::warn!(%error, "no socket for other nodes: they are heard of late");
            }
        }
        bus
    }

    /// Connects to the nodes of a data folder for a few words. Ends with [`FolderBus::finish`].
    pub async fn visit(data: &Path) -> Self {
        let bus = Self::new(data, None);
        bus.shared.look().await;
        bus
    }

    fn new(data: &Path, node: Option<&str>) -> Self {
        let cut = CancellationToken::new();
        let shared = Arc::new(Shared {
            local: LocalBus::default(),
            place: Place::new(&data.join(FOLDER)),
            node: node.map(str::to_owned),
            peers: Mutex::default(),
            news: Notify::new(),
            stop: cut.child_token(),
            cut: cut.clone(),
            ears: TaskTracker::new(),
            writers: TaskTracker::new(),
        });
        Self { shared, _cut: cut.drop_guard() }
    }

    /// Hands over what waits for others, for a second at most, and ends.
    pub async fn finish(&self) {
        let shared = &self.shared;
        shared.stop.cancel();
        shared.ears.close();
        shared.ears.wait().await;
        if let Some(node) = &shared.node {
            shared.place.remove(node);
        }
        // Writers end when their queues are empty.
        shared.peers().clear();
        shared.writers.close();
        if tokio::time::timeout(FAREWELL, shared.writers.wait()).await.is_err() {
            shared.cut.cancel();
            shared.writers.wait().await;
        }
    }

    /// The other nodes that are connected.
    #[must_use]
    pub fn peers(&self) -> Vec<String> {
        self.shared.peers().keys().cloned().collect()
    }
}

impl Bus for FolderBus {
    fn wake(&self, subject: &Subject, version: u64, hint: Option<Hint>) {
        self.shared.send(|| parcel::wake(subject, version, hint.as_ref()));
        self.shared.local.wake(subject, version, hint);
    }

    fn deliver(&self, subject: &Subject, frame: Bytes, ttl: Duration) {
        self.shared.send(|| parcel::deliver(subject, frame.clone(), ttl));
        self.shared.local.deliver(subject, frame, ttl);
    }

    fn subscribe(&self, user: UserId, listener: Arc<dyn Listener>) -> Subscription {
        self.shared.local.subscribe(user, listener)
    }

    fn join(&self, node: Arc<dyn Listener>) -> Subscription {
        self.shared.local.join(node)
    }

    fn loss(&self) -> Loss {
        Loss::BetweenProcesses
    }
}

impl Shared {
    fn peers(&self) -> MutexGuard<'_, HashMap<String, Peer>> {
        self.peers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Queues a parcel for every other node; it is packed only when there is one.
    fn send(&self, pack: impl FnOnce() -> Bytes) {
        let peers = self.peers();
        if peers.is_empty() {
            return;
        }
        let parcel = pack();
        for peer in peers.values() {
            let waiting = peer.waiting.fetch_add(parcel.len(), Ordering::Relaxed);
            let taken = waiting < QUEUE_BYTES && peer.queue.try_send(parcel.clone()).is_ok();
            if !taken {
                peer.waiting.fetch_sub(parcel.len(), Ordering::Relaxed);
            }
        }
    }

    /// Connects to the nodes that are not connected yet.
    async fn look(self: &Arc<Self>) {
        for name in self.place.names() {
            if self.node.as_ref() == Some(&name) || self.peers().contains_key(&name) {
                continue;
            }
            // Nobody listens at what a killed node left; its next start takes it away.
            let Ok(stream) = self.place.connect(&name).await else { continue };
            tracing::debug!(node = name, "connected to another node");
            let (sender, receiver) = mpsc::channel(QUEUE);
            let waiting = Arc::new(AtomicUsize::new(0));
            if let Some(node) = &self.node {
                let here = parcel::here(node);
                waiting.store(here.len(), Ordering::Relaxed);
                // The queue is empty.
                let _ = sender.try_send(here);
            }
            let own = sender.downgrade();
            self.peers().insert(name.clone(), Peer { queue: sender, waiting: Arc::clone(&waiting) });
            let shared = Arc::clone(self);
            self.writers.spawn(async move {
                write(&shared, stream, receiver, &waiting).await;
                let mut peers = shared.peers();
                // Unless it is connected anew already.
                if let (Some(peer), Some(own)) = (peers.get(&name), own.upgrade())
                    && peer.queue.same_channel(&own)
                {
                    peers.remove(&name);
                }
            });
        }
    }
}

/// Writes what is queued until the queue or the other node ends.
async fn write(shared: &Shared, stream: UnixStream, mut queue: mpsc::Receiver<Bytes>, waiting: &AtomicUsize) {
    let (mut back, forth) = stream.into_split();
    let mut forth = BufWriter::new(forth);
    let write = async {
        while let Some(parcel) = queue.recv().await {
            waiting.fetch_sub(parcel.len(), Ordering::Relaxed);
            forth.write_all(&parcel).await?;
            if queue.is_empty() {
                forth.flush().await?;
            }
        }
        forth.shutdown().await
    };
    tokio::select! {
        // Whatever became of it: a node that is there is found again.
        _ = write => {}
        // Nothing is ever said on this way, so this is its end.
        _ = back.read_u8() => {}
        () = shared.cut.cancelled() => {}
    }
}

/// Hears all who connect.
async fn accept(shared: Arc<Shared>, listener: UnixListener) {
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => accepted,
            () = shared.stop.cancelled() => return,
        };
        match stream {
            Ok((stream, _)) => {
                let hearing = Arc::clone(&shared);
                shared.ears.spawn(async move {
                    tokio::select! {
                        () = hear(&hearing, stream) => {}
                        () = hearing.stop.cancelled() => {}
                    }
                });
            }
            Err(error) => {
                tracing::warn!(%error, "another node could not be accepted");
                tokio::time::sleep(LOOK_EVERY).await;
            }
        }
    }
}

async fn hear(shared: &Shared, stream: UnixStream) {
    let mut source = BufReader::new(stream);
    while let Some(read) = parcel::next(&mut source).await {
        match read {
            Read::Here(node) if shared.peers().contains_key(&node) => {}
            Read::Here(_) => shared.news.notify_one(),
            Read::Word(word) => word.say(&shared.local),
        }
    }
}

async fn look_again(shared: Arc<Shared>) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(LOOK_EVERY) => {}
            () = shared.news.notified() => {}
            () = shared.stop.cancelled() => return,
        }
        shared.look().await;
    }
}

/// Where the sockets are.
struct Place {
    folder: PathBuf,
    /// Kept open, so that a socket below a long path has a short name as well.
    #[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "only Linux has such names"))]
    handle: Option<File>,
}

impl Place {
    fn new(folder: &Path) -> Self {
        // What cannot be made or opened shows when it is used.
        let _ = crate::folder::create(folder);
        Self { folder: folder.to_owned(), handle: File::open(folder).ok() }
    }

    fn address(&self, node: &str) -> PathBuf {
        let name = format!("{node}.{EXTENSION}");
        let path = self.folder.join(&name);
        #[cfg(target_os = "linux")]
        if let Some(handle) = &self.handle
            && path.as_os_str().len() > ADDRESS_BYTES
        {
            use std::os::fd::AsRawFd as _;
            return PathBuf::from(format!("/proc/self/fd/{}/{name}", handle.as_raw_fd()));
        }
        path
    }

    fn listen(&self, node: &str) -> io::Result<UnixListener> {
        // Ours, from a run that was killed: the lock of the name says so.
        self.remove(node);
        UnixListener::bind(self.address(node))
    }

    async fn connect(&self, node: &str) -> io::Result<UnixStream> {
        UnixStream::connect(self.address(node)).await
    }

    fn remove(&self, node: &str) {
        // It may not be there.
        let _ = std::fs::remove_file(self.folder.join(format!("{node}.{EXTENSION}")));
    }

    /// The nodes that have a socket.
    fn names(&self) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(&self.folder) else { return Vec::new() };
        let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
        paths
            .filter(|path| path.extension().is_some_and(|extension| extension == EXTENSION))
            .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
            .collect()
    }
}

#[cfg(test)]
mod tests;
