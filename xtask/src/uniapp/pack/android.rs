//! The archive for Android: the shell's classes, the core's libraries, and what the app's build has to know of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::class_file::Class;
use super::{OUT, archive, copy, files};
use crate::node;

/// Where Maven's project of shell and hosts is.
const PROJECT: &str = "uniapp-plugin";
/// What the shell is made of.
const SOURCES: &[&str] =
    &["uniapp-plugin/pom.xml", "uniapp-plugin/shell/android", "uniapp-plugin/hosts/jvm/vendor"];
/// The shell's classes, as Maven packs them.
const CLASSES: &str = "target/uniapp/shell-android/shell-android-0.1.0.jar";
/// Manifest and rules for the shrinker.
const PARTS: &str = "uniapp-plugin/shell/android/aar";
/// What `cargo xtask android` makes of the core.
const LIBRARIES: &str = "target/android/jniLibs";
/// Folders of classes that only an app with the vendor's runtime for native plugins has.
const OF_THE_VENDOR: &[&str] = &["io/dcloud/", "com/taobao/", "com/alibaba/"];

/// Whose classes go in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Classes {
    /// All: the plugin for `requireNativePlugin`.
    Plugin,
    /// The same, for a host of this machine that has its own library.
    Host,
    /// Those that know nothing of the vendor: the UTS plugin.
    Core,
}

/// Builds the archive into a folder, with the libraries for these processors that are there.
pub(super) fn build(folder: &Path, classes: Classes, abis: &[&str]) -> Result<(), String> {
    node::once("shell-android", SOURCES, CLASSES, || {
        let projects = ["--projects", "shell/android", "--also-make"];
        node::run(PROJECT, "mvn", &[&["--batch-mode", "--quiet"], &projects[..], &["package"]].concat())
    })?;
    let parts = PathBuf::from(OUT).join("aar");
    let _ = fs::remove_dir_all(&parts);
    copy(Path::new(PARTS), &parts)?;
    let jar = parts.join("classes.jar");
    match classes {
        Classes::Plugin | Classes::Host => copy(Path::new(CLASSES), &jar)?,
        Classes::Core => core(&jar)?,
    }
    fs::write(parts.join("R.txt"), "")
        .map_err(|error| format!("{} cannot be written: {error}", parts.display()))?;
    let built = abis.iter().map(|abi| (abi, Path::new(LIBRARIES).join(abi)));
    for (abi, library) in built.filter(|(_, library)| classes != Classes::Host && library.is_dir()) {
        copy(&library, &parts.join("jni").join(abi))?;
    }
    fs::create_dir_all(folder).map_err(|error| format!("{} cannot be made: {error}", folder.display()))?;
    let name = if classes == Classes::Core { "whinchat-core.aar" } else { "whinchat-im.aar" };
    archive::make(&folder.join(name), &parts, "")
}

/// Packs the classes that know nothing of the vendor.
fn core(jar: &Path) -> Result<(), String> {
    let opened = PathBuf::from(OUT).join("core-classes");
    let _ = fs::remove_dir_all(&opened);
    archive::open(Path::new(CLASSES), &opened)?;
    let mut classes = BTreeMap::new();
    for file in files(&opened)? {
        if file.extension().is_some_and(|kind| kind == "class") {
            let bytes =
                fs::read(&file).map_err(|error| format!("{} cannot be read: {error}", file.display()))?;
            let class = Class::read(&bytes).map_err(|fault| format!("{}: {fault}", file.display()))?;
            classes.insert(class.name.clone(), class);
        }
    }
    for name in classes.keys().filter(|name| !without_vendor(&classes).contains(name)) {
        let file = opened.join(name).with_extension("class");
        fs::remove_file(&file).map_err(|error| format!("{} cannot be removed: {error}", file.display()))?;
    }
    archive::make(jar, &opened, "")
}

/// Those of these classes that neither name the vendor's nor one of ours that does.
fn without_vendor(classes: &BTreeMap<String, Class>) -> Vec<String> {
    let mut kept: BTreeMap<&str, &Class> =
        classes.iter().map(|(name, class)| (name.as_str(), class)).collect();
    loop {
        let names_others = |class: &Class| {
            let is_of_others = |name: &String| {
                let of_the_vendor = OF_THE_VENDOR.iter().any(|folder| name.starts_with(folder));
                of_the_vendor || classes.contains_key(name) && !kept.contains_key(name.as_str())
            };
            class.names.iter().any(is_of_others)
        };
        let gone: Vec<_> =
            kept.iter().filter(|(_, class)| names_others(class)).map(|(name, _)| *name).collect();
        if gone.is_empty() {
            return kept.into_keys().map(str::to_owned).collect();
        }
        for name in gone {
            kept.remove(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(name: &str, names: &[&str]) -> (String, Class) {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        (name.to_owned(), Class { name: name.to_owned(), names, ..Class::default() })
    }

    #[test]
    fn a_class_stays_that_reaches_the_vendor_by_no_way() {
        let classes = BTreeMap::from([
            class("im/Core", &["im/Page", "android/app/Application"]),
            class("im/Page", &["im/Core", "java/lang/String"]),
            class("im/Calls", &["im/Page", "io/dcloud/UniModule"]),
            class("im/Module", &["im/Calls"]),
            class("im/Values", &["com/alibaba/fastjson/JSON"]),
        ]);
        assert_eq!(without_vendor(&classes), ["im/Core", "im/Page"]);
    }
}
