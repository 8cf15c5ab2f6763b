//! `cargo xtask size`: the library as it ships, built here, beside a library of the same parts that does nothing.

use std::fs;
use std::path::{Path, PathBuf};

use super::tools::Tools;
use super::{budget, build, built, judge, parts, rules};
use crate::elf::{Elf, System};
use crate::step::Step;

/// This machine's stand-in for a phone.
const TARGET: &str = "x86_64-unknown-linux-gnu";
/// How many parts are named.
const NAMED: usize = 16;

/// Measures both, names the largest parts, and holds the one that ships against the budget.
pub(crate) fn size() -> Result<(), String> {
    let tools = Tools::of_this_machine();
    if tools.host != "linux" || std::env::consts::ARCH != "x86_64" {
        return Err("sizes are measured on Linux on x86_64, where the budget's figures come from".to_owned());
    }
    let folder = tools.target.join("size");
    let (floor, _) = library(&tools, "whinchat-floor", "libwhinchat_floor.so", &folder)?;
    let (ours, whole) = library(&tools, "whinchat-mobile", "libwhinchat.so", &folder)?;

    let symbols = Elf::read(&fs::read(&whole).map_err(|error| error.to_string())?)?.symbols;
    let lock = fs::read_to_string("Cargo.lock").map_err(|error| format!("Cargo.lock: {error}"))?;
    println!("its largest parts, in bytes of code and data:");
    for (part, bytes) in parts::parts(&symbols, &lock).iter().take(NAMED) {
        println!("{bytes:>12}  {part}");
    }
    let (size, least) = (budget::Size::of(&tools, &ours)?, budget::Size::of(&tools, &floor)?);
    println!("{}\n{}\n{}", budget::HEAD, size.line("libwhinchat.so"), least.line("the same parts"));
    let faults =
        [size.fault("libwhinchat.so"), size.fault_beside(least), judge(&ours, &rules(System::Linux)?).err()];
    let faults: Vec<String> = faults.into_iter().flatten().collect();
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
}

/// Builds a library and gives it stripped, and with its symbols.
fn library(
    tools: &Tools,
    package: &'static str,
    file: &str,
    folder: &Path,
) -> Result<(PathBuf, PathBuf), String> {
    let mut command = build(tools, package, TARGET);
    // Otherwise what it is made of could not be told. Then it is stripped as the linker does it.
    command.env("CARGO_PROFILE_MOBILE_STRIP", "none");
    Step::of(package, command).run()?;
    let (whole, stripped) = (built(tools, TARGET, file), folder.join(file));
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut strip = tools.command("strip");
    strip.arg("--strip-all").arg("-o").arg(&stripped).arg(&whole);
    match strip.status() {
        Ok(status) if status.success() => Ok((stripped, whole)),
        Ok(status) => Err(format!("strip ended with {status}")),
        Err(_) => Err("no strip: install binutils (Debian: apt-get install binutils)".to_owned()),
    }
}
