//! The programs that are called and the environment that is looked at; tests put their own in their place.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::step;

/// Programs and variables.
#[derive(Debug, Default)]
pub(super) struct Tools {
    /// Where the programs are; wherever the system finds them, if not said.
    pub(super) folder: Option<PathBuf>,
    /// Variables instead of those of the process.
    pub(super) variables: Option<HashMap<&'static str, OsString>>,
    /// Where cargo builds, and everything else is put.
    pub(super) target: PathBuf,
    /// The system that this is, as Rust names it.
    pub(super) host: &'static str,
}

impl Tools {
    pub(super) fn of_this_machine() -> Self {
        Self { host: std::env::consts::OS, target: "target".into(), ..Self::default() }
    }

    pub(super) fn command(&self, name: &str) -> Command {
        match &self.folder {
            Some(folder) => Command::new(folder.join(name)),
            None if name == "cargo" => Command::new(step::cargo()),
            None if name == "rustc" => {
                Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
            }
            None => Command::new(name),
        }
    }

    /// Whether a program is there and ends well.
    pub(super) fn runs(&self, name: &str, args: &[&str]) -> bool {
        let mut command = self.command(name);
        let status = command.args(args).stdout(Stdio::null()).stderr(Stdio::null()).status();
        status.is_ok_and(|status| status.success())
    }

    /// A variable that says something.
    pub(super) fn variable(&self, name: &'static str) -> Option<OsString> {
        let found = match &self.variables {
            Some(variables) => variables.get(name).cloned(),
            None => std::env::var_os(name),
        };
        found.filter(|value| !value.is_empty())
    }
}
