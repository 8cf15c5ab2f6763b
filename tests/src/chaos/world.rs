//! Server processes over one folder, and client processes, each behind a proxy of its own.

mod evidence;
mod weather;
mod words;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use whinchat_cli::fault::FaultProxy;
use whinchat_cli::ledger::DeviceFiles;

use super::cast::{Setup, WANDERER};
use super::fault::Machine;
use super::process::{Broken, Process, Programs, ServerProcess};
use crate::account::{APP_ID, user_sig_for};
use crate::dice::Dice;
use crate::server::DATABASE;
use weather::{Weather, environment, weather};

const GROUP: &str = "team";
/// How long a signature is good, in seconds: longer than any clock is wrong.
const SIGNATURE_S: i64 = 10 * 86_400;

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
