//! What goes into storage and what comes out.
//!
//! Outcomes that the wire contract describes field by field (states, entries, pages) are handed out in the
//! contract's own types: a second set of them would only be mapped one to one.

use bytes::Bytes;
use whinchat_proto::error::{ErrorCode, ProtoError};
use whinchat_proto::id::{
    ClientMessageId, ConversationId, DeviceId, GroupId, OperationId, SessionId, UserId,
};
use whinchat_proto::wire;

/// Storage could not do its work; nothing was changed, and the same call may succeed later.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No space is left.
    #[error("the disk is full")]
    Full,
    /// The database or the file system refused.
    #[error("the database failed: {0}")]
    Database(String),
    /// The server is going down.
    #[error("storage is closed")]
    Closed,
}

/// Why a mutation was not done. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// Storage could not do its work.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// What it asked for is not allowed.
    #[error(transparent)]
    Refused(#[from] ProtoError),
    /// The rules that the caller looked at have changed since: look again.
    #[error("the membership has changed")]
    Stale,
}

impl From<ErrorCode> for Denied {
    fn from(code: ErrorCode) -> Self {
        Self::Refused(code.into())
    }
}

/// What kind of group it is, as far as this server serves them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GroupKind {
    /// Colleagues: members invite, nobody joins by himself.
    Work,
    /// Joined by application.
    Public,
    /// Joined freely; its history is open to everybody in it; no unread.
    Meeting,
}

impl GroupKind {
    /// Reads the name on the wire; case does not matter, and old names are understood.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "work" | "private" => Some(Self::Work),
            "public" => Some(Self::Public),
            "meeting" | "chatroom" => Some(Self::Meeting),
            _ => None,
        }
    }

    /// The name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Work => "Work",
            Self::Public => "Public",
            Self::Meeting => "Meeting",
        }
    }
}

/// What a member may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Ordinary member.
    Member,
    /// Helps the owner.
    Admin,
    /// Owns the group.
    Owner,
}

/// What the rules of a group look at. `version` rises with every change of it.
#[derive(Clone, Debug)]
pub struct GroupRules {
    /// Names this state of the membership.
    pub version: u64,
    /// Its kind.
    pub kind: GroupKind,
    /// Who is in it.
    pub members: std::collections::HashMap<UserId, Member>,
}

impl GroupRules {
    /// What a user may do, if he is a member.
    #[must_use]
    pub fn role(&self, user: &UserId) -> Option<Role> {
        self.members.get(user).map(|member| member.role)
    }
}

/// A member of a group, as far as the rules go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// What he may do.
    pub role: Role,
    /// First entry that he may have.
    pub visible_from: u64,
}

/// Opens a session.
#[derive(Clone, Debug)]
pub struct OpenSession {
    /// Whose; he exists from then on.
    pub user: UserId,
    /// Its id: a new one for a login, the known one for a resume.
    pub session: SessionId,
    /// The installation.
    pub device: DeviceId,
    /// Its platform class (number of the contract).
    pub platform: i32,
    /// Goes on with a session instead of starting one.
    pub resume: bool,
    /// When the credential was made, milliseconds since the epoch.
    pub issued_ms: i64,
    /// What the device holds: large groups that have moved above it are written into the user's log.
    pub cursor: wire::Cursor,
}

/// How opening a session went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionOpened {
    /// It stands; these sessions of the user have to go.
    Opened {
        /// Sessions of other devices of the same class.
        displaced: Vec<SessionId>,
        /// The session that the same installation had before: whatever still holds it is a ghost.
        ghost: Option<SessionId>,
        /// Movements of large groups up to this one are in the user's log: what [`wire::Cursor::groups`] may say once his
        /// changes are in.
        groups: u64,
        /// Head of the user's log, if it moved for them.
        version: Option<u64>,
    },
    /// It was ended.
    Ended(Ending),
    /// The credential was made before the user's were revoked.
    Revoked,
    /// There is no such session.
    Unknown,
}

/// Who ended a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// A newer login of another device of the class.
    Displaced,
    /// An administrator.
    Administrator,
}

/// How a session that is connected stands by what storage says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Head of the user's change log.
    pub version: u64,
    /// Credentials made up to here are void, milliseconds since the epoch; 0 if never revoked.
    pub revoked_ms: i64,
    /// The session itself.
    pub state: SessionState,
}

/// A session as storage knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionState {
    /// It stands.
    Stands,
    /// It was ended.
    Ended(Ending),
    /// It is not known any more: its installation has logged in anew, or it was forgotten.
    Gone,
}

/// Appends one message.
#[derive(Clone, Debug)]
pub struct Append {
    /// Where, as the sender names it.
    pub conversation: ConversationId,
    /// Who.
    pub sender: UserId,
    /// Its identity.
    pub client_id: ClientMessageId,
    /// The envelope, encoded.
    pub envelope: Bytes,
    /// The content.
    pub content: Bytes,
    /// Whether it counts as unread.
    pub counted: bool,
    /// Who may see it beside the sender; empty for everybody.
    pub audience: Vec<UserId>,
    /// The membership that the rules looked at; groups only.
    pub expected: Option<u64>,
    /// Asked for a second time after it was cancelled: lifts its tombstone.
    pub again: bool,
}

