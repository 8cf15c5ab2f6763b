//! Files that open and are damaged inside.
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout)]

use std::path::Path;

use whinchat_core::Event;
use whinchat_tests::account::user_sig;
use whinchat_tests::device::conversation;
use whinchat_tests::stage::Stage;

const PAGE: usize = 4_096;

/// Overwrites everything behind the first page, where the tables are listed.
fn damage(file: &Path) {
    let mut bytes = std::fs::read(file).unwrap();
    assert!(bytes.len() > 2 * PAGE);
    bytes[PAGE..].fill(0xA5);
    std::fs::write(file, bytes).unwrap();
}

#[tokio::test]
async fn a_cache_that_is_damaged_inside_is_set_aside_as_well() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;
    bob.say("c2c_alice", "one").await;
    alice.shows("c2c_bob", &["one"]).await;
    alice.proxy.offline();
    alice.offline().await;
    alice.send("c2c_bob", "waits in the other file").await;
    let files = alice.user_folder();
    let alice = alice.restart_after(|| damage(&files.join("cache.db"))).await;
    alice.proxy.restore();
    alice.log_in().await;
    alice.shows("c2c_bob", &["one", "waits in the other file"]).await;
    let is_reset = |event: &Event| matches!(event, Event::StoreReset { .. }).then_some(());
    alice.told("the damage", is_reset).await;
}

#[tokio::test]
async fn an_own_file_that_is_damaged_inside_is_named_and_left_alone() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let files = alice.user_folder();
    let alice = alice.restart_after(|| damage(&files.join("own.db"))).await;
    let damaged = std::fs::read(files.join("own.db")).unwrap();
    let error = alice.client.login("alice", &user_sig("alice")).await.unwrap_err();
    assert_eq!(error.code, 6005, "{error}");
    assert!(error.message.contains("own.db"), "{error}");
    assert_eq!(std::fs::read(files.join("own.db")).unwrap(), damaged, "nothing was deleted");
}

/// Overwrites the heads of the pages that hold nothing but the texts of messages.
fn damage_messages(file: &Path) {
    let mut bytes = std::fs::read(file).unwrap();
    let mut damaged = 0;
    for page in bytes.chunks_mut(PAGE) {
        if page.iter().filter(|byte| **byte == b'x').count() > PAGE / 2 {
            page[..64].fill(0xA5);
            damaged += 1;
        }
    }
    assert!(damaged > 40, "{damaged}");
    std::fs::write(file, bytes).unwrap();
}

#[tokio::test]
async fn damage_that_is_met_while_running_is_healed_by_the_next_login() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;
    let texts: Vec<String> = (0..80).map(|n| format!("{n} {}", "x".repeat(3_000))).collect();
    for text in &texts {
        bob.say("c2c_alice", text).await;
    }
    alice.has_unread("c2c_bob", 80).await;
    let files = alice.user_folder();
    // Opening looks at positions and conversations only: it cannot notice.
    let alice = alice.restart_after(|| damage_messages(&files.join("cache.db"))).await;
    alice.log_in().await;
    let conversation = conversation("c2c_bob");
    let page = alice.client.messages().history(&conversation, whinchat_core::History::newest(100)).await;
    assert_eq!(page.unwrap_err().code, 6005);
    let alice = alice.restart().await;
    alice.log_in().await;
    alice.told("the damage", |event| matches!(event, Event::StoreReset { .. }).then_some(())).await;
    alice.has_unread("c2c_bob", 80).await;
    alice.client.messages().history(&conversation, whinchat_core::History::newest(100)).await.unwrap();
}
