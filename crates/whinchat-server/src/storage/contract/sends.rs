//! Appending.

use std::collections::HashMap;

use whinchat_proto::wire;

use super::World;
use super::world::{code, group, group_id, id, message, with};
use crate::storage::{Cancel, Denied, GroupKind};

pub(crate) async fn a_repetition_gets_the_first_result(world: World) {
    world.users(&["alice", "bob"]).await;
    let first = message("alice", with("bob"), 10);
    let stored = world.append(first.clone()).await.unwrap();
    assert_eq!((stored.result.seq, stored.result.repeated, stored.bumped.len()), (1, false, 2));
    let again = world.append(first.clone()).await.unwrap();
    let expected = wire::SendMessageResult { repeated: true, ..stored.result };
    assert_eq!((again.result, again.bumped.len()), (expected, 0));
    // Twice in one batch as well.
    let second = message("alice", with("bob"), 10);
    let both = world.storage.append(vec![second.clone(), second]).await;
    let seqs: Vec<_> = both.iter().map(|r| r.as_ref().unwrap().result.seq).collect();
    assert_eq!(seqs, [2, 2]);
    let mut other = first.clone();
    other.content = vec![9; 10].into();
    assert_eq!(code(&world.append(other).await.unwrap_err()), 6021);
    assert_eq!(world.storage.sent(first).await.unwrap().unwrap().seq, 1);
    assert_eq!(world.storage.sent(message("alice", with("bob"), 1)).await.unwrap(), None);
    // The same id from the other side is another message.
    let mut his = message("bob", with("alice"), 10);
    his.client_id = message("bob", with("alice"), 1).client_id;
    assert_eq!(world.append(his).await.unwrap().result.seq, 3);
}

pub(crate) async fn a_cancelled_send_stays_out_until_it_is_asked_for_again(world: World) {
    world.users(&["alice", "bob"]).await;
    let late = message("alice", with("bob"), 10);
    let cancel =
        Cancel { conversation: with("bob"), sender: id("alice"), client_id: late.client_id, refused: None };
    for _ in 0..2 {
        let result = world.storage.cancel_send(cancel.clone()).await.unwrap();
        assert!(result.tombstoned && result.stored.is_none());
    }
    assert_eq!(code(&world.append(late.clone()).await.unwrap_err()), 8021);
    // A refusal is no news: nobody's log has moved.
    assert_eq!(world.storage.head(id("bob")).await.unwrap().version, 0);
    let mut again = late.clone();
    again.again = true;
    let stored = world.append(again).await.unwrap();
    assert_eq!((stored.result.seq, stored.bumped.len()), (1, 2));
    assert!(world.append(late).await.unwrap().result.repeated);
    let result = world.storage.cancel_send(cancel).await.unwrap();
    assert_eq!((result.tombstoned, result.stored.unwrap().seq), (false, 1));
    // A refusal is forgotten with its time, and not before.
    let old = message("alice", with("bob"), 10);
    let cancel =
        Cancel { conversation: with("bob"), sender: id("alice"), client_id: old.client_id, refused: None };
    assert!(world.storage.cancel_send(cancel).await.unwrap().tombstoned);
    assert_eq!(world.storage.prune_cancelled(0, 10).await.unwrap(), 0);
    assert_eq!(code(&world.append(old.clone()).await.unwrap_err()), 8021);
    assert_eq!(world.storage.prune_cancelled(i64::MAX, 10).await.unwrap(), 1);
    assert_eq!(world.append(old).await.unwrap().result.seq, 2);
    // Where nothing can be stored nothing is kept.
    let nowhere = Cancel {
        conversation: with("nobody"),
        sender: id("alice"),
        client_id: message("a", with("b"), 1).client_id,
        refused: None,
    };
    assert!(world.storage.cancel_send(nowhere).await.unwrap().tombstoned);
}

pub(crate) async fn a_refused_send_is_refused_again_until_it_is_asked_for_again(world: World) {
    world.users(&["alice", "bob"]).await;
    let first = message("alice", with("bob"), 10);
    let refused = Some(whinchat_proto::error::ErrorCode::NotMember);
    let cancel =
        Cancel { conversation: with("bob"), sender: id("alice"), client_id: first.client_id, refused };
    assert!(world.storage.cancel_send(cancel).await.unwrap().tombstoned);
    assert_eq!(world.append(message("alice", with("bob"), 10)).await.unwrap().result.seq, 1);
    // Its answer was lost: let in now, it would stand behind what was sent after it.
    assert_eq!(code(&world.append(first.clone()).await.unwrap_err()), 10007);
    let mut again = first;
    again.again = true;
    assert_eq!(world.append(again).await.unwrap().result.seq, 2);
}

