//! All devices of one user agree: marks, unread, messages, deletions, emptied conversations; and the other side is told how
//! far was read, and who is typing.
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout)]

use whinchat_cli::fault::Direction;
use whinchat_core::{Event, History, Message, MessageId, MessageState, Platform};
use whinchat_tests::device::{Device, conversation};
use whinchat_tests::stage::Stage;
use whinchat_tests::wait::eventually;

const ALL: [Platform; 3] = [Platform::Android, Platform::Ios, Platform::Desktop];

/// Three devices of alice, of three kinds.
async fn alices(stage: &Stage) -> Vec<Device> {
    let mut devices = Vec::new();
    for platform in ALL {
        devices.push(stage.device_on("alice", platform).await);
    }
    devices
}

async fn ids(device: &Device, id: &str, texts: &[&str]) -> Vec<MessageId> {
    let wanted = |message: &Message| message.text().is_some_and(|text| texts.contains(&text));
    device.history(id).await.into_iter().filter(wanted).map(|message| message.id).collect()
}

async fn delete(device: &Device, id: &str, texts: &[&str]) -> Vec<MessageId> {
    let ids = ids(device, id, texts).await;
    assert_eq!(ids.len(), texts.len(), "{} sees {:?}", device.user, device.texts(id).await);
    device.client.messages().delete(&conversation(id), &ids).await.unwrap();
    ids
}

async fn clear(device: &Device, id: &str) {
    device.client.conversations().clear_history(&conversation(id)).await.unwrap();
}

/// The ids that this device was told are deleted, as often as it was told.
fn told_deleted(device: &Device, id: &str) -> Vec<MessageId> {
    let of = conversation(id);
    let told = device.events().into_iter().filter_map(|event| match event {
        Event::MessagesDeleted { conversation, ids } if conversation == of => Some(ids),
        _ => None,
    });
    let mut told: Vec<MessageId> = told.flatten().collect();
    told.sort_unstable();
    told
}

async fn all_show(devices: &[Device], id: &str, texts: &[&str], unread: u64) {
    for device in devices {
        device.shows(id, texts).await;
        device.has_unread(id, unread).await;
        let last = device.conversation(id).await.last_message.and_then(|last| last.text().map(str::to_owned));
        assert_eq!(last.as_deref(), texts.last().copied());
    }
}

/// What a device's API says of everything: the list in its order, totals, every history.
async fn picture(device: &Device) -> Vec<String> {
    let list = device.client.conversations().list(None, 100).await.unwrap().items;
    let mut picture = vec![format!("{} unread", device.client.conversations().total_unread().await.unwrap())];
    for found in list {
        let id = found.id.to_string();
        picture.push(format!(
            "{id}: {} unread, read {}, peer {}",
            found.unread, found.read_seq, found.peer_read_seq
        ));
        for message in device.history(&id).await {
            let (seq, read, state) = (message.seq, message.is_read_by_peer, &message.state);
            picture.push(format!("  {seq} {} {:?} {read} {state:?}", message.sender, message.text()));
        }
    }
    picture
}

#[tokio::test]
async fn what_is_deleted_on_one_device_is_gone_on_all_and_on_no_one_elses() {
    let stage = Stage::new().await;
    let devices = alices(&stage).await;
    let bob = stage.device("bob").await;
    for n in 1..=6 {
        bob.say("c2c_alice", &format!("bob {n}")).await;
    }
    devices[0].say("c2c_bob", "mine").await;
    let all = ["bob 1", "bob 2", "bob 3", "bob 4", "bob 5", "bob 6", "mine"];
    all_show(&devices, "c2c_bob", &all, 6).await;

    // Here at once, and elsewhere when they hear of it; the last message and unread follow.
    let mut gone = delete(&devices[1], "c2c_bob", &["bob 2", "bob 6", "mine"]).await;
    assert_eq!(devices[1].texts("c2c_bob").await, ["bob 1", "bob 3", "bob 4", "bob 5"]);
    all_show(&devices, "c2c_bob", &["bob 1", "bob 3", "bob 4", "bob 5"], 4).await;
    gone.sort_unstable();
    for device in &devices {
        eventually("it is told of what went", async || {
            (told_deleted(device, "c2c_bob") == gone).then_some(())
        })
        .await;
        let found = device.client.messages().get(&gone[0]).await.unwrap();
        assert!(found.is_none());
    }
    bob.shows("c2c_alice", &all).await;

    // Twice is once; a page that begins at a deleted message goes on.
    devices[0].client.messages().delete(&conversation("c2c_bob"), &gone).await.unwrap();
    let from = ids(&bob, "c2c_alice", &["bob 6"]).await.remove(0);
    let page =
        devices[2].client.messages().history(&conversation("c2c_bob"), History::older(&from, 10)).await;
    let texts: Vec<_> = page.unwrap().messages.iter().map(|m| m.text().unwrap().to_owned()).collect();
    assert_eq!(texts, ["bob 5", "bob 4", "bob 3", "bob 1"]);

    // A device that knew nothing of all this.
    let fresh = stage.device_on("alice", Platform::Tablet).await;
    fresh.shows("c2c_bob", &["bob 1", "bob 3", "bob 4", "bob 5"]).await;
    fresh.has_unread("c2c_bob", 4).await;
    // Counted once more after everything has settled: nobody is told twice.
    bob.say("c2c_alice", "bob 7").await;
    all_show(&devices, "c2c_bob", &["bob 1", "bob 3", "bob 4", "bob 5", "bob 7"], 5).await;
    for device in &devices {
        assert_eq!(told_deleted(device, "c2c_bob"), gone);
    }
}

