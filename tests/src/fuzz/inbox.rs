//! What stands in the inbox when a client starts: a notification extension may be of another version, or be killed.

use std::path::Path;
use std::time::Duration;

use prost::Message as _;
use whinchat_core::simulation::Dial;
use whinchat_core::{Client, ConnectionState, inbox};
use whinchat_proto::wire::{self, push, server_frame};

use super::client::{calls, own_file};
use super::targets::{folder, signature};
use super::{corpus, mutate};
use crate::account::APP_ID;
use crate::dice::Dice;
use crate::simulation::actor::Actor;
use crate::simulation::clock;

/// Longer than the client waits for anything, by its own clock.
const PATIENCE: Duration = Duration::from_secs(60);
const FILES: u64 = 6;

/// A start without a network over an inbox of strange files, and another one over what that has left.
pub(super) fn starts(dice: &mut Dice) {
    let folder = folder();
    let actor = Actor::new(0);
    actor.now(clock::BEGINNING_MS, async {
        let (_, user_folder) = own_file(folder.path());
        for _ in 0..2 {
            fill(dice, folder.path(), &user_folder.join("inbox"));
            start(folder.path()).await;
            assert!(waiting(&user_folder.join("inbox")).is_empty(), "what was taken in is still there");
        }
    });
    clock::set_wall_ms(0);
}

fn pushes() -> Vec<Vec<u8>> {
    let entry = |frame: wire::ServerFrame| match frame.body {
        Some(server_frame::Body::Push(wire::Push { body: Some(push::Body::Entry(entry)), .. })) => {
            Some(entry.encode_to_vec())
        }
        _ => None,
    };
    corpus::server_frames(1).into_iter().filter_map(entry).collect()
}

fn fill(dice: &mut Dice, data: &Path, inbox_folder: &Path) {
    let pushes = pushes();
    for number in 0..1 + dice.below(FILES) {
        let push = dice.pick(&pushes).expect("a corpus").clone();
        let push = if dice.chance(70) { mutate::protobuf(dice, &push) } else { push };
        if let Err(error) = inbox::put(data, APP_ID, "alice", &push) {
            assert!(error.code != 0 && !error.message.is_empty(), "{error:?}");
            continue;
        }
        if dice.chance(50) {
            // As it would be of another version, or after a crash.
            let file = waiting(inbox_folder).pop().expect("what was put");
            let written = std::fs::read(&file).expect("it can be read");
            let changed = mutate::bytes(dice, &written, &push);
            std::fs::write(inbox_folder.join(format!("{number}.msg")), changed).expect("a file");
        }
    }
}

async fn start(data: &Path) {
    let dial = Dial::new(|| Err(std::io::ErrorKind::ConnectionRefused.into()));
    let client = Client::builder()
        .server("ws://fuzz")
        .app_id(APP_ID)
        .data_dir(data)
        .simulated(dial)
        .build()
        .expect("the client builds");
    let mut events = client.events();
    let listener = tokio::spawn(async move { while events.next().await.is_some() {} });
    let login = tokio::spawn({
        let client = client.clone();
        async move { client.login("alice", signature("alice")).await }
    });
    // The attempt to connect comes after the files are open. The login itself goes on for as long as there is no network.
    while !matches!(client.connection(), ConnectionState::Waiting { .. }) {
        assert!(!login.is_finished(), "the files could not be opened");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    tokio::time::timeout(PATIENCE, calls(&client)).await.expect("calls end");
    tokio::time::timeout(PATIENCE, client.close()).await.expect("closing ends");
    login.abort();
    listener.abort();
}

fn waiting(inbox_folder: &Path) -> Vec<std::path::PathBuf> {
    let Ok(entries) = std::fs::read_dir(inbox_folder) else { return Vec::new() };
    let paths = entries.map(|entry| entry.expect("a readable folder").path());
    paths.filter(|path| path.extension().is_some_and(|extension| extension == "msg")).collect()
}
