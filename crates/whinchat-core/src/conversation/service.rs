//! Reading the conversation list and marking read.

use whinchat_proto::id::ConversationId;

use super::{Conversation, ConversationCursor, ConversationPage};
use crate::client::Client;
use crate::error::{Error, ErrorCode, Result};
use crate::observe::ConversationObserver;

/// Most conversations that one page has.
const PAGE_LIMIT: usize = 100;

/// The conversations of the user who is logged in. From [`Client::conversations`].
#[derive(Clone, Debug)]
pub struct Conversations {
    pub(crate) client: Client,
}

impl Conversations {
    /// One page of the list, newest activity first: from the start, or from where another page ended. Local, at once.
    ///
    /// # Errors
    ///
    /// 6014 not logged in, 6017 a limit outside 1 to 100, 6019 the local database failed.
    pub async fn list(&self, after: Option<&ConversationCursor>, limit: usize) -> Result<ConversationPage> {
        if limit == 0 || limit > PAGE_LIMIT {
            return Err(Error::new(ErrorCode::BadParameter, "a page has 1 to 100 conversations"));
        }
        self.client.account()?.conversations(after.cloned(), limit).await
    }

    /// A live window on the list: the newest `limit` conversations, first as they stand, then what changes. Local, at once;
    /// costs one read per changed conversation, however long the window and the list are.
    ///
    /// # Errors
    ///
    /// 6014 not logged in, 6017 a limit of 0.
    pub fn observe(&self, limit: usize) -> Result<ConversationObserver> {
        if limit == 0 {
            return Err(Error::new(ErrorCode::BadParameter, "a window has at least 1 conversation"));
        }
        Ok(ConversationObserver::new(&self.client.account()?, self.client.current(), limit))
    }

    /// One conversation, if it is known on this device.
    ///
    /// # Errors
    ///
    /// 6014 not logged in, 6019 the local database failed.
    pub async fn get(&self, id: &ConversationId) -> Result<Option<Conversation>> {
        self.client.account()?.conversation(id).await
    }

    /// Marks everything that is in the conversation now as read: here at once, at the server and on other devices as soon
    /// as there is a connection. An unknown conversation has nothing to read.
    ///
    /// # Errors
    ///
    /// 6014 not logged in, 6022 the disk is full, 6019 the local database failed.
    pub async fn mark_read(&self, id: &ConversationId) -> Result<()> {
        self.client.account()?.mark_read(id).await
    }

    /// Empties a conversation for this user, on all his devices: what is there now, and not what comes later, however late
    /// the server hears of it. The conversation keeps its place in the list. Messages that wait to be sent are sent all the
    /// same; failed ones go. The other side gets no receipt. An unknown conversation is empty.
    ///
    /// # Errors
    ///
    /// 6014 not logged in, 6022 the disk is full, 6019 the local database failed.
    pub async fn clear_history(&self, id: &ConversationId) -> Result<()> {
        self.client.account()?.clear_history(id).await
    }

    /// Tells who is in the conversation and connected that the user has begun to type, or has stopped. Call it as often as
    /// he types: it is said every three seconds at most. Without a connection nobody is told, and that is no error.
    ///
    /// # Errors
    ///
    /// 6014 not logged in, 6011 to oneself.
    pub async fn set_typing(&self, id: &ConversationId, active: bool) -> Result<()> {
        self.client.account()?.set_typing(id, active).await
    }

    /// Unread messages over all conversations.
    ///
    /// # Errors
    ///
    /// 6014 not logged in, 6019 the local database failed.
    pub async fn total_unread(&self) -> Result<u64> {
        self.client.account()?.total_unread().await
    }
}