#[tokio::test]
async fn bad_deletions_are_refused_and_delete_nothing() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let _bob = stage.device("bob").await;
    let _carol = stage.device("carol").await;
    alice.say("c2c_bob", "to bob").await;
    alice.say("c2c_carol", "to carol").await;
    let to_bob = ids(&alice, "c2c_bob", &["to bob"]).await.remove(0);
    let to_carol = ids(&alice, "c2c_carol", &["to carol"]).await.remove(0);
    let unknown = MessageId::parse(&format!("{}-{}", "0".repeat(32), "0".repeat(16))).unwrap();
    let messages = alice.client.messages();
    for (ids, code) in [
        (vec![], 6017),
        (vec![to_bob.clone(); 51], 6017),
        (vec![to_bob.clone(), to_carol.clone()], 6017),
        (vec![to_bob.clone(), unknown], 7011),
    ] {
        let refused = messages.delete(&conversation("c2c_bob"), &ids).await.unwrap_err();
        assert_eq!(refused.code, code, "{refused}");
    }
    alice.shows("c2c_bob", &["to bob"]).await;
    // Named twice is no mistake; an unknown conversation is empty already.
    messages.delete(&conversation("c2c_bob"), &[to_bob.clone(), to_bob]).await.unwrap();
    alice.shows("c2c_bob", &[]).await;
    alice.client.conversations().clear_history(&conversation("c2c_nobody")).await.unwrap();
}

#[tokio::test]
async fn a_deletion_made_offline_holds_over_restarts_and_a_lost_cache_and_reaches_the_others() {
    let stage = Stage::new().await;
    let mut devices = alices(&stage).await;
    let bob = stage.device("bob").await;
    for n in 1..=5 {
        bob.say("c2c_alice", &format!("bob {n}")).await;
    }
    bob.say("c2c_alice", "cleared too").await;
    let carol = stage.device("carol").await;
    carol.say("c2c_alice", "carol 1").await;
    for device in &devices {
        device.has_unread("c2c_bob", 6).await;
        device.has_unread("c2c_carol", 1).await;
    }
    let phone = devices.remove(0);
    phone.proxy.offline();
    phone.offline().await;
    delete(&phone, "c2c_bob", &["bob 2", "bob 4"]).await;
    clear(&phone, "c2c_carol").await;
    // What comes after is not swallowed by the late replay.
    carol.say("c2c_alice", "carol 2").await;
    phone.shows("c2c_bob", &["bob 1", "bob 3", "bob 5", "cleared too"]).await;
    phone.shows("c2c_carol", &[]).await;
    phone.has_unread("c2c_carol", 0).await;
    all_show(&devices, "c2c_carol", &["carol 1", "carol 2"], 2).await;

    // The process ends, and its cache is lost with it: what waits is in the other file.
    let cache = phone.user_folder().join("cache.db");
    let phone = phone
        .restart_after(|| {
            for suffix in ["", "-wal", "-shm"] {
                let mut file = cache.clone().into_os_string();
                file.push(suffix);
                let _ = std::fs::remove_file(file);
            }
        })
        .await;
    phone.proxy.restore();
    phone.log_in().await;
    phone.online().await;
    devices.push(phone);
    all_show(&devices, "c2c_bob", &["bob 1", "bob 3", "bob 5", "cleared too"], 4).await;
    // Not even for a moment did they come back: what comes back has to be deleted once more.
    assert_eq!(told_deleted(&devices[2], "c2c_bob"), []);
    all_show(&devices, "c2c_carol", &["carol 2"], 1).await;
    bob.shows("c2c_alice", &["bob 1", "bob 2", "bob 3", "bob 4", "bob 5", "cleared too"]).await;
}

