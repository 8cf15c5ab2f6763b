//! One connection from the handshake to its end.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_util::sync::CancellationToken;
use whinchat_proto::error::{ErrorClass, ErrorCode, ProtoError};
use whinchat_proto::id::ConversationId;
use whinchat_proto::wire;
use whinchat_proto::wire::client_frame::Body as ClientBody;
use whinchat_proto::wire::request::Body as Ask;
use whinchat_proto::wire::response::Body;
use whinchat_proto::wire::server_frame::Body as FrameBody;

use super::Gateway;
use super::chain::Standing;
use super::hello;
use super::incoming::{Incoming, Source, next};
use super::lane::{Lane, Mutation, Queued};
use super::outgoing::{End, Outgoing};
use super::rate::Rate;
use super::reads::Reads;
use super::session::{Session, bye, encode, response};
use super::stream::Stream;
use super::writing;
use crate::clock::now_ms;
use crate::service::Asker as _;

/// Frames that are not of the protocol after which a connection is cut.
const GARBAGE: u32 = 10;
/// How long a missing push is waited for before storage is read.
const PATIENCE: Duration = Duration::from_millis(50);
/// Buffers are small: most connections are idle.
const READ_BUFFER: usize = 4 * 1_024;
const WRITE_BUFFER: usize = 4 * 1_024;
/// How long, and how much, a finished connection is read to its end so that the last words arrive.
const DRY_TIME: Duration = Duration::from_secs(1);
const DRY_BYTES: usize = 1_024 * 1_024;

/// Serves a connection.
pub(super) async fn serve(gateway: Arc<Gateway>, stream: Stream, peer: IpAddr) {
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_message_size(Some(gateway.config.frame_bytes))
        .max_frame_size(Some(gateway.config.frame_bytes));
    let handshake = tokio_tungstenite::accept_async_with_config(stream, Some(config));
    let limit = Duration::from_millis(gateway.config.hello_timeout_ms);
    let socket = tokio::select! {
        socket = tokio::time::timeout(limit, Box::pin(handshake)) => socket,
        () = gateway.draining.cancelled() => return,
    };
    let Ok(Ok(socket)) = socket else { return };
    let (sink, mut source) = socket.split();
    let outgoing = Arc::new(Outgoing::new(gateway.config.outgoing_frames, gateway.config.outgoing_bytes));
    let written = CancellationToken::new();
    let writer = async {
        let sink = writing::write(sink, &outgoing).await;
        written.cancel();
        sink
    };
    let reader = async {
        read(&gateway, &mut source, &outgoing, &written, peer).await;
        outgoing.end(End { last: None, orderly: true });
        source
    };
    let (sink, source) = futures_util::future::join(writer, Box::pin(reader)).await;
    if let Ok(socket) = source.reunite(sink) {
        let mut stream = socket.into_inner();
        let _ = tokio::time::timeout(DRY_TIME, dry(&mut stream)).await;
    }
}

/// Closing a socket with unread bytes resets it, and the client would never read why: so they are read.
async fn dry(stream: &mut Stream) -> std::io::Result<()> {
    stream.shutdown().await?;
    let mut sink = [0_u8; 1_024];
    let mut total = 0;
    while total < DRY_BYTES {
        match stream.read(&mut sink).await? {
            0 => break,
            n => total += n,
        }
    }
    Ok(())
}

async fn read(
    gateway: &Gateway,
    source: &mut Source,
    outgoing: &Arc<Outgoing>,
    written: &CancellationToken,
    peer: IpAddr,
) {
    let Some((session, epoch)) = hello::greet(gateway, source, outgoing, peer).await else { return };
    let mut reading = Reading {
        gateway,
        session: &session,
        epoch,
        rate: Rate::new(
            gateway.config.requests_per_second,
            gateway.config.request_burst,
            std::time::Instant::now(),
        ),
        arrivals: 0,
        silence: gateway.config.silence(0),
        garbage: 0,
        forget: false,
    };
    reading.run(source, written).await;
    let forget = reading.forget;
    hello::leave(gateway, &session, forget).await;
}

