//! `whinchat demo`: the main thing a new user wants to see, over real sockets, counted by the ledger.
//!
//! `stage` holds the server, `person` a device and its network, `story` is what happens to them, `voice` tells it. `phones` is the
//! same for the eye: an app on two devices in a browser.

mod person;
mod phones;
mod stage;
mod story;
mod voice;

use std::io::{IsTerminal as _, Write as _};

use crate::args::DemoArgs;
use crate::failure::Failure;
use crate::signals::Signals;
use stage::{Stage, Tally};
use voice::Voice;

/// Runs the demo.
///
/// # Errors
///
/// A sentence when something did not happen in time, or when the ledger finds fault.
pub async fn run(args: &DemoArgs) -> Result<(), Failure> {
    if let Some(pages) = &args.pages {
        return phones::run(pages).await;
    }
    let seed = match args.seed {
        Some(seed) => seed,
        None => random_seed()?,
    };
    let again = |failure: Failure| Failure::new(format!("{failure} Run it again with --seed {seed}."));
    let colours = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let voice = if args.headless { Voice::silent() } else { Voice::telling(colours) };
    let mut signals = Signals::new()?;
    // Stopped by hand, it still takes its temporary folder away.
    let tally = tokio::select! {
        tally = play(&voice, seed) => tally.map_err(again)?,
        () = signals.next() => return Err(Failure::new("The demo was stopped before its end.")),
    };
    report(&voice, &tally, args.headless);
    if let Some(fault) = tally.fault() {
        return Err(again(Failure::new(fault)));
    }
    Ok(())
}

async fn play(voice: &Voice, seed: u64) -> Result<Tally, Failure> {
    let mut stage = Stage::build().await?;
    story::tell(&mut stage, voice, seed).await?;
    stage.judge().await
}

fn random_seed() -> Result<u64, Failure> {
    getrandom::u64().map_err(|error| Failure::new(format!("The system gave no random seed: {error}.")))
}

fn report(voice: &Voice, tally: &Tally, headless: bool) {
    for finding in &tally.report.findings {
        let _ = writeln!(std::io::stderr(), "{finding}");
    }
    if headless {
        let _ = writeln!(std::io::stdout(), "{}", tally.report);
    } else {
        voice.verdict(tally);
    }
}
