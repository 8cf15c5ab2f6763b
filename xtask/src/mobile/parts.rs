//! What a library is made of, by the names of its symbols.

use std::collections::HashMap;

/// A crate, or what is written in C.
type Part = String;

/// Bytes of code and data of each part, the largest first.
pub(super) fn parts(symbols: &[(String, u64)], lock: &str) -> Vec<(Part, u64)> {
    let crates: Vec<String> = lock
        .lines()
        .filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'))
        .map(|name| name.replace('-', "_"))
        .collect();
    let mut sums: HashMap<Part, u64> = HashMap::new();
    for (symbol, bytes) in symbols {
        *sums.entry(part(symbol, &crates)).or_default() += bytes;
    }
    let mut sums: Vec<(Part, u64)> = sums.into_iter().collect();
    sums.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    sums
}

/// Whose a symbol is: of the crates that a mangled name holds ours comes first, since it is what made the others' generic code;
/// then the first of others, then the standard library.
fn part(symbol: &str, crates: &[String]) -> Part {
    if !symbol.starts_with("_ZN") && !symbol.starts_with("_R") {
        let is_ours = symbol.starts_with("whinchat_");
        let is_ring =
            ["ring_core", "ecp_nistz256", "bn_", "OPENSSL"].iter().any(|name| symbol.contains(name));
        let part = if is_ours {
            "whinchat_mobile"
        } else if is_ring {
            "ring, C"
        } else {
            "SQLite, C"
        };
        return part.to_owned();
    }
    let place = |name: &String| {
        // `5tokio` begins a path in either mangling, `tokio..` one inside of `<... as ...>` in the older one.
        let begins = symbol.find(&format!("{}{name}", name.len()));
        let inside = symbol.find(&format!("{name}.."));
        begins.into_iter().chain(inside).min()
    };
    let found = crates.iter().filter_map(|name| Some((!name.starts_with("whinchat_"), place(name)?, name)));
    found.min().map_or_else(|| "standard library".to_owned(), |(_, _, name)| name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generic_code_belongs_to_the_crate_that_asked_for_it() {
        let lock = "name = \"tokio\"\nname = \"whinchat-core\"\nname = \"gimli\"\n";
        let symbols = [
            ("_ZN5tokio7runtime4time6Driver13park_internal17h6d4e7a7fb21c374bE", 1),
            ("_ZN64_$LT$whinchat_core..Error$u20$as$u20$core..fmt..Debug$GT$3fmt17h6d4e7a7fb21c374bE", 2),
            ("_ZN5tokio4task5spawn41_$LT$whinchat_core..client..Client$GT$17h6d4e7a7fb21c374bE", 4),
            ("_RINvNtNtCsduwmD7cSIQq_5gimli4read4unit15parse_attributeECsjrHSEGnQ3l9_3std", 8),
            ("_ZN4core3fmt5Write9write_fmt17h6d4e7a7fb21c374bE", 16),
            ("sqlite3VdbeExec", 32),
            ("ring_core_0_17_14__x25519_fe_mul", 64),
            ("whinchat_call", 128),
        ];
        let symbols: Vec<(String, u64)> =
            symbols.iter().map(|(name, size)| ((*name).to_owned(), *size)).collect();
        let sums = parts(&symbols, lock);
        let told: Vec<(&str, u64)> = sums.iter().map(|(name, size)| (name.as_str(), *size)).collect();
        assert_eq!(
            told,
            [
                ("whinchat_mobile", 128),
                ("ring, C", 64),
                ("SQLite, C", 32),
                ("standard library", 16),
                ("gimli", 8),
                ("whinchat_core", 6),
                ("tokio", 1)
            ]
        );
    }
}
