//! The Android half: the archive, its classes, its libraries.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::super::class_file::{Class, Method};
use super::super::json::Json;
use super::{Entry, Findings, OF_OTHERS, Package, Target, difference, entries, opened};

/// What makes a method one that JavaScript finds.
const EXPORT: &str = "Lio/dcloud/feature/uniapp/annotation/UniJSMethod;";
/// What a module is.
const MODULE: &str = "io/dcloud/feature/uniapp/common/UniModule";
const DESTROYABLE: &str = "io/dcloud/feature/uniapp/common/UniDestroyableModule";
/// What a hook is.
const HOOK: &str = "io/dcloud/feature/uniapp/UniAppHookProxy";
const LIBRARY: &str = "libwhinchat.so";
/// What the UTS plugin's Kotlin calls.
const CORE: &[&str] = &[
    "im/whinchat/uniapp/AndroidApp",
    "im/whinchat/uniapp/Core",
    "im/whinchat/uniapp/Page",
    "im/whinchat/uniapp/Sink",
];

/// What the app's shrinker is told to leave alone: names that are only known to the library, and to the vendor's runtime.
const KEPT: &[&str] = &["native <methods>"];
const KEPT_FOR_THE_RUNTIME: &[&str] = &[
    "io.dcloud.feature.uniapp.common.UniModule",
    "io.dcloud.feature.uniapp.UniAppHookProxy",
    "*Annotation*",
];

/// What archives hold.
#[derive(Default)]
struct Held {
    classes: BTreeMap<String, Class>,
    /// By processor and name.
    libraries: BTreeMap<(String, String), Vec<u8>>,
}

pub(super) fn check(package: &Package<'_>, android: &Json, entries: &[Entry], findings: &mut Findings) {
    let mut held = Held::default();
    let mut archives = 0;
    for entry in entries.iter().filter(|entry| entry.path.starts_with("android/")) {
        let folder = opened(package, entry);
        if entry.path.ends_with(".aar") {
            archives += 1;
            archive(&folder, &entry.path, &mut held, findings);
            rules(&folder, &entry.path, KEPT_FOR_THE_RUNTIME, findings);
        } else if entry.path.ends_with(".jar") {
            classes(&folder.join("classes"), &entry.path, &mut held, findings);
        } else if let Some((abi, name)) =
            entry.path.strip_prefix("android/libs/").and_then(|path| path.split_once('/'))
        {
            let bytes = fs::read(package.folder.join(&entry.path)).unwrap_or_default();
            held.libraries.insert((abi.to_owned(), name.to_owned()), bytes);
        }
    }
    if archives == 0 {
        findings.fault("android: there is no archive with the shell's classes");
        return;
    }
    for plugin in android.get("plugins").map(Json::items).unwrap_or_default() {
        let name = plugin.get("class").and_then(Json::text).unwrap_or_default();
        module(name, &held.classes, package.names, findings);
    }
    if let Some(name) = android.get("hooksClass").and_then(Json::text) {
        hook(name, &held.classes, findings);
    }
    of_others(&held.classes, findings);
    if package.target == Target::Phones {
        let abis = android.get("abis").and_then(Json::texts).unwrap_or_default();
        libraries(&abis, package.header, &held, findings);
    }
}

/// The archive of the UTS plugin, opened: the core without a word of the vendor's runtime for native plugins, which an app may
/// not have.
pub(in super::super) fn core_archive(folder: &Path, abis: &[&str], header: &str, findings: &mut Findings) {
    let mut held = Held::default();
    archive(folder, "app-android", &mut held, findings);
    for class in held.classes.values() {
        let of_others = |name: &&String| {
            ["io/dcloud/", "com/taobao/", "com/alibaba/"].iter().any(|folder| name.starts_with(folder))
        };
        if let Some(other) = class.names.iter().find(of_others) {
            findings.fault(format!("app-android: {} names {other}, which an app need not have", class.name));
        }
        if let Some(gone) = class
            .names
            .iter()
            .find(|name| name.starts_with("im/whinchat/") && !held.classes.contains_key(*name))
        {
            findings.fault(format!("app-android: {} names {gone}, which is not there", class.name));
        }
    }
    for name in CORE {
        if !held.classes.contains_key(*name) {
            findings.fault(format!("app-android: the class {name}, which the functions call, is not there"));
        }
    }
    libraries(abis, header, &held, findings);
}

/// An opened AAR: its classes and its libraries are taken out, and what else has to be there is looked for.
fn archive(folder: &Path, path: &str, held: &mut Held, findings: &mut Findings) {
    let Ok(inside) = entries(folder) else {
        findings.fault(format!("{path} cannot be opened"));
        return;
    };
    for name in ["AndroidManifest.xml", "classes.jar", "R.txt", "proguard.txt"] {
        if !inside.iter().any(|entry| entry.path == name) {
            findings.fault(format!("{path} has no {name}"));
        }
    }
    rules(folder, path, KEPT, findings);
    permissions(&folder.join("AndroidManifest.xml"), path, findings);
    for entry in &inside {
        if let Some((abi, name)) = entry.path.strip_prefix("jni/").and_then(|path| path.split_once('/')) {
            let bytes = fs::read(folder.join(&entry.path)).unwrap_or_default();
            held.libraries.insert((abi.to_owned(), name.to_owned()), bytes);
        } else if entry.path.ends_with(".so") {
            findings.fault(format!("{path}: {} lies where no phone looks for it", entry.path));
        }
    }
    classes(&folder.join("classes"), path, held, findings);
}

fn rules(folder: &Path, path: &str, kept: &[&str], findings: &mut Findings) {
    let text = fs::read_to_string(folder.join("proguard.txt")).unwrap_or_default();
    for kept in kept.iter().filter(|kept| !text.contains(*kept)) {
        findings.fault(format!("{path}: its rules for the shrinker (proguard.txt) do not keep {kept}"));
    }
}

