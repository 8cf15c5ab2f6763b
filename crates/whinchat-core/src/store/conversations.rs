//! Queries of the conversation list.

use rusqlite::{Connection, OptionalExtension, Row, params};
use whinchat_proto::id::ConversationId;

use super::fault::Checked;
use crate::conversation::{ConversationCursor, GroupSummary};
use crate::error::Result;
use crate::sync::{Floor, Position, Totals, unread};

const COLUMNS: &str = "row, id, epoch, head_seq, counted, own_counted, floor_seq, floor_counted, floor_own, read_seq, \
     visible_from, left_group, active_ms, sort_ms, group_kind, group_name, group_owner, group_members, \
     (SELECT count(*) FROM unread_exception AS e WHERE e.conversation = conversation.row \
      AND e.seq > floor_seq AND e.seq <= head_seq), peer_read_seq";
const UNTOLD: &str = "SELECT id, delivered, announced FROM conversation WHERE announced > delivered";
const PAGE: &str = "WHERE (sort_ms, row) < (?1, ?2) ORDER BY sort_ms DESC, row DESC LIMIT ?3";

/// A conversation as it stands in the file.
#[derive(Clone, Debug)]
pub(crate) struct ConversationRow {
    pub(crate) row: i64,
    pub(crate) id: ConversationId,
    pub(crate) epoch: u64,
    pub(crate) head_seq: u64,
    pub(crate) totals: Totals,
    pub(crate) floor: Floor,
    pub(crate) excepted: u64,
    pub(crate) read_seq: u64,
    pub(crate) peer_read_seq: u64,
    pub(crate) visible_from: u64,
    pub(crate) left: bool,
    pub(crate) active_ms: i64,
    pub(crate) sort_ms: i64,
    pub(crate) group: Option<GroupSummary>,
}

impl ConversationRow {
    /// Messages that are unread.
    pub(crate) fn unread(&self) -> u64 {
        unread(self.totals, self.floor, self.excepted)
    }

