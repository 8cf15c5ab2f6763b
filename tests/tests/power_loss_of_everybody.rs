//! Clients and their server lose their power while they talk; the ledger judges.
#![cfg(target_os = "linux")]
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout)]

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use whinchat_cli::ledger::{Evidence, judge};
use whinchat_tests::chaos::cast::Setup;
use whinchat_tests::chaos::process::Programs;
use whinchat_tests::chaos::world::World;
use whinchat_tests::dice::Dice;
use whinchat_tests::power_loss::{Disk, Left, setting};

/// The devices of the chaos, and whose they are.
const SEATS: &[(&str, &str)] = &[
    ("alice-desktop", "alice"),
    ("alice-phone", "alice"),
    ("bob", "bob"),
    ("carol", "carol"),
    ("dave", "dave"),
];

fn on_a_disk(program: &str, folder: &Path, name: &str) -> PathBuf {
    Disk::wrapped(Path::new(program), &folder.join(name), 3_000)
}

/// Everybody on a disk that loses power.
struct Powerless {
    folder: tempfile::TempDir,
    world: World,
    server: Disk,
    clients: Vec<Disk>,
    dice: Dice,
}

impl Powerless {
    async fn begin(seed: u64) -> Self {
        println!("seed {seed}");
        let mut dice = Dice::new(seed);
        let folder = tempfile::Builder::new().prefix("whinchat-power-").tempdir().unwrap();
        let path = folder.path().canonicalize().unwrap();
        let programs = Programs {
            agent: on_a_disk(env!("CARGO_BIN_EXE_chaos_agent"), &path, "agent.sh"),
            server: on_a_disk(env!("CARGO_BIN_EXE_chaos_server"), &path, "server.sh"),
        };
        let server = Disk::new(&path.join("server"));
        let mut clients = Vec::new();
        for (name, _) in SEATS {
            clients.push(Disk::new(&path.join(name)));
        }
        let world = World::begin(&path, &programs, Setup::plain(), &mut dice).await.unwrap();
        assert_eq!(world.devices(), SEATS.len());
        Self { folder, world, server, clients, dice }
    }

    /// The power fails at the server, at a client, or at both, in the middle of work.
    async fn blow(&mut self, round: u64) {
        // Not a wait for anything: the moment of the blow is what is random.
        tokio::time::sleep(self.dice.up_to(Duration::from_millis(400))).await;
        let device = usize::try_from(self.dice.below(SEATS.len() as u64)).unwrap();
        let (server, client) = match self.dice.below(4) {
            0 => (true, false),
            1 => (true, true),
            _ => (false, true),
        };
        let mut told = format!("round {round}:");
        if client {
            self.world.kill_client(device).await.unwrap();
        }
        if server {
            self.world.kill_server(0).await.unwrap();
            told += &format!(" server {:?}", self.server.cut_somehow(&mut self.dice));
            self.world.start_server(0).await.unwrap();
        }
        if client {
            told += &format!(" {} {:?}", SEATS[device].0, self.clients[device].cut_somehow(&mut self.dice));
            self.world.start_client(device, &mut self.dice).unwrap();
        }
        println!("{told}");
    }

    /// Everybody comes to rest, and the ledger judges.
    async fn judge(&mut self, announced: bool) {
        self.world.settle().await.unwrap_or_else(|broken| self.fail(&broken.0));
        let database = self.world.server_database();
        let mut evidence = Evidence::collect(&database, &self.world.device_files()).unwrap();
        evidence.announced = announced;
        let report = judge(&evidence);
        println!("{report}");
        if !report.is_clean() {
            self.fail(&report.findings.join("\n"));
        }
        let db = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        let renewed = "SELECT count(*) FROM conversation WHERE previous_epoch <> 0";
        let renewed: i64 = db.query_row(renewed, [], |row| row.get(0)).unwrap();
        assert_eq!(renewed, 0, "a power loss is no restored copy");
    }

    /// Fails, and leaves a copy of everything.
    fn fail(&self, reason: &str) -> ! {
        let copy = std::env::temp_dir().join(format!("whinchat-power-failed-{}", std::process::id()));
        let _ = std::process::Command::new("cp").arg("-r").arg(self.folder.path()).arg(&copy).status();
        panic!("{reason}\neverything is in {}", copy.display());
    }
}

#[tokio::test]
async fn slow_new_clients_and_a_server_that_lose_power_lose_no_message() {
    let rounds = setting("WHINCHAT_POWER_ROUNDS", 8);
    let mut everybody = Powerless::begin(setting("WHINCHAT_POWER_SEED", 3)).await;
    for round in 1..=rounds {
        everybody.blow(round).await;
    }
    // A device that lost its power before its first login was written down is new again, and is not told of the past.
    everybody.judge(false).await;
}

#[tokio::test]
async fn slow_clients_that_lose_power_are_told_of_every_message() {
    let rounds = setting("WHINCHAT_POWER_ROUNDS", 8);
    let mut everybody = Powerless::begin(setting("WHINCHAT_POWER_SEED", 4)).await;
    everybody.judge(true).await;
    // Young caches of users with one device, closed by nobody so far: nothing is left but what was synced.
    for device in 2..SEATS.len() {
        // Not a wait for anything: the moment of the cut is what is random.
        tokio::time::sleep(everybody.dice.up_to(Duration::from_millis(400))).await;
        everybody.world.kill_client(device).await.unwrap();
        everybody.clients[device].cut(Left::Nothing);
        everybody.world.start_client(device, &mut everybody.dice).unwrap();
    }
    everybody.judge(true).await;
    for device in 0..SEATS.len() {
        // Closing writes the cache home.
        everybody.world.close_client(device).await.unwrap();
        everybody.world.start_client(device, &mut everybody.dice).unwrap();
    }
    for round in 1..=rounds {
        everybody.blow(round).await;
    }
    everybody.judge(true).await;
}
