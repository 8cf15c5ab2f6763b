//! The app ends and starts again, on the same folder.
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout)]

use std::time::Duration;

use whinchat_cli::fault::FaultProxy;
use whinchat_core::{Client, Event, History, MessageState, Platform};
use whinchat_tests::account::{APP_ID, user_sig};
use whinchat_tests::device::{Device, conversation};
use whinchat_tests::stage::Stage;
use whinchat_tests::wait::eventually;

#[tokio::test]
async fn what_waits_survives_a_restart_and_goes_out_in_order() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;
    alice.say("c2c_bob", "before").await;
    alice.proxy.offline();
    alice.offline().await;
    for text in ["one", "two", "three"] {
        alice.send("c2c_bob", text).await;
    }
    let alice = alice.restart().await;
    let login = tokio::spawn({
        let client = alice.client.clone();
        async move { client.login("alice", &user_sig("alice")).await }
    });
    // Without a network everything that was there is shown.
    eventually("the local session is open", async || alice.client.user()).await;
    alice.shows("c2c_bob", &["before", "one", "two", "three"]).await;
    let waiting: Vec<_> = alice.history("c2c_bob").await.into_iter().map(|message| message.state).collect();
    let pending = MessageState::Pending;
    assert_eq!(waiting, [MessageState::Sent, pending.clone(), pending.clone(), pending]);
    alice.send("c2c_bob", "four").await;
    assert!(!login.is_finished());

    alice.proxy.restore();
    login.await.unwrap().unwrap();
    bob.shows("c2c_alice", &["before", "one", "two", "three", "four"]).await;
    alice
        .told("the fate of what an earlier process sent", |event| {
            let settled = |message: &whinchat_core::Message| {
                message.text() == Some("two") && message.state == MessageState::Sent && message.seq == 3
            };
            matches!(event, Event::MessageChanged(message) if settled(message)).then_some(())
        })
        .await;
}

#[tokio::test]
async fn what_came_while_the_app_was_closed_is_announced_once() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;
    alice.say("c2c_bob", "one").await;
    bob.told("the first", |event| matches!(event, Event::MessageReceived(_)).then_some(())).await;
    let bob = bob.restart().await;
    alice.say("c2c_bob", "two").await;
    alice.say("c2c_bob", "three").await;
    bob.log_in().await;
    bob.shows("c2c_alice", &["one", "two", "three"]).await;
    bob.told("the last", |event| {
        matches!(event, Event::MessageReceived(message) if message.text() == Some("three")).then_some(())
    })
    .await;
    bob.announces("c2c_alice", &["two", "three"]).await;
}

#[tokio::test]
async fn after_logout_nothing_comes_in_and_the_next_login_has_everything() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;
    alice.say("c2c_bob", "one").await;
    bob.shows("c2c_alice", &["one"]).await;
    bob.client.logout().await.unwrap();
    assert_eq!(bob.client.user(), None);
    let refused = bob.client.messages().send_text(&conversation("c2c_alice"), "x").await;
    assert_eq!(refused.map(drop).unwrap_err().code, 6014);
    alice.say("c2c_bob", "two").await;
    bob.log_in().await;
    bob.shows("c2c_alice", &["one", "two"]).await;
    bob.has_unread("c2c_alice", 2).await;
}

#[tokio::test]
async fn two_accounts_share_a_device_and_nothing_else() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let device = stage.device_on("bob", Platform::Android).await;
    alice.say("c2c_bob", "for bob").await;
    device.shows("c2c_alice", &["for bob"]).await;

    device.client.logout().await.unwrap();
    device.client.login("carol", &user_sig("carol")).await.unwrap();
    assert_eq!(device.client.user().unwrap().as_str(), "carol");
    assert!(device.client.conversations().list(None, 10).await.unwrap().items.is_empty());
    alice.say("c2c_carol", "for carol").await;
    device.shows("c2c_alice", &["for carol"]).await;
    alice.say("c2c_bob", "for bob again").await;

    device.client.logout().await.unwrap();
    device.client.login("bob", &user_sig("bob")).await.unwrap();
    device.shows("c2c_alice", &["for bob", "for bob again"]).await;
}

