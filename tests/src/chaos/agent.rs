//! One client process of the chaos: it talks at random until it is killed or told to stop.
//!
//! It takes commands on standard input, a line each, and answers on standard output:
//!
//! * `stop`: no more actions; answers `stopped`.
//! * `settle <conversation>=<head>:<read> …`: waits until its client shows at least these heads and read marks, reads
//!   every page of history, writes the unread counts and the last line of its book; answers `settled`, or `late` and what
//!   was missing.
//! * `go`: acts again.
//! * `create <group> <user>,<user>…`: creates a group; answers `created`.
//! * `quit <group>`, `invite <group> <user>`: does so if it can.
//!
//! The end of standard input ends it: it never outlives the one who started it.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use whinchat_cli::ledger::{Book, ConversationKey, Line, MessageKey};
use whinchat_core::{
    Backoff, Client, ConversationId, Event, EventStream, GroupId, GroupKind, History, Message, MessageId,
    MessageState, NewGroup, NewMessage, Platform, SendHandle, UserId,
};

use crate::account::{APP_ID, user_sig};
use crate::dice::Dice;
use crate::wait::within;

/// How long a settled network may need to bring everything.
const CATCH_UP: Duration = Duration::from_secs(25);
/// Events that are on their way when everything is stored come within this.
const LAST_EVENTS: Duration = Duration::from_millis(60);
const PAGE: usize = 50;
/// Messages that are not to wait for ever wait for so long, and up to so much longer.
const LEAST_PATIENCE: Duration = Duration::from_millis(30);
const MORE_PATIENCE: Duration = Duration::from_millis(900);

/// What an agent is started with.
#[derive(Clone, Debug, clap::Args)]
pub struct AgentOptions {
    /// Who it is.
    #[arg(long)]
    pub user: String,
    /// `desktop` or `android`: one device of each may be logged in.
    #[arg(long)]
    pub platform: String,
    /// Where the server is, such as `ws://127.0.0.1:7200`.
    #[arg(long)]
    pub server: String,
    /// Folder of the client.
    #[arg(long)]
    pub data: PathBuf,
    /// The book.
    #[arg(long)]
    pub book: PathBuf,
    /// Conversations to talk in, as `c2c_bob` and `group_team`.
    #[arg(long, value_delimiter = ',')]
    pub talk: Vec<String>,
    /// Seed of its choices.
    #[arg(long)]
    pub seed: u64,
    /// Longest pause between two actions, in milliseconds.
    #[arg(long)]
    pub pace: u64,
    /// Do nothing before the first `go`: what is said before everybody has logged in once is history to the late.
    #[arg(long)]
    pub wait: bool,
}

/// A message that failed, so that it may be sent again.
struct Failed {
    id: MessageId,
    sent: Sent,
}

/// What the book says of a message.
#[derive(Clone)]
struct Sent {
    message: MessageKey,
    n: u64,
    text: String,
}

struct Agent {
    client: Client,
    user: String,
    talk: Vec<ConversationId>,
    book: Arc<Mutex<Book>>,
    /// Accepted in this life: their handles tell how they ended.
    mine: Arc<Mutex<HashSet<MessageKey>>>,
    failed: Arc<Mutex<Vec<Failed>>>,
    login: JoinHandle<()>,
    dice: Dice,
    pace: Duration,
}

