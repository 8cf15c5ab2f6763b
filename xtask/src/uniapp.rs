//! What is built of JavaScript here, and run in a browser: the package, the example, the scripts, the walk through the demo.

pub(crate) mod app;
mod host;
mod jvm;
mod pack;
pub(crate) mod uts;

pub(crate) use pack::pack;

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::node;
use crate::prerequisites;
use crate::step::Step;
use host::Host;

const PACKAGE: &str = "uniapp-plugin/packages/whinchat-uniapp";
const EXAMPLE: &str = "examples/uniapp-chat";
const EXAMPLE_PAGES: &str = "examples/uniapp-chat/dist/build/h5";
const HOST: &str = "uniapp-plugin/hosts/browser";
const SCRIPTS: &str = "uniapp-plugin/tests";
/// What only a host of native code can do.
const NATIVE_SCRIPTS: &str = "uniapp-plugin/tests/native";
const BINARY: &str = "target/debug/whinchat";

/// Says what it found, if that is not good.
pub(crate) type Test = fn() -> Result<(), String>;

/// What `cargo xtask test` runs of it.
pub(crate) const TESTS: &[(&str, Test)] = &[
    ("package", test_package),
    ("example", check_example),
    ("scripts", || test(&[])),
    ("walk", walk),
    ("uts", uts::check),
    ("plugin packages", pack::test),
];

/// The Android shell: what `cargo xtask test` runs of it where there are Java, Maven and Node.
pub(crate) const ANDROID_TESTS: &[(&str, Test)] = &[
    ("scripts on a JVM", || test(&["--host".into(), "jvm".into()])),
    ("renamed package", test_renamed),
    ("app on a JVM", || app::test("jvm")),
];

/// Why these cannot be run here, if they cannot.
pub(crate) fn android_missing() -> Option<String> {
    prerequisites::node().and_then(|()| prerequisites::jdk_and_maven()).err()
}

fn test_package() -> Result<(), String> {
    build_package()?;
    node::run(PACKAGE, "npm", &["test"])
}

/// Its types, and the build for import into an app; the other build is the walk's.
fn check_example() -> Result<(), String> {
    build_example()?;
    node::run(EXAMPLE, "npm", &["run", "check"])?;
    app::build()
}

/// `uniapp bench [--host jvm]`: measures what a page in headless Chromium sees, or a host of native code; optimised.
pub(crate) fn bench(flags: &[String]) -> Result<(), String> {
    match flags {
        [] => bench_browser(),
        [flag, host] if flag == "--host" => ended(&mut Host::named(host)?.measured()?, "the bench"),
        _ => Err("usage: cargo xtask uniapp bench [--host jvm]".into()),
    }
}

fn bench_browser() -> Result<(), String> {
    in_browser()?;
    let args = ["build", "--release", "--package", "whinchat-cli", "--bin", "whinchat"];
    Step::cargo("build", &args).run()?;
    let bench = format!("{HOST}/bench.mjs");
    let args = [&bench, "--whinchat", "target/release/whinchat", "--out", "target/bench-browser.json"];
    ended(Command::new("node").args(args), "the bench")
}

/// The two phones: builds what they need, starts them and prints their address.
pub(crate) fn demo() -> Result<(), String> {
    prerequisites::node()?;
    build_example()?;
    build_binary()?;
    ended(Command::new(BINARY).args(["demo", "--pages", EXAMPLE_PAGES]), "the demo")
}

/// Walks the two phones in headless Chromium; a machine without one is told what it lacks.
pub(crate) fn walk() -> Result<(), String> {
    if let Err(missing) = prerequisites::node().and_then(|()| prerequisites::chromium()) {
        println!("walk: left out; {missing}");
        return Ok(());
    }
    build_example()?;
    build_host()?;
    build_binary()?;
    let walk = format!("{HOST}/walk.mjs");
    ended(Command::new("node").args([&walk, "--whinchat", BINARY, "--pages", EXAMPLE_PAGES]), "the walk")
}

/// `uniapp run FILE.js [--host H] [--package FOLDER] [--server URL --app-id N]`; the file is named from where the caller is.
pub(crate) fn run(from: &Path, args: &[String]) -> Result<(), String> {
    let [file, flags @ ..] = args else { return Err("`cargo xtask uniapp run` needs a script".into()) };
    let (mut host, mut package) = (Host::Browser, None);
    let mut passed = Vec::new();
    let mut flags = flags.iter();
    while let Some(flag) = flags.next() {
        let value = flags.next().ok_or_else(|| format!("{flag} needs a value"))?;
        match flag.as_str() {
            "--host" => host = Host::named(value)?,
            "--package" => package = Some(from.join(value).display().to_string()),
            "--server" | "--app-id" | "--patience" => passed.extend([flag.as_str(), value.as_str()]),
            _ => return Err(format!("`cargo xtask uniapp run` knows no {flag}")),
        }
    }
    let file = from.join(file);
    if !file.is_file() {
        return Err(format!("{} is no file", file.display()));
    }
    ended(&mut host.runs(package.as_deref(), &passed, &[file])?, "the script")
}

