//! Server processes over one folder, and client processes, each behind a proxy of its own.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use whinchat_cli::fault::FaultProxy;
use whinchat_cli::ledger::DeviceFiles;

use super::cast::{Setup, WANDERER};
use super::fault::Machine;
use super::process::{Broken, Process, Programs, ServerProcess, Variable};
use crate::account::{APP_ID, user_sig_for};
use crate::dice::Dice;
use crate::server::DATABASE;
use crate::wait::within;
#[cfg(target_os = "linux")]
use crate::weather::Weather;

const GROUP: &str = "team";
/// How long the outboxes may take to drain once the network is good.
const DRAIN: Duration = Duration::from_secs(30);
/// How long a signature is good, in seconds: longer than any clock is wrong.
const SIGNATURE_S: i64 = 10 * 86_400;

/// Stands where there is no weather.
#[cfg(not(target_os = "linux"))]
#[derive(Debug)]
enum Weather {}

#[derive(Debug)]
struct Seat {
    proxy: FaultProxy,
    process: Option<Process>,
    files: DeviceFiles,
    /// Which server its network leads to.
    node: usize,
    weather: Option<Weather>,
}

#[derive(Debug)]
struct Node {
    name: String,
    process: Option<ServerProcess>,
    /// Where it listens, or did when it last ran.
    addr: SocketAddr,
}

/// A running world.
#[derive(Debug)]
pub struct World {
    folder: PathBuf,
    programs: Programs,
    setup: Setup,
    nodes: Vec<Node>,
    seats: Vec<Seat>,
    server_weather: Option<Weather>,
    wanderer_is_out: bool,
}

#[cfg(target_os = "linux")]
fn weather(setup: &Setup, folder: &Path, name: &str) -> Result<Option<Weather>, Broken> {
    let make = || Weather::over(&folder.join(name), &folder.join(format!("{name}.weather")));
    setup.weather.then(make).transpose().map_err(|error| Broken(format!("no weather for {name}: {error}")))
}

#[cfg(not(target_os = "linux"))]
fn weather(_: &Setup, _: &Path, _: &str) -> Result<Option<Weather>, Broken> {
    Ok(None)
}

fn environment(weather: Option<&Weather>) -> Vec<Variable> {
    #[cfg(target_os = "linux")]
    return weather.map(Weather::environment).unwrap_or_default();
    #[cfg(not(target_os = "linux"))]
    return weather.map(|weather| match *weather {}).unwrap_or_default();
}

impl World {
    /// Starts the servers and all clients, and has the first one create the group.
    ///
    /// # Errors
    ///
    /// When a process does not come up.
    pub async fn begin(
        folder: &Path,
        programs: &Programs,
        setup: Setup,
        dice: &mut Dice,
    ) -> Result<Self, Broken> {
        let mut world = Self {
            folder: folder.to_owned(),
            programs: programs.clone(),
            server_weather: weather(&setup, folder, "server")?,
            nodes: Vec::new(),
            seats: Vec::new(),
            wanderer_is_out: false,
            setup,
        };
        for number in 0..world.setup.nodes.max(1) {
            let name = format!("node{number}");
            let process = world.launch_server(&name).await?;
            world.nodes.push(Node { addr: process.addr, process: Some(process), name });
        }
        for (number, role) in world.setup.cast.iter().enumerate() {
            let node = number % world.nodes.len();
            let proxy = FaultProxy::start_seeded(world.nodes[node].addr, dice.roll())
                .await
                .map_err(|error| Broken(format!("no proxy: {error}")))?;
            let book = folder.join(format!("{}.ledger", role.name));
            let files = DeviceFiles::new(role.name, role.user, &book, &folder.join(role.name), APP_ID);
            let weather = weather(&world.setup, folder, role.name)?;
            world.seats.push(Seat { proxy, process: None, files, node, weather });
        }
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
        self.seats.len()
    }

    /// How many server processes there are.
    #[must_use]
    pub fn nodes(&self) -> usize {
        self.nodes.len()
    }

