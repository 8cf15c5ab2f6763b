//! A simulated world: nodes, devices, and the time that goes on for all of them.

use std::path::Path;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use whinchat_core::Platform;

use super::clock;
use super::device::{GroupWork, Role, Seat};
use super::node::Nodes;
use super::pipe::Direction;
use crate::account::user_sig_for;
use crate::dice::Dice;

pub(super) const GROUP: &str = "team";
/// Quits the group and is invited again, now and then.
const WANDERER: &str = "dave";
const MEMBERS: &[&str] = &["bob", "carol", WANDERER];
/// Signatures outlive every jump of a clock.
const TEN_YEARS_S: i64 = 10 * 365 * 86_400;
/// A jump of a clock goes at most so far.
const JUMP_MS: u64 = 3_600_000;

const CAST: &[Role] = &[
    ("alice-desktop", "alice", Platform::Desktop, &["c2c_bob", "c2c_carol", "group_team"]),
    ("bob", "bob", Platform::Desktop, &["c2c_alice", "c2c_carol", "group_team"]),
    ("alice-phone", "alice", Platform::Android, &["c2c_bob", "c2c_carol", "group_team"]),
    ("dave", WANDERER, Platform::Desktop, &["c2c_alice", "group_team"]),
    ("carol", "carol", Platform::Ios, &["c2c_alice", "c2c_bob", "group_team"]),
];

/// See the module.
pub(super) struct World {
    pub(super) nodes: Nodes,
    pub(super) seats: Vec<Seat>,
    pub(super) dice: Dice,
    now_ms: i64,
    /// What happened, in order.
    pub(super) trace: Vec<String>,
    /// An older copy of the server's database.
    copy: Option<rusqlite::Connection>,
    server: rusqlite::Connection,
    wanderer_is_out: bool,
    /// The database was put back to an older copy.
    pub(super) restored: bool,
    /// A device lost what it had: what it fetches again is history to it, and not announced.
    pub(super) lost_cache: bool,
}

impl World {
    /// A world in which nobody runs yet.
    pub(super) fn new(folder: &Path, seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let nodes = 1 + usize::try_from(dice.below(2)).unwrap_or(0);
        // In some worlds the group is a large one, or becomes one.
        let large_group = *dice.pick(&[200, 200, 2, 4]).unwrap_or(&200);
        let nodes = Nodes::new(folder, nodes, dice.chance(50), large_group, dice.roll());
        let devices = 3 + usize::try_from(dice.below(CAST.len() as u64 - 2)).unwrap_or(0);
        clock::set_wall_ms(clock::BEGINNING_MS);
        let seats = CAST[..devices]
            .iter()
            .map(|role| {
                let sig = user_sig_for(role.1, TEN_YEARS_S);
                Seat::new(*role, sig, folder, &nodes.switchboard, &mut dice)
            })
            .collect();
        let server = rusqlite::Connection::open(&nodes.database).expect("a database in memory");
        Self {
            nodes,
            seats,
            dice,
            now_ms: clock::BEGINNING_MS,
            trace: Vec::new(),
            copy: None,
            server,
            wanderer_is_out: false,
            restored: false,
            lost_cache: false,
        }
    }

    /// The world's own clock.
    pub(super) fn now_ms(&self) -> i64 {
        self.now_ms
    }

    pub(super) fn note(&mut self, what: impl std::fmt::Display) {
        self.trace.push(format!("{:>8} ms  {what}", self.now_ms - clock::BEGINNING_MS));
    }

    /// Lets everybody run for so long, in any order.
    pub(super) fn go_on(&mut self, time: Duration) {
        let (nodes, seats) = (self.nodes.count(), self.seats.len());
        let mut order: Vec<usize> = (0..nodes + seats).collect();
        for at in (1..order.len()).rev() {
            order.swap(at, usize::try_from(self.dice.below(at as u64 + 1)).unwrap_or(0));
        }
        for actor in order {
            if actor < nodes {
                self.nodes.run(actor, self.now_ms, time);
            } else {
                self.seats[actor - nodes].run(self.now_ms, time);
            }
        }
        self.now_ms += i64::try_from(time.as_millis()).unwrap_or(0);
    }

