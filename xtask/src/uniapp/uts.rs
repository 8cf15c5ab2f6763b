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
    ended(&mut check, "the check of the UTS plugin")
}

/// Its compiler names the C library in a spelling that npm does not know, and npm would leave it out.
fn install() -> Result<(), String> {
    node::run(HOST, "npm", &["ci", "--force", "--ignore-scripts", "--no-audit", "--no-fund"])
}
