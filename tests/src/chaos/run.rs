//! The rounds: talk, strike, repair; every few rounds everybody settles and the ledger judges.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use whinchat_cli::ledger::{Evidence, Line, Report, judge};

use super::cast::Setup;
use super::fault::Fault;
use super::process::{Broken, Programs};
use super::strike::strike;
use super::world::World;
use crate::dice::Dice;

/// Rounds between two judgements.
const ROUNDS_A_JUDGEMENT: u32 = 5;
/// Rounds before a fresh world: first contact belongs to the chaos too, and books stay short.
const ROUNDS_A_WORLD: u32 = 40;
/// How long a round's talk may go on before the blow, and after it.
const TALK: Duration = Duration::from_millis(500);
/// While the last words are on their way.
const LAST_WORDS: Duration = Duration::from_millis(25);

/// What to play.
#[derive(Clone, Copy, Debug)]
pub struct Chaos {
    /// How many rounds, each with at least one blow in the middle of work.
    pub rounds: u32,
    /// Every choice derives from it; the first world's own seed.
    pub seed: u64,
}

/// How it went wrong.
#[derive(Debug)]
pub struct Failure {
    /// What was found.
    pub reason: String,
    /// How to see it again.
    pub replay: String,
    /// Books, databases and logs of the world in which it happened.
    pub folder: PathBuf,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.reason)?;
        writeln!(f, "books, databases and logs are in {}", self.folder.display())?;
        write!(f, "play it again with: {}", self.replay)
    }
}

impl Chaos {
    /// Plays all rounds; `tell` is given a line now and then.
    ///
    /// # Errors
    ///
    /// At the first judgement that is not clean, or when a process misbehaves.
    ///
    /// # Panics
    ///
    /// When no temporary folder can be made.
    pub async fn play(self, programs: &Programs, tell: impl Fn(&str)) -> Result<Report, Box<Failure>> {
        let mut total = Report::default();
        let mut played = 0;
        let mut seed = self.seed;
        while played < self.rounds {
            let rounds = ROUNDS_A_WORLD.min(self.rounds - played);
            let folder =
                tempfile::Builder::new().prefix("whinchat-chaos-").tempdir().expect("a temporary folder");
            tell(&format!("world of seed {seed}, rounds {} to {}", played + 1, played + rounds));
            match play_world(folder.path(), programs, seed, rounds, &tell).await {
                Ok(report) => add(&mut total, &report),
                Err(Broken(reason)) => {
                    return Err(Box::new(Failure {
                        reason,
                        replay: format!("cargo xtask chaos --rounds {rounds} --seed {seed}"),
                        folder: folder.keep(),
                    }));
                }
            }
            played += rounds;
            seed = seed.wrapping_add(1);
        }
        Ok(total)
    }
}

fn add(total: &mut Report, world: &Report) {
    total.sent += world.sent;
    total.acknowledged += world.acknowledged;
    total.delivered += world.delivered;
}

async fn play_world(
    folder: &Path,
    programs: &Programs,
    seed: u64,
    rounds: u32,
    tell: &impl Fn(&str),
) -> Result<Report, Broken> {
    let mut dice = Dice::new(seed);
    let setup = Setup::roll(&mut dice);
    tell(&format!(
        "  {} devices, {} nodes, servers with {:?}",
        setup.cast.len(),
        setup.nodes,
        setup.server_args
    ));
    let mut world = World::begin(folder, programs, setup, &mut dice).await?;
    let mut report = Report::default();
    for round in 1..=rounds {
        let faults =
            play_round(&mut world, &mut dice).await.map_err(|Broken(reason)| in_round(round, &reason))?;
        tell(&format!("  {round}: {faults}"));
        if round % ROUNDS_A_JUDGEMENT == 0 || round == rounds {
            report = judgement(&mut world, &mut dice, true)
                .await
                .map_err(|Broken(reason)| in_round(round, &reason))?;
            tell(&format!("round {round}: {report}"));
        }
    }
    Ok(report)
}

fn in_round(round: u32, reason: &str) -> Broken {
    Broken(format!("up to round {round} of this world: {reason}"))
}

/// One or two blows in the middle of work.
async fn play_round(world: &mut World, dice: &mut Dice) -> Result<String, Broken> {
    let roll = |dice: &mut Dice| Fault::roll(dice, world.devices(), world.nodes(), world.has_weather());
    let mut faults = vec![roll(dice)];
    if dice.chance(30) {
        faults.push(roll(dice));
    }
    let told = faults.iter().map(Fault::to_string).collect::<Vec<_>>().join(", ");
    if dice.chance(15) {
        world.move_the_wanderer().await;
    }
    for fault in faults {
        // Not a wait for anything: the moment of the blow is what is random.
        tokio::time::sleep(dice.up_to(TALK)).await;
        strike(world, fault, dice).await?;
    }
    tokio::time::sleep(dice.up_to(TALK)).await;
    world.repair()?;
    Ok(told)
}

/// Blows into the silence. Nothing that is said later can show what they lost, as a later message shows a hole.
async fn last_blows(world: &mut World, dice: &mut Dice) -> Result<(), Broken> {
    for _ in 0..dice.below(4) {
        tokio::time::sleep(dice.up_to(LAST_WORDS)).await;
        let (device, node) = (Fault::roll_one(dice, world.devices()), Fault::roll_one(dice, world.nodes()));
        if dice.chance(75) {
            world.kill_client(device).await?;
            world.start_silent_client(device, dice)?;
        } else {
            world.kill_server(node).await?;
            world.start_server(node).await?;
        }
    }
    Ok(())
}

/// Everybody stops, perhaps with blows into the silence, drains, catches up by himself, and writes his last lines; then the
/// judge looks.
///
/// # Errors
///
/// When somebody does not come to rest, or something is wrong.
pub async fn judgement(world: &mut World, dice: &mut Dice, blows: bool) -> Result<Report, Broken> {
    world.hush().await;
    if blows {
        last_blows(world, dice).await?;
    }
    world.settle().await?;
    let mut evidence = Evidence::collect(&world.server_database(), &world.device_files())
        .map_err(|error| Broken(error.to_string()))?;
    evidence.announced = true;
    for device in &evidence.devices {
        if !device.lines.contains(&Line::Finished) {
            return Err(Broken(format!("{} wrote no last line", device.name)));
        }
    }
    let report = judge(&evidence);
    if !report.is_clean() {
        return Err(Broken(format!("{report}\n  {}", report.findings.join("\n  "))));
    }
    world.go_on().await;
    Ok(report)
}
