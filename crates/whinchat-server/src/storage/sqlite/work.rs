//! One mutation, or a batch of them: rows are read once, changed in memory, and written once at the end.
//!
//! Runs inside a savepoint of the writer. Nothing counts until [`Work::finish`] has written it, so a mutation that is
//! denied on the way leaves nothing behind.

use std::collections::{BTreeMap, HashMap, HashSet};

use rusqlite::{Connection, OptionalExtension as _, params};
use whinchat_proto::id::UserId;

use super::fault::DbResult;
use super::rows::{
    CONVERSATION_COLUMNS, ConversationRow, MEMBER_COLUMNS, MEMBER_WIDTH, MemberRow, UserRow, kind_number,
    role_number,
};
use crate::storage::GroupKind;

/// A conversation at work, with the members that are in it.
pub(super) struct Open {
    pub(super) row: ConversationRow,
    /// Present members, by user number; of a large group only those that were asked for ([`Work::admit`]).
    pub(super) members: BTreeMap<i64, MemberRow>,
    /// Which of them have to be written.
    pub(super) touched: HashSet<i64>,
    pub(super) dirty: bool,
}

/// See the module.
pub(super) struct Work<'c> {
    pub(super) conn: &'c Connection,
    pub(super) now_ms: i64,
    users: HashMap<i64, UserRow>,
    numbers: HashMap<UserId, i64>,
    bumped: HashSet<i64>,
    conversations: HashMap<String, Open>,
    /// Groups become large with this many members.
    large_from: u32,
    /// The store's count of movements, once this work has moved it.
    moved: Option<u64>,
}

impl<'c> Work<'c> {
    pub(super) fn new(conn: &'c Connection, now_ms: i64) -> Self {
        Self {
            conn,
            now_ms,
            users: HashMap::new(),
            numbers: HashMap::new(),
            bumped: HashSet::new(),
            conversations: HashMap::new(),
            large_from: u32::MAX,
            moved: None,
        }
    }

    /// Groups with this many members become large.
    pub(super) fn large_from(self, large_from: u32) -> Self {
        Self { large_from, ..self }
    }

    /// The number of a user, if he exists.
    pub(super) fn number(&mut self, user: &UserId) -> DbResult<Option<i64>> {
        if let Some(number) = self.numbers.get(user) {
            return Ok(Some(*number));
        }
        let mut statement =
            self.conn.prepare_cached("SELECT id, name, version, served, live FROM user WHERE name = ?1")?;
        let mut rows = statement.query([user.as_str()])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let row = UserRow::read(row, 0)?;
        let number = row.id;
        self.numbers.insert(user.clone(), number);
        // A user who is loaded already may have moved in this batch.
        self.users.entry(number).or_insert(row);
        Ok(Some(number))
    }

    /// The row of a user whose number is known.
    pub(super) fn user(&mut self, number: i64) -> DbResult<&UserRow> {
        if !self.users.contains_key(&number) {
            let mut statement =
                self.conn.prepare_cached("SELECT id, name, version, served, live FROM user WHERE id = ?1")?;
            let mut rows = statement.query([number])?;
            let row = rows.next()?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
            let row = UserRow::read(row, 0)?;
            self.users.insert(number, row);
        }
        self.users.get(&number).ok_or_else(|| rusqlite::Error::QueryReturnedNoRows.into())
    }

    /// Moves a user's log by one; gives (prev, version).
    pub(super) fn bump(&mut self, number: i64) -> DbResult<(u64, u64)> {
        self.user(number)?;
        let row = self.users.get_mut(&number).ok_or(rusqlite::Error::QueryReturnedNoRows)?;
        let prev = row.version;
        row.version += 1;
        self.bumped.insert(number);
        Ok((prev, prev + 1))
    }

