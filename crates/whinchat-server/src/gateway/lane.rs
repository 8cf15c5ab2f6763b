//! Mutations of one session, strictly in the order they came. While one batch is being synced the next one gathers.
//!
//! The queue is bounded by the requests that may be in flight. A task runs only while something waits; it belongs to the
//! server, not to the connection, so that what was begun is told to everybody even if the asker is gone.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use whinchat_proto::error::{ErrorCode, ProtoError};
use whinchat_proto::id::ConversationId;
use whinchat_proto::wire::request::Body as Ask;
use whinchat_proto::wire::response::Body;

use super::session::{Session, bye};
use crate::service::{Asker, Checked, LOOKS, Outcome};

/// A send with its place in the order.
pub(super) struct Queued {
    pub(super) checked: Checked,
    pub(super) round: u32,
    pub(super) arrival: u64,
}

/// One that waits.
pub(super) enum Mutation {
    Send(Box<Queued>),
    Other { request: u64, operation: bytes::Bytes, ask: Box<Ask> },
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Mutation>,
    running: bool,
}

/// See the module.
#[derive(Default)]
pub(super) struct Lane {
    state: Mutex<State>,
}

impl Lane {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Queues a mutation that was taken on.
    pub(super) fn queue(session: &Arc<Session>, mutation: Mutation) {
        let mut state = session.lane.lock();
        state.waiting.push_back(mutation);
        if !state.running {
            state.running = true;
            session.tasks.spawn(run(Arc::clone(session)));
        }
    }

    fn take(&self) -> Option<VecDeque<Mutation>> {
        let mut state = self.lock();
        if state.waiting.is_empty() {
            state.running = false;
            state.waiting.shrink_to_fit();
            return None;
        }
        Some(std::mem::take(&mut state.waiting))
    }
}

async fn run(session: Arc<Session>) {
    while let Some(batch) = session.lane.take() {
        let mut sends = Vec::new();
        for mutation in batch {
            match mutation {
                Mutation::Send(queued) if !queued.checked.online_only => sends.push(*queued),
                Mutation::Send(queued) => {
                    append(&session, std::mem::take(&mut sends)).await;
                    online(&session, *queued).await;
                }
                Mutation::Other { request, operation, ask } => {
                    append(&session, std::mem::take(&mut sends)).await;
                    Box::pin(other(&session, request, &operation, &ask)).await;
                }
            }
        }
        append(&session, sends).await;
    }
}

/// Notes a refusal that may pass, so that those behind it are refused as well.
fn note(session: &Session, conversation: &ConversationId, round: u32, arrival: u64, error: &ProtoError) {
    if !error.class.is_retryable() {
        return;
    }
    let mut refusals = session.refusals();
    if refusals.note(conversation, round, arrival, error) {
        // Those before it have been looked at: what stood against them alone is forgotten.
        refusals.settled(conversation, arrival);
    } else {
        session.end(bye(&ErrorCode::TooManyRequests.into()), true);
    }
}

fn refuse(session: &Session, queued: &Queued, error: &ProtoError) {
    session.answer(queued.checked.request, None, Body::Error(error.to_wire()));
    note(session, &queued.checked.conversation, queued.round, queued.arrival, error);
}

/// A refusal that stands against a message, if any.
fn held_up(session: &Session, queued: &Queued) -> Option<ProtoError> {
    session.refusals().stands_against(&queued.checked.conversation, queued.round, queued.arrival)
}

async fn append(session: &Arc<Session>, mut left: Vec<Queued>) {
    for _ in 0..LOOKS {
        if left.is_empty() {
            return;
        }
        let (mut kept, mut sends) = (Vec::with_capacity(left.len()), Vec::with_capacity(left.len()));
        for queued in left {
            if let Some(error) = held_up(session, &queued) {
                refuse(session, &queued, &error);
                continue;
            }
            match session.service.prepare(&**session, &queued.checked).await {
                Ok(Some(send)) => {
                    sends.push(send);
                    kept.push(queued);
                }
                Ok(None) => {}
                Err(error) => refuse(session, &queued, &error),
            }
        }
        left = Vec::new();
        if sends.is_empty() {
            return;
        }
        let asker = Arc::clone(session) as Arc<dyn Asker>;
        let outcomes = session.service.append(asker, sends).await;
        for (queued, outcome) in kept.into_iter().zip(outcomes) {
            let conversation = &queued.checked.conversation;
            match outcome {
                Outcome::Done => session.refusals().settled(conversation, queued.arrival),
                Outcome::Refused(error) => note(session, conversation, queued.round, queued.arrival, &error),
                Outcome::Stale => {
                    session.service.look_again(conversation);
                    left.push(queued);
                }
            }
        }
    }
    for queued in left {
        refuse(session, &queued, &ErrorCode::MessageFault.into());
    }
}

/// What is stored nowhere has no place in an order: no refusal stands against it, and none of its own against others.
async fn online(session: &Arc<Session>, queued: Queued) {
    let request = queued.checked.request;
    let body = match session.service.send_online(&**session, queued.checked).await {
        Ok(body) => body,
        Err(error) => Body::Error(error.to_wire()),
    };
    session.answer(request, None, body);
}

async fn other(session: &Arc<Session>, request: u64, operation: &[u8], ask: &Ask) {
    let service = &session.service;
    let asker: &dyn Asker = &**session;
    let done = match ask {
        Ask::CancelSend(cancel) => service.cancel_send(asker, cancel).await.map(|body| (body, None)),
        Ask::MarkRead(mark) => service.mark_read(asker, operation, mark).await,
        Ask::DeleteMessages(delete) => service.delete_messages(asker, operation, delete).await,
        Ask::ClearHistory(clear) => service.clear_history(asker, operation, clear).await,
        Ask::CreateGroup(create) => service.create_group(asker, operation, create).await,
        Ask::InviteMembers(invite) => service.invite(asker, operation, invite).await,
        Ask::QuitGroup(quit) => service.quit(asker, operation, quit).await,
        Ask::RenewCredential(renew) => session.renew(renew).await.map(|body| (body, None)),
        // The reader sends only these here.
        _ => Err(ErrorCode::Unsupported.into()),
    };
    match done {
        Ok((body, moved)) => session.answer(request, moved, body),
        Err(error) => session.answer(request, None, Body::Error(error.to_wire())),
    }
}
