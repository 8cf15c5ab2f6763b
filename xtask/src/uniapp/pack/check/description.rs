//! package.json: what the packager and the manifest's editor read of it.

use std::collections::BTreeSet;

use super::super::description::is_name;
use super::super::json::Json;
use super::Findings;

/// Keys that the packager knows; a slip would be ignored without a word.
const TOP: &[&str] = &["name", "id", "version", "description", "_dp_type", "_dp_nativeplugin"];
const ANDROID: &[&str] = &[
    "plugins",
    "hooksClass",
    "integrateType",
    "dependencies",
    "excludeDependencies",
    "compileOptions",
    "abis",
    "minSdkVersion",
    "permissions",
    "parameters",
];
const IOS: &[&str] = &[
    "plugins",
    "hooksClass",
    "integrateType",
    "frameworks",
    "embedFrameworks",
    "embedSwift",
    "deploymentTarget",
    "validArchitectures",
    "capabilities",
    "plists",
    "assets",
    "privacies",
    "resources",
    "parameters",
];
const ABIS: &[&str] = &["armeabi-v7a", "arm64-v8a", "x86", "x86_64"];
/// Groups that the app's runtime brings.
const BUILT_IN: &[&str] = &["androidx.", "com.alibaba:fastjson", "com.android.support"];
/// The vendor's builder needs these.
const OLDEST_ANDROID: u32 = 21;
const OLDEST_IOS: u32 = 13;

pub(super) fn check(description: &Json, directory: &str, version: &str, findings: &mut Findings) {
    let mut say = |sentence: String| findings.fault(format!("package.json: {sentence}"));
    let id = description.get("id").and_then(Json::text).unwrap_or_default();
    if !is_name(id) {
        say(format!("the id {id:?} is not letters, digits, `-` and `_` with a letter in front"));
    }
    if directory != id {
        say(format!("the id is {id:?}, and the folder is called {directory:?}"));
    }
    known(description, TOP, "", &mut say);
    for key in ["name", "description"] {
        if description.get(key).and_then(Json::text).is_none_or(str::is_empty) {
            say(format!("{key} has to be a text"));
        }
    }
    let said = description.get("version").and_then(Json::text).unwrap_or_default();
    if said != version {
        say(format!("the version is {said:?}, and {version} is being packed"));
    }
    if description.get("_dp_type").and_then(Json::text) != Some("nativeplugin") {
        say("_dp_type has to be \"nativeplugin\"".into());
    }
    let platforms = ["android", "ios"].map(|platform| description.at(&["_dp_nativeplugin", platform]));
    let [Some(android), Some(ios)] = platforms else {
        say("_dp_nativeplugin has to have android and ios".into());
        return;
    };
    known(android, ANDROID, "android.", &mut say);
    known(ios, IOS, "ios.", &mut say);
    let modules = [("android", android), ("ios", ios)].map(|(name, platform)| {
        hooks(platform, name, &mut say);
        parameters(platform, name, &mut say);
        plugins(platform, name, id, &mut say)
    });
    if let [android, ios] = modules
        && android != ios
    {
        say("android and ios have modules of different names".into());
    }
    self::android(android, &mut say);
    self::ios(ios, &mut say);
}

fn known(value: &Json, keys: &[&str], whose: &str, say: &mut impl FnMut(String)) {
    for (key, _) in value.fields() {
        if !keys.contains(&key.as_str()) {
            say(format!("the packager knows no {whose}{key}"));
        }
    }
}

/// Gives the names of the modules.
fn plugins<'a>(platform: &'a Json, whose: &str, id: &str, say: &mut impl FnMut(String)) -> BTreeSet<&'a str> {
    let mut names = BTreeSet::new();
    for plugin in platform.get("plugins").map(Json::items).unwrap_or_default() {
        let text = |key: &str| plugin.get(key).and_then(Json::text).unwrap_or_default();
        known(plugin, &["type", "name", "class"], &format!("{whose}.plugins."), say);
        let (kind, name) = (text("type"), text("name"));
        if kind != "module" {
            say(format!("{whose}.plugins: {name:?} is a {kind:?}, and all of ours are modules"));
        }
        if !name.starts_with(id) || !is_name(name) {
            say(format!("{whose}.plugins: the module {name:?} has to be called {id} or begin with it"));
        }
        if text("class").is_empty() {
            say(format!("{whose}.plugins: {name:?} has no class"));
        }
        if !names.insert(name) {
            say(format!("{whose}.plugins: {name:?} stands twice"));
        }
    }
    if names.is_empty() {
        say(format!("{whose}.plugins is empty"));
    }
    names
}

