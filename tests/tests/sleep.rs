//! The app is about to be suspended: the client falls asleep, and wakes.
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::path::Path;
use std::time::{Duration, Instant};

use prost::Message as _;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use whinchat_core::{ConnectionState, Event, MessageState, NewGroup, Platform, SendHandle};
use whinchat_proto::error::ErrorCode;
use whinchat_proto::wire;
use whinchat_tests::account::{APP_ID, user_sig};
use whinchat_tests::device::{Device, conversation};
use whinchat_tests::dice::Dice;
use whinchat_tests::power_loss::setting;
use whinchat_tests::stage::Stage;
use whinchat_tests::wait::eventually;

/// Files of this process below `folder`.
fn open_files(folder: &Path) -> Vec<String> {
    let folder = folder.canonicalize().unwrap();
    let mut open = Vec::new();
    for file in std::fs::read_dir("/proc/self/fd").unwrap().flatten() {
        if let Ok(target) = std::fs::read_link(file.path())
            && target.starts_with(&folder)
        {
            open.push(target.display().to_string());
        }
    }
    open
}

fn code<T>(result: whinchat_core::Result<T>) -> i32 {
    result.err().map_or(0, |error| error.code)
}

fn wrong_state() -> i32 {
    ErrorCode::WrongState.number()
}

/// A login in a task of its own.
fn logging_in(device: &Device) -> tokio::task::JoinHandle<whinchat_core::Result<()>> {
    let (client, user) = (device.client.clone(), device.user.clone());
    tokio::spawn(async move { client.login(&user, &user_sig(&user)).await })
}

fn team() -> NewGroup {
    NewGroup { name: "team".into(), ..NewGroup::default() }
}

fn texts(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("text {n}")).collect()
}

async fn send_all(device: &Device, to: &str, texts: &[String]) -> Vec<SendHandle> {
    let mut handles = Vec::new();
    for text in texts {
        handles.push(device.send(to, text).await);
    }
    handles
}

#[tokio::test]
async fn asleep_it_holds_nothing_and_awake_it_goes_on_where_it_was() {
    let stage = Stage::new().await;
    let (alice, bob) = (stage.device("alice").await, stage.device("bob").await);
    alice.say("c2c_bob", "one").await;
    bob.announces("c2c_alice", &["one"]).await;
    assert!(!open_files(bob.folder()).is_empty());

    bob.client.pause().await.unwrap();
    assert_eq!(bob.client.connection(), ConnectionState::Paused);
    assert_eq!(open_files(bob.folder()), Vec::<String>::new());
    let left: Vec<_> =
        std::fs::read_dir(bob.user_folder()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().ends_with("-wal")), "checkpointed: {left:?}");
    alice.say("c2c_bob", "two").await;
    alice.say("c2c_bob", "three").await;

    bob.client.resume().await.unwrap();
    bob.announces("c2c_alice", &["one", "two", "three"]).await;
    bob.say("c2c_alice", "back").await;
    alice.announces("c2c_bob", &["back"]).await;
    let states: Vec<_> = bob
        .events()
        .into_iter()
        .filter_map(|event| match event {
            Event::ConnectionChanged(state) => Some(state),
            _ => None,
        })
        .collect();
    let (connecting, connected) = (ConnectionState::Connecting, ConnectionState::Connected);
    assert_eq!(
        states,
        [connecting.clone(), connected.clone(), ConnectionState::Paused, connecting, connected]
    );
}

#[tokio::test]
async fn the_session_goes_on_so_a_newer_device_is_not_displaced_by_waking() {
    let stage = Stage::new().await;
    let old = stage.device_on("alice", Platform::Android).await;
    old.client.pause().await.unwrap();
    let new = stage.device_on("alice", Platform::Android).await;
    old.client.resume().await.unwrap();
    let why = old
        .told("its displacement", |event| match event {
            Event::KickedOffline(error) => Some(error.code),
            _ => None,
        })
        .await;
    assert_eq!(why, ErrorCode::SessionDisplaced.number());
    assert_eq!(new.client.connection(), ConnectionState::Connected);
}

