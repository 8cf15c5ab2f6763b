//! Live windows on the list and on a conversation, over cut connections, switched accounts, sleep and restarts.
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout)]

use std::sync::{Arc, Mutex, MutexGuard};

use tokio::task::JoinHandle;
use whinchat_core::{
    Conversation, ConversationUpdate, Event, History, ListHandle, Message, MessageState, Platform,
    TimelineHandle, TimelineStatus, TimelineUpdate, TimelineWindow,
};
use whinchat_tests::account::user_sig;
use whinchat_tests::device::{Device, conversation};
use whinchat_tests::stage::Stage;
use whinchat_tests::wait::eventually;

const MISSED: u64 = 300;

/// What a screen shows, kept by applying what its observer tells.
struct Shown<T> {
    items: Vec<T>,
    status: TimelineStatus,
    has_more: bool,
    snapshots: usize,
    updates: usize,
    was_reset: bool,
    is_over: bool,
}

impl<T> Default for Shown<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            status: TimelineStatus::default(),
            has_more: false,
            snapshots: 0,
            updates: 0,
            was_reset: false,
            is_over: false,
        }
    }
}

/// A screen that takes updates as they come.
struct Screen<T, H> {
    shown: Arc<Mutex<Shown<T>>>,
    handle: H,
    task: JoinHandle<()>,
}

impl<T, H> Screen<T, H> {
    fn shown(&self) -> MutexGuard<'_, Shown<T>> {
        self.shown.lock().unwrap()
    }

    async fn comes_to(&self, what: &str, right: impl Fn(&Shown<T>) -> bool) {
        eventually(what, async || right(&self.shown()).then_some(())).await;
    }
}

impl<T, H> Drop for Screen<T, H> {
    fn drop(&mut self) {
        self.task.abort();
    }
}

type Timeline = Screen<Message, TimelineHandle>;
type List = Screen<Conversation, ListHandle>;

/// Stored messages stand in the order of the log, and nothing visible lies between two that follow each other.
fn assert_no_hole(items: &[Message]) {
    let seqs: Vec<u64> = items.iter().map(|message| message.seq).filter(|seq| *seq > 0).collect();
    assert!(seqs.windows(2).all(|pair| pair[0] + 1 == pair[1]), "{seqs:?}");
}

async fn timeline(device: &Device, id: &str, window: TimelineWindow) -> Timeline {
    let mut observer = device.client.messages().observe(&conversation(id), window).await.unwrap();
    let (handle, shown) = (observer.handle(), Arc::new(Mutex::new(Shown::default())));
    let kept = shown.clone();
    let task = tokio::spawn(async move {
        while let Some(update) = observer.next().await {
            let mut shown: MutexGuard<'_, Shown<Message>> = kept.lock().unwrap();
            shown.updates += 1;
            match update {
                TimelineUpdate::Snapshot { items, status } => {
                    shown.items = items;
                    shown.status = status;
                    shown.snapshots += 1;
                }
                TimelineUpdate::Changes { diffs, status } => {
                    diffs.into_iter().for_each(|diff| diff.apply(&mut shown.items));
                    shown.status = status;
                }
                TimelineUpdate::Reset => {
                    shown.items.clear();
                    shown.was_reset = true;
                }
            }
            assert_no_hole(&shown.items);
        }
        kept.lock().unwrap().is_over = true;
    });
    Screen { shown, handle, task }
}

fn list(device: &Device, limit: usize) -> List {
    let mut observer = device.client.conversations().observe(limit).unwrap();
    let (handle, shown) = (observer.handle(), Arc::new(Mutex::new(Shown::default())));
    let kept = shown.clone();
    let task = tokio::spawn(async move {
        while let Some(update) = observer.next().await {
            let mut shown: MutexGuard<'_, Shown<Conversation>> = kept.lock().unwrap();
            shown.updates += 1;
            match update {
                ConversationUpdate::Snapshot { items, has_more } => {
                    shown.items = items;
                    shown.has_more = has_more;
                    shown.snapshots += 1;
                }
                ConversationUpdate::Changes { diffs, has_more } => {
                    diffs.into_iter().for_each(|diff| diff.apply(&mut shown.items));
                    shown.has_more = has_more;
                }
                ConversationUpdate::Reset => {
                    shown.items.clear();
                    shown.was_reset = true;
                }
            }
        }
        kept.lock().unwrap().is_over = true;
    });
    Screen { shown, handle, task }
}

