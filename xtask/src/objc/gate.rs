//! The export gate: the shell is compiled for Apple's target, and what the vendor's runtime would find in it is held against
//! the list of methods. There is no SDK of Apple's here, so its declarations are stood in for by a few of our own.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::objdump::{self, Class};
use super::{HEADER, SHELL, names, object, said, sources};

/// Where objects go.
const OUT: &str = "target/uniapp/ios-gate";
/// The module and its place among classes that are not ours.
const MODULE: &str = "WhinchatIMModule";
const BASE: &str = "DCUniModule";
/// What a method looks like: nothing back; object, selector, the options, the callback, two that nobody reads.
const TYPES: &str = "v48@0:8@16@?24@32@40";
const SELECTOR: &str = ":callback:ignored:ignored:";
/// What makes a class method an export.
const EXPORT: &str = "wx_export_method_";

/// What the shell may want of others, besides Apple's own runtime and frameworks: the vendor's base class, and our library.
const WANTED: &[&str] = &["_OBJC_CLASS_$_DCUniModule", "_OBJC_METACLASS_$_DCUniModule"];
const WANTED_FUNCTIONS: &[&str] = &[
    "_NSLog",
    "_NSSearchPathForDirectoriesInDomains",
    "_NSStringFromClass",
    "_NSStringFromSelector",
    "__Block_object_assign",
    "__Block_object_dispose",
    "__NSConcreteGlobalBlock",
    "__NSConcreteStackBlock",
    "__Unwind_Resume",
    "___CFConstantStringClassReference",
    "___objc_personality_v0",
    "___stack_chk_fail",
    "___stack_chk_guard",
    "__objc_empty_cache",
    "__objc_empty_vtable",
    "_dispatch_queue_create",
    "_memcpy",
    "_memset",
    "_memset_pattern16",
];
const WANTED_FAMILIES: &[&str] = &[
    "_objc_",
    "_whinchat_",
    "_nw_path_monitor_",
    "_OBJC_CLASS_$_NS",
    "_OBJC_METACLASS_$_NS",
    "_OBJC_EHTYPE_",
];
const WANTED_OF_UIKIT: &[&str] = &["_OBJC_CLASS_$_UIDevice"];

/// Compiles the shell, looks at it, and makes sure that it would see what is wrong with a broken one.
pub(crate) fn run() -> Result<(), String> {
    let names = names::all()?;
    let folder = Path::new(OUT);
    // Objects of sources that are gone would be looked at as well.
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder).map_err(|error| format!("{OUT} cannot be made: {error}"))?;
    let mut files = sources(SHELL)?;
    files.extend(sources(&format!("{SHELL}/generated"))?);
    let mut objects = Vec::new();
    for file in &files {
        let to = object(file, folder);
        compile(file, &to, true)?;
        objects.push(to);
    }
    let module = folder.join(MODULE).with_extension("o");
    let mut wrong = exports(&module, &names)?;
    wrong.extend(hook(&folder.join("WhinchatIMPlugin.o"))?);
    wrong.extend(symbols(&objects)?);
    if !wrong.is_empty() {
        return Err(wrong.join("\n"));
    }
    let caught = broken(&names, folder)?;
    let size = sizes(&objects)?;
    println!(
        "{} methods exported by {MODULE} for arm64-apple-ios13.0, {size} KB of code and data; {caught} broken shells refused",
        names.len()
    );
    Ok(())
}

fn compile(source: &Path, to: &Path, strict: bool) -> Result<(), String> {
    let mut command = Command::new("clang");
    command.args(["-target", "arm64-apple-ios13.0", "-fobjc-arc", "-fblocks", "-Os", "-Wall", "-Wextra"]);
    // Without this the C library's headers of this machine are read for those of Apple's.
    command.arg("-nostdlibinc");
    if strict {
        command.args(["-Werror", "-Werror=undeclared-selector"]);
    } else {
        command.arg("-w");
    }
    for folder in [&format!("{SHELL}/gate/sdk"), &format!("{SHELL}/vendor"), SHELL, HEADER] {
        command.arg(format!("-I{folder}"));
    }
    said(command.arg("-c").arg(source).arg("-o").arg(to)).map(drop)
}

