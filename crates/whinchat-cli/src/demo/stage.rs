//! The server, the people, and the judgement over what is left on the disks.

use std::collections::HashMap;

use tempfile::TempDir;
use whinchat_core::ConversationId;
use whinchat_server::{RunningServer, Server, ServerConfig};

use super::person::{APP_ID, Person, broken_book, lock, until};
use crate::chat::session::now_ms;
use crate::development::new_key;
use crate::failure::Failure;
use crate::key::AppAndKey;
use crate::ledger::{ConversationKey, Evidence, Report, judge};
use crate::sig;

const NAMES: [&str; 3] = ["alice", "bob", "carol"];

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
        let mut evidence =
            Evidence::collect(&config.data.join("server.db"), &devices).map_err(broken_book)?;
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
