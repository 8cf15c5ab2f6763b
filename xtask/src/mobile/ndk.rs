//! Finding Android's NDK.

use std::path::{Path, PathBuf};

use super::tools::Tools;

/// The oldest that can link for pages of 16 KB.
const OLDEST: u32 = 27;
const INSTALL: &str = "install it with `sdkmanager \"ndk;28.2.13676358\"` or from https://developer.android.com/ndk/downloads, \
                       and name its folder in ANDROID_NDK_HOME";

/// An NDK.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Ndk {
    /// Its compilers.
    pub(super) bin: PathBuf,
    /// Such as 28.2.13676358.
    pub(super) revision: String,
}

/// The revision that a folder says that it is, if it is an NDK.
fn revision(folder: &Path) -> Option<String> {
    let properties = std::fs::read_to_string(folder.join("source.properties")).ok()?;
    let line = properties.lines().find_map(|line| line.strip_prefix("Pkg.Revision"))?;
    Some(line.trim_start_matches([' ', '=']).trim().to_owned())
}

fn numbers(revision: &str) -> Vec<u32> {
    revision.split(['.', '-']).map_while(|part| part.parse().ok()).collect()
}

/// The newest NDK of an SDK.
fn newest_of(sdk: &Path) -> Option<PathBuf> {
    let entries = std::fs::read_dir(sdk.join("ndk")).ok()?;
    let found = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let found = found.filter_map(|folder| Some((numbers(&revision(&folder)?), folder)));
    found.max().map(|(_, folder)| folder).or_else(|| Some(sdk.join("ndk-bundle")).filter(|old| old.is_dir()))
}

impl Ndk {
    /// The NDK that the environment names.
    pub(super) fn find(tools: &Tools) -> Result<Self, String> {
        for name in ["ANDROID_NDK_HOME", "ANDROID_NDK_ROOT"] {
            if let Some(folder) = tools.variable(name) {
                return Self::at(tools, Path::new(&folder)).map_err(|problem| format!("{name}: {problem}"));
            }
        }
        for name in ["ANDROID_HOME", "ANDROID_SDK_ROOT"] {
            if let Some(ndk) = tools.variable(name).and_then(|sdk| newest_of(Path::new(&sdk))) {
                return Self::at(tools, &ndk).map_err(|problem| format!("{name}: {problem}"));
            }
        }
        Err(format!("no Android NDK, r{OLDEST} or newer: {INSTALL}"))
    }

    fn at(tools: &Tools, folder: &Path) -> Result<Self, String> {
        let shown = folder.display();
        let revision = revision(folder)
            .ok_or_else(|| format!("{shown} is no NDK (it has no source.properties): {INSTALL}"))?;
        if numbers(&revision).first().is_none_or(|major| *major < OLDEST) {
            return Err(format!("{shown} is NDK {revision}, and r{OLDEST} or newer is needed: {INSTALL}"));
        }
        let host = match tools.host {
            "macos" => "darwin-x86_64",
            "windows" => "windows-x86_64",
            _ => "linux-x86_64",
        };
        let bin = folder.join("toolchains/llvm/prebuilt").join(host).join("bin");
        if !bin.is_dir() {
            return Err(format!("{shown} has no compilers for this system ({}): {INSTALL}", bin.display()));
        }
        Ok(Self { bin, revision })
    }
}
