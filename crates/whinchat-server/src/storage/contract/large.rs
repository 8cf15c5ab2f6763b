//! Large groups. Three members make one here.

use std::collections::HashMap;

use whinchat_proto::id::SessionId;
use whinchat_proto::wire;

use super::World;
use super::world::{conversation_of, group, group_id, id, login, message, operation, unique};
use crate::storage::{AddMembers, Appended, GroupKind, News, OpenSession, RemoveMember, SessionOpened};

async fn appended(world: &World, sender: &str, name: &str) -> Appended {
    let mut message = message(sender, group(name), 20);
    message.expected = Some(world.version(&group_id(name)).await);
    world.append(message).await.unwrap()
}

fn add(name: &str, users: &[&str], expected: u64) -> AddMembers {
    let users = users.iter().map(|name| id(name)).collect();
    AddMembers { group: group_id(name), users, expected, capacity: 100, refused: None }
}

/// Connects with what a device holds, reads everything that is new to it, and leaves. Gives the pages and the position
/// they lead to.
async fn come_back(
    world: &World,
    user: &str,
    device: &str,
    cursor: wire::Cursor,
) -> (Vec<wire::Changes>, wire::Cursor) {
    let session = SessionId(unique());
    let request = OpenSession { cursor, ..login(user, session, device, 4) };
    let SessionOpened::Opened { groups, .. } = world.open(request).await else { panic!("refused") };
    let mut pages = vec![world.changes(user, cursor, 0).await];
    let to = wire::Cursor { groups, ..pages[0].to.unwrap() };
    while let Some(below) = pages.last().map(|page| page.continue_below).filter(|below| *below != 0) {
        pages.push(world.changes(user, cursor, below).await);
    }
    world.leave(user, session).await;
    (pages, to)
}

/// What a page says of a group: the seqs of its entries.
fn entries_of(page: &wire::Changes, name: &str) -> Vec<u64> {
    let named = page
        .changes
        .iter()
        .map(conversation_of)
        .find(|change| change.state.as_ref().unwrap().conversation == Some(group(name).to_wire()));
    named.map_or_else(Vec::new, |change| change.entries.iter().map(|entry| entry.seq).collect())
}

pub(crate) async fn a_message_to_a_large_group_moves_no_log(world: World) {
    world.users(&["alice", "carol"]).await;
    world.connect("bob").await;
    world.group("alice", "team", GroupKind::Work, &["bob", "carol"]).await;
    let heads = |user: &'static str| {
        let world = world.clone();
        async move { world.storage.head(id(user)).await.unwrap() }
    };
    let before = [heads("alice").await, heads("bob").await, heads("carol").await];
    let mut last = before[0].groups;
    for _ in 0..5 {
        let sent = appended(&world, "alice", "team").await;
        let fanout = sent.fanout.unwrap();
        assert!(sent.bumped.is_empty());
        assert_eq!((fanout.before, fanout.moved), (last, last + 1));
        last = fanout.moved;
    }
    for (user, before) in ["alice", "bob", "carol"].into_iter().zip(before) {
        assert_eq!(heads(user).await, wire::Cursor { groups: last, ..before }, "{user}");
    }
    // The totals are kept all the same: of everybody, and of the sender.
    let state = world.state("alice", &group("team")).await;
    assert_eq!((state.head_seq, state.counted, state.own_counted), (6, 5, 5));
    assert_eq!(world.state("bob", &group("team")).await.own_counted, 0);
    // A repetition is told to nobody.
    let mut again = message("bob", group("team"), 10);
    again.expected = Some(world.version(&group_id("team")).await);
    assert!(world.append(again.clone()).await.unwrap().fanout.is_some());
    assert!(world.append(again).await.unwrap().fanout.is_none());
}

