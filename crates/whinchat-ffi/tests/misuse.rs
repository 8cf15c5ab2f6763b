//! What an app does wrong: an error with a number each, and the next call works.
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod stage;

use std::sync::Arc;
use std::thread;

use stage::{Ear, Stage, code, config, of, text, until, wait, with};
use whinchat_core::{Element, MessageId, NewGroup};
use whinchat_ffi::{Client, ClientConfig, HistoryFrom, TimelineStart, encoded_size, inbox_put};

#[test]
fn settings_that_cannot_work_are_refused_by_number() {
    let stage = Stage::new();
    let good = stage.config("device");
    let file = stage.path("file");
    std::fs::write(&file, "in the way").unwrap();
    let refused = |change: &dyn Fn(&mut ClientConfig)| {
        let mut config = good.clone();
        change(&mut config);
        code(Client::new(config))
    };
    assert_eq!(refused(&|config| config.server.clear()), 6017);
    assert_eq!(refused(&|config| config.server = "http://x".into()), 6017);
    assert_eq!(refused(&|config| config.app_id = 0), 6017);
    assert_eq!(refused(&|config| config.data_dir.clear()), 6017);
    assert_eq!(refused(&|config| config.device_id = Some("\u{fc}".into())), 6017);
    assert_eq!(refused(&|config| config.ca_pem = Some(vec![1, 2, 3])), 6017);
    assert_eq!(refused(&|config| config.database_key = Some(vec![7; 32])), 7013);
    assert_eq!(refused(&|config| config.data_dir = file.join("below").to_str().unwrap().into()), 6022);
    assert_eq!(refused(&|config| config.data_dir = "/proc/whinchat".into()), 6022);
    assert_eq!(refused(&|config| config.data_dir = "a\0b".into()), 6022);

    let first = Client::new(good.clone()).unwrap();
    assert_eq!(code(Client::new(good.clone())), 6005, "two clients on one folder");
    wait(first.shutdown(None)).unwrap();
    drop(Client::new(good.clone()).unwrap());
    drop(Client::new(good).unwrap());
}

#[test]
fn parameters_that_cannot_be_are_refused_by_number() {
    let stage = Stage::new();
    let alice = stage.user("alice");
    let (messages, conversations, groups) = (alice.messages(), alice.conversations(), alice.groups());
    let unknown = MessageId::parse(&format!("{:032x}-{:016x}", 1, 2)).unwrap();
    let send = |message| code(wait(messages.send(with("bob"), message, None)));
    assert_eq!(send(text("")), 6017);
    assert_eq!(send(of(Vec::new())), 6017);
    assert_eq!(send(of(vec![Element::Unknown])), 6016);
    let large = text(&"x".repeat(40_000));
    assert!(encoded_size(large.clone()) > 40_000);
    assert_eq!(send(large), 8001);
    assert_eq!(code(wait(messages.send_text(with("alice"), "to myself".into(), None))), 6011);
    assert_eq!(code(wait(messages.retry(unknown.clone(), None))), 7011);
    assert_eq!(code(wait(messages.cancel_send(unknown, None))), 7011);
    assert_eq!(code(wait(messages.delete(with("bob"), Vec::new(), None))), 6017);
    assert_eq!(code(wait(messages.history(with("bob"), HistoryFrom::Newest, 0, None))), 6017);
    assert_eq!(code(wait(messages.history(with("bob"), HistoryFrom::Newest, u32::MAX, None))), 6017);
    let start = TimelineStart::Newest { limit: 0 };
    assert_eq!(code(wait(messages.observe(with("bob"), start, None))), 6017);
    assert_eq!(code(wait(conversations.list(None, 101, None))), 6017);
    assert_eq!(code(conversations.observe(0)), 6017);
    assert_eq!(code(wait(conversations.set_typing(with("alice"), true, None))), 6011);
    assert_eq!(code(wait(groups.create(NewGroup::default(), None))), 8502);
    let events = alice.events();
    for max in [0, 513, u32::MAX] {
        assert_eq!(code(wait(events.next(0, max, None))), 6017);
    }
    assert_eq!(code(wait(events.next(7, 1, None))), 6017, "no such batch was given");
    assert_eq!(code(wait(alice.login("bob".into(), String::new(), None))), 7014);
    assert_eq!(code(wait(alice.login(String::new(), String::new(), None))), 7003);
    assert_eq!(code(wait(alice.login("alice".into(), "nonsense".into(), None))), 70003);
    let folder = stage.path("alice").to_str().unwrap().to_owned();
    assert_eq!(code(inbox_put(folder, stage::APP_ID, "alice".into(), vec![1, 2, 3])), 6017);
    assert!(wait(messages.send(with("bob"), text("all is well"), None)).is_ok());
}