    /// Lets everybody run until `done`, or gives up.
    pub(super) fn until(
        &mut self,
        what: &str,
        rounds: u32,
        mut missing: impl FnMut(&mut Self) -> Vec<String>,
    ) -> Result<(), String> {
        let mut left = Vec::new();
        for round in 0..rounds {
            left = missing(self);
            if left.is_empty() {
                return Ok(());
            }
            // Answers come in a moment; what needs a time-out or a heartbeat may take its time.
            self.go_on(Duration::from_millis(if round < 20 { 5 } else { 150 }));
        }
        Err(format!("in vain: {what}; still {}", left.join("; ")))
    }

    /// Everybody logs in for the first time, and the group is made.
    pub(super) fn begin(&mut self) -> Result<(), String> {
        for node in 0..self.nodes.count() {
            self.nodes.start(node, self.now_ms);
        }
        for seat in 0..self.seats.len() {
            self.seats[seat].begin(self.now_ms);
        }
        self.until("everybody logs in", 200, |world| {
            world.seats.iter().filter(|s| !s.is_online()).map(|s| s.role.0.to_owned()).collect()
        })?;
        let present: Vec<&str> = self.seats.iter().map(|seat| seat.role.1).collect();
        let members = MEMBERS.iter().filter(|name| present.contains(*name)).count();
        // The cast is ordered so that those who are there are a beginning of the list, but for dave before carol.
        let members: &'static [&'static str] = match (members, present.contains(&"carol")) {
            (3, _) => MEMBERS,
            (2, false) => &["bob", WANDERER],
            _ => &["bob"],
        };
        self.seats[0].in_group(GROUP, GroupWork::Create(members));
        self.until("the group is made", 200, |world| {
            let sql = "SELECT count(*) FROM conversation WHERE kind > 0";
            let made: i64 = world.server.query_row(sql, [], |row| row.get(0)).unwrap_or(0);
            if made > 0 { Vec::new() } else { vec!["no group".into()] }
        })?;
        // Every conversation is known everywhere before anything goes wrong: what a user had read elsewhere before a device
        // first heard of the conversation is not announced there, and the judge would ask for it.
        for seat in &mut self.seats {
            seat.greet();
        }
        self.go_on(Duration::from_millis(1));
        self.until("the greetings go out", 200, |world| {
            world.seats.iter().filter(|s| s.waiting() > 0).map(|s| s.role.0.to_owned()).collect()
        })?;
        self.until("the greetings arrive", 200, World::behind)?;
        // What was pushed last and lost its way shows at the next heartbeat.
        // In small steps: in one large one, somebody's time would be over before anybody answers him.
        for _ in 0..50 {
            self.go_on(Duration::from_millis(50));
        }
        // In half of the worlds the bus between the nodes, and to the own one, cannot be relied on.
        let loss = [0, 0, 30, 100];
        let loss = *self.dice.pick(&loss).unwrap_or(&0);
        self.air().loss = loss;
        self.note(format_args!(
            "begins: {} devices, {} nodes, {loss} % of the wakes lost",
            self.seats.len(),
            self.nodes.count()
        ));
        Ok(())
    }

    fn air(&self) -> std::sync::MutexGuard<'_, super::bus::Air> {
        self.nodes.air.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody does something, or something befalls him; then time goes on.
    pub(super) fn round(&mut self) {
        for _ in 0..=self.dice.below(3) {
            let seat = usize::try_from(self.dice.below(self.seats.len() as u64)).unwrap_or(0);
            if let Some(did) = self.seats[seat].act(self.now_ms) {
                let name = self.seats[seat].role.0;
                self.note(format_args!("{name} {did}"));
            }
        }
        if self.dice.chance(35) {
            self.fault();
        }
        let time = match self.dice.below(100) {
            0..=49 => 1 + self.dice.below(5),
            50..=89 => 10 + self.dice.below(100),
            _ => 500 + self.dice.below(3_000),
        };
        self.go_on(Duration::from_millis(time));
    }

    fn jump(&mut self) -> i64 {
        let by = i64::try_from(self.dice.below(2 * JUMP_MS)).unwrap_or(0);
        by - i64::try_from(JUMP_MS).unwrap_or(0)
    }

    fn fault(&mut self) {
        let seat = usize::try_from(self.dice.below(self.seats.len() as u64)).unwrap_or(0);
        let node = usize::try_from(self.dice.below(self.nodes.count() as u64)).unwrap_or(0);
        let network = Arc::clone(&self.seats[seat].network);
        let network = || network.lock().unwrap_or_else(PoisonError::into_inner);
        let name = self.seats[seat].role.0;
        let what = match self.dice.below(100) {
            0..=14 => {
                network().cut(false);
                format!("the connection of {name} is cut")
            }
            15..=29 => {
                let direction = if self.dice.chance(50) { Direction::Up } else { Direction::Down };
                network().hold(direction);
                format!("{name} is held, {direction:?}")
            }
            30..=36 => {
                network().cut(true);
                format!("{name} is offline")
            }
            37..=56 => {
                network().heal();
                format!("the network of {name} is good")
            }
            57..=68 => {
                if self.seats[seat].is_alive() {
                    let lose = self.dice.chance(10);
                    self.lost_cache |= lose;
                    if self.dice.chance(25) {
                        self.seats[seat].close(self.now_ms);
                        format!("{name} closes the app")
                    } else {
                        self.seats[seat].kill(lose);
                        format!("{name} is killed{}", if lose { " and loses the cache" } else { "" })
                    }
                } else {
                    self.seats[seat].begin(self.now_ms);
                    format!("{name} starts again")
                }
            }
            69..=80 => {
                if !self.nodes.is_running(node) {
                    self.nodes.start(node, self.now_ms);
                    format!("node {node} starts")
                } else if self.dice.chance(25) {
                    self.nodes.stop(node, self.now_ms);
                    format!("node {node} stops")
                } else {
                    self.nodes.kill(node, self.now_ms);
                    format!("node {node} is killed")
                }
            }
            81..=84 => {
                self.seats[seat].skew_ms = self.jump();
                format!("the clock of {name} is set")
            }
            85..=87 => {
                self.nodes.skew_ms = self.jump();
                "the clock of the server is set".into()
            }
            88..=95 => self.move_the_wanderer(),
            96..=97 => self.copy(),
            _ => self.restore(),
        };
        self.note(what);
    }

    /// One user leaves the group, or is invited back.
    fn move_the_wanderer(&mut self) -> String {
        let (who, work) = if self.wanderer_is_out {
            ("bob", GroupWork::Invite(WANDERER))
        } else {
            (WANDERER, GroupWork::Quit)
        };
        let Some(seat) = self.seats.iter().find(|seat| seat.role.1 == who) else {
            return "nobody wanders here".into();
        };
        seat.in_group(GROUP, work);
        self.wanderer_is_out = !self.wanderer_is_out;
        format!("{who}: {work:?}")
    }

    fn copy(&mut self) -> String {
        let mut copy = rusqlite::Connection::open_in_memory().expect("a database in memory");
        match put(&self.server, &mut copy) {
            Ok(()) => {
                self.copy = Some(copy);
                "a copy of the database is made".into()
            }
            Err(error) => format!("no copy is made: {error}"),
        }
    }

    /// Puts an older copy of the database back, if there is one.
    fn restore(&mut self) -> String {
        let Some(copy) = self.copy.take() else { return "there is no copy to put back".into() };
        for node in 0..self.nodes.count() {
            self.nodes.kill(node, self.now_ms);
        }
        match put(&copy, &mut self.server) {
            Ok(()) => {
                self.restored = true;
                "the copy is put back".into()
            }
            Err(error) => panic!("the copy cannot be put back: {error}"),
        }
    }

    /// Everything works again. What the bus loses it goes on losing.
    pub(super) fn heal(&mut self) {
        for node in 0..self.nodes.count() {
            self.nodes.start(node, self.now_ms);
        }
        for seat in &mut self.seats {
            seat.network.lock().unwrap_or_else(PoisonError::into_inner).heal();
            seat.begin(self.now_ms);
        }
        self.note("everything works again");
    }

    /// The server's database.
    pub(super) fn server(&self) -> &rusqlite::Connection {
        &self.server
    }
}

fn put(from: &rusqlite::Connection, to: &mut rusqlite::Connection) -> rusqlite::Result<()> {
    let backup = rusqlite::backup::Backup::new(from, to)?;
    backup.run_to_completion(10_000, Duration::ZERO, None)
}
