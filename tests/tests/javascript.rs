//! The bridge between two phones and a real server, as JavaScript sees it.

#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};
use tempfile::TempDir;
use whinchat_core::Platform;
use whinchat_server::{RunningServer, Server};
use whinchat_tests::phone::Phone;
use whinchat_tests::server::config;

struct World {
    folder: TempDir,
    server: RunningServer,
}

impl World {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::start(config(&folder.path().join("server"))).await.unwrap();
        Self { folder, server }
    }

    fn address(&self) -> String {
        format!("ws://{}", self.server.local_addr())
    }

    async fn phone(&self, user: &str) -> Phone {
        let mut phone = Phone::new(&self.folder.path().join(user), Platform::Android);
        phone.enter(user, &self.address()).await;
        phone
    }
}

#[tokio::test]
async fn a_text_reaches_the_other_phone_with_every_event_of_the_contract() {
    let world = World::new().await;
    let mut bob = world.phone("bob").await;
    let mut alice = world.phone("alice").await;
    let created = alice.call("createTextMessage", json!({"text": "hello"})).await;
    let key = created["messageKey"].as_str().unwrap().to_owned();
    assert_eq!(created["message"]["elem"], json!({"elemType": 1, "text": "hello"}));
    let sent = alice.call("sendMessage", json!({"mesageKey": key, "receiver": "bob"})).await;
    assert_eq!((&sent["status"], &sent["code"], &sent["messageKey"]), (&json!(true), &json!(0), &json!(key)));
    let success = alice.event("onSuccess", |_| true).await;
    assert_eq!((&success["messageKey"], &success["msgId"]), (&json!(key), &sent["msgId"]));
    let again = alice.call("sendMessage", json!({"messageKey": key, "receiver": "bob"})).await;
    assert_eq!(
        (&again["status"], &again["code"], &again["msgId"]),
        (&json!(false), &json!(6021), &json!(""))
    );

    let simple = bob.event("onRecvC2CTextMessage", |_| true).await;
    assert_eq!((&simple["text"], &simple["sender"]["userId"]), (&json!("hello"), &json!("alice")));
    assert_eq!(simple["msgId"], sent["msgId"]);
    let new = bob.event("onNewConversation", |_| true).await;
    let conversation = &new["conversationList"][0];
    assert_eq!(
        (&conversation["conversationId"], &conversation["unreadCount"]),
        (&json!("c2c_alice"), &json!(1))
    );
    assert_eq!(conversation["lastMessage"]["elem"]["text"], "hello");
    alice.call("sendC2CTextMessage", json!({"text": "again", "userId": "bob"})).await;
    let changed = |event: &Value| event["conversationList"][0]["unreadCount"] == 2;
    bob.event("onConversationChanged", changed).await;

    let read = bob.call("markC2CMessageAsRead", json!({"userId": "alice"})).await;
    assert_eq!(read["status"], true);
    let receipt = alice.event("onRecvC2CReadReceipt", |_| true).await;
    assert_eq!(receipt["receiptList"][0]["userId"], "bob");
    let history =
        alice.call("getC2CHistoryMessageList", json!({"userId": "bob", "count": 20, "msgId": ""})).await;
    let texts: Vec<_> =
        history["messageList"].as_array().unwrap().iter().map(|m| m["elem"]["text"].clone()).collect();
    assert_eq!(texts, ["again", "hello"]);
    assert!(
        history["messageList"]
            .as_array()
            .unwrap()
            .iter()
            .all(|m| m["isPeerRead"] == true && m["status"] == 2)
    );
    assert_eq!(history["isFinished"], true);
}

