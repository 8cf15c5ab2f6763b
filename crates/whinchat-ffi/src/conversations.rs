//! The conversation list.

use std::sync::Arc;

use whinchat_core::{
    Conversation, ConversationCursor, ConversationId, ConversationObserver, ConversationPage, ListHandle,
};

use crate::call::{self, Result, Threads};
use crate::cancel::CancelToken;
use crate::diff::ConversationUpdate;
use crate::live::{Counted, Kind};
use crate::pull::{Pull, Source};

/// The conversations of the user who is logged in.
#[derive(Debug, uniffi::Object)]
pub struct Conversations {
    core: whinchat_core::Conversations,
    threads: Threads,
    _counted: Counted,
}

impl Conversations {
    pub(crate) fn new(core: whinchat_core::Conversations, threads: Threads) -> Arc<Self> {
        Arc::new(Self { core, threads, _counted: Counted::new(Kind::Service) })
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
        call::here(cancel, self.core.list(after.as_ref(), limit as usize)).await
    }

    /// A live window on the list: the newest `limit` conversations, first as they stand, then what changes.
    ///
    /// Fails with 6014 not logged in, 6017 a limit of 0.
    pub fn observe(&self, limit: u32) -> Result<Arc<ConversationSubscription>> {
        call::run(|| {
            Ok(ConversationSubscription::new(self.core.observe(limit as usize)?, self.threads.clone()))
        })
    }

    /// One conversation, if it is known on this device.
    ///
    /// Fails with 6014 not logged in, 6004 a malformed id, 6019 the local database failed.
    pub async fn get(
        &self,
        id: ConversationId,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<Option<Conversation>> {
        call::here(cancel, self.core.get(&id)).await
    }

    /// Marks everything that is in the conversation now as read, here at once and elsewhere as soon as there is a connection.
    ///
    /// Fails with 6014 not logged in, 6022 the disk is full, 6019 the local database failed.
    pub async fn mark_read(&self, id: ConversationId, cancel: Option<Arc<CancelToken>>) -> Result<()> {
        let core = self.core.clone();
        self.threads.wait(cancel, async move { core.mark_read(&id).await }).await
    }

    /// Empties a conversation for this user, on all his devices; it keeps its place in the list.
    ///
    /// Fails with 6014 not logged in, 6022 the disk is full, 6019 the local database failed.
    pub async fn clear_history(&self, id: ConversationId, cancel: Option<Arc<CancelToken>>) -> Result<()> {
        let core = self.core.clone();
        self.threads.wait(cancel, async move { core.clear_history(&id).await }).await
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
        let core = self.core.clone();
        self.threads.wait(cancel, async move { core.set_typing(&id, active).await }).await
    }

    /// Unread messages over all conversations.
    ///
    /// Fails with 6014 not logged in, 6019 the local database failed.
    pub async fn total_unread(&self, cancel: Option<Arc<CancelToken>>) -> Result<u64> {
        call::here(cancel, self.core.total_unread()).await
    }
}

/// An update of a live window on the conversation list.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct ConversationNews {
    /// Its number, to be given to the next `next`.
    pub number: u64,
    /// The update.
    pub update: ConversationUpdate,
}

impl Source for ConversationObserver {
    type Item = ConversationUpdate;
    async fn pull(&mut self, _max: usize) -> Option<ConversationUpdate> {
        self.next().await.map(Into::into)
    }
}

/// A live window on the conversation list. What waits for an app that comes late takes no memory.
#[derive(Debug, uniffi::Object)]
pub struct ConversationSubscription {
    updates: Pull<ConversationObserver>,
    handle: ListHandle,
    threads: Threads,
    _counted: Counted,
}

impl ConversationSubscription {
    fn new(observer: ConversationObserver, threads: Threads) -> Arc<Self> {
        let (handle, updates) = (observer.handle(), Pull::new(observer));
        Arc::new(Self { updates, handle, threads, _counted: Counted::new(Kind::Subscription) })
    }
}

#[uniffi::export]
impl ConversationSubscription {
    /// The next update: everything since the last one. None: it has ended, after `Reset` or by `stop`.
    ///
    /// `taken` is the number of the last update that arrived, 0 at first. An update whose number does not come back is given
    /// again, so giving a wait up loses nothing. One caller at a time.
    ///
    /// Fails with 6017 a `taken` that is not the last number or the one before.
    pub async fn next(
        &self,
        taken: u64,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<Option<ConversationNews>> {
        let updates = self.updates.clone();
        let pulling = async move {
            let update = updates.next(taken, 1).await?;
            Ok(update.map(|(number, update)| ConversationNews { number, update }))
        };
        self.threads.wait(cancel, pulling).await
    }

    /// Makes the window longer by `count` at its end. The next update says what came of it.
    pub fn grow(&self, count: u32) {
        call::look((), || self.handle.grow(count as usize));
    }

    /// Ends it: who waits in `next` gets none, at once.
    pub fn stop(&self) {
        call::look((), || self.updates.stop());
    }
}
