//! Two nodes over one store are one server to everybody.
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout)]

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use whinchat_cli::ledger::{Book, ConversationKey, DeviceFiles, Evidence, Line, MessageKey, judge};
use whinchat_core::{Event, GroupId, GroupKind, Message, NewGroup, NewMessage, Platform, UserId};
use whinchat_proto::id::UserId as AnyUser;
use whinchat_server::{Admin, Server, ServerError};
use whinchat_tests::account::{APP_ID, user_sig};
use whinchat_tests::device::Device;
use whinchat_tests::nodes::{Life, Nodes};
use whinchat_tests::server::config;
use whinchat_tests::wait::eventually;

fn program() -> Option<PathBuf> {
    Some(PathBuf::from(env!("CARGO_BIN_EXE_chaos_server")))
}

async fn kicked(device: &Device) -> (i32, String) {
    device
        .told("its end", |event| match event {
            Event::KickedOffline(error) | Event::LoginExpired(error) => {
                Some((error.code, error.message.clone()))
            }
            _ => None,
        })
        .await
}

/// Everything that has to cross from one node to the other; ephemeral messages only where the bus is not deaf.
async fn everything_crosses(nodes: &Nodes, deaf: bool) {
    let alice = nodes.device(0, "alice", Platform::Desktop).await;
    let bob = nodes.device(1, "bob", Platform::Desktop).await;
    let phone = nodes.device(1, "alice", Platform::Android).await;

    // Messages, both ways, to other users and to one's own other device.
    alice.say("c2c_bob", "from the first").await;
    bob.announces("c2c_alice", &["from the first"]).await;
    bob.say("c2c_alice", "from the second").await;
    for device in [&alice, &phone] {
        device.shows("c2c_bob", &["from the first", "from the second"]).await;
        device.has_unread("c2c_bob", 1).await;
    }
    // Marks.
    phone.reads("c2c_bob").await;
    alice.has_unread("c2c_bob", 0).await;
    // Many at once stay in order.
    let words: Vec<String> = (0..50).map(|n| format!("word {n}")).collect();
    let mut handles = Vec::new();
    for word in &words {
        handles.push(alice.send("c2c_bob", word).await);
    }
    for handle in handles {
        handle.settled().await.unwrap();
    }
    let mut all = vec!["from the first", "from the second"];
    all.extend(words.iter().map(String::as_str));
    bob.shows("c2c_alice", &all).await;

    // Groups, with a membership that moves under the other node's cache.
    let members = vec![UserId::new("bob").unwrap()];
    let id = Some(GroupId::new("team").unwrap());
    let new = NewGroup { id, kind: GroupKind::Work, name: "Team".into(), members };
    let team = alice.client.groups().create(new).await.unwrap().id;
    alice.say("group_team", "welcome").await;
    bob.say("group_team", "thanks").await;
    let carol = nodes.device(1, "carol", Platform::Desktop).await;
    alice.client.groups().invite(&team, &[UserId::new("carol").unwrap()]).await.unwrap();
    alice.say("group_team", "carol is here").await;
    carol.shows("group_team", &["carol is here"]).await;
    bob.client.groups().quit(&team).await.unwrap();
    let refused = bob.send("group_team", "a last word").await.settled().await.unwrap_err();
    assert_eq!(refused.code, 10007);
    alice.shows("group_team", &["welcome", "thanks", "carol is here"]).await;

    if !deaf {
        // Bob is not in the group any more, whatever the first node remembers: he hears only what is for him.
        alice.say_message("group_team", NewMessage::text("for members").online_only(true)).await;
        alice.say_message("c2c_bob", NewMessage::text("for bob").online_only(true)).await;
        let fleeting = |event: &Event| match event {
            Event::EphemeralReceived(message) => message.text().map(str::to_owned),
            _ => None,
        };
        assert_eq!(bob.told("it", fleeting).await, "for bob");
        assert_eq!(carol.told("it", fleeting).await, "for members");
    }

    // The newest device of a class wins, wherever it is; the one it puts out is told, and stays out.
    let newer = nodes.device(0, "alice", Platform::Android).await;
    assert_eq!(kicked(&phone).await.0, 6208);
    let connections = phone.proxy.accepted();
    bob.say("c2c_alice", "to the new one").await;
    all.push("to the new one");
    newer.shows("c2c_bob", &all).await;
    alice.shows("c2c_bob", &all).await;
    assert_eq!(phone.proxy.accepted(), connections);
    // It comes back when the user wants so, at its own node.
    phone.client.login("alice", &user_sig("alice")).await.unwrap();
    assert_eq!(kicked(&newer).await.0, 6208);
    phone.shows("c2c_bob", &all).await;
}