#[tokio::test]
async fn calls_that_follow_each_other_without_waiting_begin_in_their_order() {
    let world = World::new().await;
    let _bob = world.phone("bob").await;
    let mut alice = Phone::new(&world.folder.path().join("alice"), Platform::Ios);
    alice.listen("setSDKListener");
    let sig = whinchat_tests::account::user_sig("alice");
    let server = world.address();
    let init = alice.start("init", &json!({"sdkAppId": whinchat_tests::account::APP_ID, "server": server}));
    let login = alice.start("login", &json!({"userId": "alice", "userSig": sig}));
    let ids: Vec<u64> = (0..50)
        .map(|n| alice.start("sendC2CTextMessage", &json!({"text": n.to_string(), "userId": "bob"})))
        .collect();
    for id in [init, login].into_iter().chain(ids) {
        assert_eq!(alice.answer(id).await["status"], true);
    }
    let page = alice.call("getC2CHistoryMessageList", json!({"userId": "bob", "count": 100})).await;
    let texts = page["messageList"].as_array().unwrap().iter().rev();
    let texts: Vec<String> = texts.map(|m| m["elem"]["text"].as_str().unwrap().to_owned()).collect();
    assert_eq!(texts, (0..50).map(|n| n.to_string()).collect::<Vec<_>>());
}

#[tokio::test]
async fn pages_of_a_list_that_changes_meanwhile_neither_lose_nor_repeat_a_conversation() {
    let world = World::new().await;
    let mut alice = world.phone("alice").await;
    for n in 0..60 {
        let mut other = Phone::new(&world.folder.path().join(format!("other{n}")), Platform::Android);
        other.enter(&format!("other{n}"), &world.address()).await;
        let sent =
            alice.call("sendC2CTextMessage", json!({"text": "hi", "userId": format!("other{n}")})).await;
        assert_eq!(sent["status"], true, "{sent}");
    }
    let mut seen = Vec::new();
    let mut next = json!(0);
    let mut pages = 0;
    loop {
        let page = alice.call("getConversationList", json!({"nextSeq": next, "count": 20})).await;
        assert_eq!(page["isFinished"], page["isFinish"]);
        seen.extend(page["conversationList"].as_array().unwrap().iter().map(|c| c["conversationId"].clone()));
        next = page["nextSeq"].clone();
        pages += 1;
        if page["isFinished"] == true {
            break;
        }
        // The first of all, which stands at the end, moves to the top between two pages.
        alice.call("sendC2CTextMessage", json!({"text": "up", "userId": "other0"})).await;
        assert!(pages < 10);
    }
    assert_eq!(seen.len(), 60, "{seen:?}");
    seen.sort_by_key(Value::to_string);
    seen.dedup();
    assert_eq!(seen.len(), 60);
    for _ in 0..2 {
        let end = alice.call("getConversationList", json!({"nextSeq": next})).await;
        assert_eq!(
            (&end["conversationList"], &end["isFinished"], &end["nextSeq"]),
            (&json!([]), &json!(true), &next)
        );
    }
    let wrong = alice.call("getConversationList", json!({"nextSeq": 77_777})).await;
    assert_eq!((&wrong["status"], &wrong["code"]), (&json!(false), &json!(6017)));
}

#[tokio::test]
async fn online_only_messages_leave_nothing_behind() {
    let world = World::new().await;
    let mut bob = world.phone("bob").await;
    let mut alice = world.phone("alice").await;
    let created = alice.call("createCustomMessage", json!({"customMsg": "{\"typing\":1}"})).await;
    let key = created["messageKey"].clone();
    let sent = alice
        .call("sendMesasge", json!({"receiver": "bob", "mesageKey": key, "onLineUserOnly": "YES"}))
        .await;
    assert_eq!((&sent["status"], &sent["message"]["isOnlineOnly"]), (&json!(true), &json!(true)), "{sent}");
    let came = bob.event("onRecvNewMessage", |_| true).await;
    assert_eq!((&came["elemType"], &came["elem"]["data"]), (&json!(2), &json!("{\"typing\":1}")));
    for (phone, other) in [(&mut alice, "bob"), (&mut bob, "alice")] {
        let page = phone.call("getC2CHistoryMessageList", json!({"userId": other})).await;
        assert_eq!(page["messageList"], json!([]));
    }
}

