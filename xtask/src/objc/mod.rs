//! The plugin's iOS shell without a phone: compiled for Apple's target to look at its exports, and for this machine to run it.

mod gate;
pub(crate) mod host;
mod names;
mod objdump;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::prerequisites;

/// The shell's sources.
const SHELL: &str = "uniapp-plugin/shell/ios";
/// Where whinchat.h is.
const HEADER: &str = "crates/whinchat-mobile/include";

/// What `cargo xtask test` runs of it.
pub(crate) const TESTS: &[(&str, crate::uniapp::Test)] = &[
    ("iOS exports", exports),
    ("scripts in Objective-C", || crate::uniapp::test(&["--host".into(), "objc".into()])),
    ("app in Objective-C", || crate::uniapp::app::test("objc")),
];

/// Why it cannot be run here, if it cannot.
pub(crate) fn missing() -> Option<String> {
    prerequisites::node().and_then(|()| prerequisites::objective_c()).err()
}

/// Compiles the shell for Apple's target and looks at its exports.
pub(crate) fn exports() -> Result<(), String> {
    prerequisites::clang()?;
    gate::run()
}

/// Every Objective-C file of a folder, in order.
fn sources(folder: &str) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{folder} cannot be read: {error}"))?;
    let mut files: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|kind| kind == "m"))
        .collect();
    files.sort();
    if files.is_empty() { Err(format!("{folder} has no Objective-C")) } else { Ok(files) }
}

/// Where the object of a source goes.
fn object(source: &Path, folder: &Path) -> PathBuf {
    folder.join(source.file_stem().unwrap_or_default()).with_extension("o")
}

/// What a program says when it ends well; what it complains about when it does not.
fn said(command: &mut Command) -> Result<String, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| format!("{name} did not start: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(format!("{name}: {}", String::from_utf8_lossy(&output.stderr).trim_end()))
}
