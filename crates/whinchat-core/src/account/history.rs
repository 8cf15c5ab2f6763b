//! Pages of a conversation's messages, both ways.

use std::sync::Arc;

use whinchat_proto::id::ConversationId;
use whinchat_proto::wire;
use whinchat_proto::wire::request::Body;
use whinchat_proto::wire::response::Body as Answer;

use super::Account;
use super::read::{not_stored, waiting_message};
use crate::error::{Error, ErrorCode, Result};
use crate::message::{HISTORY_LIMIT, History, HistoryPage, Message, MessageId};
use crate::store::{ConversationRow, MessageRow, OutboxRow, query};
use crate::sync::{HeldRanges, Input, Page};

/// Fetches that one page may need: blanks can leave a fetched stretch without a single message.
const FETCHES: usize = 8;

/// A place between messages: stored ones have an order of 0, waiting ones follow the seq they were written after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Place {
    seq: u64,
    order: i64,
}

impl Place {
    /// Before everything.
    pub(crate) const START: Self = Self { seq: 0, order: 0 };
    /// Behind everything.
    pub(crate) const END: Self = Self { seq: u64::MAX >> 1, order: i64::MAX };

    /// The place of a stored message.
    pub(crate) fn stored(seq: u64) -> Self {
        Self { seq, order: 0 }
    }

    /// Whether it is a stored message's.
    pub(crate) fn is_stored(self) -> bool {
        self.order == 0
    }

    /// The seq of the stored message that stands here or before it.
    pub(crate) fn seq(self) -> u64 {
        self.seq
    }

    /// The place of a waiting message.
    pub(crate) fn of(waiting: &OutboxRow) -> Self {
        Self { seq: waiting.head_seq, order: waiting.position }
    }
}

/// The stored part of a page.
struct Stored {
    rows: Vec<MessageRow>,
    complete: bool,
    missing_newer: bool,
    /// What waited when the rows were read, and was not among the stored.
    waiting: Vec<OutboxRow>,
}

/// What one look into the store found.
struct Look {
    rows: Vec<MessageRow>,
    /// The page may be shorter than asked because of this hole.
    hole: Option<(u64, u64, u64)>,
}

impl Account {
    /// One page of history. What is not held is fetched; without a connection the page ends before it and says so.
    pub(crate) async fn history(
        self: &Arc<Self>,
        conversation: &ConversationId,
        history: History,
    ) -> Result<HistoryPage> {
        let (anchor, limit, newer) = match history {
            History::Newest { limit } => (None, limit, false),
            History::Older { before, limit } => (Some(before), limit, false),
            History::Newer { after, limit } => (Some(after), limit, true),
        };
        if limit == 0 || limit > HISTORY_LIMIT {
            return Err(Error::new(ErrorCode::BadParameter, "a page of history has 1 to 100 messages"));
        }
        let from = match anchor {
            Some(id) => self.place(conversation, &id).await?,
            None => Place::END,
        };
        let stored = self.stored_page(conversation, from, limit, newer).await?;
        Ok(self.merge(conversation, stored, from, limit, newer))
    }

    /// Where a message stands that is known here.
    pub(crate) async fn place(&self, conversation: &ConversationId, id: &MessageId) -> Result<Place> {
        let unknown =
            || Error::new(ErrorCode::BadParameter, "the message to start from is not known on this device");
        let waiting = self.waiting(conversation).into_iter().find(|row| self.message_id(row) == *id);
        let Some(stored) = self.message(id).await? else {
            // A list may page on from a message that was deleted meanwhile.
            let (of, id) = (conversation.clone(), id.clone());
            let seq = self.store.cache.readers.read(move |cache| query::deleted_at(cache, &of, &id)).await?;
            return seq.map(|seq| Place { seq, order: 0 }).ok_or_else(unknown);
        };
        if stored.conversation != *conversation {
            return Err(unknown());
        }
        if stored.seq > 0 {
            return Ok(Place { seq: stored.seq, order: 0 });
        }
        waiting.as_ref().map(Place::of).ok_or_else(unknown)
    }