impl Timeline {
    fn texts(&self) -> Vec<String> {
        self.shown().items.iter().filter_map(|message| message.text().map(str::to_owned)).collect()
    }

    fn count(&self) -> u64 {
        self.shown().items.len() as u64
    }
}

/// Waits until both screens show what a fresh reading shows.
async fn agree(device: &Device, id: &str, timeline: &Timeline, list: &List) {
    let what = format!("the screens of {} are what he would read now", device.user);
    eventually(&what, async || {
        let history = device.history(id).await;
        let page = device.client.conversations().list(None, 100).await.unwrap();
        let is_same_list = list.shown().items == page.items;
        (timeline.shown().items == history && is_same_list).then_some(())
    })
    .await;
}

#[tokio::test]
async fn screens_follow_two_people_over_cut_connections() {
    let stage = Stage::new().await;
    let (alice, bob) = (stage.device("alice").await, stage.device("bob").await);
    let screens = [
        (&alice, "c2c_bob", timeline(&alice, "c2c_bob", TimelineWindow::newest(500)).await, list(&alice, 10)),
        (&bob, "c2c_alice", timeline(&bob, "c2c_alice", TimelineWindow::newest(500)).await, list(&bob, 10)),
    ];
    for n in 0..150 {
        alice.send("c2c_bob", &format!("a{n}")).await;
        bob.send("c2c_alice", &format!("b{n}")).await;
        if n % 40 == 20 {
            bob.proxy.cut();
        }
        if n % 40 == 35 {
            alice.proxy.cut();
        }
    }
    for (device, id, timeline, list) in &screens {
        timeline
            .comes_to("all are shown as sent", |shown| {
                let sent = shown.items.iter().filter(|message| message.state == MessageState::Sent).count();
                sent == 300 && shown.status.at_live_end
            })
            .await;
        agree(device, id, timeline, list).await;
        assert_eq!(timeline.shown().snapshots, 1);
    }
}

#[tokio::test]
async fn a_window_grows_in_both_directions_and_fetches_what_it_lacks() {
    let stage = Stage::new().await;
    let (alice, bob) = stage.missed(MISSED).await;
    bob.proxy.restore();
    bob.has_unread("c2c_alice", MISSED + 1).await;
    let newest = timeline(&bob, "c2c_alice", TimelineWindow::newest(20)).await;
    newest.comes_to("twenty are shown", |shown| shown.items.len() == 20 && shown.status.at_live_end).await;
    while newest.shown().status.has_older {
        let before = newest.count();
        newest.handle.grow_older(60);
        newest
            .comes_to("it has grown", |shown| shown.items.len() as u64 > before && shown.status.complete)
            .await;
        assert!(newest.count() <= before + 60);
    }
    assert_eq!(newest.count(), MISSED + 1);
    alice.say("c2c_bob", "new").await;
    newest
        .comes_to("the new one stands at the end", |shown| {
            shown.items.last().and_then(Message::text) == Some("new")
        })
        .await;

    let middle = newest.shown().items[100].id.clone();
    let around = timeline(&bob, "c2c_alice", TimelineWindow::around(&middle, 10, 10)).await;
    around.comes_to("twenty-one are shown", |shown| shown.items.len() == 21).await;
    let status = around.shown().status;
    assert!(status.has_older && status.has_newer);
    around.handle.grow_newer(1_000);
    around.comes_to("it has reached the end", |shown| shown.status.at_live_end).await;
    around.handle.grow_older(1_000);
    around.comes_to("it has reached the beginning", |shown| !shown.status.has_older).await;
    assert_eq!(around.texts(), newest.texts());
    alice.say("c2c_bob", "newer").await;
    around
        .comes_to("it has become live", |shown| shown.items.last().and_then(Message::text) == Some("newer"))
        .await;
}