pub(crate) async fn who_comes_back_is_told_what_he_missed_and_no_more(world: World) {
    world.users(&["alice", "bob", "carol"]).await;
    for name in ["busy", "quiet"] {
        world.group("alice", name, GroupKind::Work, &["bob", "carol"]).await;
    }
    let (_, held) = come_back(&world, "bob", "phone", wire::Cursor::default()).await;
    for _ in 0..5 {
        appended(&world, "alice", "busy").await;
    }
    let (pages, next) = come_back(&world, "bob", "phone", held).await;
    assert_eq!((pages.len(), pages[0].changes.len(), pages[0].snapshot), (1, 1, false));
    assert_eq!(entries_of(&pages[0], "busy"), [2, 3, 4, 5, 6]);
    // Cut before it was stored: the same again, and nothing is written for it.
    let (again, same) = come_back(&world, "bob", "phone", held).await;
    assert_eq!((entries_of(&again[0], "busy").len(), same), (5, next));
    let (nothing, last) = come_back(&world, "bob", "phone", next).await;
    assert!(nothing[0].changes.is_empty());
    assert_eq!(last, next);
    // Only what is new is sent along, however much there was before.
    appended(&world, "carol", "busy").await;
    let (pages, _) = come_back(&world, "bob", "phone", last).await;
    assert_eq!(entries_of(&pages[0], "busy"), [7]);
}

/// The answer to a mark tells where the mark stands, not what came since.
pub(crate) async fn a_mark_of_his_own_does_not_hide_what_moved(world: World) {
    world.users(&["alice", "bob", "carol"]).await;
    world.group("alice", "team", GroupKind::Work, &["bob", "carol"]).await;
    let (_, mut held) = come_back(&world, "bob", "phone", wire::Cursor::default()).await;
    appended(&world, "alice", "team").await;
    let epoch = world.state("bob", &group("team")).await.epoch;
    // Its push was lost; the phone reads what it has.
    let done = world.storage.mark_read(operation("bob"), group("team"), epoch, 1).await.unwrap();
    held.version = done.bumped.iter().find(|bump| bump.user == id("bob")).unwrap().version;
    let (pages, _) = come_back(&world, "bob", "phone", held).await;
    assert_eq!(entries_of(&pages[0], "team"), [2]);
}

pub(crate) async fn a_group_grows_large_and_stays_so(world: World) {
    world.users(&["alice", "bob", "carol"]).await;
    world.group("alice", "team", GroupKind::Work, &["bob"]).await;
    let (_, held) = come_back(&world, "bob", "phone", wire::Cursor::default()).await;
    let small = appended(&world, "alice", "team").await;
    assert!(small.fanout.is_none() && small.bumped.iter().any(|bump| bump.user == id("bob")));
    let version = world.version(&group_id("team")).await;
    let done = world.storage.add_members(operation("alice"), add("team", &["carol"], version)).await.unwrap();
    assert!(done.entry.unwrap().large.is_some());
    assert_eq!(done.bumped.iter().map(|bump| bump.user.as_str()).collect::<Vec<_>>(), ["carol"]);
    let large = appended(&world, "alice", "team").await;
    assert!(large.fanout.is_some() && large.bumped.is_empty());
    // Who was away all the time gets what came before and after.
    let (pages, held) = come_back(&world, "bob", "phone", held).await;
    assert_eq!(entries_of(&pages[0], "team"), [2, 3, 4]);
    let version = world.version(&group_id("team")).await;
    let remove =
        RemoveMember { group: group_id("team"), member: id("carol"), expected: version, refused: None };
    world.storage.remove_member(operation("carol"), remove).await.unwrap();
    assert!(appended(&world, "alice", "team").await.fanout.is_some());
    let (pages, _) = come_back(&world, "bob", "phone", held).await;
    assert_eq!(entries_of(&pages[0], "team"), [5, 6]);
    let state = world.state("bob", &group("team")).await;
    assert_eq!(state.group.unwrap().member_count, 2);
}

