//! Bad input while others work, from two devices at once, during pause, during the first sync, and while the server drains.
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use bytes::Bytes;
use tokio::task::JoinSet;
use whinchat_core::{History, NewGroup, NewMessage, Platform};
use whinchat_proto::error::ErrorCode;
use whinchat_proto::wire;
use whinchat_proto::wire::request::Body as Ask;
use whinchat_tests::device::{Device, conversation};
use whinchat_tests::dice::Dice;
use whinchat_tests::rude::{Rude, bent, text, unique, with};
use whinchat_tests::stage::Stage;

/// Messages that each neighbour sends while others misbehave.
const LOAD: usize = 150;

/// Misbehaves until it is told to stop, in every way there is, one after another.
struct Mob {
    tasks: JoinSet<()>,
    stop: Arc<AtomicBool>,
    deeds: Arc<AtomicU32>,
}

impl Mob {
    /// So many at once. They log in as mallory, on two kinds of devices, or not at all.
    fn start(address: SocketAddr, many: u64) -> Self {
        let (stop, deeds) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(0)));
        let mut tasks = JoinSet::new();
        for seed in 0..many {
            let (stop, deeds) = (Arc::clone(&stop), Arc::clone(&deeds));
            tasks.spawn(async move {
                let mut dice = Dice::new(seed);
                while !stop.load(Ordering::SeqCst) {
                    misbehave(address, &mut dice).await;
                    deeds.fetch_add(1, Ordering::SeqCst);
                    // They share a runtime with those who behave.
                    tokio::task::yield_now().await;
                }
            });
        }
        Self { tasks, stop, deeds }
    }

    async fn end(mut self) -> u32 {
        self.stop.store(true, Ordering::SeqCst);
        while let Some(done) = self.tasks.join_next().await {
            done.unwrap();
        }
        self.deeds.load(Ordering::SeqCst)
    }
}

async fn misbehave(address: SocketAddr, dice: &mut Dice) {
    let platform = if dice.chance(50) { wire::Platform::Desktop } else { wire::Platform::Android };
    let connected = if dice.chance(70) {
        Rude::log_in(address, "mallory", platform).await
    } else {
        Rude::connect(address).await
    };
    // The server may be draining, or mallory's other connection may have displaced this one at once.
    let Ok(mut rude) = connected else { return };
    match dice.below(6) {
        0 => rude.bytes(vec![0xff; 40]).await,
        1 => rude.bytes(vec![0; 200 * 1_024]).await,
        2 => {
            for _ in 0..20 {
                rude.bytes(bent(dice, "mallory2")).await;
            }
        }
        // More than the server lets one ask, and nothing is read.
        3 => {
            for _ in 0..400 {
                rude.ask(unique(), Ask::GetChanges(wire::GetChanges::default())).await;
            }
        }
        // The same id for everything.
        4 => {
            let id = unique();
            for n in 0..20 {
                rude.ask(id.clone(), text("mallory2", id.clone(), &format!("content {n}"))).await;
            }
        }
        _ => {
            for wrong in ["", "nobody", "b\u{f6}b", &"x".repeat(500)] {
                let mark = wire::MarkRead { conversation: Some(with(wrong)), epoch: 9, seq: u64::MAX };
                rude.ask(unique(), Ask::MarkRead(mark)).await;
                rude.ask(Bytes::new(), text(wrong, unique(), "?")).await;
            }
        }
    }
    // Reads a little, or leaves at once; the rest is never heard.
    for _ in 0..dice.below(3) {
        if rude.code().await.is_none() {
            return;
        }
    }
}

fn texts(word: &str, count: usize) -> Vec<String> {
    (0..count).map(|n| format!("{word} {n}")).collect()
}

/// Sends them one after another, a few under way at once, and waits until all are stored.
async fn say_all(device: &Device, to: &str, texts: &[String]) {
    let mut handles = Vec::new();
    for text in texts {
        handles.push(device.send(to, text).await);
        tokio::task::yield_now().await;
    }
    for handle in handles {
        handle.settled().await.unwrap();
    }
}

