//! Messages that are sent one after the other without waiting, as JavaScript does in a loop.
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::path::Path;

use rusqlite::Connection;
use serde_json::{Value, json};
use whinchat_bridge::{Bridge, Context, Deliveries, Host};
use whinchat_core::{ConversationId, ErrorCode, History, NewMessage, Platform};
use whinchat_server::ServerConfig;
use whinchat_tests::account::{APP_ID, user_sig};
use whinchat_tests::device::conversation;
use whinchat_tests::stage::Stage;
use whinchat_tests::wait::{PATIENCE, eventually};

/// Messages of a burst.
const MANY: u64 = 1_000;
/// The most commits that they may take: a transaction of the outbox takes up to 256 of them.
const COMMITS: u32 = 20;
/// Calls beside the burst.
const FENCE: u64 = 1_000_000;

/// What answers, and with what.
async fn answer(deliveries: &mut Deliveries) -> (u64, Value) {
    loop {
        let delivery = tokio::time::timeout(PATIENCE, deliveries.next()).await.expect("an answer").unwrap();
        if !delivery.keep {
            return (delivery.call, serde_json::from_str(&delivery.json).unwrap());
        }
    }
}

async fn call(context: &Context, deliveries: &mut Deliveries, method: &str, params: &Value) -> Value {
    context.call(FENCE, method, &params.to_string());
    let (call, answer) = answer(deliveries).await;
    assert_eq!(call, FENCE, "{answer}");
    answer
}

/// A phone on which alice is logged in, with no server to talk to any more; her outbox.
async fn alone(stage: &mut Stage) -> (Bridge, Context, Deliveries, std::path::PathBuf) {
    let folder = stage.folder().join("phone");
    let bridge = Bridge::new(Host {
        documents: folder.clone(),
        platform: Platform::Android,
        device_id: None,
        server: Some(format!("ws://{}", stage.addr())),
        app_root: None,
    })
    .unwrap();
    let (context, mut deliveries) = bridge.context();
    call(&context, &mut deliveries, "init", &json!({"sdkAppId": APP_ID})).await;
    let login = json!({"userId": "alice", "userSig": user_sig("alice")});
    assert_eq!(call(&context, &mut deliveries, "login", &login).await["status"], true);
    stage.stop_server().await;
    let own = folder.join(APP_ID.to_string()).join("616c696365").join("own.db");
    (bridge, context, deliveries, own)
}

