//! Outbox items as requests.

use bytes::Bytes;
use prost::Message as _;
use whinchat_proto::id::OperationId;
use whinchat_proto::wire::{self, request::Body};

use crate::store::{ItemKind, OutboxRow};
use crate::sync::{Floor, Input, Totals};

/// What a read mark or an emptying keeps in its row.
pub(crate) fn mark_payload(epoch: u64, seq: u64) -> Bytes {
    let mut payload = Vec::with_capacity(16);
    payload.extend_from_slice(&epoch.to_le_bytes());
    payload.extend_from_slice(&seq.to_le_bytes());
    payload.into()
}

/// What a read mark keeps in its row that was made here: the running totals at its place as well, so that it can be shown
/// again when the cache had not heard of it.
pub(crate) fn read_payload(epoch: u64, floor: Floor) -> Bytes {
    let numbers = [epoch, floor.seq, floor.totals.counted, floor.totals.own];
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

/// What a deletion keeps in its row.
pub(crate) fn delete_payload(epoch: u64, seqs: &[u64]) -> Bytes {
    let mut payload = Vec::with_capacity(8 + seqs.len() * 8);
    payload.extend_from_slice(&epoch.to_le_bytes());
    seqs.iter().for_each(|seq| payload.extend_from_slice(&seq.to_le_bytes()));
    payload.into()
}

/// Epoch and places of a deletion.
fn read_deletion(payload: &[u8]) -> (u64, Vec<u64>) {
    let mut numbers = payload.as_chunks::<8>().0.iter().map(|bytes| u64::from_le_bytes(*bytes));
    (numbers.next().unwrap_or(0), numbers.collect())
}

/// What a queued mark, deletion or emptying does to the logs. Applied at once and after a restart: the cache may have been
/// lost meanwhile, or not have heard of it; a deletion or emptying again with the server's answer.
pub(crate) fn input(row: &OutboxRow) -> Option<Input> {
    let conversation = row.conversation.clone();
    match row.kind {
        ItemKind::Message => None,
        ItemKind::MarkRead => {
            let (epoch, seq) = read_mark(&row.content);
            let (counted, own) = read_mark(row.content.get(16..32)?);
            let floor = Floor { seq, totals: Totals { counted, own } };
            Some(Input::Marked { conversation, epoch: Some(epoch), floor, read_seq: seq })
        }
        ItemKind::Delete => {
            let (epoch, seqs) = read_deletion(&row.content);
            Some(Input::Deleted { conversation, epoch, seqs })
        }
        ItemKind::Clear => {
            let (epoch, seq) = read_mark(&row.content);
            Some(Input::Cleared { conversation, epoch, seq, floor: None })
        }
    }
}

/// Epoch and seq of a read mark or an emptying; the two numbers at the beginning of anything.
fn read_mark(payload: &[u8]) -> (u64, u64) {
    let number = |part: Option<&[u8]>| {
        part.and_then(|bytes| <[u8; 8]>::try_from(bytes).ok()).map_or(0, u64::from_le_bytes)
    };
    (number(payload.get(..8)), number(payload.get(8..16)))
}

/// The request that carries an item.
pub(crate) fn request(row: &OutboxRow, round: u32) -> (Option<OperationId>, Body) {
    let conversation = Some(row.conversation.to_wire());
    match row.kind {
        ItemKind::Message => {
            let envelope = wire::Envelope::decode(row.envelope.clone()).unwrap_or_default();
            let body = wire::SendMessage {
                conversation,
                envelope: Some(envelope),
                content: row.content.clone(),
                online_only: false,
                round,
                again: row.again,
            };
            (None, Body::SendMessage(body))
        }
        ItemKind::MarkRead => {
            let (epoch, seq) = read_mark(&row.content);
            (Some(OperationId(row.id)), Body::MarkRead(wire::MarkRead { conversation, epoch, seq }))
        }
        ItemKind::Delete => {
            let (epoch, seqs) = read_deletion(&row.content);
            let body = wire::DeleteMessages { conversation, epoch, seqs };
            (Some(OperationId(row.id)), Body::DeleteMessages(body))
        }
        ItemKind::Clear => {
            let (epoch, seq) = read_mark(&row.content);
            (Some(OperationId(row.id)), Body::ClearHistory(wire::ClearHistory { conversation, epoch, seq }))
        }
    }
}

/// The request that settles a message in doubt.
pub(crate) fn cancel(row: &OutboxRow) -> Body {
    Body::CancelSend(wire::CancelSend {
        conversation: Some(row.conversation.to_wire()),
        client_message_id: Bytes::copy_from_slice(&row.id),
    })
}
