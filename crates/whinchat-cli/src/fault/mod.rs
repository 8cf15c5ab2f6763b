//! A proxy that misbehaves on demand: the bad network of the scenarios, the chaos runs and the demo.
//!
//! It stands between a client and a server and forwards bytes until it is told to cut, to refuse, to swallow, to delay
//! or to throttle. Everything can be changed while connections run.

mod pipe;
#[cfg(test)]
mod tests;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

/// Which way bytes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the client to the server.
    Up,
    /// From the server to the client.
    Down,
}

/// What the proxy does to the connections at the moment.
#[derive(Clone, Debug)]
pub(crate) struct Faults {
    pub(crate) upstream: SocketAddr,
    pub(crate) refuse: bool,
    pub(crate) swallow_up: bool,
    pub(crate) swallow_down: bool,
    pub(crate) delay: Duration,
    pub(crate) jitter: Duration,
    /// 0 lets nothing through: the sender's buffers fill up.
    pub(crate) bytes_per_second: Option<u64>,
    /// Rises with each cut; a connection that began under an older number ends.
    pub(crate) cuts: u64,
}

impl Faults {
    pub(crate) fn swallows(&self, direction: Direction) -> bool {
        match direction {
            Direction::Up => self.swallow_up,
            Direction::Down => self.swallow_down,
        }
    }
}

/// Counters and settings that the connections share with the handle.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) faults: watch::Sender<Faults>,
    /// Bytes that may still pass before everything is cut; `u64::MAX` for no such plan.
    pub(crate) budget: AtomicU64,
    pub(crate) passed_up: AtomicU64,
    pub(crate) passed_down: AtomicU64,
    pub(crate) swallowed: AtomicU64,
    accepted: AtomicU64,
    jitter_state: AtomicU64,
}

impl Shared {
    pub(crate) fn cut(&self) {
        self.budget.store(u64::MAX, Ordering::SeqCst);
        self.faults.send_modify(|faults| faults.cuts += 1);
    }

    pub(crate) fn counter(&self, direction: Direction) -> &AtomicU64 {
        match direction {
            Direction::Up => &self.passed_up,
            Direction::Down => &self.passed_down,
        }
    }

    /// The delay of the next chunk. The sequence follows from the proxy's seed.
    pub(crate) fn next_delay(&self, faults: &Faults) -> Duration {
        let jitter_us = u64::try_from(faults.jitter.as_micros()).unwrap_or(u64::MAX);
        if jitter_us == 0 {
            return faults.delay;
        }
        let state = self.jitter_state.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
        faults.delay + Duration::from_micros(mix(state) % jitter_us)
    }
}

/// The finaliser of splitmix64: enough for jitter, and the same on every machine.
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A running proxy. Dropping it ends it with all its connections.
#[derive(Debug)]
pub struct FaultProxy {
    addr: SocketAddr,
    shared: Arc<Shared>,
    acceptor: JoinHandle<()>,
}

impl FaultProxy {
    /// Listens on a free loopback port and forwards to `upstream`. Has to be called inside a tokio runtime.
    ///
    /// # Errors
    ///
    /// When no port can be bound.
    pub async fn start(upstream: SocketAddr) -> io::Result<Self> {
        Self::start_seeded(upstream, 0).await
    }

