//! The server, the people, their networks, and the judgement over what is left on the disks.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::task::JoinSet;
use whinchat_core::{
    Backoff, Client, ConnectionState, ConversationId, Event, EventStream, History, Message, SendHandle,
};
use whinchat_server::{RunningServer, Server, ServerConfig};

use crate::chat::session::now_ms;
use crate::development::new_key;
use crate::failure::Failure;
use crate::fault::FaultProxy;
use crate::key::AppAndKey;
use crate::ledger::{Book, ConversationKey, DeviceFiles, Evidence, Line, MessageKey, Report, judge};
use crate::sig;

/// How long anything may take before the demo gives up on it.
const PATIENCE: Duration = Duration::from_secs(30);
/// Between two looks at a device.
const LOOK_EVERY: Duration = Duration::from_millis(10);
/// Messages that are read at once at the end.
const PAGE: usize = 50;
const APP_ID: u64 = 1_400_000_001;
const NAMES: [&str; 3] = ["alice", "bob", "carol"];

/// Looks until `probe` says yes.
async fn until(what: &str, mut probe: impl AsyncFnMut() -> bool) -> Result<(), Failure> {
    let deadline = Instant::now() + PATIENCE;
    while !probe().await {
        if Instant::now() >= deadline {
            return Err(Failure::new(format!("In vain for {} s: {what}.", PATIENCE.as_secs())));
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    Ok(())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn broken_book(error: impl std::fmt::Display) -> Failure {
    Failure::new(format!("The ledger cannot be kept: {error}."))
}

/// A person with a device and a network.
pub(super) struct Person {
    pub(super) name: &'static str,
    pub(super) client: Client,
    pub(super) proxy: FaultProxy,
    book: Arc<Mutex<Book>>,
    book_path: PathBuf,
    data: PathBuf,
    /// Messages of others that were announced here.
    seen: Arc<Mutex<u64>>,
    /// What failed for good or could not be written down.
    faults: Arc<Mutex<Vec<String>>>,
    tasks: JoinSet<()>,
}

/// The verdict, and what it has to be.
#[derive(Debug)]
pub(super) struct Tally {
    pub(super) report: Report,
    delivered: u64,
    faults: Vec<String>,
}

impl Tally {
    /// What is wrong, in a sentence.
    pub(super) fn fault(&self) -> Option<String> {
        let report = &self.report;
        if let Some(fault) = self.faults.first() {
            return Some(format!("{fault}."));
        }
        if !report.is_clean() {
            return Some("The ledger found messages that are not where they should be.".to_owned());
        }
        let adds_up =
            report.sent > 0 && report.acknowledged == report.sent && report.delivered == self.delivered;
        (!adds_up).then(|| {
            format!(
                "The counts do not add up: {} sent, {} acknowledged, {} delivered of {}.",
                report.sent, report.acknowledged, report.delivered, self.delivered
            )
        })
    }
}

/// Everything that takes part.
pub(super) struct Stage {
    folder: TempDir,
    config: ServerConfig,
    server: Option<RunningServer>,
    pub(super) alice: Person,
    pub(super) bob: Person,
    pub(super) carol: Person,
    /// Messages that can arrive, by conversation: who sent them.
    accepted: HashMap<ConversationKey, Vec<&'static str>>,
    /// Messages that wait on the disk of somebody who is offline.
    waiting: Vec<(ConversationKey, &'static str)>,
    /// Deliveries of the server's own notes about a group, which stand in the log like messages.
    pub(super) notices: u64,
}

impl Stage {
    /// Starts the server and gives everybody a device; nobody is logged in yet.
    pub(super) async fn build() -> Result<Self, Failure> {
        let folder = tempfile::tempdir()
            .map_err(|error| Failure::new(format!("No temporary folder can be had: {error}.")))?;
        let config = ServerConfig {
            listen: ([127, 0, 0, 1], 0).into(),
            data: folder.path().join("server"),
            app_id: APP_ID,
            keys: vec![new_key()?],
            ..ServerConfig::default()
        };
        let server = start(&config).await?;
        let at = server.local_addr();
        let [alice, bob, carol] = NAMES.map(|name| (name, folder.path().join(name)));
        let alice = Person::arrive(alice.0, &alice.1, at).await?;
        let bob = Person::arrive(bob.0, &bob.1, at).await?;
        let carol = Person::arrive(carol.0, &carol.1, at).await?;
        Ok(Self {
            folder,
            config,
            server: Some(server),
            alice,
            bob,
            carol,
            accepted: HashMap::new(),
            waiting: Vec::new(),
            notices: 0,
        })
    }

    pub(super) fn people(&self) -> [&Person; 3] {
        [&self.alice, &self.bob, &self.carol]
    }

    pub(super) fn person(&mut self, name: &str) -> &mut Person {
        match name {
            "alice" => &mut self.alice,
            "bob" => &mut self.bob,
            _ => &mut self.carol,
        }
    }

    /// Logs everybody in, beside each other.
    pub(super) async fn log_in(&self) -> Result<(), Failure> {
        let key = self.config.keys.first().cloned().map(|key| AppAndKey { app_id: APP_ID, key });
        let app = key.ok_or_else(|| Failure::new("The demo has no key."))?;
        let lifetime = "1d".parse().map_err(Failure::new)?;
        for person in self.people() {
            let user_sig = sig::make(person.name, &app, lifetime, now_ms())?;
            person.client.login(person.name, &user_sig).await?;
        }
        Ok(())
    }

    /// Somebody writes; the message is on his disk when this returns.
    pub(super) async fn say(&mut self, name: &str, to: &ConversationId, text: &str) -> Result<(), Failure> {
        let person = self.person(name);
        let (name, conversation) = (person.name, person.say(to, text).await?);
        self.accepted.entry(conversation).or_default().push(name);
        Ok(())
    }

    /// Somebody writes without a connection; nobody can see it before [`Stage::back_online`].
    pub(super) async fn write_offline(
        &mut self,
        name: &str,
        to: &ConversationId,
        text: &str,
    ) -> Result<(), Failure> {
        let person = self.person(name);
        let (name, conversation) = (person.name, person.say(to, text).await?);
        self.waiting.push((conversation, name));
        Ok(())
    }

    /// The way is free again: what waits is expected from now on.
    pub(super) fn back_online(&mut self) {
        for (conversation, name) in std::mem::take(&mut self.waiting) {
            self.accepted.entry(conversation).or_default().push(name);
        }
        for person in self.people() {
            person.client.network_changed();
        }
    }

    /// Stops the server as SIGTERM does.
    pub(super) async fn stop_server(&mut self) {
        if let Some(server) = self.server.take() {
            server.stop().await;
        }
    }

    /// Starts it again on the same data.
    pub(super) async fn start_server(&mut self) -> Result<(), Failure> {
        let server = start(&self.config).await?;
        for person in self.people() {
            person.proxy.set_upstream(server.local_addr());
        }
        self.server = Some(server);
        Ok(())
    }

    /// Messages of others that `name` has to see.
    fn expected(&self, name: &str) -> u64 {
        let group = ConversationKey::group("").to_string();
        let of = |(key, senders): (&ConversationKey, &Vec<&str>)| {
            let key = key.to_string();
            let member = key.starts_with(&group) || key.split('\u{1f}').skip(1).any(|user| user == name);
            if member { senders.iter().filter(|sender| **sender != name).count() } else { 0 }
        };
        self.accepted.iter().map(of).map(|count| u64::try_from(count).unwrap_or(0)).sum()
    }

    /// Waits until `name` has sent everything and seen everything.
    pub(super) async fn caught_up(&self, name: &str) -> Result<(), Failure> {
        let Some(person) = self.people().into_iter().find(|person| person.name == name) else {
            return Ok(());
        };
        let expected = self.expected(name);
        let what = format!("{name} sees all {expected} messages of the others");
        let done = async || person.client.is_drained() && *lock(&person.seen) >= expected;
        until(&what, done).await.map_err(|failure| {
            Failure::new(format!(
                "{failure} (seen: {}, drained: {})",
                *lock(&person.seen),
                person.client.is_drained()
            ))
        })
    }

    /// Waits until nobody misses anything.
    pub(super) async fn all_caught_up(&self) -> Result<(), Failure> {
        for name in NAMES {
            self.caught_up(name).await?;
        }
        Ok(())
    }

    /// Closes everything and compares what is left on the disks.
    pub(super) async fn judge(self) -> Result<Tally, Failure> {
        self.all_caught_up().await?;
        let delivered = NAMES.iter().map(|name| self.expected(name)).sum::<u64>() + self.notices;
        let Self { folder, config, server, alice, bob, carol, .. } = self;
        let (mut devices, mut faults) = (Vec::new(), Vec::new());
        for person in [alice, bob, carol] {
            let (files, told) = person.leave().await?;
            devices.push(files);
            faults.extend(told);
        }
        if let Some(server) = server {
            server.stop().await;
        }
        let mut evidence = Evidence::collect(&config.data.join("server.db"), &devices)
            .map_err(|error| broken_book(error))?;
        evidence.announced = true;
        let report = judge(&evidence);
        drop(folder);
        Ok(Tally { report, delivered, faults })
    }
}

async fn start(config: &ServerConfig) -> Result<RunningServer, Failure> {
    Server::start(config.clone())
        .await
        .map_err(|error| Failure::new(format!("The demo's server does not start: {error}.")))
}

impl Person {
    async fn arrive(name: &'static str, data: &Path, server: std::net::SocketAddr) -> Result<Self, Failure> {
        let proxy = FaultProxy::start(server)
            .await
            .map_err(|error| Failure::new(format!("No port is free for {name}'s network: {error}.")))?;
        let client = Client::builder()
            .server(format!("ws://{}", proxy.addr()))
            .app_id(APP_ID)
            .data_dir(data)
            .backoff(Backoff { base: Duration::from_millis(100), cap: Duration::from_secs(1) })
            .request_timeout(Duration::from_secs(3))
            .connect_timeout(Duration::from_secs(3))
            .build()?;
        let book_path = data.join("ledger");
        let book = Arc::new(Mutex::new(Book::open(&book_path).map_err(broken_book)?));
        let (seen, faults) = (Arc::default(), Arc::default());
        let mut tasks = JoinSet::new();
        tasks.spawn(record(name, client.events(), Arc::clone(&book), Arc::clone(&seen), Arc::clone(&faults)));
        Ok(Self { name, client, proxy, book, book_path, data: data.to_owned(), seen, faults, tasks })
    }

    fn write(&self, line: &Line) -> Result<(), Failure> {
        lock(&self.book).write(line).map_err(broken_book)
    }

    async fn say(&mut self, to: &ConversationId, text: &str) -> Result<ConversationKey, Failure> {
        let handle = self.client.messages().send_text(to, text).await?;
        let message = key(self.name, handle.message())?;
        let n = lock(&self.book).accepted() + 1;
        self.write(&Line::Accepted { message: message.clone(), n, text: text.to_owned() })?;
        let conversation = message.conversation.clone();
        self.tasks.spawn(note_outcome(handle, message, Arc::clone(&self.book), Arc::clone(&self.faults)));
        Ok(conversation)
    }

    /// Why there is no connection; none when there is one.
    pub(super) fn offline_reason(&self) -> Option<String> {
        match self.client.connection() {
            ConnectionState::Waiting { error, .. } => Some(crate::chat::session::reason(&error)),
            ConnectionState::Connecting | ConnectionState::LoggedOut => Some(String::new()),
            ConnectionState::Connected => None,
        }
    }

    /// Waits until it has connected anew since it had made `before` connections.
    pub(super) async fn connected_anew(&self, before: u64) -> Result<(), Failure> {
        let what = format!("{} connects again", self.name);
        until(&what, async || self.proxy.accepted() > before && self.offline_reason().is_none()).await
    }

    /// Waits until the device knows that it is offline.
    pub(super) async fn offline(&self) -> Result<(), Failure> {
        until(&format!("{} notices that there is no network", self.name), async || {
            self.offline_reason().is_some()
        })
        .await
    }

    /// How many unread messages a conversation shows.
    pub(super) async fn unread(&self, id: &ConversationId) -> u64 {
        self.client.conversations().get(id).await.ok().flatten().map_or(0, |conversation| conversation.unread)
    }

    /// Reads a conversation.
    pub(super) async fn read(&self, id: &ConversationId) -> Result<(), Failure> {
        let seen = self.client.conversations().get(id).await?.map_or(0, |conversation| conversation.head_seq);
        self.client.conversations().mark_read(id).await?;
        match ConversationKey::of(self.name, &id.to_string()) {
            Some(conversation) => self.write(&Line::Read { conversation, seq: seen }),
            None => Ok(()),
        }
    }

    /// Reads everything there is, closes the book and the client.
    async fn leave(self) -> Result<(DeviceFiles, Vec<String>), Failure> {
        let conversations = self.client.conversations();
        // Marks are mutations too: they are on the server when the client has nothing left to say.
        until(&format!("{} has nothing left to send", self.name), async || self.client.is_drained()).await?;
        let list = conversations.list(None, PAGE).await?.items;
        for conversation in &list {
            self.read_all(&conversation.id).await?;
        }
        for conversation in &list {
            let count =
                conversations.get(&conversation.id).await?.map_or(0, |conversation| conversation.unread);
            if let Some(conversation) = ConversationKey::of(self.name, &conversation.id.to_string()) {
                self.write(&Line::Unread { conversation, count })?;
            }
        }
        let Self { name, client, proxy, book, book_path, data, faults, mut tasks, .. } = self;
        // The outcomes of its messages are written down by tasks; all of them are settled, so they end now.
        client.close().await;
        let rest = async { while tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(PATIENCE, rest).await.is_err() {
            return Err(Failure::new(format!("{name}'s messages are not all settled.")));
        }
        lock(&book).write(&Line::Finished).map_err(broken_book)?;
        drop(proxy);
        let told = std::mem::take(&mut *lock(&faults));
        Ok((DeviceFiles::new(name, name, &book_path, &data, APP_ID), told))
    }

    async fn read_all(&self, id: &ConversationId) -> Result<(), Failure> {
        let messages = self.client.messages();
        let mut page = messages.history(id, History::newest(PAGE)).await?;
        while let Some(oldest) = page.messages.last() {
            page = messages.history(id, History::older(&oldest.id, PAGE)).await?;
        }
        if page.complete {
            Ok(())
        } else {
            Err(Failure::new(format!("{} cannot read all of {id}.", self.name)))
        }
    }
}

fn key(user: &str, message: &Message) -> Result<MessageKey, Failure> {
    let conversation = message.conversation.to_string();
    MessageKey::of(user, &conversation, message.sender.as_str(), message.id.as_str())
        .ok_or_else(|| broken_book("a message id has an unknown form"))
}

async fn record(
    user: &'static str,
    mut events: EventStream,
    book: Arc<Mutex<Book>>,
    seen: Arc<Mutex<u64>>,
    faults: Arc<Mutex<Vec<String>>>,
) {
    while let Some(event) = events.next().await {
        match event {
            Event::MessageReceived(message) if !message.is_own => {
                let written = key(user, &message).and_then(|id| {
                    lock(&book).write(&Line::Seen { message: id, seq: message.seq }).map_err(broken_book)
                });
                match written {
                    // The server's own notes about a group are no messages of anybody.
                    Ok(()) => *lock(&seen) += u64::from(message.text().is_some()),
                    Err(failure) => lock(&faults).push(failure.to_string()),
                }
            }
            Event::KickedOffline(error) | Event::LoginExpired(error) => {
                lock(&faults).push(format!("{user} was logged out: {error}"));
            }
            Event::StoreReset { .. } => lock(&faults).push(format!("{user}'s store was damaged")),
            _ => {}
        }
    }
}

async fn note_outcome(
    handle: SendHandle,
    message: MessageKey,
    book: Arc<Mutex<Book>>,
    faults: Arc<Mutex<Vec<String>>>,
) {
    let line = match handle.settled().await {
        Ok(stored) => Line::Acked { message, seq: stored.seq },
        Err(error) => {
            lock(&faults).push(format!("A message was not sent: {error}"));
            Line::Failed { message, code: error.code }
        }
    };
    if let Err(error) = lock(&book).write(&line) {
        lock(&faults).push(error.to_string());
    }
}
