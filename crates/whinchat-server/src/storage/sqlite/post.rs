//! Putting one entry at the head of a log, and telling whose change logs move with it.

use std::collections::HashSet;

use rusqlite::params;
use whinchat_proto::id::{ClientMessageId, UserId};

use super::entries;
use super::fault::DbResult;
use super::state::{self, Reader};
use super::work::{Open, Work};
use crate::storage::{Bump, Fanout, News};
use whinchat_proto::wire;

/// Entries that a mark keeps naming while its user is connected: pushes that a cut swallowed come back with the resume.
pub(super) const LIVE_WINDOW: u64 = 32;

/// An entry to be.
pub(super) struct Post<'a> {
    pub(super) sender: i64,
    pub(super) client_id: ClientMessageId,
    pub(super) envelope: &'a [u8],
    pub(super) content: &'a [u8],
    pub(super) counted: bool,
    /// Who may see it beside the sender; nothing for everybody.
    pub(super) audience: Option<HashSet<UserId>>,
    /// It comes with a change of the group that every member's list shows: each is told the new state, not the entry alone.
    pub(super) changes_group: bool,
}

/// Where it came to stand.
pub(super) struct Posted {
    pub(super) seq: u64,
    pub(super) time_ms: i64,
    pub(super) counted: u64,
    pub(super) counted_by_sender: u64,
    pub(super) bumped: Vec<Bump>,
    /// Large groups: how the members are told.
    pub(super) fanout: Option<Fanout>,
}

impl Work<'_> {
    /// Appends an entry. Gives nothing when the log holds this identity already.
    ///
    /// Users in `fresh` are told the whole state: the conversation is new to them.
    pub(super) fn post(
        &mut self,
        open: &mut Open,
        post: &Post<'_>,
        fresh: &HashSet<i64>,
    ) -> DbResult<Option<Posted>> {
        let seq = open.row.head_seq + 1;
        let time_ms = self.now_ms.max(open.row.last_ms);
        let step = u64::from(post.counted);
        let counted = open.row.counted + step;
        let counted_by_sender = open.members.get(&post.sender).map_or(0, |m| m.own_counted) + step;
        let targeted = post.audience.is_some();
        let mut insert = self.conn.prepare_cached(
            "INSERT INTO entry (conversation, seq, sender, time_ms, counted, counted_by_sender, is_counted, targeted, \
             client_id, envelope, content, moved) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) \
             ON CONFLICT (conversation, sender, client_id) DO NOTHING",
        )?;
        let moved = if open.row.large { self.moved()? } else { 0 };
        let inserted = insert.execute(params![
            open.row.id,
            seq,
            post.sender,
            time_ms,
            counted,
            counted_by_sender,
            post.counted,
            targeted,
            post.client_id.0,
            post.envelope,
            post.content,
            moved,
        ])?;
        if inserted == 0 {
            // The movement that was counted in vain names nothing.
            return Ok(None);
        }
        let fanout = open.row.large.then_some(Fanout {
            member_version: open.row.member_version,
            before: open.row.moved,
            moved,
        });
        if open.row.large {
            open.row.moved = moved;
        }
        open.row.head_seq = seq;
        open.row.last_ms = time_ms;
        open.row.counted = counted;
        open.row.targeted += u64::from(targeted);
        open.dirty = true;
        if let Some(member) = open.members.get_mut(&post.sender)
            && post.counted
        {
            member.own_counted = counted_by_sender;
            open.touched.insert(post.sender);
        }
        let mut bumped = Vec::new();
        // In a large group only those are named one by one to whom it is new: the others hear it as members.
        let is_named = |number: &i64| !open.row.large || fresh.contains(number);
        let numbers: Vec<i64> = open.members.keys().copied().filter(is_named).collect();
        for number in numbers {
            let is_fresh = fresh.contains(&number);
            let user = self.user(number)?;
            let (served, live, name) = (user.served, user.live, user.name.clone());
            let Some(member) = open.members.get_mut(&number) else { continue };
            if !is_fresh && !live && member.version > served {
                // He has not fetched the last mark yet; when he does he reads the head of then.
                continue;
            }
            let (prev, version) = self.bump(number)?;
            member.version = version;
            member.seen = moved;
            if live {
                member.from_seq = member.from_seq.max(seq.saturating_sub(LIVE_WINDOW - 1));
            } else if !is_fresh {
                member.from_seq = seq;
            }
            open.touched.insert(number);
            let visible = number == post.sender
                || post.audience.as_ref().is_none_or(|audience| audience.contains(&name));
            let news = if is_fresh || post.changes_group {
                let reader = Reader { number, name: name.as_str() };
                let state = state::state(self.conn, &open.row, member, reader)?;
                let from = member.visible_from.max(seq);
                let entries = entries::entries(self.conn, open.row.id, reader, (from, seq))?;
                News::State(Box::new(wire::ConversationChange {
                    state: Some(state),
                    entries,
                    deleted: Vec::new(),
                }))
            } else if visible {
                News::Entry
            } else {
                News::Blank
            };
            bumped.push(Bump { user: name, prev, version, news });
        }
        Ok(Some(Posted { seq, time_ms, counted, counted_by_sender, bumped, fanout }))
    }
}
