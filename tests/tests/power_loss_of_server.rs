//! The server loses its power; what it acknowledged is there afterwards, once.
#![cfg(target_os = "linux")]
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout)]

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::process::Stdio;
use std::time::Duration;

use rusqlite::Connection;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinSet;
use whinchat_core::{Message, Platform};
use whinchat_tests::account::user_sig;
use whinchat_tests::device::Device;
use whinchat_tests::dice::Dice;
use whinchat_tests::power_loss::{Disk, Left, setting};
use whinchat_tests::server::DATABASE;

/// Sends that are under way at once.
const UNDER_WAY: usize = 64;

/// A server on such a disk, and two who write to each other as fast as it answers.
struct Scene {
    folder: tempfile::TempDir,
    disk: Disk,
    devices: Vec<Device>,
    log_ins: JoinSet<()>,
    waiting: JoinSet<Message>,
    sent: usize,
    acknowledged: Vec<Message>,
    lies: bool,
}

/// What the server has stored.
#[derive(Default)]
struct Log {
    /// The content at each conversation and place.
    entries: BTreeMap<(i64, i64), Vec<u8>>,
    epochs: Vec<i64>,
}

impl Log {
    /// Whether the message stands where it was said to stand.
    fn holds(&self, message: &Message) -> bool {
        let text = message.text().unwrap().as_bytes();
        let seq = i64::try_from(message.seq).unwrap();
        let mut there = self.entries.iter().filter(|((_, place), _)| *place == seq);
        there.any(|(_, content)| content.windows(text.len()).any(|part| part == text))
    }
}

impl Scene {
    async fn new(lies: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let disk = Disk::new(&folder.path().join("disk"));
        let nowhere: SocketAddr = ([127, 0, 0, 1], 9).into();
        let (mut devices, mut log_ins) = (Vec::new(), JoinSet::new());
        for user in ["alice", "bob"] {
            let device = Device::open(user, Platform::Desktop, &folder.path().join(user), nowhere).await;
            let client = device.client.clone();
            log_ins.spawn(async move {
                while client.login(user, &user_sig(user)).await.is_err() {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
            });
            devices.push(device);
        }
        let (waiting, acknowledged) = (JoinSet::new(), Vec::new());
        Self { folder, disk, devices, log_ins, waiting, sent: 0, acknowledged, lies }
    }

    /// A server that dies before it does its `die_at`th change or sync. Dead already when that is before it listens.
    async fn start_server(&self, die_at: u64) -> Child {
        let mut child = Command::new(env!("CARGO_BIN_EXE_chaos_server"))
            .args(["--data".as_ref(), self.disk.path().join("server").as_os_str()])
            .envs(self.disk.environment())
            .env("WHINCHAT_POWERLOSS_DIE_AT", die_at.to_string())
            .env("WHINCHAT_POWERLOSS_SYNC_US", "2000")
            .env("WHINCHAT_POWERLOSS_LIES", u8::from(self.lies).to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        if let Some(line) = lines.next_line().await.unwrap() {
            let addr = line.strip_prefix("listening ").unwrap().parse().unwrap();
            self.devices.iter().for_each(|device| device.proxy.set_upstream(addr));
        }
        child
    }

    /// A server lives and dies, and both write all the while.
    async fn talk_until_death(&mut self, die_at: u64, dice: &mut Dice) {
        let mut server = self.start_server(die_at).await;
        // It ends in good order when this does; waiting would close it.
        let _input = server.stdin.take();
        loop {
            while self.log_ins.try_join_next().is_some() {}
            // Both have to exist before they can be written to.
            if self.log_ins.is_empty() && self.waiting.len() < UNDER_WAY {
                let device = dice.pick(&self.devices).unwrap();
                let to = if device.user == "alice" { "c2c_bob" } else { "c2c_alice" };
                self.sent += 1;
                let handle = device.send(to, &format!("{} says {}.", device.user, self.sent)).await;
                self.waiting.spawn(async move { handle.settled().await.unwrap() });
            }
            tokio::select! {
                _ = server.wait() => break,
                Some(message) = self.waiting.join_next() => self.acknowledged.push(message.unwrap()),
                () = tokio::time::sleep(Duration::from_millis(1)) => {}
            }
        }
        self.devices.iter().for_each(|device| device.proxy.cut());
        // What was answered before the death may still be on its way to this test: the more, the sharper.
        tokio::time::sleep(Duration::from_millis(20)).await;
        while let Some(message) = self.waiting.try_join_next() {
            self.acknowledged.push(message.unwrap());
        }
    }

    /// What is stored, read from a copy: the next server has to recover on the disk that was cut.
    fn log(&self) -> Log {
        let copy = self.folder.path().join("copy");
        let _ = std::fs::remove_dir_all(&copy);
        std::fs::create_dir(&copy).unwrap();
        for suffix in ["", "-wal"] {
            let name = format!("{DATABASE}{suffix}");
            // There may be no log, and before the first sync no database.
            let _ = std::fs::copy(self.disk.path().join("server").join(&name), copy.join(&name));
        }
        let db = Connection::open(copy.join(DATABASE)).unwrap();
        let sound: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(sound, "ok");
        if !db.table_exists(None, "entry").unwrap() {
            return Log::default();
        }
        let mut entries = db.prepare("SELECT conversation, seq, content FROM entry").unwrap();
        let entries = entries.query_map([], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?))).unwrap();
        let mut epochs = db.prepare("SELECT epoch FROM conversation ORDER BY id").unwrap();
        let epochs = epochs.query_map([], |row| row.get(0)).unwrap();
        Log { entries: entries.map(Result::unwrap).collect(), epochs: epochs.map(Result::unwrap).collect() }
    }

