//! One connection, from its Welcome to its end.
//!
//! Reading, writing and watching run side by side in one task: a server that waits for us to read is never waited for
//! with a write.

use std::pin::pin;

use bytes::Bytes;
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{Notify, mpsc};
use tokio_tungstenite::tungstenite::{Error as WsError, Message};
use whinchat_proto::{codec, wire};

use super::heartbeat::Verdict;
use super::hello::{Failed, farewell};
use super::inbound::Inbound;
use super::server_clock::ServerClock;
use super::session::{Outgoing, Served, Session};
use super::transport::{self, WebSocket};
use crate::error::{Error, ErrorCode};
use crate::platform::{Instant, sleep_until, timeout};

/// Frames taken along in one flush at most.
const BATCH: usize = 256;
/// How long a farewell may take.
pub(crate) const FAREWELL: std::time::Duration = std::time::Duration::from_secs(1);
/// After a failed write, how long to look for a Bye that says why.
const LAST_WORDS: std::time::Duration = std::time::Duration::from_millis(500);

/// How a connection or an attempt ended.
pub(crate) enum End {
    /// It was cut, or could not be made.
    Cut(Error),
    /// The server ended it and said why.
    Refused(Error),
    /// The owner has gone: nobody takes what arrives.
    Abandoned,
    /// The owner wished it.
    Stopped,
}

impl From<Failed> for End {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Cut(error) => Self::Cut(error),
            Failed::Refused(error) => Self::Refused(error),
        }
    }
}

/// What serving needs from around the connection.
pub(crate) struct Around<'a> {
    /// Where arrivals go.
    pub(crate) inbound: &'a mpsc::Sender<Inbound>,
    /// Learns the time from pongs.
    pub(crate) clock: &'a ServerClock,
    /// Rings when the network may have changed.
    pub(crate) hint: &'a Notify,
}

/// Serves a connection until it ends. `stop` resolves when the owner wishes the end, with whether to log out.
pub(crate) async fn serve(
    web_socket: WebSocket,
    welcome: Box<wire::Welcome>,
    session: &Session,
    served: Served,
    around: Around<'_>,
    stop: impl Future<Output = bool>,
) -> End {
    let (sink, stream) = web_socket.split();
    let Served { queue, unwritable } = served;
    let mut reading = pin!(read(stream, welcome, session, unwritable, around.inbound, around.clock));
    let mut writing = pin!(write(sink, queue, session));
    let watching = pin!(watch(session, around.hint));
    tokio::select! {
        end = &mut reading => end,
        failure = &mut writing => {
            // The server's reason may stand in what is not read yet.
            match timeout(LAST_WORDS, reading).await {
                Some(End::Refused(error)) => End::Refused(error),
                _ => End::Cut(failure.unwrap_or_else(|| ErrorCode::ConnectionReset.into())),
            }
        }
        error = watching => End::Cut(error),
        () = around.inbound.closed() => End::Abandoned,
        logout = stop => {
            session.say_bye(logout);
            let farewell = async {
                tokio::select! {
                    _ = &mut reading => {}
                    // The server answers the close by closing.
                    _ = &mut writing => { reading.await; }
                }
            };
            let _ = timeout(FAREWELL, farewell).await;
            End::Stopped
        }
    }
}

async fn read(
    mut stream: SplitStream<WebSocket>,
    welcome: Box<wire::Welcome>,
    session: &Session,
    mut unwritable: mpsc::Receiver<Inbound>,
    inbound: &mpsc::Sender<Inbound>,
    clock: &ServerClock,
) -> End {
    let mut next = Some(Inbound::Up(welcome, session.clone()));
    loop {
        // Room first, then the socket: what was read can always be delivered.
        let room = match inbound.try_reserve() {
            Ok(room) => room,
            Err(TrySendError::Closed(())) => return End::Abandoned,
            Err(TrySendError::Full(())) => {
                session.heartbeat().stop_reading();
                let Ok(room) = inbound.reserve().await else { return End::Abandoned };
                session.heartbeat().read_again(Instant::now());
                room
            }
        };
        let item = match next.take() {
            Some(item) => item,
            None => loop {
                tokio::select! {
                    message = stream.next() => match understand(message, session, clock) {
                        Ok(Some(item)) => break item,
                        Ok(None) => {}
                        Err(end) => return end,
                    },
                    Some(answer) = unwritable.recv() => break answer,
                }
            },
        };
        room.send(item);
    }
}

