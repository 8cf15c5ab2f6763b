//! How a client comes back.
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout)]

use std::time::Duration;

use whinchat_core::{Backoff, ConnectionState, Event, Platform};
use whinchat_tests::account::{user_sig, user_sig_for};
use whinchat_tests::device::Device;
use whinchat_tests::stage::Stage;
use whinchat_tests::wait::eventually;

#[tokio::test]
async fn waits_grow_up_to_a_cap_and_stay_there_while_connections_fail() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    alice.proxy.offline();
    let waits = eventually("there were twelve attempts", async || {
        let waits: Vec<u64> = alice
            .events()
            .iter()
            .filter_map(|event| match event {
                Event::ConnectionChanged(ConnectionState::Waiting { retry_in_ms, .. }) => Some(*retry_in_ms),
                _ => None,
            })
            .collect();
        (waits.len() >= 12).then_some(waits)
    })
    .await;
    // The scenarios' clients start at 20 ms and are capped at 200.
    for (attempt, wait) in waits.iter().enumerate() {
        let limit = 200.min(20 << attempt.min(10));
        assert!(*wait <= limit, "attempt {attempt} waits {wait} ms, allowed are {limit}: {waits:?}");
    }
    assert!(waits.iter().any(|wait| *wait > 40), "they grow: {waits:?}");
    assert!(waits.windows(2).any(|pair| pair[0] != pair[1]), "they are spread: {waits:?}");
}

#[tokio::test]
async fn a_changed_network_is_tried_at_once() {
    let stage = Stage::new().await;
    let slow = Backoff { base: Duration::from_secs(3_600), cap: Duration::from_secs(3_600) };
    let proxy = whinchat_cli::fault::FaultProxy::start(stage.addr()).await.unwrap();
    let folder = stage.folder().join("patient");
    let client = Device::builder(&folder, Platform::Desktop, proxy.addr()).backoff(slow).build().unwrap();
    client.login("alice", &user_sig("alice")).await.unwrap();
    proxy.offline();
    eventually("it waits for an hour or so", async || {
        matches!(client.connection(), ConnectionState::Waiting { .. }).then_some(())
    })
    .await;
    proxy.restore();
    client.network_changed();
    eventually("it is back", async || (client.connection() == ConnectionState::Connected).then_some(()))
        .await;
    client.close().await;
}

#[tokio::test]
async fn each_bad_signature_is_refused_with_its_code_and_not_tried_again() {
    let stage = Stage::new().await;
    let alice = stage.device_not_logged_in("alice", Platform::Desktop).await;
    let refused = async |sig: &str| alice.client.login("alice", sig).await.unwrap_err().code;
    assert_eq!(refused(&user_sig_for("alice", -60)).await, 70001);
    assert_eq!(refused(&user_sig("bob")).await, 70013);
    assert_eq!(refused("").await, 70002);
    assert_eq!(refused("nonsense").await, 70003);
    let connections = alice.proxy.accepted();
    alice.log_in().await;
    assert_eq!(alice.proxy.accepted(), connections + 1, "a refused login is not repeated");
}
