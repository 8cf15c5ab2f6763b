//! The owner's side of one connection: the window, requests, submissions.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::{Bytes, BytesMut};
use prost::Message as _;
use tokio::sync::{Notify, Semaphore, mpsc, oneshot};
use whinchat_proto::id::OperationId;
use whinchat_proto::limits::{FRAME_BYTES, REQUESTS_IN_FLIGHT};
use whinchat_proto::wire;

use super::heartbeat::{Heartbeat, Ping};
use super::in_flight::{InFlight, Place, Waiter};
use super::inbound::Inbound;
use crate::error::{Error, ErrorCode};
use crate::platform::Instant;

/// Places that mutations leave to reads, so that a full outbox does not keep a page of history waiting.
const READ_RESERVE: usize = 16;
/// Frames beside requests that may wait to be written: a ping and a bye.
const OTHER_FRAMES: usize = 4;

/// What the writer takes.
pub(crate) enum Outgoing {
    /// An encoded frame.
    Frame(Bytes),
    /// Close the WebSocket; nothing comes after.
    Close,
}

/// A handle to one connection, from its Welcome to its end. Once the connection has fallen, everything is refused with
/// 9508, whatever connection stands by then: what was submitted before and what comes after can never swap places.
#[derive(Clone)]
pub(crate) struct Session(Arc<Shared>);

struct Shared {
    /// All places of the server's window.
    places: Arc<Semaphore>,
    /// Those that mutations may take.
    mutation_places: Arc<Semaphore>,
    in_flight: Mutex<InFlight>,
    /// Has room for every place, so it is never found full.
    queue: mpsc::Sender<Outgoing>,
    unwritable: mpsc::Sender<Inbound>,
    heartbeat: Mutex<Heartbeat>,
    wake: Notify,
    frame_bytes: usize,
    /// Movements of large groups that are held.
    groups: AtomicU64,
}

/// The ends that belong to the task which serves the connection.
pub(crate) struct Served {
    /// Frames to write.
    pub(crate) queue: mpsc::Receiver<Outgoing>,
    /// Answers to what could not be written, to be delivered among the others.
    pub(crate) unwritable: mpsc::Receiver<Inbound>,
}

impl Session {
    /// For a connection whose server accepts `limits`.
    pub(crate) fn new(limits: Option<&wire::ServerLimits>, heartbeat: Heartbeat) -> (Self, Served) {
        let told = |value: Option<u32>, ours: usize| match value.map(|value| value as usize) {
            None | Some(0) => ours,
            Some(value) => value.min(ours),
        };
        let window = told(limits.map(|limits| limits.requests_in_flight), REQUESTS_IN_FLIGHT);
        let frame_bytes = told(limits.map(|limits| limits.frame_bytes), FRAME_BYTES);
        let reserve = (window / 4).min(READ_RESERVE);
        let (queue, queue_end) = mpsc::channel(window + OTHER_FRAMES);
        let (unwritable, unwritable_end) = mpsc::channel(1);
        let shared = Shared {
            places: Arc::new(Semaphore::new(window)),
            mutation_places: Arc::new(Semaphore::new(window - reserve)),
            in_flight: Mutex::default(),
            queue,
            unwritable,
            heartbeat: Mutex::new(heartbeat),
            wake: Notify::new(),
            frame_bytes,
            groups: AtomicU64::new(0),
        };
        (Self(Arc::new(shared)), Served { queue: queue_end, unwritable: unwritable_end })
    }

    /// Asks and waits for the answer. Dropping the future is safe at any time.
    ///
    /// Must not be awaited by the task that drains the [`Inbound`] channel: the answer comes behind what is in there.
    ///
    /// # Errors
    ///
    /// 9508 without a connection or when it falls; 9520 when no answer came in time, and the connection with it; the
    /// server's refusal.
    pub(crate) async fn request(&self, body: wire::request::Body) -> Result<wire::Response, Error> {
        let place = self.place(false).await?;
        let (waiter, answer) = oneshot::channel();
        self.send(None, body, Waiter::Request(waiter), place)?;
        answer.await.unwrap_or_else(|_| Err(ErrorCode::Disconnected.into()))
    }

    /// Queues a mutation for this connection, in the order of the calls, and returns; while the server's window is full
    /// it waits. The answer comes as [`Inbound::Answer`]. Dropping the future before it is ready queues nothing.
    ///
    /// # Errors
    ///
    /// 9508 when the connection has fallen. Nothing was written then.
    pub(crate) async fn submit(
        &self,
        tag: u64,
        operation: Option<OperationId>,
        body: wire::request::Body,
    ) -> Result<(), Error> {
        let place = self.place(true).await?;
        match self.send(operation, body, Waiter::Submit(tag), place) {
            Err(error) if !error.is(ErrorCode::Disconnected) => {
                let answer = Inbound::Answer { tag, result: Err(error) };
                self.0.unwritable.send(answer).await.map_err(|_| ErrorCode::Disconnected.into())
            }
            sent => sent,
        }
    }

