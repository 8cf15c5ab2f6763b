//! The methods of the specification, served or not: the lists that the contract's tests hold the table against.

/// Every method: `4.2 [S] name | spelling | spelling`.
const SPECIFIED: &str = include_str!("../../../../uniapp-plugin/contract/methods.txt");

/// Those that are not served yet: `name: what brings it`. JavaScript finds them too, so that an app that names one gets a code
/// and not a fault of its own.
const NOT_SERVED: &str = include_str!("../../../../uniapp-plugin/contract/not-yet.txt");

/// A method of the specification.
pub(crate) struct Specified {
    /// The number of its chapter.
    pub(crate) chapter: &'static str,
    /// Where it comes from.
    pub(crate) source: Source,
    /// Its name.
    pub(crate) name: &'static str,
    /// Other names that are accepted.
    pub(crate) spellings: Vec<&'static str>,
}

/// Who named a method first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// The plugin that apps come from.
    Plugin,
    /// The SDK that it wraps.
    Wrapped,
    /// We.
    Ours,
}

/// A method that is not served yet.
pub(crate) struct NotServed {
    /// Its name.
    pub(crate) name: &'static str,
    /// What brings it.
    pub(crate) step: &'static str,
}

/// Every method, in the order of the specification.
pub(crate) fn specified() -> impl Iterator<Item = Specified> {
    lines(SPECIFIED).filter_map(|line| {
        let (chapter, rest) = line.split_once(char::is_whitespace)?;
        let (source, names) = rest.trim_start().split_once(']')?;
        let source = match source {
            "[S" => Source::Plugin,
            "[V" => Source::Wrapped,
            _ => Source::Ours,
        };
        let mut names = names.split('|').map(str::trim);
        Some(Specified { chapter, source, name: names.next()?, spellings: names.collect() })
    })
}

/// Those that are not served yet.
pub(crate) fn not_served() -> impl Iterator<Item = NotServed> {
    lines(NOT_SERVED).filter_map(|line| {
        let (name, step) = line.split_once(':')?;
        Some(NotServed { name: name.trim(), step: step.trim() })
    })
}

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}