/// Runs the agent until standard input ends.
///
/// # Panics
///
/// When the client cannot be built, or the book cannot be written.
pub async fn run(options: AgentOptions) {
    let book = Arc::new(Mutex::new(Book::open(&options.book).expect("the book opens")));
    let platform = if options.platform == "android" { Platform::Android } else { Platform::Desktop };
    let client = Client::builder()
        .server(&options.server)
        .app_id(APP_ID)
        .data_dir(&options.data)
        .platform(platform)
        .backoff(Backoff { base: Duration::from_millis(30), cap: Duration::from_millis(300) })
        .request_timeout(Duration::from_secs(2))
        .connect_timeout(Duration::from_secs(2))
        .build()
        .expect("the client builds");
    let mine = Arc::new(Mutex::new(HashSet::new()));
    let recorder =
        tokio::spawn(record(client.events(), options.user.clone(), Arc::clone(&book), Arc::clone(&mine)));
    let login = tokio::spawn(log_in(client.clone(), options.user.clone()));

    let (commands, taken) = mpsc::channel(8);
    tokio::spawn(read_commands(commands));
    let talk = options.talk.iter().map(|id| ConversationId::parse(id).expect("a conversation id")).collect();
    let agent = Agent {
        client: client.clone(),
        user: options.user,
        talk,
        book,
        mine,
        failed: Arc::default(),
        login,
        dice: Dice::new(options.seed),
        pace: Duration::from_millis(options.pace),
    };
    agent.act(taken, !options.wait).await;
    client.close().await;
    recorder.abort();
}