    async fn stored_page(
        self: &Arc<Self>,
        conversation: &ConversationId,
        from: Place,
        limit: usize,
        newer: bool,
    ) -> Result<Stored> {
        let mut fetches = 0;
        loop {
            let (id, me, waiting) = (conversation.clone(), self.me.clone(), self.waiting(conversation));
            let (look, waiting) = self
                .store
                .cache
                .readers
                .read(move |cache| {
                    let waiting = not_stored(cache, waiting, &me)?;
                    let Some(row) = query::head(cache, &id)? else { return Ok((None, waiting)) };
                    let held = query::held(cache, row.row)?;
                    let look = if newer { newer_than } else { older_than };
                    // The first fetch asks for what the page needs; if that was all blank, the next ones ask for more.
                    let span = if fetches == 0 { limit } else { HISTORY_LIMIT };
                    Ok((Some(look(cache, &row, &held, from, limit, span)?), waiting))
                })
                .await?;
            let stored = |rows, complete| Stored { rows, complete, missing_newer: false, waiting };
            let Some(Look { rows, hole }) = look else {
                // Not on this device. That is all there is once everything was synchronised.
                return Ok(stored(Vec::new(), self.is_synchronised()));
            };
            let Some((epoch, first, last)) = hole else { return Ok(stored(rows, true)) };
            if rows.len() >= limit || fetches >= FETCHES {
                return Ok(stored(rows, false));
            }
            if self.fill(conversation, epoch, first, last).await.is_err() {
                // What is held is shown, and that there may be more is said.
                let mut stored = stored(rows, false);
                if stored.rows.is_empty() && !newer {
                    let is_above = |row: &OutboxRow| row.head_seq >= last && Place::of(row) < from;
                    if stored.waiting.iter().any(is_above) {
                        // What waits above the hole is a page of its own: the next one tells of the break.
                        stored.waiting.retain(is_above);
                        return Ok(stored);
                    }
                    return self.below_the_hole(conversation, last, limit, stored).await;
                }
                return Ok(stored);
            }
            fetches += 1;
        }
    }

    /// The newest messages that are held below a hole which cannot be filled now.
    async fn below_the_hole(
        &self,
        conversation: &ConversationId,
        hole_end: u64,
        limit: usize,
        above: Stored,
    ) -> Result<Stored> {
        let id = conversation.clone();
        let rows = self
            .store
            .cache
            .readers
            .read(move |cache| {
                let Some(row) = query::conversation(cache, &id)? else { return Ok(Vec::new()) };
                let held = query::held(cache, row.row)?;
                match held.iter().filter(|range| range.to < hole_end).last() {
                    Some(range) => {
                        query::older(cache, row.row, range.to + 1, range.from.max(row.visible_from), limit)
                    }
                    None => Ok(Vec::new()),
                }
            })
            .await?;
        let missing_newer = !rows.is_empty();
        Ok(Stored { rows, missing_newer, ..above })
    }

    /// Whether every conversation of this user is known here.
    pub(crate) fn is_synchronised(&self) -> bool {
        let position = self.position();
        position.epoch != 0 && position.gaps.is_empty()
    }

    /// Fetches a stretch and stores it.
    pub(crate) async fn fill(
        self: &Arc<Self>,
        conversation: &ConversationId,
        epoch: u64,
        from: u64,
        to: u64,
    ) -> Result<()> {
        let range = wire::EntryRange { conversation: Some(conversation.to_wire()), epoch, from, to };
        let request = Body::FetchEntries(wire::FetchEntries { ranges: vec![range] });
        let response = self.link()?.request(request).await?;
        let Some(Answer::FetchEntries(result)) = response.body else {
            return Err(ErrorCode::ResponseUndecodable.into());
        };
        let page =
            Page::list_from_result(&result)?.into_iter().next().ok_or(ErrorCode::ResponseUndecodable)?;
        self.apply_aside(vec![Input::Page(page?)]).await
    }