fn permissions(file: &Path, path: &str, findings: &mut Findings) {
    let text = fs::read_to_string(file).unwrap_or_default();
    for permission in ["android.permission.INTERNET", "android.permission.ACCESS_NETWORK_STATE"] {
        if !text.contains(permission) {
            findings.fault(format!("{path}: its AndroidManifest.xml does not ask for {permission}"));
        }
    }
}

fn classes(folder: &Path, path: &str, held: &mut Held, findings: &mut Findings) {
    for entry in entries(folder).unwrap_or_default() {
        let Some(name) = entry.path.strip_suffix(".class") else { continue };
        match fs::read(folder.join(&entry.path))
            .map_err(|error| error.to_string())
            .and_then(|bytes| Class::read(&bytes))
        {
            Ok(class) if class.name == name || name.starts_with("META-INF/") => {
                if held.classes.insert(class.name.clone(), class).is_some() {
                    findings.fault(format!("{path}: {name} is there twice"));
                }
            }
            Ok(class) => findings.fault(format!("{path}: {} is not the class {name}", class.name)),
            Err(fault) => findings.fault(format!("{path}: {}: {fault}", entry.path)),
        }
    }
}

/// A class and what it extends, as far as it is ours.
fn line<'a>(name: &str, classes: &'a BTreeMap<String, Class>) -> Vec<&'a Class> {
    let mut line = Vec::new();
    let mut next = classes.get(name);
    while let Some(class) = next {
        if line.len() > classes.len() {
            break;
        }
        line.push(class);
        next = classes.get(&class.extends);
    }
    line
}

fn module(name: &str, classes: &BTreeMap<String, Class>, names: &BTreeSet<String>, findings: &mut Findings) {
    let line = line(&name.replace('.', "/"), classes);
    let Some(class) = line.first() else {
        findings.fault(format!("android: no archive has the class {name} of plugins"));
        return;
    };
    let root = line.last().map_or("", |class| class.extends.as_str());
    if ![MODULE, DESTROYABLE].contains(&root) {
        findings.fault(format!("android: {name} is no module: it extends {root}"));
    }
    if !made_by_the_runtime(class) {
        findings.fault(format!(
            "android: the runtime cannot make a {name}: it needs a public constructor without parameters"
        ));
    }
    let mut found = BTreeSet::new();
    let exports = line.iter().flat_map(|class| &class.methods);
    let is_export =
        |method: &&Method| method.annotations.iter().any(|kind| kind == EXPORT) && !method.is_synthetic;
    for method in exports.filter(is_export) {
        if !method.is_public || method.is_static {
            findings.fault(format!("android: {} is exported and cannot be called", method.name));
        }
        if !found.insert(method.name.clone()) {
            findings.fault(format!(
                "android: {} is exported twice, and the runtime knows one of each name",
                method.name
            ));
        }
    }
    findings.faults.extend(difference(&found, names, &format!("android: {name}")));
}

fn hook(name: &str, classes: &BTreeMap<String, Class>, findings: &mut Findings) {
    let line = line(&name.replace('.', "/"), classes);
    let Some(class) = line.first() else {
        findings.fault(format!("android: no archive has the class {name} of hooksClass"));
        return;
    };
    if !line.iter().any(|class| class.implements.iter().any(|kind| kind == HOOK)) {
        findings.fault(format!("android: {name} is no hook: it does not implement UniAppHookProxy"));
    }
    if !made_by_the_runtime(class) {
        findings.fault(format!(
            "android: the runtime cannot make a {name}: it needs a public constructor without parameters"
        ));
    }
}

fn made_by_the_runtime(class: &Class) -> bool {
    let plain = |method: &Method| method.name == "<init>" && method.descriptor == "()V" && method.is_public;
    class.is_public && !class.is_abstract && class.methods.iter().any(plain)
}

fn of_others(classes: &BTreeMap<String, Class>, findings: &mut Findings) {
    for name in classes.keys() {
        if OF_OTHERS.iter().any(|folder| name.starts_with(folder)) {
            findings.fault(format!(
                "android: {name} is a class of the app's own runtime; twice breaks the build"
            ));
        }
    }
}

/// Each processor that is named has its library, and each library is one that phones load.
fn libraries(abis: &[&str], header: &str, held: &Held, findings: &mut Findings) {
    for abi in abis {
        if !held.libraries.contains_key(&((*abi).to_owned(), LIBRARY.to_owned())) {
            findings
                .missing(format!("android: {LIBRARY} for {abi} (`cargo xtask android`, which needs an NDK)"));
        }
    }
    for ((abi, name), bytes) in &held.libraries {
        let path = format!("{abi}/{name}");
        if !abis.contains(&abi.as_str()) {
            findings.fault(format!("android: {path} is for a processor that abis does not name"));
        }
        if name != LIBRARY {
            findings.fault(format!("android: nobody loads {path}"));
            continue;
        }
        let faults = super::super::library::faults(bytes, abi, header, &natives(&held.classes));
        findings.faults.extend(faults.into_iter().map(|fault| format!("android: {path}: {fault}")));
    }
}

/// The functions that the library has to have for Java's native methods.
fn natives(classes: &BTreeMap<String, Class>) -> Vec<String> {
    let escaped = |name: &str| name.replace('_', "_1").replace('/', "_");
    let natives = classes.values().flat_map(|class| class.methods.iter().map(move |method| (class, method)));
    let natives = natives.filter(|(_, method)| method.is_native);
    natives
        .map(|(class, method)| format!("Java_{}_{}", escaped(&class.name), escaped(&method.name)))
        .collect()
}
