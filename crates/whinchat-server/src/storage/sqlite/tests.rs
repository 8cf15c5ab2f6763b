//! The contract, and what is SQLite's own: full disks, restored files, the clock.

mod excepted;
mod nodes;
mod plans;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use whinchat_proto::wire;

use super::{SqliteOptions, SqliteStorage};
use crate::storage::contract::World;
use crate::storage::contract::storage_contract;
use crate::storage::contract::world::{group, id, message, operation, with};
use crate::storage::{Denied, Fault, GroupKind, Storage};

fn fresh() -> (Arc<dyn Storage>, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (open(folder.path()), folder)
}

fn open(folder: &std::path::Path) -> Arc<SqliteStorage> {
    Arc::new(SqliteStorage::open(&SqliteOptions::new(folder.join("server.db"))).unwrap())
}

fn fresh_with_large_groups() -> (Arc<dyn Storage>, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let options = SqliteOptions { large_group: 3, ..SqliteOptions::new(folder.path().join("server.db")) };
    (Arc::new(SqliteStorage::open(&options).unwrap()), folder)
}

storage_contract!(fresh());
storage_contract!(large fresh_with_large_groups());

/// What the simulation stands on is held to the same contract.
mod inline {
    use super::*;

    fn fresh_inline() -> (Arc<dyn Storage>, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let options = SqliteOptions::new(folder.path().join("server.db"));
        let storage = SqliteStorage::open_inline(&options, Arc::new(crate::clock::now_ms)).unwrap();
        (Arc::new(storage), folder)
    }

    storage_contract!(fresh_inline());
}

#[test]
fn the_migrations_are_sound() {
    super::open::migrations().validate().unwrap();
}

#[tokio::test]
async fn a_full_disk_fails_the_operation_whole_and_the_next_one_works() {
    let folder = tempfile::tempdir().unwrap();
    let storage = open(folder.path());
    let world = World::new(storage.clone());
    world.users(&["alice", "bob"]).await;
    world.group("alice", "team", GroupKind::Work, &["bob"]).await;
    let first = world.say("alice", &with("bob")).await;
    let limit = |pages: i64| {
        let storage = storage.clone();
        async move {
            let set = move |conn: &rusqlite::Connection, _| {
                conn.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))?;
                Ok(())
            };
            storage.write(set).await.unwrap();
        }
    };
    // No page more than there are.
    limit(1).await;
    let head = world.storage.head(id("bob")).await.unwrap();
    let full = |result: &Result<_, Denied>| matches!(result, Err(Denied::Fault(Fault::Full)));
    let mut refused = None;
    for _ in 0..50 {
        let batch: Vec<_> = (0..3).map(|_| message("alice", with("bob"), 20_000)).collect();
        let results = world.storage.append(batch.clone()).await;
        if full(&results[0].as_ref().map(drop).map_err(Clone::clone)) {
            assert!(results.iter().all(Result::is_err), "a batch is stored whole or not at all");
            refused = Some(batch);
            break;
        }
    }
    let refused = refused.expect("the disk never filled");
    // Reads go on, and nothing is half done.
    let state = world.state("bob", &with("alice")).await;
    let page = world.page("bob", &with("alice"), first.epoch, state.head_seq, state.head_seq).await;
    assert_eq!(page.entries.len(), 1);
    assert_eq!(world.storage.head(id("bob")).await.unwrap(), head);
    limit(1_000_000).await;
    // The same messages again: none was stored in secret.
    for (n, result) in (1..).zip(world.storage.append(refused).await) {
        let appended = result.unwrap().result;
        assert_eq!((appended.seq, appended.repeated), (state.head_seq + n, false));
    }
}

#[tokio::test]
async fn time_never_runs_backwards_in_a_conversation() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(AtomicI64::new(5_000));
    let hand = Arc::clone(&clock);
    let options = SqliteOptions::new(folder.path().join("server.db"));
    let storage =
        SqliteStorage::open_with_clock(&options, Arc::new(move || hand.load(Ordering::Relaxed))).unwrap();
    let world = World::new(Arc::new(storage));
    world.users(&["alice", "bob"]).await;
    let mut times = Vec::new();
    for now in [5_000, 4_000, 6_000] {
        clock.store(now, Ordering::Relaxed);
        times.push(world.say("alice", &with("bob")).await.time_ms);
    }
    assert_eq!(times, [5_000, 5_000, 6_000]);
}

struct Held {
    epoch: u64,
    cursor: wire::Cursor,
}

async fn held(world: &World) -> Held {
    let cursor = world.storage.head(id("bob")).await.unwrap();
    Held { epoch: world.state("bob", &with("alice")).await.epoch, cursor }
}

