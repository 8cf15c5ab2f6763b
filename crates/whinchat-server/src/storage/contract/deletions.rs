//! Deletions for oneself, emptied conversations, receipts.

use prost::Message as _;
use whinchat_proto::id::ConversationId;
use whinchat_proto::limits::FRAME_BYTES;
use whinchat_proto::wire;

use super::World;
use super::marks::check_unread;
use super::world::{
    code, conversation_of, group, group_id, id, message, only_for, operation, uncounted, with,
};
use crate::storage::{AddMembers, GroupKind, News, RemoveMember};

fn is_blank(entry: &wire::Entry) -> bool {
    matches!(entry.body, Some(wire::entry::Body::Blank(_)))
}

/// Places of blanks among everything that the user may read.
async fn blanks(world: &World, user: &str, peer: &str) -> Vec<u64> {
    let entries = world.everything(user, &with(peer)).await;
    entries.iter().filter(|entry| is_blank(entry)).map(|entry| entry.seq).collect()
}

fn change_of(news: &News) -> &wire::ConversationChange {
    let News::State(change) = news else { panic!("{news:?}") };
    change
}

pub(crate) async fn a_deletion_is_for_oneself_and_for_good(world: World) {
    world.users(&["alice"]).await;
    let session = world.connect("bob").await;
    let mut epoch = 0;
    for _ in 0..6 {
        epoch = world.say("alice", &with("bob")).await.epoch;
    }
    world.say("bob", &with("alice")).await;
    let held = world.changes("bob", wire::Cursor::default(), 0).await.to.unwrap();
    let delete = operation("bob");
    let seqs = vec![2, 3, 7, 3, 0, 99];
    let done = world.storage.delete_messages(delete.clone(), with("alice"), epoch, seqs).await.unwrap();
    assert_eq!(done.bumped.len(), 1);
    let told = change_of(&done.bumped[0].news);
    assert_eq!((done.bumped[0].user.clone(), told.deleted.as_slice()), (id("bob"), [2, 3, 7].as_slice()));
    // Own ones are taken off with what is own; active_ms, which orders the list, stays.
    let state = told.state.as_ref().unwrap();
    assert_eq!((state.excepted.as_slice(), state.own_counted), ([2, 3].as_slice(), 1));
    let entries = world.everything("bob", &with("alice")).await;
    assert_eq!(blanks(&world, "bob", "alice").await, [2, 3, 7]);
    assert!(entries[1].time_ms == 0 && entries[1].counted_by_sender == 0 && entries[1].counted == 2);
    assert_eq!((entries[6].counted_by_sender, entries[6].counted), (1, 7));
    let peers = world.everything("alice", &with("bob")).await;
    assert!(!peers.iter().any(is_blank) && state.active_ms == peers[6].time_ms);

    // The same again, by the same operation and by another: nothing moves.
    let again = world.storage.delete_messages(delete, with("alice"), epoch, vec![5]).await.unwrap();
    let other = world.storage.delete_messages(operation("bob"), with("alice"), epoch, vec![2]).await.unwrap();
    assert!(again.bumped.is_empty() && other.bumped.is_empty());
    // Of a log that is no more nothing is deleted; a stranger has nothing to delete.
    let void = world.storage.delete_messages(operation("bob"), with("alice"), epoch ^ 1, vec![1]).await;
    assert!(void.unwrap().bumped.is_empty());
    let stranger = world.storage.delete_messages(operation("bob"), with("zoe"), epoch, vec![1]).await;
    assert_eq!(code(&stranger.unwrap_err()), 50001);

    // Whoever was away is told what went since, a fresh device all of it, and neither gets the messages.
    world.leave("bob", session).await;
    let missed = world.changes("bob", held, 0).await;
    assert_eq!(conversation_of(&missed.changes[0]).deleted, [2, 3, 7]);
    let since = missed.to.unwrap();
    world.storage.delete_messages(operation("bob"), with("alice"), epoch, vec![1]).await.unwrap();
    assert_eq!(conversation_of(&world.changes("bob", since, 0).await.changes[0]).deleted, [1]);
    // Whoever still misses pages from before is told from there.
    let user = id("bob");
    let behind = world.storage.changes(user, since, 0, Some(held.version)).await.unwrap();
    assert_eq!(conversation_of(&behind.changes[0]).deleted, [1, 2, 3, 7]);
    let fresh = world.changes("bob", wire::Cursor::default(), 0).await;
    let change = conversation_of(&fresh.changes[0]);
    assert!(fresh.snapshot && change.deleted == [1, 2, 3, 7]);
    let gone: Vec<u64> = change.entries.iter().filter(|e| is_blank(e)).map(|e| e.seq).collect();
    assert_eq!(gone, [1, 2, 3, 7]);
    let found = world.storage.conversations(id("bob"), vec![with("alice")]).await.unwrap();
    let change = found[0].change.as_ref().unwrap();
    assert!(change.deleted == [1, 2, 3, 7] && is_blank(&change.entries[0]));
}