#[tokio::test]
async fn the_log_of_a_device_holds_neither_signatures_nor_what_is_said() {
    let world = World::new().await;
    let _bob = world.phone("bob").await;
    let mut alice = world.phone("alice").await;
    alice.call("sendC2CTextMessage", json!({"text": "a secret word", "userId": "bob"})).await;
    alice.call("noSuchMethod", json!({"text": "a secret word"})).await;
    let log = std::fs::read_to_string(world.folder.path().join("alice/logs/whinchat.log")).unwrap();
    assert!(log.contains("sendC2CTextMessage"), "{log}");
    let sig = whinchat_tests::account::user_sig("alice");
    let head = sig.get(..20).unwrap();
    assert!(
        !log.contains("secret") && !log.contains(head) && !log.contains(whinchat_tests::account::KEY),
        "{log}"
    );
}

#[tokio::test]
async fn heartbeats_are_told_one_by_one_to_the_face_that_shows_them_and_to_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(&folder.path().join("server"));
    config.heartbeat_ms = 100;
    config.longest_heartbeat_ms = 100;
    let server = Server::start(config).await.unwrap();
    let mut phones = Vec::new();
    for (user, profile) in [("alice", "mobileimsdk"), ("bob", "")] {
        let mut phone = Phone::new(&folder.path().join(user), Platform::Android);
        phone.listen("setSDKListener");
        let address = format!("ws://{}", server.local_addr());
        let init =
            json!({"sdkAppId": whinchat_tests::account::APP_ID, "server": address, "profile": profile});
        assert_eq!(phone.call("init", init).await["status"], true);
        let sig = whinchat_tests::account::user_sig(user);
        assert_eq!(phone.call("login", json!({"userId": user, "userSig": sig})).await["status"], true);
        phones.push(phone);
    }
    for _ in 0..3 {
        phones[0].event("onPing", |_| true).await;
        phones[0].event("onPong", |_| true).await;
    }
    assert_eq!(phones[1].call("getLoginStatus", json!({})).await["loginStatus"], 1);
    let told = |event: &Value| event["eventType"] == "onPing" || event["eventType"] == "onPong";
    assert!(!phones[1].events.iter().any(told), "{:?}", phones[1].events);
}

#[tokio::test]
async fn methods_that_are_not_served_yet_answer_with_a_code() {
    let folder = tempfile::tempdir().unwrap();
    let mut phone = Phone::new(folder.path(), Platform::Ios);
    for name in ["revokeMessage", "setFriendListener"] {
        let answer = phone.call(name, json!({})).await;
        assert_eq!((&answer["status"], &answer["code"]), (&json!(false), &json!(7013)));
        assert!(answer["msg"].as_str().unwrap().contains("not served yet"), "{answer}");
    }
}

#[tokio::test]
async fn what_one_context_does_is_heard_in_the_others_and_un_init_lets_every_listener_go() {
    let world = World::new().await;
    let mut alice = Phone::new(&world.folder.path().join("alice"), Platform::Android);
    let (other, mut heard) = alice.bridge.context();
    other.call(1, "setSDKListener", "{}");
    alice.enter("alice", &world.address()).await;
    let mut events = Vec::new();
    while !events.iter().any(|event: &String| event.contains("onConnectSuccess")) {
        let delivery = heard.next().await.unwrap();
        assert_eq!((delivery.call, delivery.keep), (1, true));
        events.push(delivery.json);
    }
    assert_eq!(alice.call("unInit", json!({})).await["status"], true);
    other.call(2, "getLoginStatus", "");
    loop {
        let delivery = heard.next().await.unwrap();
        if delivery.call == 2 {
            assert!(delivery.json.contains("\"loginStatus\":3"), "{}", delivery.json);
            break;
        }
    }
    drop(other);
    assert!(heard.next().await.is_none());
}
