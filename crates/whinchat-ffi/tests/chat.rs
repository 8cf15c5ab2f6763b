//! What an app does with it, over a real server.
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod stage;

use stage::{Ear, Stage, code, id, of, text, until, wait, with};
use whinchat_core::{
    ConnectionState, ConversationId, Element, Event, GroupKind, MessageState, NewGroup, Priority,
};
use whinchat_ffi::{ConversationUpdate, HistoryFrom, TimelineStart, TimelineUpdate};

#[test]
fn two_people_chat() {
    let stage = Stage::new();
    let (alice, bob) = (stage.user("alice"), stage.client("bob"));
    let mut events = Ear::new(&bob);
    wait(bob.login("bob".into(), String::new(), None)).unwrap();
    assert!(alice.is_accepted() && alice.user() == Some(id("alice")));
    assert_eq!(bob.connection(), ConnectionState::Connected);
    assert!(alice.server_time_ms().is_some());
    assert!(!alice.device_id().as_str().is_empty());

    let messages = alice.messages();
    let first = wait(messages.send_text(with("bob"), "one".into(), None)).unwrap();
    assert_eq!(first.message().id, first.id());
    assert_eq!(wait(first.settled(None)).unwrap().state, MessageState::Sent);
    assert_eq!(events.heard(), "one");

    let custom = Element::Custom { data: vec![0, 255], description: "d".into(), extension: "e".into() };
    let mut message = of(vec![Element::Text { text: "two".into() }, custom.clone()]);
    message.custom_data = vec![1, 2, 3];
    message.priority = Some(Priority::High);
    let begun = wait(messages.begin_send(with("bob"), message, None)).unwrap();
    let handle = wait(begun.durable(None)).unwrap();
    assert_eq!(wait(begun.durable(None)).unwrap().id(), begun.id(), "asked again, the same");
    wait(handle.settled(None)).unwrap();
    let received = events.find(|event| match event {
        Event::MessageReceived(message) => Some(message),
        _ => None,
    });
    assert_eq!(received.id, begun.id());
    assert_eq!(received.content.elements[1], custom);
    assert_eq!((received.content.custom_data, received.priority), (vec![1, 2, 3], Priority::High));

    assert_eq!(wait(bob.conversations().total_unread(None)).unwrap(), 2);
    wait(bob.conversations().mark_read(with("alice"), None)).unwrap();
    let shown = wait(bob.conversations().get(with("alice"), None)).unwrap().unwrap();
    assert_eq!((shown.unread, shown.last_message.unwrap().id), (0, begun.id()));

    let newest = wait(bob.messages().history(with("alice"), HistoryFrom::Newest, 1, None)).unwrap();
    assert_eq!(newest.messages[0].id, begun.id());
    let from = HistoryFrom::Older { before: begun.id() };
    let older = wait(bob.messages().history(with("alice"), from, 10, None)).unwrap();
    assert_eq!(older.messages[0].text(), Some("one"));
    assert!(older.complete);
    let from = HistoryFrom::Newer { after: older.messages[0].id.clone() };
    let newer = wait(bob.messages().history(with("alice"), from, 10, None)).unwrap();
    assert_eq!(newer.messages[0].id, begun.id());

    let page = wait(bob.conversations().list(None, 10, None)).unwrap();
    assert_eq!((page.items.len(), page.next), (1, None));
    wait(bob.messages().delete(with("alice"), vec![begun.id()], None)).unwrap();
    assert!(wait(bob.messages().get(begun.id(), None)).unwrap().is_none());
    wait(bob.conversations().clear_history(with("alice"), None)).unwrap();
    wait(bob.conversations().set_typing(with("alice"), true, None)).unwrap();
    until("everything reaches the server", || bob.is_drained() && alice.is_drained());
    assert_eq!(code(wait(handle.cancel_send(None))), 8020, "too late to take back");
}

#[test]
fn groups_tell_the_outcome_for_each_member() {
    let stage = Stage::new();
    let (alice, bob) = (stage.user("alice"), stage.user("bob"));
    let group = NewGroup {
        id: None,
        kind: GroupKind::Work,
        name: "a group".into(),
        members: vec![id("bob"), id("nobody")],
    };
    let created = wait(alice.groups().create(group, None)).unwrap();
    let errors: Vec<i32> =
        created.members.iter().map(|member| member.error.as_ref().map_or(0, |error| error.code)).collect();
    assert_eq!(errors, [0, 10019]);
    let invited = wait(alice.groups().invite(created.id.clone(), vec![id("bob")], None)).unwrap();
    assert_eq!(invited[0].error.as_ref().map(|error| error.name.as_str()), Some("group.already_member"));
    let conversation = ConversationId::Group(created.id.clone());
    wait(alice.messages().send(conversation.clone(), text("to all"), None)).unwrap();
    until("the group is in the list", || {
        let known = wait(bob.conversations().get(conversation.clone(), None)).unwrap();
        known.is_some_and(|known| known.unread > 0)
    });
    wait(bob.groups().quit(created.id.clone(), None)).unwrap();
    assert_eq!(code(wait(bob.groups().quit(created.id, None))), 10007);
}

