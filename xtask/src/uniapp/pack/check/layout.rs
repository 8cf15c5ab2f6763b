//! The vendor's layout: what lies where, and how it is spelt.

use super::{Entry, FREE_PACKAGING, Findings};

/// What may lie beside the two platforms.
const BESIDE: &[&str] = &["package.json", "README.md", "README.zh-CN.md", "LICENSE-APACHE", "LICENSE-MIT"];
const ANDROID: &[&str] = &["libs", "assets", "res"];
const IOS: &[&str] = &["PrivacyInfo.xcprivacy", "BundleResources", "Plugins"];

pub(super) fn check(entries: &[Entry], findings: &mut Findings) {
    for Entry { path, is_link, .. } in entries {
        if *is_link {
            findings.fault(format!("{path} is a symbolic link; packages are made and opened on Windows too"));
        }
        if path.split('/').any(|part| part.starts_with('.') || part == "__MACOSX") {
            findings.fault(format!("{path} is a file of somebody's machine"));
        }
        let place: Vec<_> = path.split('/').collect();
        if let Some(fault) = misplaced(&place) {
            findings.fault(format!("{path}: {fault}"));
        }
    }
    let size: u64 = entries.iter().map(|entry| entry.size).sum();
    if size > FREE_PACKAGING {
        let megabytes = size / (1_024 * 1_024);
        findings
            .fault(format!("it has {megabytes} MB; the vendor's free packaging takes no app beyond 40 MB"));
    }
}

fn misplaced(place: &[&str]) -> Option<&'static str> {
    match place {
        [name] if BESIDE.contains(name) => None,
        ["android", file] if file.ends_with(".aar") => runtime(file),
        ["android", "libs", .., file] if file.ends_with(".jar") => runtime(file),
        ["android", "libs", _, file] if file.ends_with(".so") => None,
        ["android", folder, _, ..] if ANDROID.contains(folder) && *folder != "libs" => None,
        ["ios", file] if IOS.contains(file) || file.ends_with(".a") => None,
        ["ios", framework, "Versions", ..] if framework.ends_with(".framework") => {
            Some("a framework for phones is flat, without versions")
        }
        ["ios", folder, _, ..]
            if IOS.contains(folder) || folder.ends_with(".framework") || folder.ends_with(".xcframework") =>
        {
            None
        }
        [folder, ..] if folder.eq_ignore_ascii_case("android") || folder.eq_ignore_ascii_case("ios") => {
            let exact = *folder == "android" || *folder == "ios";
            Some(if exact {
                "the packager looks for nothing there"
            } else {
                "the packager asks for lower case"
            })
        }
        _ => Some("no such thing belongs into a package"),
    }
}

/// The app has its runtime already.
fn runtime(file: &str) -> Option<&'static str> {
    let names = ["uniapp-v8", "uni-app", "lib.5plus", "fastjson", "breakpad", "weex"];
    names
        .iter()
        .any(|name| file.starts_with(name))
        .then_some("the app's own runtime has this; twice breaks the build")
}
