//! `cargo xtask size`: the library as it ships, built here, beside a library of the same parts that does nothing.

use std::fs;
use std::path::PathBuf;

use super::budget::{self, Size};
use super::tools::Tools;
use super::{PACKAGE, build, built, judge, parts, rules};
use crate::elf::{Elf, System};
use crate::step::Step;

/// This machine's stand-in for a phone.
const TARGET: &str = "x86_64-unknown-linux-gnu";
/// Features of the library.
const FACES: &[&str] = &["bridge", "ffi"];
/// How many parts are named.
const NAMED: usize = 16;

/// Measures both, names the largest parts, and checks the one that ships. With `--faces` also what each face would take alone.
pub(crate) fn size(flags: &[String]) -> Result<(), String> {
    let faces = match flags {
        [] => [].as_slice(),
        [flag] if flag == "--faces" => FACES,
        _ => return Err("usage: cargo xtask size [--faces]".to_owned()),
    };
    let tools = Tools::of_this_machine();
    if tools.host != "linux" || std::env::consts::ARCH != "x86_64" {
        return Err("sizes are measured on Linux on x86_64, where the aim's figures come from".to_owned());
    }
    let (floor, _) = library(&tools, "whinchat-floor", "libwhinchat_floor.so", None)?;
    let least = Size::of(&tools, &floor)?;
    let mut lines = Vec::new();
    for face in faces {
        let (alone, _) = library(&tools, PACKAGE, "libwhinchat.so", Some(face))?;
        lines.push(Size::of(&tools, &alone)?.line_beside(least, &format!("{face} alone")));
    }
    let (ours, whole) = library(&tools, PACKAGE, "libwhinchat.so", None)?;
    lines.push(Size::of(&tools, &ours)?.line_beside(least, "libwhinchat.so"));

    let symbols = Elf::read(&fs::read(&whole).map_err(|error| error.to_string())?)?.symbols;
    let lock = fs::read_to_string("Cargo.lock").map_err(|error| format!("Cargo.lock: {error}"))?;
    println!("its largest parts, in bytes of code and data:");
    for (part, bytes) in parts::parts(&symbols, &lock).iter().take(NAMED) {
        println!("{bytes:>12}  {part}");
    }
    println!("{}\n{}\n{}", budget::HEAD, least.line("its parts"), lines.join("\n"));
    judge(&ours, &rules(System::Linux)?)
}

/// Builds a library and gives it stripped, and with its symbols.
fn library(
    tools: &Tools,
    package: &'static str,
    file: &str,
    face: Option<&str>,
) -> Result<(PathBuf, PathBuf), String> {
    let mut command = build(tools, package, TARGET);
    // Otherwise what it is made of could not be told. Then it is stripped as the linker does it.
    command.env("CARGO_PROFILE_MOBILE_STRIP", "none");
    if let Some(face) = face {
        command.args(["--no-default-features", "--features", face]);
    }
    Step::of(package, command).run()?;
    let folder = tools.target.join("size");
    let (whole, stripped) = (built(tools, TARGET, file), folder.join(file));
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut strip = tools.command("strip");
    strip.arg("--strip-all").arg("-o").arg(&stripped).arg(&whole);
    match strip.status() {
        Ok(status) if status.success() => Ok((stripped, whole)),
        Ok(status) => Err(format!("strip ended with {status}")),
        Err(_) => Err("no strip: install binutils (Debian: apt-get install binutils)".to_owned()),
    }
}
