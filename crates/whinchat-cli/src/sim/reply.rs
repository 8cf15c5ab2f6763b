//! Answers to HTTP requests.

use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::{Response, StatusCode};

/// A body of any kind.
pub(super) type Body = UnsyncBoxBody<Bytes, std::io::Error>;
/// An answer.
pub(super) type Reply = Response<Body>;

/// A question that is not answered: with which status, and why.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) sentence: String,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, sentence: impl Into<String>) -> Self {
        Self { status, sentence: sentence.into() }
    }

    pub(super) fn bad(sentence: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, sentence)
    }

    pub(super) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "There is nothing here.")
    }

    pub(super) fn reply(&self) -> Reply {
        let text = serde_json::json!({ "error": self.sentence }).to_string();
        let mut reply = typed("application/json", text);
        *reply.status_mut() = self.status;
        reply
    }
}

/// Nothing to say.
pub(super) fn empty(status: StatusCode) -> Reply {
    let mut reply = Response::new(full(Bytes::new()));
    *reply.status_mut() = status;
    reply
}

/// A JSON value.
pub(super) fn json(value: &serde_json::Value) -> Reply {
    typed("application/json", value.to_string())
}

/// A text of this type.
pub(super) fn typed(kind: &'static str, text: impl Into<Bytes>) -> Reply {
    let mut reply = Response::new(full(text.into()));
    reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    reply
}

fn full(bytes: Bytes) -> Body {
    Full::new(bytes).map_err(|never| match never {}).boxed_unsync()
}
