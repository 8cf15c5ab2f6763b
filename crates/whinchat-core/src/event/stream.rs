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

/// Why a key's payload cannot be read now.
enum Obstacle {
    /// The files are closed, or being closed.
    Closed,
    /// They cannot be read.
    Disk(Arc<Account>),
}

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
        self.fill().await?;
        self.ready.pop_front()
    }

    /// The next event and those that wait behind it, `max` at most and at least one: for a border that is dear to cross. Gives
    /// nothing once the client is closed. It does not wait for more than the first. Dropping the future loses nothing.
    pub async fn next_batch(&mut self, max: usize) -> Vec<Event> {
        if self.fill().await.is_none() {
            return Vec::new();
        }
        let max = max.max(1);
        // Messages that are given out count as taken when the app comes back for more, and only one page of them is kept in
        // mind: a second one waits for the next batch.
        while self.ready.len() < max && !self.listener.queue().is_giving() {
            let key = self.listener.queue().begin();
            let Some((key, turn)) = key else { break };
            if self.resolve(key, turn).await.is_some() {
                break;
            }
        }
        let count = max.min(self.ready.len());
        self.ready.drain(..count).collect()
    }

    /// Waits until an event is ready; nothing once the client is closed.
    async fn fill(&mut self) -> Option<()> {
        loop {
            if !self.ready.is_empty() {
                return Some(());
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
                Some((key, turn)) => match self.resolve(key, turn).await {
                    None => {}
                    Some(Obstacle::Closed) => self.listener.changed.notified().await,
                    Some(Obstacle::Disk(account)) => account.wait(RETRY).await,
                },
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

    /// Turns the first key into events, or says what stands in the way. The key leaves the queue only when its payload is here.
    async fn resolve(&mut self, key: Key, turn: u64) -> Option<Obstacle> {
        match key {
            Key::Notice(event) => {
                if matches!(*event, Event::ConnectionChanged(ConnectionState::LoggedOut)) {
                    self.last_total = None;
                }
                self.ready.push_back(*event);
                return None;
            }
            Key::Deleted(conversation, ids) => {
                self.ready.push_back(Event::MessagesDeleted { conversation, ids });
                return None;
            }
            Key::Removed(id) => {
                self.ready.push_back(Event::ConversationRemoved(id));
                return None;
            }
            _ => {}
        }
        let current = self.current.upgrade();
        let account = current.as_ref().and_then(|current| current.account());
        let asleep = current.is_some_and(|current| !current.is_awake());
        let Some(account) = account else {
            if asleep {
                // The key waits for the client to wake.
                return Some(Obstacle::Closed);
            }
            self.listener.queue().end(turn);
            return None;
        };
        if let Err(error) = self.read(&account, key.clone(), turn).await {
            tracing::warn!(code = error.code, "an event's payload could not be read");
            if error.is(ErrorCode::Interrupted) {
                // What becomes of the keys is said with that.
                return Some(Obstacle::Closed);
            }
            if matches!(key, Key::Messages { .. }) {
                // No message event is ever dropped: it is read again, not faster than the disk may recover.
                return Some(Obstacle::Disk(account));
            }
            self.listener.queue().end(turn);
        }
        None
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
