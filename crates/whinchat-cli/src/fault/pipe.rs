//! One connection through the proxy: two directions, each with a reader and a writer.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

use super::{Direction, Faults, Shared};

/// Chunks that wait out their delay. When it is full the proxy stops reading, so the sender feels it.
const CHUNKS: usize = 64;
const CHUNK_BYTES: usize = 16 * 1_024;
/// Slices a second that a throttled direction is written in.
const SLICES_A_SECOND: u64 = 20;

struct Chunk {
    due: Instant,
    bytes: Vec<u8>,
}

/// Makes the close of this socket a reset, as a router that lost the connection would answer.
pub(crate) fn reset(stream: &TcpStream) {
    // It fails on a socket that is dead already, which is what is wanted.
    let _ = stream.set_zero_linger();
}

/// Forwards both ways until both sides have closed, one breaks, or the connection is cut.
pub(crate) async fn run(
    mut client: TcpStream,
    mut server: TcpStream,
    shared: Arc<Shared>,
    faults: watch::Receiver<Faults>,
    cuts: u64,
) {
    // Without it small frames would wait for acknowledgements and the delays would not be the asked ones.
    let _ = client.set_nodelay(true);
    let _ = server.set_nodelay(true);
    let mut ends = faults.clone();
    let ghost = AtomicBool::new(false);
    let graceful = {
        let (client_read, client_write) = client.split();
        let (server_read, server_write) = server.split();
        let lane = |direction| Lane { direction, shared: &shared, faults: faults.clone(), ghost: &ghost };
        tokio::select! {
            ended = async { tokio::try_join!(
                lane(Direction::Up).forward(client_read, server_write),
                lane(Direction::Down).forward(server_read, client_write),
            ) } => ended.is_ok(),
            _ = ends.wait_for(|now| now.cuts != cuts) => false,
        }
    };
    if !graceful {
        reset(&client);
        reset(&server);
    }
}

/// One direction of one connection.
struct Lane<'a> {
    direction: Direction,
    shared: &'a Shared,
    faults: watch::Receiver<Faults>,
    /// The connection lost bytes: from then on neither end learns anything of the other, closes included.
    ghost: &'a AtomicBool,
}

impl Lane<'_> {
    async fn forward(self, read: ReadHalf<'_>, write: WriteHalf<'_>) -> io::Result<()> {
        let (chunks, waiting) = mpsc::channel(CHUNKS);
        tokio::try_join!(self.take(read, chunks), self.deliver(write, waiting)).map(drop)
    }

    fn is_ghost(&self) -> bool {
        self.ghost.load(Ordering::SeqCst)
    }

    async fn take(&self, mut read: ReadHalf<'_>, chunks: mpsc::Sender<Chunk>) -> io::Result<()> {
        let mut buffer = vec![0; CHUNK_BYTES];
        let mut last_due = Instant::now();
        let mut dead = false;
        loop {
            let taken = read.read(&mut buffer).await;
            let faults = self.faults.borrow().clone();
            if faults.swallows(self.direction) {
                dead = true;
                self.ghost.store(true, Ordering::SeqCst);
            }
            let length = match taken {
                Ok(0) => {
                    if self.is_ghost() {
                        // Holds the writing half open: the other end is not told.
                        chunks.closed().await;
                    }
                    return Ok(());
                }
                Ok(length) => length,
                Err(_) if self.is_ghost() => {
                    chunks.closed().await;
                    return Ok(());
                }
                Err(error) => return Err(error),
            };
            if dead {
                let swallowed = u64::try_from(length).unwrap_or(u64::MAX);
                self.shared.swallowed.fetch_add(swallowed, Ordering::SeqCst);
                continue;
            }
            last_due = last_due.max(Instant::now() + self.shared.next_delay(&faults));
            let bytes = buffer.get(..length).unwrap_or_default().to_vec();
            if chunks.send(Chunk { due: last_due, bytes }).await.is_err() {
                return Ok(());
            }
        }
    }

    async fn deliver(&self, mut write: WriteHalf<'_>, mut waiting: mpsc::Receiver<Chunk>) -> io::Result<()> {
        let mut faults = self.faults.clone();
        while let Some(chunk) = waiting.recv().await {
            tokio::time::sleep_until(chunk.due).await;
            let mut rest = chunk.bytes.as_slice();
            while !rest.is_empty() {
                let rate = faults.borrow_and_update().bytes_per_second;
                let (slice, pause) = match rate {
                    None => (rest.len(), Duration::ZERO),
                    Some(0) => {
                        // Ends with the connection when the proxy goes.
                        let _ = faults.changed().await;
                        continue;
                    }
                    Some(rate) => {
                        let slice = (rate / SLICES_A_SECOND).max(1);
                        let length = usize::try_from(slice).unwrap_or(usize::MAX).min(rest.len());
                        (length, Duration::from_micros(slice.saturating_mul(1_000_000) / rate))
                    }
                };
                let (now, later) = rest.split_at_checked(slice).unwrap_or((rest, &[]));
                match self.write(&mut write, now).await {
                    Ok(()) => rest = later,
                    // The reader behind this lane is gone; the other end must not learn it.
                    Err(_) if self.is_ghost() => rest = &[],
                    Err(error) => return Err(error),
                }
                if !pause.is_zero() {
                    tokio::select! {
                        () = tokio::time::sleep(pause) => {}
                        _ = faults.changed() => {}
                    }
                }
            }
        }
        // The sender closed: so does the proxy. A socket that is gone already needs no close.
        let _ = write.shutdown().await;
        Ok(())
    }

    /// Writes what the budget allows, and cuts everything when it is used up.
    async fn write(&self, write: &mut WriteHalf<'_>, bytes: &[u8]) -> io::Result<()> {
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let before = self.shared.budget.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
            (left != u64::MAX).then(|| left.saturating_sub(length))
        });
        let (allowed, cut) = match before {
            Ok(left) => (usize::try_from(left.min(length)).unwrap_or(usize::MAX), left <= length),
            Err(_) => (bytes.len(), false),
        };
        let allowed = bytes.get(..allowed).unwrap_or(bytes);
        write.write_all(allowed).await?;
        let passed = u64::try_from(allowed.len()).unwrap_or(u64::MAX);
        self.shared.counter(self.direction).fetch_add(passed, Ordering::SeqCst);
        if cut {
            self.shared.cut();
            // The cut ends this task at its next wait; nothing more may be written before that.
            std::future::pending::<()>().await;
        }
        Ok(())
    }
}
