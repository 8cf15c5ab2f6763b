//! Reading at the moment in which something moves from the outbox into the log, and other awkward moments.
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout)]

use whinchat_core::{ConversationId, GroupId, GroupKind, History, NewGroup, NewMessage, UserId};
use whinchat_tests::device::conversation;
use whinchat_tests::stage::Stage;
use whinchat_tests::wait::eventually;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_is_seen_exactly_once_at_every_moment_of_its_way() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let _bob = stage.device("bob").await;
    let to = conversation("c2c_bob");
    let messages = alice.client.messages();
    for n in 0..200 {
        let handle = alice.send("c2c_bob", &n.to_string()).await;
        let id = handle.id().clone();
        let settled = tokio::spawn(async move { handle.settled().await });
        while !settled.is_finished() {
            let page = messages.history(&to, History::newest(5)).await.unwrap();
            let seen = page.messages.iter().filter(|message| message.id == id).count();
            assert_eq!(seen, 1, "{n} in {:?}", page.messages);
            assert!(messages.get(&id).await.unwrap().is_some(), "{n}");
            let older = messages.history(&to, History::older(&id, 5)).await.unwrap();
            assert!(older.messages.iter().all(|message| message.id != id), "{n}");
            let last = alice.conversation("c2c_bob").await.last_message.unwrap();
            assert_eq!(last.id, id, "{n}");
        }
        settled.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn what_one_may_not_see_does_not_hide_what_lies_before_it() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;
    let carol = stage.device("carol").await;
    let group = GroupId::new("team").unwrap();
    let members = vec![UserId::new("bob").unwrap(), UserId::new("carol").unwrap()];
    let new = NewGroup { id: Some(group.clone()), kind: GroupKind::Work, name: "team".into(), members };
    alice.client.groups().create(new).await.unwrap();
    let id = ConversationId::Group(group);
    alice.say(&id.to_string(), "for all").await;
    bob.shows(&id.to_string(), &["for all"]).await;
    bob.proxy.offline();
    bob.offline().await;
    let mut handles = Vec::new();
    for n in 0..400 {
        let hidden = NewMessage::text(n.to_string()).audience([UserId::new("carol").unwrap()]);
        handles.push(alice.client.messages().send(&id, hidden).await.unwrap());
    }
    for handle in handles {
        handle.settled().await.unwrap();
    }
    let last = alice.say(&id.to_string(), "for all again").await;
    bob.proxy.restore();
    bob.online().await;
    let messages = bob.client.messages();
    let newest = eventually("the newest is there", async || {
        let page = messages.history(&id, History::newest(1)).await.unwrap();
        page.messages.first().filter(|message| message.id == last.id).cloned()
    })
    .await;
    let page = messages.history(&id, History::older(&newest.id, 2)).await.unwrap();
    assert_eq!(page.messages.first().and_then(|message| message.text()), Some("for all"), "{page:?}");
    assert!(!page.missing_newer, "there is a connection");
    drop(carol);
}

#[tokio::test]
async fn a_mark_that_waits_over_a_restart_does_not_lift_its_conversation() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;
    let carol = stage.device("carol").await;
    bob.say("c2c_alice", "first").await;
    carol.say("c2c_alice", "second").await;
    alice.has_unread("c2c_bob", 1).await;
    alice.has_unread("c2c_carol", 1).await;
    alice.proxy.offline();
    alice.offline().await;
    alice.reads("c2c_bob").await;
    let alice = alice.restart().await;
    alice.proxy.restore();
    alice.log_in().await;
    let list = alice.client.conversations().list(None, 10).await.unwrap();
    let order: Vec<String> = list.items.iter().map(|item| item.id.to_string()).collect();
    assert_eq!(order, ["c2c_carol", "c2c_bob"]);
}