#[tokio::test]
async fn an_emptied_conversation_is_empty_everywhere_and_stays_in_the_list() {
    let stage = Stage::new().await;
    let devices = alices(&stage).await;
    let (bob, carol) = (stage.device("bob").await, stage.device("carol").await);
    for n in 1..=130 {
        bob.send("c2c_alice", &format!("bob {n}")).await;
    }
    bob.say("c2c_alice", "bob 131").await;
    carol.say("c2c_alice", "carol").await;
    bob.say("c2c_alice", "last").await;
    for device in &devices {
        device.has_unread("c2c_bob", 132).await;
        device.has_unread("c2c_carol", 1).await;
    }
    clear(&devices[2], "c2c_bob").await;
    assert_eq!(devices[2].texts("c2c_bob").await.len(), 0);
    for device in &devices {
        device.shows("c2c_bob", &[]).await;
        device.has_unread("c2c_bob", 0).await;
        let found = device.conversation("c2c_bob").await;
        assert!(found.last_message.is_none() && found.active_ms > 0, "{found:?}");
        // It keeps its place: before carol's, whose message is older.
        let list = device.client.conversations().list(None, 10).await.unwrap().items;
        let order: Vec<String> = list.iter().map(|found| found.id.to_string()).collect();
        assert_eq!(order, ["c2c_bob", "c2c_carol"]);
        assert_eq!(told_deleted(device, "c2c_bob"), []);
    }
    // Emptying is not reading.
    assert_eq!(bob.conversation("c2c_alice").await.peer_read_seq, 0);
    assert_eq!(bob.texts("c2c_alice").await.len(), 132);
    bob.say("c2c_alice", "a new beginning").await;
    all_show(&devices, "c2c_bob", &["a new beginning"], 1).await;
    let fresh = stage.device_on("alice", Platform::Tablet).await;
    fresh.shows("c2c_bob", &["a new beginning"]).await;
}

#[tokio::test]
async fn unsent_messages_are_taken_back_by_deleting_them() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;
    alice.say("c2c_bob", "sent").await;
    alice.proxy.offline();
    alice.offline().await;
    let never = alice.send("c2c_bob", "never left").await;
    alice.send("c2c_bob", "kept").await;
    alice.shows("c2c_bob", &["sent", "never left", "kept"]).await;
    delete(&alice, "c2c_bob", &["never left", "sent"]).await;
    assert_eq!(never.settled().await.unwrap_err().code, 7011, "nothing is known of it any more");
    alice.shows("c2c_bob", &["kept"]).await;
    eventually("both are told", async || (told_deleted(&alice, "c2c_bob").len() == 2).then_some(())).await;
    assert!(told_deleted(&alice, "c2c_bob").contains(never.id()));
    alice.proxy.restore();
    bob.shows("c2c_alice", &["sent", "kept"]).await;
    alice.shows("c2c_bob", &["kept"]).await;

    // In doubt: the server has it, and the connection is cut before it could say so. Deleted, it does not come back with
    // the next sync, and the other side keeps it.
    alice.proxy.swallow(Direction::Down);
    let doubtful = alice.send("c2c_bob", "in doubt").await;
    bob.shows("c2c_alice", &["sent", "kept", "in doubt"]).await;
    let found = alice.client.messages().get(doubtful.id()).await.unwrap().unwrap();
    assert_eq!(found.state, MessageState::Pending);
    delete(&alice, "c2c_bob", &["in doubt"]).await;
    alice.shows("c2c_bob", &["kept"]).await;
    alice.proxy.cut();
    alice.proxy.restore();
    eventually("nothing is left to do", async || alice.client.is_drained().then_some(())).await;
    alice.say("c2c_bob", "after").await;
    alice.shows("c2c_bob", &["kept", "after"]).await;
    let fresh = stage.device_on("alice", Platform::Android).await;
    fresh.shows("c2c_bob", &["kept", "after"]).await;

    // Failed ones go with what is emptied; what waits is sent.
    let failing = alice.send("c2c_nobody", "to nobody").await;
    assert!(failing.settled().await.is_err());
    alice.shows("c2c_nobody", &["to nobody"]).await;
    clear(&alice, "c2c_nobody").await;
    alice.shows("c2c_nobody", &[]).await;
    let alice = alice.restart().await;
    alice.log_in().await;
    alice.shows("c2c_nobody", &[]).await;
}