    /// Whether clocks may be wrong and disks full.
    #[must_use]
    pub fn has_weather(&self) -> bool {
        self.setup.weather
    }

    /// What runs: name, the system's number, and its folder.
    #[must_use]
    pub fn running(&self) -> Vec<(String, u32, PathBuf)> {
        let servers = self.nodes.iter().filter_map(|node| {
            let id = node.process.as_ref()?.id()?;
            Some((node.name.clone(), id, self.folder.join("server")))
        });
        let clients = self.seats.iter().filter_map(|seat| {
            let id = seat.process.as_ref()?.id()?;
            Some((seat.files.name.clone(), id, self.folder.join(&seat.files.name)))
        });
        servers.chain(clients).collect()
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
        let role = self.setup.cast[device];
        let name = role.name;
        let seat = &mut self.seats[device];
        let mut args = vec![
            format!("--user={}", role.user),
            format!("--sig={}", user_sig_for(role.user, SIGNATURE_S)),
            format!("--platform={}", role.platform),
            format!("--server=ws://{}", seat.proxy.addr()),
            format!("--data={}", self.folder.join(name).display()),
            format!("--book={}", seat.files.book.display()),
            format!("--talk={}", role.talk),
            format!("--seed={}", dice.roll()),
            format!("--pace={}", self.setup.pace_ms),
        ];
        if self.setup.heap {
            args.push(format!("--heap={}", self.folder.join(format!("{name}.heap")).display()));
        }
        args.extend(more.iter().map(|&arg| arg.to_owned()));
        let log = self.folder.join(format!("{name}.log"));
        let environment = environment(seat.weather.as_ref());
        seat.process = Some(Process::start(name, &self.programs.agent, &args, &environment, &log)?);
        Ok(())
    }

