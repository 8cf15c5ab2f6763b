//! What the bridge costs: a call and its answer, an event on its way to a context.

use std::time::Instant;

use futures_util::SinkExt;
use serde_json::{Value, json};
use tempfile::tempdir;
use whinchat_bridge::{Bridge, Context, Deliveries, Delivery, Host};
use whinchat_core::{ConversationId, Platform};
use whinchat_proto::wire::server_frame;
use whinchat_server::Server;
use whinchat_tests::account::{APP_ID, user_sig};

use crate::latency::unlimited;
use crate::local::PAGE;
use crate::raw;
use crate::row::{Row, median};

/// Calls whose mean is one figure.
const CALLS: u32 = 2_000;
/// The same for a page of conversations.
const LISTS: u32 = 200;
/// Events that wait in the core when the context begins to take them.
const EVENTS: u32 = 2_560;

/// A page that calls one thing after the other.
pub(crate) struct Page {
    context: Context,
    deliveries: Deliveries,
    last: u64,
}

impl Page {
    pub(crate) fn of(bridge: &Bridge) -> Self {
        let (context, deliveries) = bridge.context();
        Self { context, deliveries, last: 0 }
    }

    pub(crate) fn begin(&mut self, method: &str, params: &str) {
        self.last += 1;
        self.context.call(self.last, method, params);
    }

    pub(crate) async fn next(&mut self) -> Delivery {
        self.deliveries.next().await.unwrap()
    }

    /// The answer as text; as a host does, nobody reads it here.
    pub(crate) async fn answer(&mut self, method: &str, params: &str) -> String {
        self.begin(method, params);
        loop {
            let delivery = self.next().await;
            if !delivery.keep {
                return delivery.json;
            }
        }
    }

    /// The same while other calls have no answer.
    pub(crate) async fn own_answer(&mut self, method: &str, params: &str) -> String {
        self.begin(method, params);
        loop {
            let delivery = self.next().await;
            if delivery.call == self.last {
                return delivery.json;
            }
        }
    }
}

/// Microseconds each of `count` calls takes, and what its parameters and its answer cost with nothing but serde.
async fn call(page: &mut Page, method: &str, params: &str, count: u32) -> (f64, f64) {
    let answer = page.answer(method, params).await;
    let value: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(value["status"], true, "{answer}");
    let start = Instant::now();
    for _ in 0..count {
        page.answer(method, params).await;
    }
    let ours = each(start, count);
    let start = Instant::now();
    for _ in 0..count {
        let given: Value = serde_json::from_str(params).unwrap();
        std::hint::black_box((given, serde_json::to_string(&value).unwrap()));
    }
    (ours, each(start, count))
}

/// Microseconds for each event that waited in the core, and for bare serde of the same text.
async fn events(page: &mut Page, others: &mut Page, sender: &mut raw::Socket) -> (f64, f64) {
    let before = unread(others).await;
    page.begin("setAdvancedMsgListener", "{}");
    // Answered behind the setter, so the listener is there.
    page.answer("getVersion", "").await;
    let bob = ConversationId::parse("c2c_bob").unwrap();
    let requests: Vec<u64> = (1..=u64::from(EVENTS)).collect();
    // Not more at once than the server lets one connection have open.
    for burst in requests.chunks(64) {
        for request in burst {
            sender.send(raw::frame(raw::send(*request, &bob))).await.unwrap();
        }
        for _ in burst {
            while !matches!(raw::next(sender).await, Some(server_frame::Body::Response(_))) {}
        }
    }
    while unread(others).await < before + u64::from(EVENTS) {}
    let mut told: Vec<String> = Vec::new();
    let start = Instant::now();
    while told.len() < EVENTS as usize {
        let delivery = page.next().await;
        if delivery.json.starts_with(r#"{"eventType":"onRecvNewMessage""#) {
            told.push(delivery.json);
        }
    }
    let ours = each(start, EVENTS);
    page.answer("removeAdvancedMsgListener", "").await;
    let values: Vec<Value> = told.iter().map(|event| serde_json::from_str(event).unwrap()).collect();
    let start = Instant::now();
    for value in &values {
        std::hint::black_box(serde_json::to_string(value).unwrap());
    }
    (ours, each(start, EVENTS))
}

async fn unread(page: &mut Page) -> u64 {
    let answer = page.answer("getTotalUnreadMessageCount", "").await;
    let answer: Value = serde_json::from_str(&answer).unwrap();
    answer["totalUnreadCount"].as_u64().unwrap()
}

pub(crate) fn each(start: Instant, count: u32) -> f64 {
    start.elapsed().as_secs_f64() * 1e6 / f64::from(count)
}

pub(crate) async fn measure(runs: usize) -> Vec<Row> {
    let dir = tempdir().unwrap();
    let server = Server::start(unlimited(&dir.path().join("server"))).await.unwrap();
    let address = server.local_addr();
    let bridge = Bridge::new(Host {
        documents: dir.path().join("bob"),
        platform: Platform::Android,
        device_id: None,
        server: Some(format!("ws://{address}")),
        app_root: None,
    })
    .unwrap();
    let (mut page, mut others) = (Page::of(&bridge), Page::of(&bridge));
    page.answer("init", &json!({"sdkAppId": APP_ID}).to_string()).await;
    let login = json!({"userId": "bob", "userSig": user_sig("bob")}).to_string();
    let login = page.answer("login", &login).await;
    assert!(login.starts_with(r#"{"status":true"#), "{login}");
    let bob = ConversationId::parse("c2c_bob").unwrap();
    for number in 0..PAGE {
        let (mut socket, _) = raw::log_in(address, &format!("user{number}"), None).await;
        socket.send(raw::frame(raw::send(1, &bob))).await.unwrap();
        while !matches!(raw::next(&mut socket).await, Some(server_frame::Body::Response(_))) {}
    }
    while unread(&mut others).await < PAGE as u64 {}
    let list = json!({"nextSeq": 0, "count": PAGE}).to_string();
    let (mut status, mut lists, mut told) = (Vec::new(), Vec::new(), Vec::new());
    for run in 0..runs {
        status.push(call(&mut page, "getLoginStatus", "{}", CALLS).await);
        lists.push(call(&mut page, "getConversationList", &list, LISTS).await);
        let (mut sender, _) = raw::log_in(address, &format!("talker{run}"), None).await;
        told.push(events(&mut page, &mut others, &mut sender).await);
    }
    bridge.close().await;
    server.stop().await;
    [
        ("a bridge call: getLoginStatus".to_owned(), status),
        (format!("a bridge call: getConversationList of {PAGE}"), lists),
        ("onRecvNewMessage from the core to a context".to_owned(), told),
    ]
    .map(|(name, figures)| {
        let (ours, floors) = figures.into_iter().unzip();
        Row { name, unit: "us", ours: median(ours), floor: median(floors), aim: None }
    })
    .into()
}
