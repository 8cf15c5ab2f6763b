//! Changing inputs: blindly, byte by byte, and knowingly, where they are protobuf.

use crate::dice::Dice;

/// No input grows beyond this: larger ones are refused by their length alone, everywhere.
const LONGEST: usize = 160 * 1_024;

const NUMBERS: &[u64] = &[
    0,
    1,
    2,
    3,
    127,
    128,
    u32::MAX as u64,
    u32::MAX as u64 + 1,
    i64::MAX as u64 - 1,
    i64::MAX as u64,
    i64::MAX as u64 + 1,
    u64::MAX - 1,
    u64::MAX,
];

fn at(dice: &mut Dice, length: usize) -> usize {
    usize::try_from(dice.below(length as u64)).unwrap_or(0)
}

/// Changes any bytes as they lie.
pub fn bytes(dice: &mut Dice, input: &[u8], other: &[u8]) -> Vec<u8> {
    let mut out = input.to_vec();
    for _ in 0..=dice.below(4) {
        let end = out.len() + 1;
        match dice.below(7) {
            0 if !out.is_empty() => {
                let place = at(dice, out.len());
                out[place] ^= 1 << dice.below(8);
            }
            1 if !out.is_empty() => {
                let place = at(dice, out.len());
                out[place] =
                    *dice.pick(&[0, 1, 0x7f, 0x80, 0xff, b'"', b'\\', b'\n', b'_', b':']).unwrap_or(&0);
            }
            2 => out.insert(at(dice, end), dice.below(256).to_le_bytes()[0]),
            3 if !out.is_empty() => drop(out.remove(at(dice, end - 1))),
            4 => out.truncate(at(dice, end)),
            5 => {
                let (place, from) = (at(dice, end), at(dice, other.len() + 1));
                let piece = &other[from..from + at(dice, other.len() - from + 1)];
                out.splice(place..place, piece.iter().copied());
            }
            _ => {
                let from = at(dice, end);
                let piece = out[from..from + at(dice, end - from)].to_vec();
                for _ in 0..=dice.below(30) {
                    out.splice(from..from, piece.iter().copied());
                    if out.len() > LONGEST {
                        break;
                    }
                }
            }
        }
    }
    out.truncate(LONGEST);
    out
}

/// A field as it lies in an encoding.
#[derive(Clone)]
struct Field {
    number: u64,
    value: Value,
}

#[derive(Clone)]
enum Value {
    Varint(u64),
    Fixed(Vec<u8>),
    Bytes(Vec<u8>),
}

fn varint(rest: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for place in 0..10 {
        let (byte, tail) = rest.split_first()?;
        *rest = tail;
        value |= u64::from(byte & 0x7f) << (7 * place).min(63);
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    out.push(value.to_le_bytes()[0]);
}

fn parse(mut rest: &[u8]) -> Option<Vec<Field>> {
    let mut fields = Vec::new();
    while !rest.is_empty() {
        let tag = varint(&mut rest)?;
        let length = match tag & 7 {
            0 => {
                fields.push(Field { number: tag >> 3, value: Value::Varint(varint(&mut rest)?) });
                continue;
            }
            1 => 8,
            5 => 4,
            2 => usize::try_from(varint(&mut rest)?).ok()?,
            _ => return None,
        };
        let value = rest.get(..length)?.to_vec();
        rest = &rest[length..];
        let value = if tag & 7 == 2 { Value::Bytes(value) } else { Value::Fixed(value) };
        fields.push(Field { number: tag >> 3, value });
    }
    Some(fields)
}

fn encode(fields: &[Field]) -> Vec<u8> {
    let mut out = Vec::new();
    for Field { number, value } in fields {
        let kind = match value {
            Value::Varint(_) => 0,
            Value::Fixed(bytes) if bytes.len() == 8 => 1,
            Value::Fixed(_) => 5,
            Value::Bytes(_) => 2,
        };
        put_varint(&mut out, number << 3 | kind);
        match value {
            Value::Varint(value) => put_varint(&mut out, *value),
            Value::Fixed(bytes) => out.extend(bytes),
            Value::Bytes(bytes) => {
                put_varint(&mut out, bytes.len() as u64);
                out.extend(bytes);
            }
        }
    }
    out
}

/// Changes one field somewhere in a protobuf encoding, so that all around it still fits.
pub fn protobuf(dice: &mut Dice, input: &[u8]) -> Vec<u8> {
    let Some(mut fields) = parse(input).filter(|fields| !fields.is_empty()) else {
        return bytes(dice, input, input);
    };
    let place = at(dice, fields.len());
    // Mostly deeper: what matters lies inside.
    if let Value::Bytes(inner) = &fields[place].value
        && dice.chance(75)
        && parse(inner).is_some_and(|inner| !inner.is_empty())
    {
        fields[place].value = Value::Bytes(protobuf(dice, inner));
        return encode(&fields);
    }
    match dice.below(10) {
        0 => drop(fields.remove(place)),
        1 => {
            let copies = 1 + dice.below(40);
            for _ in 0..copies {
                let field = fields[place].clone();
                fields.insert(place, field);
            }
        }
        2 => fields[place].number = 1 + dice.below(24),
        3 => {
            let other = at(dice, fields.len());
            fields.swap(place, other);
        }
        _ => {
            let other = fields[at(dice, fields.len())].value.clone();
            match &mut fields[place].value {
                Value::Varint(value) => {
                    *value = match dice.below(3) {
                        0 => value.wrapping_add(dice.below(5)).wrapping_sub(2),
                        _ => *dice.pick(NUMBERS).unwrap_or(&0),
                    };
                }
                Value::Fixed(value) => {
                    value.iter_mut().for_each(|byte| *byte = dice.below(256).to_le_bytes()[0])
                }
                Value::Bytes(value) => {
                    let other = if let Value::Bytes(other) = other { other } else { Vec::new() };
                    *value = bytes(dice, value, &other);
                }
            }
        }
    }
    let mut out = encode(&fields);
    out.truncate(LONGEST);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use prost::Message as _;
    use whinchat_proto::wire;

    #[test]
    fn what_was_changed_knowingly_mostly_still_decodes_and_is_something_else() {
        let mut dice = Dice::new(3);
        let input = crate::fuzz::corpus::client_frames("signature", 7).remove(1).encode_to_vec();
        let (mut decoded, mut changed) = (0, 0);
        for _ in 0..1_000 {
            let output = protobuf(&mut dice, &input);
            changed += u32::from(output != input);
            decoded += u32::from(wire::ClientFrame::decode(output.as_slice()).is_ok());
        }
        assert!(changed > 800 && decoded > 500, "{changed} changed, {decoded} decoded");
    }
}
