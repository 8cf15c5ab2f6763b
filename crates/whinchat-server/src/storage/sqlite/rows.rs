//! Rows as structs, and how they are read.

use rusqlite::{Connection, OptionalExtension as _, Row};
use whinchat_proto::id::{ConversationId, GroupId, UserId};

use super::fault::DbResult;
use crate::storage::{GroupKind, Role};

/// Splits the ids in a conversation's name; no id may hold it.
const SEPARATOR: char = '\u{1}';

/// The name under which a conversation is stored: the same for both sides of a one to one.
pub(super) fn conversation_name(user: &UserId, conversation: &ConversationId) -> String {
    match conversation {
        ConversationId::User(peer) => {
            let (low, high) = if user <= peer { (user, peer) } else { (peer, user) };
            format!("c{SEPARATOR}{low}{SEPARATOR}{high}")
        }
        ConversationId::Group(group) => group_name(group),
    }
}

/// The name under which a group's conversation is stored.
pub(super) fn group_name(group: &GroupId) -> String {
    format!("g{SEPARATOR}{group}")
}

/// A conversation's name as `user` calls it.
pub(super) fn conversation_id(name: &str, user: &str) -> DbResult<ConversationId> {
    let mut parts = name.split(SEPARATOR);
    let id = match (parts.next(), parts.next(), parts.next()) {
        (Some("c"), Some(low), Some(high)) => {
            UserId::new(if low == user { high } else { low }).map(ConversationId::User)
        }
        (Some("g"), Some(group), None) => GroupId::new(group).map(ConversationId::Group),
        _ => return Err(super::fault::DbError::damaged("a conversation's name")),
    };
    id.map_err(|_| super::fault::DbError::damaged("a conversation's name"))
}

/// A user.
#[derive(Clone, Debug)]
pub(super) struct UserRow {
    pub(super) id: i64,
    pub(super) name: UserId,
    pub(super) version: u64,
    pub(super) served: u64,
    pub(super) live: bool,
}

impl UserRow {
    /// Reads the columns `id, name, version, served, live` from `at` on.
    pub(super) fn read(row: &Row<'_>, at: usize) -> DbResult<Self> {
        let name = row.get_ref(at + 1)?.as_str().map_err(rusqlite::Error::from)?;
        Ok(Self {
            id: row.get(at)?,
            name: UserId::new(name).map_err(|_| super::fault::DbError::damaged("a user's name"))?,
            version: row.get(at + 2)?,
            served: row.get(at + 3)?,
            live: row.get::<_, i64>(at + 4)? > 0,
        })
    }
}

/// The number of a user.
pub(super) fn user_number(conn: &Connection, user: &UserId) -> DbResult<Option<i64>> {
    let mut statement = conn.prepare_cached("SELECT id FROM user WHERE name = ?1")?;
    Ok(statement.query_row([user.as_str()], |row| row.get(0)).optional()?)
}

/// A conversation.
#[derive(Clone, Debug)]
pub(super) struct ConversationRow {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) kind: Option<GroupKind>,
    pub(super) epoch: u64,
    pub(super) previous_epoch: u64,
    pub(super) epoch_base: u64,
    pub(super) head_seq: u64,
    pub(super) head_mod: u64,
    pub(super) counted: u64,
    pub(super) last_ms: i64,
    pub(super) targeted: u64,
    pub(super) tombstones: u64,
    pub(super) member_version: u64,
    pub(super) member_count: u32,
    pub(super) owner: String,
    pub(super) title: String,
    /// An append writes nobody's mark (see large.rs); stays so.
    pub(super) large: bool,
    /// Large groups: the store's count of movements at the last append.
    pub(super) moved: u64,
}

/// Columns of [`ConversationRow::read`].
pub(super) const CONVERSATION_COLUMNS: &str = "c.id, c.name, c.kind, c.epoch, c.previous_epoch, c.epoch_base, c.head_seq, c.head_mod, c.counted, c.last_ms, \
     c.targeted, c.tombstones, c.member_version, c.member_count, c.owner, c.title, c.large, c.moved";

/// How many they are.
pub(super) const CONVERSATION_WIDTH: usize = 18;

