//! A package that is good, and what is said of it with one thing broken.

mod made;

use made::{ABI, Made, class, library, method};

use super::Target;

/// One thing is changed; everything that is said of it.
fn faults_after(change: impl FnOnce(&mut Made)) -> Vec<String> {
    let mut made = Made::good();
    change(&mut made);
    made.findings().faults
}

/// Each of the faults holds the words, and there is one.
fn assert_says(faults: &[String], words: &str) {
    assert!(!faults.is_empty() && faults.iter().all(|fault| fault.contains(words)), "{words:?}: {faults:#?}");
}

fn description_with(from: &'static str, to: &'static str) -> Vec<String> {
    faults_after(|made| made.rewrite("package.json", from, to))
}

#[test]
fn a_good_package_has_no_fault_and_says_what_only_others_can_build() {
    let findings = Made::good().findings();
    assert_eq!(findings.faults, Vec::<String>::new());
    assert_says(&findings.missing, "on a Mac");
}

#[test]
fn without_a_library_for_a_processor_it_is_incomplete_and_not_broken() {
    let made = Made::good();
    made.remove_opened(&format!("jni/{ABI}/libwhinchat.so"));
    let findings = made.findings();
    assert_eq!(findings.faults, Vec::<String>::new());
    assert!(findings.missing.iter().any(|missing| missing.contains(ABI)), "{findings:?}");
}

#[test]
fn without_the_shells_classes_it_is_broken() {
    assert_says(&faults_after(|made| made.remove("android/whinchat-im.aar")), "the shell's classes");
}

#[test]
fn the_folder_is_called_like_the_id() {
    assert_says(&faults_after(|made| made.rename("Whinchat")), "the folder is called \"Whinchat\"");
}

