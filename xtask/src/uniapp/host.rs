//! Where scripts run.

use std::path::PathBuf;
use std::process::Command;

use super::{BINARY, HOST, build_binary, build_package, in_browser, jvm};
use crate::step::Step;
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
        if self == Self::Browser {
            if package.is_some() {
                return Err("a browser loads no package".into());
            }
            in_browser()?;
            command.args([&format!("{HOST}/run.mjs"), "--whinchat", BINARY]).args(flags).args(files);
            return Ok(command);
        }
        prerequisites::node()?;
        // Scripts may ask for its faces.
        build_package()?;
        build_binary()?;
        let phone = self.phone()?;
        let package = package.unwrap_or(phone.package);
        command.arg(format!("{DRIVER}/run.mjs")).args(["--whinchat", BINARY, "--package", package]);
        command.args(flags).args(files).arg("--").args(phone.command);
        Ok(command)
    }

    /// Builds what it needs to be measured, optimised; gives the command that measures it.
    pub(super) fn measured(self) -> Result<Command, String> {
        if self != Self::Jvm {
            return Err("what is measured is `--host jvm`, and without a host a page in Chromium".into());
        }
        prerequisites::node()?;
        prerequisites::jdk_and_maven()?;
        let phone = jvm::build_to_measure()?;
        for (package, binary) in [("whinchat-cli", "whinchat"), ("whinchat-tests", "bench")] {
            Step::cargo("build", &["build", "--release", "--package", package, "--bin", binary]).run()?;
        }
        println!("{}", jvm::size()?);
        let mut command = Command::new("node");
        command.arg(format!("{DRIVER}/bench.mjs"));
        command.args(["--whinchat", "target/release/whinchat", "--floor", "target/release/bench"]);
        command.args(["--package", jvm::package()?, "--out", "target/bench-jvm.json", "--"]).args(phone);
        Ok(command)
    }

    /// Puts the contract's plays on in processes of it.
    pub(super) fn plays(self) -> Result<(), String> {
        let phone = self.phone()?;
        let words: Vec<String> = phone.command.iter().map(|word| quoted(word)).collect();
        let package = std::fs::canonicalize(phone.package)
            .map_err(|error| format!("{} is not there: {error}", phone.package))?;
        let args = ["test", "--quiet", "--package", "whinchat-tests", "--test", "contract"];
        Step::cargo("contract", &args)
            .env("WHINCHAT_HOST", &format!("[{}]", words.join(",")))
            .env("WHINCHAT_HOST_PACKAGE", &package.to_string_lossy())
            .run()
    }

    /// Builds a host of native code.
    pub(super) fn phone(self) -> Result<Phone, String> {
        match self {
            Self::Browser => Err("a browser is no phone".into()),
            Self::Jvm => {
                prerequisites::jdk_and_maven()?;
                let command = jvm::build()?;
                Ok(Phone { command, package: jvm::package()? })
            }
            Self::ObjectiveC => {
                prerequisites::objective_c()?;
                let program = objc::host::build()?;
                let program = std::fs::canonicalize(&program)
                    .map_err(|error| format!("{} is not there: {error}", program.display()))?;
                Ok(Phone { command: vec![program.to_string_lossy().into_owned()], package: PACKAGE })
            }
        }
    }
}

/// A process that is a phone, and the package that it loads unless another one is named.
pub(super) struct Phone {
    pub(super) command: Vec<String>,
    pub(super) package: &'static str,
}

/// A text as JSON.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
