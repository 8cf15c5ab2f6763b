//! Observers over a real store, against a fresh reading of it.
//!
//! `WHINCHAT_OBSERVE_CASES=10000 cargo test -p whinchat-core --release observe` looks longer; `PROPTEST_RNG_SEED` fixes where
//! it begins. A case that fails is printed shrunk.

mod check;
mod cost;
mod timelines;
mod world;

use std::sync::{Arc, LazyLock};

use proptest::prelude::*;
use proptest::test_runner::Config;

use self::check::{ListScreen, TimelineScreen};
use self::world::World;
use super::TimelineWindow;
use crate::platform::Runtime;

/// Conversations of a random world.
const CONVERSATIONS: usize = 6;
/// Timelines that are open at once.
const TIMELINES: usize = 3;

/// The client's threads, for all tests.
fn runtime() -> &'static Arc<Runtime> {
    static RUNTIME: LazyLock<Arc<Runtime>> = LazyLock::new(|| Arc::new(Runtime::new().unwrap()));
    &RUNTIME
}

/// Something that happens. Observers look at random times only, so that they find much or little.
#[derive(Clone, Debug)]
enum Step {
    Append { at: usize, count: usize, own: bool, blank: bool, push: bool },
    State { at: usize, recent: u64 },
    Page { at: usize, back: u64, length: u64 },
    Fill { screen: usize },
    Mark { at: usize },
    Receipt { at: usize, back: u64 },
    Delete { at: usize, back: u64, length: u64 },
    Clear { at: usize },
    Hide { at: usize, back: u64 },
    Restore { at: usize, back: u64 },
    Snapshot { gone: usize },
    Send { at: usize },
    Acknowledge { at: usize },
    Fail { at: usize },
    Retry { at: usize },
    ChangeStored { at: usize, back: u64, vanish: bool },
    Open { screen: usize, at: usize, limit: usize, around: Option<u64> },
    OpenList { limit: usize },
    GrowList { count: usize },
    Grow { screen: usize, older: usize, newer: usize },
    Newest { screen: usize },
    LookAtList,
    Look { screen: usize },
}

fn step() -> impl Strategy<Value = Step> {
    let at = 0..CONVERSATIONS;
    let screen = 0..TIMELINES;
    let count = prop_oneof![8 => 1..4_usize, 1 => 20..40_usize];
    let flags = (prop::bool::weighted(0.3), prop::bool::weighted(0.2), prop::bool::weighted(0.8));
    prop_oneof![
        10 => (at.clone(), count, flags).prop_map(|(at, count, (own, blank, push))| {
            Step::Append { at, count, own, blank: blank && !own, push }
        }),
        4 => (at.clone(), 0..12_u64).prop_map(|(at, recent)| Step::State { at, recent }),
        2 => (at.clone(), 0..60_u64, 1..20_u64).prop_map(|(at, back, length)| Step::Page { at, back, length }),
        4 => screen.clone().prop_map(|screen| Step::Fill { screen }),
        2 => at.clone().prop_map(|at| Step::Mark { at }),
        2 => (at.clone(), 0..30_u64).prop_map(|(at, back)| Step::Receipt { at, back }),
        2 => (at.clone(), 0..30_u64, 0..4_u64).prop_map(|(at, back, length)| Step::Delete { at, back, length }),
        1 => at.clone().prop_map(|at| Step::Clear { at }),
        1 => (at.clone(), 0..30_u64).prop_map(|(at, back)| Step::Hide { at, back }),
        1 => (at.clone(), 0..10_u64).prop_map(|(at, back)| Step::Restore { at, back }),
        1 => at.clone().prop_map(|gone| Step::Snapshot { gone }),
        4 => at.clone().prop_map(|at| Step::Send { at }),
        4 => at.clone().prop_map(|at| Step::Acknowledge { at }),
        2 => at.clone().prop_map(|at| Step::Fail { at }),
        1 => at.clone().prop_map(|at| Step::Retry { at }),
        2 => (at.clone(), 0..20_u64, any::<bool>()).prop_map(|(at, back, vanish)| {
            Step::ChangeStored { at, back, vanish }
        }),
        2 => (screen.clone(), at, 1..12_usize, prop::option::weighted(0.3, 0..40_u64)).prop_map(
            |(screen, at, limit, around)| Step::Open { screen, at, limit, around }
        ),
        1 => (1..8_usize).prop_map(|limit| Step::OpenList { limit }),
        1 => (1..3_usize).prop_map(|count| Step::GrowList { count }),
        3 => (screen.clone(), 0..12_usize, 0..12_usize).prop_map(|(screen, older, newer)| {
            Step::Grow { screen, older, newer }
        }),
        1 => screen.clone().prop_map(|screen| Step::Newest { screen }),
        5 => Just(Step::LookAtList),
        5 => screen.prop_map(|screen| Step::Look { screen }),
    ]
}

