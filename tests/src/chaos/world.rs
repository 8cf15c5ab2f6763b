//! A server process and client processes, each client behind a proxy of its own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use whinchat_cli::fault::FaultProxy;
use whinchat_cli::ledger::DeviceFiles;

use super::process::{Broken, Process, Programs, ServerProcess};
use crate::account::APP_ID;
use crate::dice::Dice;
use crate::server::DATABASE;
use crate::wait::within;

const GROUP: &str = "team";
/// Quits the group and is invited again, now and then.
const WANDERER: &str = "dave";
/// Longest pause of a client between two actions, in milliseconds.
const PACE_MS: u64 = 80;
/// How long the outboxes may take to drain once the network is good.
const DRAIN: Duration = Duration::from_secs(30);

/// Name, user, platform, and whom he talks to.
const CAST: &[(&str, &str, &str, &str)] = &[
    ("alice-desktop", "alice", "desktop", "c2c_bob,c2c_carol,group_team"),
    ("alice-phone", "alice", "android", "c2c_bob,c2c_carol,group_team"),
    ("bob", "bob", "desktop", "c2c_alice,c2c_carol,group_team"),
    ("carol", "carol", "android", "c2c_alice,c2c_bob,group_team"),
    ("dave", WANDERER, "desktop", "c2c_alice,group_team"),
];

#[derive(Debug)]
struct Seat {
    proxy: FaultProxy,
    process: Option<Process>,
    files: DeviceFiles,
}

/// A running world.
#[derive(Debug)]
pub struct World {
    folder: PathBuf,
    programs: Programs,
    server: Option<ServerProcess>,
    seats: Vec<Seat>,
    wanderer_is_out: bool,
}

impl World {
    /// Starts the server and all clients, and has the first one create the group.
    ///
    /// # Errors
    ///
    /// When a process does not come up.
    pub async fn begin(folder: &Path, programs: &Programs, dice: &mut Dice) -> Result<Self, Broken> {
        let server =
            ServerProcess::start(programs, &folder.join("server"), &folder.join("server.log")).await?;
        let mut seats = Vec::new();
        for (name, user, _, _) in CAST {
            let proxy = FaultProxy::start_seeded(server.addr, dice.roll())
                .await
                .map_err(|error| Broken(format!("no proxy: {error}")))?;
            let data = folder.join(name);
            let book = folder.join(format!("{name}.ledger"));
            seats.push(Seat {
                proxy,
                process: None,
                files: DeviceFiles::new(name, user, &book, &data, APP_ID),
            });
        }
        let folder = folder.to_owned();
        let mut world =
            Self { folder, programs: programs.clone(), server: Some(server), seats, wanderer_is_out: false };
        for device in 0..world.devices() {
            world.launch(device, dice, &["--wait"])?;
        }
        for device in 0..world.devices() {
            // A user exists from his first login, and only then can be named.
            world.process(device)?.answer("online").await?;
        }
        let first = world.process(0)?;
        first.tell(&format!("create {GROUP} bob,carol,{WANDERER}")).await;
        first.answer("created").await?;
        world.go_on().await;
        Ok(world)
    }

    /// How many devices there are.
    #[must_use]
    pub fn devices(&self) -> usize {
        CAST.len()
    }

    fn process(&mut self, device: usize) -> Result<&mut Process, Broken> {
        self.seats
            .get_mut(device)
            .and_then(|seat| seat.process.as_mut())
            .ok_or_else(|| Broken(format!("device {device} does not run")))
    }

    /// The network of a device.
    ///
    /// # Panics
    ///
    /// When there is no such device.
    #[must_use]
    pub fn proxy(&self, device: usize) -> &FaultProxy {
        &self.seats[device].proxy
    }

    /// Starts a client's process; it acts at once.
    ///
    /// # Errors
    ///
    /// When it does not start.
    ///
    /// # Panics
    ///
    /// When there is no such device.
    pub fn start_client(&mut self, device: usize, dice: &mut Dice) -> Result<(), Broken> {
        self.launch(device, dice, &[])
    }