    /// Puts the waiting messages between the stored ones.
    fn merge(
        &self,
        conversation: &ConversationId,
        stored: Stored,
        from: Place,
        limit: usize,
        newer: bool,
    ) -> HistoryPage {
        let Stored { rows: stored, complete, missing_newer, waiting } = stored;
        let end = stored.last().map(|row| Place { seq: row.seq, order: i64::MAX });
        let mut messages: Vec<(Place, Message)> = Vec::with_capacity(stored.len());
        for row in stored {
            let place = Place { seq: row.seq, order: 0 };
            if let Ok(message) = row.into_message(conversation, &self.me) {
                messages.push((place, message));
            }
        }
        for row in waiting {
            let place = Place::of(&row);
            let message = waiting_message(&row, &self.me);
            // Behind the end of an incomplete page come messages that are not there yet.
            let within = match (newer, end, complete) {
                (_, _, true) => true,
                (true, Some(end), false) => place < end,
                (false, Some(end), false) => place >= Place { order: 0, ..end },
                // Nothing stored is at hand: what waits is still the newest end.
                (_, None, false) => !newer,
            };
            let wanted = if newer { place > from } else { place < from };
            if within && wanted {
                messages.push((place, message));
            }
        }
        messages.sort_by_key(|(place, _)| *place);
        if !newer {
            messages.reverse();
        }
        let complete = complete && messages.len() <= limit;
        messages.truncate(limit);
        HistoryPage {
            messages: messages.into_iter().map(|(_, message)| message).collect(),
            complete,
            missing_newer,
        }
    }
}

fn older_than(
    cache: &rusqlite::Connection,
    row: &ConversationRow,
    held: &HeldRanges,
    from: Place,
    limit: usize,
    span: usize,
) -> Result<Look> {
    // A waiting message stands behind the stored one that it was written after.
    let below = if from.order > 0 { from.seq.saturating_add(1) } else { from.seq };
    let top = below.saturating_sub(1).min(row.head_seq);
    let first = row.visible_from.max(1);
    if top < first {
        return Ok(Look { rows: Vec::new(), hole: None });
    }
    let lowest = match held.containing(top) {
        Some(range) => range.from.max(first),
        None => top + 1,
    };
    let rows = query::older(cache, row.row, top + 1, lowest, limit)?;
    let hole = (lowest > first).then(|| {
        let span = u64::try_from(span).unwrap_or(u64::MAX);
        let last = lowest - 1;
        (row.epoch, first.max(last.saturating_sub(span - 1)), last)
    });
    // A full page ends at its last message, whether or not a hole follows.
    let hole = hole.or_else(|| {
        let more = rows.len() >= limit && rows.last().is_some_and(|last| last.seq > first);
        more.then_some((row.epoch, first, first))
    });
    Ok(Look { rows, hole })
}

fn newer_than(
    cache: &rusqlite::Connection,
    row: &ConversationRow,
    held: &HeldRanges,
    from: Place,
    limit: usize,
    span: usize,
) -> Result<Look> {
    let first = from.seq.saturating_add(1).max(row.visible_from);
    if first > row.head_seq {
        return Ok(Look { rows: Vec::new(), hole: None });
    }
    let highest = match held.containing(first) {
        Some(range) => range.to.min(row.head_seq),
        None => first - 1,
    };
    let rows = query::newer(cache, row.row, first - 1, highest, limit)?;
    let span = u64::try_from(span).unwrap_or(u64::MAX);
    let mut hole = (highest < row.head_seq)
        .then(|| (row.epoch, highest + 1, row.head_seq.min(highest.saturating_add(span))));
    if hole.is_none() && rows.len() >= limit && rows.last().is_some_and(|last| last.seq < row.head_seq) {
        hole = Some((row.epoch, row.head_seq, row.head_seq));
    }
    Ok(Look { rows, hole })
}
