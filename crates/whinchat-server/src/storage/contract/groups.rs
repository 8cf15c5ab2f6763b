//! Membership.

use whinchat_proto::wire;

use super::World;
use super::world::{code, group, group_id, id, message, operation};
use crate::storage::{AddMembers, Denied, GroupKind, NewGroup, News, RemoveMember, Role};

fn remove(name: &str, member: &str, expected: u64) -> RemoveMember {
    RemoveMember { group: group_id(name), member: id(member), expected, refused: None }
}

fn add(name: &str, users: &[&str], expected: u64) -> AddMembers {
    let users = users.iter().map(|name| id(name)).collect();
    AddMembers { group: group_id(name), users, expected, capacity: 100, refused: None }
}

pub(crate) async fn nobody_gets_a_last_word_in(world: World) {
    world.users(&["owner", "bob", "carol"]).await;
    for round in 0..12 {
        let name = format!("team{round}");
        world.group("owner", &name, GroupKind::Work, &["bob", "carol"]).await;
        let version = world.version(&group_id(&name)).await;
        let sending = {
            let (world, name) = (world.clone(), name.clone());
            tokio::spawn(async move {
                let (mut said, mut refused) = (Vec::new(), 0);
                while refused < 5 {
                    let mut message = message("bob", group(&name), 10);
                    message.expected = Some(version);
                    match world.append(message).await {
                        Ok(appended) => said.push(appended.result.seq),
                        Err(Denied::Stale) => refused += 1,
                        Err(other) => panic!("{other:?}"),
                    }
                }
                said
            })
        };
        for _ in 0..round {
            tokio::task::yield_now().await;
        }
        let gone =
            world.storage.remove_member(operation("owner"), remove(&name, "bob", version)).await.unwrap();
        let said = sending.await.unwrap();
        let left = world.state("bob", &group(&name)).await;
        assert!(left.left);
        assert!(said.iter().all(|seq| *seq <= left.head_seq), "a word after the end");
        assert_eq!(gone.entry.unwrap().entry.seq, left.head_seq + 1);
        let kept = world.everything("bob", &group(&name)).await;
        assert_eq!(kept.last().unwrap().seq, left.head_seq);
        let rest = world.page("bob", &group(&name), left.epoch, left.head_seq + 1, left.head_seq + 1).await;
        assert!(rest.entries.is_empty() && rest.state.is_some());
    }
}

pub(crate) async fn windows_open_and_close_with_membership(world: World) {
    world.users(&["owner", "bob", "carol"]).await;
    for (name, kind) in [("work", GroupKind::Work), ("meet", GroupKind::Meeting)] {
        let open = kind == GroupKind::Meeting;
        world.group("owner", name, kind, &["bob"]).await;
        world.say("owner", &group(name)).await;
        let version = world.version(&group_id(name)).await;
        let done =
            world.storage.add_members(operation("owner"), add(name, &["carol"], version)).await.unwrap();
        assert!(done.bumped.iter().any(|b| b.user == id("carol") && matches!(b.news, News::State(_))));
        let state = world.state("carol", &group(name)).await;
        assert_eq!((state.visible_from, state.head_seq), (if open { 1 } else { 3 }, 3));
        assert_eq!(state.floor.unwrap().counted, state.counted);
        assert_eq!(world.everything("carol", &group(name)).await.len(), if open { 3 } else { 1 });

        world.say("carol", &group(name)).await;
        let version = world.version(&group_id(name)).await;
        world.storage.remove_member(operation("carol"), remove(name, "carol", version)).await.unwrap();
        world.say("owner", &group(name)).await;
        let state = world.state("carol", &group(name)).await;
        assert_eq!((state.left, state.head_seq, state.counted), (true, 4, 2));
        assert_eq!(world.everything("carol", &group(name)).await.last().unwrap().seq, 4);

        // Back again: a new window, his own total goes on.
        let version = world.version(&group_id(name)).await;
        world.storage.add_members(operation("owner"), add(name, &["carol"], version)).await.unwrap();
        let state = world.state("carol", &group(name)).await;
        assert_eq!((state.left, state.visible_from, state.head_seq), (false, if open { 1 } else { 7 }, 7));
        assert_eq!(world.say("carol", &group(name)).await.counted_by_sender, 2);
    }
    // The owner of a Work group leaves: the one who has been there longest follows.
    let version = world.version(&group_id("work")).await;
    world.storage.remove_member(operation("owner"), remove("work", "owner", version)).await.unwrap();
    let rules = world.storage.group_rules(group_id("work")).await.unwrap().unwrap();
    assert_eq!((rules.role(&id("bob")), rules.members.len()), (Some(Role::Owner), 2));
    let summary = world.state("carol", &group("work")).await.group.unwrap();
    assert_eq!((summary.owner.as_str(), summary.member_count), ("bob", 2));
    for user in ["bob", "carol"] {
        let version = world.version(&group_id("work")).await;
        world.storage.remove_member(operation(user), remove("work", user, version)).await.unwrap();
    }
    assert!(world.storage.group_rules(group_id("work")).await.unwrap().is_none());
}

