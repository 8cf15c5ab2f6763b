//! What happens in a round.

use std::fmt;
use std::time::Duration;

use crate::dice::Dice;

/// How wrong a clock may be, in milliseconds: half a day, so that signatures stay good and operations remembered.
const WRONG_MS: u64 = 12 * 3_600_000;

/// Whose clock or disk it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Machine {
    /// A device's.
    Client(usize),
    /// The one of all server processes.
    Server,
}

/// One blow. Devices and nodes are numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// SIGKILL of a client process; it is started again after the pause.
    KillClient {
        /// Which.
        device: usize,
        /// How long it stays down.
        down: Duration,
    },
    /// SIGKILL of a server process; it is started again after the pause.
    KillServer {
        /// Which.
        node: usize,
        /// How long it stays down.
        down: Duration,
        /// Its clients are led to another node at once, if there is one.
        lead_away: bool,
    },
    /// The client's process is closed in good order, and started again after the pause.
    CloseClient {
        /// Which.
        device: usize,
        /// How long it stays down.
        down: Duration,
    },
    /// A server process is stopped in good order, and started again after the pause.
    StopServer {
        /// Which.
        node: usize,
        /// How long it stays down.
        down: Duration,
    },
    /// A client and a server at once.
    KillBoth {
        /// Which client.
        device: usize,
        /// Which server.
        node: usize,
        /// How long they stay down.
        down: Duration,
    },
    /// The client sleeps for a while, as an app in the background does.
    Pause {
        /// Which.
        device: usize,
        /// How long.
        time: Duration,
    },
    /// An administrator ends the user's sessions; he logs in again.
    Kick {
        /// On which node.
        node: usize,
        /// One of the user's devices.
        device: usize,
    },
    /// Every connection of the device is reset.
    Cut {
        /// Which.
        device: usize,
    },
    /// The connection is reset in the middle of a frame, after so many more bytes.
    CutAfter {
        /// Which.
        device: usize,
        /// How many.
        bytes: u64,
    },
    /// The connection is reset, and the next one leads to another node.
    Roam {
        /// Which.
        device: usize,
        /// Where to.
        node: usize,
    },
    /// No network for the rest of the round.
    Offline {
        /// Which.
        device: usize,
    },
    /// Bytes vanish both ways for the rest of the round, and nobody is told, ever.
    HalfOpen {
        /// Which.
        device: usize,
    },
    /// The server's answers vanish: sends are stored and nobody tells.
    Deaf {
        /// Which.
        device: usize,
    },
    /// Everything arrives late for the rest of the round.
    Delay {
        /// Which.
        device: usize,
        /// How late.
        delay: Duration,
    },
    /// A thin line for the rest of the round.
    Throttle {
        /// Which.
        device: usize,
        /// How thin.
        bytes_per_second: u64,
    },
    /// The wall clock jumps, and stays wrong until it jumps again.
    Clock {
        /// Whose.
        machine: Machine,
        /// So many milliseconds ahead of the true time, or behind it.
        ahead_ms: i64,
    },
    /// The disk is full for the rest of the round.
    FullDisk {
        /// Whose.
        machine: Machine,
    },
}

fn number(dice: &mut Dice, limit: usize) -> usize {
    usize::try_from(dice.below(u64::try_from(limit).unwrap_or(1))).unwrap_or(0)
}

impl Fault {
    /// One of so many devices or nodes.
    pub fn roll_one(dice: &mut Dice, many: usize) -> usize {
        number(dice, many)
    }

    /// The next fault of the dice, for a world of so many devices and nodes.
    #[must_use]
    pub fn roll(dice: &mut Dice, devices: usize, nodes: usize, weather: bool) -> Self {
        let (device, node) = (number(dice, devices), number(dice, nodes));
        let machine = if dice.chance(30) { Machine::Server } else { Machine::Client(device) };
        let down = dice.up_to(Duration::from_millis(250));
        match dice.below(if weather { 28 } else { 24 }) {
            0..=4 => Self::KillClient { device, down },
            5 => Self::CloseClient { device, down },
            6..=8 => Self::KillServer { node, down, lead_away: dice.chance(50) },
            9 => Self::StopServer { node, down },
            10 => Self::KillBoth { device, node, down },
            11..=12 => Self::Cut { device },
            13..=14 => Self::CutAfter { device, bytes: dice.below(1_500) },
            15 => Self::Offline { device },
            16 => Self::HalfOpen { device },
            17 => Self::Deaf { device },
            18 => Self::Delay {
                device,
                delay: Duration::from_millis(20) + dice.up_to(Duration::from_millis(200)),
            },
            19 => Self::Throttle { device, bytes_per_second: 500 + dice.below(4_000) },
            20 => Self::Roam { device, node },
            21..=22 => Self::Pause { device, time: dice.up_to(Duration::from_millis(400)) },
            23 => Self::Kick { node, device },
            24..=25 => {
                let by = i64::try_from(dice.below(2 * WRONG_MS)).unwrap_or(0);
                Self::Clock { machine, ahead_ms: by - i64::try_from(WRONG_MS).unwrap_or(0) }
            }
            _ => Self::FullDisk { machine },
        }
    }

    /// The client and the server process that it ends, if any.
    #[must_use]
    pub fn ends(&self) -> (Option<usize>, Option<usize>) {
        match *self {
            Self::KillClient { device, .. } | Self::CloseClient { device, .. } => (Some(device), None),
            Self::KillServer { node, .. } | Self::StopServer { node, .. } => (None, Some(node)),
            Self::KillBoth { device, node, .. } => (Some(device), Some(node)),
            _ => (None, None),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}
