//! Groups whose messages move nobody's change log: three members are enough for one here.
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout)]

use std::sync::Arc;

use whinchat_core::{GroupId, GroupKind, NewGroup, Platform, UserId};
use whinchat_server::bus::{Bus, LocalBus};
use whinchat_tests::device::Device;
use whinchat_tests::lossy_bus::LossyBus;
use whinchat_tests::nodes::{Life, Nodes};
use whinchat_tests::stage::Stage;
use whinchat_tests::wait::eventually;

const TEAM: &str = "group_team";
/// So long that it does not happen while a test waits.
const NEVER_MS: u32 = 600_000;

fn users(names: &[&str]) -> Vec<UserId> {
    names.iter().map(|name| UserId::new(name).unwrap()).collect()
}

fn team() -> GroupId {
    GroupId::new("team").unwrap()
}

async fn create(owner: &Device, members: &[&str]) {
    let (id, members) = (Some(team()), users(members));
    let new = NewGroup { id, kind: GroupKind::Work, name: "The team".into(), members };
    owner.client.groups().create(new).await.unwrap();
}

async fn invite(device: &Device, names: &[&str]) {
    let invited = device.client.groups().invite(&team(), &users(names)).await.unwrap();
    assert!(invited.iter().all(|(_, outcome)| outcome.is_ok()), "{invited:?}");
}

/// Neither a ping nor a look at storage helps.
async fn only_pushes() -> Stage {
    let change = |config: &mut whinchat_server::ServerConfig| {
        config.large_group = 3;
        config.heartbeat_ms = NEVER_MS;
        config.sweep_ms = NEVER_MS.into();
    };
    Stage::with(change, None).await
}

async fn counts_members(device: &Device, count: u32) {
    eventually(&format!("{} sees {count} members", device.user), async || {
        let group = device.conversation(TEAM).await.group;
        (group.map(|group| group.member_count) == Some(count)).then_some(())
    })
    .await;
}

#[tokio::test]
async fn whoever_is_online_is_told_at_once_on_every_device() {
    let stage = only_pushes().await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;
    let phone = stage.device_on("bob", Platform::Android).await;
    let carol = stage.device("carol").await;
    create(&alice, &["bob", "carol"]).await;
    bob.shows(TEAM, &[]).await;
    let mut words = Vec::new();
    for n in 0..20 {
        let word = format!("word {n}");
        [&alice, &bob, &carol][n % 3].say(TEAM, &word).await;
        words.push(word);
    }
    let all: Vec<&str> = words.iter().map(String::as_str).collect();
    for device in [&alice, &bob, &phone, &carol] {
        device.shows(TEAM, &all).await;
    }
    // Each is told of the others' messages, once.
    alice.announces(TEAM, &(0..20).filter(|n| n % 3 != 0).map(|n| &words[n]).collect::<Vec<_>>()).await;
    phone.has_unread(TEAM, 13).await;
    bob.reads(TEAM).await;
    phone.has_unread(TEAM, 0).await;
}

#[tokio::test]
async fn members_come_and_go_and_everybody_sees_it() {
    let stage = only_pushes().await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;
    let carol = stage.device("carol").await;
    let dave = stage.device("dave").await;
    create(&alice, &["bob"]).await;
    alice.say(TEAM, "small").await;
    // With carol it is large, and stays so.
    invite(&bob, &["carol"]).await;
    alice.say(TEAM, "with carol").await;
    for device in [&alice, &bob, &carol] {
        counts_members(device, 3).await;
    }
    invite(&carol, &["dave"]).await;
    bob.say(TEAM, "with dave").await;
    dave.shows(TEAM, &["with dave"]).await;
    carol.shows(TEAM, &["with carol", "with dave"]).await;
    alice.shows(TEAM, &["small", "with carol", "with dave"]).await;
    carol.client.groups().quit(&team()).await.unwrap();
    dave.client.groups().quit(&team()).await.unwrap();
    let refused = carol.send(TEAM, "a last word").await.settled().await.unwrap_err();
    assert_eq!(refused.code, 10007);
    alice.say(TEAM, "two again").await;
    bob.shows(TEAM, &["small", "with carol", "with dave", "two again"]).await;
    for device in [&alice, &bob] {
        counts_members(device, 2).await;
    }
    // What came after they left is not theirs; what carol could not say is.
    carol.shows(TEAM, &["with carol", "with dave", "a last word"]).await;
    dave.shows(TEAM, &["with dave"]).await;
}