fn hooks(platform: &Json, whose: &str, say: &mut impl FnMut(String)) {
    if platform.get("hooksClass").and_then(Json::text).is_none_or(str::is_empty) {
        say(format!(
            "{whose}.hooksClass is missing: nothing would tell the plugin that the app comes and goes"
        ));
    }
}

fn parameters(platform: &Json, whose: &str, say: &mut impl FnMut(String)) {
    for (name, parameter) in platform.get("parameters").map(Json::fields).unwrap_or_default() {
        let has = |key: &str| parameter.get(key).and_then(Json::text).is_some_and(|text| !text.is_empty());
        known(
            parameter,
            &["des", "key", "placeholder", "value"],
            &format!("{whose}.parameters.{name}."),
            say,
        );
        if !has("des") {
            say(format!("{whose}.parameters.{name} has no des, which the manifest's editor shows"));
        }
        if !(has("key") || has("placeholder") && whose == "android") {
            say(format!("{whose}.parameters.{name} has no key, so it reaches nobody"));
        }
    }
}

fn android(android: &Json, say: &mut impl FnMut(String)) {
    if android.get("integrateType").and_then(Json::text) != Some("aar") {
        say("android.integrateType has to be \"aar\"".into());
    }
    match android.get("abis").and_then(Json::texts) {
        Some(abis) if !abis.is_empty() => {
            for abi in abis.iter().filter(|abi| !ABIS.contains(abi)) {
                say(format!("android.abis: there is no {abi}"));
            }
        }
        _ => say("android.abis has to be a list of texts: there are libraries".into()),
    }
    let oldest = android.get("minSdkVersion").and_then(Json::text).and_then(|text| text.parse::<u32>().ok());
    if oldest.is_none_or(|oldest| oldest < OLDEST_ANDROID) {
        say(format!("android.minSdkVersion has to be a text with a number of {OLDEST_ANDROID} or more"));
    }
    for dependency in android.get("dependencies").map(Json::items).unwrap_or_default() {
        let name = dependency.text().or_else(|| dependency.get("id").and_then(Json::text));
        let source = dependency.get("source").and_then(Json::text).is_some();
        match name {
            Some(name) if BUILT_IN.iter().any(|built_in| name.starts_with(built_in)) => {
                say(format!("android.dependencies: {name} is built in"));
            }
            Some(name) if source || name.split(':').filter(|part| !part.is_empty()).count() == 3 => {}
            _ => say("android.dependencies: \"group:artifact:version\", or an id with its source".into()),
        }
    }
}

fn ios(ios: &Json, say: &mut impl FnMut(String)) {
    if ios.get("integrateType").and_then(Json::text) != Some("framework") {
        say("ios.integrateType has to be \"framework\"".into());
    }
    let oldest = ios
        .get("deploymentTarget")
        .and_then(Json::text)
        .and_then(|text| text.split_once('.')?.0.parse::<u32>().ok());
    if oldest.is_none_or(|oldest| oldest < OLDEST_IOS) {
        say(format!("ios.deploymentTarget has to be a text such as \"{OLDEST_IOS}.0\", or newer"));
    }
    if ios.get("validArchitectures").and_then(Json::texts) != Some(vec!["arm64"]) {
        say("ios.validArchitectures has to be [\"arm64\"]: the package has no simulator's slice".into());
    }
    let endings = [".framework", ".xcframework", ".tbd", ".dylib"];
    for name in ios.get("frameworks").and_then(Json::texts).unwrap_or_default() {
        if !endings.iter().any(|ending| name.ends_with(ending)) {
            say(format!("ios.frameworks: {name} needs its ending (.framework, .tbd)"));
        }
    }
}