    async fn launch_server(&self, name: &str) -> Result<ServerProcess, Broken> {
        let data = self.folder.join("server");
        let mut args = vec![format!("--data={}", data.display()), format!("--node={name}")];
        if self.setup.heap {
            args.push(format!("--heap={}", self.folder.join(format!("{name}.heap")).display()));
        }
        args.extend(self.setup.server_args.iter().cloned());
        let environment = environment(self.server_weather.as_ref());
        let log = self.folder.join("server.log");
        ServerProcess::start(name, &self.programs.server, &args, &environment, &log).await
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

    /// Every client pauses for so many milliseconds at most between two actions, from now on.
    pub async fn set_pace(&mut self, ms: u64) {
        self.setup.pace_ms = ms;
        for seat in &mut self.seats {
            if let Some(process) = &mut seat.process {
                process.tell(&format!("pace {ms}")).await;
            }
        }
    }

    /// Has a client sleep for a while; what it is told meanwhile it does afterwards.
    pub async fn pause(&mut self, device: usize, time: Duration) {
        if let Ok(process) = self.process(device) {
            process.tell(&format!("pause {}", time.as_millis())).await;
        }
    }

    /// Ends every session of the user of this device, on the administrator's word to a node.
    pub async fn kick(&mut self, node: usize, device: usize) {
        let Some(role) = self.setup.cast.get(device) else { return };
        if let Some(server) = self.nodes.get_mut(node).and_then(|node| node.process.as_mut()) {
            server.tell(&format!("kick {}", role.user)).await;
        }
    }

    /// Stops a server in good order, if it runs.
    ///
    /// # Errors
    ///
    /// When it had ended by itself, or does not end.
    pub async fn stop_server(&mut self, node: usize) -> Result<(), Broken> {
        match self.nodes.get_mut(node).and_then(|node| node.process.take()) {
            Some(server) => server.stop().await,
            None => Ok(()),
        }
    }

    /// SIGKILL of a server, if it runs.
    ///
    /// # Errors
    ///
    /// When it had ended by itself.
    pub async fn kill_server(&mut self, node: usize) -> Result<(), Broken> {
        match self.nodes.get_mut(node).and_then(|node| node.process.take()) {
            Some(server) => server.kill().await,
            None => Ok(()),
        }
    }

    /// Starts a server on its old data, at another port.
    ///
    /// # Errors
    ///
    /// When it does not come up.
    ///
    /// # Panics
    ///
    /// When there is no such node.
    pub async fn start_server(&mut self, node: usize) -> Result<(), Broken> {
        // It takes room to start, as the operator sees at once.
        self.set_full(Machine::Server, false)?;
        let process = self.launch_server(&self.nodes[node].name).await?;
        self.nodes[node].addr = process.addr;
        self.nodes[node].process = Some(process);
        for seat in self.seats.iter().filter(|seat| seat.node == node) {
            seat.proxy.set_upstream(self.nodes[node].addr);
        }
        Ok(())
    }

    /// The device's next connection goes to this node.
    ///
    /// # Panics
    ///
    /// When there is no such device or node.
    pub fn roam(&mut self, device: usize, node: usize) {
        let seat = &mut self.seats[device];
        seat.node = node;
        seat.proxy.set_upstream(self.nodes[node].addr);
        seat.proxy.cut();
    }

    /// The devices of a node go to the next one, as a load balancer leads them when one is down.
    pub fn lead_away(&mut self, from: usize) {
        for device in 0..self.devices() {
            if self.seats[device].node == from {
                self.roam(device, (from + 1) % self.nodes.len());
            }
        }
    }

    fn weather_of(&self, machine: Machine) -> Option<&Weather> {
        match machine {
            Machine::Server => self.server_weather.as_ref(),
            Machine::Client(device) => self.seats.get(device).and_then(|seat| seat.weather.as_ref()),
        }
    }

    /// Sets a wall clock so many milliseconds ahead of the true time; behind it when that is negative.
    ///
    /// # Errors
    ///
    /// When the weather cannot be made.
    pub fn set_clock_ms(&self, machine: Machine, ahead: i64) -> Result<(), Broken> {
        #[cfg(target_os = "linux")]
        if let Some(weather) = self.weather_of(machine) {
            return weather.set_clock_ms(ahead).map_err(|error| Broken(format!("no weather: {error}")));
        }
        let _ = (self.weather_of(machine), ahead);
        Ok(())
    }

    /// Makes a disk full, or gives its room back.
    ///
    /// # Errors
    ///
    /// When the weather cannot be made.
    pub fn set_full(&self, machine: Machine, full: bool) -> Result<(), Broken> {
        #[cfg(target_os = "linux")]
        if let Some(weather) = self.weather_of(machine) {
            return weather.set_full(full).map_err(|error| Broken(format!("no weather: {error}")));
        }
        let _ = (self.weather_of(machine), full);
        Ok(())
    }

    /// Everything that runs has a good network and room on its disk again; connections that died stay dead, and clocks stay
    /// wrong.
    ///
    /// # Errors
    ///
    /// When the weather cannot be made.
    pub fn repair(&self) -> Result<(), Broken> {
        for (device, seat) in self.seats.iter().enumerate() {
            seat.proxy.restore();
            self.set_full(Machine::Client(device), false)?;
        }
        self.set_full(Machine::Server, false)
    }

    /// One user leaves the group, or is invited back.
    pub async fn move_the_wanderer(&mut self) {
        let out = self.wanderer_is_out;
        let (user, command) = if out {
            ("bob", format!("invite {GROUP} {WANDERER}"))
        } else {
            (WANDERER, format!("quit {GROUP}"))
        };
        let seat = self.seats.iter_mut().find(|seat| seat.files.user == user);
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
        self.repair()?;
        self.hush().await;
        for device in 0..self.devices() {
            self.process(device)?.answer("stopped").await?;
        }
        let drained = within(DRAIN, async || self.waiting().is_empty().then_some(())).await;
        if drained.is_none() {
            return Err(Broken(format!("these outboxes do not drain: {}", self.waiting().join(", "))));
        }
        let marks = self.marks()?;
        for (device, role) in self.setup.cast.iter().enumerate() {
            let own = marks.get(role.user).cloned().unwrap_or_default();
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
