//! One device of a simulated world: its files, its network, and its lives.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rusqlite::Connection;
use whinchat_cli::ledger::{Book, ConversationKey, DeviceFiles, Line};
use whinchat_core::simulation::Dial;
use whinchat_core::{
    Backoff, Client, ConversationId, GroupId, GroupKind, History, NewGroup, Platform, UserId,
};

use super::actor::Actor;
use super::hand::{Draft, Hand, clear, delete, list, log_in, mark_read, read_all, retry, send};
use super::network::Network;
use super::node::Switchboard;
use super::notes::record;
use crate::account::APP_ID;
use crate::dice::Dice;
use crate::noted::{lock, write};

/// Name, user, platform, and whom he talks to.
pub(super) type Role = (&'static str, &'static str, Platform, &'static [&'static str]);

/// One life of the app. The runtime falls first: that is the kill.
struct Life {
    actor: Actor,
    hand: Arc<Hand>,
}

/// A device.
pub(super) struct Seat {
    pub(super) role: Role,
    pub(super) network: Arc<Mutex<Network>>,
    pub(super) skew_ms: i64,
    pub(super) files: DeviceFiles,
    talk: Vec<ConversationId>,
    sig: String,
    data: PathBuf,
    /// They keep the databases alive while nobody has them open.
    own: Connection,
    cache: Connection,
    life: Option<Life>,
    dice: Dice,
}

impl Seat {
    pub(super) fn new(
        role: Role,
        sig: String,
        folder: &Path,
        switchboard: &Arc<Mutex<Switchboard>>,
        dice: &mut Dice,
    ) -> Self {
        let (name, user, _, talk) = role;
        let data = folder.join(name);
        let book = folder.join(format!("{name}.ledger"));
        let files = DeviceFiles::new(name, user, &book, &data, APP_ID);
        let network = Network::new(switchboard, Dice::new(dice.roll()));
        let keep = |file| Connection::open(files.folder.join(file)).expect("a database in memory");
        Self {
            role,
            network: Arc::new(Mutex::new(network)),
            skew_ms: 0,
            talk: talk.iter().map(|id| ConversationId::parse(id).expect("a conversation id")).collect(),
            sig,
            own: keep("own.db"),
            cache: keep("cache.db"),
            data,
            files,
            life: None,
            dice: Dice::new(dice.roll()),
        }
    }

    /// Begins a life, if there is none, and logs in.
    pub(super) fn begin(&mut self, now_ms: i64) {
        if self.life.is_some() {
            return;
        }
        let actor = Actor::new(self.skew_ms);
        let (_, user, platform, _) = self.role;
        let network = Arc::clone(&self.network);
        let dial = Dial::new(move || lock(&network).dial());
        let data = self.data.clone();
        let client = actor.now(now_ms, async move {
            Client::builder()
                .server("ws://simulated")
                .app_id(APP_ID)
                .data_dir(&data)
                .platform(platform)
                .backoff(Backoff { base: Duration::from_millis(30), cap: Duration::from_millis(300) })
                .request_timeout(Duration::from_secs(2))
                .connect_timeout(Duration::from_secs(2))
                .simulated(dial)
                .build()
                .expect("the client builds")
        });
        let hand = Arc::new(Hand {
            client,
            user: user.to_owned(),
            sig: self.sig.clone(),
            book: Arc::new(Mutex::new(Book::open(&self.files.book).expect("the book opens"))),
            mine: Arc::default(),
            failed: Arc::default(),
        });
        let (book, mine) = (Arc::clone(&hand.book), Arc::clone(&hand.mine));
        actor.spawn(record(hand.client.events(), user.to_owned(), book, mine));
        actor.spawn(log_in(Arc::clone(&hand)));
        self.life = Some(Life { actor, hand });
    }