#[tokio::test]
async fn two_nodes_on_one_bus_are_one_server() {
    let mut nodes = Nodes::start(Life::Together, None).await;
    everything_crosses(&nodes, false).await;
    nodes.stop().await;
}

#[tokio::test]
async fn a_bus_that_loses_everything_costs_latency_alone() {
    let mut nodes = Nodes::start(Life::TogetherAndDeaf, None).await;
    everything_crosses(&nodes, true).await;
    nodes.stop().await;
}

#[tokio::test]
async fn two_nodes_over_one_folder_are_one_server() {
    let mut nodes = Nodes::start(Life::Apart, None).await;
    everything_crosses(&nodes, false).await;
    nodes.stop().await;
}

#[tokio::test]
async fn slow_two_processes_are_one_server() {
    let mut nodes = Nodes::start(Life::Processes, program()).await;
    everything_crosses(&nodes, false).await;
    nodes.stop().await;
}

#[tokio::test]
async fn slow_two_processes_that_do_not_hear_each_other_are_one_server() {
    let mut nodes = Nodes::start(Life::ProcessesAndDeaf, program()).await;
    everything_crosses(&nodes, true).await;
    nodes.stop().await;
}

#[tokio::test]
async fn an_administrator_reaches_every_node_of_a_folder() {
    for life in [Life::Apart, Life::TogetherAndDeaf] {
        let nodes = Nodes::start(life, None).await;
        let alice = nodes.device(0, "alice", Platform::Desktop).await;
        let phone = nodes.device(1, "alice", Platform::Ios).await;
        // From beside the servers, as the command does, or from inside one of them.
        let admin = match life {
            Life::Apart => Admin::at(&nodes.data()).await.unwrap(),
            _ => nodes.server(0).admin(),
        };
        let user = AnyUser::new("alice").unwrap();
        let ended = admin.kick(&user, Some(whinchat_proto::wire::Platform::Ios)).await.unwrap();
        assert_eq!(ended, 1);
        let (code, message) = kicked(&phone).await;
        assert!(code == 6208 && message.contains("administrator"), "{code} {message}");
        assert_eq!(admin.revoke(&user).await.unwrap(), 1);
        assert_eq!(kicked(&alice).await.0, 70052);
        assert!(admin.kick(&AnyUser::new("nobody").unwrap(), None).await.is_err());
        admin.close().await;
    }
}

#[tokio::test]
async fn a_name_is_for_one_node_and_a_copy_is_not_put_under_a_running_one() {
    let nodes = Nodes::start(Life::Apart, None).await;
    let refused = |result: Result<_, ServerError>| result.map(drop).unwrap_err();
    let mut third = config(&nodes.data());
    assert!(matches!(refused(Server::start(third.clone()).await), ServerError::DataInUse(_)));
    third.node = "third".into();
    third.restored = true;
    assert!(matches!(refused(Server::start(third.clone()).await), ServerError::NotAlone(..)));
    third.restored = false;
    let third = Server::start(third).await.unwrap();
    third.stop().await;
}

/// A device whose facts go into a ledger.
struct Witness {
    device: Device,
    book: Arc<Mutex<Book>>,
    files: DeviceFiles,
    sent: u64,
}

fn key(user: &str, message: &Message) -> MessageKey {
    let conversation = message.conversation.to_string();
    MessageKey::of(user, &conversation, message.sender.as_str(), message.id.as_str()).unwrap()
}

