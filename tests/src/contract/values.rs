//! What a vector's `${…}` stands for.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::account::{APP_ID, user_sig_for};

/// What was captured so far, and what is there from the beginning: `${appId}`, `${sig:USER}`,
/// `${sig:USER:SECONDS}` and `${repeat:TEXT:COUNT}`.
#[derive(Clone, Debug, Default)]
pub struct Values {
    captured: BTreeMap<String, Value>,
    /// A signature says when it was made: asked for again it is the same one.
    signatures: RefCell<BTreeMap<String, String>>,
}

impl Values {
    /// Keeps a value.
    pub fn set(&mut self, name: &str, value: Value) {
        self.captured.insert(name.to_owned(), value);
    }

    /// A value by name.
    ///
    /// # Panics
    ///
    /// When there is none.
    #[must_use]
    pub fn get(&self, name: &str) -> Value {
        if name == "appId" {
            return APP_ID.into();
        }
        if let Some(signed) = name.strip_prefix("sig:") {
            let (user, seconds) = signed.split_once(':').unwrap_or((signed, "86400"));
            let sign = || user_sig_for(user, seconds.parse().expect("seconds"));
            return self.signatures.borrow_mut().entry(signed.to_owned()).or_insert_with(sign).clone().into();
        }
        if let Some((text, count)) = name.strip_prefix("repeat:").and_then(|rest| rest.rsplit_once(':')) {
            return text.repeat(count.parse().expect("a count")).into();
        }
        self.captured.get(name).cloned().unwrap_or_else(|| panic!("nothing was captured as {name}"))
    }

    /// Replaces each `${…}`. Where it is the whole text the value keeps its type.
    #[must_use]
    pub fn fill(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => self.fill_text(text),
            Value::Array(items) => items.iter().map(|item| self.fill(item)).collect(),
            Value::Object(keys) => {
                let filled = keys.iter().map(|(key, value)| (key.clone(), self.fill(value)));
                Value::Object(filled.collect::<Map<_, _>>())
            }
            _ => value.clone(),
        }
    }

    fn fill_text(&self, text: &str) -> Value {
        if let Some(name) = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'))
            && !name.contains('}')
        {
            return self.get(name);
        }
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let (name, after) = after.split_once('}').expect("`${` has a `}`");
            filled.push_str(before);
            match self.get(name) {
                Value::String(text) => filled.push_str(&text),
                value => filled.push_str(&value.to_string()),
            }
            rest = after;
        }
        filled.push_str(rest);
        filled.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_keep_their_type_when_they_stand_alone() {
        let mut values = Values::default();
        values.set("n", json!(7));
        values.set("who", json!("bob"));
        assert_eq!(
            values.fill(&json!(["${n}", "c2c_${who}-${n}", {"id": "${who}"}])),
            json!([7, "c2c_bob-7", {"id": "bob"}])
        );
    }
}
