//! Protobuf without generated types, for pages of entries: they are written straight from the rows of a store and read
//! straight into those of another, so that the bodies are copied once on either side.

use crate::error::{ErrorCode, ProtoError};

/// A number.
const VARINT: u64 = 0;
/// Eight bytes.
const FIXED64: u64 = 1;
/// A length, and so many bytes.
const DELIMITED: u64 = 2;
/// Four bytes.
const FIXED32: u64 = 5;
/// Longest varint, in bytes.
const VARINT_BYTES: usize = 10;

/// Writes a message from its end to its beginning: a length is known when its turn comes, and nothing is measured first.
/// Fields come out in the opposite order of the calls.
#[derive(Debug, Default)]
pub struct Backwards {
    /// Filled from the end.
    buffer: Vec<u8>,
    at: usize,
}

impl Backwards {
    /// Nothing written, with room for so many bytes.
    #[must_use]
    pub fn with_capacity(bytes: usize) -> Self {
        Self { buffer: vec![0; bytes], at: bytes }
    }

    /// What was written, in the order of a reader.
    #[must_use]
    pub fn as_slice(&self) -> &[u8] {
        self.buffer.get(self.at..).unwrap_or_default()
    }

    /// Bytes written.
    #[must_use]
    pub fn len(&self) -> usize {
        self.buffer.len() - self.at
    }

    /// Whether nothing is written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes back everything that was written since [`Self::len`] was `len`.
    pub fn back_to(&mut self, len: usize) {
        self.at = self.buffer.len().saturating_sub(len).max(self.at);
    }

    fn put(&mut self, bytes: &[u8]) {
        if self.at < bytes.len() {
            self.grow(bytes.len());
        }
        let from = self.at - bytes.len();
        if let Some(place) = self.buffer.get_mut(from..self.at) {
            place.copy_from_slice(bytes);
        }
        self.at = from;
    }

    fn grow(&mut self, bytes: usize) {
        let written = self.len();
        let mut buffer = vec![0; (self.buffer.len() * 2).max(written + bytes)];
        let at = buffer.len() - written;
        if let Some(place) = buffer.get_mut(at..) {
            place.copy_from_slice(self.as_slice());
        }
        (self.buffer, self.at) = (buffer, at);
    }

    fn varint(&mut self, mut value: u64) {
        let mut bytes = [0_u8; VARINT_BYTES];
        let mut length = 0;
        for byte in &mut bytes {
            length += 1;
            *byte = value.to_le_bytes()[0] & 0x7f;
            value >>= 7;
            if value == 0 {
                break;
            }
            *byte |= 0x80;
        }
        self.put(bytes.get(..length).unwrap_or_default());
    }

    /// A field that is a number; none when it is 0, which is what its absence means.
    pub fn number(&mut self, field: u32, value: u64) {
        if value != 0 {
            self.varint(value);
            self.varint(u64::from(field) << 3 | VARINT);
        }
    }

    /// A field of bytes, a text, or an encoded message; written even when it is empty.
    pub fn bytes(&mut self, field: u32, value: &[u8]) {
        let before = self.len();
        self.put(value);
        self.message(field, before);
    }

    /// Makes what was written since [`Self::len`] was `before` a field that is a message.
    pub fn message(&mut self, field: u32, before: usize) {
        self.varint(u64::try_from(self.len() - before).unwrap_or(u64::MAX));
        self.varint(u64::from(field) << 3 | DELIMITED);
    }
}

/// The value of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// A number; signed ones as their two's complement.
    Number(u64),
    /// Bytes, a text or a message.
    Bytes(&'a [u8]),
}

