//! A bridge, and calls that nobody would make.

use std::collections::HashMap;
use std::time::Duration;

use serde_json::{Map, Value, json};
use whinchat_bridge::{Bridge, Host, methods};
use whinchat_core::Platform;

use super::mutate;
use super::targets::{folder, signature};
use crate::account::APP_ID;
use crate::dice::Dice;

/// Calls in one life.
const CALLS: u64 = 60;
/// Longer than any call may wait without a network.
const PATIENCE: Duration = Duration::from_secs(50);

const NAMES: &[&str] = &[
    "sdkAppId",
    "userId",
    "userID",
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
    "isAtAll",
    "onlineUserOnly",
    "timeoutMs",
    "priority",
    "cloudCustomData",
    "receiverList",
    "api",
    "param",
];
const TEXTS: &[&str] = &[
    "",
    "alice",
    "c2c_bob",
    "group_g",
    "c2c_",
    "0",
    "-1",
    "1e9",
    "YES",
    "\u{0}",
    "爱",
    "__kImSDK_MesssageAtALL__",
    "base64:%%%",
];

/// One life of a device without a network: each call has one answer, whatever it was.
pub(super) fn life(dice: &mut Dice) {
    let folder = folder();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let host = Host {
            documents: folder.path().into(),
            platform: Platform::Android,
            device_id: None,
            // Nothing listens there.
            server: Some("ws://127.0.0.1:9".to_owned()),
            app_root: None,
        };
        let bridge = Bridge::new(host).expect("a bridge");
        let (context, mut deliveries) = bridge.context();
        let all: Vec<_> = methods().collect();
        let mut waiting = HashMap::new();
        for call in 1..=CALLS {
            let method = match dice.below(10) {
                0 => "init".to_owned(),
                1 => "login".to_owned(),
                2 => {
                    String::from_utf8_lossy(&mutate::bytes(dice, b"sendMessage", b"getListener")).into_owned()
                }
                _ => (*dice.pick(&all).expect("methods")).to_owned(),
            };
            let params = params(dice, &method);
            let listens = method.starts_with("set") && method.contains("Listen");
            context.call(call, &method, &params);
            if !listens {
                waiting.insert(call, method);
            }
        }
        let answers = async {
            while !waiting.is_empty() {
                let delivery = deliveries.next().await.expect("the context lives");
                let value: Value = serde_json::from_str(&delivery.json).expect("a delivery is JSON");
                if delivery.keep {
                    assert!(value["eventType"].is_string() && value.get("status").is_none(), "{value}");
                    continue;
                }
                assert!(value["status"].is_boolean() && value["code"].is_i64(), "{value}");
                // A setter that could not be read answers as well.
                let known = waiting.remove(&delivery.call);
                assert!(known.is_some() || value["status"] == false, "an answer too many: {value}");
            }
        };
        let done = tokio::time::timeout(PATIENCE, answers).await;
        assert!(done.is_ok(), "no answer to {waiting:?}");
        bridge.close().await;
    });
}

fn params(dice: &mut Dice, method: &str) -> String {
    let mut keys = Map::new();
    for _ in 0..dice.below(5) {
        let name = (*dice.pick(NAMES).expect("names")).to_owned();
        keys.insert(name, value(dice, 3));
    }
    if method == "init" && dice.chance(80) {
        keys.insert("sdkAppId".to_owned(), json!(APP_ID));
        keys.remove("docPath");
    }
    if method == "login" && dice.chance(80) {
        keys.insert("userId".to_owned(), json!("alice"));
        keys.insert("userSig".to_owned(), json!(signature("alice")));
    }
    let text = Value::Object(keys).to_string();
    if dice.chance(20) {
        return String::from_utf8_lossy(&mutate::bytes(dice, text.as_bytes(), b"{}[]\"\\,:null"))
            .into_owned();
    }
    text
}

fn value(dice: &mut Dice, depth: u32) -> Value {
    match dice.below(if depth == 0 { 6 } else { 8 }) {
        0 => Value::Null,
        1 => json!(dice.chance(50)),
        2 => json!(dice.below(200)),
        3 => json!(-1.5e300),
        4 | 5 => json!(dice.pick(TEXTS).expect("texts")),
        6 => (0..dice.below(4)).map(|_| value(dice, depth - 1)).collect(),
        _ => json!({ "userId": value(dice, depth - 1) }),
    }
}