    /// Ends the life between two steps; with `lose_cache` the cache is gone as well.
    pub(super) fn kill(&mut self, lose_cache: bool) {
        self.life = None;
        lock(&self.network).cut(false);
        if lose_cache {
            let path = self.files.folder.join("cache.db");
            // The last connection takes the database in memory along.
            self.cache = Connection::open_in_memory().expect("a database in memory");
            self.cache = Connection::open(path).expect("a database in memory");
        }
    }

    /// Closes the app in good order, as far as that goes in the time.
    pub(super) fn close(&mut self, now_ms: i64) {
        if let Some(life) = &self.life {
            let client = life.hand.client.clone();
            life.actor.spawn(async move { client.close().await });
            life.actor.run(now_ms, Duration::from_millis(20));
        }
        self.kill(false);
    }

    pub(super) fn is_alive(&self) -> bool {
        self.life.is_some()
    }

    pub(super) fn run(&mut self, now_ms: i64, time: Duration) {
        let skew_ms = self.skew_ms;
        if let Some(life) = &mut self.life {
            life.actor.skew_ms = skew_ms;
            life.actor.run(now_ms, time);
        }
    }

    /// Does something of its own accord; gives what.
    pub(super) fn act(&mut self, now_ms: i64) -> Option<String> {
        let life = self.life.as_ref()?;
        let hand = Arc::clone(&life.hand);
        let conversation = self.dice.pick(&self.talk)?.clone();
        let said = match self.dice.below(100) {
            0..=69 => {
                let count = if self.dice.chance(10) { 5 } else { 1 };
                for _ in 0..count {
                    let mut message = Draft::roll(&mut self.dice);
                    message.conversation = Some(conversation.clone());
                    life.actor.spawn(send(Arc::clone(&hand), message));
                }
                format!("sends {count} to {conversation}")
            }
            70..=84 => {
                let to = conversation.clone();
                life.actor.spawn(async move { mark_read(&hand, &to).await });
                format!("reads {conversation}")
            }
            85..=89 => {
                life.actor.spawn(async move { retry(&hand).await });
                "sends again what failed".into()
            }
            90 => {
                let (from, salt) = (conversation.clone(), self.dice.roll());
                life.actor.spawn(async move { delete(&hand, &from, salt).await });
                format!("deletes something of {conversation}")
            }
            91 if self.dice.chance(30) => {
                let what = conversation.clone();
                life.actor.spawn(async move { clear(&hand, &what).await });
                format!("empties {conversation}")
            }
            92 => {
                let to = conversation.clone();
                life.actor
                    .spawn(async move { drop(hand.client.conversations().set_typing(&to, true).await) });
                format!("types to {conversation}")
            }
            91..=94 => {
                let from = conversation.clone();
                life.actor.spawn(async move {
                    drop(hand.client.messages().history(&from, History::newest(20)).await);
                });
                format!("looks at {conversation}")
            }
            95..=97 => {
                hand.client.network_changed();
                "hears that the network changed".into()
            }
            _ => {
                life.actor.spawn(async move {
                    let _ = hand.client.logout().await;
                    write(&hand.book, &Line::Life);
                    log_in(hand).await;
                });
                "logs out and in".into()
            }
        };
        // What waits for nobody is done before anything else happens.
        life.actor.now(now_ms, async { tokio::task::yield_now().await });
        Some(said)
    }

    /// Says one thing to everybody it talks to.
    pub(super) fn greet(&mut self) {
        let Some(life) = &self.life else { return };
        for conversation in &self.talk {
            let conversation = Some(conversation.clone());
            let draft = Draft { conversation, uncounted: false, patience: None, cancel_after: None, salt: 0 };
            life.actor.spawn(send(Arc::clone(&life.hand), draft));
        }
    }

