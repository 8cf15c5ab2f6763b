//! Files of every released version, opened by today's code.
//!
//! `tests/migrations` holds, for each version of the tables, a server's database and one device's two files, written by
//! the code of that version: see CONTRIBUTING.md for how a version joins them.
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use sha2::{Digest as _, Sha256};
use whinchat_core::{GroupId, GroupKind, Message, MessageState, NewGroup, NewMessage, Platform, UserId};
use whinchat_proto::id::ClientMessageId;
use whinchat_server::storage::sqlite::{SqliteOptions, SqliteStorage};
use whinchat_server::storage::{Cancel, Storage as _};
use whinchat_tests::account::user_sig;
use whinchat_tests::device::{Device, conversation};
use whinchat_tests::server::DATABASE;
use whinchat_tests::stage::Stage;
use whinchat_tests::wait::eventually;

/// Versions whose files are stored.
const STORED: &[u32] = &[1];

/// What a released migration says never changes: users' files have gone through it.
const RELEASED: &[(&str, &str)] = &[
    (
        "crates/whinchat-core/src/store/cache_1.sql",
        "97fabf73c62e9ed3d8c50145cd775312bb5657babc623d1e6a906176ed4dcc65",
    ),
    (
        "crates/whinchat-core/src/store/own_1.sql",
        "8d22fa62ab1811f19fc5c1e818d77d6e992aae53e9d46c99291fd9b0a2bcb1fd",
    ),
    (
        "crates/whinchat-server/src/storage/sqlite/schema_1.sql",
        "5d8d63853f02dae1321d98801dd8ecfddd05606c080bd9ca3d729b15b66b32fe",
    ),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn stored(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(file)
}

fn users(names: &[&str]) -> Vec<UserId> {
    names.iter().map(|name| UserId::new(name).unwrap()).collect()
}

/// Where a scenario left its files.
struct Left {
    stage: Stage,
    user_folder: PathBuf,
}

/// Puts some rows into every table, through the public API as far as it reaches, and leaves alice with work to do.
async fn fill() -> Left {
    let mut stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;
    let carol = stage.device("carol").await;
    let new = NewGroup {
        id: Some(GroupId::new("team").unwrap()),
        kind: GroupKind::Work,
        name: "The team".into(),
        members: users(&["bob", "carol"]),
    };
    alice.client.groups().create(new).await.unwrap();
    alice.say("c2c_bob", "hello bob").await;
    bob.say("c2c_alice", "hello alice").await;
    alice.shows("c2c_bob", &["hello bob", "hello alice"]).await;
    alice.reads("c2c_bob").await;
    alice.has_unread("c2c_bob", 0).await;
    bob.say("c2c_alice", "are you there?").await;
    bob.say("group_team", "for all").await;
    let aside = NewMessage::text("for carol alone").audience(users(&["carol"]));
    bob.say_message("group_team", aside).await;
    carol.say("group_team", "thanks").await;
    alice.has_unread("c2c_bob", 1).await;
    alice.has_unread("group_team", 2).await;
    alice.send("c2c_nobody", "to nobody").await.settled().await.unwrap_err();
    eventually("alice has nothing to send", async || alice.client.is_drained().then_some(())).await;
    alice.proxy.offline();
    alice.offline().await;
    alice.send("c2c_bob", "waiting since then").await;
    alice.send("group_team", "waiting too").await;
    alice.reads("group_team").await;
    alice.has_unread("group_team", 0).await;
    let user_folder = alice.user_folder();
    for device in [&alice, &bob, &carol] {
        device.client.close().await;
    }
    stage.stop_server().await;
    // No client cancels what it never sent.
    let storage = SqliteStorage::open(&SqliteOptions::new(stage.database())).unwrap();
    let cancel = Cancel {
        conversation: conversation("c2c_bob"),
        sender: UserId::new("alice").unwrap(),
        client_id: ClientMessageId([7; 16]),
        refused: None,
    };
    storage.cancel_send(cancel).await.unwrap();
    storage.close().await;
    Left { stage, user_folder }
}

fn texts(messages: &[Message]) -> Vec<&str> {
    messages.iter().filter_map(Message::text).collect()
}

/// What `fill` left is there: first without a network, then with it, and what waited goes out.
async fn expect_what_was_left(server_data: &Path, user_folder_files: &[(PathBuf, &str)]) {
    let stage = Stage::in_folder(server_data).await;
    let alice = stage.device_not_logged_in("alice", Platform::Desktop).await;
    fs::create_dir_all(alice.user_folder()).unwrap();
    for (file, name) in user_folder_files {
        fs::copy(file, alice.user_folder().join(name)).unwrap();
    }
    alice.proxy.offline();
    let client = alice.client.clone();
    let login = tokio::spawn(async move { client.login("alice", &user_sig("alice")).await });
    eventually("the local session is open", async || alice.client.user()).await;

    let with_bob = alice.history("c2c_bob").await;
    let said = ["hello bob", "hello alice", "are you there?"];
    assert_eq!(texts(&with_bob)[..3], said);
    assert!(texts(&with_bob)[3].starts_with("waiting since"));
    assert_eq!(with_bob[3].state, MessageState::Pending);
    let waiting = texts(&with_bob)[3].to_owned();
    assert_eq!(alice.conversation("c2c_bob").await.unread, 1);
    let team = alice.conversation("group_team").await;
    assert_eq!((team.unread, team.group.unwrap().name.as_str()), (0, "The team"));
    let in_team = ["for all", "thanks", "waiting too"];
    assert_eq!(texts(&alice.history("group_team").await), in_team);
    let to_nobody = alice.history("c2c_nobody").await;
    assert_eq!(texts(&to_nobody), ["to nobody"]);
    assert!(
        matches!(&to_nobody[0].state, MessageState::Failed(error) if error.code == 20_003),
        "{:?}",
        to_nobody[0].state
    );

    alice.proxy.restore();
    login.await.unwrap().unwrap();
    let bob = stage.device("bob").await;
    let carol = stage.device("carol").await;
    bob.shows("c2c_alice", &[said[0], said[1], said[2], &waiting]).await;
    bob.shows("group_team", &["for all", "for carol alone", "thanks", "waiting too"]).await;
    carol.shows("group_team", &["for all", "for carol alone", "thanks", "waiting too"]).await;
    alice.shows("group_team", &in_team).await;
    alice.has_unread("c2c_bob", 1).await;
    // The mark that waited has arrived: another device of hers has it from the server.
    let phone = stage.device_on("alice", Platform::Android).await;
    phone.has_unread("group_team", 0).await;
    phone.has_unread("c2c_bob", 1).await;
    // And life goes on.
    bob.say("c2c_alice", "welcome back").await;
    alice.shows("c2c_bob", &[said[0], said[1], said[2], &waiting, "welcome back"]).await;
    for device in [alice, phone, bob, carol] {
        device.client.close().await;
    }
    let mut stage = stage;
    stage.stop_server().await;
}

#[tokio::test]
async fn files_of_every_version_are_read_and_go_on() {
    for version in STORED {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("server");
        fs::create_dir_all(&data).unwrap();
        fs::copy(stored(&format!("server_v{version}.db")), data.join(DATABASE)).unwrap();
        let served = stored(&format!("server_v{version}.served"));
        fs::copy(served, data.join(DATABASE).with_extension("served")).unwrap();
        let own = stored(&format!("own_v{version}.db"));
        let cache = stored(&format!("cache_v{version}.db"));
        expect_what_was_left(&data, &[(own, "own.db"), (cache, "cache.db")]).await;
    }
}

/// With WHINCHAT_STORE_VERSION=N what today's code leaves becomes the stored files of version N.
#[tokio::test]
async fn what_today_leaves_is_what_the_stored_files_hold() {
    let left = fill().await;
    let data = left.stage.database().parent().unwrap().to_owned();
    let files = ["own.db", "cache.db"].map(|name| (left.user_folder.join(name), name));
    let mut empty = Vec::new();
    for file in [left.stage.database(), files[0].0.clone(), files[1].0.clone()] {
        let db = Connection::open(&file).unwrap();
        for table in schema(&db).keys().filter(|key| key.starts_with("table ")) {
            let table = &table["table ".len()..];
            let rows: i64 =
                db.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap();
            if rows == 0 {
                empty.push(table.to_owned());
            }
        }
    }
    // Nobody has logged in when the server stands still.
    empty.retain(|table| !MAY_BE_EMPTY.contains(&table.as_str()));
    assert!(empty.is_empty(), "these tables are not filled by `fill`: {empty:?}");
    if let Ok(version) = std::env::var("WHINCHAT_STORE_VERSION") {
        fs::copy(left.stage.database(), stored(&format!("server_v{version}.db"))).unwrap();
        for (file, name) in &files {
            let name = name.replace(".db", &format!("_v{version}.db"));
            fs::copy(file, stored(&name)).unwrap();
        }
        for entry in fs::read_dir(&data).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "served") {
                fs::copy(path, stored(&format!("server_v{version}.served"))).unwrap();
            }
        }
    }
    expect_what_was_left(&data, &files).await;
}