#[tokio::test]
async fn a_restart_keeps_every_epoch_and_a_copy_put_back_renews_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("server.db");
    let storage = open(folder.path());
    let world = World::new(storage);
    world.users(&["alice", "bob"]).await;
    world.say("alice", &with("bob")).await;
    world.say("alice", &with("bob")).await;
    let before = held(&world).await;
    world.storage.close().await;
    std::fs::copy(&path, folder.path().join("copy.db")).unwrap();

    let world = World::new(open(folder.path()));
    let after = held(&world).await;
    assert_eq!((after.epoch, after.cursor), (before.epoch, before.cursor));
    world.say("alice", &with("bob")).await;
    world.storage.close().await;

    // The third message is lost with the copy; whoever has read it is told so by the epoch.
    std::fs::copy(folder.path().join("copy.db"), &path).unwrap();
    let world = World::new(open(folder.path()));
    let after = held(&world).await;
    assert_ne!(after.epoch, before.epoch);
    assert_ne!(after.cursor.epoch, before.cursor.epoch);
    let state = world.state("bob", &with("alice")).await;
    assert_eq!((state.previous_epoch, state.epoch_base, state.head_seq), (before.epoch, 2, 2));
    assert!(world.changes("bob", before.cursor, 0).await.snapshot);
    // A mark set in the lost log counts as far as the logs are the same.
    let done = world.storage.mark_read(operation("bob"), with("alice"), before.epoch, 3).await.unwrap();
    assert_eq!(done.result.read_seq, 2);
    world.say("alice", &with("bob")).await;
    let done = world.storage.mark_read(operation("bob"), with("alice"), before.epoch, 3).await.unwrap();
    assert_eq!(done.result.read_seq, 2);
    world.storage.close().await;

    // Once renewed, a restart keeps them again.
    let world = World::new(open(folder.path()));
    assert_eq!(held(&world).await.epoch, after.epoch);
    world.storage.close().await;
    // The file beside the database is gone: nobody knows what was served.
    std::fs::remove_file(path.with_extension("main.served")).unwrap();
    let world = World::new(open(folder.path()));
    assert_ne!(held(&world).await.epoch, after.epoch);
}

#[tokio::test]
async fn the_operator_can_say_that_it_was_restored() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(open(folder.path()));
    world.users(&["alice", "bob"]).await;
    world.say("alice", &with("bob")).await;
    let before = held(&world).await;
    world.storage.close().await;
    let mut options = SqliteOptions::new(folder.path().join("server.db"));
    options.restored = true;
    let world = World::new(Arc::new(SqliteStorage::open(&options).unwrap()));
    assert_ne!(held(&world).await.epoch, before.epoch);
}

#[tokio::test]
async fn a_panic_in_an_operation_takes_nothing_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let storage = open(folder.path());
    let world = World::new(storage.clone());
    world.users(&["alice", "bob"]).await;
    let broken = storage.write(|conn, _| -> super::fault::DbResult<()> {
        conn.execute("DELETE FROM user", [])?;
        panic!("a fault of ours");
    });
    assert!(matches!(broken.await, Err(Denied::Fault(_))));
    world.say("alice", &with("bob")).await;
    assert_eq!(world.storage.head(id("bob")).await.unwrap().version, 1);
}

#[tokio::test]
async fn after_closing_every_call_is_a_fault() {
    let (storage, _folder) = fresh();
    storage.close().await;
    assert_eq!(storage.user_exists(id("alice")).await, Err(Fault::Closed));
    let results = storage.append(vec![message("alice", group("team"), 1)]).await;
    assert_eq!(results[0].as_ref().unwrap_err(), &Denied::Fault(Fault::Closed));
}

/// Rows that a message writes into a group of `members`, all of them connected.
async fn rows_of_a_send(large_group: u32, members: usize) -> u64 {
    let folder = tempfile::tempdir().unwrap();
    let options = SqliteOptions { large_group, ..SqliteOptions::new(folder.path().join("server.db")) };
    let storage = Arc::new(SqliteStorage::open(&options).unwrap());
    let world = World::new(storage.clone());
    let names: Vec<String> = (0..members).map(|n| format!("user{n}")).collect();
    let connecting = names.iter().map(|name| world.connect(name));
    futures_util::future::join_all(connecting).await;
    let new = crate::storage::NewGroup {
        id: crate::storage::contract::world::group_id("team"),
        kind: GroupKind::Work,
        name: "Team".into(),
        members: names[1..].iter().map(|name| id(name)).collect(),
        capacity: members,
    };
    world.storage.create_group(operation("user0"), new).await.unwrap();
    let written = async || storage.write(|conn, _| Ok(conn.total_changes())).await.unwrap();
    let before = written().await;
    world.say("user0", &group("team")).await;
    // The batch's own count is a row as well.
    written().await - before - 1
}

#[tokio::test]
async fn a_message_to_a_large_group_writes_as_many_rows_however_many_are_in_it() {
    for members in [10, 100, 200, 1_000] {
        let marks = 2 * u64::try_from(members).unwrap();
        assert_eq!(rows_of_a_send(u32::MAX, members).await, 2 + marks, "{members} members, small");
        assert_eq!(rows_of_a_send(2, members).await, 4, "{members} members, large");
    }
}