#[tokio::test]
async fn without_a_network_a_window_ends_at_the_hole_and_says_so() {
    let stage = Stage::new().await;
    let (_alice, _bob) = stage.missed(MISSED).await;
    let phone = stage.device_not_logged_in("bob", Platform::Android).await;
    phone.log_in().await;
    phone.has_unread("c2c_alice", MISSED + 1).await;
    let full = History::newest(100);
    eventually("the newest hundred are held", async || {
        let page = phone.client.messages().history(&conversation("c2c_alice"), full.clone()).await.ok()?;
        (page.messages.len() == 100).then_some(())
    })
    .await;
    phone.proxy.offline();
    phone.offline().await;
    let screen = timeline(&phone, "c2c_alice", TimelineWindow::newest(20)).await;
    screen.comes_to("the newest are shown", |shown| shown.items.len() == 20 && shown.status.complete).await;
    screen.handle.grow_older(1_000);
    screen.comes_to("it says that there is more", |shown| !shown.status.complete).await;
    let (held, has_older) = (screen.count(), screen.shown().status.has_older);
    assert!((100..MISSED).contains(&held) && has_older, "{held}");
    phone.proxy.restore();
    screen
        .comes_to("the rest comes by itself", |shown| {
            shown.items.len() as u64 == MISSED + 1 && shown.status.complete && !shown.status.has_older
        })
        .await;
}

#[tokio::test]
async fn own_messages_wait_where_they_were_written_also_after_a_restart() {
    let stage = Stage::new().await;
    let (alice, bob) = (stage.device("alice").await, stage.device("bob").await);
    alice.say("c2c_bob", "one").await;
    bob.shows("c2c_alice", &["one"]).await;
    bob.proxy.offline();
    bob.offline().await;
    let screen = timeline(&bob, "c2c_alice", TimelineWindow::newest(20)).await;
    bob.send("c2c_alice", "mine").await;
    screen.comes_to("it is shown at once", |shown| shown.items.len() == 2).await;
    assert_eq!(screen.shown().items[1].state, MessageState::Pending);
    alice.say("c2c_bob", "two").await;
    let bob = bob.restart().await;
    screen.comes_to("the closed client's screen is over", |shown| shown.was_reset && shown.is_over).await;
    let login = bob.client.login("bob", user_sig("bob"));
    let mut login = std::pin::pin!(login);
    let (screen, conversations) = tokio::select! {
        _ = &mut login => panic!("there is no network"),
        screens = async {
            eventually("the session is open", async || bob.client.conversations().observe(1).ok()).await;
            (timeline(&bob, "c2c_alice", TimelineWindow::newest(20)).await, list(&bob, 20))
        } => screens,
    };
    screen.comes_to("what waited is shown without a network", |shown| shown.items.len() == 2).await;
    conversations.comes_to("also in the list", |shown| shown.items.len() == 1).await;
    bob.proxy.restore();
    login.await.unwrap();
    screen
        .comes_to("it stands where the server has put it", |shown| {
            let texts: Vec<_> = shown.items.iter().filter_map(Message::text).collect();
            texts == ["one", "two", "mine"] && shown.items[2].state == MessageState::Sent
        })
        .await;
    agree(&bob, "c2c_alice", &screen, &conversations).await;
}

#[tokio::test]
async fn a_screen_ends_with_its_account_and_shows_nothing_of_the_next() {
    let stage = Stage::new().await;
    let (alice, bob) = (stage.device("alice").await, stage.device("bob").await);
    alice.say("c2c_bob", "for bob").await;
    bob.shows("c2c_alice", &["for bob"]).await;
    let (messages, conversations) =
        (timeline(&bob, "c2c_alice", TimelineWindow::newest(20)).await, list(&bob, 20));
    let stopped = list(&bob, 20);
    stopped.comes_to("there", |shown| shown.snapshots == 1).await;
    stopped.handle.stop();
    stopped.comes_to("stopped", |shown| shown.is_over && !shown.was_reset).await;
    conversations.comes_to("there", |shown| shown.items.len() == 1).await;
    messages.comes_to("there", |shown| shown.items.len() == 1).await;
    bob.client.logout().await.unwrap();
    bob.client.login("carol", user_sig("carol")).await.unwrap();
    messages.comes_to("reset", |shown| shown.was_reset && shown.is_over && shown.items.is_empty()).await;
    conversations.comes_to("reset", |shown| shown.was_reset && shown.is_over).await;
    let carols = list(&bob, 20);
    alice.say("c2c_carol", "for carol").await;
    carols.comes_to("hers alone", |shown| shown.items.len() == 1).await;
    assert_eq!(carols.shown().items[0].id, conversation("c2c_alice"));
    assert!(conversations.shown().items.is_empty());
}