#[tokio::test]
async fn a_folder_belongs_to_one_process() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let second = Client::builder()
        .server(format!("ws://{}", stage.addr()))
        .app_id(APP_ID)
        .data_dir(alice.folder())
        .build();
    let refused = match second {
        Err(error) => error,
        Ok(client) => client.login("alice", &user_sig("alice")).await.unwrap_err(),
    };
    assert_eq!(refused.code, 6005, "{refused}");
    // The first one goes on.
    let bob = stage.device("bob").await;
    alice.say("c2c_bob", "still here").await;
    bob.shows("c2c_alice", &["still here"]).await;
}

#[tokio::test]
async fn what_came_to_a_device_that_had_nothing_yet_is_announced() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await.restart().await;
    alice.say("c2c_bob", "your first").await;
    bob.log_in().await;
    bob.shows("c2c_alice", &["your first"]).await;
    bob.told("the first message ever", |event| {
        matches!(event, Event::MessageReceived(message) if message.text() == Some("your first")).then_some(())
    })
    .await;
}

// The listener has to be able to run while the login does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_app_had_not_taken_is_told_to_the_next_one_however_eager_it_is() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let folder = stage.folder().join("eager");
    let open = || Device::builder(&folder, Platform::Desktop, stage.addr()).build().unwrap();
    for round in 0..30 {
        // This app listens and takes nothing.
        let client = open();
        let idle = client.events();
        client.login("bob", user_sig("bob")).await.unwrap();
        let text = format!("message {round}");
        alice.say("c2c_bob", &text).await;
        eventually("it is stored", async || {
            let newest =
                client.messages().history(&conversation("c2c_alice"), History::newest(1)).await.unwrap();
            (newest.messages.first()?.text() == Some(text.as_str())).then_some(())
        })
        .await;
        client.close().await;
        drop(idle);
        // The next one waits for events before it logs in.
        let client = open();
        let mut events = client.events();
        let told = tokio::spawn(async move {
            while let Some(event) = events.next().await {
                if matches!(&event, Event::MessageReceived(message) if message.text() == Some(text.as_str()))
                {
                    // Coming back for more says that it was taken.
                    let _ = tokio::time::timeout(Duration::from_millis(1), events.next()).await;
                    return true;
                }
            }
            false
        });
        client.login("bob", user_sig("bob")).await.unwrap();
        let told = tokio::time::timeout(Duration::from_secs(10), told).await;
        assert!(told.is_ok_and(|told| told.unwrap()), "round {round}: never told");
        client.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_while_an_app_closes_is_told_to_the_next_one() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let folder = stage.folder().join("closing");
    // On a slow line the farewell takes its time, and messages go on arriving behind it.
    let line = FaultProxy::start(stage.addr()).await.unwrap();
    line.delay(Duration::from_millis(20), Duration::ZERO);
    let mut told: Vec<String> = Vec::new();
    let mut sent: Vec<String> = Vec::new();
    for round in 0..15 {
        let client = Device::builder(&folder, Platform::Desktop, line.addr()).build().unwrap();
        let mut events = client.events();
        let listener = tokio::spawn(async move {
            let mut texts = Vec::new();
            while let Some(event) = events.next().await {
                if let Event::MessageReceived(message) = event {
                    texts.extend(message.text().map(str::to_owned));
                }
            }
            texts
        });
        client.login("bob", user_sig("bob")).await.unwrap();
        if round < 14 {
            let texts: Vec<String> = (0..10).map(|n| format!("{round}.{n}")).collect();
            let talk = async {
                for text in &texts {
                    alice.say("c2c_bob", text).await;
                }
            };
            let close = async {
                tokio::task::yield_now().await;
                client.close().await;
            };
            tokio::join!(talk, close);
            sent.extend(texts);
        } else {
            let last = sent.last().cloned().unwrap();
            eventually("everything is stored", async || {
                let newest =
                    client.messages().history(&conversation("c2c_alice"), History::newest(1)).await.unwrap();
                (newest.messages.first()?.text() == Some(last.as_str())).then_some(())
            })
            .await;
            client.conversations().mark_read(&conversation("c2c_alice")).await.unwrap();
            client.close().await;
        }
        told.extend(listener.await.unwrap());
    }
    told.sort();
    told.dedup();
    sent.sort();
    // The last app may have been closed before it was told everything; what it was told has no holes below.
    let missing: Vec<&String> =
        sent.iter().filter(|text| !told.contains(text) && !text.starts_with("13.")).collect();
    assert!(missing.is_empty(), "never told: {missing:?}");
}