/// Tables that hold nothing while no device is connected, or that no scenario of the first version reaches.
const MAY_BE_EMPTY: &[&str] = &["presence", "deletion"];

/// Tables, columns and indexes, without what comments and line breaks make of them.
fn schema(db: &Connection) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut query = db
        .prepare("SELECT type, name, coalesce(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'")
        .unwrap();
    let mut rows = query.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let (kind, name): (String, String) = (row.get(0).unwrap(), row.get(1).unwrap());
        let sql: String = row.get(2).unwrap();
        let code: Vec<&str> = sql.lines().map(|line| line.split("--").next().unwrap()).collect();
        let mut said = code.join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
        if kind == "table" {
            let mut columns = db.prepare(&format!("PRAGMA table_xinfo({name})")).unwrap();
            let mut columns = columns.query([]).unwrap();
            while let Some(column) = columns.next().unwrap() {
                let (label, kind): (String, String) = (column.get(1).unwrap(), column.get(2).unwrap());
                let (not_null, key): (i64, i64) = (column.get(3).unwrap(), column.get(5).unwrap());
                let default: Option<String> = column.get(4).unwrap();
                said.push_str(&format!("\n  {label} {kind} {not_null} {default:?} {key}"));
            }
        }
        found.insert(format!("{kind} {name}"), said);
    }
    found
}

