//! Carries out what the screen asks for, and tells it what happens: the only place of the chat that knows the client.

use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{mpsc, watch};
use tokio::task::{JoinHandle, JoinSet};
use whinchat_core::{
    Client, ConnectionState, ConversationId, Error, ErrorCode, Event, History, HistoryPage, MessageId,
    NewGroup, Result, SendHandle,
};

use super::rows::{Action, Link, News, Page};
use super::translate::{conversation_row, message_row};

/// Messages read at once.
const PAGE: usize = 50;
/// Conversations shown at most; whoever has more finds the rest with /open.
const LIST: usize = 100;
/// News that the screen has not taken. When full, those who have news wait; the client queues what happens meanwhile.
const NEWS: usize = 256;
/// Actions that wait. When full, the screen keeps what follows in its own queue, which grows as fast as somebody types.
const ACTIONS: usize = 32;
/// Requests that run beside each other. When that many run, the next waits for one of them.
const REQUESTS: usize = 8;
/// Between two tries of a first login without a network; later ones are the client's business.
const FIRST_LOGIN_RETRY: Duration = Duration::from_secs(3);
/// How long leaving waits for what was handed over; it is local work.
const FINISH: Duration = Duration::from_secs(3);

/// The time, in milliseconds since the epoch.
#[must_use]
pub fn now_ms() -> i64 {
    Timestamp::now().as_millisecond()
}

/// A running session; ends when it is dropped.
pub struct Session {
    /// What is to be done.
    pub actions: mpsc::Sender<Action>,
    /// What happened.
    pub news: mpsc::Receiver<News>,
    client: Client,
    tasks: JoinSet<()>,
    /// Ends when `actions` is dropped.
    acting: JoinHandle<()>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").finish_non_exhaustive()
    }
}

impl Session {
    /// Logs `user` in and begins to listen.
    #[must_use]
    pub fn start(client: Client, user: String, user_sig: String) -> Self {
        let (action_sender, actions) = mpsc::channel(ACTIONS);
        let (news_sender, news) = mpsc::channel(NEWS);
        let (newest, asked) = watch::channel(None);
        let teller = Teller { client: client.clone(), news: news_sender };
        let mut tasks = JoinSet::new();
        // Before logging in, so that nothing is missed.
        let events = client.events();
        tasks.spawn(tell_events(teller.clone(), events));
        tasks.spawn(log_in(teller.clone(), user, user_sig));
        tasks.spawn(read_newest(teller.clone(), asked));
        let acting = tokio::spawn(act(teller, actions, newest));
        Self { actions: action_sender, news, client, tasks, acting }
    }

    /// Whether nothing waits in the outbox.
    #[must_use]
    pub fn is_drained(&self) -> bool {
        self.client.is_drained()
    }

    /// Ends the session when every action that was handed over is done: what waits is then on the disk.
    pub async fn finish(self) {
        let Self { actions, mut news, client, tasks: _tasks, mut acting } = self;
        // The one who acts ends with its channel; nobody reads the news it may still have.
        drop(actions);
        let read_on = async {
            while news.recv().await.is_some() {}
            std::future::pending::<()>().await;
        };
        tokio::select! {
            _ = &mut acting => {}
            () = read_on => {}
            () = tokio::time::sleep(FINISH) => acting.abort(),
        }
        client.close().await;
    }
}

#[derive(Clone)]
struct Teller {
    client: Client,
    news: mpsc::Sender<News>,
}

impl Teller {
    /// A screen that is gone needs no news.
    async fn tell(&self, news: News) {
        let _ = self.news.send(news).await;
    }

    async fn tell_fault(&self, error: &Error) {
        self.tell(News::Fault(sentence(error))).await;
    }

    async fn tell_list(&self) {
        // Before the local session is open there is nothing to list; its opening comes as news.
        if let Ok(page) = self.client.conversations().list(None, LIST).await {
            self.tell(News::Conversations(page.items.iter().map(conversation_row).collect())).await;
        }
    }

    async fn tell_queued(&self, handle: Result<SendHandle>) {
        match handle {
            Ok(handle) => {
                let message = handle.message();
                self.tell(News::Queued(message.conversation.clone(), message_row(message))).await;
            }
            Err(error) => self.tell_fault(&error).await,
        }
    }
}

/// An error for the user: its sentence, and the code for whoever looks it up.
#[must_use]
pub fn sentence(error: &Error) -> String {
    format!("{} ({})", error.message.trim_end_matches('.'), error.code)
}

