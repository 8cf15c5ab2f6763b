//! A request as the simulator reads it.

use std::borrow::Cow;

/// The query of a request.
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    pub(super) fn parse(text: Option<&str>) -> Self {
        Self(form_urlencoded::parse(text.unwrap_or_default().as_bytes()).into_owned().collect())
    }

    /// The value of a name, when it is there once: of two it is not clear which is meant.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let mut found = self.0.iter().filter(|(key, _)| key == name);
        match (found.next(), found.next()) {
            (Some((_, value)), None) => Some(value),
            _ => None,
        }
    }
}

/// The parts of a path behind the first slash, decoded; none when one of them could lead elsewhere.
pub(super) fn segments(path: &str) -> Option<Vec<Cow<'_, str>>> {
    path.strip_prefix('/')?
        .split('/')
        .filter(|part| !part.is_empty())
        .map(|part| {
            let part = percent_encoding::percent_decode_str(part).decode_utf8().ok()?;
            is_file_name(&part).then_some(part)
        })
        .collect()
}

/// Names one thing in a folder, on any system.
pub(super) fn is_file_name(name: &str) -> bool {
    let bad = |c: char| c.is_control() || matches!(c, '/' | '\\' | ':');
    (1..=200).contains(&name.len()) && name != "." && name != ".." && !name.contains(bad)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_gives_what_is_there_once() {
        let query = Query::parse(Some("key=a%20b&device=x&device=y&empty="));
        assert_eq!(query.get("key"), Some("a b"));
        assert_eq!((query.get("device"), query.get("empty"), query.get("none")), (None, Some(""), None));
    }

    #[test]
    fn a_path_cannot_climb() {
        assert_eq!(segments("/a/b%20c/").unwrap(), ["a", "b c"]);
        assert!(segments("/").unwrap().is_empty());
        for bad in ["/..", "/a/%2e%2e/b", "/a%2fb", "/%5c..", "/%00", "/%ff", "a", "/c:"] {
            assert!(segments(bad).is_none(), "{bad}");
        }
    }
}
