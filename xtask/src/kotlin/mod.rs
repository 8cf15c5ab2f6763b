//! The Kotlin SDK: what is generated for it, its tests, what is packed, and an app that finds it where apps do.

mod docs;
mod generate;
mod lighter;
mod maven;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use maven::Maven;

use crate::prerequisites;
use crate::step::{Step, Tally};

const PROJECT: &str = "bindings/kotlin";
const CONSUMER: &str = "bindings/kotlin/consumer";
const EXAMPLE: &str = "examples/kotlin-console";
/// The part of the example for Android that knows nothing of Android.
const MODEL: &str = "examples/android/model";
/// Everything that is made for it; the packed result is in `target/maven`.
const OUTPUT: &str = "target/kotlin";
/// Where `cargo xtask android` leaves a library for each kind of processor.
const ANDROID: &str = "target/android/jniLibs";

/// `cargo xtask kotlin [bench]`.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    match args {
        [] => {
            let mut tally = Tally::default();
            let tested = test(&mut tally);
            println!("{} passed, {} failed", tally.passed, tally.failed);
            tested
        }
        [command] if command == "bench" => bench(),
        _ => Err(format!("`cargo xtask kotlin {}` is no command", args.join(" "))),
    }
}

/// Builds, tests and packs the SDK, then the app and the example that take it from where it was packed. A machine without Java
/// is told what it lacks; one that tests for others gets it, or fails.
pub(crate) fn test(tally: &mut Tally) -> Result<(), String> {
    if let Err(missing) = prerequisites::jdk_and_maven() {
        if std::env::var_os("CI").is_none() {
            println!("== kotlin: left out; {missing}");
            return Ok(());
        }
        tally.failed += 1;
        return Err(missing);
    }
    let tested = ready("debug").and_then(|root| {
        let maven = Maven::new(&root);
        maven.run("kotlin", PROJECT, &["verify"], tally)?;
        maven.forget_packages(CONSUMER)?;
        maven.run("kotlin, an app in Java", CONSUMER, &["test"], tally)?;
        maven.run("kotlin, the console example", EXAMPLE, &["test"], tally)?;
        maven.run("kotlin, the model of the Android example", MODEL, &["test"], tally)
    });
    if tested.is_err() && tally.failed == 0 {
        tally.failed += 1;
    }
    tested
}

/// Measures the border, optimised, beside the same calls in Rust; writes `target/bench-kotlin.json`.
fn bench() -> Result<(), String> {
    prerequisites::jdk_and_maven()?;
    let root = ready("release")?;
    let border = ["build", "--release", "--package", "whinchat-ffi", "--example", "border"];
    Step::cargo("bench, the side of Rust", &border).run()?;
    Maven::new(&root).bench(PROJECT)
}

/// The library, the server, and all that is written from them. Gives the workspace.
fn ready(profile: &str) -> Result<PathBuf, String> {
    prerequisites::to_build()?;
    let mut args = vec!["build", "--package", "whinchat-mobile", "--package", "whinchat-cli"];
    if profile == "release" {
        args.push("--release");
    }
    Step::cargo("library", &args).run()?;
    let root = std::env::current_dir().map_err(|error| format!("the workspace is gone: {error}"))?;
    let library = root.join("target").join(profile).join(library_name());
    generate::write(&library)?;
    docs::write()?;
    pack_library(&library)?;
    pack_android()?;
    Ok(root)
}

fn library_name() -> &'static str {
    if cfg!(target_os = "macos") {
        "libwhinchat.dylib"
    } else if cfg!(target_os = "windows") {
        "whinchat.dll"
    } else {
        "libwhinchat.so"
    }
}

/// The folder in a JAR where JNA looks for a library of this machine's kind.
fn library_folder() -> String {
    let system = match std::env::consts::OS {
        "macos" => "darwin",
        "windows" => "win32",
        other => other,
    };
    let processor = match std::env::consts::ARCH {
        "x86_64" => "x86-64",
        other => other,
    };
    format!("{system}-{processor}")
}

/// The desktop library without what only a debugger reads.
fn pack_library(library: &Path) -> Result<(), String> {
    let folder = Path::new(OUTPUT).join("library").join(library_folder());
    let packed = folder.join(library_name());
    let is_fresh = |path: &Path| {
        let time = |path: &Path| fs::metadata(path).and_then(|data| data.modified()).ok();
        time(path).is_some_and(|packed| time(library).is_some_and(|built| packed >= built))
    };
    // The same file stands for another profile's: a date alone would not notice.
    let origin = folder.join("../origin");
    let from = library.to_string_lossy();
    if is_fresh(&packed) && fs::read_to_string(&origin).is_ok_and(|origin| origin == from) {
        return Ok(());
    }
    let io = |error: std::io::Error| format!("{} cannot be written: {error}", packed.display());
    fs::create_dir_all(&folder).map_err(io)?;
    let stripped = Command::new("strip").arg("--strip-unneeded").arg("-o").arg(&packed).arg(library).status();
    if !stripped.is_ok_and(|status| status.success()) {
        println!(
            "== kotlin: the library is packed with its symbols, because there is no `strip` that knows it"
        );
        fs::copy(library, &packed).map_err(io)?;
    }
    fs::write(&origin, from.as_bytes()).map_err(io)
}

/// The libraries for Android, if there are any.
fn pack_android() -> Result<(), String> {
    let folder = Path::new(OUTPUT).join("jni");
    let io = |error: std::io::Error| format!("{} cannot be written: {error}", folder.display());
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(io)?;
    }
    fs::create_dir_all(&folder).map_err(io)?;
    let mut abis = Vec::new();
    for entry in fs::read_dir(ANDROID).into_iter().flatten().filter_map(Result::ok) {
        let library = entry.path().join("libwhinchat.so");
        if library.is_file() {
            let abi = folder.join(entry.file_name());
            fs::create_dir_all(&abi).map_err(io)?;
            fs::copy(&library, abi.join("libwhinchat.so")).map_err(io)?;
            abis.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    abis.sort();
    if abis.is_empty() {
        println!(
            "== kotlin: the AAR has no library inside; `cargo xtask android` makes them where an NDK is installed"
        );
    } else {
        println!("== kotlin: the AAR has libraries for {}", abis.join(", "));
    }
    Ok(())
}
