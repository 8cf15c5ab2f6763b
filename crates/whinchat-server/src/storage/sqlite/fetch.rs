//! Reading entries and states.

use prost::Message as _;
use rusqlite::Connection;
use whinchat_proto::error::ErrorCode;
use whinchat_proto::id::{ConversationId, UserId};
use whinchat_proto::wire;

use super::deletions;
use super::fault::DbResult;
use super::rows::{conversation_name, user_number, view};
use super::state::{Budget, Reader, entries, state};
use crate::storage::Range;

/// Why a conversation cannot be shown to somebody.
fn not_yours(conn: &Connection, conversation: &ConversationId, name: &str) -> DbResult<wire::Error> {
    let code = match conversation {
        ConversationId::User(_) => ErrorCode::ConversationUnknown,
        ConversationId::Group(_) => {
            let mut statement = conn.prepare_cached("SELECT 1 FROM conversation WHERE name = ?1")?;
            if statement.exists([name])? { ErrorCode::NotMember } else { ErrorCode::GroupGone }
        }
    };
    Ok(whinchat_proto::error::ProtoError::from(code).to_wire())
}

/// Serves ranges in order until the answer is full.
pub(super) fn fetch(conn: &Connection, user: &UserId, ranges: &[Range]) -> DbResult<Vec<wire::EntryPage>> {
    let number = user_number(conn, user)?.unwrap_or(-1);
    let reader = Reader { number, name: user.as_str() };
    let mut budget = Budget::page();
    let mut pages = Vec::new();
    for range in ranges {
        if budget.entries == 0 || (budget.bytes == 0 && !budget.untouched) {
            break;
        }
        let name = conversation_name(user, &range.conversation);
        let mut page = wire::EntryPage {
            conversation: Some(range.conversation.to_wire()),
            epoch: range.epoch,
            from: range.from,
            to: range.to,
            ..Default::default()
        };
        let Some((conversation, member)) = view(conn, number, &name)? else {
            page.error = Some(not_yours(conn, &range.conversation, &name)?);
            pages.push(page);
            continue;
        };
        page.epoch = conversation.epoch;
        let head = member.head(&conversation);
        let (from, to) = (range.from.max(member.visible_from), range.to.min(head));
        let other_epoch = range.epoch != conversation.epoch;
        if other_epoch || from != range.from || to != range.to {
            let state = state(conn, &conversation, &member, reader)?;
            budget.bytes = budget.bytes.saturating_sub(state.encoded_len());
            page.state = Some(state);
        }
        if !other_epoch && from <= to {
            page.entries = entries(conn, conversation.id, reader, (from, to), &mut budget)?;
            deletions::blank(conn, &member, &mut page.entries)?;
            match page.entries.first() {
                // Everything below `from` lies outside the window, so the page covers it as well.
                Some(first) if first.seq == from => {}
                Some(first) => page.from = first.seq,
                None => break,
            }
        }
        pages.push(page);
    }
    Ok(pages)
}

/// The state of each conversation, with its newest entry as long as there is room.
pub(super) fn conversations(
    conn: &Connection,
    user: &UserId,
    names: &[ConversationId],
) -> DbResult<Vec<wire::ConversationLookup>> {
    let number = user_number(conn, user)?.unwrap_or(-1);
    let reader = Reader { number, name: user.as_str() };
    let mut budget = Budget::page();
    budget.untouched = false;
    let mut items = Vec::with_capacity(names.len());
    for conversation in names {
        let name = conversation_name(user, conversation);
        let Some((row, member)) = view(conn, number, &name)? else {
            let error = Some(not_yours(conn, conversation, &name)?);
            items.push(wire::ConversationLookup { change: None, error });
            continue;
        };
        let state = state(conn, &row, &member, reader)?;
        budget.bytes = budget.bytes.saturating_sub(state.encoded_len());
        let head = state.head_seq;
        let mut entries = entries(conn, row.id, reader, (head.max(member.visible_from), head), &mut budget)?;
        deletions::blank(conn, &member, &mut entries)?;
        let deleted = deletions::since(conn, &member, 0)?;
        let change = wire::ConversationChange { state: Some(state), entries, deleted };
        items.push(wire::ConversationLookup { change: Some(change), error: None });
    }
    Ok(items)
}
