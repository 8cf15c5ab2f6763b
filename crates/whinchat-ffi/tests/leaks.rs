//! Nothing stays on this side that the other side has let go. Alone in its process: the counts are the process's.
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod stage;

use stage::{Stage, text, until, wait, with};
use whinchat_ffi::{CancelToken, LiveObjects, TimelineStart, live_objects};

const NONE: LiveObjects =
    LiveObjects { clients: 0, services: 0, attempts: 0, send_handles: 0, subscriptions: 0, cancel_tokens: 0 };

fn threads() -> usize {
    std::fs::read_dir("/proc/self/task").map_or(0, Iterator::count)
}

#[test]
fn objects_that_were_let_go_are_gone_and_their_threads_too() {
    let stage = Stage::new();
    let before = threads();
    assert_eq!(live_objects(), NONE);
    let client = stage.user("alice");
    let (messages, conversations) = (client.messages(), client.conversations());
    for _ in 0..1_000 {
        let events = client.events();
        let list = conversations.observe(5).unwrap();
        let start = TimelineStart::Newest { limit: 5 };
        let timeline = wait(messages.observe(with("bob"), start, None)).unwrap();
        assert!(wait(list.next(0, None)).unwrap().is_some());
        assert_eq!(live_objects().subscriptions, 3);
        events.stop();
        drop(timeline);
    }
    let token = CancelToken::new();
    for _ in 0..100 {
        let begun = wait(messages.begin_send(with("bob"), text("x"), Some(token.clone()))).unwrap();
        let handle = wait(begun.durable(None)).unwrap();
        assert!(live_objects().send_handles > 0 && live_objects().attempts > 0);
        drop((begun, handle));
    }
    // A task that was given up may have its end before it.
    until("only what is held is there", || {
        live_objects() == LiveObjects { clients: 1, services: 2, cancel_tokens: 1, ..NONE }
    });
    drop((token, messages, conversations, client));
    until("nothing is there", || live_objects() == NONE);
    if before > 0 {
        until("the threads have ended", || threads() <= before);
    }
}
