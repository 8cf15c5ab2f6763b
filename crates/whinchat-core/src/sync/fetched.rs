//! Reads fetched pages straight from a frame's bytes: there are many entries in them, and generated types would hold each
//! message once more.

use bytes::Bytes;
use prost::Message as _;
use whinchat_proto::error::ProtoError;
use whinchat_proto::id::{ClientMessageId, ConversationId, UserId};
use whinchat_proto::raw::{Fields, Value};
use whinchat_proto::wire;

use super::input::{Entry, EntryBody, LogState, Message, Page, undecodable};
use crate::error::Result;

impl Page {
    /// The pages of an encoded `FetchEntriesResult`, in its order; a range that the server refused is an error.
    pub(crate) fn list_from_result(result: &Bytes) -> Result<Vec<Result<Self>>> {
        let mut pages = Vec::new();
        for field in Fields::of(result) {
            if let (1, Value::Bytes(page)) = known(field)? {
                pages.push(page_of(result, page));
            }
        }
        Ok(pages)
    }
}

fn known<'a>(field: std::result::Result<(u32, Value<'a>), ProtoError>) -> Result<(u32, Value<'a>)> {
    field.map_err(|_| undecodable("page"))
}

fn page_of(frame: &Bytes, bytes: &[u8]) -> Result<Page> {
    let (mut epoch, mut from, mut to) = (0, 0, 0);
    let mut conversation = None;
    let mut state = None;
    let mut entries = Vec::new();
    for field in Fields::of(bytes) {
        match known(field)? {
            (1, Value::Bytes(name)) => {
                let name = wire::ConversationRef::decode(name).map_err(|_| undecodable("conversation id"))?;
                conversation = ConversationId::from_wire(Some(&name)).ok();
            }
            (2, Value::Number(value)) => epoch = value,
            (3, Value::Number(value)) => from = value,
            (4, Value::Number(value)) => to = value,
            (5, Value::Bytes(entry)) => entries.push(entry_of(frame, entry)?),
            (6, Value::Bytes(found)) => {
                let found = wire::ConversationState::decode(found).map_err(|_| undecodable("state"))?;
                state = Some(LogState::from_wire(found)?);
            }
            (7, Value::Bytes(error)) => {
                return Err(wire::Error::decode(error).map_err(|_| undecodable("error"))?.into());
            }
            _ => {}
        }
    }
    let conversation = conversation.ok_or_else(|| undecodable("conversation id"))?;
    Ok(Page { conversation, epoch, from, to, entries, state })
}

fn entry_of(frame: &Bytes, bytes: &[u8]) -> Result<Entry> {
    let mut entry = Entry {
        seq: 0,
        time_ms: 0,
        modified: 0,
        counted: 0,
        counted_by_sender: 0,
        // A newer server's kind of entry: nothing to show, but its place is held.
        body: EntryBody::Blank { counted: false },
    };
    for field in Fields::of(bytes) {
        match known(field)? {
            (1, Value::Number(value)) => entry.seq = value,
            (2, Value::Number(value)) => entry.time_ms = value.cast_signed(),
            (3, Value::Number(value)) => entry.modified = value,
            (4, Value::Number(value)) => entry.counted = value,
            (5, Value::Number(value)) => entry.counted_by_sender = value,
            (6, Value::Bytes(message)) => entry.body = EntryBody::Message(message_of(frame, message)?),
            (7, Value::Bytes(blank)) => {
                let blank = wire::Blank::decode(blank).map_err(|_| undecodable("blank"))?;
                entry.body = EntryBody::Blank { counted: blank.counted };
            }
            _ => {}
        }
    }
    Ok(entry)
}