#[test]
fn lists_and_timelines_follow_what_happens() {
    let mut stage = Stage::new();
    let (alice, bob) = (stage.user("alice"), stage.user("bob"));
    for n in 0..3 {
        let handle = wait(alice.messages().send_text(with("bob"), format!("{n}"), None)).unwrap();
        wait(handle.settled(None)).unwrap();
    }
    until("bob has them", || wait(bob.conversations().total_unread(None)).unwrap() == 3);
    let list = bob.conversations().observe(10).unwrap();
    let first = wait(list.next(0, None)).unwrap().unwrap();
    let ConversationUpdate::Snapshot { items, has_more: false } = first.update else { panic!("{first:?}") };
    assert_eq!(items[0].unread, 3);

    let start = TimelineStart::Newest { limit: 2 };
    let timeline = wait(bob.messages().observe(with("alice"), start, None)).unwrap();
    let mut shown = Vec::new();
    let mut taken = 0;
    let mut snapshots = 0;
    let mut follow = |until: &dyn Fn(&[String], i32) -> bool| {
        while !until(&shown, snapshots) {
            let news = wait(timeline.next(taken, None)).unwrap().expect("more");
            taken = news.number;
            let say = |message: &whinchat_core::Message| message.text().unwrap_or_default().to_owned();
            match news.update {
                TimelineUpdate::Snapshot { items, .. } => {
                    snapshots += 1;
                    shown = items.iter().map(say).collect();
                }
                TimelineUpdate::Changes { diffs, .. } => {
                    for diff in diffs {
                        use whinchat_ffi::MessageDiff::{Insert, Move, Remove, Update};
                        match diff {
                            Insert { index, item } => shown.insert(index as usize, say(&item)),
                            Remove { index } => drop(shown.remove(index as usize)),
                            Update { index, item } => shown[index as usize] = say(&item),
                            Move { from, to, item } => {
                                shown.remove(from as usize);
                                shown.insert(to as usize, say(&item));
                            }
                        }
                    }
                }
                TimelineUpdate::Reset => panic!("nobody has logged out"),
            }
        }
    };
    follow(&|shown, _| shown == ["1", "2"]);
    timeline.grow_older(5);
    follow(&|shown, _| shown == ["0", "1", "2"]);
    wait(alice.messages().send_text(with("bob"), "3".into(), None)).unwrap();
    follow(&|shown, _| shown == ["0", "1", "2", "3"]);
    stage.shut();
    wait(bob.messages().send_text(with("alice"), "offline".into(), None)).unwrap();
    follow(&|shown, _| shown.last().is_some_and(|last| last == "offline"));
    timeline.grow_newer(1);
    timeline.newest();
    follow(&|shown, snapshots| snapshots == 2 && shown.last().is_some_and(|last| last == "offline"));

    wait(bob.logout(None)).unwrap();
    let last = loop {
        match wait(timeline.next(taken, None)).unwrap() {
            Some(news) => taken = news.number,
            None => break taken,
        }
    };
    assert!(wait(timeline.next(last, None)).unwrap().is_none(), "over is over");
    list.grow(1);
    list.stop();
    assert!(wait(list.next(first.number, None)).unwrap().is_none());
}

#[test]
fn a_device_works_offline_sleeps_and_changes_its_user() {
    let mut stage = Stage::new();
    let (alice, bob) = (stage.user("alice"), stage.user("bob"));
    let mut events = Ear::new(&bob);
    stage.shut();
    let handle = wait(alice.messages().send(with("bob"), text("later"), None)).unwrap();
    assert!(!alice.is_drained());
    wait(alice.pause(None)).unwrap();
    assert_eq!(alice.connection(), ConnectionState::Paused);
    assert_eq!(code(wait(alice.conversations().total_unread(None))), 7014);
    stage.open();
    wait(alice.resume(None)).unwrap();
    alice.set_foreground(false);
    alice.set_foreground(true);
    alice.network_changed();
    assert_eq!(wait(handle.settled(None)).unwrap().state, MessageState::Sent, "over the sleep");
    assert_eq!(events.heard(), "later");
    until("a heartbeat", || alice.heartbeats().answered > 0);

    wait(alice.logout(None)).unwrap();
    assert_eq!((alice.user(), alice.connection()), (None, ConnectionState::LoggedOut));
    let attempt = wait(alice.begin_login("carol".into(), String::new(), None)).unwrap();
    assert_eq!(alice.user(), Some(id("carol")), "the local session is open");
    wait(attempt.accepted(None)).unwrap();
    wait(attempt.accepted(None)).unwrap();
    wait(alice.renew(String::new(), None)).unwrap();
    assert!(wait(alice.conversations().list(None, 10, None)).unwrap().items.is_empty());
    wait(alice.shutdown(None)).unwrap();
}

#[test]
fn a_reader_who_comes_late_gets_everything_in_order_and_in_few_batches() {
    const MESSAGES: usize = 1_000;
    let stage = Stage::new();
    let (alice, bob) = (stage.user("alice"), stage.user("bob"));
    let events = bob.events();
    let begun: Vec<_> = (0..MESSAGES)
        .map(|n| wait(alice.messages().begin_send(with("bob"), text(&n.to_string()), None)).unwrap())
        .collect();
    wait(wait(begun[MESSAGES - 1].durable(None)).unwrap().settled(None)).unwrap();
    until("bob has them all", || wait(bob.conversations().total_unread(None)).unwrap() == MESSAGES as u64);
    let (mut heard, mut batches, mut taken) = (Vec::new(), 0, 0);
    while heard.len() < MESSAGES {
        let batch = wait(events.next(taken, 512, None)).unwrap().unwrap();
        assert!((1..=512).contains(&batch.events.len()));
        (taken, batches) = (batch.number, batches + 1);
        heard.extend(batch.events.into_iter().filter_map(|event| match event {
            Event::MessageReceived(message) => message.text().unwrap().parse::<usize>().ok(),
            _ => None,
        }));
    }
    assert!(heard.into_iter().eq(0..MESSAGES));
    assert!(batches < MESSAGES / 16, "{batches} batches");
}
