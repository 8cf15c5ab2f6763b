//! What has to be on the machine. A missing thing is named in one line, with what to install.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::step::cargo;

fn runs(program: &OsString, args: &[&str]) -> bool {
    Command::new(program)
        .args(args)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// What every build needs.
pub(crate) fn to_build() -> Result<(), String> {
    let compiler = std::env::var_os("CC").unwrap_or_else(|| "cc".into());
    if runs(&compiler, &["--version"]) {
        return Ok(());
    }
    Err(format!(
        "no C compiler `{}`, which the bundled SQLite needs: install gcc or clang (Debian: apt-get install build-essential), or set CC",
        compiler.to_string_lossy()
    ))
}

/// What the tests need besides.
pub(crate) fn to_test() -> Result<(), String> {
    to_build()?;
    if !runs(&cargo(), &["fmt", "--version"]) {
        return Err("no rustfmt: run `rustup component add rustfmt`".into());
    }
    if !runs(&cargo(), &["clippy", "--version"]) {
        return Err("no clippy: run `rustup component add clippy`".into());
    }
    Ok(())
}

/// The checker of dependencies.
pub(crate) fn deny() -> Result<(), String> {
    if runs(&cargo(), &["deny", "--version"]) {
        return Ok(());
    }
    Err("cargo-deny is not installed: run `cargo install --locked cargo-deny`".into())
}

/// The oldest Node that the packages name.
const NODE: u32 = 20;

/// Node and npm, for the npm package, the example and the scripts.
pub(crate) fn node() -> Result<(), String> {
    let version = Command::new("node").arg("--version").output().ok();
    let version = version.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let major =
        version.and_then(|text| text.trim().strip_prefix('v')?.split('.').next()?.parse::<u32>().ok());
    if major.is_some_and(|major| major >= NODE) && runs(&"npm".into(), &["--version"]) {
        return Ok(());
    }
    Err(format!(
        "no Node.js {NODE} or newer with npm: install it from https://nodejs.org, or your system's nodejs and npm"
    ))
}

/// Installs packages of Debian's, when that can be done without asking anybody.
fn install(what: &str, packages: &[&str]) -> bool {
    if !runs(&"sh".into(), &["-c", "test \"$(id -u)\" = 0 && command -v apt-get"]) {
        return false;
    }
    println!("== {what}: installed, because there is none");
    let get = format!("apt-get install -y {}", packages.join(" "));
    runs(&"sh".into(), &["-c", &format!("{get} || (apt-get update && {get})")])
}

/// clang and LLVM's tools, which compile for Apple's target and look at the outcome.
pub(crate) fn clang() -> Result<(), String> {
    let tools = ["clang", "llvm-nm", "llvm-objdump", "llvm-size"];
    let there = || tools.iter().all(|tool| runs(&tool.into(), &["--version"]));
    if there() || (install("clang", &["--no-install-recommends", "clang", "llvm"]) && there()) {
        return Ok(());
    }
    Err("no clang with LLVM's tools: install them (Debian: apt-get install clang llvm)".into())
}

/// What the Objective-C host is made of, and a file by which each is known.
const OBJECTIVE_C: &[(&str, &str)] = &[
    ("libgnustep-base-dev", "/usr/include/GNUstep/Foundation/Foundation.h"),
    ("libjavascriptcoregtk-4.1-dev", "/usr/include/webkitgtk-4.1/JavaScriptCore/JavaScript.h"),
];

/// clang with GCC's Objective-C runtime, GNUstep and JavaScriptCore, which the iOS shell runs on here.
pub(crate) fn objective_c() -> Result<(), String> {
    clang()?;
    // GCC keeps the headers of its Objective-C in a folder of its version.
    let runtime = "test -e \"$(gcc -print-file-name=include)/objc/runtime.h\"";
    let there = || {
        runs(&"sh".into(), &["-c", runtime]) && OBJECTIVE_C.iter().all(|(_, file)| Path::new(file).exists())
    };
    let packages: Vec<&str> = OBJECTIVE_C.iter().map(|(package, _)| *package).collect();
    if there()
        || (install("Objective-C", &[&["--no-install-recommends", "gobjc"], &packages[..]].concat())
            && there())
    {
        return Ok(());
    }
    Err(format!("no Objective-C on Linux: install it (Debian: apt-get install gobjc {})", packages.join(" ")))
}

/// Where systems put the browser.
const CHROMIUM: &[&str] = &[
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/// A Chromium; installed when that can be done without asking anybody.
pub(crate) fn chromium() -> Result<(), String> {
    let there = || {
        std::env::var_os("CHROMIUM").is_some_and(|path| Path::new(&path).exists())
            || CHROMIUM.iter().any(|path| Path::new(path).exists())
    };
    if there() {
        return Ok(());
    }
    if install("chromium", &["chromium"]) && there() {
        return Ok(());
    }
    Err("no Chromium: install it (Debian: apt-get install chromium), or name one in CHROMIUM".into())
}

/// The oldest Java that compiles the SDK and its tests; apps may run on older ones.
const JAVA: u32 = 17;

/// A JDK and Maven, for the Kotlin SDK; installed when that can be done without asking anybody.
pub(crate) fn jdk_and_maven() -> Result<(), String> {
    let compiler = || {
        let output = Command::new("javac").arg("-version").output().ok()?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        said.trim().strip_prefix("javac ")?.split('.').next()?.parse::<u32>().ok()
    };
    let there = || compiler().is_some_and(|major| major >= JAVA) && runs(&"mvn".into(), &["--version"]);
    if there() {
        return Ok(());
    }
    if install("a JDK and Maven", &["default-jdk-headless", "maven"]) && there() {
        return Ok(());
    }
    Err(format!(
        "no JDK {JAVA} or newer with Maven: install them (Debian: apt-get install default-jdk-headless maven)"
    ))
}
