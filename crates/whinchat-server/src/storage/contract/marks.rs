//! Marks and unread.

use whinchat_proto::id::ConversationId;
use whinchat_proto::wire;

use super::World;
use super::world::{code, group, group_id, message, only_for, operation, uncounted, with};
use crate::storage::{GroupKind, News};

/// Unread as a client derives it.
fn derived(state: &wire::ConversationState) -> u64 {
    let floor = state.floor.unwrap();
    let excepted = state.excepted.iter().filter(|seq| **seq > floor.seq).count() as u64;
    state.counted - floor.counted - (state.own_counted - floor.own_counted) - excepted
}

/// Unread as one counts it by looking at every entry.
fn full_count(user: &str, floor: u64, entries: &[wire::Entry]) -> u64 {
    let unread = entries.iter().filter(|entry| {
        let Some(wire::entry::Body::Message(message)) = &entry.body else { return false };
        entry.seq > floor
            && message.sender != user
            && !message.envelope.as_ref().unwrap().excluded_from_unread
    });
    unread.count() as u64
}

pub(crate) async fn marks_merge_by_maximum(world: World) {
    world.users(&["alice", "bob"]).await;
    let mut epoch = 0;
    for _ in 0..10 {
        epoch = world.say("alice", &with("bob")).await.epoch;
    }
    world.say("bob", &with("alice")).await;
    let mark = |epoch, seq| world.storage.mark_read(operation("bob"), with("alice"), epoch, seq);
    let done = mark(epoch, 6).await.unwrap();
    assert_eq!(done.result.read_seq, 6);
    assert_eq!(done.result.floor.unwrap(), wire::UnreadFloor { seq: 6, counted: 6, own_counted: 0 });
    assert!(matches!(done.bumped[0].news, News::State(_)));
    // Lower, or of a log that is not this one: success, and nothing moves.
    for (epoch, seq) in [(epoch, 2), (epoch, 6), (epoch ^ 1, 9), (0, 9)] {
        let done = mark(epoch, seq).await.unwrap();
        assert_eq!((done.result.read_seq, done.bumped.len()), (6, 0));
    }
    // Beyond the head: up to the head.
    let done = mark(epoch, 900).await.unwrap();
    assert_eq!(done.result.read_seq, 11);
    assert_eq!(done.result.floor.unwrap(), wire::UnreadFloor { seq: 11, counted: 11, own_counted: 1 });
    let unknown = world.storage.mark_read(operation("bob"), with("zoe"), epoch, 1).await;
    assert_eq!(code(&unknown.unwrap_err()), 50001);
    let again = operation("alice");
    let first = world.storage.mark_read(again.clone(), with("bob"), epoch, 3).await.unwrap();
    let second = world.storage.mark_read(again, with("bob"), epoch, 11).await.unwrap();
    assert_eq!(first.result, second.result);
}

pub(crate) async fn unread_is_what_a_full_count_gives(world: World) {
    let users = ["alice", "bob", "carol", "dave"];
    world.users(&users).await;
    world.group("alice", "team", GroupKind::Work, &users[1..]).await;
    let version = world.version(&group_id("team")).await;
    // A small generator: the same run every time.
    let mut seed: u64 = 20_260_101;
    let mut next = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    for step in 0..250 {
        let user = users[usize::try_from(next(4)).unwrap()];
        if next(5) == 0 {
            let state = world.state(user, &group("team")).await;
            let seq = next(state.head_seq + 3);
            world.storage.mark_read(operation(user), group("team"), state.epoch, seq).await.unwrap();
        } else {
            let mut said = message(user, group("team"), 10);
            if next(4) == 0 {
                said = uncounted(said);
            }
            if next(3) == 0 {
                said = only_for(said, &[users[usize::try_from(next(4)).unwrap()]]);
            }
            said.expected = Some(version);
            world.append(said).await.unwrap();
        }
        if step % 10 == 0 {
            check_unread(&world, &users, &group("team"), true).await;
        }
    }
    check_unread(&world, &users, &group("team"), true).await;
}

pub(crate) async fn check_unread(
    world: &World,
    users: &[&str],
    conversation: &ConversationId,
    all_is_there: bool,
) {
    for user in users {
        let state = world.state(user, conversation).await;
        let entries = world.everything(user, conversation).await;
        let floor = state.floor.unwrap();
        assert_eq!(derived(&state), full_count(user, floor.seq, &entries), "{user}: {state:?}");
        // Deleting and emptying leave the order of the list alone.
        if let Some(seen) = entries.iter().rev().find(|e| e.time_ms > 0) {
            assert!(state.active_ms >= seen.time_ms);
            assert!(!all_is_there || state.active_ms == seen.time_ms);
        }
        assert!(floor.seq <= state.head_seq && state.read_seq <= state.head_seq);
    }
}
