//! The number of the border.

use anyhow::{Result, ensure};
use camino::Utf8Path;
use uniffi_bindgen::macro_metadata::extract_from_library;
use uniffi_meta::UNIFFI_CONTRACT_VERSION;

/// A number for everything that crosses the border of `library`: each function, method, record and enum with its names, types
/// and defaults, and uniffi's own way of crossing. Documentation is not in it. The library has to have its symbols.
///
/// # Errors
///
/// The file cannot be read, or is no library with such a border.
pub fn contract(library: &Utf8Path) -> Result<u64> {
    let mut items = extract_from_library(library)?;
    ensure!(!items.is_empty(), "{library} has no uniffi metadata: it is another library, or was stripped");
    items.sort_unstable();
    let mut text = format!("uniffi {UNIFFI_CONTRACT_VERSION}\n");
    for item in &items {
        text.push_str(&without_docs(&format!("{item:?}\n")));
    }
    Ok(fnv(text.as_bytes()))
}

/// A debug text with its docstrings, and the checksums that are made of them, left out.
fn without_docs(debug: &str) -> String {
    let mut kept = String::with_capacity(debug.len());
    let mut rest = debug;
    while let Some((before, after)) = rest.split_once("docstring: Some(\"") {
        kept.push_str(before);
        let mut escaped = false;
        let end = after.find(|character| {
            let ends = character == '"' && !escaped;
            escaped = character == '\\' && !escaped;
            ends
        });
        rest = end.and_then(|end| after.get(end + 1..)).unwrap_or_default();
    }
    kept.push_str(rest);
    let parts: Vec<&str> = kept.split("checksum: Some(").collect();
    let unsummed = |part: &&str| part.trim_start_matches(|c: char| c.is_ascii_digit()).to_owned();
    let Some((first, others)) = parts.split_first() else { return String::new() };
    std::iter::once((*first).to_owned()).chain(others.iter().map(unsummed)).collect()
}

/// FNV-1a: against accidents, not against people.
fn fnv(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::without_docs;

    #[test]
    fn documentation_is_not_part_of_the_contract() {
        let text = |docs: &str, sum: u16, name: &str| {
            let (docstring, checksum, name) = (Some(docs.to_owned()), Some(sum), name.to_owned());
            #[derive(Debug)]
            #[allow(dead_code)]
            struct Method {
                name: String,
                checksum: Option<u16>,
                docstring: Option<String>,
                last: bool,
            }
            without_docs(&format!("{:?}", Method { name, checksum, docstring, last: true }))
        };
        let plain = text("Says \"hello\", with a \\ in it.", 7, "hello");
        assert_eq!(plain, text("", 65_000, "hello"));
        assert_ne!(plain, text("", 65_000, "good_bye"));
        assert!(plain.ends_with("last: true }"), "{plain}");
    }
}