/// Why there is no connection, in a few words.
#[must_use]
pub fn reason(error: &Error) -> String {
    let known = ErrorCode::from_name(&error.name).and_then(|code| {
        Some(match code {
            ErrorCode::ConnectRefused => "nothing answers at the server's address",
            ErrorCode::ConnectTimeout | ErrorCode::AnswerTimeout => "the server does not answer",
            ErrorCode::Unreachable => "there is no network to the server",
            ErrorCode::ConnectionReset | ErrorCode::Disconnected => "the connection was cut",
            ErrorCode::NameLookup => "the server's name cannot be found",
            ErrorCode::Draining => "the server is stopping",
            _ => return None,
        })
    });
    known.map_or_else(|| sentence(error), str::to_owned)
}

async fn log_in(teller: Teller, user: String, user_sig: String) {
    loop {
        let Err(error) = teller.client.login(&user, &user_sig).await else {
            teller.tell_list().await;
            return;
        };
        tracing::info!(code = error.code, "login: {}", error.name);
        if error.is(ErrorCode::LoggedOutDuringLogin) || error.is(ErrorCode::NotInitialised) {
            return;
        }
        if !error.class.is_retryable() {
            teller.tell(News::Link(Link::Ended(sentence(&error)))).await;
            return;
        }
        // Only a device that never logged in comes here: with a local session the client keeps trying by itself.
        let wait = i64::try_from(FIRST_LOGIN_RETRY.as_millis()).unwrap_or(0);
        let reason = reason(&error);
        teller.tell(News::Link(Link::Waiting { until_ms: now_ms() + wait, reason })).await;
        tokio::time::sleep(FIRST_LOGIN_RETRY).await;
    }
}

async fn tell_events(teller: Teller, mut events: whinchat_core::EventStream) {
    let mut opened = false;
    while let Some(event) = events.next().await {
        match event {
            Event::ConnectionChanged(state) => {
                let Some(link) = link(state) else { continue };
                // The first state of a login says that the local session is open.
                if !opened && teller.client.user().is_some() {
                    opened = true;
                    teller.tell_list().await;
                    teller.tell(News::Resynced).await;
                }
                teller.tell(News::Link(link)).await;
            }
            Event::SyncFinished => teller.tell(News::Synced).await,
            Event::MessageReceived(message) => {
                teller.tell(News::Arrived(message.conversation.clone(), message_row(&message))).await;
            }
            Event::MessageChanged(message) => {
                teller.tell(News::Changed(message.conversation.clone(), message_row(&message))).await;
            }
            Event::EphemeralReceived(message) => {
                let row = message_row(&message);
                teller.tell(News::Note(format!("{} (not kept): {}", row.sender, row.text))).await;
            }
            Event::ConversationAdded(conversation) | Event::ConversationChanged(conversation) => {
                teller.tell(News::Conversation(conversation_row(&conversation))).await;
            }
            Event::ConversationRemoved(_) => teller.tell_list().await,
            Event::KickedOffline(error) | Event::LoginExpired(error) => {
                teller.tell(News::Link(Link::Ended(sentence(&error)))).await;
            }
            Event::StoreReset { set_aside } => {
                teller
                    .tell(News::Fault(format!(
                        "The local copy was damaged; it is kept as {set_aside} and fetched again"
                    )))
                    .await;
                teller.tell_list().await;
            }
            // SyncStarted, SyncFailed and the total say nothing that the status bar and the list do not show.
            _ => {}
        }
    }
}

fn link(state: ConnectionState) -> Option<Link> {
    match state {
        // Follows a logout, a kick or a failed first login, each of which is told on its own.
        // The terminal never pauses.
        ConnectionState::LoggedOut | ConnectionState::Paused => None,
        ConnectionState::Connecting => Some(Link::Connecting),
        ConnectionState::Connected => Some(Link::Connected),
        ConnectionState::Waiting { retry_in_ms, error } => {
            let until_ms = now_ms().saturating_add(i64::try_from(retry_in_ms).unwrap_or(0));
            Some(Link::Waiting { until_ms, reason: reason(&error) })
        }
    }
}

fn page(history: &HistoryPage) -> Page {
    Page { rows: history.messages.iter().rev().map(message_row).collect(), complete: history.complete }
}