/// What is wrong with the exports of the module.
fn exports(object: &Path, names: &BTreeSet<String>) -> Result<Vec<String>, String> {
    let classes = objdump::classes(object)?;
    let Some(module) = classes.get(MODULE) else {
        return Ok(vec![format!("{} defines no {MODULE}", object.display())]);
    };
    let selected = objdump::named_selectors(object)?;
    Ok(compare(module, &selected, names))
}

/// Each name has one export, each export's selector a method, each method the types of one that takes options and a callback.
fn compare(module: &Class, selected: &BTreeSet<String>, names: &BTreeSet<String>) -> Vec<String> {
    let mut wrong = Vec::new();
    let exports: BTreeSet<_> =
        module.of_class.iter().map(|(name, _)| name).filter(|name| name.starts_with(EXPORT)).collect();
    if exports.len() != names.len() || exports.len() != module.of_class.len() {
        wrong.push(format!("there are {} exports for {} names", exports.len(), names.len()));
    }
    for (selector, types) in &module.of_objects {
        if types != TYPES {
            wrong.push(format!("{selector} has the types {types} and not {TYPES}"));
        }
    }
    let methods: BTreeSet<_> = module.of_objects.iter().map(|(selector, _)| selector.clone()).collect();
    let expected: BTreeSet<_> = names.iter().map(|name| format!("{name}{SELECTOR}")).collect();
    // The module sends other selectors, and none of these.
    let exported: BTreeSet<_> = selected.iter().filter(|text| text.ends_with(SELECTOR)).cloned().collect();
    wrong.extend(expected.difference(&exported).map(|selector| format!("{selector} is not exported")));
    wrong.extend(
        exported.difference(&methods).map(|selector| format!("{selector} is exported and no method")),
    );
    wrong.extend(
        methods.difference(&expected).map(|selector| format!("{selector} is a method and no name of ours")),
    );
    wrong
}

/// The class that `hooksClass` names hears of background and foreground.
fn hook(object: &Path) -> Result<Vec<String>, String> {
    let classes = objdump::classes(object)?;
    let heard = |selector: &str| {
        let hook = classes.get("WhinchatIMPlugin");
        hook.is_some_and(|hook| {
            hook.of_objects.iter().any(|(name, types)| name == selector && types == "v24@0:8@16")
        })
    };
    let events = ["applicationDidEnterBackground:", "applicationWillEnterForeground:"];
    Ok(events
        .iter()
        .filter(|event| !heard(event))
        .map(|event| format!("the hook does not hear {event}"))
        .collect())
}

/// What the objects want that nobody gives them.
fn symbols(objects: &[PathBuf]) -> Result<Vec<String>, String> {
    let wanted = objdump::undefined(objects)?;
    let mut wrong: Vec<_> = wanted
        .iter()
        .filter(|symbol| !is_allowed(symbol))
        .map(|symbol| format!("{symbol} is wanted, and nobody may be asked for it"))
        .collect();
    wrong.extend(
        WANTED
            .iter()
            .filter(|symbol| !wanted.contains(**symbol))
            .map(|symbol| format!("{symbol} is not wanted: no {BASE}?")),
    );
    Ok(wrong)
}

fn is_allowed(symbol: &str) -> bool {
    [WANTED, WANTED_FUNCTIONS, WANTED_OF_UIKIT].iter().any(|list| list.contains(&symbol))
        || WANTED_FAMILIES.iter().any(|family| symbol.starts_with(family))
}