    async fn place(&self, mutation: bool) -> Result<Place, Error> {
        let fallen = |_| Error::from(ErrorCode::Disconnected);
        let mutation = if mutation {
            Some(self.0.mutation_places.clone().acquire_owned().await.map_err(fallen)?)
        } else {
            None
        };
        let any = self.0.places.clone().acquire_owned().await.map_err(fallen)?;
        Ok(Place { _any: any, _mutation: mutation })
    }

    fn send(
        &self,
        operation: Option<OperationId>,
        body: wire::request::Body,
        waiter: Waiter,
        place: Place,
    ) -> Result<(), Error> {
        // Held over the encoding, so that ids, deadlines and the queue have one order.
        let mut in_flight = self.in_flight();
        let id = in_flight.next_id().ok_or(ErrorCode::Disconnected)?;
        let operation_id = operation.map(OperationId::to_bytes).unwrap_or_default();
        let request = wire::Request { id, operation_id, body: Some(body) };
        let frame = self.encode(wire::client_frame::Body::Request(request))?;
        self.0.queue.try_send(Outgoing::Frame(frame)).map_err(|_| ErrorCode::Disconnected)?;
        let first = in_flight.oldest().is_none();
        in_flight.add(id, waiter, place, Instant::now());
        drop(in_flight);
        if first {
            self.wake();
        }
        Ok(())
    }

    fn encode(&self, body: wire::client_frame::Body) -> Result<Bytes, Error> {
        let frame = wire::ClientFrame { body: Some(body) };
        let length = frame.encoded_len();
        if length > self.0.frame_bytes {
            return Err(Error::new(
                ErrorCode::FrameTooLarge,
                format!("the request has {length} bytes; the server accepts {}", self.0.frame_bytes),
            ));
        }
        let mut bytes = BytesMut::with_capacity(length);
        frame
            .encode(&mut bytes)
            .map_err(|error| Error::new(ErrorCode::FrameUnencodable, error.to_string()))?;
        Ok(bytes.freeze())
    }

    /// Queues a ping if none is on its way; the pong tells whether the connection lives.
    pub(crate) fn probe(&self) {
        let ping = self.heartbeat().probe(Instant::now());
        if let Some(ping) = ping {
            self.ping(ping);
        }
    }

    /// Queues a ping.
    pub(crate) fn ping(&self, ping: Ping) {
        let Ping { nonce, next_ms } = ping;
        let groups = self.0.groups.load(Ordering::Relaxed);
        self.send_other(wire::client_frame::Body::Ping(wire::Ping { nonce, next_ms, groups }));
    }

    /// Movements of large groups up to this one are held: pings say so.
    pub(crate) fn hold_groups(&self, groups: u64) {
        self.0.groups.store(groups, Ordering::Relaxed);
    }

    /// Queues the client's farewell, then the end of the WebSocket. Nothing is taken after it.
    pub(crate) fn say_bye(&self, logout: bool) {
        self.refuse_waiting();
        self.in_flight().take_no_more();
        self.send_other(wire::client_frame::Body::Bye(wire::Bye { error: None, logout }));
        let _ = self.0.queue.try_send(Outgoing::Close);
    }

    fn send_other(&self, body: wire::client_frame::Body) {
        // A queue without room has a stuck writer behind it; the deadlines see to that.
        if let Ok(frame) = self.encode(body) {
            let _ = self.0.queue.try_send(Outgoing::Frame(frame));
        }
    }

    /// Takes an answer in. Gives what the owner has to be told.
    pub(crate) fn settle(&self, response: wire::Response) -> Option<Inbound> {
        self.in_flight().settle(response)
    }

    /// Ends the session for its users: those who wait for a request get `error`, those who wait for a place 9508.
    pub(crate) fn close(&self, error: &Error) {
        self.refuse_waiting();
        self.in_flight().close(error);
    }

    fn refuse_waiting(&self) {
        self.0.places.close();
        self.0.mutation_places.close();
    }

    /// Since when the oldest request has been waiting for its answer.
    pub(crate) fn oldest(&self) -> Option<Instant> {
        self.in_flight().oldest()
    }

    /// Makes whoever watches the connection look again: something is due earlier than it was.
    pub(crate) fn wake(&self) {
        self.0.wake.notify_one();
    }

    /// Resolves after [`Session::wake`], also when that came before.
    pub(crate) async fn woken(&self) {
        self.0.wake.notified().await;
    }

    /// The connection's heartbeat.
    pub(crate) fn heartbeat(&self) -> MutexGuard<'_, Heartbeat> {
        self.0.heartbeat.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn in_flight(&self) -> MutexGuard<'_, InFlight> {
        self.0.in_flight.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(test)]
    pub(crate) fn in_flight_len(&self) -> usize {
        self.in_flight().len()
    }
}