pub(crate) async fn members_come_and_go(world: World) {
    world.users(&["alice", "bob", "carol", "dave", "erin"]).await;
    world.group("alice", "team", GroupKind::Work, &["bob", "carol"]).await;
    let (_, held) = come_back(&world, "dave", "phone", wire::Cursor::default()).await;
    appended(&world, "alice", "team").await;
    let version = world.version(&group_id("team")).await;
    // Nobody can be added twice, and nobody beyond the capacity.
    let mut two = add("team", &["bob", "dave", "erin"], version);
    two.capacity = 4;
    let done = world.storage.add_members(operation("alice"), two).await.unwrap();
    let codes: Vec<i32> =
        done.result.members.iter().map(|item| item.error.as_ref().map_or(0, |error| error.code)).collect();
    assert_eq!(codes, [10013, 0, 10014]);
    let [bump] = &done.bumped[..] else { panic!("{:?}", done.bumped) };
    assert!(bump.user == id("dave") && matches!(bump.news, News::State(_)));
    let (fanout, summary) = done.entry.unwrap().large.unwrap();
    assert_eq!((fanout.member_version, summary.member_count), (version + 1, 4));
    let rules = world.storage.group_rules(group_id("team")).await.unwrap().unwrap();
    assert_eq!(rules.members[&id("dave")].visible_from, 3);
    appended(&world, "bob", "team").await;
    let (pages, held) = come_back(&world, "dave", "phone", held).await;
    assert_eq!(entries_of(&pages[0], "team"), [3, 4]);

    // Gone: nothing that comes later is his.
    let version = world.version(&group_id("team")).await;
    let remove =
        RemoveMember { group: group_id("team"), member: id("dave"), expected: version, refused: None };
    let done = world.storage.remove_member(operation("alice"), remove).await.unwrap();
    assert_eq!(done.bumped.len(), 1);
    appended(&world, "bob", "team").await;
    let (pages, held) = come_back(&world, "dave", "phone", held).await;
    let state = conversation_of(&pages[0].changes[0]).state.as_ref().unwrap();
    assert_eq!((state.left, state.head_seq), (true, 4));
    appended(&world, "bob", "team").await;
    assert!(come_back(&world, "dave", "phone", held).await.0[0].changes.is_empty());
    assert!(world.storage.group_heads(id("dave"), 0, 10).await.unwrap().heads.is_empty());

    // The owner leaves: the one who was there longest follows, and everybody is told by the notice.
    let version = world.version(&group_id("team")).await;
    let remove =
        RemoveMember { group: group_id("team"), member: id("alice"), expected: version, refused: None };
    let done = world.storage.remove_member(operation("alice"), remove).await.unwrap();
    assert_eq!(done.entry.unwrap().large.unwrap().1.owner, "bob");
    for (user, last) in [("bob", false), ("carol", true)] {
        let version = world.version(&group_id("team")).await;
        let remove =
            RemoveMember { group: group_id("team"), member: id(user), expected: version, refused: None };
        let done = world.storage.remove_member(operation(user), remove).await.unwrap();
        assert_eq!(done.entry.is_none(), last);
    }
    assert!(world.storage.group_rules(group_id("team")).await.unwrap().is_none());
}

pub(crate) async fn heads_are_bounded_and_name_the_members_groups_alone(world: World) {
    world.users(&["alice", "bob", "carol", "dave"]).await;
    for n in 0..5 {
        let others = if n == 4 { ["carol", "dave"] } else { ["bob", "carol"] };
        world.group("alice", &format!("g{n}"), GroupKind::Work, &others).await;
    }
    let since = world.storage.head(id("bob")).await.unwrap().groups;
    for n in [2, 0, 4, 1] {
        appended(&world, "alice", &format!("g{n}")).await;
    }
    let names = |heads: &[wire::GroupHead]| -> Vec<Option<wire::ConversationRef>> {
        heads.iter().map(|head| head.conversation.clone()).collect()
    };
    let all = world.storage.group_heads(id("bob"), since, 10).await.unwrap();
    assert_eq!(all.upto, since + 4);
    assert_eq!(names(&all.heads), ["g2", "g0", "g1"].map(|name| Some(group(name).to_wire())));
    assert!(all.heads.iter().all(|head| head.head_seq == 2));
    // The rest is asked for from where the first part ends.
    let first = world.storage.group_heads(id("bob"), since, 2).await.unwrap();
    assert_eq!((first.heads.len(), first.upto), (2, since + 2));
    let rest = world.storage.group_heads(id("bob"), first.upto, 2).await.unwrap();
    assert_eq!((names(&rest.heads), rest.upto), (vec![Some(group("g1").to_wire())], since + 4));
    let (upto, moved) = world.storage.moved_groups(since, 3).await.unwrap();
    assert_eq!((upto, moved.len(), moved[2].group.as_str()), (since + 3, 3, "g4"));
    let (upto, moved) = world.storage.moved_groups(upto, 3).await.unwrap();
    assert_eq!((upto, moved.len()), (since + 4, 1));
    assert_eq!(world.storage.group_head(group_id("g1")).await.unwrap().as_ref(), moved.first());
    assert!(world.storage.group_head(group_id("ghost")).await.unwrap().is_none());
    // A position of the future is no position.
    let nothing = world.storage.group_heads(id("bob"), u64::MAX, 10).await.unwrap();
    assert!(nothing.heads.is_empty() && nothing.upto == since + 4);
}