/// Reads the fields of a message in their order. After an error there is nothing more.
#[derive(Clone, Debug)]
pub struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    /// The fields of an encoded message.
    #[must_use]
    pub fn of(message: &'a [u8]) -> Self {
        Self(message)
    }

    fn take(&mut self, bytes: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(bytes)?;
        self.0 = rest;
        Some(taken)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for (index, byte) in self.0.iter().take(VARINT_BYTES).enumerate() {
            value |= u64::from(byte & 0x7f) << (7 * index);
            if byte & 0x80 == 0 {
                // The tenth byte has room for one bit.
                if index + 1 == VARINT_BYTES && *byte > 1 {
                    return None;
                }
                self.0 = self.0.get(index + 1..)?;
                return Some(value);
            }
        }
        None
    }

    fn field(&mut self) -> Option<(u32, Value<'a>)> {
        let key = self.varint()?;
        let field = u32::try_from(key >> 3).ok().filter(|field| *field > 0)?;
        let value = match key & 7 {
            VARINT => Value::Number(self.varint()?),
            FIXED64 => Value::Number(u64::from_le_bytes(self.take(8)?.try_into().ok()?)),
            FIXED32 => Value::Number(u32::from_le_bytes(self.take(4)?.try_into().ok()?).into()),
            DELIMITED => {
                let length = self.varint()?;
                Value::Bytes(self.take(usize::try_from(length).ok()?)?)
            }
            _ => return None,
        };
        Some((field, value))
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u32, Value<'a>), ProtoError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_none() {
            self.0 = &[];
        }
        Some(field.ok_or_else(|| ErrorCode::FrameUndecodable.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire;
    use proptest::prelude::*;
    use prost::Message as _;

    fn written(seq: u64, time_ms: i64, sender: &str, content: &[u8]) -> Backwards {
        let mut out = Backwards::default();
        let entry = out.len();
        out.bytes(3, content);
        out.bytes(1, sender.as_bytes());
        out.message(6, entry);
        out.number(2, time_ms.cast_unsigned());
        out.number(1, seq);
        out
    }

    proptest! {
        #[test]
        fn what_is_written_backwards_is_what_the_contract_describes(
            seq: u64, time_ms: i64, sender in "[a-z]{0,200}", content in proptest::collection::vec(any::<u8>(), 0..400),
        ) {
            let out = written(seq, time_ms, &sender, &content);
            let message = wire::StoredMessage { sender, envelope: None, content: content.into() };
            let entry = wire::Entry {
                seq, time_ms, body: Some(wire::entry::Body::Message(message)), ..Default::default()
            };
            prop_assert_eq!(wire::Entry::decode(out.as_slice()).unwrap(), entry);
        }

        #[test]
        fn fields_come_as_they_were_encoded(seq: u64, epoch: u64, name in "[a-z]{0,200}") {
            let push = wire::EntryPush {
                conversation: None,
                epoch,
                entry: Some(wire::Entry { seq, ..Default::default() }),
                group: Some(wire::GroupSummary { name, ..Default::default() }),
            };
            let bytes = push.encode_to_vec();
            let mut again = wire::EntryPush::default();
            for field in Fields::of(&bytes) {
                match field.unwrap() {
                    (2, Value::Number(epoch)) => again.epoch = epoch,
                    (3, Value::Bytes(entry)) => again.entry = Some(wire::Entry::decode(entry).unwrap()),
                    (4, Value::Bytes(group)) => again.group = Some(wire::GroupSummary::decode(group).unwrap()),
                    other => prop_assert!(false, "{:?}", other),
                }
            }
            prop_assert_eq!(again, push);
        }

        #[test]
        fn whatever_arrives_ends(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let mut failed = 0;
            for field in Fields::of(&bytes) {
                prop_assert_eq!(failed, 0);
                failed += usize::from(field.is_err());
            }
        }
    }

    #[test]
    fn what_is_taken_back_leaves_no_trace() {
        let mut out = written(7, 8, "alice", b"first");
        let kept = out.as_slice().to_vec();
        let before = out.len();
        out.bytes(5, &[1; 10_000]);
        out.back_to(before);
        assert_eq!(out.as_slice(), kept);
    }
}
