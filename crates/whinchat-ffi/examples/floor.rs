//! What the same calls cost in Rust: the floor under the rows of Kotlin and Swift. `cargo run --release -p whinchat-ffi --example floor`
//! makes a server, a device and a conversation of 100 messages, and prints one line of JSON: medians in nanoseconds.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

use std::future::Future;
use std::hint::black_box;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Instant;

use tempfile::TempDir;
use whinchat_core::{ConversationId, History, HistoryPage, Platform, UserId};
use whinchat_ffi::{Client, ClientConfig, HistoryFrom};
use whinchat_server::{AppKey, Server, ServerConfig};

const APP_ID: u64 = 1_400_000_001;
const MESSAGES: u32 = 100;
const PAGES: usize = 2_000;
/// Calls that are timed together, since one is shorter than the clock's step.
const CALLS: u32 = 10_000;

/// Waits on this thread, and counts how often it was woken for nothing.
fn wait<T>(future: impl Future<Output = T>) -> (T, u32) {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut future = pin!(future);
    let mut polls = 1;
    loop {
        if let Poll::Ready(done) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return (done, polls);
        }
        thread::park();
        polls += 1;
    }
}

fn median(mut times: Vec<u128>) -> u128 {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// Median time of an empty call, in nanoseconds.
fn calls(mut call: impl FnMut() -> bool) -> u128 {
    let round = |_| {
        let begun = Instant::now();
        for _ in 0..CALLS {
            black_box(call());
        }
        begun.elapsed().as_nanos() / u128::from(CALLS)
    };
    median((0..50).map(round).collect())
}

/// Median time of a page in nanoseconds, and how often it was polled at most.
fn pages(mut page: impl FnMut() -> (HistoryPage, u32)) -> (u128, u32) {
    let (mut times, mut most) = (Vec::with_capacity(PAGES), 0);
    for _ in 0..PAGES {
        let begun = Instant::now();
        let (page, polls) = page();
        times.push(begun.elapsed().as_nanos());
        assert_eq!(black_box(page).messages.len(), MESSAGES as usize);
        most = polls.max(most);
    }
    (median(times), most)
}

fn main() {
    let folder = TempDir::new().unwrap();
    let threads = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let server = ServerConfig {
        listen: ([127, 0, 0, 1], 0).into(),
        data: folder.path().join("server"),
        app_id: APP_ID,
        keys: vec![AppKey::new("floor")],
        automatic_signatures: true,
        ..ServerConfig::default()
    };
    let server = threads.block_on(Server::start(server)).unwrap();
    let address = format!("ws://{}", server.local_addr());
    let bob = whinchat_core::Client::builder()
        .server(&address)
        .app_id(APP_ID)
        .data_dir(folder.path().join("bob"))
        .build()
        .unwrap();
    wait(bob.login("bob", "")).0.unwrap();
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
    };
    let ffi = Client::new(config).unwrap();
    wait(ffi.login("alice".into(), String::new(), None)).0.unwrap();
    let (core, messages) = (ffi.core(), ffi.messages());
    let conversation = ConversationId::User(UserId::new("bob").unwrap());
    for n in 0..MESSAGES {
        let text = format!("message {n} of those that a page holds");
        let handle = wait(messages.send_text(conversation.clone(), text, None)).0.unwrap();
        wait(handle.settled(None)).0.unwrap();
    }

    let empty_core = calls(|| core.is_accepted());
    let empty_ffi = calls(|| ffi.is_accepted());
    let service = core.messages();
    let (page_core, polls_core) = pages(|| {
        let (page, polls) = wait(service.history(&conversation, History::newest(MESSAGES as usize)));
        (page.unwrap(), polls)
    });
    let (page_ffi, polls_ffi) = pages(|| {
        let page = messages.history(conversation.clone(), HistoryFrom::Newest, MESSAGES, None);
        let (page, polls) = wait(page);
        (page.unwrap(), polls)
    });
    println!(
        "{{\"emptyCallNs\":{empty_core},\"emptyCallFfiNs\":{empty_ffi},\"page100Ns\":{page_core},\"page100FfiNs\":{page_ffi},\
         \"page100Polls\":{polls_core},\"page100FfiPolls\":{polls_ffi}}}"
    );
}
