//! The iOS half: the frameworks, what they have, the privacy manifest.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::super::json::Json;
use super::{Entry, Findings, Package, Target, difference};

/// What an app's store asks for.
const PRIVACY: &[&str] = &[
    "NSPrivacyTracking",
    "NSPrivacyTrackingDomains",
    "NSPrivacyCollectedDataTypes",
    "NSPrivacyAccessedAPITypes",
];

/// The shell, which is static, and the core, which is dynamic.
const SHELL: &str = "WhinchatIM";
const CORE: &str = "WhinchatFFI";

pub(super) fn check(package: &Package<'_>, ios: &Json, entries: &[Entry], findings: &mut Findings) {
    findings.faults.extend(difference(&exported(package.exports), package.names, "ios: the module"));
    privacy(package, findings);
    if package.target == Target::Host {
        return;
    }
    frameworks(entries, findings);
    core(package, ios, findings);
    shell(package, ios, findings);
}

/// Nothing but ours.
fn frameworks(entries: &[Entry], findings: &mut Findings) {
    let named = entries.iter().filter_map(|entry| entry.path.strip_prefix("ios/")?.split_once(".framework/"));
    let names: BTreeSet<_> = named.map(|(name, _)| name).collect();
    for name in names.into_iter().filter(|name| ![SHELL, CORE].contains(name)) {
        findings.fault(format!("ios: nobody asks for {name}.framework"));
    }
}

fn core(package: &Package<'_>, ios: &Json, findings: &mut Findings) {
    let name = format!("{CORE}.framework");
    for list in ["frameworks", "embedFrameworks"] {
        if !ios.get(list).and_then(Json::texts).unwrap_or_default().contains(&name.as_str()) {
            findings.fault(format!("ios: {name} is dynamic and has to stand in {list}"));
        }
    }
    let file = package.folder.join("ios").join(&name).join(CORE);
    let Ok(bytes) = fs::read(&file) else {
        findings.missing(format!("ios: {name} (`cargo xtask ios`, on a Mac with Xcode)"));
        return;
    };
    if !is_library_for_phones(&bytes) {
        findings.fault(format!("ios: {name} is no dynamic library for arm64"));
        return;
    }
    let Some(symbols) = symbols(&file, &name, findings) else { return };
    let defined = defined(&symbols);
    for function in super::super::library::functions(package.header) {
        if !defined.contains(&format!("_{function}")) {
            findings.fault(format!("ios: {name} has no {function}"));
        }
    }
}

/// What `nm` says of a library. Without one, that has not been looked at.
fn symbols(file: &Path, name: &str, findings: &mut Findings) -> Option<String> {
    match super::super::apple::symbols(file) {
        Ok(Some(symbols)) => return Some(symbols),
        Ok(None) => {
            findings.missing(format!("ios: a look at the symbols of {name} (Debian: apt-get install llvm)"))
        }
        Err(fault) => findings.fault(format!("ios: {name} cannot be read: {fault}")),
    }
    None
}

/// A Mach-O file for one processor, arm64, to be loaded.
fn is_library_for_phones(bytes: &[u8]) -> bool {
    const MAGIC: [u8; 4] = [0xcf, 0xfa, 0xed, 0xfe];
    const ARM64: [u8; 4] = [0x0c, 0, 0, 1];
    const DYNAMIC: [u8; 4] = [6, 0, 0, 0];
    let word = |at: usize| bytes.get(at..at + 4);
    word(0) == Some(&MAGIC) && word(4) == Some(&ARM64) && word(12) == Some(&DYNAMIC)
}

fn shell(package: &Package<'_>, ios: &Json, findings: &mut Findings) {
    let name = format!("{SHELL}.framework");
    let file = package.folder.join("ios").join(&name).join(SHELL);
    let Ok(bytes) = fs::read(&file) else {
        findings.missing(format!("ios: {name} (this command, on a Mac with Xcode)"));
        return;
    };
    if !bytes.starts_with(b"!<arch>\n") {
        findings.fault(format!("ios: {name} is no static library; a dynamic one would have to be embedded"));
        return;
    }
    let Some(symbols) = symbols(&file, &name, findings) else { return };
    findings.faults.extend(classes(&symbols, ios, &name));
}

/// The names in `UNI_EXPORT_METHOD(@selector(name:…))`.
fn exported(source: &str) -> BTreeSet<String> {
    let selectors = source.split("UNI_EXPORT_METHOD(@selector(").skip(1);
    selectors.filter_map(|rest| Some(rest.split_once([':', ')'])?.0.to_owned())).collect()
}

fn privacy(package: &Package<'_>, findings: &mut Findings) {
    let text = fs::read_to_string(package.folder.join("ios/PrivacyInfo.xcprivacy")).unwrap_or_default();
    for key in PRIVACY {
        if !text.contains(&format!("<key>{key}</key>")) {
            findings.fault(format!("ios: PrivacyInfo.xcprivacy does not say {key}"));
        }
    }
}

/// The classes that package.json names and that are not there.
fn classes(symbols: &str, ios: &Json, name: &str) -> Vec<String> {
    let defined = defined(symbols);
    let plugins = ios.get("plugins").map(Json::items).unwrap_or_default();
    let named = plugins.iter().filter_map(|plugin| plugin.get("class")).chain(ios.get("hooksClass"));
    let gone =
        named.filter_map(Json::text).filter(|class| !defined.contains(&format!("_OBJC_CLASS_$_{class}")));
    gone.map(|class| format!("ios: {name} has no class {class}")).collect()
}

/// What is in a library, of the lines of `nm`: names, and those that are only wanted.
fn defined(symbols: &str) -> BTreeSet<String> {
    let words = symbols.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let named = words.filter_map(|words| match words.as_slice() {
        [_, kind, name] if *kind != "U" => Some((*name).to_owned()),
        _ => None,
    });
    named.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_symbol_that_is_only_wanted_is_not_there() {
        let ios = Json::read(r#"{"plugins": [{"class": "Module"}], "hooksClass": "Hook"}"#).unwrap();
        let symbols =
            "shell.o:\n0000000000000010 S _OBJC_CLASS_$_Module\n U _OBJC_CLASS_$_Hook\n00 T _whinchat_call\n";
        assert_eq!(classes(symbols, &ios, "W.framework"), ["ios: W.framework has no class Hook"]);
        assert!(defined(symbols).contains("_whinchat_call"));
    }

    #[test]
    fn exports_are_read_from_their_selectors() {
        let source = "UNI_EXPORT_METHOD(@selector(login:callback:))\nUNI_EXPORT_METHOD(@selector(plain))";
        assert!(exported(source).iter().eq(&["login", "plain"]));
    }
}