#[tokio::test]
async fn asleep_every_call_is_refused_but_those_that_end_it() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let bob = conversation("c2c_bob");
    let client = &alice.client;
    client.pause().await.unwrap();
    client.pause().await.unwrap();
    assert_eq!(client.user().unwrap().as_str(), "alice");
    assert!(client.is_drained());
    assert_eq!(code(client.messages().send_text(&bob, "no").await), wrong_state());
    assert_eq!(code(client.conversations().list(None, 20).await), wrong_state());
    assert_eq!(code(client.groups().create(team()).await), wrong_state());
    assert_eq!(code(client.login("alice", &user_sig("alice")).await), wrong_state());
    client.network_changed();
    client.resume().await.unwrap();
    client.resume().await.unwrap();
    alice.online().await;

    client.pause().await.unwrap();
    client.logout().await.unwrap();
    assert_eq!(client.connection(), ConnectionState::LoggedOut);
    assert_eq!(client.user(), None);
    assert_eq!(code(client.login("alice", &user_sig("alice")).await), wrong_state());
    client.resume().await.unwrap();
    assert_eq!(client.connection(), ConnectionState::LoggedOut);
    alice.log_in().await;

    client.logout().await.unwrap();
    client.pause().await.unwrap();
    assert_eq!(open_files(alice.folder()), Vec::<String>::new());
    client.resume().await.unwrap();
    alice.log_in().await;

    client.pause().await.unwrap();
    client.close().await;
    let gone = ErrorCode::NotInitialised.number();
    assert_eq!(code(client.resume().await), gone);
    assert_eq!(code(client.pause().await), gone);
    assert_eq!(code(client.conversations().list(None, 20).await), gone);
}

#[tokio::test]
async fn streams_end_when_a_sleeping_client_is_closed_or_dropped() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let folder = stage.folder().join("bob");
    for closes in [true, false] {
        let client = Device::builder(&folder, Platform::Desktop, stage.addr()).build().unwrap();
        let mut events = client.events();
        client.login("bob", &user_sig("bob")).await.unwrap();
        let handle = client.messages().send_text(&conversation("c2c_nobody"), "x").await.unwrap();
        assert!(handle.settled().await.is_err());
        // Queued for the stream, and not taken.
        alice.say("c2c_bob", "hello").await;
        eventually("bob has it", async || {
            let found = client.conversations().get(&conversation("c2c_alice")).await.unwrap();
            found.filter(|found| found.unread > 0).map(drop)
        })
        .await;
        client.pause().await.unwrap();
        let woken = tokio::spawn(async move { while events.next().await.is_some() {} });
        if closes {
            client.close().await;
        } else {
            drop(client);
        }
        tokio::time::timeout(Duration::from_secs(10), woken).await.expect("the stream ends").unwrap();
        assert_eq!(open_files(&folder), Vec::<String>::new());
    }
}

#[tokio::test]
async fn what_a_stream_had_not_taken_is_told_after_waking_once() {
    let stage = Stage::new().await;
    let (alice, bob) = (stage.device("alice").await, stage.device("bob").await);
    let mut slow = bob.client.events();
    let all = texts(80);
    for text in &all {
        alice.say("c2c_bob", text).await;
    }
    bob.announces("c2c_alice", &all).await;
    let mut taken = Vec::new();
    // In the middle of what was read at once for it.
    while taken.len() < 40 {
        taken.extend(text_of(&mut slow).await);
    }
    bob.client.pause().await.unwrap();
    // What was read for it before is given out; what has to be read waits.
    while let Ok(event) = tokio::time::timeout(Duration::from_millis(100), slow.next()).await {
        if let Event::MessageReceived(message) = event.unwrap() {
            taken.push(message.text().unwrap().to_owned());
        }
    }
    assert!(taken.len() < all.len());
    bob.client.resume().await.unwrap();
    alice.say("c2c_bob", "last").await;
    while taken.last().is_none_or(|text| text != "last") {
        taken.extend(text_of(&mut slow).await);
    }
    let mut expected = all;
    expected.push("last".to_owned());
    assert_eq!(taken, expected);
    bob.announces("c2c_alice", &expected).await;
}

