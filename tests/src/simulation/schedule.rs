//! Playing one seed.

use std::path::Path;

use whinchat_cli::ledger::Report;

use super::world::World;

/// How a schedule ended.
#[derive(Debug)]
pub struct Played {
    /// What the judge counted, or what was wrong.
    pub outcome: Result<Report, String>,
    /// What happened, in order.
    pub trace: Vec<String>,
}

/// Plays the schedule of a seed in a folder of its own, which is empty.
///
/// # Panics
///
/// When the world itself breaks, which is no verdict.
#[must_use]
pub fn play(folder: &Path, seed: u64) -> Played {
    let mut world = World::new(folder, seed);
    let outcome = world.begin().and_then(|()| {
        for _ in 0..10 + world.dice.below(50) {
            world.round();
        }
        world.judgement()
    });
    Played { outcome, trace: std::mem::take(&mut world.trace) }
}