pub(crate) async fn emptying_moves_the_window_and_swallows_nothing_that_came_since(world: World) {
    world.users(&["alice"]).await;
    world.connect("bob").await;
    let mut epoch = 0;
    for _ in 0..5 {
        epoch = world.say("alice", &with("bob")).await.epoch;
    }
    world.storage.delete_messages(operation("bob"), with("alice"), epoch, vec![2, 5]).await.unwrap();
    let clear = operation("bob");
    let done = world.storage.clear_history(clear.clone(), with("alice"), epoch, 4).await.unwrap();
    assert_eq!((done.result.visible_from, done.bumped.len()), (5, 1));
    let state = change_of(&done.bumped[0].news).state.clone().unwrap();
    assert_eq!((state.visible_from, state.cleared_seq, state.head_seq), (5, 4, 5));
    assert_eq!(state.floor.unwrap(), wire::UnreadFloor { seq: 4, counted: 4, own_counted: 0 });
    // Emptying is not reading: the other side gets no receipt.
    assert_eq!((state.read_seq, world.state("alice", &with("bob")).await.peer_read_seq), (0, 0));
    assert_eq!(state.excepted, [5]);
    let left = world.everything("bob", &with("alice")).await;
    assert!(left.len() == 1 && is_blank(&left[0]));
    assert_eq!(world.everything("alice", &with("bob")).await.len(), 5);
    let below = world.page("bob", &with("alice"), epoch, 1, 4).await;
    assert!(below.entries.is_empty() && below.state.is_some());

    // A repetition, less than before, or another log: nothing moves. More than there is: all there is.
    assert_eq!(world.say("alice", &with("bob")).await.seq, 6);
    let again = world.storage.clear_history(clear, with("alice"), epoch, 6).await.unwrap();
    assert_eq!((again.result.visible_from, again.bumped.len()), (5, 0));
    for (epoch, seq) in [(epoch, 3), (epoch ^ 1, 6), (epoch, 0)] {
        let done = world.storage.clear_history(operation("bob"), with("alice"), epoch, seq).await.unwrap();
        assert_eq!((done.result.visible_from, done.bumped.len()), (5, 0));
    }
    let active = world.state("bob", &with("alice")).await.active_ms;
    let all = world.storage.clear_history(operation("bob"), with("alice"), epoch, 99).await.unwrap();
    assert_eq!(all.result.visible_from, 7);
    let state = world.state("bob", &with("alice")).await;
    // The place in the list stays, and what was deleted one by one is not listed any more.
    assert_eq!((state.active_ms, state.excepted.len()), (active, 0));
    let fresh = world.changes("bob", wire::Cursor::default(), 0).await;
    let change = conversation_of(&fresh.changes[0]);
    assert!(change.entries.is_empty() && change.deleted.is_empty());
    let stranger = world.storage.clear_history(operation("bob"), with("zoe"), epoch, 1).await;
    assert_eq!(code(&stranger.unwrap_err()), 50001);
}

pub(crate) async fn an_emptied_open_group_stays_so_for_whoever_comes_back(world: World) {
    world.users(&["owner", "bob"]).await;
    world.group("owner", "meet", GroupKind::Meeting, &["bob"]).await;
    let epoch = world.say("owner", &group("meet")).await.epoch;
    world.storage.clear_history(operation("bob"), group("meet"), epoch, 2).await.unwrap();
    world.say("owner", &group("meet")).await;
    world.storage.delete_messages(operation("bob"), group("meet"), epoch, vec![3]).await.unwrap();
    let expected = world.version(&group_id("meet")).await;
    let remove = RemoveMember { group: group_id("meet"), member: id("bob"), expected, refused: None };
    world.storage.remove_member(operation("bob"), remove).await.unwrap();
    let expected = world.version(&group_id("meet")).await;
    let add =
        AddMembers { group: group_id("meet"), users: vec![id("bob")], expected, capacity: 9, refused: None };
    world.storage.add_members(operation("owner"), add).await.unwrap();
    let state = world.state("bob", &group("meet")).await;
    assert_eq!((state.visible_from, state.left), (3, false));
    let entries = world.everything("bob", &group("meet")).await;
    assert!(entries[0].seq == 3 && is_blank(&entries[0]) && !is_blank(&entries[1]));
}

pub(crate) async fn unread_is_a_full_count_with_deletions_too(world: World) {
    let users = ["alice", "bob", "carol"];
    world.users(&users).await;
    world.group("alice", "team", GroupKind::Work, &users[1..]).await;
    let version = world.version(&group_id("team")).await;
    let mut seed: u64 = 77;
    let mut next = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    for step in 0..250 {
        let user = users[usize::try_from(next(3)).unwrap()];
        let state = world.state(user, &group("team")).await;
        let seq = next(state.head_seq + 3);
        let (team, epoch) = (group("team"), state.epoch);
        match next(12) {
            0 => drop(world.storage.mark_read(operation(user), team, epoch, seq).await.unwrap()),
            1 | 2 => {
                let seqs = vec![seq, next(state.head_seq + 1)];
                world.storage.delete_messages(operation(user), team, epoch, seqs).await.unwrap();
            }
            3 if step % 5 == 0 => {
                world.storage.clear_history(operation(user), team, epoch, seq).await.unwrap();
            }
            _ => {
                let mut said = message(user, team, 10);
                if next(4) == 0 {
                    said = uncounted(said);
                }
                if next(4) == 0 {
                    said = only_for(said, &[users[usize::try_from(next(3)).unwrap()]]);
                }
                said.expected = Some(version);
                world.append(said).await.unwrap();
            }
        }
        if step % 5 == 0 {
            check_unread(&world, &users, &group("team"), false).await;
        }
    }
    check_unread(&world, &users, &group("team"), false).await;
}

