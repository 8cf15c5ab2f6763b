//! `cargo xtask ios`: an XCFramework, made on a Mac.
//!
//! Its slices are dynamic frameworks: then nothing but the library's faces can be seen from the app, which may have an SQLite of its
//! own, and the privacy manifest has its place.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::tools::Tools;
use super::{HEADERS, PACKAGE, build, built, missing_targets, rules};
use crate::elf::System;
use crate::step::Step;

/// The module of the library's C interface; the Swift package names it too.
const MODULE: &str = "WhinchatFFI";
const FILE: &str = "libwhinchat.dylib";
/// What the library uses of what Apple wants reasons for.
const PRIVACY: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/whinchat-mobile/apple/PrivacyInfo.xcprivacy");

/// What one kind of device gets: the library for each of its processors.
struct Slice {
    folder: &'static str,
    platform: &'static str,
    targets: &'static [&'static str],
    /// The oldest system that it runs on.
    oldest: &'static str,
    oldest_variable: &'static str,
}

const SLICES: [Slice; 3] = [
    Slice {
        folder: "ios",
        platform: "iPhoneOS",
        targets: &["aarch64-apple-ios"],
        oldest: "13.0",
        oldest_variable: "IPHONEOS_DEPLOYMENT_TARGET",
    },
    Slice {
        folder: "ios-simulator",
        platform: "iPhoneSimulator",
        targets: &["aarch64-apple-ios-sim", "x86_64-apple-ios"],
        oldest: "13.0",
        oldest_variable: "IPHONEOS_DEPLOYMENT_TARGET",
    },
    // The Swift package is for Macs too, and a package takes one XCFramework.
    Slice {
        folder: "macos",
        platform: "MacOSX",
        targets: &["aarch64-apple-darwin", "x86_64-apple-darwin"],
        oldest: "11.0",
        oldest_variable: "MACOSX_DEPLOYMENT_TARGET",
    },
];

/// Builds target/apple/Whinchat.xcframework.
pub(crate) fn apple() -> Result<(), String> {
    run(&Tools::of_this_machine())
}

pub(super) fn run(tools: &Tools) -> Result<(), String> {
    if tools.host != "macos" {
        return Err(format!("an XCFramework is made on a Mac with Xcode, and this is {}", tools.host));
    }
    if !tools.runs("xcodebuild", &["-version"]) {
        return Err("no Xcode: install it from the App Store, then run `sudo xcode-select -s /Applications/Xcode.app`".to_owned());
    }
    if !tools.runs("xcrun", &["--sdk", "iphoneos", "--show-sdk-path"]) {
        return Err("Xcode has no iOS SDK: run `xcodebuild -downloadPlatform iOS`".to_owned());
    }
    let targets: Vec<&str> = SLICES.iter().flat_map(|slice| slice.targets).copied().collect();
    missing_targets(tools, &targets)?;

    let folder = tools.target.join("apple");
    let finished = folder.join("Whinchat.xcframework");
    for old in [&finished, &folder.join("slices")] {
        if old.exists() {
            fs::remove_dir_all(old)
                .map_err(|error| format!("{} cannot be removed: {error}", old.display()))?;
        }
    }
    let generated = generated(tools, &folder)?;
    let mut together = tools.command("xcodebuild");
    together.arg("-create-xcframework");
    for slice in &SLICES {
        together.arg("-framework").arg(slice.framework(tools, &folder, &generated)?);
    }
    together.arg("-output").arg(&finished);
    Step::of("XCFramework", together).run()?;
    println!("{}: good", finished.display());
    Ok(())
}

/// Writes the headers that the generated Swift calls through, as they belong to this library.
fn generated(tools: &Tools, folder: &Path) -> Result<PathBuf, String> {
    let generated = folder.join("generated");
    fs::create_dir_all(&generated).map_err(|error| format!("{}: {error}", generated.display()))?;
    // Not the one that ships: the generator reads what is stripped there.
    let mut library = tools.command("cargo");
    library.args(["build", "--package", "whinchat-mobile", "--lib", "--target-dir"]).arg(&tools.target);
    Step::of("library to generate from", library).run()?;
    let mut generator = tools.command("cargo");
    generator.args(["run", "--quiet", "--package", "whinchat-bindgen", "--target-dir"]).arg(&tools.target);
    generator
        .args(["--", "generate"])
        .arg(tools.target.join("debug").join(FILE))
        .arg("swift")
        .arg(&generated);
    Step::of("generated headers", generator).run()?;
    Ok(generated)
}

/// Where things are inside a framework. That of a Mac has versions.
struct Bundle {
    whole: PathBuf,
    inner: PathBuf,
    resources: PathBuf,
}

impl Slice {
    fn is_mac(&self) -> bool {
        self.platform == "MacOSX"
    }

