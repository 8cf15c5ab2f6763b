//! `cargo xtask android`: the library for each kind of processor that Android has.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::ndk::Ndk;
use super::tools::Tools;
use super::{PACKAGE, budget, build, built, judge, missing_targets, rules};
use crate::elf::{Machine, System};
use crate::step::Step;

/// Android 5.0, the oldest that NDK and Rust build for.
const API: u32 = 21;
/// What is built.
const FILE: &str = "libwhinchat.so";

/// A kind of processor.
pub(super) struct Abi {
    /// As Android names it, and its folder in an app.
    pub(super) name: &'static str,
    /// As Rust names it.
    pub(super) target: &'static str,
    /// As the NDK's compilers do.
    clang: &'static str,
    machine: Machine,
}

const fn machine(number: u16, is_64_bit: bool) -> Machine {
    Machine { number, is_64_bit }
}

pub(super) const ABIS: [Abi; 4] = [
    Abi {
        name: "arm64-v8a",
        target: "aarch64-linux-android",
        clang: "aarch64-linux-android",
        machine: machine(183, true),
    },
    Abi {
        name: "armeabi-v7a",
        target: "armv7-linux-androideabi",
        clang: "armv7a-linux-androideabi",
        machine: machine(40, false),
    },
    Abi {
        name: "x86_64",
        target: "x86_64-linux-android",
        clang: "x86_64-linux-android",
        machine: machine(62, true),
    },
    Abi {
        name: "x86",
        target: "i686-linux-android",
        clang: "i686-linux-android",
        machine: machine(3, false),
    },
];

/// Builds the ABIs that are named, or all.
pub(crate) fn android(names: &[String]) -> Result<(), String> {
    run(&Tools::of_this_machine(), names)
}

pub(super) fn run(tools: &Tools, names: &[String]) -> Result<(), String> {
    if let Some(unknown) = names.iter().find(|name| ABIS.iter().all(|abi| abi.name != name.as_str())) {
        let known: Vec<&str> = ABIS.iter().map(|abi| abi.name).collect();
        return Err(format!("Android has no ABI {unknown}: name some of {}", known.join(", ")));
    }
    let is_wanted = |abi: &&Abi| names.is_empty() || names.iter().any(|name| name == abi.name);
    let abis: Vec<&Abi> = ABIS.iter().filter(is_wanted).collect();
    let ndk = Ndk::find(tools)?;
    missing_targets(tools, &abis.iter().map(|abi| abi.target).collect::<Vec<_>>())?;
    println!("== NDK {}, API {API}", ndk.revision);

    let folder = tools.target.join("android/jniLibs");
    let mut report = Vec::new();
    let mut faults = Vec::new();
    for abi in abis {
        Step::of(abi.name, command(tools, &ndk, abi)).run()?;
        let library = placed(tools, abi, &folder)?;
        let mut wanted = rules(System::Android)?;
        wanted.machine = Some(abi.machine);
        faults.extend(judge(&library, &wanted).err());
        report.push(budget::Size::of(tools, &library)?.line(abi.name));
    }
    println!("{}\n{}", budget::HEAD, report.join("\n"));
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
}

/// The build of one ABI.
fn command(tools: &Tools, ndk: &Ndk, abi: &Abi) -> Command {
    let script = if tools.host == "windows" { ".cmd" } else { "" };
    let clang = ndk.bin.join(format!("{}{API}-clang{script}", abi.clang));
    let archiver = ndk.bin.join("llvm-ar");
    let (lower, upper) = (abi.target.replace('-', "_"), abi.target.replace('-', "_").to_uppercase());
    let mut command = build(tools, PACKAGE, abi.target);
    command
        .env(format!("CARGO_TARGET_{upper}_LINKER"), &clang)
        .env(format!("CC_{lower}"), &clang)
        .env(format!("AR_{lower}"), &archiver);
    command
}

/// Copies what was built to where an app or an AAR takes it from.
fn placed(tools: &Tools, abi: &Abi, folder: &Path) -> Result<PathBuf, String> {
    let (from, folder) = (built(tools, abi.target, FILE), folder.join(abi.name));
    let to = folder.join(FILE);
    std::fs::create_dir_all(&folder)
        .and_then(|()| std::fs::copy(&from, &to))
        .map_err(|error| format!("{} cannot be copied to {}: {error}", from.display(), to.display()))?;
    Ok(to)
}