    /// As [`FaultProxy::start`], with a seed for the jitter.
    ///
    /// # Errors
    ///
    /// When no port can be bound.
    pub async fn start_seeded(upstream: SocketAddr, seed: u64) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let addr = listener.local_addr()?;
        let (faults, _) = watch::channel(Faults {
            upstream,
            refuse: false,
            swallow_up: false,
            swallow_down: false,
            delay: Duration::ZERO,
            jitter: Duration::ZERO,
            bytes_per_second: None,
            cuts: 0,
        });
        let shared = Arc::new(Shared {
            faults,
            budget: AtomicU64::new(u64::MAX),
            passed_up: AtomicU64::new(0),
            passed_down: AtomicU64::new(0),
            swallowed: AtomicU64::new(0),
            accepted: AtomicU64::new(0),
            jitter_state: AtomicU64::new(seed),
        });
        let acceptor = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Ok(Self { addr, shared, acceptor })
    }

    /// Where clients connect to.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Forwards new connections to another address: the server was started again elsewhere.
    pub fn set_upstream(&self, upstream: SocketAddr) {
        self.change(|faults| faults.upstream = upstream);
    }

    /// Resets every connection now. New ones are served.
    pub fn cut(&self) {
        self.shared.cut();
    }

    /// Resets new connections as soon as they come; running ones go on.
    pub fn refuse(&self, refuse: bool) {
        self.change(|faults| faults.refuse = refuse);
    }

    /// No network: cuts what runs and refuses what comes, until [`FaultProxy::restore`].
    pub fn offline(&self) {
        self.change(|faults| {
            faults.refuse = true;
            faults.cuts += 1;
        });
    }

    /// Takes bytes of one direction and drops them, without closing anything. A connection that lost bytes this way stays
    /// dead after [`FaultProxy::restore`], as one whose state a router forgot: only new connections work again.
    pub fn swallow(&self, direction: Direction) {
        self.change(|faults| match direction {
            Direction::Up => faults.swallow_up = true,
            Direction::Down => faults.swallow_down = true,
        });
    }

    /// Swallows both ways: neither end hears from the other, and neither is told.
    pub fn half_open(&self) {
        self.change(|faults| {
            faults.swallow_up = true;
            faults.swallow_down = true;
        });
    }

    /// Delivers each chunk `delay` later, plus up to `jitter` more. The order of bytes stays.
    pub fn delay(&self, delay: Duration, jitter: Duration) {
        self.change(|faults| {
            faults.delay = delay;
            faults.jitter = jitter;
        });
    }

    /// Lets at most so many bytes a second through each direction of each connection; 0 stops the flow.
    pub fn throttle(&self, bytes_per_second: u64) {
        self.change(|faults| faults.bytes_per_second = Some(bytes_per_second));
    }

    /// Lets `bytes` more bytes through, both directions together, then cuts every connection. One shot.
    pub fn cut_after(&self, bytes: u64) {
        self.shared.budget.store(bytes, Ordering::SeqCst);
    }

    /// Ends every fault. Connections that were cut or lost bytes stay dead.
    pub fn restore(&self) {
        self.shared.budget.store(u64::MAX, Ordering::SeqCst);
        self.change(|faults| {
            faults.refuse = false;
            faults.swallow_up = false;
            faults.swallow_down = false;
            faults.delay = Duration::ZERO;
            faults.jitter = Duration::ZERO;
            faults.bytes_per_second = None;
        });
    }

    /// Connections taken so far, the refused ones included.
    #[must_use]
    pub fn accepted(&self) -> u64 {
        self.shared.accepted.load(Ordering::SeqCst)
    }

    /// Bytes delivered so far in one direction, over all connections.
    #[must_use]
    pub fn passed(&self, direction: Direction) -> u64 {
        self.shared.counter(direction).load(Ordering::SeqCst)
    }

    /// Bytes swallowed so far, both ways.
    #[must_use]
    pub fn swallowed(&self) -> u64 {
        self.shared.swallowed.load(Ordering::SeqCst)
    }

    fn change(&self, change: impl FnOnce(&mut Faults)) {
        self.shared.faults.send_modify(change);
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        // The acceptor owns the set of connections, so they end with it.
        self.acceptor.abort();
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            taken = listener.accept() => {
                // An error here is of the moment (out of descriptors): the next accept tells.
                let Ok((client, _)) = taken else {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                    continue;
                };
                shared.accepted.fetch_add(1, Ordering::SeqCst);
                // Subscribed here, so that a cut that comes before the task runs is not missed.
                let faults = shared.faults.subscribe();
                connections.spawn(serve(client, Arc::clone(&shared), faults));
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve(client: TcpStream, shared: Arc<Shared>, faults: watch::Receiver<Faults>) {
    let (upstream, refuse, cuts) = {
        let now = faults.borrow();
        (now.upstream, now.refuse, now.cuts)
    };
    if refuse {
        pipe::reset(&client);
        return;
    }
    let mut ends = faults.clone();
    let cut = ends.wait_for(|now| now.cuts != cuts);
    let connected = tokio::select! {
        connected = TcpStream::connect(upstream) => connected,
        _ = cut => {
            pipe::reset(&client);
            return;
        }
    };
    match connected {
        Ok(server) => pipe::run(client, server, shared, faults, cuts).await,
        Err(_) => pipe::reset(&client),
    }
}