#[test]
fn what_the_vendor_has_no_place_for_is_refused() {
    let misplaced = [
        ("Android/x.aar", "lower case"),
        ("IOS/x.a", "lower case"),
        ("notes.txt", "no such thing"),
        ("android/classes.dex", "looks for nothing there"),
        ("ios/shell.m", "looks for nothing there"),
        ("ios/WhinchatFFI.framework/Versions/A/W", "flat"),
        (".DS_Store", "somebody's machine"),
        ("ios/BundleResources/.git/config", "somebody's machine"),
    ];
    for (path, words) in misplaced {
        let faults = faults_after(|made| made.write(path, b"x"));
        assert!(
            faults.iter().any(|fault| fault.contains(path) && fault.contains(words)),
            "{path}: {faults:#?}"
        );
    }
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_is_refused() {
    let faults = faults_after(|made| made.link("ios/BundleResources/here", "/"));
    assert_says(&faults, "symbolic link");
}

#[test]
fn a_runtime_in_the_package_is_refused() {
    let faults = faults_after(|made| made.write("android/libs/fastjson-1.2.83.jar", b"x"));
    assert_says(&faults, "the app's own runtime has this");
}

#[test]
fn more_than_the_free_packaging_takes_is_refused() {
    let faults = faults_after(|made| made.write("ios/BundleResources/film", &vec![0; 41 << 20]));
    assert_says(&faults, "40 MB");
}

#[test]
fn a_comment_in_the_description_is_refused() {
    assert_says(&description_with("{\n", "{\n// our plugin\n"), "line 2: JSON has no comments");
}

#[test]
fn slips_in_the_description_are_found() {
    let slips = [
        ("\"id\": \"Whinchat-IM\"", "\"id\": \"7Whinchat\"", "a letter in front"),
        ("\"version\": \"1.2.3\"", "\"version\": \"1.2.2\"", "1.2.3 is being packed"),
        ("\"_dp_type\": \"nativeplugin\"", "\"_dp_type\": \"plugin\"", "_dp_type"),
        ("\"hooksClass\": \"im.Hook\"", "\"hookClass\": \"im.Hook\"", "hook"),
        (
            "\"name\": \"Whinchat-IM\", \"class\": \"im.Module\"",
            "\"name\": \"IM\", \"class\": \"im.Module\"",
            "has to be called Whinchat-IM",
        ),
        (
            "\"name\": \"Whinchat-IM\", \"class\": \"Module\"",
            "\"name\": \"Whinchat-IM-2\", \"class\": \"Module\"",
            "different names",
        ),
        (
            "\"type\": \"module\", \"name\": \"Whinchat-IM\", \"class\": \"im",
            "\"type\": \"component\", \"name\": \"Whinchat-IM\", \"class\": \"im",
            "are modules",
        ),
        ("\"integrateType\": \"aar\"", "\"integrateType\": \"jar\"", "aar"),
        ("\"minSdkVersion\": \"21\"", "\"minSdkVersion\": 21", "minSdkVersion has to be a text"),
        ("\"minSdkVersion\": \"21\"", "\"minSdkVersion\": \"19\"", "21 or more"),
        ("\"dependencies\": []", "\"dependencies\": [\"androidx.core:core:1.0\"]", "built in"),
        ("\"dependencies\": []", "\"dependencies\": [\"kotlin\"]", "group:artifact:version"),
        ("\"key\": \"im.server\"", "\"kye\": \"im.server\"", "parameters.server"),
        ("\"integrateType\": \"framework\"", "\"integrateType\": \"library\"", "framework"),
        ("\"deploymentTarget\": \"13.0\"", "\"deploymentTarget\": \"12.0\"", "deploymentTarget"),
        (
            "\"validArchitectures\": [\"arm64\"]",
            "\"validArchitectures\": [\"arm64\", \"x86_64\"]",
            "simulator",
        ),
        ("\"UIKit.framework\"", "\"UIKit\"", "needs its ending"),
    ];
    for (from, to, words) in slips {
        let faults = description_with(from, to);
        assert!(faults.iter().any(|fault| fault.contains(words)), "{to}: {faults:#?}");
    }
}

#[test]
fn a_processor_that_there_is_not_is_refused() {
    let faults = faults_after(|made| made.rewrite("package.json", ABI, "arm64"));
    assert!(faults.iter().any(|fault| fault.contains("there is no arm64")), "{faults:#?}");
}

#[test]
fn classes_that_the_description_names_have_to_be_there() {
    let faults = faults_after(|made| made.remove_opened("classes/im/Module.class"));
    assert_says(&faults, "no archive has the class im.Module");
    let faults = faults_after(|made| made.remove_opened("classes/im/Hook.class"));
    assert_says(&faults, "no archive has the class im.Hook");
}

#[test]
fn a_class_that_the_runtime_cannot_use_is_refused() {
    let module = |extends: &str, methods: &[made::Method]| class("im/Module", extends, &[], methods);
    let init = method("<init>", "()V").public();
    let faults = faults_after(|made| {
        made.write_class("im/Module", &module("java/lang/Object", std::slice::from_ref(&init)))
    });
    assert!(faults.iter().any(|fault| fault.contains("is no module")), "{faults:#?}");
    let hidden = method("<init>", "()V");
    let faults = faults_after(|made| made.write_class("im/Module", &module("im/Methods", &[hidden])));
    assert_says(&faults, "cannot make a im.Module");
    let faults =
        faults_after(|made| made.write_class("im/Hook", &class("im/Hook", "java/lang/Object", &[], &[init])));
    assert_says(&faults, "is no hook");
    let faults = faults_after(|made| made.write_class("im/Module", b"nothing"));
    assert!(faults.iter().any(|fault| fault.contains("no class file")), "{faults:#?}");
}

#[test]
fn both_platforms_have_the_methods_of_the_contract() {
    let fewer = |made: &mut Made| made.write_class("im/Methods", &made::methods(&["login"]));
    assert_says(&faults_after(fewer), "android: im.Module lacks sendMessage");
    let more =
        |made: &mut Made| made.write_class("im/Methods", &made::methods(&["login", "sendMessage", "shout"]));
    assert_says(&faults_after(more), "has shout, which the contract does not know");
    let twice =
        |made: &mut Made| made.write_class("im/Methods", &made::methods(&["login", "sendMessage", "login"]));
    assert_says(&faults_after(twice), "login is exported twice");
    assert_says(
        &faults_after(|made| made.exports = "UNI_EXPORT_METHOD(@selector(login:))"),
        "ios: the module lacks sendMessage",
    );
}

#[test]
fn other_peoples_classes_are_refused() {
    for name in [
        "io/dcloud/weex/AppHookProxy",
        "com/taobao/weex/X",
        "com/alibaba/fastjson/JSON",
        "android/app/Application",
    ] {
        let faults = faults_after(|made| made.write_class(name, &class(name, "java/lang/Object", &[], &[])));
        assert_says(&faults, "the app's own runtime");
    }
}

#[test]
fn the_archive_has_what_an_apps_build_asks_for() {
    for part in ["AndroidManifest.xml", "R.txt", "proguard.txt", "classes.jar"] {
        let faults = faults_after(|made| made.remove_opened(part));
        assert!(faults.iter().any(|fault| fault.contains(&format!("has no {part}"))), "{part}: {faults:#?}");
    }
    let faults = faults_after(|made| made.write_opened("proguard.txt", b"-keep class im.Other"));
    assert_says(&faults, "rules for the shrinker");
    let faults = faults_after(|made| made.write_opened("AndroidManifest.xml", b"<manifest/>"));
    assert_says(&faults, "does not ask for");
}

#[test]
fn a_library_that_phones_cannot_load_is_refused() {
    let path = format!("jni/{ABI}/libwhinchat.so");
    let small = library(&["-Wl,-z,max-page-size=4096", "-Wl,-z,common-page-size=4096"], made::FUNCTIONS);
    assert_says(&faults_after(|made| made.write_opened(&path, &small)), "aligned to 4096 bytes");
    let mute = library(&[], "int whinchat_call(int id) { return id; }");
    assert_says(
        &faults_after(|made| made.write_opened(&path, &mute)),
        "Java_im_whinchat_Native_call, which the shell calls",
    );
    let other = if ABI == "x86_64" { "arm64-v8a" } else { "x86_64" };
    let faults = faults_after(|made| made.rewrite("package.json", ABI, other));
    assert_says(&faults, "a processor that abis does not name");
    let faults = faults_after(|made| {
        made.rewrite("package.json", ABI, other);
        made.move_opened(&path, &format!("jni/{other}/libwhinchat.so"));
    });
    assert_says(&faults, "for another processor");
    assert_says(&faults_after(|made| made.write_opened(&path, b"nothing")), "ELF");
    let stray = format!("jni/{ABI}/libother.so");
    assert_says(&faults_after(|made| made.write_opened(&stray, b"x")), "nobody loads");
    assert_says(
        &faults_after(|made| made.write_opened("lib/libwhinchat.so", b"x")),
        "where no phone looks for it",
    );
}

#[test]
fn the_privacy_manifest_says_what_a_store_asks() {
    let faults = faults_after(|made| {
        made.rewrite("ios/PrivacyInfo.xcprivacy", "NSPrivacyAccessedAPITypes", "Nothing")
    });
    assert_says(&faults, "does not say NSPrivacyAccessedAPITypes");
}

#[test]
fn frameworks_are_of_the_kind_that_the_description_says() {
    let dynamic = b"\xcf\xfa\xed\xfe\x0c\0\0\x01\0\0\0\0\x06\0\0\0";
    let faults = faults_after(|made| made.write("ios/WhinchatIM.framework/WhinchatIM", dynamic));
    assert_says(&faults, "no static library");
    let faults = faults_after(|made| made.write("ios/WhinchatFFI.framework/WhinchatFFI", b"!<arch>\n"));
    assert_says(&faults, "no dynamic library for arm64");
    let mut simulator = dynamic.to_vec();
    simulator[4] = 7;
    let faults = faults_after(|made| made.write("ios/WhinchatFFI.framework/WhinchatFFI", &simulator));
    assert_says(&faults, "no dynamic library for arm64");
    let faults = faults_after(|made| made.write("ios/Other.framework/Other", dynamic));
    assert_says(&faults, "nobody asks for Other.framework");
    let listed = "\"embedFrameworks\": [\"WhinchatFFI.framework\"]";
    let faults = description_with(listed, "\"embedFrameworks\": []");
    assert_says(&faults, "has to stand in embedFrameworks");
}

#[test]
fn a_hosts_package_needs_no_library_of_a_phone() {
    let mut made = Made::good();
    made.target = Target::Host;
    made.remove_opened(&format!("jni/{ABI}/libwhinchat.so"));
    let findings = made.findings();
    assert_eq!((findings.faults.len(), findings.missing.len()), (0, 0), "{findings:?}");
}

#[test]
fn the_archive_of_the_uts_plugin_knows_nothing_of_the_vendors_native_plugins() {
    let made = Made::good();
    for name in ["Core", "Page", "Sink", "AndroidApp"] {
        let name = format!("im/whinchat/uniapp/{name}");
        made.write_class(&name, &class(&name, "java/lang/Object", &[], &[]));
    }
    let faults = made.core_findings().faults;
    assert!(faults.iter().any(|fault| fault.contains("im/Methods names io/dcloud/")), "{faults:#?}");
    assert!(faults.iter().any(|fault| fault.contains("im/Hook names io/dcloud/")), "{faults:#?}");
    made.remove_opened("classes/im/Methods.class");
    made.remove_opened("classes/im/Module.class");
    made.remove_opened("classes/im/Hook.class");
    assert_eq!(made.core_findings().faults, Vec::<String>::new());
    made.remove_opened("classes/im/whinchat/uniapp/Core.class");
    assert_says(&made.core_findings().faults, "the class im/whinchat/uniapp/Core");
}
