//! One session: what its connection's tasks share.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tokio::sync::Notify;
use tokio_util::task::TaskTracker;
use whinchat_proto::codec;
use whinchat_proto::error::{ErrorCode, ProtoError};
use whinchat_proto::id::UserId;
use whinchat_proto::wire;
use whinchat_proto::wire::response::Body;
use whinchat_proto::wire::server_frame::Body as FrameBody;

use super::chain::{Chain, Standing};
use super::lane::Lane;
use super::outgoing::{End, Outgoing};
use super::reads::Reads;
use super::refusals::Refusals;
use crate::bus::{Hint, Origin};
use crate::clock::now_ms;
use crate::service::{Admitted, Asker, Credential, Parcel, Service, refused, renewed};
use crate::storage::{GroupHeads, SessionState, Standing as Stored};

/// Encodes a frame of the server. What is too large to send becomes nothing, which storage's pages rule out.
pub(super) fn encode(body: FrameBody) -> Option<Bytes> {
    match codec::encode(&wire::ServerFrame { body: Some(body) }) {
        Ok(frame) => Some(frame),
        Err(error) => {
            tracing::error!(%error, "a frame could not be sent");
            None
        }
    }
}

/// The last frame of a connection.
pub(crate) fn bye(error: &ProtoError) -> Option<Bytes> {
    encode(FrameBody::Bye(wire::Bye { error: Some(error.to_wire()), logout: false }))
}

/// A response that answers no request that could be read.
pub(super) fn response(id: u64, error: &ProtoError) -> Option<Bytes> {
    encode(FrameBody::Response(wire::Response {
        id,
        body: Some(Body::Error(error.to_wire())),
        ..Default::default()
    }))
}

/// Encodes an answer. Each request gets one: instead of one that is too large to send, a refusal.
fn encode_response(answer: wire::Response) -> Option<Bytes> {
    let id = answer.id;
    encode(FrameBody::Response(answer)).or_else(|| response(id, &ErrorCode::FrameTooLarge.into()))
}

/// Queues a frame; a reader who is too slow for it is cut off.
pub(super) fn push(outgoing: &Outgoing, frame: Option<Bytes>) {
    if let Some(frame) = frame {
        outgoing.push(frame, || bye(&ErrorCode::SlowReader.into()).unwrap_or_default());
    }
}

/// Most large groups that one pong names.
const HEADS: usize = 500;

/// Where large groups stand, as a pong that answers no ping.
pub(super) fn heads_frame(moved: Vec<wire::GroupHead>) -> Option<Bytes> {
    encode(FrameBody::Pong(wire::Pong { nonce: 0, server_time_ms: now_ms(), cursor: None, moved }))
}

/// A number that no other connection has. Should randomness fail, two of them share pushes that storage repairs.
fn random() -> u64 {
    let mut bytes = [0; 8];
    let _ = getrandom::fill(&mut bytes);
    u64::from_le_bytes(bytes)
}

/// See the module.
pub(crate) struct Session {
    pub(super) who: Admitted,
    /// Names this connection; a resume has another.
    origin: Origin,
    pub(super) service: Arc<Service>,
    pub(super) tasks: TaskTracker,
    pub(super) outgoing: Arc<Outgoing>,
    pub(super) lane: Lane,
    pub(super) reads: Reads,
    chain: Mutex<Chain>,
    refusals: Mutex<Refusals>,
    /// The chain has a hole, the credential another end, or a large group's push came too early.
    pub(super) hole: Notify,
    /// Of the credential that stands now.
    issued_ms: AtomicI64,
    expires_ms: AtomicI64,
    /// Movements of large groups up to this one were told by Welcome or a pong.
    groups: AtomicU64,
    /// A large group's push came before Welcome and was dropped.
    too_early: AtomicBool,
    in_flight: AtomicUsize,
    /// Nothing is in flight any more.
    quiet: Notify,
}

impl Session {
    pub(super) fn new(
        who: Admitted,
        service: Arc<Service>,
        tasks: TaskTracker,
        outgoing: Arc<Outgoing>,
    ) -> Arc<Self> {
        let Credential { issued_ms, expires_ms } = who.credential;
        Arc::new(Self {
            who,
            issued_ms: AtomicI64::new(issued_ms),
            expires_ms: AtomicI64::new(expires_ms),
            origin: Origin(random()),
            service,
            tasks,
            outgoing,
            lane: Lane::default(),
            reads: Reads::default(),
            chain: Mutex::default(),
            refusals: Mutex::default(),
            hole: Notify::new(),
            groups: AtomicU64::new(0),
            too_early: AtomicBool::new(false),
            in_flight: AtomicUsize::new(0),
            quiet: Notify::new(),
        })
    }

