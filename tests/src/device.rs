//! One device of a scenario: a client with its folder and its own network.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::task::JoinHandle;
use whinchat_cli::fault::FaultProxy;
use whinchat_core::{
    Backoff, Client, ClientBuilder, ConnectionState, Conversation, ConversationId, ErrorCode, Event, History,
    Message, NewMessage, Platform, SendHandle,
};

use crate::account::{APP_ID, user_sig};
use crate::wait::eventually;

/// A conversation by its text form.
///
/// # Panics
///
/// When the text is malformed.
#[must_use]
pub fn conversation(id: &str) -> ConversationId {
    ConversationId::parse(id).expect("a conversation id")
}

/// A device: everything it was told so far, its client, its network.
pub struct Device {
    /// Whose it is.
    pub user: String,
    /// The client.
    pub client: Client,
    /// Its network.
    pub proxy: FaultProxy,
    folder: PathBuf,
    platform: Platform,
    events: Arc<Mutex<Vec<Event>>>,
    _recorder: Recorder,
}

/// Ends with its device.
struct Recorder(JoinHandle<()>);

impl Drop for Recorder {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Device {
    /// A device that is not logged in. Its folder may hold what an earlier one left.
    ///
    /// # Panics
    ///
    /// When the proxy or the client cannot be had.
    pub async fn open(user: &str, platform: Platform, folder: &Path, server: SocketAddr) -> Self {
        let proxy = FaultProxy::start(server).await.expect("a proxy");
        Self::over(user, platform, folder, proxy)
    }

    /// What every device of the scenarios is built with; for those who want more.
    pub fn builder(folder: &Path, platform: Platform, server: SocketAddr) -> ClientBuilder {
        Client::builder()
            .server(format!("ws://{server}"))
            .app_id(APP_ID)
            .data_dir(folder)
            .platform(platform)
            .backoff(Backoff { base: Duration::from_millis(20), cap: Duration::from_millis(200) })
            .request_timeout(Duration::from_secs(2))
            .connect_timeout(Duration::from_secs(2))
    }

    fn over(user: &str, platform: Platform, folder: &Path, proxy: FaultProxy) -> Self {
        let client = Self::builder(folder, platform, proxy.addr()).build().expect("a client");
        let events = Arc::new(Mutex::new(Vec::new()));
        let mut stream = client.events();
        let told = Arc::clone(&events);
        let recorder = Recorder(tokio::spawn(async move {
            while let Some(event) = stream.next().await {
                told.lock().unwrap_or_else(PoisonError::into_inner).push(event);
            }
        }));
        let folder = folder.to_owned();
        Self { user: user.to_owned(), client, proxy, folder, platform, events, _recorder: recorder }
    }

    /// Logs in and waits until the server has accepted.
    ///
    /// # Panics
    ///
    /// When it refuses.
    pub async fn log_in(&self) {
        self.client.login(&self.user, &user_sig(&self.user)).await.expect("the login is accepted");
    }

    /// Ends the client, and starts another on the same folder and network, as a restart of the app does. It is not
    /// logged in yet.
    pub async fn restart(self) -> Self {
        self.restart_after(|| ()).await
    }

    /// The same, with something done to the folder while no process has it.
    pub async fn restart_after(self, harm: impl FnOnce()) -> Self {
        self.client.close().await;
        harm();
        let Self { user, proxy, folder, platform, .. } = self;
        Self::over(&user, platform, &folder, proxy)
    }

    /// The folder of the client.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The folder of its user's two files.
    #[must_use]
    pub fn user_folder(&self) -> PathBuf {
        let hex: String = self.user.bytes().map(|byte| format!("{byte:02x}")).collect();
        self.folder.join(APP_ID.to_string()).join(hex)
    }

    /// Everything it was told so far.
    #[must_use]
    pub fn events(&self) -> Vec<Event> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The texts of the new-message events so far, of one conversation.
    #[must_use]
    pub fn announced(&self, id: &str) -> Vec<String> {
        let id = conversation(id);
        self.events()
            .into_iter()
            .filter_map(|event| match event {
                Event::MessageReceived(message) if message.conversation == id => {
                    message.text().map(str::to_owned)
                }
                _ => None,
            })
            .collect()
    }

    /// Waits until these texts, and no others, were announced in a conversation. The history may show a message a moment
    /// before its event is told.
    ///
    /// # Panics
    ///
    /// When it does not come to that.
    pub async fn announces(&self, id: &str, texts: &[impl AsRef<str>]) {
        let what = format!("{} is told of {} messages in {id}", self.user, texts.len());
        let told = eventually(&what, async || {
            let told = self.announced(id);
            (told.len() >= texts.len()).then_some(told)
        })
        .await;
        assert!(told.iter().eq(texts.iter().map(AsRef::as_ref)), "{} was told of {told:?}", self.user);
    }

