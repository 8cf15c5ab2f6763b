//! The conversation list.

use std::sync::Arc;

use tokio::sync::Mutex;
use whinchat_core::{
    Conversation, ConversationCursor, ConversationId, ConversationObserver, ConversationPage, ListHandle,
};

use crate::call::{self, Result};
use crate::cancel::CancelToken;
use crate::diff::ConversationUpdate;
use crate::live::{Counted, Kind};

/// The conversations of the user who is logged in.
#[derive(Debug, uniffi::Object)]
pub struct Conversations {
    core: whinchat_core::Conversations,
    _counted: Counted,
}

impl Conversations {
    pub(crate) fn new(core: whinchat_core::Conversations) -> Arc<Self> {
        Arc::new(Self { core, _counted: Counted::new(Kind::Service) })
    }
}

#[uniffi::export]
impl Conversations {
    /// One page of the list, newest activity first: from the start, or from where another page ended. Local, at once.
    ///
    /// Fails with 6014 not logged in, 6017 a limit outside 1 to 100, 6019 the local database failed.
    pub async fn list(
        &self,
        after: Option<ConversationCursor>,
        limit: u32,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<ConversationPage> {
        call::wait(cancel, self.core.list(after.as_ref(), limit as usize)).await
    }

    /// A live window on the list: the newest `limit` conversations, first as they stand, then what changes.
    ///
    /// Fails with 6014 not logged in, 6017 a limit of 0.
    pub fn observe(&self, limit: u32) -> Result<Arc<ConversationSubscription>> {
        call::run(|| Ok(ConversationSubscription::new(self.core.observe(limit as usize)?)))
    }

    /// One conversation, if it is known on this device.
    ///
    /// Fails with 6014 not logged in, 6004 a malformed id, 6019 the local database failed.
    pub async fn get(
        &self,
        id: ConversationId,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<Option<Conversation>> {
        call::wait(cancel, self.core.get(&id)).await
    }

    /// Marks everything that is in the conversation now as read, here at once and elsewhere as soon as there is a connection.
    ///
    /// Fails with 6014 not logged in, 6022 the disk is full, 6019 the local database failed.
    pub async fn mark_read(&self, id: ConversationId, cancel: Option<Arc<CancelToken>>) -> Result<()> {
        call::wait(cancel, self.core.mark_read(&id)).await
    }

    /// Empties a conversation for this user, on all his devices; it keeps its place in the list.
    ///
    /// Fails with 6014 not logged in, 6022 the disk is full, 6019 the local database failed.
    pub async fn clear_history(&self, id: ConversationId, cancel: Option<Arc<CancelToken>>) -> Result<()> {
        call::wait(cancel, self.core.clear_history(&id)).await
    }

    /// Tells who is in the conversation and connected that the user has begun to type, or has stopped. Without a connection
    /// nobody is told, and that is no error.
    ///
    /// Fails with 6014 not logged in, 6011 to oneself.
    pub async fn set_typing(
        &self,
        id: ConversationId,
        active: bool,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<()> {
        call::wait(cancel, self.core.set_typing(&id, active)).await
    }

    /// Unread messages over all conversations.
    ///
    /// Fails with 6014 not logged in, 6019 the local database failed.
    pub async fn total_unread(&self, cancel: Option<Arc<CancelToken>>) -> Result<u64> {
        call::wait(cancel, self.core.total_unread()).await
    }
}

/// A live window on the conversation list. What waits for an app that comes late takes no memory.
#[derive(Debug, uniffi::Object)]
pub struct ConversationSubscription {
    observer: Mutex<ConversationObserver>,
    handle: ListHandle,
    _counted: Counted,
}

impl ConversationSubscription {
    fn new(observer: ConversationObserver) -> Arc<Self> {
        let handle = observer.handle();
        Arc::new(Self { observer: Mutex::new(observer), handle, _counted: Counted::new(Kind::Subscription) })
    }
}

#[uniffi::export]
impl ConversationSubscription {
    /// The next update: everything since the last one. None: it has ended, after `Reset` or by `stop`. Giving the wait up
    /// loses nothing. Callers that wait together take turns.
    pub async fn next(&self, cancel: Option<Arc<CancelToken>>) -> Result<Option<ConversationUpdate>> {
        call::wait(cancel, async { Ok(self.observer.lock().await.next().await.map(Into::into)) }).await
    }

    /// Makes the window longer by `count` at its end. The next update says what came of it.
    pub fn grow(&self, count: u32) {
        call::look((), || self.handle.grow(count as usize));
    }

    /// Ends it: who waits in `next` gets none, at once.
    pub fn stop(&self) {
        call::look((), || self.handle.stop());
    }
}
