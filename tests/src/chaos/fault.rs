//! What happens in a round.

use std::fmt;
use std::time::Duration;

use crate::dice::Dice;

/// One blow. Devices are numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// SIGKILL of a client process; it is started again after the pause.
    KillClient {
        /// Which.
        device: usize,
        /// How long it stays down.
        down: Duration,
    },
    /// SIGKILL of the server process; it is started again after the pause.
    KillServer {
        /// How long it stays down.
        down: Duration,
    },
    /// The client's process is closed in good order, and started again after the pause.
    CloseClient {
        /// Which.
        device: usize,
        /// How long it stays down.
        down: Duration,
    },
    /// The server's process is stopped in good order, and started again after the pause.
    StopServer {
        /// How long it stays down.
        down: Duration,
    },
    /// Both at once.
    KillBoth {
        /// Which client.
        device: usize,
        /// How long they stay down.
        down: Duration,
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
}

impl Fault {
    /// One of so many devices.
    pub fn roll_device(dice: &mut Dice, devices: usize) -> usize {
        usize::try_from(dice.below(u64::try_from(devices).unwrap_or(1))).unwrap_or(0)
    }

    /// The next fault of the dice, for a world of so many devices.
    #[must_use]
    pub fn roll(dice: &mut Dice, devices: usize) -> Self {
        let device = Self::roll_device(dice, devices);
        let down = dice.up_to(Duration::from_millis(250));
        match dice.below(20) {
            0..=4 => Self::KillClient { device, down },
            5 => Self::CloseClient { device, down },
            6..=8 => Self::KillServer { down },
            9 => Self::StopServer { down },
            10 => Self::KillBoth { device, down },
            11..=12 => Self::Cut { device },
            13..=14 => Self::CutAfter { device, bytes: dice.below(1_500) },
            15 => Self::Offline { device },
            16 => Self::HalfOpen { device },
            17 => Self::Deaf { device },
            18 => Self::Delay {
                device,
                delay: Duration::from_millis(20) + dice.up_to(Duration::from_millis(200)),
            },
            _ => Self::Throttle { device, bytes_per_second: 500 + dice.below(4_000) },
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}