/// Breaks the module in the ways that people do, and gives how many were refused.
fn broken(names: &BTreeSet<String>, folder: &Path) -> Result<usize, String> {
    let source = format!("{SHELL}/generated/{MODULE}.m");
    let good = fs::read_to_string(&source).map_err(|error| format!("{source} cannot be read: {error}"))?;
    let export = "UNI_EXPORT_METHOD(@selector(getVersion:callback:ignored:ignored:))\n";
    let method = "- (void)getVersion:(id)options callback:(UniModuleKeepAliveCallback)callback";
    // What is done to the source, whether the compiler has to see it, and what has to be said.
    let breaks: [(&str, String, bool, &str); 4] = [
        (
            "a selector of no method",
            good.replace(export, &export.replace("getVersion", "getVersoin")),
            true,
            "getVersoin:callback:ignored:ignored: is exported and no method",
        ),
        (
            "a callback that is no block",
            good.replace(method, "- (void)getVersion:(id)options callback:(id)callback"),
            false,
            "getVersion:callback:ignored:ignored: has the types v48@0:8@16@24@32@40",
        ),
        (
            "an export left out",
            good.replace(export, "\n"),
            false,
            "getVersion:callback:ignored:ignored: is not exported",
        ),
        (
            "two exports on a line",
            good.replace(export, &format!("{} {export}", export.trim_end())),
            true,
            "duplicate declaration",
        ),
    ];
    for (what, text, seen_by_compiler, expected) in &breaks {
        if *text == good {
            return Err(format!("{source}: the gate does not know how to break it any more ({what})"));
        }
        let file = folder.join("broken.m");
        fs::write(&file, text).map_err(|error| format!("{} cannot be written: {error}", file.display()))?;
        let object = folder.join("broken.o");
        if *seen_by_compiler && compile(&file, &object, true).is_ok() {
            return Err(format!("the compiler takes {what}"));
        }
        let found = compile(&file, &object, false).and_then(|()| exports(&object, names));
        let found = found.map_or_else(|error| error, |wrong| wrong.join("\n"));
        if !found.contains(expected) {
            return Err(format!("the gate does not see {what}; it says: {found}"));
        }
    }
    Ok(breaks.len())
}

/// Kilobytes that the objects add to an app.
fn sizes(objects: &[PathBuf]) -> Result<u64, String> {
    let text = said(Command::new("llvm-size").arg("-m").args(objects))?;
    // The sum of each object; those of its segments are indented.
    let segments = text.lines().filter_map(|line| line.strip_prefix("total ")?.trim().parse::<u64>().ok());
    Ok(segments.sum::<u64>() / 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_exports_is_named() {
        let method = |name: &str| (format!("{name}{SELECTOR}"), TYPES.to_owned());
        let export = |line: u32| (format!("{EXPORT}{line}"), "@16@0:8".to_owned());
        let names: BTreeSet<_> = ["init", "login"].map(str::to_owned).into();
        let selected = |names: [&str; 2]| names.map(|name| format!("{name}{SELECTOR}")).into();
        let good = Class {
            superclass: BASE.into(),
            of_objects: vec![method("init"), method("login")],
            of_class: vec![export(1), export(5)],
        };
        assert!(compare(&good, &selected(["init", "login"]), &names).is_empty());
        let wrong = compare(&good, &selected(["init", "logni"]), &names);
        assert_eq!(wrong.len(), 2, "{wrong:?}");
        let one = Class { of_class: vec![export(1)], ..good };
        assert_eq!(compare(&one, &selected(["init", "login"]), &names).len(), 1);
    }

    #[test]
    fn only_what_every_app_has_may_be_wanted() {
        for symbol in ["_objc_retain", "_whinchat_call", "_OBJC_CLASS_$_NSLock", "_OBJC_CLASS_$_DCUniModule"]
        {
            assert!(is_allowed(symbol), "{symbol}");
        }
        for symbol in ["_dlsym", "_OBJC_CLASS_$_WXSDKManager", "_malloc", "_OBJC_CLASS_$_UIApplication"] {
            assert!(!is_allowed(symbol), "{symbol}");
        }
    }
}
