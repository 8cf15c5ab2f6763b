//! The successor format: compiled by the vendor's npm tools as far as they go without a phone, and looked at.

use std::process::Command;

use super::{build_binary, build_host, build_package, ended};
use crate::{node, prerequisites};

const HOST: &str = "uniapp-plugin/hosts/uts";

/// Kotlin, Swift and the calls of an app; in a browser too, where there is one.
pub(crate) fn check() -> Result<(), String> {
    prerequisites::node()?;
    build_package()?;
    let inputs = [format!("{HOST}/package.json"), format!("{HOST}/package-lock.json")];
    node::once("uts-host", &inputs.each_ref().map(String::as_str), &format!("{HOST}/node_modules"), install)?;
    let mut check = Command::new("node");
    check.arg(format!("{HOST}/check.mjs"));
    match prerequisites::chromium() {
        Ok(()) => {
            build_host()?;
            build_binary()?;
            check.args(["--whinchat", super::BINARY]);
        }
        Err(missing) => println!("uts: not tried in a browser; {missing}"),
    }
    ended(&mut check, "the check of the UTS plugin")?;
    kotlin()
}

/// Compiles what the vendor's compiler made for Android, against the shell's classes and stand-ins for the vendor's.
fn kotlin() -> Result<(), String> {
    if !Command::new("mvn").arg("--version").output().is_ok_and(|output| output.status.success()) {
        println!("uts: its Kotlin is not compiled; install Maven (Debian: apt-get install maven)");
        return Ok(());
    }
    let projects = ["--projects", "hosts/uts/kotlin", "--also-make"];
    node::run(
        "uniapp-plugin",
        "mvn",
        &[&["--batch-mode", "--quiet", "-Puts"], &projects[..], &["compile"]].concat(),
    )?;
    println!("uts: its Kotlin compiles");
    Ok(())
}

/// Its compiler names the C library in a spelling that npm does not know, and npm would leave it out.
fn install() -> Result<(), String> {
    node::run(HOST, "npm", &["ci", "--force", "--ignore-scripts", "--no-audit", "--no-fund"])
}
