//! Somebody with a device, a network of his own and a book in which everything is written down.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use whinchat_core::{
    Backoff, Client, ConnectionState, ConversationId, Event, EventStream, History, Message, SendHandle,
};

use crate::failure::Failure;
use crate::fault::FaultProxy;
use crate::ledger::{Book, ConversationKey, DeviceFiles, Line, MessageKey};

/// How long anything may take before the demo gives up on it.
const PATIENCE: Duration = Duration::from_secs(30);
/// Between two looks at a device.
const LOOK_EVERY: Duration = Duration::from_millis(10);
/// Messages that are read at once at the end.
const PAGE: usize = 50;
/// The app that everybody uses.
pub(super) const APP_ID: u64 = 1_400_000_001;

/// Looks until `probe` says yes.
pub(super) async fn until(what: &str, mut probe: impl AsyncFnMut() -> bool) -> Result<(), Failure> {
    let deadline = Instant::now() + PATIENCE;
    while !probe().await {
        if Instant::now() >= deadline {
            return Err(Failure::new(format!("In vain for {} s: {what}.", PATIENCE.as_secs())));
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    Ok(())
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(super) fn broken_book(error: impl std::fmt::Display) -> Failure {
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
    pub(super) seen: Arc<Mutex<u64>>,
    /// What failed for good or could not be written down.
    faults: Arc<Mutex<Vec<String>>>,
    tasks: JoinSet<()>,
}

impl Person {
    pub(super) async fn arrive(
        name: &'static str,
        data: &Path,
        server: std::net::SocketAddr,
    ) -> Result<Self, Failure> {
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

    pub(super) async fn say(&mut self, to: &ConversationId, text: &str) -> Result<ConversationKey, Failure> {
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
            ConnectionState::Connecting | ConnectionState::LoggedOut | ConnectionState::Paused => {
                Some(String::new())
            }
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
    pub(super) async fn leave(self) -> Result<(DeviceFiles, Vec<String>), Failure> {
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
