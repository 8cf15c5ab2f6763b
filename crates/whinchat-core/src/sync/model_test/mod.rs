//! The engine against a model server, over random schedules.
//!
//! `WHINCHAT_SYNC_CASES=100000 cargo test -p whinchat-core --release sync` looks longer; `PROPTEST_RNG_SEED` fixes where it begins.

mod check;
mod device;
mod filled;
mod found;
mod large;
mod log;
mod position;
mod server;
mod store;
mod told;

use proptest::prelude::*;
use proptest::test_runner::Config;
use whinchat_proto::id::ConversationId;

use self::device::Device;
use self::log::Writing;
use self::server::ModelServer;

/// One step of a schedule. Conversations are told by number; the last two are groups.
#[derive(Clone, Debug)]
enum Step {
    Append { at: usize, writing: Writing, count: u64 },
    MarkElsewhere { at: usize, back: u64 },
    Join { at: usize, sees_history: bool },
    Leave { at: usize },
    Grow { at: usize },
    Tip { at: usize },
    Heads,
    Send { at: usize },
    Mark { at: usize },
    Delete { at: usize, nth: usize },
    DeleteElsewhere { at: usize, back: u64 },
    Clear { at: usize },
    ClearElsewhere { at: usize, back: u64 },
    ReadByPeer { at: usize, back: u64 },
    LoseCache,
    Connect,
    Cut,
    Restart,
    Take { frames: u64 },
    Serve,
    Lose,
    Ping,
    FailAfter { changes: u32 },
    Forget,
    Backup,
    Restore,
    Rest,
}

const CONVERSATIONS: [&str; 5] = ["c2c_a", "c2c_b", "c2c_c", "group_d", "group_e"];

fn conversation(at: usize) -> ConversationId {
    ConversationId::parse(CONVERSATIONS[at]).expect("an id")
}

fn step() -> impl Strategy<Value = Step> {
    let at = 0..CONVERSATIONS.len();
    let group = 3..CONVERSATIONS.len();
    let count = prop_oneof![12 => 1..4_u64, 2 => 4..30_u64, 1 => 95..130_u64];
    let writing = (prop::bool::weighted(0.3), prop::bool::weighted(0.8), prop::bool::weighted(0.25))
        .prop_map(|(own, counted, blank)| Writing { own, counted, blank: blank && !own, tip: false });
    prop_oneof![
        10 => (at.clone(), writing, count).prop_map(|(at, writing, count)| Step::Append { at, writing, count }),
        2 => (at.clone(), 0..4_u64).prop_map(|(at, back)| Step::MarkElsewhere { at, back }),
        1 => (group.clone(), any::<bool>()).prop_map(|(at, sees_history)| Step::Join { at, sees_history }),
        1 => group.clone().prop_map(|at| Step::Leave { at }),
        2 => group.clone().prop_map(|at| Step::Grow { at }),
        2 => group.prop_map(|at| Step::Tip { at }),
        1 => Just(Step::Heads),
        3 => at.clone().prop_map(|at| Step::Send { at }),
        2 => at.clone().prop_map(|at| Step::Mark { at }),
        3 => (at.clone(), 0..6_usize).prop_map(|(at, nth)| Step::Delete { at, nth }),
        2 => (at.clone(), 0..6_u64).prop_map(|(at, back)| Step::DeleteElsewhere { at, back }),
        1 => at.clone().prop_map(|at| Step::Clear { at }),
        1 => (at.clone(), 0..4_u64).prop_map(|(at, back)| Step::ClearElsewhere { at, back }),
        1 => (at, 0..3_u64).prop_map(|(at, back)| Step::ReadByPeer { at, back }),
        1 => Just(Step::LoseCache),
        5 => Just(Step::Connect),
        2 => Just(Step::Cut),
        1 => Just(Step::Restart),
        12 => (1..6_u64).prop_map(|frames| Step::Take { frames }),
        8 => Just(Step::Serve),
        3 => Just(Step::Lose),
        3 => Just(Step::Ping),
        2 => (0..12_u32).prop_map(|changes| Step::FailAfter { changes }),
        1 => Just(Step::Forget),
        1 => Just(Step::Backup),
        1 => Just(Step::Restore),
        1 => Just(Step::Rest),
    ]
}

/// A device, its server, and the server's last backup.
struct World {
    server: ModelServer,
    backup: ModelServer,
    device: Device,
    races: bool,
}