impl ConversationRow {
    pub(super) fn read(row: &Row<'_>, at: usize) -> DbResult<Self> {
        Ok(Self {
            id: row.get(at)?,
            name: row.get(at + 1)?,
            kind: kind_from_number(row.get(at + 2)?),
            epoch: row.get(at + 3)?,
            previous_epoch: row.get(at + 4)?,
            epoch_base: row.get(at + 5)?,
            head_seq: row.get(at + 6)?,
            head_mod: row.get(at + 7)?,
            counted: row.get(at + 8)?,
            last_ms: row.get(at + 9)?,
            targeted: row.get(at + 10)?,
            tombstones: row.get(at + 11)?,
            member_version: row.get(at + 12)?,
            member_count: row.get(at + 13)?,
            owner: row.get(at + 14)?,
            title: row.get(at + 15)?,
            large: row.get(at + 16)?,
            moved: row.get(at + 17)?,
        })
    }
}

fn kind_from_number(number: i64) -> Option<GroupKind> {
    match number {
        1 => Some(GroupKind::Work),
        2 => Some(GroupKind::Public),
        3 => Some(GroupKind::Meeting),
        _ => None,
    }
}

pub(super) fn kind_number(kind: Option<GroupKind>) -> i64 {
    match kind {
        None => 0,
        Some(GroupKind::Work) => 1,
        Some(GroupKind::Public) => 2,
        Some(GroupKind::Meeting) => 3,
    }
}

/// Role numbers of the public list.
pub(super) fn role_number(role: Role) -> i64 {
    match role {
        Role::Member => 200,
        Role::Admin => 300,
        Role::Owner => 400,
    }
}

pub(super) fn role_from_number(number: i64) -> Role {
    match number {
        400 => Role::Owner,
        300 => Role::Admin,
        _ => Role::Member,
    }
}

/// One user's view of a conversation.
#[derive(Clone, Debug)]
pub(super) struct MemberRow {
    pub(super) conversation: i64,
    pub(super) user: i64,
    pub(super) role: Role,
    pub(super) visible_from: u64,
    pub(super) left_at: Option<u64>,
    pub(super) left_counted: u64,
    pub(super) floor_seq: u64,
    pub(super) floor_counted: u64,
    pub(super) floor_own: u64,
    pub(super) read_seq: u64,
    pub(super) own_counted: u64,
    pub(super) version: u64,
    pub(super) from_seq: u64,
    /// Rows of `deletion`. Kept by [`super::deletions`] alone, as is the next.
    pub(super) deletions: u64,
    pub(super) cleared_seq: u64,
    /// As the conversation's.
    pub(super) large: bool,
    /// Large groups: movements of the group up to this one stand behind `version`.
    pub(super) seen: u64,
}

/// Columns of [`MemberRow::read`].
pub(super) const MEMBER_COLUMNS: &str = "m.conversation, m.user, m.role, m.visible_from, m.left_at, m.left_counted, m.floor_seq, m.floor_counted, \
     m.floor_own, m.read_seq, m.own_counted, m.version, m.from_seq, m.deletions, m.cleared_seq, m.large, \
     m.seen";

/// How many they are.
pub(super) const MEMBER_WIDTH: usize = 17;

impl MemberRow {
    pub(super) fn read(row: &Row<'_>, at: usize) -> DbResult<Self> {
        Ok(Self {
            conversation: row.get(at)?,
            user: row.get(at + 1)?,
            role: role_from_number(row.get(at + 2)?),
            visible_from: row.get(at + 3)?,
            left_at: row.get(at + 4)?,
            left_counted: row.get(at + 5)?,
            floor_seq: row.get(at + 6)?,
            floor_counted: row.get(at + 7)?,
            floor_own: row.get(at + 8)?,
            read_seq: row.get(at + 9)?,
            own_counted: row.get(at + 10)?,
            version: row.get(at + 11)?,
            from_seq: row.get(at + 12)?,
            deletions: row.get(at + 13)?,
            cleared_seq: row.get(at + 14)?,
            large: row.get(at + 15)?,
            seen: row.get(at + 16)?,
        })
    }

    /// Last entry of the window.
    pub(super) fn head(&self, conversation: &ConversationRow) -> u64 {
        self.left_at.unwrap_or(conversation.head_seq)
    }
}

/// A conversation and one user's view of it.
pub(super) fn view(
    conn: &Connection,
    user: i64,
    name: &str,
) -> DbResult<Option<(ConversationRow, MemberRow)>> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT {CONVERSATION_COLUMNS}, {MEMBER_COLUMNS} FROM conversation c \
         JOIN member m ON m.conversation = c.id AND m.user = ?2 WHERE c.name = ?1"
    ))?;
    let mut rows = statement.query(rusqlite::params![name, user])?;
    match rows.next()? {
        Some(row) => Ok(Some((ConversationRow::read(row, 0)?, MemberRow::read(row, CONVERSATION_WIDTH)?))),
        None => Ok(None),
    }
}
