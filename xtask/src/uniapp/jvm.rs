//! The JVM host: the Android shell and the host that loads it, built by Maven.

use std::fs;
use std::path::Path;

use crate::node;
use crate::step::Step;

/// Maven's project of shell and host.
const PROJECT: &str = "uniapp-plugin";
/// What goes into it.
const SOURCES: &[&str] = &["uniapp-plugin/pom.xml", "uniapp-plugin/shell/android", "uniapp-plugin/hosts/jvm"];
/// Where it puts what comes out.
const OUT: &str = "target/uniapp";
const MODULES: &[&str] = &["vendor-stubs", "vendor-bodies", "shell-android", "jvm-host"];
const JAR: &str = "target/uniapp/jvm-host/jvm-host-0.1.0.jar";
const LIBRARIES: &str = "target/uniapp/jvm-host/lib";
/// The host's classes as Java has them in memory: a start takes half the time with it.
const ARCHIVE: &str = "target/uniapp/jvm-host/host.jsa";
const MAIN: &str = "im.whinchat.uniapp.host.Main";
/// A phone in a script lives for seconds: a compiler that takes its time costs more than it gives.
const BRIEF: &[&str] = &["-XX:TieredStopAtLevel=1"];
/// So do collectors with threads. Java's own remarks must not look like lines of the host.
const ALWAYS: &[&str] =
    &["-XX:+UseSerialGC", "-Xshare:auto", "-Xmx512m", "-Xlog:disable", "-Xlog:all=error:stderr"];
/// The shell's classes, as they go into a package.
const SHELL: &str = "target/uniapp/shell-android/shell-android-0.1.0.jar";
/// What the package says of itself.
const DESCRIPTION: &str = "uniapp-plugin/nativeplugins/Whinchat-IM/package.json";
/// A package with what was built, and nothing that only an app needs.
const PACKAGE: &str = "target/uniapp/dev/Whinchat-IM";

/// Builds shell, host and library; gives the command that is a phone.
pub(super) fn build() -> Result<Vec<String>, String> {
    Step::cargo("build", &["build", "--quiet", "--package", "whinchat-mobile"]).run()?;
    build_host("target/debug")?;
    let noted = noted()?;
    command("target/debug", &[BRIEF, ALWAYS, &[&noted]].concat())
}

/// The same over an optimised library, with every compiler that Java has.
pub(super) fn build_to_measure() -> Result<Vec<String>, String> {
    Step::cargo("build", &["build", "--release", "--package", "whinchat-mobile"]).run()?;
    build_host("target/release")?;
    let noted = noted()?;
    command("target/release", &[ALWAYS, &[&noted]].concat())
}

/// What the shell takes in an app.
pub(super) fn size() -> Result<String, String> {
    let size = fs::metadata(SHELL).map_err(|error| format!("{SHELL} is not there: {error}"))?.len();
    Ok(format!("the Android shell's classes, compressed: {:.1} KB", size as f64 / 1e3))
}

/// `library` is the folder of the one that the host's own tests load.
fn build_host(library: &str) -> Result<(), String> {
    node::once("jvm-host", SOURCES, JAR, || {
        // Maven leaves in place what is no longer made.
        for module in MODULES {
            let _ = fs::remove_dir_all(Path::new(OUT).join(module));
        }
        let library = format!("-Dwhinchat.library={}", at(library)?);
        node::run(PROJECT, "mvn", &["--batch-mode", "--quiet", "package", &library])?;
        archive()
    })
}

fn noted() -> Result<String, String> {
    Ok(format!("-XX:SharedArchiveFile={}", at(ARCHIVE)?))
}

/// Puts together what a host loads; gives its folder.
pub(super) fn package() -> Result<&'static str, String> {
    let android = Path::new(PACKAGE).join("android");
    let put = fs::create_dir_all(&android)
        .and_then(|()| fs::copy(SHELL, android.join("whinchat-im.jar")))
        .and_then(|_| fs::copy(DESCRIPTION, Path::new(PACKAGE).join("package.json")));
    put.map_err(|error| format!("{PACKAGE} cannot be put together: {error}"))?;
    Ok(PACKAGE)
}

/// The command, wherever it is started.
fn command(library: &str, flags: &[&str]) -> Result<Vec<String>, String> {
    let library = format!("-Djava.library.path={}", at(library)?);
    let separator = if cfg!(windows) { ";" } else { ":" };
    let classes = [at(JAR)?, at(LIBRARIES)? + "/*"].join(separator);
    let given = [&library, "-cp", &classes, MAIN];
    Ok(["java"].iter().chain(flags).chain(&given).map(|&word| word.to_owned()).collect())
}

/// Where a file is, wherever somebody asks from.
fn at(path: &str) -> Result<String, String> {
    let here = std::env::current_dir().map_err(|error| format!("this folder is gone: {error}"))?;
    Ok(here.join(path).display().to_string())
}

/// Notes what a phone loads that runs nothing but its engine. Java checks by itself that the archive fits.
fn archive() -> Result<(), String> {
    let noting = format!("-XX:ArchiveClassesAtExit={ARCHIVE}");
    let words = command("target/debug", &[BRIEF, ALWAYS, &[&noting]].concat())?;
    let args: Vec<&str> = words.iter().skip(1).map(String::as_str).chain(["--warm"]).collect();
    node::run(".", "java", &args)
}