    fn build(&self, tools: &Tools, target: &str) -> Command {
        let mut command = build(tools, PACKAGE, target);
        let version = if self.is_mac() { "Versions/A/" } else { "" };
        let name = format!("link-arg=-Wl,-install_name,@rpath/{MODULE}.framework/{version}{MODULE}");
        command.args(["--", "-C", &name]).env(self.oldest_variable, self.oldest);
        command
    }

    fn bundle(&self, folder: &Path) -> Bundle {
        let whole = folder.join("slices").join(self.folder).join(format!("{MODULE}.framework"));
        if self.is_mac() {
            let inner = whole.join("Versions/A");
            Bundle { resources: inner.join("Resources"), inner, whole }
        } else {
            Bundle { inner: whole.clone(), resources: whole.clone(), whole }
        }
    }

    /// Builds the slice and gives its framework.
    fn framework(&self, tools: &Tools, folder: &Path, generated: &Path) -> Result<PathBuf, String> {
        for target in self.targets {
            Step::of(target, self.build(tools, target)).run()?;
        }
        let bundle = self.bundle(folder);
        self.fill(&bundle, generated).map_err(|error| format!("{}: {error}", bundle.whole.display()))?;
        let binary = bundle.inner.join(MODULE);
        let mut join = tools.command("lipo");
        join.arg("-create").args(self.targets.iter().map(|target| built(tools, target, FILE)));
        join.arg("-output").arg(&binary);
        Step::of("slice", join).run()?;
        only_faces(tools, &binary)?;
        Ok(bundle.whole)
    }

    fn fill(&self, bundle: &Bundle, generated: &Path) -> std::io::Result<()> {
        let (headers, modules) = (bundle.inner.join("Headers"), bundle.inner.join("Modules"));
        for folder in [&headers, &modules, &bundle.resources] {
            fs::create_dir_all(folder)?;
        }
        let mut map = format!("framework module {MODULE} {{\n");
        for folder in [Path::new(HEADERS), generated] {
            for entry in fs::read_dir(folder)? {
                let (path, name) = entry.map(|entry| (entry.path(), entry.file_name()))?;
                if path.extension().is_some_and(|kind| kind == "h") {
                    fs::copy(&path, headers.join(&name))?;
                    map.push_str(&format!("    header \"{}\"\n", name.to_string_lossy()));
                }
            }
        }
        map.push_str("    export *\n}\n");
        fs::write(modules.join("module.modulemap"), map)?;
        fs::copy(PRIVACY, bundle.resources.join("PrivacyInfo.xcprivacy"))?;
        fs::write(bundle.resources.join("Info.plist"), self.properties())?;
        #[cfg(unix)]
        if self.is_mac() {
            use std::os::unix::fs::symlink;
            symlink("A", bundle.whole.join("Versions/Current"))?;
            for name in [MODULE, "Headers", "Modules", "Resources"] {
                symlink(Path::new("Versions/Current").join(name), bundle.whole.join(name))?;
            }
        }
        Ok(())
    }

    fn properties(&self) -> String {
        let oldest = if self.is_mac() { "LSMinimumSystemVersion" } else { "MinimumOSVersion" };
        let version = env!("CARGO_PKG_VERSION");
        let entries = [
            ("CFBundleIdentifier", "im.whinchat.core"),
            ("CFBundleName", MODULE),
            ("CFBundleExecutable", MODULE),
            ("CFBundlePackageType", "FMWK"),
            ("CFBundleInfoDictionaryVersion", "6.0"),
            ("CFBundleShortVersionString", version),
            ("CFBundleVersion", version),
            (oldest, self.oldest),
        ];
        let lines: String = entries
            .iter()
            .map(|(key, value)| format!("    <key>{key}</key>\n    <string>{value}</string>\n"))
            .collect();
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n\
             <plist version=\"1.0\">\n<dict>\n{lines}    <key>CFBundleSupportedPlatforms</key>\n    <array>\n        \
             <string>{}</string>\n    </array>\n</dict>\n</plist>\n",
            self.platform
        )
    }
}

/// What ELF files are held to is held here too: no symbol can be seen but those of the faces.
fn only_faces(tools: &Tools, binary: &Path) -> Result<(), String> {
    let output = tools.command("xcrun").args(["nm", "-gjU"]).arg(binary).output();
    let output = output.map_err(|error| format!("nm did not start: {error}"))?;
    if !output.status.success() {
        return Err(format!("{}: nm cannot read it", binary.display()));
    }
    let rules = rules(System::Android)?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    // Lines with a colon name the processor, those without an underscore are no symbols.
    let symbols = text.lines().filter_map(|line| line.trim().strip_prefix('_'));
    let strange: Vec<&str> = symbols.filter(|name| !name.contains(':') && !rules.may_export(name)).collect();
    if strange.is_empty() {
        return Ok(());
    }
    Err(format!("{} exports what belongs to none of its faces: {}", binary.display(), strange.join(", ")))
}
