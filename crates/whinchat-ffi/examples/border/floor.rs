//! The same calls in Rust: a server, a device and a conversation of 100 messages, without a border.

use std::future::Future;
use std::hint::{black_box, spin_loop};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::runtime::Runtime;
use whinchat_core::{
    Client as Core, ConversationId, Event, History, HistoryPage, NewMessage, Platform, UserId,
};
use whinchat_ffi::{Client, ClientConfig, HistoryFrom};
use whinchat_server::{AppKey, RunningServer, Server, ServerConfig};

use crate::figures::median;

const APP_ID: u64 = 1_400_000_001;
const MESSAGES: u32 = 100;
const EVENTS: u32 = 10_000;
/// Messages that are begun before the first of them is waited for.
const BURST: u32 = 500;

/// Waits on this thread.
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

#[allow(clippy::cast_precision_loss)]
fn micros(time: Duration) -> f64 {
    time.as_nanos() as f64 / 1_000.0
}

/// One who reads, in Rust, and what he is sent from.
pub(crate) struct Floor {
    alice: Arc<Client>,
    bob: Core,
    conversation: ConversationId,
    // Last: in this order they go.
    _server: RunningServer,
    _threads: Runtime,
    _folder: TempDir,
}

impl Floor {
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let threads =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let server = ServerConfig {
            listen: ([127, 0, 0, 1], 0).into(),
            data: folder.path().join("server"),
            app_id: APP_ID,
            keys: vec![AppKey::new("floor")],
            automatic_signatures: true,
            requests_per_second: 1_000_000,
            request_burst: 1_000_000,
            ..ServerConfig::default()
        };
        let server = threads.block_on(Server::start(server)).unwrap();
        let address = format!("ws://{}", server.local_addr());
        let bob = Core::builder()
            .server(&address)
            .app_id(APP_ID)
            .data_dir(folder.path().join("bob"))
            .build()
            .unwrap();
        wait(bob.login("bob", "")).unwrap();
        let config = ClientConfig {
            server: address,
            app_id: APP_ID,
            data_dir: folder.path().join("alice").to_str().unwrap().to_owned(),
            platform: Platform::Desktop,
            device_id: None,
            ca_pem: None,
            database_key: None,
            backoff_base_ms: None,
            backoff_cap_ms: None,
            background_cap_ms: None,
            stable_after_ms: None,
            request_timeout_ms: None,
            connect_timeout_ms: None,
            drain_time_ms: None,
            expiry_lead_ms: None,
            log_level: None,
        };
        let alice = Client::new(config).unwrap();
        wait(alice.login("alice".into(), String::new(), None)).unwrap();
        let conversation = ConversationId::User(UserId::new("bob").unwrap());
        let messages = alice.messages();
        for n in 0..MESSAGES {
            let text = format!("message {n} of those that a page holds");
            let handle = wait(messages.send_text(conversation.clone(), text, None)).unwrap();
            wait(handle.settled(None)).unwrap();
        }
        Self { alice, bob, conversation, _server: server, _threads: threads, _folder: folder }
    }

    /// Time of a call that gives a bit.
    pub(crate) fn call(&self, times: u32) -> f64 {
        let core = self.alice.core();
        calls(times, || core.is_accepted())
    }

    pub(crate) fn call_through_ffi(&self, times: u32) -> f64 {
        calls(times, || self.alice.is_accepted())
    }

    /// Median time of a page of messages.
    pub(crate) fn page(&self, times: usize) -> f64 {
        let service = self.alice.core().messages();
        let page = || wait(service.history(&self.conversation, History::newest(MESSAGES as usize)));
        pages(times, || page().unwrap())
    }

    pub(crate) fn page_through_ffi(&self, times: usize) -> f64 {
        let service = self.alice.messages();
        let page = || wait(service.history(self.conversation.clone(), HistoryFrom::Newest, MESSAGES, None));
        pages(times, || page().unwrap())
    }

    /// Time of one of many events that wait already, for a reader who takes so long for each.
    pub(crate) fn event(&self, slowness_micros: u64) -> f64 {
        let (writer, reader) = (&self.bob, self.alice.core());
        let from = ConversationId::User(writer.user().unwrap());
        let conversations = reader.conversations();
        let unread = || wait(conversations.get(&from)).unwrap().map_or(0, |conversation| conversation.unread);
        let before = unread();
        let mut told = reader.events();
        self.write_events();
        while unread() < before + u64::from(EVENTS) {
            thread::sleep(Duration::from_millis(1));
        }
        let slowness = Duration::from_micros(slowness_micros);
        let (begun, mut seen) = (Instant::now(), 0);
        while seen < EVENTS {
            if let Event::MessageReceived(message) = wait(told.next()).unwrap() {
                assert_eq!(black_box(message).conversation, from);
                seen += 1;
                let taken = Instant::now();
                while taken.elapsed() < slowness {
                    spin_loop();
                }
            }
        }
        micros(begun.elapsed()) / f64::from(EVENTS)
    }

    fn write_events(&self) {
        let (to, messages) = (ConversationId::User(self.alice.user().unwrap()), self.bob.messages());
        for _ in 0..EVENTS / BURST {
            let begin = |n| wait(messages.begin_send(&to, NewMessage::text(format!("event {n}")))).unwrap().1;
            let mut last = None;
            for durable in (0..BURST).map(begin).collect::<Vec<_>>() {
                last = Some(wait(durable).unwrap());
            }
            wait(last.unwrap().settled()).unwrap();
        }
    }
}

fn calls(times: u32, mut call: impl FnMut() -> bool) -> f64 {
    let begun = Instant::now();
    for _ in 0..times {
        assert!(black_box(call()));
    }
    micros(begun.elapsed()) / f64::from(times)
}

fn pages(times: usize, page: impl Fn() -> HistoryPage) -> f64 {
    let page = |_| {
        let begun = Instant::now();
        let page = page();
        let time = micros(begun.elapsed());
        assert_eq!(black_box(page).messages.len(), MESSAGES as usize);
        time
    };
    median((0..times).map(page).collect())
}