async fn shows_all(device: &Device, id: &str, texts: &[String]) {
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    device.shows(id, &texts).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn neighbours_of_a_mob_are_not_disturbed() {
    let stage = Stage::new().await;
    let (alice, bob) = (stage.device("alice").await, stage.device("bob").await);
    let phone = stage.device_on("bob", Platform::Android).await;
    for user in ["mallory", "mallory2"] {
        stage.device(user).await.client.close().await;
    }
    let mob = Mob::start(stage.addr(), 4);
    let (of_alice, of_bob) = (texts("alice says", LOAD), texts("bob says", LOAD));
    tokio::join!(say_all(&alice, "c2c_bob", &of_alice), say_all(&bob, "c2c_alice", &of_bob));
    let deeds = mob.end().await;
    assert!(deeds >= 20, "the mob has to have been there: {deeds}");

    bob.announces("c2c_alice", &of_alice).await;
    alice.announces("c2c_bob", &of_bob).await;
    let shown = alice.texts("c2c_bob").await;
    assert_eq!(shown.len(), 2 * LOAD);
    let shown: Vec<&str> = shown.iter().map(String::as_str).collect();
    bob.shows("c2c_alice", &shown).await;
    phone.shows("c2c_alice", &shown).await;
    // Nobody was thrown out on account of mallory.
    for device in [&alice, &bob, &phone] {
        assert_eq!(device.client.connection(), whinchat_core::ConnectionState::Connected);
        let connects = device
            .events()
            .iter()
            .filter(|event| {
                matches!(
                    event,
                    whinchat_core::Event::ConnectionChanged(whinchat_core::ConnectionState::Connected)
                )
            })
            .count();
        assert_eq!(connects, 1, "{} had to reconnect", device.user);
    }
    let mallory = stage.device("mallory").await;
    mallory.say("c2c_alice", "I behave now").await;
    alice.shows("c2c_mallory", &["I behave now"]).await;
}

#[tokio::test]
async fn one_id_with_two_contents_from_two_devices_at_once_is_one_message() {
    let stage = Stage::new().await;
    let bob = stage.device("bob").await;
    let mut one = Rude::log_in(stage.addr(), "alice", wire::Platform::Desktop).await.unwrap();
    let mut other = Rude::log_in(stage.addr(), "alice", wire::Platform::Android).await.unwrap();
    let mut rounds = 0;
    for n in 0..60 {
        let id = unique();
        let ask = |who: &str| text("bob", id.clone(), &format!("{n} from the {who}"));
        tokio::join!(one.ask(unique(), ask("desktop")), other.ask(unique(), ask("phone")));
        let (first, second) = tokio::join!(one.code(), other.code());
        let mut codes = [first.unwrap(), second.unwrap()];
        codes.sort_unstable();
        assert_eq!(codes, [0, ErrorCode::MessageIdReused.number()], "round {n}");
        rounds += 1;
    }
    let told = whinchat_tests::wait::eventually("all of them", async || {
        let told = bob.announced("c2c_alice");
        (told.len() == rounds).then_some(told)
    })
    .await;
    for (n, text) in told.iter().enumerate() {
        assert!(text.starts_with(&format!("{n} from the ")), "{text} at {n}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bad_input_during_the_first_sync_leaves_it_whole() {
    let stage = Stage::new().await;
    for user in ["mallory", "mallory2"] {
        stage.device(user).await.client.close().await;
    }
    drop(stage.device("bob").await);
    let alice = stage.device("alice").await;
    let history = texts("long ago", 400);
    say_all(&alice, "c2c_bob", &history).await;

    let mob = Mob::start(stage.addr(), 2);
    let bob = stage.device_not_logged_in("bob", Platform::Tablet).await;
    let client = bob.client.clone();
    let bad_calls = async {
        let mut codes = Vec::new();
        let messages = client.messages();
        for round in 0..40 {
            let empty = messages.send(&conversation("c2c_alice"), NewMessage::text("")).await;
            let large = "x".repeat(40_000);
            let large = messages.send(&conversation("c2c_alice"), NewMessage::text(large)).await;
            let myself = messages.send_text(&conversation("c2c_bob"), "me").await;
            let group = client.groups().create(NewGroup { name: String::new(), ..NewGroup::default() }).await;
            let results = [empty.err(), large.err(), myself.err(), group.err()];
            codes.extend(results.into_iter().map(|error| (round, error.expect("refused").code)));
            let absent = conversation("c2c_nobody");
            drop(messages.history(&absent, History::newest(20)).await);
            drop(client.conversations().mark_read(&absent).await);
            tokio::task::yield_now().await;
        }
        codes
    };
    let (_, codes) = tokio::join!(bob.log_in(), bad_calls);
    let known = [
        ErrorCode::BadPacket,
        ErrorCode::BadParameter,
        ErrorCode::MessageTooLarge,
        ErrorCode::ReceiverInvalid,
        ErrorCode::GroupNameInvalid,
        ErrorCode::NotLoggedIn,
        ErrorCode::Disconnected,
    ];
    for (round, code) in codes {
        assert!(known.iter().any(|known| known.number() == code), "{code} in round {round}");
    }
    shows_all(&bob, "c2c_alice", &history).await;
    assert!(mob.end().await > 0);
    bob.say("c2c_alice", "now").await;
    alice.announces("c2c_bob", &["now"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_paused_client_refuses_bad_and_good_input_alike_and_wakes_unharmed() {
    let stage = Stage::new().await;
    for user in ["mallory", "mallory2"] {
        stage.device(user).await.client.close().await;
    }
    let (alice, bob) = (stage.device("alice").await, stage.device("bob").await);
    alice.say("c2c_bob", "before").await;
    bob.announces("c2c_alice", &["before"]).await;
    bob.client.pause().await.unwrap();
    let mob = Mob::start(stage.addr(), 2);
    let meanwhile = texts("meanwhile", 40);
    let bad_calls = async {
        let mut codes = Vec::new();
        for word in ["", "x"] {
            let sent = bob.client.messages().send_text(&conversation("c2c_alice"), word).await;
            let made = bob.client.groups().create(NewGroup::default()).await;
            let login = bob.client.login("b\u{f6}b", "?").await;
            codes.extend([sent.err(), made.err(), login.err()].map(|error| error.expect("refused").code));
        }
        codes
    };
    let (codes, ()) = tokio::join!(bad_calls, say_all(&alice, "c2c_bob", &meanwhile));
    let known = [ErrorCode::WrongState, ErrorCode::UserIdInvalid, ErrorCode::NotLoggedIn];
    for code in codes {
        assert!(known.iter().any(|known| known.number() == code), "{code}");
    }
    assert!(mob.end().await > 0);
    bob.client.resume().await.unwrap();
    let all = [&["before".to_owned()][..], &meanwhile].concat();
    bob.announces("c2c_alice", &all).await;
    shows_all(&bob, "c2c_alice", &all).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_drains_under_bad_input_loses_nothing() {
    let mut stage = Stage::new().await;
    let (alice, bob) = (stage.device("alice").await, stage.device("bob").await);
    for user in ["mallory", "mallory2"] {
        stage.device(user).await.client.close().await;
    }
    let mut all = Vec::new();
    for round in 0..3 {
        let mob = Mob::start(stage.addr(), 3);
        let words = texts(&format!("round {round},"), 60);
        let mut handles = Vec::new();
        for (n, text) in words.iter().enumerate() {
            handles.push(alice.send("c2c_bob", text).await);
            if n == 30 {
                // In the middle of it all.
                stage.stop_server().await;
            }
        }
        mob.end().await;
        stage.start_server(&[&alice, &bob]).await;
        for handle in handles {
            handle.settled().await.unwrap();
        }
        all.extend(words);
        // Whoever comes back is told of the newest hundred: with two rounds behind him it would not be all of them.
        bob.announces("c2c_alice", &all).await;
    }
    shows_all(&alice, "c2c_bob", &all).await;
}