fn message_of(frame: &Bytes, bytes: &[u8]) -> Result<Message> {
    let (mut sender, mut envelope, mut content) = (&[][..], None, &[][..]);
    for field in Fields::of(bytes) {
        match known(field)? {
            (1, Value::Bytes(value)) => sender = value,
            (2, Value::Bytes(value)) => envelope = Some(value),
            (3, Value::Bytes(value)) => content = value,
            _ => {}
        }
    }
    let envelope = envelope.ok_or_else(|| undecodable("message without an envelope"))?;
    let sender = std::str::from_utf8(sender).ok().and_then(|name| UserId::new(name).ok());
    let mut message = Message {
        sender: sender.ok_or_else(|| undecodable("sender"))?,
        client_id: ClientMessageId([0; 16]),
        excluded_from_unread: false,
        excluded_from_last_message: false,
        kind: 0,
        envelope: frame.slice_ref(envelope),
        content: frame.slice_ref(content),
    };
    let mut id = None;
    for field in Fields::of(envelope) {
        match known(field)? {
            (1, Value::Bytes(value)) => id = ClientMessageId::from_slice(value).ok(),
            (2, Value::Number(value)) => message.excluded_from_unread = value != 0,
            (3, Value::Number(value)) => message.excluded_from_last_message = value != 0,
            // As an enum is read: the lower half counts.
            #[allow(clippy::cast_possible_truncation)]
            (9, Value::Number(value)) => message.kind = value as i32,
            _ => {}
        }
    }
    message.client_id = id.ok_or_else(|| undecodable("message id"))?;
    Ok(message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The same by the generated types.
    fn generated(page: wire::EntryPage) -> Result<Page> {
        if let Some(error) = page.error {
            return Err(error.into());
        }
        Ok(Page {
            conversation: ConversationId::from_wire(page.conversation.as_ref())
                .map_err(|_| undecodable("conversation id"))?,
            epoch: page.epoch,
            from: page.from,
            to: page.to,
            entries: page.entries.into_iter().map(Entry::from_wire).collect::<Result<_>>()?,
            state: page.state.map(LogState::from_wire).transpose()?,
        })
    }

    fn body() -> impl Strategy<Value = Option<wire::entry::Body>> {
        let envelope =
            (0..60_usize, any::<[bool; 2]>(), 0..300_i32, proptest::collection::vec("[a-z]{0,9}", 0..3));
        let sender = prop_oneof![30 => "[a-z]{1,9}", 1 => "[a-z\\x01]{0,140}"];
        let message = (sender, proptest::option::weighted(0.98, envelope), 0..300_usize);
        prop_oneof![
            1 => Just(None),
            2 => any::<bool>().prop_map(|counted| Some(wire::entry::Body::Blank(wire::Blank { counted }))),
            9 => message.prop_map(|(sender, envelope, content)| {
                let envelope = envelope.map(|(id, excluded, kind, mentions)| wire::Envelope {
                    client_message_id: vec![7; if id < 59 { 16 } else { 3 }].into(),
                    excluded_from_unread: excluded[0],
                    excluded_from_last_message: excluded[1],
                    kind: kind - 10,
                    mentions,
                    ..wire::Envelope::default()
                });
                let content = vec![9; content].into();
                Some(wire::entry::Body::Message(wire::StoredMessage { sender, envelope, content }))
            }),
        ]
    }

    fn page() -> impl Strategy<Value = wire::EntryPage> {
        let entry =
            (any::<[u64; 4]>(), any::<i64>(), body()).prop_map(|(numbers, time_ms, body)| wire::Entry {
                seq: numbers[0],
                time_ms,
                r#mod: numbers[1],
                counted: numbers[2],
                counted_by_sender: numbers[3],
                body,
            });
        let state = (any::<u64>(), proptest::collection::vec(any::<u64>(), 0..4));
        let name = proptest::option::weighted(0.95, "[a-z]{1,9}");
        let parts =
            (name, any::<[u64; 3]>(), proptest::collection::vec(entry, 0..9), proptest::option::of(state));
        (parts, proptest::option::weighted(0.1, 1..9_i32)).prop_map(
            |((name, [epoch, from, to], entries, state), error)| {
                let target = |name: &String| wire::conversation_ref::Target::UserId(name.clone());
                let conversation =
                    name.as_ref().map(|name| wire::ConversationRef { target: Some(target(name)) });
                wire::EntryPage {
                    conversation: conversation.clone(),
                    epoch,
                    from,
                    to,
                    entries,
                    state: state.map(|(epoch, excepted)| wire::ConversationState {
                        conversation,
                        epoch,
                        excepted,
                        ..Default::default()
                    }),
                    error: error.map(|code| wire::Error { code, ..Default::default() }),
                }
            },
        )
    }

    proptest! {
        #[test]
        fn pages_read_from_bytes_are_those_of_the_generated_types(pages in proptest::collection::vec(page(), 0..4)) {
            let bytes = Bytes::from(wire::FetchEntriesResult { pages: pages.clone() }.encode_to_vec());
            let read = Page::list_from_result(&bytes).unwrap();
            prop_assert_eq!(read.len(), pages.len());
            for (read, page) in read.into_iter().zip(pages) {
                match (read, generated(page)) {
                    (Ok(read), Ok(expected)) => prop_assert_eq!(read, expected),
                    (read, expected) => prop_assert!(read.is_err() && expected.is_err(), "{:?} {:?}", read, expected),
                }
            }
        }

        #[test]
        fn damaged_pages_are_refused_or_read_and_nothing_worse(
            pages in proptest::collection::vec(page(), 1..3), at in any::<prop::sample::Index>(), byte: u8,
        ) {
            let mut bytes = wire::FetchEntriesResult { pages }.encode_to_vec();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            let _ = Page::list_from_result(&bytes.into());
        }
    }
}
