//! Load, faults and looks, until the time is over.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::task::JoinHandle;

use super::sample::{HEADING, Sample};
use super::verdict::{Course, courses};
use crate::chaos::cast::{MANY, Setup};
use crate::chaos::fault::Fault;
use crate::chaos::process::{Broken, Programs};
use crate::chaos::run::judgement;
use crate::chaos::strike::strike;
use crate::chaos::world::World;
use crate::dice::Dice;

/// These devices and the first server live through; the others may be killed.
const SURVIVORS: usize = 5;
/// The first part of the time, in percent, fills caches and does not count.
const WARM_UP: u64 = 20;
/// While warming up everybody is so many times as fast: what is there afterwards is more than the caches take.
const HASTE: u64 = 8;
/// Between two blows, and from a blow to its repair, at most.
const PEACE: Duration = Duration::from_secs(6);
const TROUBLE: Duration = Duration::from_secs(4);

/// What to play.
#[derive(Clone, Debug)]
pub struct Soak {
    /// How long.
    pub time: Duration,
    /// Every choice derives from it.
    pub seed: u64,
    /// Longest pause of a client between two actions, in milliseconds.
    pub pace_ms: u64,
    /// Between two looks at each process.
    pub look_every: Duration,
    /// Between two judgements of what arrived.
    pub judge_every: Duration,
    /// Where the samples go.
    pub csv: PathBuf,
}

/// What was found.
#[derive(Debug)]
pub struct Findings {
    /// How the survivors did.
    pub courses: Vec<Course>,
    /// How many blows there were.
    pub blows: u32,
    /// What the ledger says at the end.
    pub report: String,
}

/// What runs, for the one who looks.
type Running = Arc<Mutex<Vec<(String, u32, PathBuf)>>>;

struct Looker {
    task: JoinHandle<()>,
    running: Running,
    samples: Arc<Mutex<Vec<Sample>>>,
}

impl Looker {
    fn start(soak: &Soak) -> Result<Self, Broken> {
        let broken = |error| Broken(format!("{} cannot be written: {error}", soak.csv.display()));
        if let Some(folder) = soak.csv.parent() {
            std::fs::create_dir_all(folder).map_err(broken)?;
        }
        let mut csv = std::fs::File::create(&soak.csv).map_err(broken)?;
        writeln!(csv, "{HEADING}").map_err(broken)?;
        let (running, samples) = (Running::default(), Arc::new(Mutex::new(Vec::new())));
        let (shown, taken, every) = (Arc::clone(&running), Arc::clone(&samples), soak.look_every);
        let task = tokio::spawn(async move {
            let start = Instant::now();
            let mut ticks = tokio::time::interval(every);
            loop {
                ticks.tick().await;
                let there = shown.lock().unwrap_or_else(PoisonError::into_inner).clone();
                let look = |(name, id, folder): &(String, u32, PathBuf)| {
                    Sample::take(start.elapsed(), name, *id, folder)
                };
                for sample in there.iter().filter_map(look) {
                    // A table with a missing row is better than none.
                    let _ = writeln!(csv, "{}", sample.row());
                    taken.lock().unwrap_or_else(PoisonError::into_inner).push(sample);
                }
            }
        });
        Ok(Self { task, running, samples })
    }

    fn show(&self, world: &World) {
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) = world.running();
    }
}

impl Drop for Looker {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Soak {
    /// Plays; `tell` is given a line now and then.
    ///
    /// # Errors
    ///
    /// When a process misbehaves, or the ledger finds something wrong.
    pub async fn play(
        &self,
        folder: &Path,
        programs: &Programs,
        tell: impl Fn(&str),
    ) -> Result<Findings, Broken> {
        let mut dice = Dice::new(self.seed);
        let setup = Setup {
            cast: MANY,
            nodes: 2,
            pace_ms: (self.pace_ms / HASTE).max(1),
            weather: cfg!(target_os = "linux"),
            heap: true,
            ..Setup::plain()
        };
        let looker = Looker::start(self)?;
        let mut world = World::begin(folder, programs, setup, &mut dice).await?;
        looker.show(&world);
        let (start, mut judged) = (Instant::now(), Instant::now());
        let (mut blows, mut warm) = (0, false);
        while start.elapsed() < self.time {
            if !warm && start.elapsed().as_secs() * 100 > self.time.as_secs() * (WARM_UP - 5) {
                world.set_pace(self.pace_ms).await;
                warm = true;
            }
            tokio::time::sleep(dice.up_to(PEACE)).await;
            let fault = one_that_spares(&mut dice, &world);
            strike(&mut world, fault, &mut dice).await?;
            blows += 1;
            looker.show(&world);
            if dice.chance(10) {
                world.move_the_wanderer().await;
            }
            tokio::time::sleep(dice.up_to(TROUBLE)).await;
            world.repair()?;
            if judged.elapsed() >= self.judge_every {
                let report = judgement(&mut world, &mut dice, false).await?;
                tell(&format!("{:>5.0} s, {blows} blows: {report}", start.elapsed().as_secs_f64()));
                judged = Instant::now();
            }
        }
        let report = judgement(&mut world, &mut dice, false).await?.to_string();
        let samples = looker.samples.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Ok(Findings { courses: courses(&samples, WARM_UP), blows, report })
    }
}

/// The next fault that ends none of the survivors.
fn one_that_spares(dice: &mut Dice, world: &World) -> Fault {
    loop {
        let fault = Fault::roll(dice, world.devices(), world.nodes(), world.has_weather());
        let (device, node) = fault.ends();
        if device.is_none_or(|device| device >= SURVIVORS) && node != Some(0) {
            return fault;
        }
    }
}
