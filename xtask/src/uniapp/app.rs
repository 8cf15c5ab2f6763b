//! The example as an app: what the vendor's compiler makes of it, on two phones of a native host, in the vendor's own two layers.

use std::path::Path;
use std::process::Command;

use super::host::{Host, Phone};
use super::{BINARY, EXAMPLE, PACKAGE, build_binary, build_example, build_host, ended};
use crate::{node, prerequisites};

const WALK: &str = "uniapp-plugin/hosts/app/walk.mjs";
const SERVICE_LAYER: &str = "examples/uniapp-chat/dist/build/app/app-service.js";

/// What an app's project becomes for import into HBuilderX.
pub(super) fn build() -> Result<(), String> {
    build_example()?;
    node::once("uniapp-chat-app", &[EXAMPLE, PACKAGE], SERVICE_LAYER, || {
        node::run(EXAMPLE, "npm", &["run", "build:app"])
    })
}

/// `uniapp app [--host jvm|objc] [--package FOLDER] [--shots FOLDER]`; folders are named from where the caller is.
pub(crate) fn run(from: &Path, args: &[String]) -> Result<(), String> {
    let (mut host, mut package, mut shots) = (Host::Jvm, None, None);
    let mut args = args.iter();
    while let Some(flag) = args.next() {
        let value = args.next().ok_or_else(|| format!("{flag} needs a value"))?;
        match flag.as_str() {
            "--host" => host = Host::named(value)?,
            "--package" => package = Some(from.join(value).display().to_string()),
            "--shots" => shots = Some(from.join(value).display().to_string()),
            _ => return Err(format!("`cargo xtask uniapp app` knows no {flag}")),
        }
    }
    let system = match host {
        Host::Browser => return Err("a browser loads no apps; `jvm` and `objc` do".into()),
        Host::Jvm => "android",
        Host::ObjectiveC => "ios",
    };
    prerequisites::node()?;
    prerequisites::chromium()?;
    build()?;
    build_host()?;
    build_binary()?;
    let Phone { command, package: built } = host.phone()?;
    let package = package.as_deref().unwrap_or(built);
    let mut walk = Command::new("node");
    walk.args([WALK, "--whinchat", BINARY, "--project", EXAMPLE, "--package", package]);
    walk.args(["--system", system]);
    if let Some(shots) = &shots {
        walk.args(["--shots", shots]);
    }
    ended(walk.arg("--").args(command), "the app")
}

/// The same for the suite; a machine without a browser is told what it lacks.
pub(crate) fn test(host: &str) -> Result<(), String> {
    if let Err(missing) = prerequisites::chromium() {
        println!("app: left out; {missing}");
        return Ok(());
    }
    run(Path::new("."), &["--host".to_owned(), host.to_owned()])
}
