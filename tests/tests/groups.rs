//! Groups: who is in, and what each may read.
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout)]

use whinchat_core::{Element, GroupId, GroupKind, GroupTipKind, NewGroup, UserId};
use whinchat_tests::device::{Device, conversation};
use whinchat_tests::stage::Stage;
use whinchat_tests::wait::eventually;

fn users(names: &[&str]) -> Vec<UserId> {
    names.iter().map(|name| UserId::new(name).unwrap()).collect()
}

async fn create(owner: &Device, members: &[&str]) -> GroupId {
    let new = NewGroup {
        id: Some(GroupId::new("team").unwrap()),
        kind: GroupKind::Work,
        name: "The team".into(),
        members: users(members),
    };
    let created = owner.client.groups().create(new).await.unwrap();
    assert!(created.members.iter().all(|(_, outcome)| outcome.is_ok()), "{:?}", created.members);
    created.id
}

#[tokio::test]
async fn everybody_in_a_group_reads_the_same() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;
    let carol = stage.device("carol").await;
    create(&alice, &["bob", "carol"]).await;
    alice.say("group_team", "welcome").await;
    bob.shows("group_team", &["welcome"]).await;
    bob.say("group_team", "thanks").await;
    carol.shows("group_team", &["welcome", "thanks"]).await;
    carol.say("group_team", "me too").await;
    for device in [&alice, &bob, &carol] {
        device.shows("group_team", &["welcome", "thanks", "me too"]).await;
        let shown = device.conversation("group_team").await;
        let group = shown.group.unwrap();
        assert_eq!((group.name.as_str(), group.owner.as_str(), group.member_count), ("The team", "alice", 3));
    }
    carol.has_unread("group_team", 2).await;
    alice.has_unread("group_team", 2).await;
}

#[tokio::test]
async fn a_member_reads_from_his_invitation_to_his_leaving() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;
    let carol = stage.device("carol").await;
    let team = create(&alice, &["bob"]).await;
    alice.say("group_team", "before carol").await;

    let dave = stage.device("dave").await;
    let refused = dave.send("group_team", "let me in").await.settled().await.unwrap_err();
    assert_eq!(refused.code, 10007, "no member, no voice");
    let invited = bob.client.groups().invite(&team, &users(&["carol", "bob", "nobody"])).await.unwrap();
    let codes: Vec<_> =
        invited.iter().map(|(_, outcome)| outcome.as_ref().err().map(|error| error.code)).collect();
    assert_eq!(codes, [None, Some(10013), Some(10019)]);
    alice.say("group_team", "with carol").await;
    carol.shows("group_team", &["with carol"]).await;
    carol.has_unread("group_team", 1).await;
    carol.say("group_team", "hello").await;
    bob.shows("group_team", &["before carol", "with carol", "hello"]).await;

    carol.client.groups().quit(&team).await.unwrap();
    alice.say("group_team", "without carol").await;
    bob.shows("group_team", &["before carol", "with carol", "hello", "without carol"]).await;
    let refused = carol.send("group_team", "one last word").await.settled().await.unwrap_err();
    assert_eq!(refused.code, 10007);
    let kept: Vec<_> = carol.history("group_team").await.into_iter().filter(|m| m.seq > 0).collect();
    let kept: Vec<_> = kept.iter().filter_map(|message| message.text()).collect();
    assert_eq!(kept, ["with carol", "hello"], "he keeps what he saw, and gets nothing more");
    eventually("carol's list says that she left", async || {
        carol.conversation("group_team").await.left.then_some(())
    })
    .await;

    let tips: Vec<_> = bob
        .history("group_team")
        .await
        .into_iter()
        .flat_map(|message| message.content.elements)
        .filter_map(|element| match element {
            Element::GroupTip { kind, operator, members, .. } => Some((kind, operator, members)),
            _ => None,
        })
        .collect();
    assert_eq!(
        tips,
        [
            (GroupTipKind::Invited, "alice".to_owned(), vec!["bob".to_owned()]),
            (GroupTipKind::Invited, "bob".to_owned(), vec!["carol".to_owned()]),
            (GroupTipKind::Quit, "carol".to_owned(), vec!["carol".to_owned()]),
        ]
    );
}

#[tokio::test]
async fn a_message_for_some_is_a_blank_for_the_others() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;
    let carol = stage.device("carol").await;
    create(&alice, &["bob", "carol"]).await;
    alice.say("group_team", "for all").await;
    let secret = whinchat_core::NewMessage::text("for bob").audience(users(&["bob"]));
    alice.say_message("group_team", secret).await;
    alice.say("group_team", "for all again").await;
    bob.shows("group_team", &["for all", "for bob", "for all again"]).await;
    carol.shows("group_team", &["for all", "for all again"]).await;
    bob.has_unread("group_team", 3).await;
    carol.has_unread("group_team", 2).await;
    alice.shows("group_team", &["for all", "for bob", "for all again"]).await;
}

#[tokio::test]
async fn an_invitation_reaches_a_member_who_was_offline() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;
    bob.proxy.offline();
    bob.offline().await;
    create(&alice, &["bob"]).await;
    for n in 0..10 {
        alice.say("group_team", &n.to_string()).await;
    }
    bob.proxy.restore();
    bob.shows("group_team", &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]).await;
    bob.has_unread("group_team", 10).await;
}

#[tokio::test]
async fn whoever_has_just_logged_in_can_create_a_group_at_once() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    for _ in 0..20 {
        alice.client.logout().await.unwrap();
        alice.log_in().await;
        let new = NewGroup { name: "At once".into(), ..NewGroup::default() };
        alice.client.groups().create(new).await.unwrap();
    }
}

#[tokio::test]
async fn everybody_sees_who_is_in_as_it_changes() {
    let stage = Stage::new().await;
    let alice = stage.device("alice").await;
    let bob = stage.device("bob").await;
    let carol = stage.device("carol").await;
    let team = create(&alice, &[]).await;
    let shown = alice.conversation("group_team").await;
    assert!(shown.active_ms > 0, "an empty group stands in the list where it was created");
    alice.client.groups().invite(&team, &users(&["bob", "carol"])).await.unwrap();
    let count = async |device: &Device, count: u32| {
        eventually(&format!("{} sees {count} members", device.user), async || {
            // The invitation may still be on its way.
            let shown = device.client.conversations().get(&conversation("group_team")).await.unwrap()?;
            (shown.group?.member_count == count).then_some(())
        })
        .await;
    };
    for device in [&alice, &bob, &carol] {
        count(device, 3).await;
    }
    // The longest-standing member takes over when the owner of such a group leaves.
    alice.client.groups().quit(&team).await.unwrap();
    for device in [&bob, &carol] {
        count(device, 2).await;
        assert_eq!(device.conversation("group_team").await.group.unwrap().owner, "bob");
    }
}