    fn chain(&self) -> MutexGuard<'_, Chain> {
        self.chain.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn refusals(&self) -> MutexGuard<'_, Refusals> {
        self.refusals.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Requests that wait for an answer.
    pub(super) fn in_flight(&self) -> usize {
        self.in_flight.load(Ordering::Relaxed)
    }

    /// A request is taken on.
    pub(super) fn take_on(&self) {
        self.in_flight.fetch_add(1, Ordering::Relaxed);
    }

    /// Waits until nothing is in flight.
    pub(super) async fn quiet(&self) {
        loop {
            let quiet = self.quiet.notified();
            if self.in_flight() == 0 {
                return;
            }
            quiet.await;
        }
    }

    /// Queues a frame.
    pub(super) fn send(&self, frame: Option<Bytes>) {
        push(&self.outgoing, frame);
    }

    /// Ends the connection, saying why if there is something to say.
    pub(crate) fn end(&self, last: Option<Bytes>, orderly: bool) {
        self.outgoing.end(End { last, orderly });
    }

    /// Works on the chain; what becomes due goes out in this order.
    fn chained(&self, work: impl FnOnce(&mut Chain, &mut dyn FnMut(Bytes))) {
        let mut chain = self.chain();
        work(&mut chain, &mut |frame| push(&self.outgoing, Some(frame)));
        let standing = chain.standing();
        drop(chain);
        if standing != Standing::Whole {
            self.hole.notify_one();
        }
    }

    /// The user's log has moved.
    pub(super) fn wake(&self, version: u64, hint: Option<&Hint>) {
        match hint {
            // The response tells it.
            Some(hint) if hint.origin == Some(self.origin) => {}
            Some(hint) => {
                self.chained(|chain, send| chain.step(hint.prev, version, Some(hint.frame.clone()), send));
            }
            None => self.chained(|chain, _| chain.heard_of(version)),
        }
    }

    /// Sends Welcome, and behind it what has happened since its page was read.
    pub(super) fn welcome(&self, frame: Bytes, to: wire::Cursor) {
        self.groups.store(to.groups, Ordering::Relaxed);
        self.chained(|chain, send| {
            send(frame);
            chain.begin(to.version, send);
        });
        if self.too_early.load(Ordering::Relaxed) {
            self.hole.notify_one();
        }
    }

    /// Whether this connection hears of it by the push, not by an answer.
    pub(super) fn hears(&self, parcel: &Parcel) -> bool {
        parcel.is_for(self.origin)
    }

    /// A push to a large group. It stands outside the chain: a pong shows whether one was missed.
    pub(super) fn group_push(&self, frame: &Bytes) {
        let chain = self.chain();
        if chain.pushed().is_some() {
            push(&self.outgoing, Some(frame.clone()));
        } else {
            self.too_early.store(true, Ordering::Relaxed);
        }
    }

    /// Whether a push to a large group was dropped because Welcome was still to come; asked once.
    pub(super) fn take_too_early(&self) -> bool {
        self.too_early.swap(false, Ordering::Relaxed)
    }

    /// The movements of large groups that Welcome or a pong has told.
    pub(super) fn groups(&self) -> u64 {
        self.groups.load(Ordering::Relaxed)
    }

    /// Where the user's large groups stand that have moved above `since`; nothing while storage is in trouble.
    pub(super) async fn group_heads(&self, since: u64) -> Option<GroupHeads> {
        let heads = self.service.group_heads(&self.who.user, since, HEADS).await.ok()?;
        self.groups.fetch_max(heads.upto, Ordering::Relaxed);
        Some(heads)
    }

    /// Tells where the user's large groups stand, unasked.
    pub(super) async fn tell_group_heads(&self) {
        if let Some(heads) = self.group_heads(self.groups()).await {
            self.send(heads_frame(heads.heads));
        }
    }

    /// Welcome was sent.
    pub(super) fn is_welcome(&self) -> bool {
        self.chain().pushed().is_some()
    }

