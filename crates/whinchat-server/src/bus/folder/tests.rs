//! Nodes that hear each other through sockets.

use super::*;

const PATIENCE: Duration = Duration::from_secs(20);

/// What a listener has heard.
struct Ear(mpsc::UnboundedSender<u64>);

impl Listener for Ear {
    fn wake(&self, _: &Subject, version: u64, _: Option<&Hint>) {
        let _ = self.0.send(version);
    }

    fn deliver(&self, _: &Subject, frame: &Bytes) {
        let _ = self.0.send(frame.len() as u64);
    }
}

struct Node {
    bus: FolderBus,
    heard: mpsc::UnboundedReceiver<u64>,
    _subscription: Subscription,
}

fn alice() -> UserId {
    UserId::new("alice").unwrap()
}

impl Node {
    async fn start(data: &Path, name: &str) -> Self {
        let bus = FolderBus::start(data, name).await;
        let (said, heard) = mpsc::unbounded_channel();
        let subscription = bus.subscribe(alice(), Arc::new(Ear(said)));
        Self { bus, heard, _subscription: subscription }
    }

    async fn knows(&self, others: &[&str]) {
        let known = tokio::time::timeout(PATIENCE, async {
            loop {
                let mut peers = self.bus.peers();
                peers.sort();
                if peers == others {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        });
        assert!(known.await.is_ok(), "it knows {:?}", self.bus.peers());
    }

    async fn hears(&mut self) -> u64 {
        tokio::time::timeout(PATIENCE, self.heard.recv()).await.expect("nothing is heard").unwrap()
    }
}

#[tokio::test]
async fn nodes_find_each_other_and_hear_what_is_said_in_order() {
    let data = tempfile::tempdir().unwrap();
    let mut first = Node::start(data.path(), "main").await;
    let mut second = Node::start(data.path(), "b").await;
    first.knows(&["b"]).await;
    second.knows(&["main"]).await;
    for n in 0..300 {
        first.bus.wake(&Subject::User(alice()), n, None);
        assert_eq!(first.hears().await, n);
    }
    for n in 0..300 {
        assert_eq!(second.hears().await, n);
    }
    // One leaves and comes back; another was killed, and its socket stands in nobody's way.
    second.bus.finish().await;
    first.knows(&[]).await;
    first.bus.wake(&Subject::User(alice()), 7, None);
    std::fs::write(data.path().join("bus/b.sock"), "").unwrap();
    let mut second = Node::start(data.path(), "b").await;
    first.knows(&["b"]).await;
    first.bus.deliver(&Subject::User(alice()), vec![0; 70_000].into(), PATIENCE);
    assert_eq!(second.hears().await, 70_000);
    second.bus.wake(&Subject::User(alice()), 8, None);
    assert_eq!((first.hears().await, first.hears().await, first.hears().await), (7, 70_000, 8));
}

#[tokio::test]
async fn a_guest_is_heard_to_the_end() {
    let data = tempfile::tempdir().unwrap();
    let mut node = Node::start(data.path(), "main").await;
    let guest = FolderBus::visit(data.path()).await;
    for n in 0..1_000 {
        guest.wake(&Subject::User(alice()), n, None);
    }
    guest.finish().await;
    for n in 0..1_000 {
        assert_eq!(node.hears().await, n);
    }
}

#[tokio::test]
async fn a_node_that_does_not_read_is_spared_and_costs_a_bounded_memory() {
    let data = tempfile::tempdir().unwrap();
    let deaf = Place::new(&data.path().join(FOLDER)).listen("deaf").unwrap();
    let mut node = Node::start(data.path(), "main").await;
    node.knows(&["deaf"]).await;
    for n in 0..2_000 {
        node.bus.deliver(&Subject::User(alice()), vec![0; 100_000].into(), PATIENCE);
        assert_eq!(node.hears().await, 100_000, "{n}");
    }
    let waiting =
        node.bus.shared.peers().values().map(|peer| peer.waiting.load(Ordering::Relaxed)).sum::<usize>();
    assert!(waiting <= QUEUE_BYTES + 200_000, "{waiting}");
    drop(deaf);
    node.bus.finish().await;
}

#[tokio::test]
async fn a_long_path_and_garbage_do_no_harm() {
    let data = tempfile::tempdir().unwrap();
    let long = data.path().join("a".repeat(90)).join("b".repeat(90));
    let mut first = Node::start(&long, "main").await;
    let second = Node::start(&long, "b").await;
    #[cfg(target_os = "linux")]
    {
        first.knows(&["b"]).await;
        second.bus.wake(&Subject::User(alice()), 3, None);
        assert_eq!(first.hears().await, 3);
    }
    let place = Place::new(&long.join(FOLDER));
    if let Ok(mut stranger) = place.connect("main").await {
        stranger.write_all(&[255; 100]).await.unwrap();
        assert_eq!(stranger.read(&mut [0; 9]).await.unwrap_or(0), 0, "it is shown out");
    }
    second.bus.finish().await;
    first.bus.finish().await;
}