#[tokio::test]
async fn a_screen_sleeps_and_wakes_with_its_client() {
    let stage = Stage::new().await;
    let (alice, bob) = (stage.device("alice").await, stage.device("bob").await);
    alice.say("c2c_bob", "one").await;
    let (messages, conversations) =
        (timeline(&bob, "c2c_alice", TimelineWindow::newest(20)).await, list(&bob, 20));
    messages.comes_to("there", |shown| shown.items.len() == 1).await;
    bob.client.pause().await.unwrap();
    alice.say("c2c_bob", "two").await;
    bob.client.resume().await.unwrap();
    messages.comes_to("there after waking", |shown| shown.items.len() == 2).await;
    agree(&bob, "c2c_alice", &messages, &conversations).await;
    assert_eq!(messages.shown().snapshots, 1, "it goes on where it was");
    bob.client.pause().await.unwrap();
    bob.client.logout().await.unwrap();
    messages.comes_to("over", |shown| shown.was_reset && shown.is_over).await;
}

#[tokio::test]
async fn what_an_event_tells_a_window_shows() {
    let stage = Stage::new().await;
    let (alice, bob) = (stage.device("alice").await, stage.device("bob").await);
    let mut events = bob.client.events();
    let sending = async {
        for n in 0..30 {
            alice.send("c2c_bob", &n.to_string()).await;
        }
    };
    let looking = async {
        let mut told = 0;
        while told < 30 {
            let Some(event) = events.next().await else { panic!("the client lives") };
            if let Event::MessageReceived(message) = event {
                told += 1;
                let window = TimelineWindow::newest(100);
                let mut observer =
                    bob.client.messages().observe(&message.conversation, window).await.unwrap();
                let Some(TimelineUpdate::Snapshot { items, .. }) = observer.next().await else {
                    panic!("a snapshot comes first")
                };
                assert!(items.contains(&message), "{} was told of and is not shown", message.seq);
            }
        }
    };
    tokio::join!(sending, looking);
}

#[tokio::test]
async fn bad_windows_are_refused() {
    let stage = Stage::new().await;
    let bob = stage.device_not_logged_in("bob", Platform::Desktop).await;
    let id = conversation("c2c_alice");
    let messages = bob.client.messages();
    let code = |error: whinchat_core::Error| error.code;
    assert_eq!(bob.client.conversations().observe(10).map(drop).map_err(code), Err(6014));
    let refused = messages.observe(&id, TimelineWindow::newest(10)).await.map(drop).map_err(code);
    assert_eq!(refused, Err(6014));
    bob.log_in().await;
    assert_eq!(bob.client.conversations().observe(0).map(drop).map_err(code), Err(6017));
    let refused = messages.observe(&id, TimelineWindow::newest(0)).await.map(drop).map_err(code);
    assert_eq!(refused, Err(6017));
    let alice = stage.device("alice").await;
    let _carol = stage.device("carol").await;
    let elsewhere = alice.say("c2c_carol", "not yours").await;
    let refused =
        messages.observe(&id, TimelineWindow::around(&elsewhere.id, 1, 1)).await.map(drop).map_err(code);
    assert_eq!(refused, Err(6017));
    // Nothing is known of it yet; it fills once there is something.
    let screen = timeline(&bob, "c2c_alice", TimelineWindow::newest(usize::MAX)).await;
    screen.comes_to("empty, and live", |shown| shown.snapshots == 1 && shown.status.at_live_end).await;
    screen.handle.grow_older(usize::MAX);
    screen.handle.grow_newer(usize::MAX);
    alice.say("c2c_bob", "hello").await;
    screen.comes_to("one", |shown| shown.items.len() == 1).await;
    let page = messages.history(&id, History::newest(1)).await.unwrap();
    assert_eq!(page.messages, screen.shown().items);
}
