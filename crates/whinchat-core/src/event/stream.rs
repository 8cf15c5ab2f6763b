//! A listener's end.

use std::collections::VecDeque;
use std::sync::{Arc, Weak};
use std::time::Duration;

use super::hub::{Hub, Key, Listener};
use super::{ConnectionState, Event};
use crate::account::Account;
use crate::client::Current;
use crate::error::{ErrorCode, Result};
use crate::platform::sleep;
use whinchat_proto::id::ConversationId;

/// Messages that are read at once.
const PAGE: usize = 32;
/// Between two tries to read a payload.
const RETRY: Duration = Duration::from_millis(200);

/// The client's events, in the order in which they were committed.
///
/// It begins with what happens after [`crate::Client::events`] was called and survives logout and account switch. Dropping it
/// ends it. Messages that it had not given out when the process was killed come again after the next login.
pub struct EventStream {
    hub: Arc<Hub>,
    listener: Arc<Listener>,
    current: Weak<Current>,
    ready: VecDeque<Event>,
    /// Messages that were given out with the last call: taken once the app comes back for more.
    giving: Option<(ConversationId, u64)>,
    last_total: Option<u64>,
}

impl EventStream {
    pub(crate) fn new(hub: Arc<Hub>, current: Weak<Current>) -> Self {
        let listener = hub.listen();
        Self { hub, listener, current, ready: VecDeque::new(), giving: None, last_total: None }
    }

    /// The next event; `None` once the client is closed. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            if let Some((conversation, seq)) = self.giving.take() {
                self.hub.taken(&conversation, seq);
            }
            let key = self.listener.queue().begin();
            match key {
                Some(key) => self.resolve(key).await,
                None => {
                    let current = self.current.upgrade()?;
                    if current.is_closed() {
                        return None;
                    }
                    drop(current);
                    self.listener.changed.notified().await;
                }
            }
        }
    }

    /// Turns the first key into events. The key leaves the queue only when its payload is here.
    async fn resolve(&mut self, key: Key) {
        let account = self.current.upgrade().and_then(|current| current.account());
        if let Key::Notice(event) = key {
            if matches!(*event, Event::ConnectionChanged(ConnectionState::LoggedOut)) {
                self.last_total = None;
            }
            self.ready.push_back(*event);
            self.listener.queue().end();
            return;
        }
        let Some(account) = account else {
            self.listener.queue().end();
            return;
        };
        if let Err(error) = self.read(&account, key.clone()).await {
            tracing::warn!(code = error.code, "an event's payload could not be read");
            if matches!(key, Key::Messages { .. }) && !error.is(ErrorCode::Interrupted) {
                // No message event is ever dropped: it is read again, not faster than the disk may recover.
                sleep(RETRY).await;
            } else {
                self.listener.queue().end();
            }
        }
    }

    async fn read(&mut self, account: &Arc<Account>, key: Key) -> Result<()> {
        match key {
            Key::Notice(_) => {}
            Key::Messages { conversation, from, to } => {
                let (messages, reached) = account.announced_messages(&conversation, from, to, PAGE).await?;
                self.ready.extend(messages.into_iter().map(Event::MessageReceived));
                self.listener.queue().end_messages(reached);
                self.giving = Some((conversation, reached));
            }
            Key::Message(id) => {
                let message = account.message(&id).await?;
                self.ready.extend(message.map(Event::MessageChanged));
                self.listener.queue().end();
            }
            Key::Conversation(id) => {
                let conversation = account.conversation(&id).await?;
                self.ready.extend(conversation.map(Event::ConversationChanged));
                self.listener.queue().end();
            }
            Key::TotalUnread => {
                let total = account.total_unread().await?;
                if self.last_total.replace(total) != Some(total) {
                    self.ready.push_back(Event::TotalUnreadChanged(total));
                }
                self.listener.queue().end();
            }
        }
        Ok(())
    }
}

impl Drop for EventStream {
    fn drop(&mut self) {
        if let Some((conversation, seq)) = self.giving.take()
            && self.ready.is_empty()
        {
            self.hub.taken(&conversation, seq);
        }
        self.hub.forget(&self.listener);
    }
}

impl std::fmt::Debug for EventStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EventStream").finish_non_exhaustive()
    }
}
