//! The text of what a callback is given.

use serde::Serialize;
use whinchat_core::{Error, Result};

use crate::event::Event;
use crate::view::View;

/// The result object of a call: `status`, `code`, `msg`, `desc`, and the data beside them. A failure carries every field of
/// the data as well, empty, so that an app that reads it without looking stumbles over nothing.
pub(crate) fn result<R: View>(outcome: &Result<R>) -> String {
    match outcome {
        Ok(data) => joined(r#"{"status":true,"code":0,"msg":"","desc":"""#, data),
        Err(error) => failure(error, &R::default()),
    }
}

/// The result object of a failure whose data has no fields.
pub(crate) fn bare_failure(error: &Error) -> String {
    failure(error, &crate::view::Nothing::default())
}

/// What a listener is called with: `eventType`, and the payload beside it. Never a `status`.
pub(crate) fn event<E: Event>(payload: &E) -> String {
    joined(&format!(r#"{{"eventType":"{}""#, E::TYPE), payload)
}

fn failure<R: View>(error: &Error, empty: &R) -> String {
    let said = text(&error.message);
    joined(&format!(r#"{{"status":false,"code":{},"msg":{said},"desc":{said}"#, error.code), empty)
}

/// `head` begins an object; the fields of `data` end it.
fn joined(head: &str, data: &impl Serialize) -> String {
    let data = text(data);
    let fields = data.strip_prefix('{').and_then(|data| data.strip_suffix('}')).unwrap_or_default();
    let mut all = String::with_capacity(head.len() + fields.len() + 2);
    all.push_str(head);
    if !fields.is_empty() {
        all.push(',');
        all.push_str(fields);
    }
    all.push('}');
    all
}

fn text<T: Serialize + ?Sized>(value: &T) -> String {
    // Views hold strings, numbers, lists and objects with text keys: they always have a JSON form.
    serde_json::to_string(value).unwrap_or_else(|_| "{}".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::{Nothing, view};
    use whinchat_core::ErrorCode;

    view! {
        /// For the tests.
        Page { items "items": Vec<String>, "", ""; next "next": u64, "", ""; id "id": String, "", ""; }
    }

    #[test]
    fn data_stands_beside_the_status() {
        let page = Page { items: vec!["a\"b".into()], next: 7, id: String::new() };
        let value: serde_json::Value = serde_json::from_str(&result(&Ok(page))).unwrap();
        assert_eq!(
            value,
            serde_json::json!({"status": true, "code": 0, "msg": "", "desc": "", "items": ["a\"b"], "next": 7, "id": ""})
        );
        assert_eq!(result(&Ok(Nothing {})), r#"{"status":true,"code":0,"msg":"","desc":""}"#);
    }

    #[test]
    fn a_failure_has_every_field_empty() {
        let error = Error::new(ErrorCode::BadParameter, "\"count\" is\nno number");
        let value: serde_json::Value = serde_json::from_str(&result::<Page>(&Err(error))).unwrap();
        assert_eq!(
            value,
            serde_json::json!({"status": false, "code": 6017, "msg": "\"count\" is\nno number",
                "desc": "\"count\" is\nno number", "items": [], "next": 0, "id": ""})
        );
    }
}
