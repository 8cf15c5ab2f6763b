//! A phone in Rust that the bench of the plugin's hosts leads by lines of JSON: what the same calls and events cost over the
//! bridge alone (`uniapp-plugin/hosts/driver/bench.mjs`).

use std::path::PathBuf;
use std::time::Instant;

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use whinchat_bridge::{Bridge, Host};
use whinchat_core::Platform;

use crate::bridge::{Page, each};

/// Sends of a burst that run at the same time.
const BURST: u32 = 256;

/// A line of the bench.
#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "camelCase")]
enum Line {
    /// Where its data goes and its server is. Nothing is opened yet.
    Start { documents: PathBuf, server: String },
    /// From a device without anything in memory: calls these one behind the other; the last one's answer, and the time until
    /// it is there.
    First { calls: Vec<(String, Value)> },
    /// Calls a method, in a context beside the measured one: its answer.
    Ask { method: String, params: Value },
    /// Calls a method so many times, one after the other: microseconds of each.
    Calls { method: String, params: Value, count: u32 },
    /// Sets the listener of messages. What comes is left where it is.
    Listen,
    /// Takes so many messages that begin with this text: microseconds of each.
    Events { text: String, count: u32 },
    /// Sends so many texts to a user: nothing.
    Send { text: String, to: String, count: u32 },
}

/// The device with its contexts.
struct Phone {
    page: Page,
    others: Page,
    _bridge: Bridge,
}

impl Phone {
    fn open(host: Host) -> Self {
        let bridge = Bridge::new(host).unwrap();
        Self { page: Page::of(&bridge), others: Page::of(&bridge), _bridge: bridge }
    }

    async fn first(&mut self, calls: &[(String, Value)], began: Instant) -> Value {
        let params: Vec<String> = calls.iter().map(|(_, params)| params.to_string()).collect();
        let ((last, _), behind) = (calls.last().unwrap(), calls.len() - 1);
        for ((method, _), params) in calls.iter().zip(&params).take(behind) {
            self.page.begin(method, params);
        }
        let answer = self.page.own_answer(last, &params[behind]).await;
        let us = began.elapsed().as_secs_f64() * 1e6;
        json!({"answer": parsed(&answer), "us": us})
    }

    async fn calls(&mut self, method: &str, params: &Value, count: u32) -> Value {
        let params = params.to_string();
        let mut took = Vec::new();
        for _ in 0..count {
            let start = Instant::now();
            let answer = self.page.answer(method, &params).await;
            took.push(each(start, 1));
            assert!(answer.starts_with(r#"{"status":true"#), "{answer}");
        }
        json!(took)
    }

    /// The first one only says that they come: what is measured is from there to the last.
    async fn events(&mut self, text: &str, count: u32) -> Value {
        let wanted = format!(r#""text":"{text}"#);
        let mut start = Instant::now();
        for number in 0..count {
            while !self.page.next().await.json.contains(&wanted) {}
            if number == 0 {
                start = Instant::now();
            }
        }
        json!(each(start, count - 1))
    }

    async fn send(&mut self, text: &str, to: &str, count: u32) {
        for burst in (0..count).collect::<Vec<_>>().chunks(BURST as usize) {
            for number in burst {
                let params = json!({"userId": to, "text": format!("{text} {number}")});
                self.page.begin("sendC2CTextMessage", &params.to_string());
            }
            for _ in burst {
                let answer = self.page.next().await.json;
                assert!(answer.starts_with(r#"{"status":true"#), "{answer}");
            }
        }
    }
}

fn parsed(answer: &str) -> Value {
    serde_json::from_str(answer).unwrap()
}

/// Does what the lines say until there are no more; answers each of them in order.
pub(crate) async fn serve() {
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    let mut host = None;
    let mut open: Option<Phone> = None;
    while let Some(line) = lines.next_line().await.unwrap() {
        let line: Line = serde_json::from_str(&line).unwrap();
        let began = Instant::now();
        if let Line::Start { documents, server } = line {
            let platform = Platform::Android;
            host = Some(Host { documents, platform, device_id: None, server: Some(server), app_root: None });
            println!(r#"{{"done":true}}"#);
            continue;
        }
        let phone = open.get_or_insert_with(|| Phone::open(host.clone().unwrap()));
        let done = match line {
            Line::Start { .. } => Value::Null,
            Line::First { calls } => phone.first(&calls, began).await,
            Line::Ask { method, params } => parsed(&phone.others.answer(&method, &params.to_string()).await),
            Line::Calls { method, params, count } => phone.calls(&method, &params, count).await,
            Line::Listen => {
                phone.page.begin("setAdvancedMsgListener", "{}");
                // Answered behind the setter, so the listener is there.
                parsed(&phone.page.answer("getVersion", "").await)
            }
            Line::Events { text, count } => phone.events(&text, count).await,
            Line::Send { text, to, count } => {
                phone.send(&text, &to, count).await;
                Value::Null
            }
        };
        println!("{}", json!({"done": done}));
    }
}
