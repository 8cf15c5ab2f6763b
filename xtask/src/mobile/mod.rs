//! The library for phones: built for Android with an NDK, for Apple's systems on a Mac, and measured here.

mod android;
mod apple;
mod budget;
mod ndk;
mod parts;
mod size;
#[cfg(test)]
mod tests;
mod tools;

use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) use android::android;
pub(crate) use apple::apple;
pub(crate) use size::size;
use tools::Tools;

use crate::elf::{Elf, Rules, System};

/// What its C interface is; the shared library exports it.
const HEADERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/whinchat-mobile/include");

/// The package of the library.
const PACKAGE: &str = "whinchat-mobile";

/// Builds a library for a target as it ships (ADR 0015): one kind of it, so that all of it is optimised as a whole.
fn build(tools: &Tools, package: &str, target: &str) -> Command {
    let mut command = tools.command("cargo");
    command.args(["rustc", "--package", package, "--lib", "--profile", "mobile"]);
    command.args(["--crate-type", "cdylib", "--target", target]).arg("--target-dir").arg(&tools.target);
    command
}

/// Where it is then.
fn built(tools: &Tools, target: &str, file: &str) -> PathBuf {
    tools.target.join(target).join("mobile").join(file)
}

/// One line for all targets that rustc has no standard library for.
fn missing_targets(tools: &Tools, targets: &[&str]) -> Result<(), String> {
    let is_missing = |target: &&&str| {
        let output = tools.command("rustc").args(["--print", "target-libdir", "--target", target]).output();
        let folder = output.ok().filter(|output| output.status.success());
        let folder = folder.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
        !folder.is_some_and(|folder| Path::new(&folder).is_dir())
    };
    let missing: Vec<&str> = targets.iter().filter(is_missing).copied().collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(format!("Rust has no library for them yet: run `rustup target add {}`", missing.join(" ")))
}

/// `cargo xtask elf`.
pub(crate) fn check(args: &[String]) -> Result<(), String> {
    let (system, file) = match args {
        [file] => (System::Android, file),
        [file, flag] if flag == "--linux" => (System::Linux, file),
        _ => return Err("usage: cargo xtask elf FILE.so [--linux]".to_owned()),
    };
    let file = Path::new(file);
    judge(file, &rules(system)?)?;
    println!("{}: good", file.display());
    Ok(())
}

/// The rules for a library that ships on a system.
fn rules(system: System) -> Result<Rules, String> {
    let failed = |error: std::io::Error| format!("{HEADERS}: {error}");
    let mut declarations = String::new();
    for header in std::fs::read_dir(HEADERS).map_err(failed)? {
        declarations.push_str(&std::fs::read_to_string(header.map_err(failed)?.path()).map_err(failed)?);
    }
    Ok(Rules::new(system, &declarations, true))
}

/// Every fault of a library, a line each.
fn judge(file: &Path, rules: &Rules) -> Result<(), String> {
    let named = |problem: String| format!("{}: {problem}", file.display());
    let bytes = std::fs::read(file).map_err(|error| named(error.to_string()))?;
    let faults = rules.faults(&Elf::read(&bytes).map_err(named)?);
    if faults.is_empty() {
        return Ok(());
    }
    Err(faults.into_iter().map(named).collect::<Vec<_>>().join("\n"))
}
