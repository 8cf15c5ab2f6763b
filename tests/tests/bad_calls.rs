//! Every method of the table, called as it should not be: one answer each, with a code that the table of errors knows.
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use whinchat_bridge::{Bridge, Context, Deliveries, Host};
use whinchat_core::Platform;
use whinchat_proto::error::ErrorCode;
use whinchat_tests::account::{APP_ID, user_sig};
use whinchat_tests::contract::{self, list};
use whinchat_tests::stage::Stage;
use whinchat_tests::wait::PATIENCE;

/// Deep enough to end a reader that recurses without a limit.
const DEPTH: usize = 20_000;

/// A context whose answers are counted.
struct Page {
    context: Context,
    deliveries: Deliveries,
    calls: u64,
    waiting: BTreeMap<u64, String>,
}

impl Page {
    fn of(bridge: &Bridge) -> Self {
        let (context, deliveries) = bridge.context();
        Self { context, deliveries, calls: 0, waiting: BTreeMap::new() }
    }

    fn call(&mut self, method: &str, params: &str) -> u64 {
        self.calls += 1;
        self.context.call(self.calls, method, params);
        self.waiting.insert(self.calls, method.to_owned());
        self.calls
    }

    /// Takes deliveries until every call has its answer; gives them. No call is answered twice.
    async fn answers(&mut self) -> BTreeMap<u64, Value> {
        let mut answers = BTreeMap::new();
        while !self.waiting.is_empty() {
            let next = tokio::time::timeout(PATIENCE, self.deliveries.next()).await;
            let delivery = next.unwrap_or_else(|_| panic!("no answer to {:?}", self.waiting)).unwrap();
            if delivery.keep {
                continue;
            }
            let value: Value = serde_json::from_str(&delivery.json).unwrap();
            let method = self.waiting.remove(&delivery.call);
            let method = method.unwrap_or_else(|| panic!("an answer too many: {value}"));
            has_form(&method, &value);
            answers.insert(delivery.call, value);
        }
        answers
    }

    /// One call and its answer.
    async fn answer(&mut self, method: &str, params: &str) -> Value {
        let call = self.call(method, params);
        self.answers().await.remove(&call).unwrap()
    }
}

fn has_form(method: &str, answer: &Value) {
    let code = answer["code"].as_i64().unwrap_or_else(|| panic!("{method}: {answer}"));
    assert_eq!(answer["msg"], answer["desc"], "{method}");
    assert!(answer.get("eventType").is_none(), "{method}: {answer}");
    match answer["status"].as_bool() {
        Some(true) => assert!(code == 0 && answer["msg"] == "", "{method}: {answer}"),
        Some(false) => {
            assert!(
                ErrorCode::ALL.iter().any(|known| i64::from(known.number()) == code),
                "{method}: {answer}"
            );
            assert!(answer["msg"].as_str().is_some_and(|said| !said.is_empty()), "{method}: {answer}");
        }
        None => panic!("{method} has no status: {answer}"),
    }
}

fn host(folder: PathBuf, server: Option<String>) -> Host {
    Host { documents: folder, platform: Platform::Android, device_id: None, server, app_root: None }
}

/// Methods that answer; setters of listeners only keep their callback.
fn methods() -> Vec<String> {
    let answering = list::served().into_iter().filter(|method| method.kind != "listen");
    answering.flat_map(|method| std::iter::once(method.name).chain(method.aliases)).collect()
}

