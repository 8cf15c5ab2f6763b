//! Files that are not what they should be.
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout)]

use std::path::Path;

use whinchat_core::{ErrorClass, Event, MessageState};
use whinchat_tests::account::user_sig;
use whinchat_tests::stage::Stage;

const GARBAGE: &[u8] = b"this is no database at all, only some text that somebody has put here by mistake";

fn overwrite(folder: &Path, name: &str) {
    for suffix in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(folder.join(format!("{name}{suffix}")));
    }
    std::fs::write(folder.join(name), GARBAGE.repeat(200)).unwrap();
}

#[tokio::test]
async fn a_cache_that_is_no_database_is_set_aside_reported_and_fetched_again() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;
    bob.say("c2c_alice", "one").await;
    alice.shows("c2c_bob", &["one"]).await;
    alice.proxy.offline();
    alice.offline().await;
    alice.send("c2c_bob", "waits in the other file").await;
    let files = alice.user_folder();
    let alice = alice.restart_after(|| overwrite(&files, "cache.db")).await;
    alice.proxy.restore();
    alice.log_in().await;
    alice.shows("c2c_bob", &["one", "waits in the other file"]).await;
    let set_aside = alice
        .told("the damage", |event| match event {
            Event::StoreReset { set_aside } => Some(set_aside.clone()),
            _ => None,
        })
        .await;
    assert_eq!(
        std::fs::read(&set_aside).unwrap(),
        GARBAGE.repeat(200),
        "it is kept for whoever wants to look"
    );
    bob.shows("c2c_alice", &["one", "waits in the other file"]).await;
}

#[tokio::test]
async fn an_own_file_that_is_no_database_is_an_error_and_nothing_is_deleted() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;
    bob.say("c2c_alice", "one").await;
    alice.shows("c2c_bob", &["one"]).await;
    let files = alice.user_folder();
    let alice = alice.restart_after(|| overwrite(&files, "own.db")).await;
    let error = alice.client.login("alice", &user_sig("alice")).await.unwrap_err();
    assert_eq!((error.code, error.class), (6005, ErrorClass::Final), "{error}");
    assert_eq!(std::fs::read(files.join("own.db")).unwrap(), GARBAGE.repeat(200), "nothing was deleted");
    // Somebody who needs the device more than the file moves it away.
    std::fs::rename(files.join("own.db"), files.join("own.db.broken")).unwrap();
    alice.log_in().await;
    alice.shows("c2c_bob", &["one"]).await;
    assert_eq!(alice.say("c2c_bob", "two").await.state, MessageState::Sent);
}
