//! The frameworks for iOS: the shell's Objective-C as a static one, which takes Apple's compiler, and beside it the core, a dynamic
//! one, so that its SQLite is nobody else's.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::copy;

const SHELL: &str = "uniapp-plugin/shell/ios";
const HEADERS: &str = "crates/whinchat-mobile/include";
/// What `cargo xtask ios` makes of the core: its slice for phones.
const CORE: &str = "target/apple/Whinchat.xcframework/ios-arm64/WhinchatFFI.framework";
/// What core and shell use of what Apple wants reasons for.
const PRIVACY: &str = "crates/whinchat-mobile/apple/PrivacyInfo.xcprivacy";
const OBJECTS: &str = "target/uniapp/ios";
const OLDEST: &str = "13.0";

/// Whose classes go in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Classes {
    /// All: the plugin for `requireNativePlugin`.
    Plugin,
    /// Those that know nothing of the vendor, with their headers: the UTS plugin.
    Core,
}

/// Sources that are about the vendor's runtime.
const OF_THE_VENDOR: &[&str] = &["WhinchatIMCalls", "WhinchatIMModule", "WhinchatIMPlugin"];

/// Where the packager looks for the privacy manifest.
pub(super) fn privacy(folder: &Path) -> Result<(), String> {
    copy(Path::new(PRIVACY), &folder.join("PrivacyInfo.xcprivacy"))
}

/// Puts the frameworks into a folder, as far as this machine can make them.
pub(super) fn build(folder: &Path, classes: Classes, version: &str) -> Result<(), String> {
    if Path::new(CORE).is_dir() {
        copy(Path::new(CORE), &folder.join("WhinchatFFI.framework"))?;
    }
    if !cfg!(target_os = "macos") {
        return Ok(());
    }
    let objects = PathBuf::from(OBJECTS).join(format!("{classes:?}"));
    let _ = fs::remove_dir_all(&objects);
    let framework = folder.join("WhinchatIM.framework");
    let made = fs::create_dir_all(&objects).and_then(|()| fs::create_dir_all(&framework));
    made.map_err(|error| format!("{} cannot be made: {error}", framework.display()))?;
    let mut inputs = Vec::new();
    for source in sources(classes)? {
        let object = objects.join(source.file_stem().unwrap_or_default()).with_extension("o");
        compile(&source, &object)?;
        inputs.push(object);
    }
    let library = framework.join("WhinchatIM");
    run(Command::new("xcrun").args(["libtool", "-static", "-o"]).arg(library).args(inputs))?;
    write(&framework.join("Info.plist"), &info(version))?;
    if classes == Classes::Core { headers(&framework) } else { Ok(()) }
}

fn sources(classes: Classes) -> Result<Vec<PathBuf>, String> {
    let mut sources = Vec::new();
    for folder in [SHELL.to_owned(), format!("{SHELL}/generated")] {
        let files = fs::read_dir(&folder).map_err(|error| format!("{folder} cannot be read: {error}"))?;
        let files = files.filter_map(|file| Some(file.ok()?.path()));
        sources.extend(files.filter(|path| path.extension().is_some_and(|kind| kind == "m")));
    }
    let of_the_vendor =
        |path: &PathBuf| OF_THE_VENDOR.iter().any(|name| path.file_stem().is_some_and(|stem| stem == *name));
    sources.retain(|path| classes == Classes::Plugin || !of_the_vendor(path));
    sources.sort();
    Ok(sources)
}

fn compile(source: &Path, object: &Path) -> Result<(), String> {
    let mut command = Command::new("xcrun");
    command.args(["--sdk", "iphoneos", "clang", "-arch", "arm64", "-fobjc-arc", "-fblocks", "-Os", "-Wall"]);
    command.arg(format!("-miphoneos-version-min={OLDEST}")).arg("-Werror=undeclared-selector");
    for folder in [SHELL.to_owned(), format!("{SHELL}/vendor"), HEADERS.to_owned()] {
        command.arg(format!("-I{folder}"));
    }
    run(command.arg("-c").arg(source).arg("-o").arg(object)).map(drop)
}

fn info(version: &str) -> String {
    let keys = [
        ("CFBundleExecutable", "WhinchatIM"),
        ("CFBundleIdentifier", "im.whinchat.uniapp"),
        ("CFBundleName", "WhinchatIM"),
        ("CFBundlePackageType", "FMWK"),
        ("CFBundleShortVersionString", version),
        ("CFBundleVersion", version),
        ("MinimumOSVersion", OLDEST),
    ];
    let keys: String =
        keys.iter().map(|(key, value)| format!("  <key>{key}</key><string>{value}</string>\n")).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<plist version=\"1.0\">\n<dict>\n{keys}</dict>\n</plist>\n"
    )
}

/// What Swift sees of it.
fn headers(framework: &Path) -> Result<(), String> {
    let to = framework.join("Headers");
    let modules = framework.join("Modules");
    let made = fs::create_dir_all(&to).and_then(|()| fs::create_dir_all(&modules));
    made.map_err(|error| format!("{} cannot be made: {error}", to.display()))?;
    let headers = [
        format!("{SHELL}/WhinchatIMContext.h"),
        format!("{SHELL}/WhinchatIMDevice.h"),
        format!("{SHELL}/vendor/DCUniDefine.h"),
        format!("{HEADERS}/whinchat.h"),
    ];
    for header in headers {
        let name = Path::new(&header).file_name().unwrap_or_default().to_owned();
        fs::copy(&header, to.join(name)).map_err(|error| format!("{header} cannot be copied: {error}"))?;
    }
    let umbrella = "#import \"WhinchatIMContext.h\"\n#import \"WhinchatIMDevice.h\"\n";
    write(&to.join("WhinchatIM.h"), umbrella)?;
    let map = "framework module WhinchatIM {\n  umbrella header \"WhinchatIM.h\"\n  export *\n}\n";
    write(&modules.join("module.modulemap"), map)
}

/// The symbols of a library, as `nm` lists them; `None`: this machine has no `nm` that knows Apple's files.
pub(super) fn symbols(library: &Path) -> Result<Option<String>, String> {
    let tools: &[&str] = if cfg!(target_os = "macos") { &["nm"] } else { &["llvm-nm", "llvm-nm-14"] };
    let Some(output) = tools.iter().find_map(|tool| Command::new(tool).arg(library).output().ok()) else {
        return Ok(None);
    };
    if output.status.success() {
        return Ok(Some(String::from_utf8_lossy(&output.stdout).into_owned()));
    }
    Err(String::from_utf8_lossy(&output.stderr).trim_end().to_owned())
}

fn write(file: &Path, text: &str) -> Result<(), String> {
    fs::write(file, text).map_err(|error| format!("{} cannot be written: {error}", file.display()))
}

fn run(command: &mut Command) -> Result<String, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| format!("{name} did not start: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(format!("{name}: {}", String::from_utf8_lossy(&output.stderr).trim_end()))
}