impl Witness {
    async fn start(nodes: &Nodes, node: usize, user: &str) -> Self {
        let device = nodes.device_not_logged_in(node, user, Platform::Desktop).await;
        let path = nodes.folder().join(format!("{user}.book"));
        let mut book = Book::open(&path).unwrap();
        book.write(&Line::Life).unwrap();
        let book = Arc::new(Mutex::new(book));
        let (mut events, told, name) = (device.client.events(), Arc::clone(&book), user.to_owned());
        tokio::spawn(async move {
            while let Some(event) = events.next().await {
                if let Event::MessageReceived(message) = event {
                    let line = Line::Seen { message: key(&name, &message), seq: message.seq };
                    told.lock().unwrap().write(&line).unwrap();
                }
            }
        });
        device.log_in().await;
        let files = DeviceFiles::new(user, user, &path, device.folder(), APP_ID);
        Self { device, book, files, sent: 0 }
    }

    /// Sends and writes down what becomes of it.
    async fn send(&mut self, to: &str, tasks: &mut tokio::task::JoinSet<()>) {
        self.sent += 1;
        let (n, user) = (self.sent, self.device.user.clone());
        let text = format!("{user} {n}");
        let handle = self.device.send(to, &text).await;
        let book = Arc::clone(&self.book);
        let message = MessageKey::of(&user, to, &user, handle.id().as_str()).unwrap();
        book.lock().unwrap().write(&Line::Accepted { message: message.clone(), n, text }).unwrap();
        tasks.spawn(async move {
            let seq = handle.settled().await.unwrap().seq;
            book.lock().unwrap().write(&Line::Acked { message, seq }).unwrap();
        });
    }

    /// Ends with everything there.
    async fn finish(self, id: &str, count: usize) -> DeviceFiles {
        let what = format!("{} has everything", self.device.user);
        eventually(&what, async || (self.device.texts(id).await.len() == count).then_some(())).await;
        let unread = self.device.conversation(id).await.unread;
        let conversation = ConversationKey::of(&self.device.user, id).unwrap();
        let seen = format!("{} was told of everything", self.device.user);
        let others = count - usize::try_from(self.sent).unwrap();
        eventually(&seen, async || (self.device.announced(id).len() == others).then_some(())).await;
        self.device.client.close().await;
        let mut book = self.book.lock().unwrap();
        book.write(&Line::Unread { conversation, count: unread }).unwrap();
        book.write(&Line::Finished).unwrap();
        self.files
    }
}

#[tokio::test]
async fn slow_a_killed_node_loses_and_doubles_nothing() {
    let mut nodes = Nodes::start(Life::Processes, program()).await;
    let mut alice = Witness::start(&nodes, 1, "alice").await;
    let mut bob = Witness::start(&nodes, 0, "bob").await;
    let mut tasks = tokio::task::JoinSet::new();
    for round in 0..3 {
        let (away, home) = if round % 2 == 0 { (1, 0) } else { (0, 1) };
        for n in 0..100 {
            alice.send("c2c_bob", &mut tasks).await;
            bob.send("c2c_alice", &mut tasks).await;
            if n == 60 {
                nodes.kill(away).await;
                for device in [&alice.device, &bob.device] {
                    device.proxy.set_upstream(nodes.addr(home));
                }
            }
        }
        nodes.start_node(away).await;
        // Apart again, each time the other way round.
        alice.device.proxy.set_upstream(nodes.addr(home));
        bob.device.proxy.set_upstream(nodes.addr(away));
        bob.device.proxy.cut();
    }
    while let Some(task) = tasks.join_next().await {
        task.unwrap();
    }
    let count = usize::try_from(alice.sent + bob.sent).unwrap();
    let files = [alice.finish("c2c_bob", count).await, bob.finish("c2c_alice", count).await];
    nodes.stop().await;
    let report = judge(&Evidence::collect(&nodes.database(), &files).unwrap());
    assert!(report.is_clean(), "{report}\n{}", report.findings.join("\n"));
    assert_eq!((report.sent, report.acknowledged, report.delivered), (600, 600, 600), "{report}");
    // Those who died with the node are not counted as connected for ever.
    let conn = rusqlite::Connection::open(nodes.database()).unwrap();
    let live: i64 = conn.query_row("SELECT SUM(live) FROM user", [], |row| row.get(0)).unwrap();
    assert_eq!(live, 0);
}
