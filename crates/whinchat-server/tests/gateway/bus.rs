//! What the bus loses, storage repairs.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use whinchat_proto::id::UserId;
use whinchat_proto::wire::request::Body as Ask;
use whinchat_server::Server;
use whinchat_server::bus::{Bus, Hint, Listener, LocalBus, Subject, Subscription};

use crate::device::{Host, config, text, user};

/// Loses two wakes of three, and the hint of every other one that it brings.
#[derive(Default)]
struct Lossy {
    inner: LocalBus,
    wakes: AtomicU64,
}

impl Bus for Lossy {
    fn wake(&self, subject: &Subject, version: u64, hint: Option<Hint>) {
        match self.wakes.fetch_add(1, Ordering::Relaxed) % 6 {
            0 => self.inner.wake(subject, version, hint),
            3 => self.inner.wake(subject, version, None),
            _ => {}
        }
    }

    fn deliver(&self, subject: &Subject, frame: Bytes, ttl: Duration) {
        self.inner.deliver(subject, frame, ttl);
    }

    fn subscribe(&self, user: UserId, listener: Arc<dyn Listener>) -> Subscription {
        self.inner.subscribe(user, listener)
    }

    fn join(&self, node: Arc<dyn Listener>) -> Subscription {
        self.inner.join(node)
    }
}

#[tokio::test]
async fn lost_wakes_are_repaired_from_storage_in_order() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::start_on(config(data.path()), Arc::new(Lossy::default())).await.unwrap();
    let host = Host { server, data };
    let mut bob = host.device("bob").await;
    let mut senders = Vec::new();
    for name in ["a", "b", "c"] {
        senders.push(host.device(name).await);
    }
    for round in 0..40 {
        for sender in &mut senders {
            sender.ask(Ask::SendMessage(text(user("bob"), &format!("{round}")))).await;
        }
    }
    for sender in &mut senders {
        for _ in 0..40 {
            sender.response().await;
        }
        // Their own logs move by their answers, chained or not: a ping leaves no hole.
        assert_eq!(sender.ping().await.cursor.unwrap().version, 40);
    }
    assert_eq!(bob.ping().await.cursor.unwrap().version, 120);
    let mut held = 0;
    for push in &bob.pushes {
        assert_eq!(push.prev_version, held);
        held = push.version;
    }
    assert_eq!(held, 120);
}
