//! What the server itself writes into a group's log.

use bytes::Bytes;
use prost::Message as _;
use whinchat_proto::id::ClientMessageId;
use whinchat_proto::wire;

/// A notice, ready to be appended.
pub(crate) struct TipMessage {
    pub(crate) client_id: ClientMessageId,
    pub(crate) envelope: wire::Envelope,
    pub(crate) content: Bytes,
}

/// Writes the notice that `operator` did `kind` to `members`.
pub(crate) fn tip(
    now_ms: i64,
    kind: wire::GroupTipKind,
    operator: &str,
    members: Vec<String>,
    member_count: u32,
) -> TipMessage {
    let mut random = [0_u8; 10];
    // Without randomness the id would still be unique enough for one operator and millisecond; the index says so if not.
    let _ = getrandom::fill(&mut random);
    let client_id = ClientMessageId::from_parts(now_ms, random);
    let envelope = wire::Envelope {
        client_message_id: client_id.to_bytes(),
        excluded_from_unread: true,
        kind: wire::MessageKind::GroupTip.into(),
        ..Default::default()
    };
    let tip = wire::GroupTip { kind: kind.into(), operator: operator.to_owned(), members, member_count };
    let element = wire::Element { body: Some(wire::element::Body::GroupTip(tip)) };
    let content = wire::Content { elements: vec![element], custom_data: Bytes::new() };
    TipMessage { client_id, envelope, content: content.encode_to_vec().into() }
}