/// Ways in which JavaScript goes wrong.
fn mistakes() -> Vec<String> {
    let wrong = [
        json!({}),
        json!([]),
        json!(-1),
        json!(1e300),
        json!(true),
        json!("\u{0}\u{ffff}"),
        json!([[null]]),
        json!({"a": {}}),
    ];
    let names = [
        "sdkAppId",
        "userId",
        "userSig",
        "text",
        "messageKey",
        "msgId",
        "groupId",
        "receiver",
        "count",
        "nextSeq",
        "conversationId",
        "msgIdList",
        "userIdList",
        "conversationIdList",
        "customMsg",
        "customData",
        "elemKey",
        "groupType",
        "groupName",
        "api",
        "isPinned",
        "logLevel",
        "docPath",
        "server",
        "timeoutMs",
        "priority",
        "offlinePushInfo",
        "receiverList",
    ];
    let mut all: Vec<String> = ["", "null", "\"\"", "[]", "7", "\"text\"", "{", "{}", "not json", "{\"a\":"]
        .map(str::to_owned)
        .to_vec();
    all.extend(
        wrong
            .iter()
            .map(|value| {
                names
                    .iter()
                    .map(|name| ((*name).to_owned(), value.clone()))
                    .collect::<serde_json::Map<_, _>>()
            })
            .map(|keys| Value::Object(keys).to_string()),
    );
    all.push(format!("{{\"param\":{}{}}}", "[".repeat(DEPTH), "]".repeat(DEPTH)));
    all
}