pub(crate) async fn the_other_side_is_told_how_far_was_read(world: World) {
    world.users(&["bob"]).await;
    let session = world.connect("alice").await;
    let mut epoch = 0;
    for _ in 0..4 {
        epoch = world.say("alice", &with("bob")).await.epoch;
    }
    let done = world.storage.mark_read(operation("bob"), with("alice"), epoch, 3).await.unwrap();
    let told: Vec<_> = done.bumped.iter().map(|bump| bump.user.as_str()).collect();
    assert_eq!(told, ["bob", "alice"]);
    let state = change_of(&done.bumped[1].news).state.clone().unwrap();
    assert_eq!((state.peer_read_seq, state.read_seq, state.version), (3, 0, done.bumped[1].version));
    assert_eq!(state.conversation, Some(with("bob").to_wire()));
    // A mark that is not news, and one that an emptied conversation brings, tell nobody.
    let same = world.storage.mark_read(operation("bob"), with("alice"), epoch, 2).await.unwrap();
    assert!(same.bumped.is_empty());
    // Whoever is away hears of many receipts with one change, which brings no entries again.
    let held = world.storage.head(id("alice")).await.unwrap();
    world.leave("alice", session).await;
    let session = world.connect("alice").await;
    world.leave("alice", session).await;
    let mut moved = Vec::new();
    for n in 0..5 {
        world.say("bob", &with("alice")).await;
        let done = world.storage.mark_read(operation("bob"), with("alice"), epoch, 4 + n).await.unwrap();
        moved.push(done.bumped.iter().any(|bump| bump.user == id("alice")));
    }
    assert_eq!(moved, [false; 5], "his log was moved by the first message already");
    let missed = world.changes("alice", held, 0).await;
    let change = conversation_of(&missed.changes[0]);
    assert_eq!((missed.changes.len(), change.state.as_ref().unwrap().peer_read_seq), (1, 8));
    let session = world.connect("alice").await;
    let held = missed.to.unwrap();
    world.leave("alice", session).await;
    world.storage.mark_read(operation("bob"), with("alice"), epoch, 9).await.unwrap();
    let missed = world.changes("alice", held, 0).await;
    let change = conversation_of(&missed.changes[0]);
    let newest: Vec<u64> = change.entries.iter().map(|e| e.seq).collect();
    assert_eq!((change.state.as_ref().unwrap().peer_read_seq, newest.as_slice()), (9, [9].as_slice()));
    // Groups have no receipts.
    world.group("alice", "team", GroupKind::Work, &["bob"]).await;
    let state = world.state("bob", &group("team")).await;
    let done = world.storage.mark_read(operation("bob"), group("team"), state.epoch, 1).await.unwrap();
    assert_eq!(done.bumped.len(), 1);
    assert_eq!(world.state("alice", &group("team")).await.peer_read_seq, 0);
}

/// Eight conversations, each with so much deleted that all of them do not fit one frame.
pub(crate) async fn states_with_much_deleted_come_as_many_as_a_frame_holds(world: World) {
    const EACH: u64 = 5_000;
    let peers: Vec<String> = (0..8).map(|n| format!("peer{n}")).collect();
    let names: Vec<ConversationId> = peers.iter().map(|peer| with(peer)).collect();
    world.connect("bob").await;
    for peer in &peers {
        world.users(&[peer]).await;
        let batch = (0..EACH).map(|_| message(peer, with("bob"), 1)).collect();
        let epoch = world.storage.append(batch).await.pop().unwrap().unwrap().result.epoch;
        for first in (1..=EACH).step_by(100) {
            let seqs = (first..first + 100).collect();
            world.storage.delete_messages(operation("bob"), with(peer), epoch, seqs).await.unwrap();
        }
    }
    let (mut left, mut rounds) = (names.as_slice(), 0);
    while !left.is_empty() {
        let items = world.storage.conversations(id("bob"), left.to_vec()).await.unwrap();
        assert!(!items.is_empty() && items.len() <= left.len());
        for (item, name) in items.iter().zip(left) {
            let change = item.change.as_ref().unwrap();
            assert_eq!(change.state.as_ref().unwrap().conversation, Some(name.to_wire()));
            assert_eq!(change.deleted.len() as u64, EACH);
        }
        left = &left[items.len()..];
        let answer = wire::GetConversationsResult { items };
        assert!(answer.encoded_len() < FRAME_BYTES - 1_024, "{}", answer.encoded_len());
        rounds += 1;
    }
    assert_eq!(rounds, 2);
}