pub(crate) async fn places_are_contiguous_under_concurrent_writers(world: World) {
    const WRITERS: usize = 8;
    const EACH: usize = 60;
    let names: Vec<String> = (0..WRITERS).map(|n| format!("writer{n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    world.users(&names).await;
    world.group("writer0", "team", GroupKind::Work, &names[1..]).await;
    let version = world.version(&group_id("team")).await;
    let mut writers = Vec::new();
    for name in &names {
        let (world, name) = (world.clone(), (*name).to_owned());
        writers.push(tokio::spawn(async move {
            let mut last = 0;
            for batch in 0..EACH / 5 {
                let size = if batch % 2 == 0 { 10 } else { 900 };
                let messages = (0..5).map(|_| {
                    let mut message = message(&name, group("team"), size);
                    message.expected = Some(version);
                    message
                });
                for result in world.storage.append(messages.collect()).await {
                    let seq = result.unwrap().result.seq;
                    assert!(seq > last, "a sender's own order is kept");
                    last = seq;
                }
            }
        }));
    }
    for writer in writers {
        writer.await.unwrap();
    }
    let entries = world.everything("writer3", &group("team")).await;
    assert_eq!(entries.len(), WRITERS * EACH + 1);
    let (mut counted, mut by_sender, mut time) = (0, HashMap::<String, u64>::new(), 0);
    for (place, entry) in (1..).zip(&entries) {
        let Some(wire::entry::Body::Message(message)) = &entry.body else { panic!("{entry:?}") };
        assert_eq!(entry.seq, place);
        assert!(entry.time_ms >= time, "time runs backwards");
        time = entry.time_ms;
        let own = by_sender.entry(message.sender.clone()).or_default();
        if !message.envelope.as_ref().unwrap().excluded_from_unread {
            counted += 1;
            *own += 1;
        }
        assert_eq!((entry.counted, entry.counted_by_sender), (counted, *own));
    }
}

pub(crate) async fn readers_never_see_a_head_without_its_entries(world: World) {
    world.users(&["alice", "bob"]).await;
    world.say("alice", &with("bob")).await;
    let writing = {
        let world = world.clone();
        tokio::spawn(async move {
            for _ in 0..100 {
                let messages = (0..3).map(|_| message("alice", with("bob"), 50)).collect();
                for result in world.storage.append(messages).await {
                    result.unwrap();
                }
            }
        })
    };
    let mut readers = Vec::new();
    for _ in 0..3 {
        let world = world.clone();
        readers.push(tokio::spawn(async move {
            let mut seen = 0;
            while seen < 301 {
                let state = world.state("bob", &with("alice")).await;
                assert!(state.head_seq >= seen, "the head went back");
                seen = state.head_seq;
                let from = seen.saturating_sub(40).max(1);
                let page = world.page("bob", &with("alice"), state.epoch, from, seen).await;
                let seqs: Vec<u64> = page.entries.iter().map(|e| e.seq).collect();
                assert_eq!(seqs, (from..=seen).collect::<Vec<_>>());
                assert_eq!(page.entries.last().unwrap().counted, state.counted);
            }
        }));
    }
    writing.await.unwrap();
    for reader in readers {
        reader.await.unwrap();
    }
}

pub(crate) async fn what_cannot_be_sent_to_is_refused(world: World) {
    world.users(&["alice", "bob"]).await;
    assert_eq!(code(&world.append(message("alice", with("nobody"), 1)).await.unwrap_err()), 20003);
    assert_eq!(code(&world.append(message("alice", group("none"), 1)).await.unwrap_err()), 10010);
    // A refusal in a batch leaves those around it alone.
    let batch = vec![
        message("alice", with("bob"), 1),
        message("alice", with("nobody"), 1),
        message("alice", with("bob"), 1),
    ];
    let results = world.storage.append(batch).await;
    assert_eq!(results[0].as_ref().unwrap().result.seq, 1);
    assert_eq!(code(results[1].as_ref().unwrap_err()), 20003);
    assert_eq!(results[2].as_ref().unwrap().result.seq, 2);
    assert!(world.storage.user_exists(id("bob")).await.unwrap());
    assert!(!world.storage.user_exists(id("nobody")).await.unwrap());
}

pub(crate) async fn a_batch_keeps_the_order_of_a_sender_whose_rules_are_stale(world: World) {
    world.users(&["alice", "bob"]).await;
    world.group("alice", "team", GroupKind::Work, &["bob"]).await;
    let version = world.version(&group_id("team")).await;
    let looked_at = |sender, expected| {
        let mut message = message(sender, group("team"), 1);
        message.expected = Some(expected);
        message
    };
    let batch = vec![looked_at("alice", version - 1), looked_at("alice", version), looked_at("bob", version)];
    let results = world.storage.append(batch).await;
    assert_eq!(results[0].as_ref().unwrap_err(), &Denied::Stale);
    assert_eq!(results[1].as_ref().unwrap_err(), &Denied::Stale);
    assert!(results[2].is_ok());
}
