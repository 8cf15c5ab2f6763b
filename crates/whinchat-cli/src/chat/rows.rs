//! What the screen knows of messages and conversations: small, and easy to make up in a test.

use whinchat_proto::id::ConversationId;

/// How far a message of one's own got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    /// It waits, or is on its way.
    Pending,
    /// The server has it.
    Sent,
    /// Given up, and why.
    Failed(String),
}

/// What kind of line a message makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    /// Somebody said something.
    Said,
    /// Something happened to the group.
    Notice,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageRow {
    /// Its id.
    pub key: String,
    /// Place in the log; 0 while it has none.
    pub seq: u64,
    /// Who wrote it.
    pub sender: String,
    /// What to show, as it was written.
    pub text: String,
    /// When, in milliseconds since the epoch.
    pub time_ms: i64,
    /// Whether the user wrote it.
    pub is_own: bool,
    /// How far it got.
    pub mark: Mark,
    /// What it is.
    pub kind: RowKind,
}

/// A conversation in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConversationRow {
    /// Which one.
    pub id: ConversationId,
    /// The group's name or the other user's id.
    pub title: String,
    /// The last message in a few words.
    pub preview: String,
    /// How many messages wait to be read.
    pub unread: u64,
    /// Last activity; 0 for none yet.
    pub active_ms: i64,
    /// Everything up to this place is read.
    pub read_seq: u64,
    /// Members of a group; 0 where unknown.
    pub members: u32,
    /// The user is no longer in it.
    pub left: bool,
}

impl ConversationRow {
    /// A conversation of which nothing is known but its name.
    #[must_use]
    pub fn unknown(id: &ConversationId) -> Self {
        Self {
            id: id.clone(),
            title: plain_title(id),
            preview: String::new(),
            unread: 0,
            active_ms: 0,
            read_seq: 0,
            members: 0,
            left: false,
        }
    }
}

/// The id's own name, for a conversation without a better one.
#[must_use]
pub fn plain_title(id: &ConversationId) -> String {
    match id {
        ConversationId::User(user) => user.to_string(),
        ConversationId::Group(group) => group.to_string(),
    }
}

/// The connection, as the status bar shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    /// A connection is being made.
    Connecting,
    /// It stands.
    Connected,
    /// It failed; the next try comes at a known time.
    Waiting {
        /// When, in milliseconds since the epoch.
        until_ms: i64,
        /// Why.
        reason: String,
    },
    /// The session is over and does not come back by itself.
    Ended(String),
}

/// Messages, oldest first, and whether there may be older ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Oldest first.
    pub rows: Vec<MessageRow>,
    /// Nothing is older.
    pub complete: bool,
}

/// News for the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// The connection changed.
    Link(Link),
    /// The list, newest activity first.
    Conversations(Vec<ConversationRow>),
    /// One conversation changed.
    Conversation(ConversationRow),
    /// The newest messages of a conversation.
    Newest(ConversationId, Page),
    /// Messages before those on the screen, or why there are none.
    Older(ConversationId, Result<Page, String>),
    /// A message came in.
    Arrived(ConversationId, MessageRow),
    /// A message of one's own is on the disk and will go out.
    Queued(ConversationId, MessageRow),
    /// A text could not be queued, and why.
    Unsent(ConversationId, String, String),
    /// A message of one's own got further: sent, given up, or queued again.
    Changed(ConversationId, MessageRow),
    /// Everything that was missed is here.
    Synced,
    /// More than one thing may have changed: read the open conversation again.
    Resynced,
    /// A conversation is to be opened: a group was created.
    Open(ConversationId),
    /// Something to tell.
    Note(String),
    /// Something went wrong.
    Fault(String),
}

/// What the model wants to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Queue a message.
    Send(ConversationId, String),
    /// Tell the list of conversations again.
    List,
    /// Read the newest messages.
    LoadNewest(ConversationId),
    /// Read messages before this one.
    LoadOlder(ConversationId, String),
    /// Mark everything read.
    MarkRead(ConversationId),
    /// Create a group.
    CreateGroup(String, Vec<whinchat_proto::id::UserId>),
    /// Take users into a group.
    Invite(whinchat_proto::id::GroupId, Vec<whinchat_proto::id::UserId>),
    /// Leave a group.
    QuitGroup(whinchat_proto::id::GroupId),
    /// Send a failed message again.
    Retry(String),
    /// Take a waiting message back.
    Cancel(String),
    /// End the program.
    Quit,
}
