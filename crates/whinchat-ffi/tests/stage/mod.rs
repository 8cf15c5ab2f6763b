//! What the scenarios of this face stand on: a real server on threads of its own, devices with folders, and a thread that waits
//! and knows nothing of tokio, as a Kotlin or Swift thread does.
// Each test file is a crate of its own and uses what it needs.
#![allow(dead_code)]

use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::runtime::Runtime;
use whinchat_core::{CallError, ConversationId, Element, Event, Platform, UserId};
use whinchat_ffi::{Client, ClientConfig, EventSubscription, OutgoingMessage};
use whinchat_server::{AppKey, RunningServer, Server, ServerConfig};

pub(crate) const APP_ID: u64 = 1_400_000_001;
/// Longer than anything takes here, on a machine that does something else as well.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Waits for a future and knows nothing else.
pub(crate) fn wait<T>(future: impl Future<Output = T>) -> T {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut future = pin!(future);
    let end = Instant::now() + PATIENCE;
    loop {
        if let Poll::Ready(done) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return done;
        }
        assert!(Instant::now() < end, "nothing came");
        thread::park_timeout(PATIENCE);
    }
}

/// Looks again until it is so.
pub(crate) fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < end, "{what}");
        thread::sleep(Duration::from_millis(5));
    }
}

pub(crate) struct Stage {
    threads: Runtime,
    server: Option<RunningServer>,
    config: ServerConfig,
    pub(crate) folder: TempDir,
}

impl Stage {
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let config = ServerConfig {
            listen: ([127, 0, 0, 1], 0).into(),
            data: folder.path().join("server"),
            app_id: APP_ID,
            keys: vec![AppKey::new("a key for this test only")],
            heartbeat_ms: 400,
            automatic_signatures: true,
            ..ServerConfig::default()
        };
        let threads =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let mut stage = Self { threads, server: None, config, folder };
        stage.open();
        stage
    }

    /// Starts the server, where it was before.
    pub(crate) fn open(&mut self) {
        let server = self.threads.block_on(Server::start(self.config.clone())).unwrap();
        self.config.listen = server.local_addr();
        self.server = Some(server);
    }

    /// Stops the server: from now on there is no network.
    pub(crate) fn shut(&mut self) {
        if let Some(server) = self.server.take() {
            self.threads.block_on(server.stop());
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn config(&self, name: &str) -> ClientConfig {
        ClientConfig {
            backoff_base_ms: Some(20),
            backoff_cap_ms: Some(200),
            ..config(&format!("ws://{}", self.config.listen), &self.path(name))
        }
    }

    /// A device, not logged in.
    pub(crate) fn client(&self, name: &str) -> Arc<Client> {
        Client::new(self.config(name)).unwrap()
    }

    /// A device with its user logged in.
    pub(crate) fn user(&self, name: &str) -> Arc<Client> {
        let client = self.client(name);
        wait(client.login(name.into(), String::new(), None)).unwrap();
        client
    }
}

pub(crate) fn config(server: &str, folder: &Path) -> ClientConfig {
    ClientConfig {
        server: server.to_owned(),
        app_id: APP_ID,
        data_dir: folder.to_str().unwrap().to_owned(),
        platform: Platform::Android,
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
    }
}

pub(crate) fn of(elements: Vec<Element>) -> OutgoingMessage {
    OutgoingMessage {
        elements,
        custom_data: Vec::new(),
        excluded_from_unread: false,
        excluded_from_last_message: false,
        mentions: Vec::new(),
        mention_all: false,
        audience: Vec::new(),
        online_only: false,
        priority: None,
        timeout_ms: None,
    }
}

pub(crate) fn text(text: &str) -> OutgoingMessage {
    of(vec![Element::Text { text: text.to_owned() }])
}

pub(crate) fn id(user: &str) -> UserId {
    UserId::new(user).unwrap()
}

pub(crate) fn with(user: &str) -> ConversationId {
    ConversationId::User(id(user))
}

/// The number of the error; 0 for none.
pub(crate) fn code<T>(outcome: Result<T, CallError>) -> i32 {
    outcome.err().map_or(0, |CallError::Failed { error }| error.code)
}

/// Comes for events, batch by batch.
pub(crate) struct Ear {
    pub(crate) subscription: Arc<EventSubscription>,
    pub(crate) taken: u64,
    ready: std::vec::IntoIter<Event>,
}

impl Ear {
    pub(crate) fn new(client: &Client) -> Self {
        Self { subscription: client.events(), taken: 0, ready: Vec::new().into_iter() }
    }

    /// The next event; none at the end.
    pub(crate) fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.ready.next() {
                return Some(event);
            }
            let batch = wait(self.subscription.next(self.taken, 512, None)).unwrap()?;
            self.taken = batch.number;
            self.ready = batch.events.into_iter();
        }
    }

    /// The next event that is looked for.
    pub(crate) fn find<T>(&mut self, mut look: impl FnMut(Event) -> Option<T>) -> T {
        loop {
            let event = self.next().expect("an event that was not at the end");
            if let Some(found) = look(event) {
                return found;
            }
        }
    }

    /// The text of the next message from somebody else.
    pub(crate) fn heard(&mut self) -> String {
        self.find(|event| match event {
            Event::MessageReceived(message) => Some(message.text().unwrap_or_default().to_owned()),
            _ => None,
        })
    }
}
