//! Entries as a reader may see them, written straight from the rows in the contract's encoding.

use std::collections::HashMap;
use std::collections::hash_map;

use prost::Message as _;
use rusqlite::{Connection, Row, params};
use whinchat_proto::limits::{KB, PAGE_BYTES};
use whinchat_proto::raw::Backwards;
use whinchat_proto::wire;

use super::fault::{DbError, DbResult};
use super::state::{Budget, Reader, in_audience};

/// Field numbers of the contract; a test holds them to the generated types.
mod field {
    pub(super) const PAGE_ENTRIES: u32 = 5;
    pub(super) const SEQ: u32 = 1;
    pub(super) const TIME_MS: u32 = 2;
    pub(super) const MOD: u32 = 3;
    pub(super) const COUNTED: u32 = 4;
    pub(super) const COUNTED_BY_SENDER: u32 = 5;
    pub(super) const MESSAGE: u32 = 6;
    pub(super) const BLANK: u32 = 7;
    pub(super) const SENDER: u32 = 1;
    pub(super) const ENVELOPE: u32 = 2;
    pub(super) const CONTENT: u32 = 3;
    pub(super) const BLANK_COUNTED: u32 = 1;
}

const WINDOW: &str = "SELECT seq, time_ms, modified, counted, counted_by_sender, is_counted, targeted, sender, envelope, content \
     FROM entry WHERE conversation = ?1 AND seq >= ?2 AND seq <= ?3 ORDER BY seq DESC";

/// Room to begin with where few entries are read.
pub(super) const SMALL: usize = 4 * KB;

/// Writes entries one window after the other.
pub(super) struct Entries<'c> {
    conn: &'c Connection,
    reader: Reader<'c>,
    /// Names of senders met so far.
    names: HashMap<i64, String>,
    /// Entries of the window at hand, each as the `entries` field of a page.
    out: Backwards,
}

impl<'c> Entries<'c> {
    /// For one answer of about so many bytes.
    pub(super) fn new(conn: &'c Connection, reader: Reader<'c>, bytes: usize) -> Self {
        Self { conn, reader, names: HashMap::new(), out: Backwards::with_capacity(bytes) }
    }

    /// The entries of `window` (both ends included), newest first until the budget is spent; given oldest first, as fields
    /// of an `EntryPage`. Beside them the first seq, if there is any.
    pub(super) fn read(
        &mut self,
        conversation: i64,
        window: (u64, u64),
        budget: &mut Budget,
    ) -> DbResult<(Option<u64>, &[u8])> {
        self.out.back_to(0);
        let (from, to) = window;
        let mut first = None;
        if from <= to {
            let mut statement = self.conn.prepare_cached(WINDOW)?;
            let mut rows = statement.query(params![conversation, from, to])?;
            while let Some(row) = rows.next()? {
                let before = self.out.len();
                let seq: u64 = row.get(0)?;
                write(&mut self.out, row, seq, self.reader, |sender| {
                    name(self.conn, &mut self.names, sender)
                })?;
                self.out.message(field::PAGE_ENTRIES, before);
                if !budget.take(self.out.len() - before) {
                    self.out.back_to(before);
                    break;
                }
                first = Some(seq);
            }
        }
        Ok((first, self.out.as_slice()))
    }

    /// The same as structs of the contract.
    pub(super) fn decoded(
        &mut self,
        conversation: i64,
        window: (u64, u64),
        budget: &mut Budget,
    ) -> DbResult<Vec<wire::Entry>> {
        let (_, bytes) = self.read(conversation, window, budget)?;
        let page = wire::EntryPage::decode(bytes::Bytes::copy_from_slice(bytes));
        Ok(page.map_err(|_| DbError::damaged("an envelope"))?.entries)
    }
}

/// The newest entries of one window that a page holds, as structs of the contract.
pub(super) fn entries(
    conn: &Connection,
    conversation: i64,
    reader: Reader<'_>,
    window: (u64, u64),
) -> DbResult<Vec<wire::Entry>> {
    Entries::new(conn, reader, SMALL).decoded(conversation, window, &mut Budget::page(PAGE_BYTES))
}

fn name<'n>(conn: &Connection, names: &'n mut HashMap<i64, String>, user: i64) -> DbResult<&'n str> {
    Ok(match names.entry(user) {
        hash_map::Entry::Occupied(known) => known.into_mut(),
        hash_map::Entry::Vacant(new) => {
            let mut statement = conn.prepare_cached("SELECT name FROM user WHERE id = ?1")?;
            new.insert(statement.query_row([user], |row| row.get(0))?)
        }
    })
}

fn write<'n>(
    out: &mut Backwards,
    row: &Row<'_>,
    seq: u64,
    reader: Reader<'_>,
    name: impl FnOnce(i64) -> DbResult<&'n str>,
) -> DbResult<()> {
    let blob = |at| -> DbResult<&[u8]> { Ok(row.get_ref(at)?.as_blob().map_err(rusqlite::Error::from)?) };
    let (sender, targeted): (i64, bool) = (row.get(7)?, row.get(6)?);
    let before = out.len();
    if targeted && sender != reader.number && !in_audience(blob(8)?, reader.name)? {
        out.number(field::BLANK_COUNTED, row.get(5)?);
        out.message(field::BLANK, before);
    } else {
        out.bytes(field::CONTENT, blob(9)?);
        out.bytes(field::ENVELOPE, blob(8)?);
        out.bytes(field::SENDER, name(sender)?.as_bytes());
        out.message(field::MESSAGE, before);
        out.number(field::COUNTED_BY_SENDER, row.get(4)?);
        out.number(field::TIME_MS, row.get::<_, i64>(1)?.cast_unsigned());
    }
    out.number(field::COUNTED, row.get(3)?);
    out.number(field::MOD, row.get(2)?);
    out.number(field::SEQ, seq);
    Ok(())
}