#[tokio::test]
async fn after_a_logout_what_the_app_has_in_its_hand_is_not_told_again() {
    let stage = Stage::new().await;
    let (alice, bob) = (stage.device("alice").await, stage.device("bob").await);
    let mut events = bob.client.events();
    let all = texts(50);
    for text in &all {
        alice.say("c2c_bob", text).await;
    }
    bob.announces("c2c_alice", &all).await;
    let mut taken = Vec::new();
    for comes_back_first in [true, false] {
        let goal = taken.len() + 5;
        while taken.len() < goal {
            taken.extend(text_of(&mut events).await);
        }
        bob.client.logout().await.unwrap();
        if comes_back_first {
            // What was read for it is given out to its end.
            while let Ok(text) = tokio::time::timeout(Duration::from_millis(100), text_of(&mut events)).await
            {
                taken.extend(text);
            }
        }
        bob.log_in().await;
    }
    alice.say("c2c_bob", "last").await;
    while taken.last().is_none_or(|text| text != "last") {
        taken.extend(text_of(&mut events).await);
    }
    let mut expected = all;
    expected.push("last".to_owned());
    assert_eq!(taken, expected);
    // It was written down, too.
    let restarted = bob.restart().await;
    restarted.log_in().await;
    alice.say("c2c_bob", "after").await;
    eventually("the newest is told", async || {
        restarted.announced("c2c_alice").iter().any(|text| text == "after").then_some(())
    })
    .await;
    assert!(!restarted.announced("c2c_alice").contains(&"text 0".to_owned()));
}

async fn text_of(events: &mut whinchat_core::EventStream) -> Option<String> {
    match tokio::time::timeout(Duration::from_secs(10), events.next()).await.unwrap().unwrap() {
        Event::MessageReceived(message) => Some(message.text().unwrap().to_owned()),
        _ => None,
    }
}

#[tokio::test]
async fn a_thousand_waiting_sends_sleep_along_and_go_out_in_order_afterwards() {
    let stage = Stage::new().await;
    let (alice, bob) = (stage.device("alice").await, stage.device("bob").await);
    alice.proxy.offline();
    alice.offline().await;
    let all = texts(1_000);
    let handles = send_all(&alice, "c2c_bob", &all).await;
    let waits = tokio::spawn(async move {
        for handle in handles {
            handle.settled().await.unwrap();
        }
    });
    let began = Instant::now();
    alice.client.pause().await.unwrap();
    assert!(began.elapsed() < Duration::from_secs(3), "without a network nothing is waited for");
    assert!(!alice.client.is_drained());
    alice.proxy.restore();
    alice.client.resume().await.unwrap();
    waits.await.unwrap();
    bob.announces("c2c_alice", &all).await;
}

#[tokio::test]
async fn with_a_network_the_outbox_gets_out_before_the_client_sleeps() {
    let stage = Stage::new().await;
    let (alice, bob) = (stage.device("alice").await, stage.device("bob").await);
    alice.proxy.offline();
    alice.offline().await;
    // More than may be on the way at once.
    let all = texts(1_000);
    send_all(&alice, "c2c_bob", &all).await;
    alice.proxy.restore();
    alice.proxy.delay(Duration::from_millis(40), Duration::ZERO);
    alice.online().await;
    alice.client.pause().await.unwrap();
    assert!(alice.client.is_drained());
    bob.announces("c2c_alice", &all).await;
}

#[tokio::test]
async fn a_network_too_slow_for_the_outbox_does_not_keep_the_client_awake() {
    let stage = Stage::new().await;
    let bob = stage.device("bob").await;
    let proxy = whinchat_cli::fault::FaultProxy::start(stage.addr()).await.unwrap();
    let client = Device::builder(&stage.folder().join("alice"), Platform::Desktop, proxy.addr())
        .drain_time(Duration::from_millis(100))
        .request_timeout(Duration::from_secs(20))
        .build()
        .unwrap();
    client.login("alice", &user_sig("alice")).await.unwrap();
    proxy.throttle(0);
    let all = texts(50);
    let mut handles = Vec::new();
    for text in &all {
        handles.push(client.messages().send_text(&conversation("c2c_bob"), text).await.unwrap());
    }
    let began = Instant::now();
    client.pause().await.unwrap();
    assert!(began.elapsed() < Duration::from_secs(5));
    assert!(!client.is_drained());
    proxy.restore();
    client.resume().await.unwrap();
    for handle in &handles {
        handle.settled().await.unwrap();
    }
    bob.announces("c2c_alice", &all).await;
}

