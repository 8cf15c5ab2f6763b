//! Groups: life, rights, windows, audiences.

use whinchat_proto::wire;
use whinchat_proto::wire::request::Body as Ask;
use whinchat_proto::wire::response::Body as Answer;

use crate::device::{Device, Host, entry_of, group, pages, text, text_of, unique, user};

fn create(id: &str, kind: &str, members: &[&str]) -> wire::CreateGroup {
    wire::CreateGroup {
        group_id: id.into(),
        kind: kind.into(),
        name: "A group".into(),
        members: members.iter().map(|m| (*m).to_owned()).collect(),
    }
}

async fn created(device: &mut Device, group: wire::CreateGroup) -> wire::CreateGroupResult {
    match device.request(Ask::CreateGroup(group)).await.body.unwrap() {
        Answer::CreateGroup(result) => result,
        other => panic!("not created: {other:?}"),
    }
}

async fn invited(device: &mut Device, id: &str, users: &[&str]) -> Vec<i32> {
    let users = users.iter().map(|u| (*u).to_owned()).collect();
    let ask = Ask::InviteMembers(wire::InviteMembers { group_id: id.into(), users });
    match device.request(ask).await.body.unwrap() {
        Answer::InviteMembers(result) => {
            result.members.iter().map(|m| m.error.as_ref().map_or(0, |e| e.code)).collect()
        }
        Answer::Error(error) => vec![error.code],
        other => panic!("{other:?}"),
    }
}

async fn quit(device: &mut Device, id: &str) -> i32 {
    device.code(Ask::QuitGroup(wire::QuitGroup { group_id: id.into() })).await
}

