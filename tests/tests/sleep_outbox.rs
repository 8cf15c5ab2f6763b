//! What waits in the outbox of a client that falls asleep.
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt as _, BufReader};
use whinchat_core::Platform;
use whinchat_proto::error::ErrorCode;
use whinchat_tests::account::user_sig;
use whinchat_tests::device::{Device, conversation};
use whinchat_tests::dice::Dice;
use whinchat_tests::power_loss::setting;
use whinchat_tests::stage::Stage;
use whinchat_tests::wait::eventually;

fn wrong_state() -> i32 {
    ErrorCode::WrongState.number()
}

fn texts(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("text {n}")).collect()
}

#[tokio::test]
async fn a_thousand_waiting_sends_sleep_along_and_go_out_in_order_afterwards() {
    let stage = Stage::new().await;
    let (alice, bob) = (stage.device("alice").await, stage.device("bob").await);
    alice.proxy.offline();
    alice.offline().await;
    let all = texts(1_000);
    let handles = alice.send_all("c2c_bob", &all).await;
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
    alice.send_all("c2c_bob", &all).await;
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