/// Names what differs, and nothing else.
fn assert_same(what: &str, migrated: &BTreeMap<String, String>, fresh: &BTreeMap<String, String>) {
    let names: BTreeSet<&String> = migrated.keys().chain(fresh.keys()).collect();
    for name in names {
        assert_eq!(migrated.get(name), fresh.get(name), "{what}: {name}, migrated and fresh");
    }
}

#[tokio::test]
async fn a_migrated_file_has_the_tables_of_a_fresh_one() {
    let mut fresh = Stage::new().await;
    let device = fresh.device("alice").await;
    device.client.close().await;
    fresh.stop_server().await;
    let of_fresh = |file: &Path| schema(&Connection::open(file).unwrap());
    let own = of_fresh(&device.user_folder().join("own.db"));
    let cache = of_fresh(&device.user_folder().join("cache.db"));
    let server = of_fresh(&fresh.database());
    assert!(own.contains_key("table outbox") && cache.contains_key("table held"));
    for version in STORED {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("server");
        fs::create_dir_all(&data).unwrap();
        fs::copy(stored(&format!("server_v{version}.db")), data.join(DATABASE)).unwrap();
        let mut stage = Stage::in_folder(&data).await;
        let device: Device = stage.device_not_logged_in("alice", Platform::Desktop).await;
        fs::create_dir_all(device.user_folder()).unwrap();
        let (own_file, cache_file) =
            (device.user_folder().join("own.db"), device.user_folder().join("cache.db"));
        fs::copy(stored(&format!("own_v{version}.db")), &own_file).unwrap();
        fs::copy(stored(&format!("cache_v{version}.db")), &cache_file).unwrap();
        device.log_in().await;
        device.client.close().await;
        stage.stop_server().await;
        assert_same(&format!("own.db of version {version}"), &of_fresh(&own_file), &own);
        assert_same(&format!("cache.db of version {version}"), &of_fresh(&cache_file), &cache);
        assert_same(&format!("server.db of version {version}"), &of_fresh(&stage.database()), &server);
    }
}

#[test]
fn released_migrations_stay_as_they_are() {
    for (path, sum) in RELEASED {
        let text = fs::read(root().join(path)).unwrap();
        let found: String = Sha256::digest(&text).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(
            &found, sum,
            "{path} was released: files in the field have gone through it as it was. Write a new migration instead"
        );
    }
}
