//! Reading entries and states.

use bytes::{Bytes, BytesMut};
use prost::Message as _;
use rusqlite::Connection;
use whinchat_proto::error::ErrorCode;
use whinchat_proto::id::{ConversationId, UserId};
use whinchat_proto::limits::{FETCH_BYTES, PAGE_BYTES};
use whinchat_proto::wire;

use super::deletions;
use super::entries::{Entries, SMALL};
use super::fault::{DbError, DbResult};
use super::rows::{conversation_name, user_number, view};
use super::state::{Budget, Reader, state};
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

/// Field numbers of the contract.
const RESULT_PAGES: u32 = 1;
/// What a page costs beside what it holds, generously: its key and length, and a `from` that grows.
const PAGE_OVERHEAD: usize = 16;

/// Serves ranges in order until the answer is full: an encoded `FetchEntriesResult`.
pub(super) fn fetch(conn: &Connection, user: &UserId, ranges: &[Range]) -> DbResult<Bytes> {
    let number = user_number(conn, user)?.unwrap_or(-1);
    let reader = Reader { number, name: user.as_str() };
    let mut budget = Budget::page(FETCH_BYTES);
    let mut reading = Entries::new(conn, reader, FETCH_BYTES);
    let mut answer = BytesMut::with_capacity(FETCH_BYTES);
    for range in ranges {
        if !answer.is_empty() {
            // An entry of any size fits into an empty answer only.
            budget.untouched = false;
            if budget.is_spent() {
                break;
            }
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
            if !budget.has_room_for(&page) {
                break;
            }
            put(&mut answer, &page, &[]);
            continue;
        };
        page.epoch = conversation.epoch;
        let head = member.head(&conversation);
        let (from, to) = (range.from.max(member.visible_from), range.to.min(head));
        let other_epoch = range.epoch != conversation.epoch;
        if other_epoch || from != range.from || to != range.to {
            page.state = Some(state(conn, &conversation, &member, reader)?);
        }
        if !budget.has_room_for(&page) {
            break;
        }
        if other_epoch || from > to {
            put(&mut answer, &page, &[]);
            continue;
        }
        let (first, entries) = reading.read(conversation.id, (from, to), &mut budget)?;
        match first {
            // Everything below `from` lies outside the window, so the page covers it as well.
            Some(first) if first == from => {}
            Some(first) => page.from = first,
            None => break,
        }
        if member.deletions > 0 {
            let mut blanked =
                wire::EntryPage::decode(entries).map_err(|_| DbError::damaged("an envelope"))?;
            deletions::blank(conn, &member, &mut blanked.entries)?;
            put(&mut answer, &page, &blanked.encode_to_vec());
        } else {
            put(&mut answer, &page, entries);
        }
    }
    Ok(answer.freeze())
}

impl Budget {
    /// Takes what a page costs around its entries. A page that is too large for what is left is not begun.
    fn has_room_for(&mut self, page: &wire::EntryPage) -> bool {
        let bytes = page.encoded_len() + PAGE_OVERHEAD;
        if bytes > self.bytes && !self.untouched {
            return false;
        }
        self.bytes = self.bytes.saturating_sub(bytes);
        true
    }
}

/// Appends a page: what the struct holds, and the encoded entries behind it.
fn put(answer: &mut BytesMut, page: &wire::EntryPage, entries: &[u8]) {
    let length = page.encoded_len() + entries.len();
    prost::encoding::encode_key(RESULT_PAGES, prost::encoding::WireType::LengthDelimited, answer);
    prost::encoding::encode_varint(u64::try_from(length).unwrap_or(u64::MAX), answer);
    page.encode_raw(answer);
    answer.extend_from_slice(entries);
}

/// What an item of an answer costs beside its own bytes.
const ITEM_OVERHEAD: usize = 8;

/// The state of each conversation, with its newest entry as long as there is room: the first of them, as many as an answer
/// holds. Exceptions and deletions can make one state large; one alone always fits.
pub(super) fn conversations(
    conn: &Connection,
    user: &UserId,
    names: &[ConversationId],
) -> DbResult<Vec<wire::ConversationLookup>> {
    let number = user_number(conn, user)?.unwrap_or(-1);
    let reader = Reader { number, name: user.as_str() };
    let mut budget = Budget::page(PAGE_BYTES);
    budget.untouched = false;
    let mut reading = Entries::new(conn, reader, SMALL);
    let mut room = FETCH_BYTES;
    let mut items = Vec::with_capacity(names.len());
    let mut put = |item: wire::ConversationLookup| {
        let size = item.encoded_len() + ITEM_OVERHEAD;
        let fits = items.is_empty() || size <= room;
        if fits {
            room = room.saturating_sub(size);
            items.push(item);
        }
        fits
    };
    for conversation in names {
        let name = conversation_name(user, conversation);
        let Some((row, member)) = view(conn, number, &name)? else {
            let error = Some(not_yours(conn, conversation, &name)?);
            if !put(wire::ConversationLookup { change: None, error }) {
                break;
            }
            continue;
        };
        let state = state(conn, &row, &member, reader)?;
        budget.bytes = budget.bytes.saturating_sub(state.encoded_len());
        let head = state.head_seq;
        let mut entries = reading.decoded(row.id, (head.max(member.visible_from), head), &mut budget)?;
        deletions::blank(conn, &member, &mut entries)?;
        let deleted = deletions::since(conn, &member, 0)?;
        let change = wire::ConversationChange { state: Some(state), entries, deleted };
        if !put(wire::ConversationLookup { change: Some(change), error: None }) {
            break;
        }
    }
    Ok(items)
}