    /// Where a page that ends here goes on.
    pub(crate) fn cursor(&self) -> ConversationCursor {
        ConversationCursor { sort_ms: self.sort_ms, row: self.row }
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<(String, Self)> {
        let number = |at: usize| row.get::<_, i64>(at).map(i64::cast_unsigned);
        let id: String = row.get(1)?;
        let parsed = ConversationId::parse(&id).map_err(|error| {
            rusqlite::Error::FromSqlConversionFailure(1, rusqlite::types::Type::Text, Box::new(error))
        })?;
        let group = match row.get::<_, Option<String>>(14)? {
            Some(kind) => Some(GroupSummary {
                kind,
                name: row.get(15)?,
                owner: row.get(16)?,
                member_count: row.get(17)?,
            }),
            None => None,
        };
        Ok((
            id,
            Self {
                row: row.get(0)?,
                id: parsed,
                epoch: number(2)?,
                head_seq: number(3)?,
                totals: Totals { counted: number(4)?, own: number(5)? },
                floor: Floor { seq: number(6)?, totals: Totals { counted: number(7)?, own: number(8)? } },
                read_seq: number(9)?,
                visible_from: number(10)?,
                left: row.get(11)?,
                active_ms: row.get(12)?,
                sort_ms: row.get(13)?,
                group,
                excepted: number(18)?,
                peer_read_seq: number(19)?,
            },
        ))
    }
}

/// One conversation.
pub(crate) fn conversation(connection: &Connection, id: &ConversationId) -> Result<Option<ConversationRow>> {
    connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM conversation WHERE id = ?1"))
        .checked()?
        .query_row([id.to_string()], |row| Ok(ConversationRow::read(row)?.1))
        .optional()
        .checked()
}

/// One page of the list, newest activity first, after `after`.
pub(crate) fn page(
    connection: &Connection,
    after: Option<&ConversationCursor>,
    limit: usize,
) -> Result<Vec<ConversationRow>> {
    let (sort_ms, row) = after.map_or((i64::MAX, i64::MAX), |cursor| (cursor.sort_ms, cursor.row));
    let mut statement =
        connection.prepare_cached(&format!("SELECT {COLUMNS} FROM conversation {PAGE}")).checked()?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = statement
        .query_map(params![sort_ms, row, limit], |row| Ok(ConversationRow::read(row)?.1))
        .checked()?;
    rows.collect::<rusqlite::Result<_>>().checked()
}

/// Unread messages over all conversations.
pub(crate) fn total_unread(connection: &Connection) -> Result<u64> {
    let sql = format!("SELECT {COLUMNS} FROM conversation WHERE counted > floor_counted");
    let mut statement = connection.prepare_cached(&sql).checked()?;
    let rows = statement.query_map([], |row| Ok(ConversationRow::read(row)?.1.unread())).checked()?;
    let mut total = 0;
    for unread in rows {
        total += unread.checked()?;
    }
    Ok(total)
}

/// Epoch, head and totals of a conversation, as far as they are known.
pub(crate) fn head(connection: &Connection, id: &ConversationId) -> Result<Option<ConversationRow>> {
    Ok(conversation(connection, id)?.filter(|row| row.epoch != 0))
}

/// Lifts a conversation in the list because something was written into it here; makes it if it is not there.
pub(crate) fn bump(connection: &Connection, id: &ConversationId, now_ms: i64) -> Result<bool> {
    let (name, run) = (id.to_string(), |sql: &str, name: &str| {
        connection.prepare_cached(sql).checked()?.execute(params![name, now_ms]).checked()
    });
    let known = run("UPDATE conversation SET sort_ms = max(sort_ms, ?2) WHERE id = ?1", &name)?;
    if known == 0 {
        run("INSERT INTO conversation (id, sort_ms) VALUES (?1, ?2)", &name)?;
    }
    Ok(known == 0)
}

/// The app has taken the new messages up to `seq`.
pub(crate) fn delivered(connection: &Connection, id: &ConversationId, seq: u64) -> Result<()> {
    connection
        .prepare_cached(
            "UPDATE conversation SET delivered = min(max(delivered, ?2), announced) WHERE id = ?1",
        )
        .checked()?
        .execute(params![id.to_string(), seq.cast_signed()])
        .checked()?;
    Ok(())
}

/// Messages that were announced before the last end of the process and not taken: conversation, first and last seq.
pub(crate) fn redeliver(connection: &Connection, window: u64) -> Result<Vec<(ConversationId, u64, u64)>> {
    let mut statement = connection.prepare_cached(UNTOLD).checked()?;
    let rows = statement
        .query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?)))
        .checked()?;
    let mut found = Vec::new();
    for row in rows {
        let (id, delivered, announced) = row.checked()?;
        let (delivered, announced) = (delivered.cast_unsigned(), announced.cast_unsigned());
        let from = (delivered + 1).max(announced.saturating_sub(window) + 1);
        found.push((ConversationId::parse(&id)?, from, announced));
    }
    Ok(found)
}

/// The position in the user's change log.
pub(crate) fn position(connection: &Connection) -> Result<Position> {
    super::log_rows::read_position(connection)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::plan::plan;
    use crate::store::schema::CACHE_MIGRATIONS;

    #[test]
    fn the_list_is_paged_by_its_index() {
        let mut connection = Connection::open_in_memory().unwrap();
        CACHE_MIGRATIONS.to_latest(&mut connection).unwrap();
        let plan = plan(&connection, &format!("SELECT {COLUMNS} FROM conversation {PAGE}"));
        assert!(plan.contains("SEARCH conversation USING INDEX conversation_order"), "{plan}");
        assert!(!plan.contains("TEMP B-TREE"), "{plan}");
    }

    #[test]
    fn a_login_looks_at_no_conversation_that_has_nothing_to_tell() {
        let mut connection = Connection::open_in_memory().unwrap();
        CACHE_MIGRATIONS.to_latest(&mut connection).unwrap();
        let plan = plan(&connection, UNTOLD);
        assert!(plan.contains("USING INDEX conversation_untold"), "{plan}");
    }

    #[test]
    fn pages_neither_skip_nor_repeat_conversations_of_the_same_time() {
        let mut connection = Connection::open_in_memory().unwrap();
        CACHE_MIGRATIONS.to_latest(&mut connection).unwrap();
        for n in 0..50 {
            let id = ConversationId::parse(&format!("c2c_user{n}")).unwrap();
            bump(&connection, &id, n / 7).unwrap();
        }
        let mut seen = Vec::new();
        let mut cursor = None;
        loop {
            let rows = page(&connection, cursor.as_ref(), 8).unwrap();
            let Some(last) = rows.last() else { break };
            cursor = Some(last.cursor());
            seen.extend(rows.into_iter().map(|row| row.row));
        }
        assert_eq!(seen.len(), 50);
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 50);
    }
}
