//! Several nodes over one file.

use std::path::Path;
use std::sync::Arc;

use super::super::{OpenError, SqliteOptions, SqliteStorage};
use crate::storage::contract::World;
use crate::storage::contract::world::{id, with};

fn options(folder: &Path, node: &str) -> SqliteOptions {
    SqliteOptions { node: node.to_owned(), ..SqliteOptions::new(folder.join("server.db")) }
}

fn node(folder: &Path, name: &str) -> World {
    World::new(Arc::new(SqliteStorage::open(&options(folder, name)).unwrap()))
}

async fn epoch(world: &World) -> u64 {
    world.storage.head(id("bob")).await.unwrap().epoch
}

fn live(folder: &Path, user: &str) -> i64 {
    let conn = rusqlite::Connection::open(folder.join("server.db")).unwrap();
    conn.query_row("SELECT live FROM user WHERE name = ?1", [user], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn a_copy_put_back_is_noticed_by_what_any_node_served() {
    let folder = tempfile::tempdir().unwrap();
    let (path, copy) = (folder.path().join("server.db"), folder.path().join("copy.db"));
    let first = node(folder.path(), "main");
    first.users(&["alice", "bob"]).await;
    first.say("alice", &with("bob")).await;
    let before = epoch(&first).await;
    first.storage.close().await;
    std::fs::copy(&path, &copy).unwrap();
    // Only the other node has served what the copy does not hold.
    let other = node(folder.path(), "b");
    other.say("alice", &with("bob")).await;
    other.say("alice", &with("bob")).await;
    assert_eq!(epoch(&other).await, before);
    other.storage.close().await;
    std::fs::copy(&copy, &path).unwrap();
    let first = node(folder.path(), "main");
    assert_ne!(epoch(&first).await, before);
    let after = epoch(&first).await;
    // While it runs others come and go, and nothing is renewed; nor with the file of the older versions beside it.
    let other = node(folder.path(), "b");
    assert_eq!(epoch(&other).await, after);
    other.say("alice", &with("bob")).await;
    other.storage.close().await;
    first.say("alice", &with("bob")).await;
    first.storage.close().await;
    for name in ["main", "b"] {
        let text = folder.path().join(format!("server.{name}.served"));
        std::fs::rename(text, folder.path().join("server.served")).unwrap();
        let again = node(folder.path(), name);
        assert_eq!(epoch(&again).await, after);
        again.storage.close().await;
    }
}

#[tokio::test]
async fn what_only_a_node_alone_may_do_waits_for_it_to_be_alone() {
    let folder = tempfile::tempdir().unwrap();
    let first = node(folder.path(), "main");
    let refused = |options: &SqliteOptions| SqliteStorage::open(options).map(drop).unwrap_err();
    assert!(matches!(refused(&options(folder.path(), "main")), OpenError::InUse(_)));
    let restored = SqliteOptions { restored: true, ..options(folder.path(), "b") };
    assert!(matches!(refused(&restored), OpenError::NotAlone(_, others) if others == "main"));
    let conn = rusqlite::Connection::open(folder.path().join("server.db")).unwrap();
    let version = |number: i64| conn.pragma_update(None, "user_version", number).unwrap();
    version(1);
    assert!(matches!(refused(&options(folder.path(), "b")), OpenError::NotAlone(..)));
    let visited = SqliteStorage::visit(&folder.path().join("server.db"));
    assert!(matches!(visited.map(drop), Err(OpenError::TooOld(_))));
    version(99);
    let visited = SqliteStorage::visit(&folder.path().join("server.db"));
    assert!(matches!(visited.map(drop), Err(OpenError::TooNew(_))));
    version(2);
    node(folder.path(), "b").storage.close().await;
    first.storage.close().await;
}

#[tokio::test]
async fn whom_a_dead_node_left_behind_is_not_live_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let first = node(folder.path(), "main");
    let session = first.connect("alice").await;
    first.connect("bob").await;
    // A node of another name had them too, and died: its name is nobody's.
    let conn = rusqlite::Connection::open(folder.path().join("server.db")).unwrap();
    conn.execute_batch(
        "INSERT INTO presence (node, user, connections) SELECT 'dead', id, 2 FROM user; UPDATE user SET live = live + 2;",
    )
    .unwrap();
    assert_eq!(live(folder.path(), "alice"), 3);
    first.storage.prune_sessions(0, 1).await.unwrap();
    assert_eq!((live(folder.path(), "alice"), live(folder.path(), "bob")), (1, 1));
    // One that starts beside it leaves those of the living alone, and takes back its own of an earlier run and the dead's.
    conn.execute_batch(
        "INSERT INTO presence (node, user, connections) SELECT 'b', id, 1 FROM user; \
         INSERT INTO presence (node, user, connections) SELECT 'dead', id, 1 FROM user; \
         UPDATE user SET live = live + 2;",
    )
    .unwrap();
    let other = node(folder.path(), "b");
    assert_eq!((live(folder.path(), "alice"), live(folder.path(), "bob")), (1, 1));
    other.storage.close().await;
    first.leave("alice", session).await;
    // Ended twice, as after a node's presence was taken back: it counts once.
    first.leave("alice", session).await;
    assert_eq!((live(folder.path(), "alice"), live(folder.path(), "bob")), (0, 1));
    first.storage.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_that_write_at_once_see_one_log_without_gaps() {
    let folder = tempfile::tempdir().unwrap();
    let nodes = [node(folder.path(), "main"), node(folder.path(), "b")];
    nodes[0].users(&["alice", "bob"]).await;
    let mut tasks = tokio::task::JoinSet::new();
    for (world, name) in nodes.iter().zip(["alice", "bob"]) {
        let world = world.clone();
        tasks.spawn(async move {
            let to = with(if name == "alice" { "bob" } else { "alice" });
            for _ in 0..200 {
                world.say(name, &to).await;
            }
        });
    }
    while let Some(task) = tasks.join_next().await {
        task.unwrap();
    }
    let seqs: Vec<u64> =
        nodes[1].everything("alice", &with("bob")).await.iter().map(|entry| entry.seq).collect();
    assert_eq!(seqs, (1..=400).collect::<Vec<_>>());
    let strangers = nodes[0].storage.strangers().await.unwrap();
    nodes[1].say("bob", &with("alice")).await;
    assert_ne!(nodes[0].storage.strangers().await.unwrap(), strangers, "another has written");
    for world in nodes {
        world.storage.close().await;
    }
}

#[test]
fn a_server_of_the_first_version_that_still_runs_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let old = std::fs::File::create(folder.path().join("lock")).unwrap();
    old.lock().unwrap();
    let refused = SqliteStorage::open(&options(folder.path(), "main")).map(drop).unwrap_err();
    assert!(matches!(refused, OpenError::InUse(_)));
    drop(old);
    SqliteStorage::open(&options(folder.path(), "main")).unwrap();
}