/// Logs in, again and again: the server may be away for the first time of all.
async fn log_in(client: Client, user: String) {
    let sig = user_sig(&user);
    while let Err(error) = client.login(&user, &sig).await {
        if !error.class.is_retryable() {
            println!("broken login: {error}");
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    println!("online");
}

async fn read_commands(commands: mpsc::Sender<String>) {
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if commands.send(line).await.is_err() {
            return;
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn key(user: &str, message: &Message) -> MessageKey {
    let conversation = message.conversation.to_string();
    MessageKey::of(user, &conversation, message.sender.as_str(), message.id.as_str())
        .expect("ids of the known form")
}

fn write(book: &Mutex<Book>, line: &Line) {
    lock(book).write(line).expect("the book takes the line");
}

async fn record(
    mut events: EventStream,
    user: String,
    book: Arc<Mutex<Book>>,
    mine: Arc<Mutex<HashSet<MessageKey>>>,
) {
    while let Some(event) = events.next().await {
        match event {
            Event::MessageReceived(message) => {
                let line = Line::Seen { message: key(&user, &message), seq: message.seq };
                write(&book, &line);
            }
            Event::MessageChanged(message) if message.is_own => {
                let message_key = key(&user, &message);
                if lock(&mine).contains(&message_key) {
                    continue;
                }
                match message.state {
                    MessageState::Sent => {
                        write(&book, &Line::Acked { message: message_key, seq: message.seq })
                    }
                    MessageState::Failed(error) => {
                        write(&book, &Line::Failed { message: message_key, code: error.code });
                    }
                    MessageState::Pending => {}
                }
            }
            Event::StoreReset { .. } => println!("broken store was reset"),
            Event::KickedOffline(error) | Event::LoginExpired(error) => println!("broken session: {error}"),
            _ => {}
        }
    }
}

impl Agent {
    async fn act(mut self, mut commands: mpsc::Receiver<String>, mut acting: bool) {
        loop {
            let pause = self.dice.up_to(self.pace);
            tokio::select! {
                command = commands.recv() => {
                    let Some(command) = command else { return };
                    let mut words = command.split(' ');
                    match words.next() {
                        Some("stop") => {
                            acting = false;
                            println!("stopped");
                        }
                        Some("go") => acting = true,
                        Some("settle") => {
                            let marks: Vec<&str> = words.collect();
                            println!("{}", self.settle(&marks).await);
                        }
                        Some("create") => println!("{}", self.create(words.next(), words.next()).await),
                        Some("quit") => {
                            if let Some(group) = words.next().and_then(|id| GroupId::new(id).ok()) {
                                // Refused when he is out already or offline; the windows on the server tell.
                                let _ = self.client.groups().quit(&group).await;
                            }
                        }
                        Some("invite") => {
                            let group = words.next().and_then(|id| GroupId::new(id).ok());
                            let user = words.next().and_then(|id| UserId::new(id).ok());
                            if let (Some(group), Some(user)) = (group, user) {
                                let _ = self.client.groups().invite(&group, &[user]).await;
                            }
                        }
                        _ => println!("broken command {command}"),
                    }
                }
                () = tokio::time::sleep(pause), if acting => self.one_action().await,
            }
        }
    }

    async fn create(&self, id: Option<&str>, members: Option<&str>) -> String {
        let members = members.unwrap_or_default().split(',').filter_map(|user| UserId::new(user).ok());
        let new = NewGroup {
            id: id.and_then(|id| GroupId::new(id).ok()),
            kind: GroupKind::Work,
            name: "chaos".into(),
            members: members.collect(),
        };
        match self.client.groups().create(new).await {
            Ok(created) if created.members.iter().all(|(_, outcome)| outcome.is_ok()) => "created".into(),
            Ok(created) => format!("broken group: {:?}", created.members),
            Err(error) => format!("broken group: {error}"),
        }
    }

    async fn one_action(&mut self) {
        let Some(conversation) = self.dice.pick(&self.talk).cloned() else { return };
        match self.dice.below(100) {
            0..=64 => self.send(&conversation).await,
            65..=69 => {
                for _ in 0..5 {
                    self.send(&conversation).await;
                }
            }
            70..=84 => self.mark_read(&conversation).await,
            85..=90 => self.retry().await,
            91..=95 => drop(self.client.messages().history(&conversation, History::newest(20)).await),
            96..=98 => self.client.network_changed(),
            _ => self.log_in_again().await,
        }
    }

    /// Logs out in the middle of everything, and in again.
    async fn log_in_again(&mut self) {
        self.login.abort();
        // Aborted in the middle it may still be held to run; the next login waits for its turn.
        let _ = self.client.logout().await;
        // What the app had in hand when it logged out comes again, as after a kill.
        write(&self.book, &Line::Life);
        self.login = tokio::spawn(log_in(self.client.clone(), self.user.clone()));
    }

    /// Sends one of the failed messages again.
    async fn retry(&mut self) {
        let Some(Failed { id, sent }) = lock(&self.failed).pop() else { return };
        write(&self.book, &Line::Retrying { message: sent.message.clone() });
        match self.client.messages().retry(&id).await {
            Ok(handle) => self.note_taken(handle, sent),
            // Not taken, so it still stands as failed.
            Err(error) => write(&self.book, &Line::Failed { message: sent.message, code: error.code }),
        }
    }

    fn note_taken(&self, handle: SendHandle, sent: Sent) {
        let Sent { message, n, text } = sent.clone();
        write(&self.book, &Line::Accepted { message, n, text });
        tokio::spawn(note_outcome(handle, sent, Arc::clone(&self.book), Arc::clone(&self.failed)));
    }

    async fn send(&mut self, conversation: &ConversationId) {
        let n = lock(&self.book).accepted() + 1;
        let text = format!("{} says {n} {:08x}", self.user, self.dice.below(1 << 32));
        let mut message = NewMessage::text(&text).excluded_from_unread(self.dice.chance(10));
        if self.dice.chance(10) {
            message = message.timeout(LEAST_PATIENCE + self.dice.up_to(MORE_PATIENCE));
        }
        // Before the first login of all, and between logout and login, nothing is accepted, so nothing is owed.
        let Ok(handle) = self.client.messages().send(conversation, message).await else { return };
        let message = key(&self.user, handle.message());
        lock(&self.mine).insert(message.clone());
        if self.dice.chance(4) {
            let (messages, id) = (self.client.messages(), handle.id().clone());
            let pause = self.dice.up_to(LEAST_PATIENCE);
            tokio::spawn(async move {
                tokio::time::sleep(pause).await;
                // Too late or not: the message's own outcome tells.
                let _ = messages.cancel(&id).await;
            });
        }
        self.note_taken(handle, Sent { message, n, text });
    }

    async fn mark_read(&mut self, conversation: &ConversationId) {
        let Ok(Some(seen)) = self.client.conversations().get(conversation).await else { return };
        if self.client.conversations().mark_read(conversation).await.is_ok()
            && let Some(key) = ConversationKey::of(&self.user, &conversation.to_string())
        {
            write(&self.book, &Line::Read { conversation: key, seq: seen.head_seq });
        }
    }

    /// Waits for what the server is known to have, reads all history, and closes the book.
    async fn settle(&mut self, marks: &[&str]) -> String {
        let mut missing = String::new();
        let caught_up = within(CATCH_UP, async || {
            missing = self.missing(marks).await;
            missing.is_empty().then_some(())
        })
        .await;
        let mut conversations = Vec::new();
        let mut cursor = None;
        loop {
            match self.client.conversations().list(cursor.as_ref(), PAGE).await {
                Ok(page) => {
                    conversations.extend(page.items);
                    cursor = page.next;
                }
                Err(error) => return format!("late: the list of conversations fails: {error}"),
            }
            if cursor.is_none() {
                break;
            }
        }
        for conversation in &conversations {
            if let Err(error) = self.read_all(&conversation.id).await {
                return format!("late: the history of {} fails: {error}", conversation.id);
            }
        }
        tokio::time::sleep(LAST_EVENTS).await;
        for conversation in &conversations {
            if let Some(key) = ConversationKey::of(&self.user, &conversation.id.to_string()) {
                write(&self.book, &Line::Unread { conversation: key, count: conversation.unread });
            }
        }
        write(&self.book, &Line::Finished);
        if caught_up.is_some() { "settled".into() } else { format!("late: still missing {missing}") }
    }

    /// The marks that the client does not show yet.
    async fn missing(&self, marks: &[&str]) -> String {
        let mut missing = Vec::new();
        for mark in marks {
            let parsed = mark.rsplit_once('=').and_then(|(id, places)| {
                let (head, read) = places.split_once(':')?;
                Some((ConversationId::parse(id).ok()?, head.parse::<u64>().ok()?, read.parse::<u64>().ok()?))
            });
            let Some((id, head, read)) = parsed else { return format!("the sense of {mark:?}") };
            let shown = self.client.conversations().get(&id).await;
            let there = matches!(&shown, Ok(Some(shown)) if shown.head_seq >= head && shown.read_seq >= read);
            if !there {
                let shown = shown.map(|shown| shown.map(|shown| (shown.head_seq, shown.read_seq)));
                missing.push(format!("{mark} (shown {shown:?})"));
            }
        }
        missing.join(", ")
    }

    /// Reads the whole history, so that every gap is fetched.
    async fn read_all(&self, conversation: &ConversationId) -> Result<(), whinchat_core::Error> {
        let messages = self.client.messages();
        let mut page = messages.history(conversation, History::newest(PAGE)).await?;
        loop {
            if page.complete && page.messages.is_empty() {
                return Ok(());
            }
            let Some(oldest) = page.messages.last() else {
                let incomplete = whinchat_core::ErrorCode::Disconnected;
                return Err(whinchat_core::Error::new(incomplete, "history says that there may be more"));
            };
            page = messages.history(conversation, History::older(&oldest.id, PAGE)).await?;
        }
    }
}

async fn note_outcome(
    handle: SendHandle,
    sent: Sent,
    book: Arc<Mutex<Book>>,
    failed: Arc<Mutex<Vec<Failed>>>,
) {
    let id = handle.id().clone();
    let message = sent.message.clone();
    match handle.settled().await {
        Ok(stored) => write(&book, &Line::Acked { message, seq: stored.seq }),
        // Closed or logged out: the message waits in the outbox and is told of later.
        Err(error) if error.is(whinchat_core::ErrorCode::Interrupted) => {}
        Err(error) => {
            write(&book, &Line::Failed { message, code: error.code });
            lock(&failed).push(Failed { id, sent });
        }
    }
}