struct Reading<'a> {
    gateway: &'a Gateway,
    session: &'a Arc<Session>,
    /// Of the user's log.
    epoch: u64,
    rate: Rate,
    arrivals: u64,
    /// How long the client may be silent.
    silence: Duration,
    garbage: u32,
    forget: bool,
}

impl Reading<'_> {
    async fn run(&mut self, source: &mut Source, written: &CancellationToken) {
        let mut heard = Instant::now();
        // One timer for all: whichever comes first, the end of patience with a hole or with silence, or of the credential.
        let mut patience: Option<Instant> = None;
        let timer = tokio::time::sleep_until(self.end_of(heard + self.silence));
        tokio::pin!(timer);
        // Made once: each new one would queue at a list that all connections share.
        let written = written.cancelled();
        tokio::pin!(written);
        let draining = self.gateway.draining.cancelled();
        tokio::pin!(draining);
        loop {
            tokio::select! {
                incoming = next(source, self.gateway.config.frame_bytes) => {
                    heard = Instant::now();
                    let before = self.silence;
                    if !self.take(incoming).await {
                        return;
                    }
                    if self.silence < before && patience.is_none() {
                        timer.as_mut().reset(self.end_of(heard + self.silence));
                    }
                }
                () = self.session.hole.notified() => {
                    if self.session.take_too_early() {
                        Box::pin(self.session.tell_group_heads()).await;
                    }
                    match self.session.standing() {
                        // Perhaps the credential was renewed.
                        Standing::Whole if patience.is_none() => {
                            timer.as_mut().reset(self.end_of(heard + self.silence));
                        }
                        Standing::Whole => {}
                        Standing::Waiting if patience.is_some() => {}
                        Standing::Waiting => {
                            let until = Instant::now() + PATIENCE;
                            patience = Some(until);
                            timer.as_mut().reset(until);
                        }
                        Standing::Lost => Box::pin(self.session.repair(self.epoch)).await,
                    }
                }
                () = &mut timer => {
                    let now = Instant::now();
                    if patience.take().is_some() && self.session.standing() != Standing::Whole {
                        Box::pin(self.session.repair(self.epoch)).await;
                    }
                    if now_ms() >= self.session.expires_ms() {
                        tracing::debug!(user = %self.session.who.user, "a credential has expired");
                        self.session.end(bye(&ErrorCode::UserSigExpired.into()), true);
                        return;
                    }
                    if now >= heard + self.silence {
                        tracing::debug!(user = %self.session.who.user, "a silent connection was cut");
                        self.session.end(None, false);
                        return;
                    }
                    timer.as_mut().reset(self.end_of(heard + self.silence));
                }
                () = &mut written => return,
                () = &mut draining => {
                    // What was taken on is answered first, for as long as the server waits.
                    let limit = Duration::from_millis(self.gateway.config.drain_timeout_ms);
                    let _ = tokio::time::timeout(limit, self.session.quiet()).await;
                    self.session.end(bye(&ErrorCode::Draining.into()), true);
                    return;
                }
            }
        }
    }

    /// When to look again: at the end of silence, or when the credential expires if that is earlier. The wall clock may be
    /// set while this waits; it is asked again then.
    fn end_of(&self, silence: Instant) -> Instant {
        let now = Instant::now();
        let left = self.session.expires_ms().saturating_sub(now_ms()).max(0);
        let left = Duration::from_millis(left.unsigned_abs());
        if left >= silence.saturating_duration_since(now) { silence } else { now + left }
    }

    /// Tells whether the connection goes on.
    async fn take(&mut self, incoming: Incoming) -> bool {
        match incoming {
            Incoming::Frame(frame) => match frame.body {
                Some(ClientBody::Request(request)) => self.request(request),
                Some(ClientBody::Ping(ping)) => Box::pin(self.ping(ping)).await,
                Some(ClientBody::Hello(_)) => self.session.send(response(0, &ErrorCode::WrongState.into())),
                Some(ClientBody::Bye(bye)) => {
                    self.forget = bye.logout;
                    return false;
                }
                None => self.session.send(response(0, &ErrorCode::Unsupported.into())),
            },
            Incoming::Alive => {}
            Incoming::Garbage => {
                self.garbage += 1;
                let error = ErrorCode::FrameUndecodable.into();
                self.session.send(response(0, &error));
                if self.garbage >= GARBAGE {
                    self.session.end(bye(&error), true);
                    return false;
                }
            }
            Incoming::Broken => {
                self.session.end(bye(&ErrorCode::FrameUndecodable.into()), true);
                return false;
            }
            Incoming::TooLarge => {
                self.session.end(bye(&ErrorCode::FrameTooLarge.into()), true);
                return false;
            }
            Incoming::Gone => return false,
        }
        true
    }

    /// Tells first what was missed, then that this is all.
    async fn ping(&mut self, ping: wire::Ping) {
        self.silence = self.gateway.config.silence(ping.next_ms);
        let told = wire::Cursor { epoch: self.epoch, version: self.session.pushed(), groups: 0 };
        // In a flood, or with storage in trouble, the answer says only that the server lives: the next ping asks again.
        let looked = match self.too_fast() {
            Some(_) => Ok(told),
            None => self.session.service.head(&self.session.who.user).await,
        };
        let mut cursor = looked.unwrap_or(told);
        if cursor.version > self.session.pushed() {
            self.session.repair(self.epoch).await;
        }
        cursor.version = cursor.version.max(self.session.pushed());
        // A client that does not say what it holds has what it was told.
        let since = if ping.groups == 0 { self.session.groups() } else { ping.groups };
        let mut moved = Vec::new();
        if cursor.groups > since {
            let heads = Box::pin(self.session.group_heads(since)).await;
            cursor.groups = heads.as_ref().map_or(0, |heads| heads.upto);
            moved = heads.map(|heads| heads.heads).unwrap_or_default();
        }
        self.pong(ping.nonce, cursor, moved);
    }

    fn pong(&self, nonce: u64, cursor: wire::Cursor, moved: Vec<wire::GroupHead>) {
        let pong = wire::Pong { nonce, server_time_ms: now_ms(), cursor: Some(cursor), moved };
        self.session.send(encode(FrameBody::Pong(pong)));
    }

    /// That this came too soon after the others, if it did.
    fn too_fast(&mut self) -> Option<ProtoError> {
        let after_ms = self.rate.take(std::time::Instant::now()).err()?;
        let mut error = ProtoError::from(ErrorCode::TooManyRequests);
        error.class = ErrorClass::After(after_ms);
        Some(error)
    }

    /// Why a request is not taken on now, if it is not.
    fn too_much(&mut self) -> Option<ProtoError> {
        if let Some(error) = self.too_fast() {
            return Some(error);
        }
        let full = self.session.in_flight() >= self.gateway.config.requests_in_flight;
        full.then(|| ErrorCode::TooManyInFlight.into())
    }

    fn request(&mut self, request: wire::Request) {
        let session = self.session;
        if request.id == 0 {
            let error = ProtoError::new(ErrorCode::BadParameter, "a request's id is not 0");
            session.send(response(0, &error));
            return;
        }
        let Some(ask) = request.body else {
            session.refuse(request.id, &ErrorCode::Unsupported.into());
            return;
        };
        self.arrivals += 1;
        let arrival = self.arrivals;
        if let Some(error) = self.too_much() {
            session.refuse(request.id, &error);
            if let Ask::SendMessage(send) = &ask
                && !send.online_only
                && let Ok(conversation) = ConversationId::from_wire(send.conversation.as_ref())
                && !session.refusals().note(&conversation, send.round, arrival, &error)
            {
                session.end(bye(&error), true);
            }
            return;
        }
        session.take_on();
        match ask {
            Ask::SendMessage(send) => {
                let round = send.round;
                match session.service.check(&session.who.user, request.id, send) {
                    Ok(checked) => {
                        Lane::queue(session, Mutation::Send(Box::new(Queued { checked, round, arrival })));
                    }
                    Err(error) => session.answer(request.id, None, Body::Error(error.to_wire())),
                }
            }
            ask @ (Ask::FetchEntries(_) | Ask::GetChanges(_) | Ask::GetConversations(_)) => {
                Reads::queue(session, request.id, ask);
            }
            ask => {
                let operation = request.operation_id;
                Lane::queue(session, Mutation::Other { request: request.id, operation, ask: Box::new(ask) });
            }
        }
    }
}
