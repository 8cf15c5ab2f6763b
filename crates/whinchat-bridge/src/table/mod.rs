//! The table of methods: the one place where a method is declared.
//!
//! An entry names the method, its parameters and its result, the function that serves it, when it may be called, and a line of
//! documentation in both languages. What does not fit the function does not compile.

mod entry;
mod field;
mod methods;
mod specification;
mod spelling;

use std::collections::HashMap;
use std::sync::LazyLock;

pub(crate) use entry::{Entry, Kind, Need, Reply, Started};
pub(crate) use field::{Field, Shapes};
pub(crate) use methods::METHODS;
pub(crate) use specification::{NotServed, Source, Specified, not_served, specified};
pub(crate) use spelling::warn_once;

/// The method of this name or of one of its other spellings.
pub(crate) fn find(name: &str) -> Option<&'static Entry> {
    let by_name = |name: &str| METHODS.iter().find(|entry| entry.name == name);
    by_name(name).or_else(|| {
        let entry = METHODS.iter().find(|entry| entry.aliases.contains(&name))?;
        warn_once(name, entry.name);
        Some(entry)
    })
}

/// Every name that JavaScript may call, other spellings included.
pub fn methods() -> impl Iterator<Item = &'static str> {
    METHODS.iter().flat_map(|entry| std::iter::once(entry.name).chain(entry.aliases.iter().copied()))
}

/// Every name of the specification that is not served yet, other spellings included.
pub fn later() -> impl Iterator<Item = &'static str> {
    // Every call of such a name asks, on the thread of JavaScript: the lists are read once.
    static NAMES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
        let spellings: HashMap<_, _> = specified().map(|method| (method.name, method.spellings)).collect();
        let all = |name| std::iter::once(name).chain(spellings.get(name).cloned().unwrap_or_default());
        not_served().flat_map(|waiting| all(waiting.name)).collect()
    });
    NAMES.iter().copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn what_is_not_served_yet_is_known_by_its_other_spellings_too() {
        let names: Vec<_> = later().collect();
        assert!(names.contains(&"setGroupReceiveMessageOpt") && names.contains(&"setReceiveMessageOpt"));
        assert!(methods().all(|name| !names.contains(&name)));
    }

    #[test]
    fn every_name_stands_once_and_has_both_languages() {
        let mut seen = HashSet::new();
        for name in methods() {
            assert!(seen.insert(name), "{name} stands twice");
        }
        for entry in METHODS {
            assert!(!entry.en.is_empty() && !entry.zh.is_empty(), "{}", entry.name);
            for field in (entry.params)().1.iter().chain(&(entry.result)().1) {
                assert!(!field.en.is_empty() && !field.zh.is_empty(), "{}: {}", entry.name, field.name);
            }
        }
    }
}
