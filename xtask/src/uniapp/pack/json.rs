//! JSON as strictly as the vendor's packager reads it: a comment, a comma too many or a key twice is a fault.

use std::fmt::{self, Display, Formatter, Write as _};

/// Deeper than any package.json.
const DEPTH: usize = 64;

/// A value. Numbers keep their text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Json {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Self>),
    /// In the order of the file.
    Object(Vec<(String, Self)>),
}

impl Json {
    /// Reads a file's text; what is wrong with it is said with its line.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let mut reader = Reader { text, rest: text };
        let value = reader.value(0)?;
        reader.space();
        if reader.rest.is_empty() { Ok(value) } else { Err(reader.fault("something follows the value")) }
    }

    /// A field of an object.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        let Self::Object(fields) = self else { return None };
        fields.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// The same, to be changed.
    pub(super) fn get_mut(&mut self, key: &str) -> Option<&mut Self> {
        let Self::Object(fields) = self else { return None };
        fields.iter_mut().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// What follows a path of keys.
    pub(super) fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |value, key| value.get(key))
    }

    /// The text, if it is one.
    pub(super) fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The items of a list; none of anything else.
    pub(super) fn items(&self) -> &[Self] {
        if let Self::List(items) = self { items } else { &[] }
    }

    /// The fields of an object; none of anything else.
    pub(super) fn fields(&self) -> &[(String, Self)] {
        if let Self::Object(fields) = self { fields } else { &[] }
    }

    /// The items of a list of texts; `None` if it is something else.
    pub(super) fn texts(&self) -> Option<Vec<&str>> {
        let Self::List(items) = self else { return None };
        items.iter().map(Self::text).collect()
    }
}