    /// Waits for an event that was or will be told.
    ///
    /// # Panics
    ///
    /// When it does not come.
    pub async fn told<T>(&self, what: &str, pick: impl Fn(&Event) -> Option<T>) -> T {
        eventually(&format!("{} is told of {what}", self.user), async || self.events().iter().find_map(&pick))
            .await
    }

    /// Queues a text.
    ///
    /// # Panics
    ///
    /// When it is not accepted.
    pub async fn send(&self, to: &str, text: &str) -> SendHandle {
        self.client.messages().send_text(&conversation(to), text).await.expect("the text is accepted")
    }

    /// Sends a text and waits until the server has it.
    ///
    /// # Panics
    ///
    /// When it fails.
    pub async fn say(&self, to: &str, text: &str) -> Message {
        self.send(to, text).await.settled().await.expect("the text is stored")
    }

    /// Sends a message and waits until the server has it.
    ///
    /// # Panics
    ///
    /// When it fails.
    pub async fn say_message(&self, to: &str, message: NewMessage) -> Message {
        let handle =
            self.client.messages().send(&conversation(to), message).await.expect("the message is accepted");
        handle.settled().await.expect("the message is stored")
    }

    /// The whole history of a conversation, oldest first.
    ///
    /// # Panics
    ///
    /// When it cannot be read.
    pub async fn history(&self, id: &str) -> Vec<Message> {
        let id = conversation(id);
        let messages = self.client.messages();
        let mut page = messages.history(&id, History::newest(50)).await.expect("the newest page");
        let mut all = Vec::new();
        while let Some(oldest) = page.messages.last().map(|message| message.id.clone()) {
            all.append(&mut page.messages);
            page = match messages.history(&id, History::older(&oldest, 50)).await {
                Ok(older) => older,
                // The conversation was emptied between the two pages: from the beginning.
                Err(error) if error.is(ErrorCode::BadParameter) => {
                    all.clear();
                    messages.history(&id, History::newest(50)).await.expect("the newest page")
                }
                Err(error) => panic!("an older page: {error}"),
            };
        }
        all.reverse();
        all
    }

    /// The texts of the whole history, oldest first.
    pub async fn texts(&self, id: &str) -> Vec<String> {
        self.history(id).await.iter().filter_map(|message| message.text().map(str::to_owned)).collect()
    }

    /// Waits until the history holds these texts and no others.
    ///
    /// # Panics
    ///
    /// When it does not come to that.
    pub async fn shows(&self, id: &str, texts: &[&str]) {
        let what = format!("{} shows {texts:?} in {id}", self.user);
        eventually(&what, async || (self.texts(id).await == texts).then_some(())).await;
    }

    /// A conversation as the list has it.
    ///
    /// # Panics
    ///
    /// When it is not there.
    pub async fn conversation(&self, id: &str) -> Conversation {
        let found = self.client.conversations().get(&conversation(id)).await.expect("the list can be read");
        found.unwrap_or_else(|| panic!("{} has no conversation {id}", self.user))
    }

    /// Waits until a conversation shows so many unread.
    ///
    /// # Panics
    ///
    /// When it does not come to that.
    pub async fn has_unread(&self, id: &str, count: u64) {
        let what = format!("{} has {count} unread in {id}", self.user);
        let conversations = self.client.conversations();
        let id = conversation(id);
        eventually(&what, async || {
            let found = conversations.get(&id).await.ok().flatten();
            (found.map_or(0, |found| found.unread) == count).then_some(())
        })
        .await;
    }

    /// A login in a task of its own.
    #[must_use]
    pub fn logging_in(&self) -> tokio::task::JoinHandle<whinchat_core::Result<()>> {
        let (client, user) = (self.client.clone(), self.user.clone());
        tokio::spawn(async move { client.login(&user, &user_sig(&user)).await })
    }

    /// Queues messages.
    ///
    /// # Panics
    ///
    /// When one is not accepted.
    pub async fn send_all(&self, to: &str, texts: &[String]) -> Vec<SendHandle> {
        let mut handles = Vec::with_capacity(texts.len());
        for text in texts {
            handles.push(self.send(to, text).await);
        }
        handles
    }

    /// Marks a conversation read.
    ///
    /// # Panics
    ///
    /// When it is not accepted.
    pub async fn reads(&self, id: &str) {
        self.client.conversations().mark_read(&conversation(id)).await.expect("the mark is accepted");
    }

    /// Waits for a state of the connection.
    ///
    /// # Panics
    ///
    /// When it does not come to that.
    pub async fn connection(&self, what: &str, right: impl Fn(&ConnectionState) -> bool) {
        let what = format!("{} is {what}", self.user);
        eventually(&what, async || right(&self.client.connection()).then_some(())).await;
    }

    /// Waits until it is connected.
    pub async fn online(&self) {
        self.connection("online", |state| *state == ConnectionState::Connected).await;
    }

    /// Waits until it knows that it is not connected.
    pub async fn offline(&self) {
        self.connection("offline", |state| *state != ConnectionState::Connected).await;
    }
}
