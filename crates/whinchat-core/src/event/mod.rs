//! What the app is told, in order, after it was stored.
//!
//! A committed change queues a key for each listener; the payload is read when the listener takes it. A slow listener
//! therefore costs no memory, sees the newest state of what changed often, and still gets every message.

mod hub;
mod queue;
mod stream;

use serde::Serialize;
use whinchat_proto::id::{ConversationId, UserId};

pub(crate) use hub::Hub;
pub use stream::EventStream;

use crate::conversation::Conversation;
use crate::error::Error;
use crate::message::{Message, MessageId};

/// Whether the server can be reached.
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ConnectionState {
    /// Nobody is logged in.
    LoggedOut,
    /// A connection attempt runs.
    Connecting,
    /// The server has accepted the session.
    Connected,
    /// The connection is gone; the next attempt follows by itself.
    Waiting {
        /// In how many milliseconds, counted from this event.
        retry_in_ms: u64,
        /// Why.
        error: Error,
    },
    /// The client sleeps until [`crate::Client::resume`]: no connection, no open file.
    Paused,
}

/// Something the app may want to show.
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Event {
    /// The connection's state changed.
    ConnectionChanged(ConnectionState),
    /// After connecting: what was missed is being fetched.
    SyncStarted,
    /// What was missed is stored.
    SyncFinished,
    /// Fetching what was missed met an error. It is tried again; what the server refuses for good, when something new asks for
    /// it, and with the next connection.
    SyncFailed(Error),
    /// A new message is stored: from others, or from another device of one's own.
    MessageReceived(Message),
    /// A message that is stored nowhere.
    EphemeralReceived(Message),
    /// A message sent from here got further: stored at the server, failed, or queued again.
    MessageChanged(Message),
    /// A conversation is in the list that was not there before. Changes that follow at once may be in it already.
    ConversationAdded(Conversation),
    /// A conversation has a new state. Bursts are merged.
    ConversationChanged(Conversation),
    /// The other side of a one to one has read one's messages further than before. Bursts are merged.
    ReceiptReceived {
        /// Which conversation.
        conversation: ConversationId,
        /// Everything up to here is read.
        seq: u64,
        /// Time of the newest message up to there that is on this device, milliseconds since the epoch; 0 for none.
        time_ms: i64,
    },
    /// Messages were deleted, here or on another device of the user; once a message on each device.
    MessagesDeleted {
        /// Which conversation.
        conversation: ConversationId,
        /// Their ids.
        ids: Vec<MessageId>,
    },
    /// Somebody has begun to type, or has stopped; it ends by itself when nothing more is heard, and with a message.
    Typing {
        /// Where.
        conversation: ConversationId,
        /// Who.
        user: UserId,
        /// It goes on; false when it has ended.
        active: bool,
    },
    /// A conversation is gone.
    ConversationRemoved(ConversationId),
    /// The number of unread messages over all conversations changed.
    TotalUnreadChanged(u64),
    /// Another device of the same kind has logged in, or an administrator has ended the session: now logged out.
    KickedOffline(Error),
    /// The credential ends soon: fetch a fresh one and give it to [`crate::Client::renew`]. Told once for each credential.
    LoginExpiring {
        /// In how many seconds, by the server's clock.
        in_seconds: u64,
    },
    /// The credential is no longer good: now logged out; log in with a fresh one.
    LoginExpired(Error),
    /// The local copy of what the server has was damaged; it was set aside and is being fetched again.
    StoreReset {
        /// Where the damaged file is.
        set_aside: String,
    },
}
