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

/// Every method of the specification, with the spellings that are accepted.
const SPECIFIED: &str = include_str!("../../../../uniapp-plugin/contract/methods.txt");

/// The names of these, other spellings included.
pub fn later() -> impl Iterator<Item = &'static str> {
    let names = LATER.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split(':').next());
    let names = names.map(str::trim).filter(|name| !name.is_empty());
    names.flat_map(|name| std::iter::once(name).chain(spellings(name)))
}

/// Other spellings of a method, as the specification lists them: `4.2 [S] name | spelling | spelling`.
fn spellings(name: &str) -> impl Iterator<Item = &'static str> {
    let lines = SPECIFIED.lines().filter_map(|line| Some(line.split_once(']')?.1));
    let of = move |line: &&str| line.split('|').next().map(str::trim) == Some(name);
    lines.filter(of).flat_map(|line| line.split('|').skip(1)).map(str::trim)
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