/// `uniapp test [NAME...] [--host H]`: every script, or those of these names; a line each.
pub(crate) fn test(args: &[String]) -> Result<(), String> {
    let (mut names, mut host) = (Vec::new(), Host::Browser);
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--host" => host = Host::named(args.next().ok_or("--host needs a value")?)?,
            flag if flag.starts_with("--") => {
                return Err(format!("`cargo xtask uniapp test` knows no {flag}"));
            }
            name => names.push(name),
        }
    }
    let wanted = |name: &str| names.is_empty() || names.iter().any(|wanted| is_meant(wanted, name));
    let mut scripts = Vec::new();
    for folder in [SCRIPTS, NATIVE_SCRIPTS].iter().take(if host.is_native() { 2 } else { 1 }) {
        let listed =
            std::fs::read_dir(folder).map_err(|error| format!("{folder} cannot be read: {error}"))?;
        let paths = listed.filter_map(|entry| Some(entry.ok()?.path()));
        let paths = paths.filter(|path| path.extension().is_some_and(|kind| kind == "js"));
        let named = |path: &PathBuf| path.file_stem().and_then(|name| name.to_str()).is_some_and(wanted);
        scripts.extend(paths.filter(named));
    }
    scripts.sort();
    if scripts.is_empty() {
        return Err("no script has such a name".into());
    }
    ended(&mut host.runs(None, &["--brief"], &scripts)?, "scripts")?;
    if names.is_empty() {
        if host.is_native() {
            host.plays()?;
        }
        node::run(host.folder(), "npm", &["test"])?;
        println!("the runner names what goes wrong in a script");
    }
    Ok(())
}

/// A package that takes another plugin's place, in the JVM host, with a script that asks for that name.
fn test_renamed() -> Result<(), String> {
    const NAME: &str = "RY-TencentIM";
    pack(&["--module-name", NAME, "--host"].map(str::to_owned))?;
    let script = PathBuf::from(format!("{SCRIPTS}/renamed/{NAME}.js"));
    let package = format!("target/uniapp/hosted/{NAME}");
    ended(&mut Host::Jvm.runs(Some(&package), &["--brief"], &[script])?, "the script")
}

/// `E1` is that script, `E` every one of its chapter; `compat-zim` every one that begins so.
fn is_meant(wanted: &str, name: &str) -> bool {
    let chapter = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let begins_so = name.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('-'));
    wanted == name || wanted == chapter || begins_so
}

/// Why the scripts cannot be run here, if they cannot.
pub(crate) fn missing() -> Option<String> {
    prerequisites::node().and_then(|()| prerequisites::chromium()).err()
}

fn in_browser() -> Result<(), String> {
    prerequisites::node()?;
    prerequisites::chromium()?;
    build_package()?;
    build_host()?;
    build_binary()
}

fn build_binary() -> Result<(), String> {
    prerequisites::to_build()?;
    let args = ["build", "--quiet", "--package", "whinchat-cli", "--bin", "whinchat"];
    Step::cargo("build", &args).run()
}

fn build_package() -> Result<(), String> {
    node::once("whinchat-uniapp", &[PACKAGE], &format!("{PACKAGE}/dist/shim.js"), || {
        node::install(PACKAGE)?;
        node::run(PACKAGE, "npm", &["run", "build"])
    })
}

fn build_example() -> Result<(), String> {
    build_package()?;
    node::once("uniapp-chat", &[EXAMPLE, PACKAGE], &format!("{EXAMPLE_PAGES}/index.html"), || {
        node::install(EXAMPLE)?;
        node::run(EXAMPLE, "npx", &["uni", "build"])
    })
}

fn build_host() -> Result<(), String> {
    let inputs = [format!("{HOST}/package.json"), format!("{HOST}/package-lock.json")];
    let inputs = inputs.each_ref().map(String::as_str);
    node::once("browser-host", &inputs, &format!("{HOST}/node_modules"), || node::install(HOST))
}

fn ended(command: &mut Command, what: &str) -> Result<(), String> {
    let status = command.status().map_err(|error| format!("{what} did not start: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{what} ended with {status}")) }
}