/// The world and those who look at it.
struct Play {
    world: World,
    list: ListScreen,
    timelines: Vec<TimelineScreen>,
}

impl Play {
    async fn begin() -> Self {
        let world = World::new(runtime(), CONVERSATIONS).await;
        let list = ListScreen::open(&world, 3);
        let mut timelines = Vec::new();
        for at in 0..TIMELINES {
            timelines.push(TimelineScreen::open(&world, at, TimelineWindow::newest(5)).await);
        }
        Self { world, list, timelines }
    }

    async fn step(&mut self, step: Step) {
        let world = &mut self.world;
        let back_from_head = |world: &World, at: usize, back: u64| world.logs[at].head().saturating_sub(back);
        match step {
            Step::Append { at, count, own, blank, push } => {
                for _ in 0..count {
                    world.append(at, if own { "me" } else { "bob" }, blank);
                    if push {
                        world.push(at).await;
                    }
                }
            }
            Step::State { at, recent } => world.state(at, recent).await,
            Step::Page { at, back, length } => {
                let from = back_from_head(world, at, back);
                world.page(at, from, from + length).await;
            }
            Step::Fill { screen } => {
                let screen = &self.timelines[screen];
                if let Some((from, to)) = screen.hole() {
                    world.page(screen.at, from, to).await;
                }
            }
            Step::Mark { at } => world.mark(at).await,
            Step::Receipt { at, back } => {
                let seq = back_from_head(world, at, back);
                world.receipt(at, seq).await;
            }
            Step::Delete { at, back, length } => {
                let from = back_from_head(world, at, back);
                world.delete(at, from, from + length).await;
            }
            Step::Clear { at } => world.clear(at).await,
            Step::Hide { at, back } => {
                let from = back_from_head(world, at, back);
                world.hide(at, from).await;
            }
            Step::Restore { at, back } => {
                let base = back_from_head(world, at, back);
                world.restore(at, base).await;
            }
            Step::Snapshot { gone } => world.snapshot_without(gone).await,
            Step::Send { at } => world.send(at).await,
            Step::Acknowledge { at } => world.acknowledge(at).await,
            Step::Fail { at } => world.fail(at).await,
            Step::Retry { at } => world.retry(at).await,
            Step::ChangeStored { at, back, vanish } => {
                let seq = back_from_head(world, at, back);
                world.change_stored(at, seq, vanish).await;
            }
            Step::Open { screen, at, limit, around } => {
                let window = match around {
                    Some(back) => {
                        let seq = back_from_head(world, at, back);
                        match world.message_at(at, seq).await {
                            Some(message) => TimelineWindow::around(&message, limit, limit / 2),
                            None => TimelineWindow::newest(limit),
                        }
                    }
                    None => TimelineWindow::newest(limit),
                };
                self.timelines[screen] = TimelineScreen::open(world, at, window).await;
            }
            Step::OpenList { limit } => self.list = ListScreen::open(world, limit),
            Step::GrowList { count } => self.list.grow(count),
            Step::Grow { screen, older, newer } => {
                self.timelines[screen].observer.grow_older(older);
                self.timelines[screen].observer.grow_newer(newer);
            }
            Step::Newest { screen } => self.timelines[screen].newest(),
            Step::LookAtList => self.list.look(world).await,
            Step::Look { screen } => self.timelines[screen].look(world).await,
        }
    }

    async fn look_at_everything(&mut self) {
        self.list.look(&self.world).await;
        for screen in &mut self.timelines {
            screen.look(&self.world).await;
        }
    }
}

fn config() -> Config {
    let cases = std::env::var("WHINCHAT_OBSERVE_CASES").ok().and_then(|cases| cases.parse().ok());
    Config {
        cases: cases.unwrap_or(40),
        failure_persistence: None,
        max_shrink_iters: 2_000,
        ..Config::default()
    }
}

proptest! {
    #![proptest_config(config())]

    /// Whatever happens, and however rarely the app comes, the replayed diffs are what is stored.
    #[test]
    fn replayed_diffs_equal_a_fresh_reading(steps in prop::collection::vec(step(), 1..120)) {
        play(steps);
    }
}

fn play(steps: Vec<Step>) {
    let waiter = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    waiter.block_on(async {
        let mut play = Play::begin().await;
        for step in steps {
            play.step(step).await;
        }
        play.look_at_everything().await;
    });
}

/// What waited is found stored in history: the list does not show it as the last any more.
#[test]
fn a_waiting_message_that_a_page_brings_back_changes_the_list() {
    let append = |own| Step::Append { at: 2, count: 1, own, blank: false, push: true };
    let lost =
        vec![append(true), Step::Snapshot { gone: 2 }, append(false), Step::State { at: 2, recent: 0 }];
    let seen = vec![Step::Look { screen: 2 }, Step::LookAtList, Step::Fill { screen: 2 }];
    play([lost, seen, vec![Step::GrowList { count: 1 }]].concat());
}
