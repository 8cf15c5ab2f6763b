//! How the generated code reads what a call gave, done with less (docs/adr/0014). It belongs to the pinned version of the generator,
//! and says so when another one writes something else.

use crate::generated::{self, Change};

const CHANGES: &[Change] = &[
    // Each integer went through the checks of a `Data`, each text through an array of its own.
    ("(data: Data, offset: Data.Index)", "(data: UnsafeRawBufferPointer, offset: Int)"),
    ("func createReader(data: Data)", "func createReader(data: UnsafeRawBufferPointer)"),
    (
        "createReader(data: Data(rustBuffer: buf))",
        "createReader(data: UnsafeRawBufferPointer(start: buf.data, count: Int(buf.len)))",
    ),
    (
        "    if T.self == UInt8.self {\n        let value = reader.data[reader.offset]\n        reader.offset += 1\n        \
         return value as! T\n    }\n",
        "",
    ),
    (
        "{ reader.data.copyBytes(to: $0, from: range)})",
        "{ $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: reader.data[range])) })",
    ),
    (
        "        reader.data.copyBytes(to: buffer, from: range)\n",
        "        UnsafeMutableRawBufferPointer(buffer).copyMemory(from: UnsafeRawBufferPointer(rebasing: reader.data[range]))\n",
    ),
    (
        "        return String(decoding: try readBytes(&buf, count: Int(len)), as: UTF8.self)\n",
        "        let range = buf.offset..<(buf.offset + Int(len))\n        guard buf.data.count >= range.upperBound else {\n            \
         throw UniffiInternalError.bufferOverflow\n        }\n        buf.offset = range.upperBound\n        \
         return String(decoding: UnsafeRawBufferPointer(rebasing: buf.data[range]), as: UTF8.self)\n",
    ),
];

/// One generated file with those changes.
pub(super) fn lighter(text: &str) -> Result<String, String> {
    generated::changed(text, CHANGES, file!())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_changed_and_what_is_not_is_an_error() {
        let known: String = CHANGES.iter().map(|(there, _)| format!("{there}\n")).collect();
        let changed = lighter(&known).unwrap();
        for (there, instead) in CHANGES {
            assert!(!changed.contains(there) && changed.contains(instead), "{there}");
        }
        assert!(lighter("func createReader(data: Data)").is_err());
    }
}