    /// Starts a client's process that says nothing before the talk goes on.
    ///
    /// # Errors
    ///
    /// When it does not start.
    ///
    /// # Panics
    ///
    /// When there is no such device.
    pub fn start_silent_client(&mut self, device: usize, dice: &mut Dice) -> Result<(), Broken> {
        self.launch(device, dice, &["--wait"])
    }

    fn launch(&mut self, device: usize, dice: &mut Dice, more: &[&str]) -> Result<(), Broken> {
        let (name, user, platform, talk) = CAST[device];
        let seat = &mut self.seats[device];
        let mut args = vec![
            format!("--user={user}"),
            format!("--platform={platform}"),
            format!("--server=ws://{}", seat.proxy.addr()),
            format!("--data={}", self.folder.join(name).display()),
            format!("--book={}", seat.files.book.display()),
            format!("--talk={talk}"),
            format!("--seed={}", dice.roll()),
            format!("--pace={PACE_MS}"),
        ];
        args.extend(more.iter().map(|&arg| arg.to_owned()));
        let log = self.folder.join(format!("{name}.log"));
        seat.process = Some(Process::start(name, &self.programs.agent, &args, &log)?);
        Ok(())
    }

    /// SIGKILL of a client's process, if it runs.
    ///
    /// # Errors
    ///
    /// When it had ended by itself.
    pub async fn kill_client(&mut self, device: usize) -> Result<(), Broken> {
        match self.seats.get_mut(device).and_then(|seat| seat.process.take()) {
            Some(process) => process.kill().await,
            None => Ok(()),
        }
    }

    /// Closes a client in good order, if it runs.
    ///
    /// # Errors
    ///
    /// When it had ended by itself, or does not end.
    pub async fn close_client(&mut self, device: usize) -> Result<(), Broken> {
        match self.seats.get_mut(device).and_then(|seat| seat.process.take()) {
            Some(process) => process.end().await,
            None => Ok(()),
        }
    }

    /// Stops the server in good order, if it runs.
    ///
    /// # Errors
    ///
    /// When it had ended by itself, or does not end.
    pub async fn stop_server(&mut self) -> Result<(), Broken> {
        match self.server.take() {
            Some(server) => server.stop().await,
            None => Ok(()),
        }
    }

    /// SIGKILL of the server, if it runs.
    ///
    /// # Errors
    ///
    /// When it had ended by itself.
    pub async fn kill_server(&mut self) -> Result<(), Broken> {
        match self.server.take() {
            Some(server) => server.kill().await,
            None => Ok(()),
        }
    }

    /// Starts the server on its old data, at another port.
    ///
    /// # Errors
    ///
    /// When it does not come up.
    pub async fn start_server(&mut self) -> Result<(), Broken> {
        let log = self.folder.join("server.log");
        let server = ServerProcess::start(&self.programs, &self.folder.join("server"), &log).await?;
        for seat in &self.seats {
            seat.proxy.set_upstream(server.addr);
        }
        self.server = Some(server);
        Ok(())
    }

    /// Everything that runs has a good network again; connections that died stay dead.
    pub fn repair(&self) {
        for seat in &self.seats {
            seat.proxy.restore();
        }
    }

    /// One user leaves the group, or is invited back.
    pub async fn move_the_wanderer(&mut self) {
        let out = self.wanderer_is_out;
        let (name, command) = if out {
            ("bob", format!("invite {GROUP} {WANDERER}"))
        } else {
            (WANDERER, format!("quit {GROUP}"))
        };
        let seat = self.seats.iter_mut().find(|seat| seat.files.name == name);
        if let Some(process) = seat.and_then(|seat| seat.process.as_mut()) {
            process.tell(&command).await;
        }
        // Whether it worked shows at the next judgement only; trying the wrong one is refused and harms nothing.
        self.wanderer_is_out = !out;
    }

