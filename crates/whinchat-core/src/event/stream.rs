//! A listener's end.

use std::collections::VecDeque;
use std::sync::{Arc, Weak};
use std::time::Duration;

use super::hub::{Hub, Listener};
use super::queue::Key;
use super::{ConnectionState, Event};
use crate::account::Account;
use crate::client::Current;
use crate::error::{ErrorCode, Result};

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
    last_total: Option<u64>,
}

impl EventStream {
    pub(crate) fn new(hub: Arc<Hub>, current: Weak<Current>) -> Self {
        let listener = hub.listen();
        Self { hub, listener, current, ready: VecDeque::new(), last_total: None }
    }

    /// The next event; `None` once the client is closed. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            let given = self.listener.queue().given();
            if let Some((conversation, seq, turn)) = given {
                self.hub.taken(&conversation, seq, turn);
            }
            let late = self.listener.queue().late.take();
            if let Some((user, conversation, seq)) = late {
                self.hub.taken_late(&user, &conversation, seq);
            }
            let key = self.listener.queue().begin();
            match key {
                Some((key, turn)) => self.resolve(key, turn).await,
                None => {
                    let current = self.current.upgrade()?;
                    // Until the account is closed as well, what it says is still to be told.
                    if current.is_closed() && current.account().is_none() {
                        return None;
                    }
                    drop(current);
                    self.listener.changed.notified().await;
                }
            }
        }
    }

    /// Turns the first key into events. The key leaves the queue only when its payload is here.
    async fn resolve(&mut self, key: Key, turn: u64) {
        if let Key::Notice(event) = key {
            if matches!(*event, Event::ConnectionChanged(ConnectionState::LoggedOut)) {
                self.last_total = None;
            }
            self.ready.push_back(*event);
            return;
        }
        match key {
            Key::Deleted(conversation, ids) => {
                return self.ready.push_back(Event::MessagesDeleted { conversation, ids });
            }
            Key::Removed(id) => return self.ready.push_back(Event::ConversationRemoved(id)),
            _ => {}
        }
        let current = self.current.upgrade();
        let account = current.as_ref().and_then(|current| current.account());
        let asleep = current.is_some_and(|current| !current.is_awake());
        let Some(account) = account else {
            if asleep {
                // The files are closed: the key waits for the client to wake.
                self.listener.changed.notified().await;
            } else {
                self.listener.queue().end(turn);
            }
            return;
        };
        if let Err(error) = self.read(&account, key.clone(), turn).await {
            tracing::warn!(code = error.code, "an event's payload could not be read");
            if error.is(ErrorCode::Interrupted) {
                // The files are being closed. What becomes of the keys is said with that.
                self.listener.changed.notified().await;
            } else if matches!(key, Key::Messages { .. }) {
                // No message event is ever dropped: it is read again, not faster than the disk may recover.
                account.wait(RETRY).await;
            } else {
                self.listener.queue().end(turn);
            }
        }
    }

    async fn read(&mut self, account: &Arc<Account>, key: Key, turn: u64) -> Result<()> {
        match key {
            Key::Notice(_) | Key::Deleted(..) | Key::Removed(_) => {}
            Key::Messages { conversation, from, to } => {
                let (messages, reached) = account.announced_messages(&conversation, from, to, PAGE).await?;
                if self.listener.queue().end_messages(turn, reached) {
                    self.ready.extend(messages.into_iter().map(Event::MessageReceived));
                }
            }
            Key::Message(id) => {
                let message = account.message(&id).await?;
                if self.listener.queue().end(turn) {
                    self.ready.extend(message.map(Event::MessageChanged));
                }
            }
            Key::Conversation(id) => {
                let conversation = account.conversation(&id).await?;
                let mut queue = self.listener.queue();
                if queue.end(turn) {
                    let event = if queue.added.remove(&id) {
                        Event::ConversationAdded
                    } else {
                        Event::ConversationChanged
                    };
                    self.ready.extend(conversation.map(event));
                }
            }
            Key::Receipt(id) => {
                let receipt = account.receipt(&id).await?;
                if self.listener.queue().end(turn) {
                    self.ready.extend(receipt);
                }
            }
            Key::Typing(conversation, user) => {
                let active = account.is_typing(&conversation, &user);
                if self.listener.queue().end(turn) {
                    self.ready.push_back(Event::Typing { conversation, user, active });
                }
            }
            Key::TotalUnread => {
                let total = account.total_unread().await?;
                if self.listener.queue().end(turn) && self.last_total.replace(total) != Some(total) {
                    self.ready.push_back(Event::TotalUnreadChanged(total));
                }
            }
        }
        Ok(())
    }
}

impl Drop for EventStream {
    fn drop(&mut self) {
        self.hub.forget(&self.listener);
    }
}

impl std::fmt::Debug for EventStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EventStream").finish_non_exhaustive()
    }
}
