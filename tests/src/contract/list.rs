//! The lists: what the specification names, what is served, what is not yet.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::path;

/// A method as the specification has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Method {
    /// Its chapter.
    pub chapter: String,
    /// Where it comes from: `[S]`, `[V]` or `[D]`.
    pub tag: String,
    /// Other spellings that are accepted.
    pub aliases: BTreeSet<String>,
}

/// A method as the table has it.
#[derive(Clone, Debug, Deserialize)]
pub struct Served {
    /// Its name.
    pub name: String,
    /// Other spellings that are accepted.
    pub aliases: BTreeSet<String>,
    /// `call`, `listen` or `unlisten`.
    pub kind: String,
}

/// The methods of the specification, by name.
///
/// # Panics
///
/// When a line is malformed or a name stands twice.
#[must_use]
pub fn specified() -> BTreeMap<String, Method> {
    let mut methods = BTreeMap::new();
    for line in lines("contract/methods.txt") {
        let mut words = line.split_whitespace();
        let (Some(chapter), Some(tag), Some(name)) = (words.next(), words.next(), words.next()) else {
            panic!("not a method: {line}");
        };
        assert!(matches!(tag, "[S]" | "[V]" | "[D]"), "{line}");
        let aliases = words.filter(|word| *word != "|").map(str::to_owned).collect();
        let method = Method { chapter: chapter.to_owned(), tag: tag.to_owned(), aliases };
        assert!(methods.insert(name.to_owned(), method).is_none(), "{name} stands twice");
    }
    methods
}

/// The methods that are not served yet, each with what will bring it.
///
/// # Panics
///
/// When a line is malformed or a name stands twice.
#[must_use]
pub fn not_yet() -> BTreeMap<String, String> {
    let mut methods = BTreeMap::new();
    for line in lines("contract/not-yet.txt") {
        let (name, step) = line.split_once(": ").unwrap_or_else(|| panic!("no step: {line}"));
        assert!(methods.insert(name.to_owned(), step.to_owned()).is_none(), "{name} stands twice");
    }
    methods
}

/// The methods of the table, from the list that is generated for the native shells.
///
/// # Panics
///
/// When the list cannot be read.
#[must_use]
pub fn served() -> Vec<Served> {
    #[derive(Deserialize)]
    struct List {
        methods: Vec<Served>,
    }
    let text = std::fs::read_to_string(path("generated/methods.json")).expect("the generated list");
    serde_json::from_str::<List>(&text).expect("the generated list is JSON").methods
}

fn lines(file: &str) -> Vec<String> {
    let text = std::fs::read_to_string(path(file)).expect("a file of the contract");
    let written = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    written.map(str::to_owned).collect()
}