/// What a WebSocket message is to the owner: something, nothing, or the end.
fn understand(
    message: Option<Result<Message, WsError>>,
    session: &Session,
    clock: &ServerClock,
) -> Result<Option<Inbound>, End> {
    let message = match message {
        None => return Err(End::Cut(ErrorCode::ConnectionReset.into())),
        Some(Err(error)) => return Err(End::Cut(transport::broken(error))),
        Some(Ok(message)) => message,
    };
    session.heartbeat().heard(Instant::now());
    match message {
        Message::Binary(bytes) => frame(bytes, session, clock),
        Message::Close(frame) => Err(End::Cut(transport::closed(frame.as_ref()))),
        // WebSocket pings are answered below us.
        _ => Ok(None),
    }
}

fn frame(bytes: Bytes, session: &Session, clock: &ServerClock) -> Result<Option<Inbound>, End> {
    use wire::server_frame::Body;
    let frame: wire::ServerFrame = codec::decode(bytes).map_err(End::Cut)?;
    match frame.body {
        Some(Body::Response(response)) => Ok(session.settle(response)),
        Some(Body::Push(push)) => Ok(Some(Inbound::Push(push))),
        Some(Body::Pong(pong)) => {
            let now = Instant::now();
            let round_trip = session.heartbeat().pong(pong.nonce, now);
            if let Some(round_trip) = round_trip {
                clock.told(pong.server_time_ms, round_trip, now);
                session.wake();
            }
            Ok((pong.cursor.is_some() || !pong.moved.is_empty()).then_some(Inbound::Pong(pong)))
        }
        Some(Body::Bye(bye)) => Err(farewell(bye).into()),
        Some(Body::Welcome(_)) | None => {
            tracing::debug!("a frame that this version does not know was ignored");
            Ok(None)
        }
    }
}

/// Writes what is queued, everything that waits in one flush. Ends with what went wrong, or `None` after a close.
async fn write(
    mut sink: SplitSink<WebSocket, Message>,
    mut queue: mpsc::Receiver<Outgoing>,
    session: &Session,
) -> Option<Error> {
    let mut batch = Vec::new();
    while queue.recv_many(&mut batch, BATCH).await > 0 {
        for outgoing in batch.drain(..) {
            let done = match outgoing {
                Outgoing::Frame(frame) => sink.feed(Message::Binary(frame)).await,
                Outgoing::Close => return sink.close().await.err().map(transport::broken),
            };
            if let Err(error) = done {
                return Some(transport::broken(error));
            }
        }
        if let Err(error) = sink.flush().await {
            return Some(transport::broken(error));
        }
        session.heartbeat().sent(Instant::now());
    }
    None
}

/// Pings when it is time, and ends when the connection is dead.
async fn watch(session: &Session, hint: &Notify) -> Error {
    loop {
        let oldest = session.oldest();
        let verdict = session.heartbeat().judge(Instant::now(), oldest);
        let until = match verdict {
            Verdict::Dead => return ErrorCode::AnswerTimeout.into(),
            Verdict::Ping(ping) => {
                session.ping(ping);
                continue;
            }
            Verdict::Wait(until) => until,
        };
        tokio::select! {
            () = sleep_until(until) => {}
            () = session.woken() => {}
            // On another network the old connection is mostly dead; asking finds out sooner than waiting.
            () = hint.notified() => session.probe(),
        }
    }
}
