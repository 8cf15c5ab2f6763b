//! The format of a vector.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Value, json};

use super::path;

/// A play on several phones.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vector {
    /// What it shows, in a sentence.
    pub shows: String,
    /// The devices that take part: a platform by name.
    pub phones: BTreeMap<String, String>,
    /// The server signs by itself for who shows no signature, as one for development may.
    #[serde(default, rename = "automaticSignatures")]
    pub automatic_signatures: bool,
    /// Who is logged in on which of them before anything else happens.
    #[serde(default, rename = "loggedIn")]
    pub logged_in: BTreeMap<String, String>,
    /// What happens, one after the other.
    pub steps: Vec<Step>,
}

/// One thing that happens.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Step {
    /// A method is called.
    Call(Call),
    /// An event comes.
    Event(Event),
    /// A call that was begun answers.
    Answer(Answer),
    /// Something is done to the world.
    World(World),
}

/// A method is called and, unless it is only begun, its answer looked at.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// Whose phone.
    pub phone: String,
    /// The JavaScript context on it; each has listeners of its own.
    #[serde(default)]
    pub page: String,
    /// The method.
    pub call: String,
    /// What it is given; nothing if left out.
    #[serde(default, deserialize_with = "given")]
    pub params: Option<Value>,
    /// What the answer has to be; success if left out.
    pub expect: Option<Value>,
    /// The code that it has to fail with.
    pub fails: Option<i64>,
    /// The name under which a later step takes the answer.
    pub begin: Option<String>,
    /// It is called again until the answer is right.
    #[serde(default)]
    pub until: bool,
}

impl Call {
    fn of(phone: &str, method: &str, params: Value) -> Self {
        Self {
            phone: phone.to_owned(),
            page: String::new(),
            call: method.to_owned(),
            params: Some(params),
            expect: None,
            fails: None,
            begin: None,
            until: false,
        }
    }
}

/// An event comes to a listener.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Whose phone.
    pub phone: String,
    /// The JavaScript context on it.
    #[serde(default)]
    pub page: String,
    /// The setter that was called before.
    pub on: String,
    /// Its `eventType`.
    pub event: String,
    /// What it has to carry.
    pub expect: Option<Value>,
    /// What has not come to this listener before it.
    pub without: Option<Without>,
}

/// An event that has not come since a step took the last one of its type. As events come in the order in which they came
/// about, one that comes later proves it without waiting.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Without {
    /// Its `eventType`.
    pub event: String,
    /// Only such as match this.
    pub expect: Option<Value>,
}

/// A call that was begun answers.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// Whose phone.
    pub phone: String,
    /// The JavaScript context on it.
    #[serde(default)]
    pub page: String,
    /// The name under which it was begun.
    pub answer: String,
    /// What the answer has to be; success if left out.
    pub expect: Option<Value>,
    /// The code that it has to fail with.
    pub fails: Option<i64>,
}

/// Something is done to the world.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct World {
    /// `start` or `stop`.
    pub server: Option<String>,
    /// Phones whose network is cut.
    pub cut: Option<Vec<String>>,
    /// Phones whose network is mended.
    pub mend: Option<Vec<String>>,
    /// Phones whose app ends and starts again on the same data.
    pub restart: Option<Vec<String>>,
}

/// `null` is something that is given.
fn given<'de, D: serde::Deserializer<'de>>(value: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(value).map(Some)
}

impl Vector {
    /// Reads one.
    ///
    /// # Panics
    ///
    /// When it is none.
    #[must_use]
    pub fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).expect("a vector");
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// What happens, the logins before it included.
    #[must_use]
    pub fn all_steps(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        for (phone, user) in &self.logged_in {
            let sig = format!("${{sig:{user}}}");
            steps.push(Step::Call(Call::of(phone, "init", json!({"sdkAppId": "${appId}"}))));
            steps.push(Step::Call(Call::of(phone, "login", json!({"userId": user, "userSig": sig}))));
        }
        steps.extend(self.steps.iter().cloned());
        steps
    }

    /// Every method that is called in it.
    pub fn methods(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().filter_map(|step| match step {
            Step::Call(call) => Some(call.call.as_str()),
            _ => None,
        })
    }
}

/// All of them, by file name.
///
/// # Panics
///
/// When the folder cannot be read or a file is no vector.
#[must_use]
pub fn all() -> BTreeMap<String, Vector> {
    let folder = std::fs::read_dir(path("contract/vectors")).expect("the folder of the vectors");
    let paths = folder.map(|entry| entry.expect("an entry of the folder").path());
    let vectors = paths.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    vectors
        .map(|path| {
            (path.file_stem().unwrap_or_default().to_string_lossy().into_owned(), Vector::read(&path))
        })
        .collect()
}
