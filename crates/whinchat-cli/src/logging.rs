//! Where log lines go.

use std::fs::OpenOptions;
use std::path::Path;

use tracing_subscriber::EnvFilter;

use crate::failure::Failure;

/// Starts logging to stderr, or to `file` where the screen is in use.
///
/// # Errors
///
/// A sentence when the filter is malformed or the file cannot be written.
pub fn start(filter: &str, file: Option<&Path>) -> Result<(), Failure> {
    let filter = EnvFilter::try_new(filter).map_err(|error| {
        Failure::usage(format!("--log cannot be understood ({error}); write for example --log info."))
    })?;
    // Only our own events: those of the `log` crate stay out, since a WebSocket library traces whole frames there.
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter);
    let started = match file {
        Some(path) => {
            let attempt = || {
                path.parent().map_or(Ok(()), std::fs::create_dir_all)?;
                OpenOptions::new().create(true).append(true).open(path)
            };
            let file = attempt().map_err(|error| {
                Failure::new(format!("The log {} cannot be written: {error}.", path.display()))
            })?;
            subscriber.with_ansi(false).with_writer(std::sync::Mutex::new(file)).try_init()
        }
        None => {
            let colours = std::io::IsTerminal::is_terminal(&std::io::stderr());
            subscriber.with_ansi(colours).with_writer(std::io::stderr).try_init()
        }
    };
    // Only a test that runs several commands in one process comes here twice; the first logger serves it.
    drop(started);
    Ok(())
}
