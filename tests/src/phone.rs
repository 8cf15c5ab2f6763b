//! A phone as JavaScript sees it: a bridge, one context, callbacks.

use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::timeout;
use whinchat_bridge::{Bridge, Context, Deliveries, Host};
use whinchat_core::Platform;

use crate::account::{APP_ID, user_sig};

/// Longer than anything here takes; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(20);

/// A phone with one JavaScript context.
#[derive(Debug)]
pub struct Phone {
    /// The device.
    pub bridge: Bridge,
    context: Context,
    deliveries: Deliveries,
    calls: u64,
    setters: HashMap<u64, String>,
    answers: HashMap<u64, Value>,
    /// What listeners were called with and no test has looked at.
    pub events: Vec<Value>,
}

impl Phone {
    /// A phone that keeps its data in `folder`.
    #[must_use]
    pub fn new(folder: &Path, platform: Platform) -> Self {
        let documents = folder.to_owned();
        let host = Host { documents, platform, device_id: None, server: None, app_root: None };
        let bridge = Bridge::new(host).expect("threads");
        let (context, deliveries) = bridge.context();
        Self {
            bridge,
            context,
            deliveries,
            calls: 0,
            setters: HashMap::new(),
            answers: HashMap::new(),
            events: Vec::new(),
        }
    }

    /// Calls a method and does not wait; gives the call's id.
    pub fn start(&mut self, method: &str, params: &Value) -> u64 {
        self.calls += 1;
        self.context.call(self.calls, method, &params.to_string());
        self.calls
    }

    /// Sets a listener.
    pub fn listen(&mut self, setter: &str) {
        let id = self.start(setter, &json!({}));
        self.setters.insert(id, setter.to_owned());
    }

    /// Calls a method and waits for its answer.
    pub async fn call(&mut self, method: &str, params: Value) -> Value {
        let id = self.start(method, &params);
        self.answer(id).await
    }

    /// Waits for the answer of a call.
    pub async fn answer(&mut self, id: u64) -> Value {
        loop {
            if let Some(answer) = self.answers.remove(&id) {
                return answer;
            }
            self.take().await;
        }
    }

    /// Waits for an event of this type for which `fits` holds; those before it are dropped.
    pub async fn event(&mut self, event_type: &str, fits: impl Fn(&Value) -> bool) -> Value {
        loop {
            let found = self.events.iter().position(|event| event["eventType"] == event_type && fits(event));
            if let Some(at) = found {
                return self.events.drain(..=at).next_back().expect("it is there");
            }
            self.take().await;
        }
    }

    async fn take(&mut self) {
        let next = timeout(PATIENCE, self.deliveries.next()).await;
        let delivery = next.expect("something comes in time").expect("the context lives");
        let value: Value = serde_json::from_str(&delivery.json).expect("JSON");
        if delivery.keep {
            assert!(value.get("eventType").is_some() && value.get("status").is_none(), "{value}");
            assert!(self.setters.contains_key(&delivery.call), "an event for no listener: {value}");
            self.events.push(value);
        } else {
            assert!(value.get("status").is_some() && value.get("eventType").is_none(), "{value}");
            assert!(self.answers.insert(delivery.call, value).is_none(), "two answers");
        }
    }

    /// Calls `init` and `login`, with every listener set.
    pub async fn enter(&mut self, user: &str, server: &str) {
        for setter in [
            "setSDKListener",
            "setSimpleMsgListener",
            "setAdvancedMsgListener",
            "setSendMessageListener",
            "setConversationListener",
        ] {
            self.listen(setter);
        }
        let init = self.call("init", json!({"sdkAppId": APP_ID, "server": server})).await;
        assert_eq!(init["status"], true, "{init}");
        let login = self.call("login", json!({"userId": user, "userSig": user_sig(user)})).await;
        assert_eq!(login["status"], true, "{login}");
    }
}
