//! Outbox items as requests.

use bytes::Bytes;
use prost::Message as _;
use whinchat_proto::id::OperationId;
use whinchat_proto::wire::{self, request::Body};

use crate::store::{ItemKind, OutboxRow};

/// What a read mark keeps in its row.
pub(crate) fn mark_payload(epoch: u64, seq: u64) -> Bytes {
    let mut payload = Vec::with_capacity(16);
    payload.extend_from_slice(&epoch.to_le_bytes());
    payload.extend_from_slice(&seq.to_le_bytes());
    payload.into()
}

/// Epoch and seq of a read mark.
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
    }
}

/// The request that settles a message in doubt.
pub(crate) fn cancel(row: &OutboxRow) -> Body {
    Body::CancelSend(wire::CancelSend {
        conversation: Some(row.conversation.to_wire()),
        client_message_id: Bytes::copy_from_slice(&row.id),
    })
}