async fn state_of(device: &mut Device, id: &str) -> wire::ConversationState {
    let ask = Ask::GetConversations(wire::GetConversations { conversations: vec![group(id)] });
    match device.request(ask).await.body.unwrap() {
        Answer::GetConversations(result) => result.items[0].change.clone().unwrap().state.unwrap(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_group_from_its_first_day_to_its_last() {
    let host = Host::start().await;
    let mut owner = host.device("owner").await;
    let mut bob = host.device("bob").await;
    let mut carol = host.device("carol").await;
    let operation = unique();
    owner
        .ask_as(operation.clone(), Ask::CreateGroup(create("team", "work", &["bob", "ghost", "owner"])))
        .await;
    let Answer::CreateGroup(result) = owner.response().await.body.unwrap() else { panic!("not created") };
    let codes: Vec<_> = result.members.iter().map(|m| m.error.as_ref().map_or(0, |e| e.code)).collect();
    assert_eq!(codes, [0, 10019, 10013]);
    let conversation = result.conversation.unwrap();
    assert_eq!(conversation.entries.len(), 1);
    let summary = conversation.state.unwrap().group.unwrap();
    assert_eq!((summary.kind.as_str(), summary.owner.as_str(), summary.member_count), ("Work", "owner", 2));
    // The same operation again: the same answer, no second group.
    owner.ask_as(operation, Ask::CreateGroup(create("team", "work", &["bob"]))).await;
    let Answer::CreateGroup(again) = owner.response().await.body.unwrap() else { panic!("not repeated") };
    assert_eq!(again.members.len(), 3);
    assert!(again.conversation.is_some());
    assert_eq!(owner.code(Ask::CreateGroup(create("team", "Work", &[]))).await, 10025);
    assert_eq!(bob.code(Ask::CreateGroup(create("team", "Work", &[]))).await, 10021);
    let push = bob.push().await;
    assert!(matches!(push.body, Some(wire::push::Body::Conversation(_))));

    bob.send_text(group("team"), "hi all").await;
    assert_eq!(text_of(entry_of(&owner.push().await)), "hi all");
    // A member brings in another, who sees nothing of before.
    assert_eq!(invited(&mut bob, "team", &["carol", "bob", "ghost"]).await, [0, 10013, 10019]);
    let push = carol.push().await;
    let Some(wire::push::Body::Conversation(change)) = &push.body else { panic!("{push:?}") };
    let state = change.state.as_ref().unwrap();
    assert_eq!((state.visible_from, state.head_seq, state.floor.unwrap().seq), (3, 3, 2));
    assert_eq!(state.floor.unwrap().counted, 1);
    let range = wire::EntryRange { conversation: Some(group("team")), epoch: state.epoch, from: 1, to: 3 };
    let fetch = Ask::FetchEntries(wire::FetchEntries { ranges: vec![range] });
    let Answer::FetchEntries(result) = carol.request(fetch).await.body.unwrap() else { panic!("refused") };
    let page = &pages(&result)[0];
    assert_eq!((page.entries.len(), page.entries[0].seq), (1, 3));
    assert_eq!(page.state.as_ref().unwrap().visible_from, 3);

    // The owner leaves; the one who has been there longest follows him.
    assert_eq!(quit(&mut owner, "team").await, 0);
    let left = state_of(&mut owner, "team").await;
    assert_eq!((left.left, left.head_seq), (true, 3));
    assert_eq!(owner.code(Ask::SendMessage(text(group("team"), "one last word"))).await, 10007);
    assert_eq!(quit(&mut owner, "team").await, 10007);
    assert_eq!(state_of(&mut carol, "team").await.group.unwrap().owner, "bob");
    assert_eq!(quit(&mut bob, "team").await, 0);
    assert_eq!(quit(&mut carol, "team").await, 0);
    assert_eq!(invited(&mut carol, "team", &["bob"]).await, [10010]);
    assert_eq!(carol.code(Ask::SendMessage(text(group("team"), "hello?"))).await, 10010);
    // What he saw stays his.
    assert_eq!(state_of(&mut owner, "team").await.head_seq, 3);
}

#[tokio::test]
async fn kinds_differ_in_who_may_do_what() {
    let host = Host::start().await;
    let mut owner = host.device("owner").await;
    let mut bob = host.device("bob").await;
    drop(host.device("carol").await);
    for (kind, id) in [("Public", "pub"), ("Meeting", "meet")] {
        created(&mut owner, create(id, kind, &["bob"])).await;
        bob.push().await;
        assert_eq!(invited(&mut bob, id, &["carol"]).await, [10007]);
        assert_eq!(invited(&mut owner, id, &["carol"]).await, [10007]);
        assert_eq!(quit(&mut owner, id).await, 10009);
        assert_eq!(quit(&mut bob, id).await, 0);
    }
    for (code, group) in [
        (7013, create("x", "AVChatRoom", &[])),
        (7013, create("x", "Community", &[])),
        (10004, create("x", "Club", &[])),
        (8501, create("@TGS#x", "Work", &[])),
        (8501, create("\u{e4}", "Work", &[])),
        (8502, wire::CreateGroup { name: String::new(), ..create("x", "Work", &[]) }),
        (8502, wire::CreateGroup { name: "n".repeat(101), ..create("x", "Work", &[]) }),
        (10005, create("x", "Work", &["bob"; 21])),
        (7003, create("x", "Work", &[""])),
    ] {
        assert_eq!(owner.code(Ask::CreateGroup(group)).await, code);
    }
    let named = created(&mut owner, create("", "Work", &[])).await;
    assert!(named.group_id.starts_with("@TGS#"));
    assert_eq!(invited(&mut owner, &named.group_id, &[]).await, [10004]);
    assert_eq!(invited(&mut owner, &named.group_id, &["bob"; 21]).await, [10005]);
}

#[tokio::test]
async fn meetings_count_nothing_as_unread() {
    let host = Host::start().await;
    let mut owner = host.device("owner").await;
    let mut bob = host.device("bob").await;
    created(&mut owner, create("meet", "Meeting", &["bob"])).await;
    bob.push().await;
    let sent = owner.send_text(group("meet"), "welcome").await;
    assert_eq!((sent.seq, sent.counted), (2, 0));
    let push = bob.push().await;
    let Some(wire::entry::Body::Message(message)) = &entry_of(&push).body else { panic!("{push:?}") };
    assert!(message.envelope.as_ref().unwrap().excluded_from_unread);
}

#[tokio::test]
async fn who_is_not_in_the_audience_gets_a_blank() {
    let host = Host::start().await;
    let mut owner = host.device("owner").await;
    let mut bob = host.device("bob").await;
    let mut carol = host.device("carol").await;
    created(&mut owner, create("team", "Work", &["bob", "carol"])).await;
    bob.push().await;
    carol.push().await;
    let mut message = text(group("team"), "for bob alone");
    message.envelope.as_mut().unwrap().audience = vec!["bob".into()];
    let response = owner.request(Ask::SendMessage(message)).await;
    assert_ne!(response.version, 0);
    assert_eq!(text_of(entry_of(&bob.push().await)), "for bob alone");
    let push = carol.push().await;
    let entry = entry_of(&push);
    assert_eq!(entry.body, Some(wire::entry::Body::Blank(wire::Blank { counted: true })));
    assert_eq!((entry.seq, entry.time_ms, entry.counted, entry.counted_by_sender), (2, 0, 1, 0));
    let state = state_of(&mut carol, "team").await;
    assert_eq!((state.head_seq, state.counted, state.excepted.as_slice()), (2, 1, [2].as_slice()));
    assert!(state_of(&mut bob, "team").await.excepted.is_empty());
    let range = wire::EntryRange { conversation: Some(group("team")), epoch: state.epoch, from: 2, to: 2 };
    let fetch = Ask::FetchEntries(wire::FetchEntries { ranges: vec![range] });
    let Answer::FetchEntries(result) = carol.request(fetch).await.body.unwrap() else { panic!("refused") };
    assert_eq!(&pages(&result)[0].entries[0], entry);
    // Online only, with an audience: the others hear nothing.
    let mut message = text(group("team"), "psst");
    message.online_only = true;
    message.envelope.as_mut().unwrap().audience = vec!["bob".into()];
    owner.request(Ask::SendMessage(message)).await;
    assert!(matches!(bob.push().await.body, Some(wire::push::Body::Ephemeral(_))));
    owner.send_text(user("carol"), "direct").await;
    assert_eq!(text_of(entry_of(&carol.push().await)), "direct");
}

#[tokio::test]
async fn a_refused_message_stays_out_when_its_sender_is_let_in_before_he_hears_of_it() {
    let host = Host::start().await;
    let mut owner = host.device("owner").await;
    let mut dave = host.device("dave").await;
    created(&mut owner, create("team", "work", &[])).await;
    let early = text(group("team"), "too early");
    assert_eq!(dave.code(Ask::SendMessage(early.clone())).await, 10007);
    assert_eq!(invited(&mut owner, "team", &["dave"]).await, [0]);
    assert_eq!(dave.code(Ask::SendMessage(text(group("team"), "in time"))).await, 0);
    // The answer was lost, so the device sends it again: it would stand behind what was said after it.
    assert_eq!(dave.code(Ask::SendMessage(early.clone())).await, 10007);
    // Asked for again by the user, it is a new try.
    assert_eq!(dave.code(Ask::SendMessage(wire::SendMessage { again: true, ..early })).await, 0);
}
