//! The app is about to be suspended: the client falls asleep, and wakes.
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::path::Path;
use std::time::Duration;

use whinchat_core::{ConnectionState, Event, MessageState, NewGroup, Platform};
use whinchat_proto::error::ErrorCode;
use whinchat_tests::account::user_sig;
use whinchat_tests::device::{Device, conversation};
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

fn team() -> NewGroup {
    NewGroup { name: "team".into(), ..NewGroup::default() }
}

fn texts(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("text {n}")).collect()
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
async fn a_login_goes_on_after_waking() {
    let stage = Stage::new().await;
    let alice = stage.device_not_logged_in("alice", Platform::Desktop).await;
    alice.proxy.half_open();
    let login = alice.logging_in();
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
    let login = alice.logging_in();
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
        for handle in friend.send_all("c2c_bob", &all).await {
            handle.settled().await.unwrap();
        }
        expected.push((format!("c2c_{name}"), all));
    }
    phone.client.close().await;

    let desktop = stage.device_not_logged_in("bob", Platform::Desktop).await;
    desktop.proxy.throttle(1_000_000);
    let login = desktop.logging_in();
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