/// A message was appended, or had been.
#[derive(Clone, Debug)]
pub struct Appended {
    /// What the sender is told.
    pub result: wire::SendMessageResult,
    /// Whose change logs moved.
    pub bumped: Vec<Bump>,
    /// Large groups, whose members' logs do not move: how they are told. Nothing for a repetition.
    pub fanout: Option<Fanout>,
}

/// A large group has moved: every member who is connected is told at once, the others when they come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fanout {
    /// Who is a member: the membership of this version, without those who came later.
    pub member_version: u64,
    /// The movement of this group before this one; 0 for none.
    pub before: u64,
    /// The store's count of movements, with this one.
    pub moved: u64,
}

/// A large group that has moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MovedGroup {
    /// Which.
    pub group: GroupId,
    /// Epoch of its log.
    pub epoch: u64,
    /// Its last entry.
    pub head_seq: u64,
    /// Its last movement.
    pub moved: u64,
}

/// Where a user's large groups stand.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GroupHeads {
    /// Movements up to this one are in `heads`.
    pub upto: u64,
    /// Those that have moved.
    pub heads: Vec<wire::GroupHead>,
}

/// A user's change log moved by one.
#[derive(Clone, Debug)]
pub struct Bump {
    /// Whose.
    pub user: UserId,
    /// From here.
    pub prev: u64,
    /// To here.
    pub version: u64,
    /// What he has to be told.
    pub news: News,
}

/// What a bump means to its user.
#[derive(Clone, Debug)]
pub enum News {
    /// The new entry, as it is.
    Entry,
    /// A new entry that he may not see.
    Blank,
    /// The conversation's state, because it is new to him or because its marks moved.
    State(Box<wire::ConversationChange>),
}

/// A mutation was done, now or at its first attempt.
#[derive(Clone, Debug)]
pub struct Done<T> {
    /// What the caller is told.
    pub result: T,
    /// The entry that the mutation wrote into the log, with the conversation; for pushes.
    pub entry: Option<Tip>,
    /// Whose change logs moved; empty for a repetition.
    pub bumped: Vec<Bump>,
}

/// An entry that the server wrote.
#[derive(Clone, Debug)]
pub struct Tip {
    /// The group.
    pub group: GroupId,
    /// Epoch of its log.
    pub epoch: u64,
    /// The entry.
    pub entry: wire::Entry,
    /// Large groups: how the members are told, and what is new of the group itself.
    pub large: Option<(Fanout, wire::GroupSummary)>,
}

/// Names a mutation: a repetition gets the first result.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Who asks.
    pub user: UserId,
    /// Its id.
    pub id: OperationId,
}

/// Settles a send that is in doubt.
#[derive(Clone, Debug)]
pub struct Cancel {
    /// Where it went, as the sender names it.
    pub conversation: ConversationId,
    /// Who sent it.
    pub sender: UserId,
    /// Its identity.
    pub client_id: ClientMessageId,
    /// Why the rules refused it, which a repetition is told again; none if its sender cancels it.
    pub refused: Option<ErrorCode>,
}

/// A new group.
#[derive(Clone, Debug)]
pub struct NewGroup {
    /// Its id.
    pub id: GroupId,
    /// Its kind.
    pub kind: GroupKind,
    /// Its name.
    pub name: String,
    /// Members beside the owner.
    pub members: Vec<UserId>,
    /// Most members it may have.
    pub capacity: usize,
}

/// New members for a group.
#[derive(Clone, Debug)]
pub struct AddMembers {
    /// Which group.
    pub group: GroupId,
    /// Who; unknown users and members come back as refused items.
    pub users: Vec<UserId>,
    /// The membership that the rules looked at.
    pub expected: u64,
    /// Most members it may have.
    pub capacity: usize,
    /// What the rules said, if no: a repetition still gets its first result.
    pub refused: Option<ErrorCode>,
}

/// A member goes.
#[derive(Clone, Debug)]
pub struct RemoveMember {
    /// Which group.
    pub group: GroupId,
    /// Who goes. If he is the caller he quits, else he is removed.
    pub member: UserId,
    /// The membership that the rules looked at.
    pub expected: u64,
    /// What the rules said, if no: a repetition still gets its first result.
    pub refused: Option<ErrorCode>,
}

/// A stretch of a log that a user wants to read.
#[derive(Clone, Debug)]
pub struct Range {
    /// Which conversation, as the reader names it.
    pub conversation: ConversationId,
    /// The epoch he holds.
    pub epoch: u64,
    /// First seq.
    pub from: u64,
    /// Last seq.
    pub to: u64,
}