struct Reader<'a> {
    text: &'a str,
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn fault(&self, what: &str) -> String {
        let done = self.text.len() - self.rest.len();
        let line = self.text.get(..done).unwrap_or_default().matches('\n').count() + 1;
        format!("line {line}: {what}")
    }

    fn space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\r', '\n']);
    }

    fn next(&mut self) -> Option<char> {
        let mut rest = self.rest.chars();
        let next = rest.next();
        self.rest = rest.as_str();
        next
    }

    fn take(&mut self, token: &str) -> bool {
        self.rest.strip_prefix(token).map(|rest| self.rest = rest).is_some()
    }

    fn value(&mut self, depth: usize) -> Result<Json, String> {
        if depth > DEPTH {
            return Err(self.fault("this is too deep"));
        }
        self.space();
        match self.rest.chars().next() {
            Some('{') => self.object(depth),
            Some('[') => self.list(depth),
            Some('"') => self.string().map(Json::Text),
            Some('-' | '0'..='9') => self.number(),
            Some('/' | '#') => Err(self.fault("JSON has no comments, and the packager reads none")),
            _ if self.take("true") => Ok(Json::Bool(true)),
            _ if self.take("false") => Ok(Json::Bool(false)),
            _ if self.take("null") => Ok(Json::Null),
            Some(other) => Err(self.fault(&format!("{other:?} begins no value"))),
            None => Err(self.fault("a value is missing")),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Json, String> {
        self.next();
        let mut fields: Vec<(String, Json)> = Vec::new();
        self.space();
        if self.take("}") {
            return Ok(Json::Object(fields));
        }
        loop {
            self.space();
            if !self.rest.starts_with('"') {
                let comment = self.rest.starts_with(['/', '#']);
                let what = if comment {
                    "JSON has no comments, and the packager reads none"
                } else {
                    "a key is missing"
                };
                return Err(self.fault(what));
            }
            let key = self.string()?;
            if fields.iter().any(|(name, _)| *name == key) {
                return Err(self.fault(&format!("{key:?} stands twice")));
            }
            self.space();
            if !self.take(":") {
                return Err(self.fault(&format!("no colon follows {key:?}")));
            }
            let value = self.value(depth + 1)?;
            fields.push((key, value));
            if self.closes("}")? {
                return Ok(Json::Object(fields));
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Json, String> {
        self.next();
        let mut items = Vec::new();
        self.space();
        if self.take("]") {
            return Ok(Json::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            if self.closes("]")? {
                return Ok(Json::List(items));
            }
        }
    }

    /// Whether that was the last one; a comma says that it was not.
    fn closes(&mut self, end: &str) -> Result<bool, String> {
        self.space();
        if self.take(end) {
            return Ok(true);
        }
        if self.take(",") {
            Ok(false)
        } else {
            Err(self.fault(&format!("neither a comma nor {end} follows")))
        }
    }

    fn string(&mut self) -> Result<String, String> {
        self.next();
        let mut text = String::new();
        loop {
            match self.next() {
                Some('"') => return Ok(text),
                Some('\\') => text.push(self.escaped()?),
                Some(control) if control < ' ' => return Err(self.fault("a text does not end in its line")),
                Some(other) => text.push(other),
                None => return Err(self.fault("a text does not end")),
            }
        }
    }

    fn escaped(&mut self) -> Result<char, String> {
        match self.next() {
            Some(same @ ('"' | '\\' | '/')) => Ok(same),
            Some('b') => Ok('\u{8}'),
            Some('f') => Ok('\u{c}'),
            Some('n') => Ok('\n'),
            Some('r') => Ok('\r'),
            Some('t') => Ok('\t'),
            Some('u') => {
                let first = self.unit()?;
                let pair = (0xD800..0xDC00).contains(&first) && self.take("\\u");
                let units = if pair { vec![first, self.unit()?] } else { vec![first] };
                char::decode_utf16(units)
                    .next()
                    .and_then(Result::ok)
                    .ok_or_else(|| self.fault("half a character"))
            }
            _ => Err(self.fault("an unknown escape")),
        }
    }

    fn unit(&mut self) -> Result<u16, String> {
        let digits =
            self.rest.get(..4).filter(|digits| digits.chars().all(|digit| digit.is_ascii_hexdigit()));
        let unit = digits.and_then(|digits| u16::from_str_radix(digits, 16).ok());
        self.rest = self.rest.get(4..).unwrap_or_default();
        unit.ok_or_else(|| self.fault("\\u is followed by four digits"))
    }

    fn number(&mut self) -> Result<Json, String> {
        let ends = |c: char| !matches!(c, '0'..='9' | '-' | '+' | '.' | 'e' | 'E');
        let (text, rest) = self.rest.split_at(self.rest.find(ends).unwrap_or(self.rest.len()));
        let digits = text.strip_prefix('-').unwrap_or(text);
        let leads = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
        if leads
            || digits.ends_with('.')
            || !digits.starts_with(|c: char| c.is_ascii_digit())
            || text.parse::<f64>().is_err()
        {
            return Err(self.fault(&format!("{text} is no number")));
        }
        self.rest = rest;
        Ok(Json::Number(text.to_owned()))
    }
}

impl Display for Json {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        write(out, self, 0)
    }
}

fn write(out: &mut Formatter<'_>, value: &Json, depth: usize) -> fmt::Result {
    let line = |out: &mut Formatter<'_>, depth: usize| {
        out.write_char('\n')?;
        (0..depth).try_for_each(|_| out.write_str("  "))
    };
    match value {
        Json::Null => out.write_str("null"),
        Json::Bool(value) => write!(out, "{value}"),
        Json::Number(text) => out.write_str(text),
        Json::Text(text) => quote(out, text),
        Json::List(items) if items.is_empty() => out.write_str("[]"),
        Json::Object(fields) if fields.is_empty() => out.write_str("{}"),
        Json::List(items) => {
            out.write_char('[')?;
            for (n, item) in items.iter().enumerate() {
                out.write_str(if n > 0 { "," } else { "" })?;
                line(out, depth + 1)?;
                write(out, item, depth + 1)?;
            }
            line(out, depth)?;
            out.write_char(']')
        }
        Json::Object(fields) => {
            out.write_char('{')?;
            for (n, (key, value)) in fields.iter().enumerate() {
                out.write_str(if n > 0 { "," } else { "" })?;
                line(out, depth + 1)?;
                quote(out, key)?;
                out.write_str(": ")?;
                write(out, value, depth + 1)?;
            }
            line(out, depth)?;
            out.write_char('}')
        }
    }
}

fn quote(out: &mut Formatter<'_>, text: &str) -> fmt::Result {
    out.write_char('"')?;
    for c in text.chars() {
        match c {
            '"' | '\\' => write!(out, "\\{c}")?,
            control if control < ' ' => write!(out, "\\u{:04x}", u32::from(control))?,
            other => out.write_char(other)?,
        }
    }
    out.write_char('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_as_the_same() {
        let text = r#"{"a": [1, -2.5e3, "é\n\"\u00e9\ud83d\ude00", true, null, {}, []], "b": {"c": false}}"#;
        let value = Json::read(text).unwrap();
        assert_eq!(Json::read(&value.to_string()).unwrap(), value);
        assert_eq!(value.at(&["a"]).unwrap().items()[2], Json::Text("é\n\"é😀".into()));
    }

    #[test]
    fn what_the_packager_would_not_read_is_a_fault_with_its_line() {
        let faults = [
            ("{\n  // a comment\n  \"a\": 1\n}", "line 2: JSON has no comments"),
            ("{\n  \"a\": 1 // a comment\n}", "line 2: neither a comma"),
            ("{\"a\": /* 1 */ 1}", "line 1: JSON has no comments"),
            ("{\"a\": 1,}", "line 1: a key is missing"),
            ("[1,]", "line 1: ']' begins no value"),
            ("{\"a\": 1,\n\"a\": 2}", "line 2: \"a\" stands twice"),
            ("{'a': 1}", "line 1: a key is missing"),
            ("{\"a\": 01}", "line 1: 01 is no number"),
            ("{\"a\": 1}\n{}", "line 2: something follows"),
            ("\u{feff}{}", "line 1: '\\u{feff}' begins no value"),
            ("{\"a\": \"b\nc\"}", "a text does not end in its line"),
            ("{\"a\": \"\\x\"}", "an unknown escape"),
            ("{\"a\": \"\\ud800\"}", "half a character"),
            ("{\"a\": [1", "neither a comma"),
            ("", "a value is missing"),
        ];
        for (text, fault) in faults {
            let said = Json::read(text).unwrap_err();
            assert!(said.contains(fault), "{text:?}: {said}");
        }
        assert!(Json::read(&"[".repeat(100_000)).unwrap_err().contains("too deep"));
    }
}
