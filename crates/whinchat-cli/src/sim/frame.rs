//! The text frames between a page and the simulator.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// JavaScript counts exactly below this.
const EXACT: u64 = 1 << 53;

/// What a page says.
#[derive(Debug)]
pub(super) enum Frame<'a> {
    /// A method's call; `params` is JSON, or empty.
    Call { id: u64, method: Cow<'a, str>, params: &'a str },
    /// So many deliveries are handled.
    Ack(u64),
}

#[derive(Deserialize)]
struct Raw<'a> {
    id: Option<u64>,
    #[serde(borrow, default)]
    method: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    params: Option<&'a RawValue>,
    ack: Option<u64>,
}

/// Reads a frame; a sentence when it is not understood.
pub(super) fn parse(text: &str) -> Result<Frame<'_>, String> {
    let raw: Raw<'_> = serde_json::from_str(text).map_err(|error| format!("not understood: {error}"))?;
    match (raw.id, raw.method, raw.ack) {
        (Some(id), Some(method), None) if (1..EXACT).contains(&id) => {
            Ok(Frame::Call { id, method, params: raw.params.map(RawValue::get).unwrap_or_default() })
        }
        (Some(_), Some(_), None) => Err("id has to be a number above 0 and below 2^53".to_owned()),
        (None, None, Some(ack)) => Ok(Frame::Ack(ack)),
        _ => Err("a frame is {id, method, params} or {ack}".to_owned()),
    }
}

/// The first frame that a page gets.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Hello<'a> {
    pub(super) version: &'a str,
    pub(super) device: &'a str,
    pub(super) platform: &'a str,
    pub(super) doc_path: Cow<'a, str>,
    pub(super) www_path: Cow<'a, str>,
    pub(super) methods: Vec<&'static str>,
    pub(super) server: &'a str,
    pub(super) app_id: u64,
}

/// The hello's text.
pub(super) fn hello(hello: &Hello<'_>) -> String {
    serde_json::json!({ "hello": hello }).to_string()
}

/// A delivery's text. `json` is a whole JSON value.
pub(super) fn delivery(call: u64, json: &str, keep: bool) -> String {
    format!("{{\"id\":{call},\"data\":{json},\"keep\":{keep}}}")
}

/// What a page is told whose frame was not understood.
pub(super) fn error(sentence: &str) -> String {
    serde_json::json!({ "error": sentence }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_and_acknowledgements_are_read_and_parameters_stay_as_they_are() {
        let Ok(Frame::Call { id, method, params }) =
            parse(r#"{"method":"log\u0069n","id":7,"params":{ "a": [1.0] },"more":1}"#)
        else {
            panic!("a call");
        };
        assert_eq!((id, &*method, params), (7, "login", r#"{ "a": [1.0] }"#));
        for none in [r#"{"id":1,"method":"m"}"#, r#"{"id":1,"method":"m","params":null}"#] {
            assert!(matches!(parse(none), Ok(Frame::Call { params: "", .. })), "{none}");
        }
        assert!(matches!(parse(r#"{"ack":64}"#), Ok(Frame::Ack(64))));
    }

    #[test]
    fn what_is_no_frame_is_told_in_a_sentence() {
        for bad in [
            "",
            "nonsense",
            "[]",
            "{}",
            r#"{"id":0,"method":"m"}"#,
            r#"{"id":-1,"method":"m"}"#,
            r#"{"id":1.5,"method":"m"}"#,
            r#"{"id":"1","method":"m"}"#,
            r#"{"id":9007199254740992,"method":"m"}"#,
            r#"{"id":1}"#,
            r#"{"method":"m"}"#,
            r#"{"ack":-1}"#,
            r#"{"ack":1,"id":1,"method":"m"}"#,
        ] {
            assert!(!parse(bad).unwrap_err().is_empty(), "{bad}");
        }
    }

    #[test]
    fn what_is_sent_is_json() {
        let sent = delivery(3, r#"{"status":true}"#, false);
        let value: serde_json::Value = serde_json::from_str(&sent).unwrap();
        assert_eq!(value, serde_json::json!({ "id": 3, "data": { "status": true }, "keep": false }));
        assert_eq!(error("it \"is\""), r#"{"error":"it \"is\""}"#);
    }
}
