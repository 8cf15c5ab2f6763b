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
//! * `pace <ms>`: its longest pause between two actions is this from now on.
//! * `pause <ms>`: sleeps as an app in the background does, for so long.
//! * `quit <group>`, `invite <group> <user>`: does so if it can.
//!
//! The end of standard input ends it: it never outlives the one who started it.

mod act;
mod notes;
mod settle;

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use whinchat_cli::ledger::{Book, MessageKey};
use whinchat_core::{
    Backoff, Client, ConversationId, ErrorCode, GroupId, GroupKind, NewGroup, Platform, UserId,
};

use crate::account::APP_ID;
use crate::dice::Dice;
use crate::noted::Failed;
use notes::record;

/// Between two attempts at what could not be done.
const AGAIN: Duration = Duration::from_millis(20);

/// How long a client that is to sleep gives its outbox.
const DRAIN_TIME: Duration = Duration::from_millis(150);

/// What an agent is started with.
#[derive(Clone, Debug, clap::Args)]
pub struct AgentOptions {
    /// Who it is.
    #[arg(long)]
    pub user: String,
    /// Its signature: made by somebody with a good clock.
    #[arg(long)]
    pub sig: String,
    /// `android`, `ios`, `tablet`, `desktop` or `web`: one device of each may be logged in.
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

struct Agent {
    client: Client,
    user: String,
    who: Who,
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
    let platform = match options.platform.as_str() {
        "android" => Platform::Android,
        "ios" => Platform::Ios,
        "tablet" => Platform::Tablet,
        "web" => Platform::Web,
        _ => Platform::Desktop,
    };
    let builder = Client::builder()
        .server(&options.server)
        .app_id(APP_ID)
        .data_dir(&options.data)
        .platform(platform)
        .backoff(Backoff { base: Duration::from_millis(30), cap: Duration::from_millis(300) })
        .request_timeout(Duration::from_secs(2))
        .connect_timeout(Duration::from_secs(2))
        .drain_time(DRAIN_TIME);
    let client = loop {
        match builder.clone().build() {
            Ok(client) => break client,
            // A folder takes room: the user frees some and tries again.
            Err(error) if error.is(ErrorCode::FileSystem) => tokio::time::sleep(AGAIN).await,
            Err(error) => panic!("the client does not build: {error}"),
        }
    };
    let mine = Arc::new(Mutex::new(HashSet::new()));
    let who = Who { client: client.clone(), user: options.user.clone(), sig: options.sig };
    let recorder = tokio::spawn(record(who.clone(), Arc::clone(&book), Arc::clone(&mine)));
    let login = tokio::spawn(log_in(who.clone()));

    let (commands, taken) = mpsc::channel(8);
    tokio::spawn(read_commands(commands));
    let talk = options.talk.iter().map(|id| ConversationId::parse(id).expect("a conversation id")).collect();
    let agent = Agent {
        client: client.clone(),
        user: options.user,
        who,
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

/// Whoever can log in.
#[derive(Clone)]
struct Who {
    client: Client,
    user: String,
    sig: String,
}

/// Logs in, again and again: the server may be away for the first time of all, the disk full, or the client asleep.
async fn log_in(who: Who) {
    // The last one: kicked, it may log in on its own account while the app logs out and in.
    let passing = [
        ErrorCode::FileSystem,
        ErrorCode::WrongState,
        ErrorCode::LoginRunning,
        ErrorCode::LoggedOutDuringLogin,
    ];
    while let Err(error) = who.client.login(&who.user, &who.sig).await {
        if error.is(ErrorCode::NotInitialised) {
            // Closed meanwhile.
            return;
        }
        if !error.class.is_retryable() && !passing.iter().any(|code| error.is(*code)) {
            println!("broken login: {error}");
            return;
        }
        tokio::time::sleep(AGAIN).await;
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
                        Some("pace") => {
                            let ms = words.next().and_then(|ms| ms.parse().ok());
                            self.pace = ms.map_or(self.pace, Duration::from_millis);
                        }
                        Some("pause") => {
                            let ms = words.next().and_then(|ms| ms.parse().ok()).unwrap_or(0);
                            self.pause(Duration::from_millis(ms)).await;
                        }
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
}