#[test]
fn everything_fails_with_its_number_once_the_client_is_closed() {
    let stage = Stage::new();
    let (client, _bob) = (stage.user("alice"), stage.user("bob"));
    let (messages, conversations, groups) = (client.messages(), client.conversations(), client.groups());
    let mut events = Ear::new(&client);
    let list = conversations.observe(5).unwrap();
    let start = TimelineStart::Newest { limit: 5 };
    let timeline = wait(messages.observe(with("bob"), start.clone(), None)).unwrap();
    let handle = wait(messages.send(with("bob"), text("one"), None)).unwrap();
    wait(handle.settled(None)).unwrap();
    wait(client.shutdown(None)).unwrap();
    wait(client.shutdown(None)).unwrap();

    let id = handle.id();
    let codes = [
        code(wait(client.login("alice".into(), String::new(), None))),
        code(wait(client.begin_login("alice".into(), String::new(), None))),
        code(wait(client.renew(String::new(), None))),
        code(wait(client.pause(None))),
        code(wait(client.resume(None))),
        code(wait(messages.send(with("bob"), text("two"), None))),
        code(wait(messages.send_text(with("bob"), "two".into(), None))),
        code(wait(messages.begin_send(with("bob"), text("two"), None))),
        code(wait(messages.observe(with("bob"), start, None))),
        code(wait(messages.retry(id.clone(), None))),
        code(wait(messages.cancel_send(id.clone(), None))),
        code(wait(messages.delete(with("bob"), vec![id.clone()], None))),
        code(wait(messages.get(id, None))),
        code(wait(messages.history(with("bob"), HistoryFrom::Newest, 1, None))),
        code(wait(conversations.list(None, 1, None))),
        code(conversations.observe(1)),
        code(wait(conversations.get(with("bob"), None))),
        code(wait(conversations.mark_read(with("bob"), None))),
        code(wait(conversations.clear_history(with("bob"), None))),
        code(wait(conversations.set_typing(with("bob"), true, None))),
        code(wait(conversations.total_unread(None))),
        code(wait(groups.create(NewGroup::default(), None))),
        code(wait(groups.invite("g".parse().unwrap(), Vec::new(), None))),
        code(wait(groups.quit("g".parse().unwrap(), None))),
    ];
    assert_eq!(codes, [6013; 24]);
    assert_eq!(code(wait(client.logout(None))), 0, "nobody is logged in");
    while events.next().is_some() {}
    let mut taken = 0;
    while let Some(news) = wait(list.next(taken, None)).unwrap() {
        taken = news.number;
    }
    taken = 0;
    while let Some(news) = wait(timeline.next(taken, None)).unwrap() {
        taken = news.number;
    }
    client.set_foreground(true);
    client.network_changed();
    assert!(!client.is_accepted() && client.user().is_none() && client.is_drained());
}

#[test]
fn closing_ends_the_calls_that_run() {
    let mut stage = Stage::new();
    let client = stage.user("alice");
    stage.shut();
    let handle = wait(client.messages().send(with("bob"), text("never"), None)).unwrap();
    let (events, list) = (client.events(), client.conversations().observe(5).unwrap());
    let mut waiting: Vec<thread::JoinHandle<i32>> = Vec::new();
    let mut begin = |call: Box<dyn FnOnce() -> i32 + Send>| waiting.push(thread::spawn(call));
    begin(Box::new(move || code(wait(handle.settled(None)))));
    begin(Box::new(move || {
        let mut taken = 0;
        while let Some(batch) = wait(events.next(taken, 8, None)).unwrap() {
            taken = batch.number;
        }
        0
    }));
    begin(Box::new(move || {
        let mut taken = 0;
        while let Some(news) = wait(list.next(taken, None)).unwrap() {
            taken = news.number;
        }
        0
    }));
    for _ in 0..3 {
        let client = client.clone();
        begin(Box::new(move || {
            // From many threads, until it is closed.
            loop {
                let sent = code(wait(client.messages().send(with("bob"), text("x"), None)));
                let read = code(wait(client.conversations().total_unread(None)));
                for code in [sent, read] {
                    assert!([0, 7009, 6013, 6014].contains(&code), "{code}");
                }
                if sent == 6013 && read == 6013 {
                    return 0;
                }
            }
        }));
    }
    until("they run", || !client.is_drained());
    thread::sleep(std::time::Duration::from_millis(50));
    wait(client.shutdown(None)).unwrap();
    let ended: Vec<i32> = waiting.into_iter().map(|thread| thread.join().unwrap()).collect();
    assert_eq!(ended, [7009, 0, 0, 0, 0, 0]);
}

#[test]
fn an_app_that_lets_everything_go_at_once_ends_nothing_but_its_waits() {
    let mut stage = Stage::new();
    let client = stage.user("alice");
    stage.shut();
    let handle = wait(client.messages().send(with("bob"), text("kept"), None)).unwrap();
    let id = handle.id();
    let waiting = thread::spawn({
        let handle = handle.clone();
        move || code(wait(handle.settled(None)))
    });
    let objects: (Arc<_>, Arc<_>) = (client.events(), client.conversations().observe(5).unwrap());
    drop(objects);
    drop(client);
    assert_eq!(waiting.join().unwrap(), 7009);
    assert_eq!(code(wait(handle.settled(None))), 7009);
    stage.open();
    let again = stage.user("alice");
    until("it went out with the next login", || {
        let message = wait(again.messages().get(id.clone(), None)).unwrap().unwrap();
        message.seq > 0 || matches!(message.state, whinchat_core::MessageState::Failed(_))
    });
}

#[test]
fn a_first_login_without_a_network_says_so() {
    let folder = tempfile::TempDir::new().unwrap();
    let client = Client::new(config("ws://127.0.0.1:1", folder.path())).unwrap();
    assert_eq!(code(wait(client.login("alice".into(), String::new(), None))), 9511);
    assert_eq!(code(wait(client.conversations().total_unread(None))), 6014);
}
