//! The client's side of a test.

use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::mpsc;
use whinchat_proto::id::{DeviceId, SessionId, UserId};
use whinchat_proto::wire;

use crate::connection::{
    Address, Backoff, HelloSource, Inbound, Link, LinkConfig, Pulse, STABLE_AFTER, Session, Tls,
};
use crate::error::Error;
use crate::platform::{Runtime, TaskHandle};

/// Long enough for any machine; a test that reaches it has failed.
const PATIENCE: Duration = Duration::from_secs(20);

/// What `future` gives; fails the test when it takes too long.
pub(super) async fn soon<F: Future>(future: F) -> F::Output {
    tokio::time::timeout(PATIENCE, future).await.expect("nothing happened")
}

/// What a test may vary.
pub(super) struct Settings {
    pub(super) url: String,
    pub(super) ca_pem: Option<String>,
    pub(super) backoff: Backoff,
    pub(super) stable_after: Duration,
    pub(super) request_timeout: Duration,
    pub(super) connect_timeout: Duration,
    pub(super) capacity: usize,
    pub(super) background_cap: Duration,
}

impl Settings {
    pub(super) fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            ca_pem: None,
            backoff: Backoff { base: Duration::from_millis(5), cap: Duration::from_millis(20) },
            stable_after: STABLE_AFTER,
            request_timeout: PATIENCE,
            connect_timeout: PATIENCE,
            capacity: 1024,
            background_cap: Duration::from_secs(600),
        }
    }
}

#[derive(Default)]
pub(super) struct Source {
    pub(super) session: Mutex<Option<SessionId>>,
}

impl HelloSource for Source {
    fn cursor(&self) -> wire::Cursor {
        wire::Cursor { epoch: 11, version: 22, groups: 0 }
    }

    fn session(&self) -> Option<SessionId> {
        *self.session.lock().unwrap()
    }

    fn forget_session(&self) -> bool {
        self.session.lock().unwrap().take().is_some()
    }

    fn credential(&self) -> String {
        "signature".to_owned()
    }
}

/// A running link with the owner's end of its channel.
pub(super) struct TestClient {
    pub(super) link: Link,
    pulse: Arc<Pulse>,
    pub(super) source: Arc<Source>,
    pub(super) inbound: mpsc::Receiver<Inbound>,
    pub(super) task: TaskHandle,
    _runtime: Runtime,
}

impl TestClient {
    pub(super) fn start(settings: Settings) -> Self {
        let Settings {
            url,
            ca_pem,
            backoff,
            stable_after,
            request_timeout,
            connect_timeout,
            capacity,
            background_cap,
        } = settings;
        let runtime = Runtime::new().unwrap();
        let pulse = Arc::new(Pulse::default());
        let source = Arc::new(Source::default());
        let (sender, inbound) = mpsc::channel(capacity);
        let config = LinkConfig {
            address: Address::parse(&url).unwrap(),
            tls: Tls::new(ca_pem.as_deref().map(str::as_bytes)).unwrap(),
            backoff,
            background_cap,
            pulse: pulse.clone(),
            stable_after,
            request_timeout,
            connect_timeout,
            app_id: 1_400_000_001,
            user_id: UserId::new("alice").unwrap(),
            device_id: DeviceId::new("device").unwrap(),
            platform: wire::Platform::Desktop,
            client: "test 1".to_owned(),
        };
        let (link, task) = Link::start(&runtime, config, source.clone(), sender);
        Self { link, pulse, source, inbound, task, _runtime: runtime }
    }

    /// The app goes to the background or comes back.
    pub(super) fn set_foreground(&self, foreground: bool) {
        if self.pulse.set_background(!foreground) {
            self.link.foreground_changed();
        }
    }

    /// The next thing that is told, leaving out that an attempt begins.
    pub(super) async fn next(&mut self) -> Inbound {
        loop {
            match soon(self.inbound.recv()).await.expect("the channel has ended") {
                Inbound::Connecting => {}
                other => return other,
            }
        }
    }

    pub(super) async fn up(&mut self) -> (Box<wire::Welcome>, Session) {
        match self.next().await {
            Inbound::Up(welcome, session) => (welcome, session),
            other => panic!("not up but {}", told(&other)),
        }
    }

    pub(super) async fn down(&mut self) -> (Error, Option<Duration>) {
        match self.next().await {
            Inbound::Down { error, retry_in } => (error, retry_in),
            other => panic!("not down but {}", told(&other)),
        }
    }

    pub(super) async fn ended(&mut self) {
        if let Some(item) = soon(self.inbound.recv()).await {
            panic!("not ended but {}", told(&item));
        }
    }
}

/// One word for what was told.
pub(super) fn told(item: &Inbound) -> String {
    match item {
        Inbound::Connecting => "connecting".to_owned(),
        Inbound::Up(..) => "up".to_owned(),
        Inbound::Push(push) => format!("push {}", push.version),
        Inbound::Pong(pong) => format!("pong {}", pong.cursor.unwrap_or_default().version),
        Inbound::Answer { tag, result: Ok(_) } => format!("answer {tag}"),
        Inbound::Answer { tag, result: Err(error) } => format!("refusal {tag} {}", error.name),
        Inbound::Down { error, retry_in } => format!("down {error} {retry_in:?}"),
    }
}

/// Any mutation.
pub(super) fn mutation() -> wire::request::Body {
    wire::request::Body::MarkRead(wire::MarkRead::default())
}

/// Any read.
pub(super) fn read() -> wire::request::Body {
    wire::request::Body::GetChanges(wire::GetChanges::default())
}