    /// Tells everybody to stop. What was said last is still on its way, and they may not have heard it yet.
    pub async fn hush(&mut self) {
        for seat in &mut self.seats {
            if let Some(process) = &mut seat.process {
                process.tell("stop").await;
            }
        }
    }

    /// Every outbox is empty, and every client has caught up by itself and written its last lines.
    ///
    /// # Errors
    ///
    /// When an outbox does not drain, or a client does not catch up.
    pub async fn settle(&mut self) -> Result<(), Broken> {
        self.repair();
        self.hush().await;
        for device in 0..self.devices() {
            self.process(device)?.answer("stopped").await?;
        }
        let drained = within(DRAIN, async || self.waiting().is_empty().then_some(())).await;
        if drained.is_none() {
            return Err(Broken(format!("these outboxes do not drain: {}", self.waiting().join(", "))));
        }
        let marks = self.marks()?;
        for (device, (_, user, _, _)) in CAST.iter().enumerate() {
            let own = marks.get(*user).cloned().unwrap_or_default();
            self.process(device)?.tell(format!("settle {own}").trim_end()).await;
        }
        for device in 0..self.devices() {
            self.process(device)?.answer("settled").await?;
        }
        Ok(())
    }

    /// The talk goes on.
    pub async fn go_on(&mut self) {
        for seat in &mut self.seats {
            if let Some(process) = &mut seat.process {
                process.tell("go").await;
            }
        }
    }

    /// Devices whose outbox is not empty, looked up in their files.
    fn waiting(&self) -> Vec<String> {
        let count = |seat: &Seat| -> rusqlite::Result<i64> {
            let db = open(&seat.files.folder.join("own.db"))?;
            db.query_row("SELECT count(*) FROM outbox WHERE state <> 1", [], |row| row.get(0))
        };
        self.seats
            .iter()
            .filter_map(|seat| match count(seat) {
                Ok(0) => None,
                Ok(count) => Some(format!("{} has {count}", seat.files.name)),
                Err(error) => Some(format!("{} cannot be read: {error}", seat.files.name)),
            })
            .collect()
    }

    /// What each user's clients have to show, as the server's database says: `conversation=head:read`.
    fn marks(&self) -> Result<BTreeMap<String, String>, Broken> {
        let look = || -> rusqlite::Result<BTreeMap<String, String>> {
            let db = open(&self.server_database())?;
            let mut query = db.prepare(
                "SELECT user.name, conversation.name, coalesce(left_at, head_seq), read_seq FROM member \
                 JOIN user ON user.id = member.user JOIN conversation ON conversation.id = member.conversation",
            )?;
            let mut rows = query.query([])?;
            let mut marks: BTreeMap<String, String> = BTreeMap::new();
            while let Some(row) = rows.next()? {
                let (user, name): (String, String) = (row.get(0)?, row.get(1)?);
                let (head, read): (i64, i64) = (row.get(2)?, row.get(3)?);
                let parts: Vec<&str> = name.split('\u{1}').collect();
                let conversation = match parts.as_slice() {
                    ["c", one, other] => format!("c2c_{}", if *one == user { other } else { one }),
                    ["g", group] => format!("group_{group}"),
                    _ => continue,
                };
                let own = marks.entry(user).or_default();
                own.push_str(&format!("{conversation}={head}:{read} "));
            }
            Ok(marks)
        };
        look().map_err(|error| Broken(format!("the server's database cannot be read: {error}")))
    }

    /// The server's database.
    #[must_use]
    pub fn server_database(&self) -> PathBuf {
        self.folder.join("server").join(DATABASE)
    }

    /// Where the evidence of the clients is.
    #[must_use]
    pub fn device_files(&self) -> Vec<DeviceFiles> {
        self.seats.iter().map(|seat| seat.files.clone()).collect()
    }
}

fn open(path: &Path) -> rusqlite::Result<Connection> {
    let db = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    db.busy_timeout(Duration::from_secs(2))?;
    Ok(db)
}
