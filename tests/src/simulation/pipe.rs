//! Pipes in place of sockets: both directions can be held, and the whole can be cut with what was held in it.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Bytes that a direction takes before its writer waits.
const CAPACITY: usize = 256 * 1_024;

/// From the client, and to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Requests.
    Up,
    /// Answers and pushes.
    Down,
}

#[derive(Default)]
struct Lane {
    bytes: VecDeque<u8>,
    /// So many of them have arrived.
    arrived: usize,
    held: bool,
    ended: bool,
    reader: Option<Waker>,
    writer: Option<Waker>,
}

impl Lane {
    fn wake(&mut self) {
        for waker in [self.reader.take(), self.writer.take()].into_iter().flatten() {
            waker.wake();
        }
    }

    fn let_go(&mut self) {
        if !self.held {
            self.arrived = self.bytes.len();
            self.wake();
        }
    }
}

#[derive(Default)]
struct State {
    up: Lane,
    down: Lane,
    cut: bool,
}

impl State {
    fn lane(&mut self, direction: Direction) -> &mut Lane {
        match direction {
            Direction::Up => &mut self.up,
            Direction::Down => &mut self.down,
        }
    }
}

/// The pipe itself, for those who play the network.
#[derive(Clone)]
pub struct Pipe(Arc<Mutex<State>>);

/// One end of it, for those who use it.
pub struct End {
    pipe: Pipe,
    writes: Direction,
}

impl Pipe {
    /// A pipe: itself, the client's end, the server's end.
    #[must_use]
    pub fn new() -> (Self, End, End) {
        let pipe = Self(Arc::default());
        let client = End { pipe: pipe.clone(), writes: Direction::Up };
        let server = End { pipe: pipe.clone(), writes: Direction::Down };
        (pipe, client, server)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Holds what is written in a direction, or lets it arrive.
    pub fn hold(&self, direction: Direction, held: bool) {
        let mut state = self.state();
        let lane = state.lane(direction);
        lane.held = held;
        lane.let_go();
    }

    /// Ends the connection for both; what was held is lost.
    pub fn cut(&self) {
        let mut state = self.state();
        state.cut = true;
        state.up.wake();
        state.down.wake();
    }

    /// Whether nobody uses it any more.
    #[must_use]
    pub fn is_over(&self) -> bool {
        let state = self.state();
        state.cut || state.up.ended && state.down.ended
    }
}

impl End {
    fn reads(&self) -> Direction {
        match self.writes {
            Direction::Up => Direction::Down,
            Direction::Down => Direction::Up,
        }
    }
}

impl Drop for End {
    fn drop(&mut self) {
        let mut state = self.pipe.state();
        for direction in [Direction::Up, Direction::Down] {
            let lane = state.lane(direction);
            lane.ended = true;
            lane.let_go();
        }
    }
}

impl AsyncRead for End {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let mut state = self.pipe.state();
        if state.cut {
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        let lane = state.lane(self.reads());
        if lane.arrived == 0 {
            if lane.ended && !lane.held {
                return Poll::Ready(Ok(()));
            }
            lane.reader = Some(cx.waker().clone());
            return Poll::Pending;
        }
        let count = lane.arrived.min(buf.remaining());
        for byte in lane.bytes.drain(..count) {
            buf.put_slice(&[byte]);
        }
        lane.arrived -= count;
        if let Some(writer) = lane.writer.take() {
            writer.wake();
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for End {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let mut state = self.pipe.state();
        if state.cut {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        let lane = state.lane(self.writes);
        if lane.ended && !lane.held {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        let room = CAPACITY.saturating_sub(lane.bytes.len());
        if room == 0 {
            lane.writer = Some(cx.waker().clone());
            return Poll::Pending;
        }
        let count = room.min(buf.len());
        lane.bytes.extend(&buf[..count]);
        lane.let_go();
        Poll::Ready(Ok(count))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut state = self.pipe.state();
        let lane = state.lane(self.writes);
        lane.ended = true;
        lane.let_go();
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    #[tokio::test]
    async fn what_is_held_arrives_when_it_is_let_go_and_is_lost_by_a_cut() {
        let (pipe, mut client, mut server) = Pipe::new();
        client.write_all(b"one").await.unwrap();
        let mut read = [0; 3];
        server.read_exact(&mut read).await.unwrap();
        assert_eq!(&read, b"one");
        pipe.hold(Direction::Up, true);
        client.write_all(b"two").await.unwrap();
        let mut late = [0; 3];
        assert!(futures_util::poll!(Box::pin(server.read_exact(&mut late))).is_pending());
        pipe.hold(Direction::Up, false);
        server.read_exact(&mut read).await.unwrap();
        assert_eq!(&read, b"two");
        pipe.hold(Direction::Down, true);
        server.write_all(b"never").await.unwrap();
        pipe.cut();
        assert_eq!(client.read(&mut read).await.unwrap_err().kind(), io::ErrorKind::ConnectionReset);
        assert!(server.write_all(b"x").await.is_err());
        assert!(pipe.is_over());
    }

    #[tokio::test]
    async fn the_end_of_one_side_is_the_end_of_the_stream() {
        let (_pipe, client, mut server) = Pipe::new();
        drop(client);
        assert_eq!(server.read(&mut [0; 3]).await.unwrap(), 0);
    }
}