pub(crate) async fn operations_are_done_once(world: World) {
    world.users(&["owner", "bob", "carol"]).await;
    let create = operation("owner");
    let new = NewGroup {
        id: group_id("team"),
        kind: GroupKind::Work,
        name: "Team".into(),
        members: vec![id("bob"), id("ghost")],
        capacity: 100,
    };
    let first = world.storage.create_group(create.clone(), new.clone()).await.unwrap();
    let second = world.storage.create_group(create.clone(), new).await.unwrap();
    assert_eq!(first.result, second.result);
    assert_eq!((first.bumped.len(), second.bumped.len()), (2, 0));

    let invite = operation("bob");
    let version = world.version(&group_id("team")).await;
    let first = world.storage.add_members(invite.clone(), add("team", &["carol"], version)).await.unwrap();
    let mut refused = add("team", &["carol"], version);
    refused.refused = Some(whinchat_proto::error::ErrorCode::NotMember);
    // The rules say no by now; what was done stays done.
    let second = world.storage.add_members(invite, refused).await.unwrap();
    assert_eq!(first.result, second.result);
    assert!(second.bumped.is_empty());

    let quit = operation("carol");
    for _ in 0..2 {
        let version = world.version(&group_id("team")).await;
        world.storage.remove_member(quit.clone(), remove("team", "carol", version)).await.unwrap();
    }
    assert_eq!(world.state("owner", &group("team")).await.head_seq, 3);
    // An id that another kind of request has used is a mistake, not a repetition.
    let version = world.version(&group_id("team")).await;
    let clash = world.storage.remove_member(create, remove("team", "owner", version)).await;
    assert_eq!(code(&clash.unwrap_err()), 6017);

    // Forgotten after their time, in steps.
    let later = i64::MAX;
    assert_eq!(world.storage.prune_operations(0, 10).await.unwrap(), 0);
    assert_eq!(world.storage.prune_operations(later, 2).await.unwrap(), 2);
    assert_eq!(world.storage.prune_operations(later, 10).await.unwrap(), 1);
}

pub(crate) async fn a_full_group_takes_nobody(world: World) {
    world.users(&["owner", "bob", "carol"]).await;
    world.group("owner", "team", GroupKind::Work, &["bob"]).await;
    let version = world.version(&group_id("team")).await;
    let mut full = add("team", &["bob", "carol", "ghost"], version);
    full.capacity = 2;
    let done = world.storage.add_members(operation("owner"), full).await.unwrap();
    let codes: Vec<i32> = done.result.members.iter().map(|m| m.error.as_ref().unwrap().code).collect();
    assert_eq!(codes, [10013, 10014, 10019]);
    assert!(done.entry.is_none() && done.bumped.is_empty());
    assert_eq!(world.version(&group_id("team")).await, version);
}

pub(crate) async fn stale_rules_change_nothing(world: World) {
    world.users(&["owner", "bob"]).await;
    world.group("owner", "team", GroupKind::Work, &[]).await;
    let version = world.version(&group_id("team")).await;
    let stale = world.storage.add_members(operation("owner"), add("team", &["bob"], version + 1)).await;
    assert_eq!(stale.unwrap_err(), Denied::Stale);
    let stale = world.storage.remove_member(operation("owner"), remove("team", "owner", version + 1)).await;
    assert_eq!(stale.unwrap_err(), Denied::Stale);
    let taken = NewGroup {
        id: group_id("team"),
        kind: GroupKind::Work,
        name: "x".into(),
        members: vec![],
        capacity: 9,
    };
    let own = world.storage.create_group(operation("owner"), taken.clone()).await;
    assert_eq!(code(&own.unwrap_err()), 10025);
    assert_eq!(code(&world.storage.create_group(operation("bob"), taken).await.unwrap_err()), 10021);
    let state: wire::ConversationState = world.state("owner", &group("team")).await;
    assert_eq!((state.head_seq, state.group.unwrap().member_count), (0, 1));
}
