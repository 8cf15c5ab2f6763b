//! `whinchat sim`: the bridge for pages in a browser, over a WebSocket on this machine.
//!
//! A page names a device and gets it for itself, as an app that is started: its own folder, platform, device id, and a
//! network that can be cut. `gate` says who may ask, `route` what for; `session` is a page's WebSocket, `device` what
//! stays between pages, `upstream` the server behind it all.

pub mod args;
mod control;
mod detour;
mod device;
mod files;
mod frame;
mod gate;
mod listener;
mod pages;
mod question;
mod reply;
mod route;
mod session;
mod socket;
mod start;
#[cfg(test)]
mod tests;
mod upload;
mod upstream;
mod world;

use std::io::Write as _;

use crate::failure::Failure;
use crate::signals::Signals;
use args::SimArgs;
pub use pages::BuiltIn;
pub use start::{Limits, Server, Settings, Sim};

/// Runs the simulator until a signal asks it to stop.
///
/// # Errors
///
/// A sentence that says what is in the way.
pub async fn run(args: &SimArgs) -> Result<(), Failure> {
    let mut signals = Signals::new()?;
    let settings = Settings::from_args(args)?;
    let sim = Sim::start(settings).await?;
    let mut out = std::io::stdout();
    // Whoever closed stdout does not want to read it; the simulator goes on.
    let _ = writeln!(
        out,
        "The simulator is ready at {}\n  server   {}\n  app id   {}\n\nCtrl-C stops it.",
        sim.address_of_page(""),
        sim.server_url(),
        sim.app_id()
    );
    let _ = out.flush();
    signals.next().await;
    let _ = writeln!(out, "Stopping: devices are closed first.");
    // A second signal does not wait for those who are slow.
    tokio::select! {
        () = sim.stop() => {}
        () = signals.next() => {}
    }
    Ok(())
}
