//! The table of methods: the one place where a method is declared.
//!
//! An entry names the method, its parameters and its result, the function that serves it, when it may be called, and a line of
//! documentation in both languages. What does not fit the function does not compile.

mod entry;
mod field;
mod methods;
mod spelling;

pub(crate) use entry::{Entry, Kind, Need, Reply, Started};
pub(crate) use field::{Field, Shapes};
pub(crate) use methods::METHODS;
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

/// Methods of the specification that are not served yet. JavaScript finds them too, so that an app that names one gets a code
/// and not a fault of its own.
const LATER: &str = include_str!("../../../../uniapp-plugin/contract/not-yet.txt");

/// The names of these.
pub fn later() -> impl Iterator<Item = &'static str> {
    let names = LATER.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split(':').next());
    names.map(str::trim).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

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
