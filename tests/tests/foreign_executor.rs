//! The client on an executor that is not tokio's: every call that can be awaited, on a thread that has no clock and no reactor.
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::future::Future;
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use tempfile::TempDir;
use whinchat_core::{
    Client, ConversationId, ErrorCode, GroupId, GroupKind, History, MessageState, NewGroup, NewMessage,
    Result, TimelineWindow, UserId,
};
use whinchat_tests::account::{APP_ID, user_sig};
use whinchat_tests::stage::Stage;

/// Waits for a future and knows nothing else.
fn wait<T>(future: impl Future<Output = T>) -> T {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(done) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return done;
        }
        thread::park();
    }
}

/// A server on threads of its own, and a runtime that nobody here is inside of.
fn stage() -> (tokio::runtime::Runtime, Stage) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let stage = runtime.block_on(Stage::new());
    (runtime, stage)
}

fn client(folder: &Path, server: &str) -> Client {
    Client::builder().server(server).app_id(APP_ID).data_dir(folder).build().unwrap()
}

fn with(user: &str) -> ConversationId {
    ConversationId::User(UserId::new(user).unwrap())
}

fn code<T>(outcome: Result<T>) -> i32 {
    outcome.err().map_or(0, |error| error.code)
}

#[test]
fn a_whole_life_needs_no_executor_of_ours() {
    let (runtime, mut stage) = stage();
    let folder = TempDir::new().unwrap();
    let server = format!("ws://{}", stage.addr());
    let (alice, bob) =
        (client(&folder.path().join("alice"), &server), client(&folder.path().join("bob"), &server));
    let mut events = bob.events();

    // Client.
    wait(wait(bob.begin_login("bob", &user_sig("bob"))).unwrap()).unwrap();
    wait(alice.login("alice", user_sig("alice"))).unwrap();
    wait(alice.renew(user_sig("alice"))).unwrap();

    // Messages, and what they give.
    let messages = alice.messages();
    let mut timeline = wait(messages.observe(&with("bob"), TimelineWindow::newest(5))).unwrap();
    let mut list = alice.conversations().observe(5).unwrap();
    let first = wait(messages.send_text(&with("bob"), "one")).unwrap();
    assert_eq!(wait(first.settled()).unwrap().state, MessageState::Sent);
    wait(messages.send(&with("bob"), NewMessage::text("now").online_only(true))).unwrap();
    assert!(wait(messages.get(first.id())).unwrap().is_some());
    let page = wait(messages.history(&with("bob"), History::newest(10))).unwrap();
    assert_eq!(page.messages.len(), 1);
    assert_eq!(code(wait(messages.cancel(first.id()))), ErrorCode::SendNotCancellable.number());
    assert_eq!(code(wait(first.cancel())), ErrorCode::SendNotCancellable.number());
    assert_eq!(code(wait(messages.retry(first.id()))), ErrorCode::RecordNotFound.number());
    wait(messages.delete(&with("bob"), &[first.id().clone()])).unwrap();
    assert!(wait(timeline.next()).is_some());
    assert!(wait(list.next()).is_some());
    assert!(wait(events.next()).is_some());

    // Conversations.
    let conversations = alice.conversations();
    assert_eq!(wait(conversations.list(None, 10)).unwrap().items.len(), 1);
    assert!(wait(conversations.get(&with("bob"))).unwrap().is_some());
    wait(conversations.mark_read(&with("bob"))).unwrap();
    wait(conversations.set_typing(&with("bob"), true)).unwrap();
    wait(conversations.clear_history(&with("bob"))).unwrap();
    assert_eq!(wait(conversations.total_unread()).unwrap(), 0);

    // Groups.
    let group = NewGroup {
        id: Some(GroupId::new("g").unwrap()),
        kind: GroupKind::Work,
        name: "A group".to_owned(),
        members: Vec::new(),
    };
    let created = wait(bob.groups().create(group)).unwrap();
    wait(bob.groups().invite(&created.id, &[UserId::new("alice").unwrap()])).unwrap();
    wait(alice.groups().quit(&created.id)).unwrap();

    // Sleeping, and the ends.
    wait(alice.pause()).unwrap();
    wait(alice.resume()).unwrap();
    wait(alice.logout()).unwrap();
    wait(alice.close());
    wait(bob.close());
    while wait(events.next()).is_some() {}
    runtime.block_on(stage.stop_server());
}

#[test]
fn a_first_login_without_a_network_fails_and_the_folder_is_given_back() {
    let folder = TempDir::new().unwrap();
    // Nothing listens there.
    let alone = client(folder.path(), "ws://127.0.0.1:9");
    assert!(wait(alone.login("alice", user_sig("alice"))).is_err());
    assert_eq!(alone.user(), None);
    wait(alone.logout()).unwrap();
    wait(alone.close());
    // Whoever has waited for the end finds it done.
    let again = client(folder.path(), "ws://127.0.0.1:9");
    wait(again.close());
}
