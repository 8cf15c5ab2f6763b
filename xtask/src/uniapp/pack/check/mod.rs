//! What a package has to be before somebody puts it into an app. Each thing that is wrong is a sentence.

mod android;
mod apple;
mod description;
mod layout;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::json::Json;

pub(super) use android::core_archive;

/// The vendor's free packaging takes no app beyond this.
pub(super) const FREE_PACKAGING: u64 = 40 * 1_024 * 1_024;

/// Folders of other people's classes: the app's runtime has them, and a second copy of a class breaks the build.
const OF_OTHERS: &[&str] = &["io/dcloud/", "com/taobao/", "com/alibaba/", "android/", "androidx/"];

/// What came of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Findings {
    /// A package like this is not made.
    pub(super) faults: Vec<String>,
    /// It is right as far as it goes, and somebody else has to build this.
    pub(super) missing: Vec<String>,
}

impl Findings {
    fn fault(&mut self, sentence: impl Into<String>) {
        self.faults.push(sentence.into());
    }

    fn missing(&mut self, sentence: impl Into<String>) {
        self.missing.push(sentence.into());
    }
}

/// A package in a folder.
pub(super) struct Package<'a> {
    /// The folder, which is called like the package's id.
    pub(super) folder: &'a Path,
    /// Where its archives lie opened, each in a folder of its file's name; `classes.jar` inside as `classes/`.
    pub(super) opened: &'a Path,
    /// Every name that JavaScript calls, from the contract.
    pub(super) names: &'a BTreeSet<String>,
    /// The source that exports the methods on iOS.
    pub(super) exports: &'a str,
    /// The C interface of the library.
    pub(super) header: &'a str,
    /// The version that is being released.
    pub(super) version: &'a str,
    /// For whose processors its libraries are.
    pub(super) target: Target,
}

/// Where a package is going to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// Phones.
    Phones,
    /// The test host on this machine.
    Host,
}

/// A file of the package, by its path from the package's folder, with `/`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    path: String,
    size: u64,
    is_link: bool,
}

/// Looks at everything.
pub(super) fn check(package: &Package<'_>) -> Findings {
    let mut findings = Findings::default();
    let entries = match entries(package.folder) {
        Ok(entries) => entries,
        Err(fault) => {
            findings.fault(fault);
            return findings;
        }
    };
    layout::check(&entries, &mut findings);
    let text = fs::read_to_string(package.folder.join("package.json"));
    let description = match text.map_err(|error| error.to_string()).and_then(|text| Json::read(&text)) {
        Ok(description) => description,
        Err(fault) => {
            findings.fault(format!("package.json: {fault}"));
            return findings;
        }
    };
    let directory = package.folder.file_name().unwrap_or_default().to_string_lossy();
    description::check(&description, &directory, package.version, &mut findings);
    if let Some(android) = description.at(&["_dp_nativeplugin", "android"]) {
        android::check(package, android, &entries, &mut findings);
    }
    if let Some(ios) = description.at(&["_dp_nativeplugin", "ios"]) {
        apple::check(package, ios, &entries, &mut findings);
    }
    findings
}

/// Every file of a folder, in order.
fn entries(folder: &Path) -> Result<Vec<Entry>, String> {
    let mut entries = Vec::new();
    collect(folder, folder, &mut entries)
        .map_err(|error| format!("{} cannot be read: {error}", folder.display()))?;
    entries.sort();
    Ok(entries)
}

fn collect(root: &Path, folder: &Path, entries: &mut Vec<Entry>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let metadata = fs::symlink_metadata(&path)?;
        if metadata.is_dir() {
            collect(root, &path, entries)?;
            continue;
        }
        let parts = path.strip_prefix(root).unwrap_or(&path).iter();
        let parts: Vec<_> = parts.map(|part| part.to_string_lossy().into_owned()).collect();
        entries.push(Entry { path: parts.join("/"), size: metadata.len(), is_link: metadata.is_symlink() });
    }
    Ok(())
}

/// Every name that JavaScript calls, with the spellings that are accepted: the lines of `methods.txt`.
pub(super) fn names(contract: &str) -> BTreeSet<String> {
    let lines = contract.lines().filter(|line| !line.starts_with('#'));
    let named = lines.filter_map(|line| line.split_once(']'));
    named.flat_map(|(_, names)| names.split('|')).map(|name| name.trim().to_owned()).collect()
}

/// What is missing of `expected`, and what is too many; a sentence each.
pub(super) fn difference(found: &BTreeSet<String>, expected: &BTreeSet<String>, whose: &str) -> Vec<String> {
    let list = |names: Vec<&String>| names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", ");
    let missing: Vec<_> = expected.difference(found).collect();
    let more: Vec<_> = found.difference(expected).collect();
    let mut sentences = Vec::new();
    if !missing.is_empty() {
        sentences.push(format!("{whose} lacks {}", list(missing)));
    }
    if !more.is_empty() {
        sentences.push(format!("{whose} has {}, which the contract does not know", list(more)));
    }
    sentences
}

/// The folder that an archive of the package was opened into.
fn opened(package: &Package<'_>, entry: &Entry) -> PathBuf {
    package.opened.join(entry.path.rsplit('/').next().unwrap_or_default())
}
