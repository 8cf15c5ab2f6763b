//! The Swift package: its generated part, its tests, its bench, and a Swift to run them with.

mod generate;
mod lighter;
mod toolchain;
mod verdicts;

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::process::Command;

use toolchain::Toolchain;
use verdicts::count;

use crate::mobile;
use crate::prerequisites;
use crate::step::{Step, Tally};

/// The package, and what uses it: everything in Swift that has tests.
const TESTED: &[(&str, &str)] = &[
    ("swift: the package", "bindings/swift"),
    ("swift: the example", "examples/swift-console"),
    ("swift: the model of the iOS example", "examples/ios/Model"),
];
/// Everything that is built here, the compiler's own caches included.
const OUTPUT: &str = "target/swift";

/// `cargo xtask swift [bench | exec PROGRAM ARGS]`.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    match args {
        [] => {
            let mut tally = Tally::default();
            let tested = test(&mut tally);
            println!("{} passed, {} failed", tally.passed, tally.failed);
            tested
        }
        [command] if command == "bench" => bench(),
        [command, program, args @ ..] if command == "exec" => exec(program, args),
        _ => Err(format!("`cargo xtask swift {}` is no command", args.join(" "))),
    }
}

/// Builds the library and everything in Swift, and runs the tests of it. Where there can be no Swift, says why and does nothing;
/// where a machine tests for others, that is a failure.
pub(crate) fn test(tally: &mut Tally) -> Result<(), String> {
    let swift = match Swift::ready(Profile::Debug) {
        Ok(swift) => swift,
        Err(Missing::Toolchain(why)) if std::env::var_os("CI").is_none() => {
            println!("== swift: left out; {why}");
            return Ok(());
        }
        Err(Missing::Toolchain(why) | Missing::Build(why)) => {
            tally.failed += 1;
            return Err(why);
        }
    };
    let failed: Vec<String> =
        TESTED.iter().filter_map(|(name, package)| swift.tests(name, package, tally).err()).collect();
    if failed.is_empty() { Ok(()) } else { Err(failed.join(", ")) }
}

/// Measures the border, optimised, beside the same calls in Rust; writes `target/bench-swift.json`.
fn bench() -> Result<(), String> {
    let swift = Swift::ready(Profile::Release).map_err(Missing::why)?;
    let border = ["build", "--release", "--package", "whinchat-ffi", "--example", "border"];
    Step::cargo("bench, the side of Rust", &border).run()?;
    let package = "bindings/swift";
    for product in ["Bench", "LeakProbe"] {
        finished("the bench's build", swift.swift("build", package).args(["--product", product]))?;
    }
    let player = swift.root.join(OUTPUT).join(package).join("release/Bench");
    let player = swift.program(player.as_os_str());
    let mut bench = Command::new(swift.library_folder().join("examples/border"));
    bench.arg(swift.root.join("target/bench-swift.json")).arg("swift");
    bench.arg(player.get_program()).args(player.get_args());
    finished("the bench", &mut bench)
}

/// Runs a program where `swift` is, in the caller's place: a way to work on the package on a machine without a Swift.
fn exec(program: &str, args: &[String]) -> Result<(), String> {
    let swift = Swift::ready(Profile::Debug).map_err(Missing::why)?;
    finished(program, swift.program(OsStr::new(program)).args(args))
}

fn finished(name: &str, command: &mut Command) -> Result<(), String> {
    let status = command.status().map_err(|error| format!("{name} did not start: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{name} ended with {status}")) }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Profile {
    Debug,
    Release,
}

/// What keeps the package from being tested.
enum Missing {
    /// There can be no Swift here.
    Toolchain(String),
    /// Something does not build.
    Build(String),
}

impl Missing {
    fn why(self) -> String {
        match self {
            Self::Toolchain(why) | Self::Build(why) => why,
        }
    }
}

/// On a Mac the package takes the library as an XCFramework, and SwiftPM takes nothing from outside of a package's folder.
fn take_framework() -> Result<(), String> {
    mobile::apple()?;
    let (made, taken) = ("../../target/apple/Whinchat.xcframework", "bindings/swift/Whinchat.xcframework");
    // It may be there from an earlier run.
    let _ = std::fs::remove_file(taken);
    #[cfg(unix)]
    std::os::unix::fs::symlink(made, taken).map_err(|error| format!("{taken} cannot be made: {error}"))?;
    Ok(())
}

/// A Swift, and the library that the package is built on.
struct Swift {
    toolchain: Toolchain,
    profile: Profile,
    /// The workspace.
    root: PathBuf,
}

impl Swift {
    fn ready(profile: Profile) -> Result<Self, Missing> {
        let root = std::env::current_dir();
        let root = root.map_err(|error| Missing::Build(format!("the workspace is gone: {error}")))?;
        let toolchain = Toolchain::find().map_err(Missing::Toolchain)?;
        let swift = Self { toolchain, profile, root };
        swift.build_library().map_err(Missing::Build)?;
        Ok(swift)
    }

    fn build_library(&self) -> Result<(), String> {
        prerequisites::to_build()?;
        let mut args = vec!["build", "--package", "whinchat-mobile", "--package", "whinchat-cli"];
        if self.profile == Profile::Release {
            args.push("--release");
        }
        Step::cargo("library", &args).run()?;
        generate::write(&self.library_folder())?;
        if cfg!(target_os = "macos") { take_framework() } else { Ok(()) }
    }

    fn library_folder(&self) -> PathBuf {
        self.root.join(match self.profile {
            Profile::Debug => "target/debug",
            Profile::Release => "target/release",
        })
    }

    /// A program that finds the library, the server and nothing of this machine's that would make a difference.
    fn program(&self, program: &OsStr) -> Command {
        let library = self.library_folder();
        let settings: [(&str, OsString); 4] = [
            ("PKG_CONFIG_PATH", library.join("pkgconfig").into()),
            ("LD_LIBRARY_PATH", library.clone().into()),
            ("WHINCHAT_BINARY", library.join("whinchat").into()),
            ("WHINCHAT_SOURCE", self.root.clone().into()),
        ];
        let settings = settings.each_ref().map(|(name, value)| (*name, value.as_os_str()));
        self.toolchain.command(&self.root, &settings, program)
    }

    /// `swift` on the package in this folder.
    fn swift(&self, subcommand: &str, package: &str) -> Command {
        let mut command = self.program(OsStr::new("swift"));
        let scratch = self.root.join(OUTPUT).join(package);
        command.args([subcommand, "--package-path"]).arg(self.root.join(package));
        command.arg("--scratch-path").arg(scratch);
        if self.profile == Profile::Release {
            command.args(["-c", "release"]);
        }
        command
    }

    /// Builds and runs the tests of a package.
    fn tests(&self, name: &str, package: &str, tally: &mut Tally) -> Result<(), String> {
        let mut command = self.swift("test", package);
        count(name, command.args(["--disable-xctest", "--enable-swift-testing"]), tally)
    }
}
