//! History over gaps, both ways, with and without a network.
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout)]

use whinchat_core::{History, Message};
use whinchat_tests::device::conversation;
use whinchat_tests::stage::Stage;

const MISSED: u64 = 300;

fn seqs(messages: &[Message]) -> Vec<u64> {
    messages.iter().map(|message| message.seq).collect()
}

#[tokio::test]
async fn pages_reach_back_over_what_was_missed_and_forward_again() {
    let stage = Stage::new().await;
    let (_alice, bob) = stage.missed(MISSED).await;
    bob.proxy.restore();
    bob.has_unread("c2c_alice", MISSED + 1).await;

    let id = conversation("c2c_alice");
    let messages = bob.client.messages();
    let mut page = messages.history(&id, History::newest(40)).await.unwrap();
    assert_eq!(seqs(&page.messages), (MISSED - 38..=MISSED + 1).rev().collect::<Vec<_>>(), "newest first");
    let mut all = seqs(&page.messages);
    while let Some(oldest) = page.messages.last().map(|message| message.id.clone()) {
        page = messages.history(&id, History::older(&oldest, 40)).await.unwrap();
        all.extend(seqs(&page.messages));
    }
    assert_eq!(all, (1..=MISSED + 1).rev().collect::<Vec<_>>(), "no hole, nothing twice");

    let oldest = bob.history("c2c_alice").await.remove(0);
    let mut forward = vec![oldest.seq];
    let mut page = messages.history(&id, History::newer(&oldest.id, 70)).await.unwrap();
    while let Some(newest) = page.messages.last().map(|message| message.id.clone()) {
        forward.extend(seqs(&page.messages));
        page = messages.history(&id, History::newer(&newest, 70)).await.unwrap();
    }
    assert_eq!(forward, (1..=MISSED + 1).collect::<Vec<_>>(), "oldest first");
}

#[tokio::test]
async fn a_first_sync_keeps_the_newest_hundred_and_fetches_the_rest_when_asked() {
    let stage = Stage::new().await;
    let (_alice, bob) = stage.missed(MISSED).await;
    let texts: Vec<String> = (1..=MISSED + 1).map(|n| n.to_string()).collect();
    // Another device of bob's sees this conversation for the first time.
    let phone = stage.device_not_logged_in("bob", whinchat_core::Platform::Android).await;
    // So that it has not yet fetched everything when it goes offline.
    phone.proxy.throttle(20_000);
    phone.log_in().await;
    phone.has_unread("c2c_alice", MISSED + 1).await;
    phone.proxy.offline();
    phone.offline().await;
    let id = conversation("c2c_alice");
    let messages = phone.client.messages();
    let mut seen = Vec::new();
    let mut page = messages.history(&id, History::newest(60)).await.unwrap();
    let end = loop {
        seen.extend(seqs(&page.messages));
        match page.messages.last() {
            Some(oldest) if page.messages.len() == 60 => {
                page = messages.history(&id, History::older(&oldest.id.clone(), 60)).await.unwrap();
            }
            _ => break page,
        }
    };
    assert!(!end.complete, "offline, there may be more");
    let newest: Vec<u64> = (1..=MISSED + 1).rev().take(seen.len()).collect();
    assert_eq!(seen, newest, "a page never jumps over a hole");
    assert!(seen.len() >= 100, "{}", seen.len());

    phone.proxy.restore();
    phone.online().await;
    let all: Vec<&str> = texts.iter().map(String::as_str).collect();
    phone.shows("c2c_alice", &all).await;
    bob.proxy.restore();
    bob.shows("c2c_alice", &all).await;
}

#[tokio::test]
async fn what_was_read_once_is_there_without_a_network() {
    let stage = Stage::new().await;
    let (_alice, bob) = stage.missed(MISSED).await;
    bob.proxy.restore();
    bob.online().await;
    bob.has_unread("c2c_alice", MISSED + 1).await;
    let online = bob.texts("c2c_alice").await;
    assert_eq!(online.len() as u64, MISSED + 1);
    bob.proxy.offline();
    bob.offline().await;
    assert_eq!(bob.texts("c2c_alice").await, online);
}