#[tokio::test]
async fn who_was_away_is_told_what_he_missed_with_the_welcome() {
    let stage = only_pushes().await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;
    let phone = stage.device_on("bob", Platform::Android).await;
    let carol = stage.device("carol").await;
    create(&alice, &["bob", "carol"]).await;
    alice.say(TEAM, "one").await;
    for device in [&bob, &phone] {
        device.shows(TEAM, &["one"]).await;
    }
    phone.proxy.offline();
    phone.offline().await;
    alice.say(TEAM, "two").await;
    bob.shows(TEAM, &["one", "two"]).await;
    bob.reads(TEAM).await;
    eventually("the mark reaches the server", async || bob.client.is_drained().then_some(())).await;
    bob.proxy.offline();
    bob.offline().await;
    alice.say(TEAM, "three").await;
    carol.say(TEAM, "four").await;
    for device in [&phone, &bob] {
        device.proxy.restore();
        device.shows(TEAM, &["one", "two", "three", "four"]).await;
        device.has_unread(TEAM, 2).await;
    }
    phone.announces(TEAM, &["one", "two", "three", "four"]).await;
    // The app was ended while it was away; what it sent meanwhile is sent.
    bob.proxy.offline();
    bob.offline().await;
    let queued = bob.send(TEAM, "five").await;
    drop(queued);
    let bob = bob.restart().await;
    bob.proxy.restore();
    bob.log_in().await;
    for device in [&alice, &bob, &phone, &carol] {
        device.shows(TEAM, &["one", "two", "three", "four", "five"]).await;
    }
}

#[tokio::test]
async fn a_pong_shows_what_the_bus_has_lost() {
    let bus: Arc<dyn Bus> = Arc::new(LossyBus::new(Arc::new(LocalBus::default()), 100, 1));
    let change = |config: &mut whinchat_server::ServerConfig| {
        config.large_group = 3;
        config.sweep_ms = NEVER_MS.into();
    };
    let stage = Stage::with(change, Some(bus)).await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;
    let carol = stage.device("carol").await;
    create(&alice, &["bob", "carol"]).await;
    for n in 0..5 {
        alice.say(TEAM, &format!("word {n}")).await;
    }
    bob.announces(TEAM, &["word 0", "word 1", "word 2", "word 3", "word 4"]).await;
    carol.client.groups().quit(&team()).await.unwrap();
    for device in [&alice, &bob] {
        counts_members(device, 2).await;
    }
}

#[tokio::test]
async fn two_nodes_tell_each_others_members() {
    for life in [Life::Together, Life::TogetherAndDeaf, Life::Apart] {
        let mut nodes = Nodes::start_with(life, None, 3).await;
        let alice = nodes.device(0, "alice", Platform::Desktop).await;
        let bob = nodes.device(1, "bob", Platform::Desktop).await;
        let carol = nodes.device(1, "carol", Platform::Desktop).await;
        let dave = nodes.device(0, "dave", Platform::Desktop).await;
        create(&alice, &["bob", "carol"]).await;
        let mut words = Vec::new();
        for n in 0..12 {
            let word = format!("word {n}");
            [&alice, &bob][n % 2].say(TEAM, &word).await;
            words.push(word);
        }
        let all: Vec<&str> = words.iter().map(String::as_str).collect();
        for device in [&alice, &bob, &carol] {
            device.shows(TEAM, &all).await;
        }
        // The other node's picture of the membership is old now.
        invite(&bob, &["dave"]).await;
        alice.say(TEAM, "with dave").await;
        dave.shows(TEAM, &["with dave"]).await;
        carol.client.groups().quit(&team()).await.unwrap();
        alice.say(TEAM, "without carol").await;
        bob.shows(TEAM, &[&all[..], &["with dave", "without carol"]].concat()).await;
        carol.shows(TEAM, &[&all[..], &["with dave"]].concat()).await;
        for device in [&alice, &bob, &dave] {
            counts_members(device, 3).await;
        }
        nodes.stop().await;
    }
}

#[tokio::test]
async fn a_restored_server_is_followed_in_large_groups_too() {
    let mut stage = Stage::with(|config| config.large_group = 3, None).await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;
    let carol = stage.device("carol").await;
    create(&alice, &["bob", "carol"]).await;
    alice.say(TEAM, "kept").await;
    bob.shows(TEAM, &["kept"]).await;
    stage.stop_server().await;
    let copy = stage.copy_database();
    stage.start_server(&[&alice, &bob, &carol]).await;
    for device in [&alice, &bob, &carol] {
        device.online().await;
    }
    alice.say(TEAM, "lost and found").await;
    bob.say(TEAM, "so is this").await;
    carol.shows(TEAM, &["kept", "lost and found", "so is this"]).await;
    stage.stop_server().await;
    stage.restore_database(&copy);
    stage.start_server(&[&alice, &bob, &carol]).await;
    // Whoever had sent it sends it again.
    eventually("everybody has everything again", async || {
        let mut pictures = Vec::new();
        for device in [&alice, &bob, &carol] {
            let mut texts = device.texts(TEAM).await;
            let first = (!texts.is_empty()).then(|| texts.remove(0));
            texts.sort();
            pictures.push((first, texts));
        }
        let right = (Some("kept".to_owned()), vec!["lost and found".to_owned(), "so is this".to_owned()]);
        pictures.iter().all(|picture| *picture == right).then_some(())
    })
    .await;
}
