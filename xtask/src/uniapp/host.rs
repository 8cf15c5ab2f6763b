//! Where scripts run.

use std::path::PathBuf;
use std::process::Command;

use super::{BINARY, HOST, build_binary, in_browser};
use crate::{objc, prerequisites};

/// The plugin's package.
const PACKAGE: &str = "uniapp-plugin/nativeplugins/Whinchat-IM";
/// What drives hosts of native code.
const DRIVER: &str = "uniapp-plugin/hosts/driver";

/// A host of scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Host {
    /// Pages in headless Chromium, on the simulator.
    Browser,
    /// The iOS shell under GNUstep.
    ObjectiveC,
}

impl Host {
    /// The one of this name.
    pub(super) fn named(name: &str) -> Result<Self, String> {
        match name {
            "browser" => Ok(Self::Browser),
            "objc" => Ok(Self::ObjectiveC),
            other => Err(format!("there is no host {other}; there are `browser` and `objc`")),
        }
    }

    /// Where its own tests are.
    pub(super) fn folder(self) -> &'static str {
        match self {
            Self::Browser => HOST,
            Self::ObjectiveC => "uniapp-plugin/hosts/objc",
        }
    }

    /// Builds what it needs; gives the command that runs these files.
    pub(super) fn runs(self, flags: &[&str], files: &[PathBuf]) -> Result<Command, String> {
        let mut command = Command::new("node");
        match self {
            Self::Browser => {
                in_browser()?;
                command.args([&format!("{HOST}/run.mjs"), "--whinchat", BINARY]).args(flags).args(files);
            }
            Self::ObjectiveC => {
                prerequisites::node()?;
                prerequisites::objective_c()?;
                build_binary()?;
                native(&mut command, flags, files, objc::host::build()?);
            }
        }
        Ok(command)
    }
}

/// The driver, with a program that is a phone.
fn native(command: &mut Command, flags: &[&str], files: &[PathBuf], phone: PathBuf) {
    command.arg(format!("{DRIVER}/run.mjs")).args(["--whinchat", BINARY, "--package", PACKAGE]);
    command.args(flags).args(files).arg("--").arg(phone);
}