    /// When the credential expires, milliseconds since the epoch.
    pub(super) fn expires_ms(&self) -> i64 {
        self.expires_ms.load(Ordering::Relaxed)
    }

    /// Puts a fresh credential in the place of the one that stands.
    pub(super) async fn renew(&self, renew: &wire::RenewCredential) -> Result<Body, ProtoError> {
        let credential = self.service.renew(&self.who, renew).await?;
        self.issued_ms.store(credential.issued_ms, Ordering::Relaxed);
        self.expires_ms.store(credential.expires_ms, Ordering::Relaxed);
        // The connection's timer is set anew.
        self.hole.notify_one();
        Ok(renewed(credential))
    }

    /// Does what storage says that the bus may have lost.
    pub(super) fn judge(&self, stored: &Stored) {
        let credential =
            Credential { issued_ms: self.issued_ms.load(Ordering::Relaxed), expires_ms: self.expires_ms() };
        match refused(stored, credential) {
            Some(error) => self.end(bye(&error), true),
            None if stored.state == SessionState::Gone => self.end(None, false),
            None => self.wake(stored.version, None),
        }
    }

    /// How the pushes stand.
    pub(super) fn standing(&self) -> Standing {
        self.chain().standing()
    }

    /// The version that was told last.
    pub(super) fn pushed(&self) -> u64 {
        self.chain().pushed().unwrap_or(0)
    }

    /// Sends what storage has beyond what was told.
    pub(super) async fn repair(&self, epoch: u64) {
        let since = wire::Cursor { epoch, version: self.pushed(), groups: 0 };
        let Ok(page) = self.service.changes(&self.who.user, since, 0, None).await else {
            // Logged where it failed; the next ping tries again.
            return;
        };
        let to = page.to.unwrap_or_default().version;
        self.chained(|chain, send| {
            let pushed = chain.pushed().unwrap_or(0);
            let mut changes: Vec<_> = page.changes.into_iter().filter(|c| c.version > pushed).collect();
            if page.continue_below != 0 {
                // Too much for pushes: the newest alone shows the client its hole, and it asks for the rest.
                changes.truncate(1);
            }
            changes.reverse();
            let whole = page.continue_below == 0;
            let mut prev = pushed;
            for change in changes {
                let Some(wire::change::Body::Conversation(conversation)) = change.body else { continue };
                let push = wire::Push {
                    prev_version: if whole { prev } else { change.version.saturating_sub(1) },
                    version: change.version,
                    body: Some(wire::push::Body::Conversation(conversation)),
                };
                prev = change.version;
                if let Some(frame) = encode(FrameBody::Push(push)) {
                    send(frame);
                }
            }
            chain.repaired(to, send);
        });
    }

    /// Refuses a request that was never taken on.
    pub(super) fn refuse(&self, request: u64, error: &ProtoError) {
        self.send(response(request, error));
    }

    fn answered(&self) {
        if self.in_flight.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.quiet.notify_one();
        }
    }
}

impl Asker for Session {
    fn user(&self) -> &UserId {
        &self.who.user
    }

    fn origin(&self) -> Origin {
        self.origin
    }

    fn answer(&self, request: u64, moved: Option<(u64, u64)>, body: Body) {
        let mut response = wire::Response { id: request, body: Some(body), ..Default::default() };
        match moved {
            None => self.send(encode_response(response)),
            Some((prev, version)) => self.chained(|chain, send| {
                let chains = chain.answer(prev, version);
                if chains {
                    (response.prev_version, response.version) = (prev, version);
                }
                if let Some(frame) = encode_response(response) {
                    send(frame);
                }
                if chains {
                    chain.follow(send);
                } else {
                    // What was done is on its way by itself; here it is only known to have happened.
                    chain.step(prev, version, None, send);
                }
            }),
        }
        self.answered();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use whinchat_proto::limits::FRAME_BYTES;

    #[test]
    fn an_answer_that_is_too_large_becomes_a_refusal_and_not_nothing() {
        let body = Some(Body::FetchEntries(vec![0; FRAME_BYTES].into()));
        let frame = encode_response(wire::Response { id: 7, body, ..Default::default() }).unwrap();
        let frame: wire::ServerFrame = codec::decode(frame).unwrap();
        let Some(FrameBody::Response(answer)) = frame.body else { panic!("no answer") };
        assert!(answer.id == 7 && matches!(answer.body, Some(Body::Error(_))));
    }
}
