//! Who plays, and how the world is set up.

use crate::dice::Dice;

/// One client.
#[derive(Clone, Copy, Debug)]
pub struct Role {
    /// Names the device.
    pub name: &'static str,
    /// Whose it is.
    pub user: &'static str,
    /// What it is: one device of each kind a user may be logged in.
    pub platform: &'static str,
    /// Whom it talks to.
    pub talk: &'static str,
}

const fn role(name: &'static str, user: &'static str, platform: &'static str, talk: &'static str) -> Role {
    Role { name, user, platform, talk }
}

/// Quits the group and is invited again, now and then.
pub(crate) const WANDERER: &str = "dave";

const ALICES: &str = "c2c_bob,c2c_carol,group_team";
const BOBS: &str = "c2c_alice,c2c_carol,group_team";

/// Four users, one of them with two devices.
pub const FEW: &[Role] = &[
    role("alice-desktop", "alice", "desktop", ALICES),
    role("alice-phone", "alice", "android", ALICES),
    role("bob", "bob", "desktop", BOBS),
    role("carol", "carol", "android", "c2c_alice,c2c_bob,group_team"),
    role("dave", WANDERER, "desktop", "c2c_alice,group_team"),
];

/// Four users, two of them with several devices.
pub const MANY: &[Role] = &[
    role("alice-desktop", "alice", "desktop", ALICES),
    role("alice-android", "alice", "android", ALICES),
    role("alice-iphone", "alice", "ios", ALICES),
    role("bob-desktop", "bob", "desktop", BOBS),
    role("bob-tablet", "bob", "tablet", BOBS),
    role("carol", "carol", "android", "c2c_alice,c2c_bob,group_team"),
    role("dave", WANDERER, "desktop", "c2c_alice,group_team"),
];

/// How a world is set up.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The clients.
    pub cast: &'static [Role],
    /// How many server processes share the folder.
    pub nodes: usize,
    /// Longest pause of a client between two actions, in milliseconds.
    pub pace_ms: u64,
    /// Whether clocks may be wrong and disks full. Takes Linux.
    pub weather: bool,
    /// Whether every process writes down what it has allocated.
    pub heap: bool,
    /// What the servers are told beyond the usual.
    pub server_args: Vec<String>,
}

impl Setup {
    /// One server and few clients.
    #[must_use]
    pub fn plain() -> Self {
        Self { cast: FEW, nodes: 1, pace_ms: 80, weather: false, heap: false, server_args: Vec::new() }
    }

    /// What the dice say.
    #[must_use]
    pub fn roll(dice: &mut Dice) -> Self {
        let nodes = if dice.chance(50) { 2 } else { 1 };
        let mut server_args = match dice.below(4) {
            0 => lossy(dice, 15),
            1 => lossy(dice, 100),
            _ => Vec::new(),
        };
        if dice.chance(40) {
            // Then the group is one whose messages move nobody's log.
            server_args.push("--large-group=3".to_owned());
        }
        Self {
            cast: if dice.chance(60) { MANY } else { FEW },
            nodes,
            weather: cfg!(target_os = "linux"),
            server_args,
            ..Self::plain()
        }
    }
}

/// A bus that loses so many of a hundred.
fn lossy(dice: &mut Dice, percent: u64) -> Vec<String> {
    vec![format!("--lose={percent}"), format!("--seed={}", dice.roll())]
}