pub(crate) async fn large_groups_are_given_to_a_void_position_too(world: World) {
    world.users(&["alice", "bob", "carol"]).await;
    world.group("alice", "team", GroupKind::Work, &["bob", "carol"]).await;
    let (_, held) = come_back(&world, "bob", "phone", wire::Cursor::default()).await;
    appended(&world, "alice", "team").await;
    let head = world.storage.head(id("bob")).await.unwrap();
    let voids = [
        wire::Cursor { epoch: held.epoch ^ 1, ..held },
        wire::Cursor { version: u64::MAX, ..held },
        wire::Cursor { groups: u64::MAX, ..held },
    ];
    for void in voids {
        let (pages, to) = come_back(&world, "bob", "phone", void).await;
        assert!(pages[0].snapshot);
        assert_eq!((entries_of(&pages[0], "team"), to), (vec![1, 2], head));
        // Nothing had to be written for it, and the changes say so by themselves as well.
        assert_eq!(world.changes("bob", void, 0).await.to, Some(head));
    }
}

/// Small and large groups, marks, and devices that come back at any time with what they held: each then knows every head.
pub(crate) async fn devices_at_different_places_all_get_everything(world: World) {
    const NAMES: [&str; 5] = ["large0", "large1", "large2", "large3", "small"];
    let mut seed = 7_u64;
    let mut draw = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % below
    };
    world.users(&["alice", "bob", "carol"]).await;
    for name in NAMES {
        let members: &[&str] = if name == "small" { &["bob"] } else { &["bob", "carol"] };
        world.group("alice", name, GroupKind::Work, members).await;
    }
    let mut devices: Vec<(wire::Cursor, HashMap<Vec<u8>, u64>)> = vec![Default::default(); 4];
    for round in 0..240 {
        for _ in 0..draw(4) {
            appended(&world, ["alice", "bob"][draw(2)], NAMES[draw(NAMES.len())]).await;
        }
        if draw(4) == 0 {
            let name = NAMES[draw(NAMES.len())];
            let state = world.state("bob", &group(name)).await;
            world
                .storage
                .mark_read(operation("bob"), group(name), state.epoch, state.head_seq)
                .await
                .unwrap();
        }
        let at = draw(devices.len());
        let (pages, to) = come_back(&world, "bob", "device", devices[at].0).await;
        let (cursor, heads) = &mut devices[at];
        *cursor = to;
        for change in pages.iter().flat_map(|page| &page.changes) {
            let state = conversation_of(change).state.as_ref().unwrap();
            heads.insert(prost::Message::encode_to_vec(state.conversation.as_ref().unwrap()), state.head_seq);
        }
        for name in NAMES {
            let head = world.state("bob", &group(name)).await.head_seq;
            let key = prost::Message::encode_to_vec(&group(name).to_wire());
            assert_eq!(heads.get(&key), Some(&head), "round {round}, device {at}, {name}");
        }
    }
}