#[tokio::test]
async fn what_was_accepted_in_the_middle_of_falling_asleep_arrives_and_the_rest_does_not() {
    let stage = Stage::new().await;
    let (alice, bob) = (stage.device("alice").await, stage.device("bob").await);
    for round in 0..5 {
        let mut sending = tokio::task::JoinSet::new();
        for lane in 0..4 {
            let client = alice.client.clone();
            sending.spawn(async move {
                let mut accepted = Vec::new();
                for n in 0.. {
                    let text = format!("{round}.{lane}.{n}");
                    match client.messages().send_text(&conversation("c2c_bob"), &text).await {
                        Ok(_) => accepted.push(text),
                        Err(error) => {
                            let codes = [wrong_state(), ErrorCode::Interrupted.number()];
                            assert!(codes.contains(&error.code), "{error}");
                            break;
                        }
                    }
                }
                accepted
            });
        }
        eventually("some are on their way", async || {
            let found = alice.client.conversations().get(&conversation("c2c_bob")).await.unwrap();
            found.filter(|found| found.last_message.is_some()).map(drop)
        })
        .await;
        alice.client.pause().await.unwrap();
        let accepted: Vec<String> = sending.join_all().await.into_iter().flatten().collect();
        alice.client.resume().await.unwrap();
        eventually("everything has left", async || alice.client.is_drained().then_some(())).await;
        let prefix = format!("{round}.");
        let mine = |texts: Vec<String>| {
            let mut mine: Vec<String> = texts.into_iter().filter(|text| text.starts_with(&prefix)).collect();
            mine.sort();
            mine
        };
        let accepted = mine(accepted);
        eventually("bob has what was accepted", async || {
            (mine(bob.announced("c2c_alice")).len() >= accepted.len()).then_some(())
        })
        .await;
        assert_eq!(mine(bob.announced("c2c_alice")), accepted);
    }
}

#[tokio::test]
async fn a_login_goes_on_after_waking() {
    let stage = Stage::new().await;
    let alice = stage.device_not_logged_in("alice", Platform::Desktop).await;
    alice.proxy.half_open();
    let login = logging_in(&alice);
    eventually("it has begun", async || alice.client.user()).await;
    alice.client.pause().await.unwrap();
    assert!(!login.is_finished());
    alice.proxy.restore();
    alice.client.resume().await.unwrap();
    login.await.unwrap().unwrap();
    alice.online().await;
    assert!(
        !alice
            .events()
            .iter()
            .any(|event| matches!(event, Event::ConnectionChanged(ConnectionState::LoggedOut)))
    );
}

#[tokio::test]
async fn a_login_that_is_asleep_ends_with_a_logout() {
    let stage = Stage::new().await;
    let alice = stage.device_not_logged_in("alice", Platform::Desktop).await;
    alice.proxy.half_open();
    let login = logging_in(&alice);
    eventually("it has begun", async || alice.client.user()).await;
    alice.client.pause().await.unwrap();
    alice.client.logout().await.unwrap();
    assert_eq!(code(login.await.unwrap()), ErrorCode::LoggedOutDuringLogin.number());
    alice.proxy.restore();
    alice.client.resume().await.unwrap();
    alice.log_in().await;
}

#[tokio::test]
async fn a_first_sync_that_was_interrupted_by_sleep_is_finished_afterwards() {
    let stage = Stage::new().await;
    let phone = stage.device_on("bob", Platform::Ios).await;
    let mut expected = Vec::new();
    for sender in 0..12 {
        let name = format!("friend{sender}");
        let friend = stage.device(&name).await;
        let all: Vec<String> = (0..120).map(|n| format!("{name} {n} {}", "x".repeat(300))).collect();
        for handle in send_all(&friend, "c2c_bob", &all).await {
            handle.settled().await.unwrap();
        }
        expected.push((format!("c2c_{name}"), all));
    }
    phone.client.close().await;

    let desktop = stage.device_not_logged_in("bob", Platform::Desktop).await;
    desktop.proxy.throttle(1_000_000);
    let login = logging_in(&desktop);
    for _ in 0..6 {
        // Not a wait for anything: the moments at which it falls asleep shall differ.
        tokio::time::sleep(Duration::from_millis(40)).await;
        desktop.client.pause().await.unwrap();
        desktop.client.resume().await.unwrap();
    }
    desktop.proxy.restore();
    login.await.unwrap().unwrap();
    for (id, all) in &expected {
        assert_eq!(desktop.texts(id).await, *all);
        desktop.has_unread(id, 120).await;
    }
}

