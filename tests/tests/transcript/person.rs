//! A device of the scenario: its client, what it was told, what it shows.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use tokio::task::JoinHandle;
use whinchat_core::{
    Client, Conversation, ConversationId, ConversationUpdate, Message, TimelineUpdate, TimelineWindow,
};
use whinchat_tests::account::APP_ID;

use crate::ledger::Ledger;
use crate::words;

/// A list on the screen: what it shows, and whether it is over.
type Shown<T> = Arc<Mutex<(Vec<T>, bool)>>;

/// A device, named after who uses it.
pub(crate) struct Person {
    pub(crate) name: &'static str,
    pub(crate) client: Client,
    told: Arc<Mutex<Vec<(&'static str, String)>>>,
    /// How many events of each kind the script has asked for.
    taken: HashMap<&'static str, usize>,
    list: Shown<Conversation>,
    timelines: HashMap<&'static str, Shown<Message>>,
    tasks: Vec<JoinHandle<()>>,
}

impl Drop for Person {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

pub(crate) fn id(text: &str) -> ConversationId {
    ConversationId::parse(text).unwrap()
}

fn render<T>(shown: &Shown<T>, word: impl Fn(&T) -> String) -> String {
    let shown = shown.lock().unwrap();
    if shown.1 { "over".into() } else { words::all(&shown.0, word) }
}

impl Person {
    pub(crate) fn new(name: &'static str, folder: &Path, server: &str) -> Self {
        let client = Client::builder().server(server).app_id(APP_ID).data_dir(folder).build().unwrap();
        let mut stream = client.events();
        let told = Arc::new(Mutex::new(Vec::new()));
        let heard = told.clone();
        let recorder = tokio::spawn(async move {
            while let Some(event) = stream.next().await {
                heard.lock().unwrap().extend(words::event(&event));
            }
        });
        let (list, timelines) = (Shown::default(), HashMap::new());
        Self { name, client, told, taken: HashMap::new(), list, timelines, tasks: vec![recorder] }
    }

    /// Opens the conversation list on the screen.
    pub(crate) fn opens_list(&mut self) {
        let mut observer = self.client.conversations().observe(20).unwrap();
        self.list = Shown::default();
        let shown = self.list.clone();
        self.tasks.push(tokio::spawn(async move {
            while let Some(update) = observer.next().await {
                let mut shown = shown.lock().unwrap();
                match update {
                    ConversationUpdate::Snapshot { items, .. } => shown.0 = items,
                    ConversationUpdate::Changes { diffs, .. } => {
                        diffs.into_iter().for_each(|diff| diff.apply(&mut shown.0));
                    }
                    ConversationUpdate::Reset => shown.1 = true,
                }
            }
        }));
    }

    /// Opens a conversation on the screen.
    pub(crate) async fn opens_timeline(&mut self, conversation: &'static str) {
        let messages = self.client.messages();
        let mut observer = messages.observe(&id(conversation), TimelineWindow::newest(20)).await.unwrap();
        let shown = Shown::default();
        self.timelines.insert(conversation, shown.clone());
        self.tasks.push(tokio::spawn(async move {
            while let Some(update) = observer.next().await {
                let mut shown = shown.lock().unwrap();
                match update {
                    TimelineUpdate::Snapshot { items, .. } => shown.0 = items,
                    TimelineUpdate::Changes { diffs, .. } => {
                        diffs.into_iter().for_each(|diff| diff.apply(&mut shown.0));
                    }
                    TimelineUpdate::Reset => shown.1 = true,
                }
            }
        }));
    }

    /// Line: the conversation list.
    pub(crate) async fn shows_list(&self, ledger: &mut Ledger) {
        let name = self.name;
        ledger.comes(async || format!("{name} list = {}", render(&self.list, words::conversation))).await;
    }

    /// Line: a conversation's messages.
    pub(crate) async fn shows_timeline(&self, ledger: &mut Ledger, conversation: &'static str) {
        let (name, shown) = (self.name, &self.timelines[conversation]);
        ledger
            .comes(async || format!("{name} timeline {conversation} = {}", render(shown, words::message)))
            .await;
    }

    /// Line: the next event of this kind.
    pub(crate) async fn is_told(&mut self, ledger: &mut Ledger, kind: &'static str) {
        let taken = self.taken.entry(kind).or_default();
        let (name, told, at) = (self.name, &self.told, *taken);
        ledger
            .comes(async || {
                let told = told.lock().unwrap();
                let next = told.iter().filter(|(other, _)| *other == kind).nth(at);
                format!("{name} told {}", next.map_or("nothing", |(_, line)| line.as_str()))
            })
            .await;
        *taken += 1;
    }

    /// Line: how many events nobody has asked for.
    pub(crate) fn was_told_no_more(&self, ledger: &mut Ledger) {
        let left = self.told.lock().unwrap().len() - self.taken.values().sum::<usize>();
        ledger.note(format!("{} told {left} more", self.name));
    }

    /// Line: the connection's state.
    pub(crate) async fn connection(&self, ledger: &mut Ledger) {
        let name = self.name;
        ledger
            .comes(async || format!("{name} connection = {}", words::connection(&self.client.connection())))
            .await;
    }

    /// Line: unread messages over all conversations.
    pub(crate) async fn unread(&self, ledger: &mut Ledger) {
        let name = self.name;
        ledger
            .comes(async || {
                let unread = self.client.conversations().total_unread().await.unwrap();
                format!("{name} unread = {unread}")
            })
            .await;
    }

    /// Lines: a text is accepted, and settled.
    pub(crate) async fn says(&mut self, ledger: &mut Ledger, to: &str, text: &str) {
        let name = self.name;
        let sent = self.client.messages().send_text(&id(to), text).await.unwrap();
        ledger.note(format!("{name} sends to {to}: {}", words::message(sent.message())));
        let settled = sent.settled().await;
        let settled = settled.as_ref().map_or_else(words::error, words::message);
        ledger.note(format!("{name} settled: {settled}"));
        self.is_told(ledger, "changed").await;
    }
}
