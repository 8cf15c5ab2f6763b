//! Reads of one session, one after the other, each when its answer has room: asking for much at once costs the asker
//! time and the server nothing. The queue is bounded by the requests that may be in flight.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use whinchat_proto::error::ErrorCode;
use whinchat_proto::wire::request::Body as Ask;
use whinchat_proto::wire::response::Body;

use super::session::Session;
use crate::service::Asker as _;

#[derive(Default)]
struct State {
    waiting: VecDeque<(u64, Ask)>,
    running: bool,
}

/// See the module.
#[derive(Default)]
pub(super) struct Reads {
    state: Mutex<State>,
}

impl Reads {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Queues a read that was taken on.
    pub(super) fn queue(session: &Arc<Session>, request: u64, ask: Ask) {
        let mut state = session.reads.lock();
        state.waiting.push_back((request, ask));
        if !state.running {
            state.running = true;
            session.tasks.spawn(run(Arc::clone(session)));
        }
    }

    fn take(&self) -> Option<(u64, Ask)> {
        let mut state = self.lock();
        let next = state.waiting.pop_front();
        if next.is_none() {
            state.running = false;
            state.waiting.shrink_to_fit();
        }
        next
    }
}

async fn run(session: Arc<Session>) {
    while let Some((request, ask)) = session.reads.take() {
        session.outgoing.room().await;
        let user = &session.who.user;
        let done = match ask {
            // Nobody is there to read the answer.
            _ if session.outgoing.has_ended() => Err(ErrorCode::Disconnected.into()),
            Ask::FetchEntries(fetch) => session.service.fetch(user, fetch).await,
            Ask::GetChanges(changes) => session.service.get_changes(user, changes).await,
            Ask::GetConversations(get) => session.service.get_conversations(user, get).await,
            // The reader sends only these here.
            _ => Err(ErrorCode::Unsupported.into()),
        };
        let body = done.unwrap_or_else(|error| Body::Error(error.to_wire()));
        session.answer(request, None, body);
    }
}