/// Reads the newest page of whatever was asked for last: many questions for the same are answered once.
async fn read_newest(teller: Teller, mut asked: watch::Receiver<Option<ConversationId>>) {
    while asked.changed().await.is_ok() {
        loop {
            let Some(id) = asked.borrow_and_update().clone() else { break };
            let messages = teller.client.messages();
            let read = messages.history(&id, History::newest(PAGE));
            tokio::pin!(read);
            let mut again = false;
            let answer = loop {
                tokio::select! {
                    answer = &mut read => break Some(answer),
                    changed = asked.changed() => {
                        if changed.is_err() {
                            return;
                        }
                        again = true;
                        if asked.borrow().as_ref() != Some(&id) {
                            break None;
                        }
                    }
                }
            };
            match answer {
                Some(Ok(history)) => teller.tell(News::Newest(id.clone(), page(&history))).await,
                // The page is read again when the local session opens.
                Some(Err(error)) if error.is(ErrorCode::NotLoggedIn) => {}
                Some(Err(error)) => teller.tell_fault(&error).await,
                None => {}
            }
            if !again {
                break;
            }
        }
    }
}

/// Does what is asked: what is local at once and in order, what may need the server beside each other.
async fn act(
    teller: Teller,
    mut actions: mpsc::Receiver<Action>,
    newest: watch::Sender<Option<ConversationId>>,
) {
    let mut requests = JoinSet::new();
    while let Some(action) = actions.recv().await {
        while requests.len() >= REQUESTS || requests.try_join_next().is_some() {
            if requests.len() >= REQUESTS {
                requests.join_next().await;
            }
        }
        match action {
            Action::Send(to, text) => match teller.client.messages().send_text(&to, text.as_str()).await {
                Ok(handle) => teller.tell_queued(Ok(handle)).await,
                Err(error) if error.is(ErrorCode::NotLoggedIn) => {
                    let reason = "Nobody is logged in here yet: the line is kept, send it when the server has answered";
                    teller.tell(News::Unsent(to, text, reason.to_owned())).await;
                }
                Err(error) => teller.tell(News::Unsent(to, text, sentence(&error))).await,
            },
            Action::List => teller.tell_list().await,
            Action::LoadNewest(id) => drop(newest.send(Some(id))),
            Action::MarkRead(id) => match teller.client.conversations().mark_read(&id).await {
                Err(error) if !error.is(ErrorCode::NotLoggedIn) => teller.tell_fault(&error).await,
                _ => {}
            },
            Action::Retry(key) => {
                let retried = async { teller.client.messages().retry(&MessageId::parse(&key)?).await };
                let handle = retried.await;
                teller.tell_queued(handle).await;
            }
            Action::LoadOlder(id, key) => {
                let teller = teller.clone();
                requests.spawn(async move {
                    let older = async {
                        let before = MessageId::parse(&key)?;
                        teller.client.messages().history(&id, History::older(&before, PAGE)).await
                    };
                    let answer = older.await.as_ref().map(page).map_err(sentence);
                    teller.tell(News::Older(id, answer)).await;
                });
            }
            Action::Quit => return,
            request => {
                let teller = teller.clone();
                requests.spawn(async move {
                    if let Err(error) = ask(&teller, request).await {
                        teller.tell_fault(&error).await;
                    }
                });
            }
        }
    }
}

/// What needs the server.
async fn ask(teller: &Teller, request: Action) -> Result<()> {
    let groups = teller.client.groups();
    match request {
        Action::CreateGroup(name, members) => {
            let created = groups.create(NewGroup { name, members, ..NewGroup::default() }).await?;
            teller.tell(News::Open(ConversationId::Group(created.id.clone()))).await;
            let made = format!("The group is made; its id is {}", created.id);
            teller.tell(outcome(made, &created.members)).await;
        }
        Action::Invite(group, users) => {
            let invited = groups.invite(&group, &users).await?;
            teller.tell(outcome("Invited".to_owned(), &invited)).await;
        }
        Action::QuitGroup(group) => {
            groups.quit(&group).await?;
            teller.tell(News::Note("You have left the group; what you saw stays readable".to_owned())).await;
        }
        Action::Cancel(key) => {
            teller.client.messages().cancel(&MessageId::parse(&key)?).await?;
            teller.tell(News::Note("Taken back".to_owned())).await;
        }
        _ => {}
    }
    Ok(())
}

fn outcome(done: String, members: &[(whinchat_core::UserId, Result<()>)]) -> News {
    let refused: Vec<String> = members
        .iter()
        .filter_map(|(user, result)| Some(format!("{user}: {}", sentence(result.as_ref().err()?))))
        .collect();
    if refused.is_empty() {
        News::Note(done)
    } else {
        News::Fault(format!("{done}; but {}", refused.join("; ")))
    }
}