#[tokio::test]
async fn another_process_may_use_the_folder_meanwhile() {
    let stage = Stage::new().await;
    let (alice, bob) = (stage.device("alice").await, stage.device("bob").await);
    alice.client.pause().await.unwrap();
    let other = Device::builder(alice.folder(), Platform::Desktop, stage.addr()).build().unwrap();
    let error = alice.client.resume().await.unwrap_err();
    assert_eq!(error.code, ErrorCode::StoreUnreadable.number(), "{error}");
    assert_eq!(alice.client.connection(), ConnectionState::Paused);
    other.close().await;
    alice.client.resume().await.unwrap();
    alice.say("c2c_bob", "awake").await;
    bob.announces("c2c_alice", &["awake"]).await;
}

#[tokio::test]
async fn a_pause_whose_caller_went_away_is_finished() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    {
        let mut pause = std::pin::pin!(alice.client.pause());
        let _ = futures_util::poll!(pause.as_mut());
    }
    eventually("it sleeps", async || (alice.client.connection() == ConnectionState::Paused).then_some(()))
        .await;
    alice.client.resume().await.unwrap();
    alice.online().await;
}

#[tokio::test]
async fn calls_that_waited_for_the_server_end_and_handles_go_on() {
    let stage = Stage::new().await;
    let (alice, _bob) = (stage.device("alice").await, stage.device("bob").await);
    alice.proxy.throttle(0);
    let handle = alice.send("c2c_bob", "hello").await;
    let groups = alice.client.groups();
    let mut creating = std::pin::pin!(groups.create(team()));
    assert!(futures_util::poll!(creating.as_mut()).is_pending(), "it is on its way");
    alice.client.pause().await.unwrap();
    assert_eq!(code(creating.await), ErrorCode::Interrupted.number());
    alice.proxy.restore();
    alice.client.resume().await.unwrap();
    assert_eq!(handle.settled().await.unwrap().state, MessageState::Sent);
}

#[tokio::test]
async fn slow_killed_in_the_middle_of_falling_asleep_or_waking_it_loses_nothing() {
    let stage = Stage::new().await;
    let bob = stage.device("bob").await;
    let mut alice = stage.device("alice").await;
    let mut dice = Dice::new(setting("WHINCHAT_SLEEP_SEED", 5));
    let mut accepted = Vec::new();
    for round in 0..setting("WHINCHAT_SLEEP_ROUNDS", 12) {
        alice.client.close().await;
        let mut sender = tokio::process::Command::new(env!("CARGO_BIN_EXE_power_sender"))
            .args(["--word", &format!("r{round}"), "--count", "100000", "--nap", "3"])
            .args(["--server", &stage.addr().to_string(), "--data"])
            .arg(alice.folder())
            .stdout(std::process::Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(sender.stdout.take().unwrap()).lines();
        accepted.push(lines.next_line().await.unwrap().expect("the first is accepted"));
        // Not a wait for anything: the moment of the kill is what is random.
        tokio::time::sleep(dice.up_to(Duration::from_millis(120))).await;
        sender.kill().await.unwrap();
        while let Some(line) = lines.next_line().await.unwrap() {
            // The last one may be cut short.
            if line.ends_with('.') {
                accepted.push(line);
            }
        }
        alice = alice.restart().await;
        alice.log_in().await;
        eventually("everything has left", async || alice.client.is_drained().then_some(())).await;
    }
    let sent = alice.texts("c2c_bob").await;
    bob.announces("c2c_alice", &sent).await;
    for text in &accepted {
        assert_eq!(sent.iter().filter(|other| *other == text).count(), 1, "{text}");
    }
}

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
    let login = logging_in(&desktop);
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