    /// Takes a conversation out to work on it; [`Work::put`] brings it back.
    pub(super) fn take(&mut self, name: &str) -> DbResult<Option<Open>> {
        if let Some(open) = self.conversations.remove(name) {
            return Ok(Some(open));
        }
        let row = {
            let mut statement = self.conn.prepare_cached(&format!(
                "SELECT {CONVERSATION_COLUMNS} FROM conversation c WHERE c.name = ?1"
            ))?;
            let mut rows = statement.query([name])?;
            match rows.next()? {
                Some(row) => ConversationRow::read(row, 0)?,
                None => return Ok(None),
            }
        };
        let members = if row.large { BTreeMap::new() } else { self.load_members(row.id)? };
        Ok(Some(Open { row, members, touched: HashSet::new(), dirty: false }))
    }

    fn load_members(&mut self, conversation: i64) -> DbResult<BTreeMap<i64, MemberRow>> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {MEMBER_COLUMNS}, u.id, u.name, u.version, u.served, u.live FROM member m \
             JOIN user u ON u.id = m.user WHERE m.conversation = ?1 AND m.left_at IS NULL"
        ))?;
        let mut rows = statement.query([conversation])?;
        let mut members = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let member = MemberRow::read(row, 0)?;
            if !self.users.contains_key(&member.user) {
                let user = UserRow::read(row, MEMBER_WIDTH)?;
                self.users.insert(user.id, user);
            }
            members.insert(member.user, member);
        }
        Ok(members)
    }

    /// Whether the user is a member; then he is among [`Open::members`].
    pub(super) fn admit(&mut self, open: &mut Open, user: i64) -> DbResult<bool> {
        if open.members.contains_key(&user) {
            return Ok(true);
        }
        if !open.row.large {
            return Ok(false);
        }
        let Some(member) = self.former_member(open.row.id, user)?.filter(|member| member.left_at.is_none())
        else {
            return Ok(false);
        };
        open.members.insert(user, member);
        Ok(true)
    }

    /// Makes a group large that has come to be; it stays so.
    pub(super) fn grow(&mut self, open: &mut Open) -> DbResult<()> {
        if open.row.large || open.row.kind.is_none() || open.row.member_count < self.large_from {
            return Ok(());
        }
        open.row.large = true;
        open.dirty = true;
        for member in open.members.values_mut() {
            member.large = true;
        }
        self.conn
            .prepare_cached("UPDATE member SET large = 1 WHERE conversation = ?1")?
            .execute([open.row.id])?;
        Ok(())
    }

    /// Counts one more movement of a large group.
    pub(super) fn moved(&mut self) -> DbResult<u64> {
        let before = match self.moved {
            Some(moved) => moved,
            None => super::large::moved(self.conn)?,
        };
        self.moved = Some(before + 1);
        Ok(before + 1)
    }

    /// Brings a conversation back.
    pub(super) fn put(&mut self, open: Open) {
        self.conversations.insert(open.row.name.clone(), open);
    }

    /// Creates a conversation without members.
    pub(super) fn create(&mut self, name: &str, kind: Option<GroupKind>) -> DbResult<Open> {
        let epoch = random_epoch();
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO conversation (name, kind, epoch, created_ms) VALUES (?1, ?2, ?3, ?4) RETURNING id",
        )?;
        let id = statement
            .query_row(params![name, kind_number(kind), epoch, self.now_ms], |row| row.get::<_, i64>(0))?;
        let row = ConversationRow {
            id,
            name: name.to_owned(),
            kind,
            epoch,
            previous_epoch: 0,
            epoch_base: 0,
            head_seq: 0,
            head_mod: 0,
            counted: 0,
            // A group is active from its creation on; a one to one from its first message.
            last_ms: if kind.is_some() { self.now_ms } else { 0 },
            targeted: 0,
            tombstones: 0,
            member_version: 0,
            member_count: 0,
            owner: String::new(),
            title: String::new(),
            large: false,
            moved: 0,
        };
        Ok(Open { row, members: BTreeMap::new(), touched: HashSet::new(), dirty: true })
    }

    /// The row of somebody who may have left.
    pub(super) fn former_member(&self, conversation: i64, user: i64) -> DbResult<Option<MemberRow>> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {MEMBER_COLUMNS} FROM member m WHERE m.conversation = ?1 AND m.user = ?2"
        ))?;
        let row =
            statement.query_row(params![conversation, user], |row| Ok(MemberRow::read(row, 0))).optional()?;
        row.transpose()
    }

    /// Writes a member row whole: new, back again, or gone.
    pub(super) fn write_member(&self, member: &MemberRow) -> DbResult<()> {
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO member (conversation, user, role, joined_ms, visible_from, left_at, left_counted, floor_seq, \
             floor_counted, floor_own, read_seq, own_counted, version, from_seq, large, seen) \
             VALUES (?1, ?2, ?3, ?14, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?15, ?16) \
             ON CONFLICT (conversation, user) DO UPDATE SET role = ?3, \
             joined_ms = CASE WHEN left_at IS NOT NULL AND ?5 IS NULL THEN ?14 ELSE joined_ms END, \
             visible_from = ?4, left_at = ?5, left_counted = ?6, floor_seq = ?7, floor_counted = ?8, floor_own = ?9, \
             read_seq = ?10, own_counted = ?11, version = ?12, from_seq = ?13, large = ?15, seen = ?16",
        )?;
        statement.execute(params![
            member.conversation,
            member.user,
            role_number(member.role),
            member.visible_from,
            member.left_at,
            member.left_counted,
            member.floor_seq,
            member.floor_counted,
            member.floor_own,
            member.read_seq,
            member.own_counted,
            member.version,
            member.from_seq,
            self.now_ms,
            member.large,
            member.seen,
        ])?;
        Ok(())
    }

    /// Writes what changed.
    pub(super) fn finish(self) -> DbResult<()> {
        for open in self.conversations.values() {
            if open.dirty {
                self.write_conversation(&open.row)?;
            }
            for user in &open.touched {
                if let Some(member) = open.members.get(user) {
                    let mut statement = self.conn.prepare_cached(
                        "UPDATE member SET floor_seq = ?3, floor_counted = ?4, floor_own = ?5, read_seq = ?6, \
                         own_counted = ?7, version = ?8, from_seq = ?9, role = ?10, seen = ?11 \
                         WHERE conversation = ?1 AND user = ?2",
                    )?;
                    statement.execute(params![
                        member.conversation,
                        member.user,
                        member.floor_seq,
                        member.floor_counted,
                        member.floor_own,
                        member.read_seq,
                        member.own_counted,
                        member.version,
                        member.from_seq,
                        role_number(member.role),
                        member.seen,
                    ])?;
                }
            }
        }
        if let Some(moved) = self.moved {
            self.conn.prepare_cached("UPDATE store SET moved = ?1 WHERE id = 1")?.execute([moved])?;
        }
        for number in &self.bumped {
            if let Some(user) = self.users.get(number) {
                let mut statement = self.conn.prepare_cached("UPDATE user SET version = ?2 WHERE id = ?1")?;
                statement.execute(params![number, user.version])?;
            }
        }
        Ok(())
    }

    fn write_conversation(&self, row: &ConversationRow) -> DbResult<()> {
        let mut statement = self.conn.prepare_cached(
            "UPDATE conversation SET head_seq = ?2, counted = ?3, last_ms = ?4, targeted = ?5, tombstones = ?6, \
             member_version = ?7, member_count = ?8, owner = ?9, title = ?10, large = ?11, moved = ?12 WHERE id = ?1",
        )?;
        statement.execute(params![
            row.id,
            row.head_seq,
            row.counted,
            row.last_ms,
            row.targeted,
            row.tombstones,
            row.member_version,
            row.member_count,
            row.owner,
            row.title,
            row.large,
            row.moved,
        ])?;
        Ok(())
    }
}

/// A random epoch: 63 bits, so that it fits SQLite's integers, and never 0.
pub(super) fn random_epoch() -> u64 {
    let mut bytes = [0_u8; 8];
    if getrandom::fill(&mut bytes).is_err() {
        // No randomness: the clock still tells this epoch from one of another time.
        bytes = crate::clock::now_ms().to_le_bytes();
    }
    (u64::from_le_bytes(bytes) >> 1).max(1)
}
