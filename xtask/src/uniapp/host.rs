//! Where scripts run.

use std::path::PathBuf;
use std::process::Command;

use super::{BINARY, HOST, build_binary, build_package, in_browser, jvm};
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
    /// The Android shell on a JVM.
    Jvm,
    /// The iOS shell under GNUstep.
    ObjectiveC,
}

impl Host {
    /// The one of this name.
    pub(super) fn named(name: &str) -> Result<Self, String> {
        match name {
            "browser" => Ok(Self::Browser),
            "jvm" => Ok(Self::Jvm),
            "objc" => Ok(Self::ObjectiveC),
            other => Err(format!("there is no host {other}; there are `browser`, `jvm` and `objc`")),
        }
    }

    /// Those of native code that can run here.
    pub(super) fn natives() -> Vec<Self> {
        let objective_c = prerequisites::objective_c().is_ok().then_some(Self::ObjectiveC);
        [Self::Jvm].into_iter().chain(objective_c).collect()
    }

    /// Where its own tests are.
    pub(super) fn folder(self) -> &'static str {
        match self {
            Self::Browser => HOST,
            Self::Jvm => DRIVER,
            Self::ObjectiveC => "uniapp-plugin/hosts/objc",
        }
    }

    /// Whether it can do what only native code does.
    pub(super) fn is_native(self) -> bool {
        self != Self::Browser
    }

    /// Builds what it needs; gives the command that runs these files. `package` is the folder of one that was made before.
    pub(super) fn runs(
        self,
        package: Option<&str>,
        flags: &[&str],
        files: &[PathBuf],
    ) -> Result<Command, String> {
        let mut command = Command::new("node");
        match self {
            Self::Browser if package.is_some() => return Err("a browser loads no package".into()),
            Self::Browser => {
                in_browser()?;
                command.args([&format!("{HOST}/run.mjs"), "--whinchat", BINARY]).args(flags).args(files);
            }
            Self::Jvm => {
                prerequisites::node()?;
                prerequisites::jdk_and_maven()?;
                // Scripts may ask for its faces.
                build_package()?;
                build_binary()?;
                let phone = jvm::build()?;
                let package = match package {
                    Some(package) => package,
                    None => jvm::package()?,
                };
                native(&mut command, flags, files, package, &phone);
            }
            Self::ObjectiveC => {
                prerequisites::node()?;
                prerequisites::objective_c()?;
                build_package()?;
                build_binary()?;
                let phone = objc::host::build()?.to_string_lossy().into_owned();
                native(&mut command, flags, files, package.unwrap_or(PACKAGE), &[phone]);
            }
        }
        Ok(command)
    }
}

/// The driver, with a command that is a phone.
fn native(command: &mut Command, flags: &[&str], files: &[PathBuf], package: &str, phone: &[String]) {
    command.arg(format!("{DRIVER}/run.mjs")).args(["--whinchat", BINARY, "--package", package]);
    command.args(flags).args(files).arg("--").args(phone);
}