    /// Spawns work of a group's member; how it ends shows in the judgement alone.
    pub(super) fn in_group(&self, group: &'static str, work: GroupWork) {
        let Some(life) = &self.life else { return };
        let client = life.hand.client.clone();
        life.actor.spawn(async move {
            let id = GroupId::new(group).expect("a group id");
            let users = |names: &[&str]| -> Vec<UserId> {
                names.iter().filter_map(|name| UserId::new(name).ok()).collect()
            };
            match work {
                GroupWork::Create(members) => {
                    let members = users(members);
                    let new = NewGroup { id: Some(id), kind: GroupKind::Work, name: group.into(), members };
                    drop(client.groups().create(new).await);
                }
                GroupWork::Quit => drop(client.groups().quit(&id).await),
                GroupWork::Invite(user) => drop(client.groups().invite(&id, &users(&[user])).await),
            }
        });
    }

    /// What waits in the outbox.
    pub(super) fn waiting(&self) -> i64 {
        let sql = "SELECT count(*) FROM outbox WHERE state <> 1";
        // Before the first login there are no tables.
        self.own.query_row(sql, [], |row| row.get(0)).unwrap_or(0)
    }

    /// Whether it is logged in and connected.
    pub(super) fn is_online(&self) -> bool {
        self.life.as_ref().is_some_and(|life| {
            life.hand.client.user().is_some()
                && life.hand.client.connection() == whinchat_core::ConnectionState::Connected
        })
    }

    /// The conversations that do not show these heads and read marks yet.
    pub(super) fn behind(&self, now_ms: i64, marks: &[(ConversationId, u64, u64)]) -> Vec<String> {
        let Some(life) = &self.life else { return vec!["no life".into()] };
        let client = life.hand.client.clone();
        life.actor.now(now_ms, async move {
            let mut behind = Vec::new();
            for (id, head, read) in marks {
                let shown = client.conversations().get(id).await;
                let right =
                    |shown: &whinchat_core::Conversation| shown.head_seq >= *head && shown.read_seq >= *read;
                if !matches!(&shown, Ok(Some(shown)) if right(shown)) {
                    let shown = shown.map(|shown| shown.map(|shown| (shown.head_seq, shown.read_seq)));
                    behind.push(format!("{id} at {head}, read to {read}, shows {shown:?}"));
                }
            }
            behind
        })
    }

    /// Begins to read every page of every conversation; the receiver tells how it went.
    pub(super) fn read_everything(&self) -> tokio::sync::oneshot::Receiver<Result<(), String>> {
        let (done, told) = tokio::sync::oneshot::channel();
        if let Some(life) = &self.life {
            let hand = Arc::clone(&life.hand);
            life.actor.spawn(async move {
                let _ = done.send(read_all(&hand).await.map_err(|error| error.to_string()));
            });
        }
        told
    }

    /// Writes the last lines.
    pub(super) fn finish(&self, now_ms: i64) -> Result<(), String> {
        let life = self.life.as_ref().ok_or("no life")?;
        let hand = Arc::clone(&life.hand);
        life.actor.now(now_ms, async move {
            for conversation in list(&hand).await.map_err(|error| error.to_string())? {
                if let Some(key) = ConversationKey::of(&hand.user, &conversation.id.to_string()) {
                    write(&hand.book, &Line::Unread { conversation: key, count: conversation.unread });
                }
            }
            write(&hand.book, &Line::Finished);
            Ok(())
        })
    }

    /// The position in the user's change log, and whether something of it is missing.
    pub(super) fn position(&self) -> Result<(u64, bool), String> {
        let sql = "SELECT top, gaps FROM position WHERE one = 1";
        let read = |row: &rusqlite::Row<'_>| {
            let (top, gaps): (i64, String) = (row.get(0)?, row.get(1)?);
            Ok((top.unsigned_abs(), gaps.bytes().any(|byte| byte.is_ascii_digit())))
        };
        self.cache.query_row(sql, [], read).map_err(|error| error.to_string())
    }
}

/// What a member does with a group.
#[derive(Clone, Copy, Debug)]
pub(super) enum GroupWork {
    Create(&'static [&'static str]),
    Quit,
    Invite(&'static str),
}