#[tokio::test]
async fn the_writer_sees_what_was_read_and_many_marks_cost_few_requests() {
    let stage = Stage::new().await;
    let (alice, phone) = (stage.device("alice").await, stage.device_on("alice", Platform::Android).await);
    let bob = stage.device("bob").await;
    let mine = alice.say("c2c_bob", "read me").await;
    assert!(!mine.is_read_by_peer);
    bob.has_unread("c2c_alice", 1).await;
    bob.reads("c2c_alice").await;
    for device in [&alice, &phone] {
        let receipt = |event: &Event| match event {
            Event::ReceiptReceived { conversation: of, seq, time_ms } if *of == conversation("c2c_bob") => {
                Some((*seq, *time_ms))
            }
            _ => None,
        };
        assert_eq!(device.told("the receipt", receipt).await, (1, mine.time_ms));
        assert!(device.history("c2c_bob").await[0].is_read_by_peer);
        assert_eq!(device.conversation("c2c_bob").await.peer_read_seq, 1);
    }
    // Bob's own marks are none of his receipts.
    assert_eq!(bob.conversation("c2c_alice").await.peer_read_seq, 0);
    assert!(!bob.history("c2c_alice").await[0].is_read_by_peer);

    let before = (bob.events().len(), receipts(&alice));
    for n in 1..=200_u64 {
        alice.say("c2c_bob", &format!("{n}")).await;
        eventually("it is there", async || (bob.conversation("c2c_alice").await.head_seq > n).then_some(()))
            .await;
        bob.reads("c2c_alice").await;
    }
    eventually("all is read", async || {
        (alice.conversation("c2c_bob").await.peer_read_seq == 201).then_some(())
    })
    .await;
    eventually("bob is done", async || bob.client.is_drained().then_some(())).await;
    let told = receipts(&alice) - before.1;
    assert!((1..=20).contains(&told), "{told} receipts for 200 marks");
    println!("200 marks: {told} receipts");
    assert!(alice.history("c2c_bob").await.iter().all(|message| message.is_read_by_peer));
}

fn receipts(device: &Device) -> usize {
    device.events().iter().filter(|event| matches!(event, Event::ReceiptReceived { .. })).count()
}

/// What somebody was told of typing, in order.
fn typing(device: &Device) -> Vec<(String, String, bool)> {
    let told = device.events().into_iter().filter_map(|event| match event {
        Event::Typing { conversation, user, active } => {
            Some((conversation.to_string(), user.as_str().to_owned(), active))
        }
        _ => None,
    });
    told.collect()
}

#[tokio::test]
async fn typing_is_seen_by_who_is_there_and_ends_with_the_message() {
    let stage = Stage::new().await;
    let (alice, bob) = (stage.device("alice").await, stage.device("bob").await);
    alice.say("c2c_bob", "hello").await;
    bob.shows("c2c_alice", &["hello"]).await;
    let set = async |active| alice.client.conversations().set_typing(&conversation("c2c_bob"), active).await;
    for _ in 0..20 {
        set(true).await.unwrap();
    }
    let begins = ("c2c_alice".to_owned(), "alice".to_owned(), true);
    let ends = ("c2c_alice".to_owned(), "alice".to_owned(), false);
    eventually("bob sees it", async || (typing(&bob) == [begins.clone()]).then_some(())).await;
    alice.say("c2c_bob", "there").await;
    eventually("it ends", async || (typing(&bob) == [begins.clone(), ends.clone()]).then_some(())).await;
    // Nobody was told since the message: it is said at once, however short ago the last time was.
    set(true).await.unwrap();
    eventually("again", async || (typing(&bob).len() == 3).then_some(())).await;
    set(false).await.unwrap();
    let twice = [begins.clone(), ends.clone(), begins.clone(), ends.clone()];
    eventually("and it ends", async || (typing(&bob) == twice).then_some(())).await;
    // It left no trace: no message, no unread, no event of a message.
    bob.has_unread("c2c_alice", 2).await;
    bob.shows("c2c_alice", &["hello", "there"]).await;
    let is_message = |event: &Event| matches!(event, Event::EphemeralReceived(_));
    assert!(!bob.events().iter().any(is_message));
    // Offline nobody hears it, and that is no error; to oneself nobody would.
    alice.proxy.offline();
    alice.offline().await;
    set(true).await.unwrap();
    let to_self = alice.client.conversations().set_typing(&conversation("c2c_alice"), true).await;
    assert_eq!(to_self.unwrap_err().code, 6011);
}