/// Transactions that this file has seen: a counter in the index of its log.
fn commits(own: &Path) -> u32 {
    let mut index = own.as_os_str().to_owned();
    index.push("-shm");
    let index = std::fs::read(index).unwrap();
    u32::from_ne_bytes(index[8..12].try_into().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_burst_keeps_its_order_and_shares_its_commits() {
    let mut stage = Stage::new().await;
    let (bridge, context, mut deliveries, own) = alone(&mut stage).await;
    let before = commits(&own);
    // Nothing can be committed for now.
    let held = Connection::open(&own).unwrap();
    held.execute_batch("BEGIN IMMEDIATE").unwrap();
    for n in 1..=MANY {
        let text = json!({"text": n.to_string(), "userId": "bob"});
        context.call(n, "sendC2CTextMessage", &text.to_string());
    }
    // Begun behind all of them, and none is durable.
    let created = call(&context, &mut deliveries, "createTextMessage", &json!({"text": "x"})).await;
    assert_eq!(created["status"], true);
    held.execute_batch("ROLLBACK").unwrap();
    drop(held);
    // Answered once they are.
    let list = call(&context, &mut deliveries, "getConversationList", &json!({})).await;
    assert_eq!(list["conversationList"][0]["lastMessage"]["elem"]["text"], MANY.to_string());
    let took = commits(&own).wrapping_sub(before);
    assert!(took <= COMMITS, "{took} commits");

    // They are in the outbox in this order, and will go out in it.
    let page = json!({"userId": "bob", "count": 100});
    let page = call(&context, &mut deliveries, "getC2CHistoryMessageList", &page).await;
    let texts: Vec<_> =
        page["messageList"].as_array().unwrap().iter().map(|m| m["elem"]["text"].clone()).collect();
    let newest: Vec<_> = (MANY - 99..=MANY).rev().map(|n| json!(n.to_string())).collect();
    assert_eq!(texts, newest);
    bridge.close().await;
    stage.start_server(&[]).await;
    let bob = stage.device("bob").await;
    let bridge = Bridge::new(Host {
        documents: stage.folder().join("phone"),
        platform: Platform::Android,
        device_id: None,
        server: Some(format!("ws://{}", stage.addr())),
        app_root: None,
    })
    .unwrap();
    let (context, mut deliveries) = bridge.context();
    call(&context, &mut deliveries, "init", &json!({"sdkAppId": APP_ID})).await;
    call(&context, &mut deliveries, "login", &json!({"userId": "alice", "userSig": user_sig("alice")})).await;
    let alice = ConversationId::parse("c2c_alice").unwrap();
    eventually("bob has them all", async || {
        (bob.client.conversations().total_unread().await.ok()? == MANY).then_some(())
    })
    .await;
    let mut seen = Vec::new();
    let mut page = bob.client.messages().history(&alice, History::newest(100)).await.unwrap();
    while let Some(oldest) = page.messages.last() {
        seen.extend(page.messages.iter().map(|message| message.text().unwrap_or_default().to_owned()));
        page = bob.client.messages().history(&alice, History::older(&oldest.id, 100)).await.unwrap();
    }
    let sent: Vec<_> = (1..=MANY).rev().map(|n| n.to_string()).collect();
    assert_eq!(seen, sent);
    bridge.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_burst_that_the_server_holds_up_is_stored_in_its_order() {
    // It refuses for a few milliseconds what comes faster: the queue begins anew again and again.
    let held_up = |config: &mut ServerConfig| {
        config.requests_per_second = 500;
        config.request_burst = 20;
    };
    let stage = Stage::with(held_up, None).await;
    let (alice, bob) = (stage.device("alice").await, stage.device("bob").await);
    let texts: Vec<_> = (1..=MANY).map(|n| n.to_string()).collect();
    let messages = alice.client.messages();
    let mut begun = Vec::new();
    for text in &texts {
        let message = NewMessage::text(text);
        begun.push(messages.begin_send(&conversation("c2c_bob"), message).await.unwrap().1);
    }
    for durable in begun {
        durable.await.unwrap().settled().await.unwrap();
    }
    let stored = bob.history("c2c_alice").await;
    assert!(stored.iter().map(|message| message.text().unwrap_or_default()).eq(&texts), "{stored:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_fails_in_a_burst_is_told_to_its_own_call() {
    let mut stage = Stage::new().await;
    let (bridge, context, mut deliveries, _) = alone(&mut stage).await;
    let send = |n: u64, text: &str, to: &str| {
        context.call(n, "sendC2CTextMessage", &json!({"text": text, "userId": to}).to_string());
    };
    send(1, "one", "bob");
    send(2, &"x".repeat(12_289), "bob");
    send(3, "two", "alice");
    send(4, "three", "bob");
    let mut refused = Vec::new();
    for _ in 0..2 {
        let (call, answer) = answer(&mut deliveries).await;
        refused.push((call, answer["code"].as_i64().unwrap()));
    }
    let (large, oneself) = (ErrorCode::MessageTooLarge.number(), ErrorCode::ReceiverInvalid.number());
    assert_eq!(refused, [(2, i64::from(large)), (3, i64::from(oneself))]);
    let page = call(&context, &mut deliveries, "getC2CHistoryMessageList", &json!({"userId": "bob"})).await;
    let texts: Vec<_> =
        page["messageList"].as_array().unwrap().iter().map(|m| m["elem"]["text"].clone()).collect();
    assert_eq!(texts, [json!("three"), json!("one")]);
    bridge.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_could_not_be_stored_fails_alone_and_can_be_sent_again() {
    let mut stage = Stage::new().await;
    let (bridge, context, mut deliveries, own) = alone(&mut stage).await;
    let disk = Connection::open(&own).unwrap();
    disk.execute_batch(
        "CREATE TRIGGER refuse BEFORE INSERT ON outbox WHEN instr(NEW.content, CAST('second' AS BLOB)) > 0
         BEGIN SELECT RAISE(ABORT, 'on purpose'); END",
    )
    .unwrap();
    let mut keys = Vec::new();
    for text in ["first", "second", "third"] {
        let created = call(&context, &mut deliveries, "createTextMessage", &json!({"text": text})).await;
        keys.push(created["messageKey"].as_str().unwrap().to_owned());
    }
    let send = |n: u64, key: &str| {
        context.call(n, "sendMessage", &json!({"messageKey": key, "receiver": "bob"}).to_string());
    };
    for (n, key) in (1..).zip(&keys) {
        send(n, key);
    }
    let (refused, answer) = answer(&mut deliveries).await;
    assert_eq!((refused, &answer["status"]), (2, &json!(false)), "{answer}");
    assert!([6019, 6022].contains(&answer["code"].as_i64().unwrap()), "{answer}");
    // Its key names it still; that of a message which is on its way does not.
    disk.execute_batch("DROP TRIGGER refuse").unwrap();
    let kept = call(&context, &mut deliveries, "getMessage", &json!({"messageKey": keys[1]})).await;
    assert_eq!(kept["message"]["elem"]["text"], "second", "{kept}");
    send(4, &keys[1]);
    let again = json!({"messageKey": keys[0], "receiver": "bob"});
    assert_eq!(call(&context, &mut deliveries, "sendMessage", &again).await["code"], 6021);
    let page = call(&context, &mut deliveries, "getC2CHistoryMessageList", &json!({"userId": "bob"})).await;
    let texts: Vec<_> =
        page["messageList"].as_array().unwrap().iter().map(|m| m["elem"]["text"].clone()).collect();
    assert_eq!(texts, [json!("second"), json!("third"), json!("first")]);
    bridge.close().await;
}