async fn call_everything(page: &mut Page) {
    for mistake in mistakes() {
        // `init` with a mistake may still be good; it comes to no harm here, for the folder is the host's.
        for method in methods() {
            if !["unInit", "unInitSDK", "destroy", "logout"].contains(&method.as_str()) {
                page.call(&method, &mistake);
            }
        }
        page.answers().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_method_answers_once_whatever_it_is_given() {
    let stage = Stage::new().await;
    let folder = TempDir::new().unwrap();
    let server = format!("ws://{}", stage.addr());
    let bridge = Bridge::new(host(folder.path().into(), Some(server))).unwrap();
    let mut page = Page::of(&bridge);
    // Before init.
    for method in methods() {
        let answer = page.answer(&method, "null").await;
        assert!([0, 6013, 6017].contains(&answer["code"].as_i64().unwrap()), "{method}: {answer}");
    }
    // Before login, with everything that is wrong.
    let init = json!({"sdkAppId": APP_ID}).to_string();
    assert_eq!(page.answer("init", &init).await["status"], true);
    call_everything(&mut page).await;
    // Logged in.
    page.answer("unInit", "").await;
    assert_eq!(page.answer("init", &init).await["status"], true);
    let login = json!({"userId": "alice", "userSig": user_sig("alice")}).to_string();
    assert_eq!(page.answer("login", &login).await["status"], true);
    call_everything(&mut page).await;
    // Twice at once.
    for method in methods() {
        page.call(&method, "{}");
        page.call(&method, "{}");
        page.answers().await;
    }
    // After unInit.
    page.answer("unInit", "").await;
    for method in methods() {
        let answer = page.answer(&method, "").await;
        assert!([0, 6013, 6017].contains(&answer["code"].as_i64().unwrap()), "{method}: {answer}");
    }
    bridge.close().await;
}

/// What the declarations say that each method's result has beside the status: an empty value for each field.
fn results() -> BTreeMap<String, BTreeMap<String, Value>> {
    let page = contract::path("packages/whinchat-uniapp/src/generated/index.ts");
    let page = std::fs::read_to_string(page).unwrap();
    let mut objects: BTreeMap<&str, BTreeMap<String, Value>> = BTreeMap::new();
    let mut methods = BTreeMap::new();
    let mut within = "";
    for line in page.lines() {
        if let Some(name) = line.strip_prefix("export interface ").and_then(|rest| rest.strip_suffix(" {")) {
            within = name;
        } else if line == "}" {
            within = "";
        } else if within == "WhinchatNative" {
            let Some((name, rest)) = line.trim().split_once('(') else { continue };
            let callback = rest.rsplit_once("callback?: Callback");
            if let Some((_, callback)) = callback {
                let result = callback.strip_prefix('<').and_then(|rest| rest.split('>').next());
                methods.insert(name.to_owned(), result.unwrap_or_default());
            }
        } else if within.is_empty() {
            // Types that are no objects of fields.
        } else if let Some((field, ts)) = line.strip_prefix("  ").and_then(|line| line.split_once(": ")) {
            let ts = ts.trim_end_matches(';');
            let empty = match ts {
                _ if ts.ends_with("[]") => json!([]),
                "string" => json!(""),
                "number" => json!(0),
                "boolean" => json!(false),
                _ => Value::Null,
            };
            objects.entry(within).or_default().insert(field.to_owned(), empty);
        }
    }
    let fields = |result: &str| objects.get(result).cloned().unwrap_or_default();
    methods.into_iter().map(|(method, result)| (method, fields(result))).collect()
}

#[test]
fn the_declarations_name_a_result_for_every_method_that_answers() {
    let (declared, methods) = (results(), methods());
    for method in &methods {
        assert!(declared.contains_key(method), "{method}");
    }
    assert_eq!(declared.len(), methods.len());
    let with_fields = declared.values().filter(|fields| !fields.is_empty()).count();
    assert!(with_fields > 20, "{declared:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failure_has_the_fields_of_a_success() {
    let folder = TempDir::new().unwrap();
    let bridge = Bridge::new(host(folder.path().into(), Some("ws://127.0.0.1:9".into()))).unwrap();
    let mut page = Page::of(&bridge);
    let declared = results();
    assert!(declared["getConversationList"].contains_key("conversationList"), "the declarations are read");
    for (method, fields) in declared {
        for params in ["", "{", "[]", "{}"] {
            let answer = page.answer(&method, params).await;
            assert!(answer["status"] == false || params != "{", "{method}({params}): {answer}");
            for (field, empty) in fields.iter().filter(|_| answer["status"] == false) {
                assert_eq!(answer.get(field), Some(empty), "{field} of {method}({params}): {answer}");
            }
        }
    }
    let unknown = page.answer("noSuchMethod", "{}").await;
    assert_eq!(unknown["code"], 7013);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_setter_makes_no_call_by_itself_and_is_replaced() {
    let folder = TempDir::new().unwrap();
    let bridge = Bridge::new(host(folder.path().into(), Some("ws://127.0.0.1:9".into()))).unwrap();
    let (context, mut deliveries) = bridge.context();
    context.call(1, "setSDKListener", "{}");
    context.call(2, "setSDKListener", "null");
    context.call(3, "init", &json!({"sdkAppId": APP_ID}).to_string());
    context.call(4, "login", &json!({"userId": "alice", "userSig": user_sig("alice")}).to_string());
    let mut told = BTreeSet::new();
    let all = async {
        loop {
            let delivery = deliveries.next().await.unwrap();
            told.insert(delivery.call);
            if delivery.call == 4 {
                return;
            }
        }
    };
    tokio::time::timeout(PATIENCE + Duration::from_secs(10), all).await.unwrap();
    assert_eq!(told, BTreeSet::from([2, 3, 4]));
    // A setter whose parameters cannot be read is one call with a failure, and the listener before it stays.
    context.call(5, "setSDKListener", "{");
    context.call(6, "logout", "");
    context.call(7, "login", &json!({"userId": "alice", "userSig": user_sig("alice")}).to_string());
    let (mut failures, mut answered, mut told) = (Vec::new(), false, false);
    let all = async {
        while !(answered && told) {
            let delivery = deliveries.next().await.unwrap();
            let value: Value = serde_json::from_str(&delivery.json).unwrap();
            match (delivery.call, delivery.keep) {
                // Of what comes behind the answer of `logout`.
                (2, true) => told |= answered && value["eventType"] == "onConnecting",
                (5, false) => failures.push(value),
                (6, false) => answered = true,
                (7, false) => {}
                _ => panic!("{delivery:?}"),
            }
        }
    };
    tokio::time::timeout(PATIENCE, all).await.unwrap();
    assert_eq!(failures.len(), 1, "{failures:?}");
    assert_eq!(failures[0]["code"], 6027, "{failures:?}");
    bridge.close().await;
}