#[tokio::test]
async fn slow_typing_that_is_not_heard_of_any_more_ends_by_itself() {
    let stage = Stage::new().await;
    let (alice, bob) = (stage.device("alice").await, stage.device("bob").await);
    alice.say("c2c_bob", "hello").await;
    bob.shows("c2c_alice", &["hello"]).await;
    alice.client.conversations().set_typing(&conversation("c2c_bob"), true).await.unwrap();
    eventually("bob sees it", async || (typing(&bob).len() == 1).then_some(())).await;
    let began = std::time::Instant::now();
    alice.proxy.offline();
    eventually("it ends", async || (typing(&bob).len() == 2).then_some(())).await;
    let lasted = began.elapsed().as_secs();
    assert!((5..=9).contains(&lasted), "{lasted} s");
}

#[tokio::test]
async fn devices_that_come_and_go_agree_in_the_end() {
    let stage = Stage::new().await;
    let devices = alices(&stage).await;
    let (bob, carol) = (stage.device("bob").await, stage.device("carol").await);
    for n in 0..6 {
        bob.say("c2c_alice", &format!("bob {n}")).await;
        carol.say("c2c_alice", &format!("carol {n}")).await;
    }
    for device in &devices {
        device.has_unread("c2c_bob", 6).await;
        device.has_unread("c2c_carol", 6).await;
    }
    // Each in turn is away and does something there, while the others and the friends go on.
    for (turn, away) in devices.iter().enumerate() {
        away.proxy.offline();
        away.offline().await;
        let there = &devices[(turn + 1) % devices.len()];
        let mine = away.send("c2c_bob", &format!("offline {turn}")).await;
        delete(away, "c2c_bob", &[&format!("bob {turn}")]).await;
        delete(there, "c2c_bob", &[&format!("bob {}", turn + 3)]).await;
        match turn {
            0 => away.reads("c2c_carol").await,
            1 => clear(away, "c2c_carol").await,
            _ => clear(there, "c2c_carol").await,
        }
        there.reads("c2c_bob").await;
        there.say("c2c_carol", &format!("there {turn}")).await;
        bob.say("c2c_alice", &format!("meanwhile {turn}")).await;
        away.proxy.restore();
        away.online().await;
        mine.settled().await.unwrap();
    }
    bob.reads("c2c_alice").await;
    eventually("everything has reached the server", async || {
        devices.iter().all(|device| device.client.is_drained()).then_some(())
    })
    .await;
    bob.say("c2c_alice", "the end").await;
    let first = &devices[0];
    eventually("all devices show the same", async || {
        let pictures = [picture(first).await, picture(&devices[1]).await, picture(&devices[2]).await];
        let ended = pictures[0].iter().any(|line| line.contains("the end"));
        (ended && pictures[0] == pictures[1] && pictures[1] == pictures[2]).then_some(())
    })
    .await;
    let fresh = stage.device_on("alice", Platform::Tablet).await;
    let expected = picture(first).await;
    eventually("and so does one that knew nothing", async || {
        (picture(&fresh).await == expected).then_some(())
    })
    .await;
    // What was deleted is gone, what came since is there.
    let texts = first.texts("c2c_bob").await;
    assert!(!texts.iter().any(|text| text.starts_with("bob ")), "{texts:?}");
    assert_eq!(texts.iter().filter(|text| text.starts_with("meanwhile")).count(), 3);
    assert_eq!(texts.iter().filter(|text| text.starts_with("offline")).count(), 3);
    assert_eq!(first.texts("c2c_carol").await, ["there 2"]);
}