    /// What was acknowledged and is not there.
    fn lost<'a>(&'a self, log: &Log) -> Vec<&'a Message> {
        self.acknowledged.iter().filter(|message| !log.holds(message)).collect()
    }
}

#[tokio::test]
async fn slow_a_server_that_loses_power_keeps_everything_that_it_acknowledged() {
    let rounds = setting("WHINCHAT_POWER_ROUNDS", 8);
    let seed = setting("WHINCHAT_POWER_SEED", 5);
    println!("seed {seed}");
    let mut dice = Dice::new(seed);
    let mut scene = Scene::new(false).await;
    let mut epochs = Vec::new();
    for round in 1..=rounds {
        // Beginnings have their own dangers.
        let die_at = if round < 4 { 20 + dice.below(200) } else { 200 + dice.below(4_000) };
        scene.talk_until_death(die_at, &mut dice).await;
        let taken = scene.disk.cut_somehow(&mut dice);
        let log = scene.log();
        let (acknowledged, stored) = (scene.acknowledged.len(), log.entries.len());
        println!("round {round}: died at {die_at}; {acknowledged} acknowledged, {stored} stored; {taken:?}");
        assert!(scene.lost(&log).is_empty(), "{:?}", scene.lost(&log));
        assert!(log.epochs.starts_with(&epochs), "a power loss is no restored copy");
        epochs = log.epochs;
    }
    let _server = scene.start_server(0).await;
    while let Some(message) = scene.waiting.join_next().await {
        scene.acknowledged.push(message.unwrap());
    }
    let log = scene.log();
    assert!(scene.lost(&log).is_empty(), "{:?}", scene.lost(&log));
    assert_eq!(
        (scene.acknowledged.len(), log.entries.len()),
        (scene.sent, scene.sent),
        "nothing is there twice"
    );
    assert!(scene.sent > 100, "{}", scene.sent);
}

#[tokio::test]
async fn slow_a_server_on_a_disk_that_lies_about_syncing_loses_what_it_acknowledged() {
    let mut dice = Dice::new(1);
    let mut scene = Scene::new(true).await;
    while scene.acknowledged.len() < 10 {
        scene.talk_until_death(1_500, &mut dice).await;
    }
    scene.disk.cut(Left::Nothing);
    let lost = scene.lost(&scene.log()).len();
    assert_eq!(lost, scene.acknowledged.len(), "the scenario has to see it");
}