impl World {
    fn new(seed: u64, races: bool) -> Self {
        let server = ModelServer::new(seed);
        Self { backup: server.clone(), server, device: Device::new(seed ^ 0xd0d0, races), races }
    }

    fn step(&mut self, step: &Step) {
        let Self { server, device, .. } = self;
        match step {
            Step::Append { at, writing, count } => {
                for _ in 0..*count {
                    server.append(&conversation(*at), *writing);
                }
            }
            Step::MarkElsewhere { at, back } => server.mark_elsewhere(&conversation(*at), *back),
            Step::Join { at, sees_history } if !self.races => server.join(&conversation(*at), *sees_history),
            Step::Leave { at } if !self.races => server.leave(&conversation(*at)),
            // An answer that was overtaken by a newer state would win over it: the server keeps the order.
            Step::Join { .. } | Step::Leave { .. } => {}
            Step::Grow { at } => server.grow(&conversation(*at)),
            Step::Tip { at } => server.tip(&conversation(*at)),
            Step::Heads => server.tell_heads(),
            Step::Send { at } => device.send(&conversation(*at)),
            Step::Mark { at } => device.mark(&conversation(*at)),
            Step::Delete { at, nth } => device.delete(&conversation(*at), *nth),
            Step::DeleteElsewhere { at, back } => server.delete_elsewhere(&conversation(*at), *back),
            Step::Clear { at } => device.clear(&conversation(*at)),
            Step::ClearElsewhere { at, back } => server.clear_elsewhere(&conversation(*at), *back),
            Step::ReadByPeer { at, back } => server.read_by_peer(&conversation(*at), *back),
            Step::LoseCache => device.lose_cache(server),
            Step::Connect => device.connect(server),
            Step::Cut => device.cut(server),
            Step::Restart => device.restart(server),
            Step::Take { frames } => {
                for _ in 0..*frames {
                    if !device.take(server) {
                        device.serve(server);
                    }
                    check::always(device, server);
                }
            }
            Step::Serve => device.serve(server),
            Step::Lose => device.lose(server),
            Step::Ping => device.ping(),
            Step::FailAfter { changes } => device.store.fail_after = Some(*changes),
            Step::Forget if !self.races || !server.live => server.oldest = server.version,
            Step::Forget => {}
            Step::Backup => self.backup = server.clone(),
            Step::Restore => {
                device.cut(server);
                server.restore(&self.backup);
                self.backup = server.clone();
            }
            Step::Rest => {
                device.quiesce(server);
                check::at_rest(device, server);
            }
        }
        check::always(&self.device, &self.server);
    }
}

/// A case that fails is printed shrunk, with the seed of its draws; what is worth keeping goes into [`found`].
fn config() -> Config {
    let cases = std::env::var("WHINCHAT_SYNC_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(400);
    Config { cases, failure_persistence: None, max_shrink_iters: 20_000, ..Config::default() }
}

proptest! {
    #![proptest_config(config())]

    /// Whatever happens, the store never claims what is not so, and at rest it is as the server's.
    #[test]
    fn a_device_ends_up_with_what_the_server_has(
        steps in prop::collection::vec(step(), 1..90),
        seed in any::<u64>(),
        races in any::<bool>(),
    ) {
        let mut world = World::new(seed, races);
        for step in &steps {
            world.step(step);
        }
        world.step(&Step::Rest);
    }

    /// Unread is a full count at every step at which nothing is known to be missing.
    #[test]
    fn unread_is_a_full_count(
        steps in prop::collection::vec(step(), 1..90),
        seed in any::<u64>(),
        races in any::<bool>(),
    ) {
        let mut world = World::new(seed, races);
        for step in &steps {
            world.step(step);
            check::unread_of_what_is_known(&world.device, &world.server);
        }
    }
}

/// A mark of a member who had left in the copy that was put back lies above his window there.
#[test]
fn a_restore_to_a_time_when_the_user_had_left_takes_his_mark_back() {
    let others = Writing { own: false, counted: true, blank: false, tip: false };
    let append = |count| Step::Append { at: 4, writing: others, count };
    let join = || Step::Join { at: 4, sees_history: false };
    let steps = [
        vec![append(1), Step::Leave { at: 4 }, append(2), Step::Backup, join(), append(1)],
        vec![Step::Rest, Step::Mark { at: 4 }, Step::Rest, Step::Restore, Step::Rest],
    ];
    let mut world = World::new(0, false);
    steps.iter().flatten().for_each(|step| world.step(step));
}
