//! The first frame of a connection, and the session that comes of it.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use whinchat_proto::error::{ErrorCode, ProtoError};
use whinchat_proto::limits::{ID_BYTES, PAGE_ENTRIES};
use whinchat_proto::wire;
use whinchat_proto::wire::client_frame::Body as ClientBody;
use whinchat_proto::wire::server_frame::Body as FrameBody;

use super::Gateway;
use super::incoming::{Incoming, Source, next};
use super::outgoing::{End, Outgoing};
use super::session::{Session, bye, encode, push, response};
use crate::bus::Subject;
use crate::clock::now_ms;
use crate::service::ended;
use crate::storage::Ending;

/// How long a notice of displacement is worth anything.
const DISPLACED_TTL: Duration = Duration::from_secs(30);

/// Ends a connection that has no session.
fn end(outgoing: &Outgoing, error: &ProtoError) {
    outgoing.end(End { last: bye(error), orderly: true });
}

/// Waits for a Hello. Requests before it are refused, anything that is not of the protocol ends the connection.
async fn first(source: &mut Source, outgoing: &Outgoing, frame_bytes: usize) -> Option<Box<wire::Hello>> {
    loop {
        let refused = match next(source, frame_bytes).await {
            Incoming::Frame(frame) => match frame.body {
                Some(ClientBody::Hello(hello)) => return Some(Box::new(hello)),
                Some(ClientBody::Request(request)) => response(request.id, &ErrorCode::NotAuthorised.into()),
                Some(ClientBody::Ping(_)) => response(0, &ErrorCode::NotAuthorised.into()),
                Some(ClientBody::Bye(_)) => return None,
                None => response(0, &ErrorCode::Unsupported.into()),
            },
            Incoming::Alive => continue,
            Incoming::Garbage | Incoming::Broken => {
                end(outgoing, &ErrorCode::FrameUndecodable.into());
                return None;
            }
            Incoming::TooLarge => {
                end(outgoing, &ErrorCode::FrameTooLarge.into());
                return None;
            }
            Incoming::Gone => return None,
        };
        push(outgoing, refused);
    }
}

/// Brings a connection to its session; nothing when it came to none, which the client has been told. Gives the epoch
/// of the user's log as well.
pub(super) async fn greet(
    gateway: &Gateway,
    source: &mut Source,
    outgoing: &Arc<Outgoing>,
    peer: IpAddr,
) -> Option<(Arc<Session>, u64)> {
    let limit = Duration::from_millis(gateway.config.hello_timeout_ms);
    let hello = tokio::select! {
        hello = tokio::time::timeout(limit, first(source, outgoing, gateway.config.frame_bytes)) => hello,
        () = gateway.draining.cancelled() => {
            end(outgoing, &ErrorCode::Draining.into());
            return None;
        }
    };
    let Ok(hello) = hello else {
        let error = ProtoError::new(ErrorCode::NotAuthorised, "no Hello came in time");
        end(outgoing, &error);
        return None;
    };
    let hello = hello?;
    let admitted = match gateway.service.admit(&hello, peer, now_ms()) {
        Ok(admitted) => admitted,
        Err(error) => {
            tracing::info!(%peer, code = error.code, "a login was refused");
            end(outgoing, &error);
            return None;
        }
    };
    let service = Arc::clone(&gateway.service);
    let session = Session::new(admitted, service, gateway.tasks.clone(), Arc::clone(outgoing));
    // Before storage is asked: a displacement or an append from now on finds the session.
    gateway.hub.join(&session);
    match open(gateway, &session).await {
        Ok(epoch) => Some((session, epoch)),
        Err(error) => {
            tracing::info!(user = %session.who.user, code = error.code, "a session was refused");
            gateway.hub.leave(&session);
            end(outgoing, &error);
            None
        }
    }
}

async fn open(gateway: &Gateway, session: &Arc<Session>) -> Result<u64, ProtoError> {
    let who = &session.who;
    let opened = gateway.service.open(who).await?;
    let displaced = opened.displaced;
    let bus = &gateway.service.bus;
    if let Some(last) = bye(&ended(Ending::Displaced)) {
        for other in displaced.others {
            bus.deliver(&Subject::Session(who.user.clone(), other), last.clone(), DISPLACED_TTL);
        }
    }
    if let Some(ghost) = displaced.ghost {
        // Here it has ended already; another node may still hold it.
        bus.deliver(&Subject::Session(who.user.clone(), ghost), Bytes::new(), DISPLACED_TTL);
    }
    // From here on the user counts as live, whatever happens.
    let welcomed = welcome(gateway, session, opened.groups).await;
    if welcomed.is_err() {
        leave(gateway, session, false).await;
    }
    welcomed
}

async fn welcome(gateway: &Gateway, session: &Arc<Session>, groups: u64) -> Result<u64, ProtoError> {
    let who = &session.who;
    let changes = gateway.service.changes(&who.user, who.cursor, 0, who.deleted_since).await;
    let mut changes = changes.map_err(|_| ProtoError::from(ErrorCode::LoginFault))?;
    let to = wire::Cursor { groups, ..changes.to.unwrap_or_default() };
    changes.to = Some(to);
    let config = &gateway.config;
    let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
    let welcome = wire::Welcome {
        session_id: who.session.to_bytes(),
        server_time_ms: now_ms(),
        heartbeat_ms: config.heartbeat_ms,
        longest_heartbeat_ms: config.longest_heartbeat_ms,
        limits: Some(wire::ServerLimits {
            content_bytes: number(config.content_bytes),
            frame_bytes: number(config.frame_bytes),
            id_bytes: number(ID_BYTES),
            page_entries: number(PAGE_ENTRIES),
            requests_in_flight: number(config.requests_in_flight),
            requests_per_second: config.requests_per_second,
        }),
        changes: Some(changes),
        credential_expires_ms: who.credential.expires_ms,
    };
    let frame = encode(FrameBody::Welcome(welcome)).ok_or(ErrorCode::LoginFault)?;
    tracing::debug!(user = %who.user, session = %who.session, resume = who.resume, bytes = frame.len(), "welcome");
    session.welcome(frame, to);
    Ok(to.epoch)
}

/// Takes a session off the node.
pub(super) async fn leave(gateway: &Gateway, session: &Arc<Session>, forget: bool) {
    gateway.hub.leave(session);
    let who = &session.who;
    let closed = gateway.service.storage.close_session(who.user.clone(), who.session, forget).await;
    if let Err(fault) = closed {
        // The user goes on counting as live until the next start: that costs writes and loses nothing.
        tracing::warn!(user = %who.user, %fault, "a session could not be closed in storage");
    }
}
