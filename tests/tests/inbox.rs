//! What a notification extension leaves for the app.
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use prost::Message as _;
use whinchat_core::Platform;
use whinchat_proto::wire;
use whinchat_tests::account::APP_ID;
use whinchat_tests::device::{Device, conversation};
use whinchat_tests::stage::Stage;
use whinchat_tests::wait::eventually;

/// The newest message of a conversation as a push service would bring it to an extension of another device of the same user.
fn pushed(phone: &Device, id: &str) -> Vec<u8> {
    let cache = rusqlite::Connection::open(phone.user_folder().join("cache.db")).unwrap();
    let row = "SELECT c.epoch, c.counted, m.seq, m.time_ms, m.sender, m.envelope, m.content \
               FROM conversation c JOIN message m ON m.conversation = c.row WHERE c.id = ?1 ORDER BY m.seq DESC LIMIT 1";
    cache
        .query_row(row, [id], |row| {
            let message = wire::StoredMessage {
                sender: row.get(4)?,
                envelope: Some(wire::Envelope::decode(row.get::<_, Vec<u8>>(5)?.as_slice()).unwrap()),
                content: row.get::<_, Vec<u8>>(6)?.into(),
            };
            let entry = wire::Entry {
                seq: row.get::<_, i64>(2)?.cast_unsigned(),
                time_ms: row.get(3)?,
                counted: row.get::<_, i64>(1)?.cast_unsigned(),
                body: Some(wire::entry::Body::Message(message)),
                ..wire::Entry::default()
            };
            Ok(wire::EntryPush {
                conversation: Some(conversation(id).to_wire()),
                epoch: row.get::<_, i64>(0)?.cast_unsigned(),
                entry: Some(entry),
                ..wire::EntryPush::default()
            })
        })
        .unwrap()
        .encode_to_vec()
}

fn leave(device: &Device, push: &[u8]) {
    whinchat_core::inbox::put(device.folder(), APP_ID, &device.user, push).unwrap();
}

fn left(device: &Device) -> usize {
    std::fs::read_dir(device.user_folder().join("inbox")).unwrap().count()
}

#[tokio::test]
async fn what_an_extension_left_is_told_without_a_network_and_once() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let phone = stage.device_on("bob", Platform::Android).await;
    let desktop = stage.device("bob").await;
    alice.say("c2c_bob", "one").await;
    desktop.announces("c2c_alice", &["one"]).await;
    desktop.client.pause().await.unwrap();

    // While the app sleeps.
    alice.say("c2c_bob", "two").await;
    phone.announces("c2c_alice", &["one", "two"]).await;
    leave(&desktop, &pushed(&phone, "c2c_alice"));
    leave(&desktop, &pushed(&phone, "c2c_alice"));
    desktop.proxy.offline();
    desktop.client.resume().await.unwrap();
    desktop.announces("c2c_alice", &["one", "two"]).await;
    desktop.has_unread("c2c_alice", 2).await;
    eventually("the inbox is empty", async || (left(&desktop) == 0).then_some(())).await;

    // While it is not running.
    desktop.proxy.restore();
    desktop.online().await;
    desktop.client.close().await;
    alice.say("c2c_bob", "three").await;
    phone.announces("c2c_alice", &["one", "two", "three"]).await;
    leave(&desktop, &pushed(&phone, "c2c_alice"));
    desktop.proxy.offline();
    let desktop = desktop.restart().await;
    let login = desktop.logging_in();
    desktop.announces("c2c_alice", &["three"]).await;
    desktop.proxy.restore();
    login.await.unwrap().unwrap();
    alice.say("c2c_bob", "four").await;
    desktop.announces("c2c_alice", &["three", "four"]).await;
    desktop.has_unread("c2c_alice", 4).await;
    desktop.shows("c2c_alice", &["one", "two", "three", "four"]).await;
}

#[tokio::test]
async fn what_an_extension_left_beyond_a_hole_or_of_strangers_is_told_in_order_with_the_next_connection() {
    let stage = Stage::new().await;
    let (alice, carol) = (stage.device("alice").await, stage.device("carol").await);
    let phone = stage.device_on("bob", Platform::Android).await;
    let desktop = stage.device("bob").await;
    alice.say("c2c_bob", "one").await;
    desktop.announces("c2c_alice", &["one"]).await;
    desktop.client.pause().await.unwrap();
    for text in ["two", "three"] {
        alice.say("c2c_bob", text).await;
    }
    carol.say("c2c_bob", "hello").await;
    phone.announces("c2c_alice", &["one", "two", "three"]).await;
    phone.announces("c2c_carol", &["hello"]).await;
    leave(&desktop, &pushed(&phone, "c2c_alice"));
    leave(&desktop, &pushed(&phone, "c2c_carol"));
    std::fs::write(desktop.user_folder().join("inbox/0-bad.msg"), b"nonsense").unwrap();
    desktop.proxy.offline();
    desktop.client.resume().await.unwrap();
    desktop.shows("c2c_carol", &["hello"]).await;
    let newest = desktop.conversation("c2c_alice").await.last_message.unwrap();
    assert_eq!(newest.text(), Some("three"));
    desktop.proxy.restore();
    desktop.announces("c2c_alice", &["one", "two", "three"]).await;
    desktop.announces("c2c_carol", &["hello"]).await;
    assert_eq!(left(&desktop), 1, "the damaged one was set aside");
}
