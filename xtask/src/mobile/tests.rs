//! Builds with programs that only write down what they were asked for: what is decided before and after them is real.
#![cfg(unix)]

use std::collections::HashMap;
use std::ffi::OsString;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::{fs, iter};

use super::tools::Tools;
use super::{HEADERS, android, apple};

/// Logs its arguments, and puts the folder's library where the real one would be built.
const CARGO: &str = "\
here=$(dirname \"$0\")\n\
echo \"cargo $*\" >> \"$here/log\"\n\
env | grep -E '^(CARGO_TARGET_|CC_|AR_|IPHONEOS_|MACOSX_)' | grep -v '^CARGO_TARGET_DIR=' | sort >> \"$here/log\"\n\
case $* in *generate*) for last; do :; done; echo '/* generated */' > \"$last/Some.h\"; exit;; esac\n\
while [ $# -gt 0 ]; do case $1 in --target) target=$2;; --target-dir) folder=$2;; esac; shift; done\n\
mkdir -p \"$folder/$target/mobile\"\n\
cp \"$here/library\" \"$folder/$target/mobile/libwhinchat.so\"\n\
cp \"$here/library\" \"$folder/$target/mobile/libwhinchat.dylib\"\n";
/// Has what lies in `targets`.
const RUSTC: &str = "echo \"$(dirname \"$0\")/targets/$4\"\n";

/// A machine with as much on it as a test wants.
struct Machine {
    folder: PathBuf,
    tools: Tools,
}

impl Drop for Machine {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Machine {
    fn new(host: &'static str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("whinchat-mobile-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).unwrap();
        let tools = Tools {
            folder: Some(folder.clone()),
            variables: Some(HashMap::new()),
            target: folder.join("target"),
            host,
        };
        let machine = Self { folder, tools };
        machine.program("cargo", CARGO);
        machine.program("rustc", RUSTC);
        machine.program("gzip", "exec gzip \"$@\"\n");
        machine
    }

    /// Writes files through a shell: one that was open for writing here a moment ago may not be executed while another test's
    /// child still holds it.
    fn program(&self, name: &str, script: &str) {
        let path = self.folder.join(name);
        let written = Command::new("sh")
            .args(["-c", "printf '#!/bin/sh\\n%s' \"$2\" > \"$1\"", "sh"])
            .arg(&path)
            .arg(script)
            .status();
        assert!(written.unwrap().success());
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn set(&mut self, name: &'static str, value: impl Into<OsString>) {
        self.tools.variables.get_or_insert_default().insert(name, value.into());
    }

    fn with_targets(self, targets: &[&str]) -> Self {
        for target in targets {
            fs::create_dir_all(self.folder.join("targets").join(target)).unwrap();
        }
        self
    }

    fn ndk(&self, at: &str, revision: &str) -> PathBuf {
        let ndk = self.folder.join(at);
        fs::create_dir_all(ndk.join("toolchains/llvm/prebuilt/linux-x86_64/bin")).unwrap();
        let properties = format!("Pkg.Desc = Android NDK\nPkg.Revision = {revision}\n");
        fs::write(ndk.join("source.properties"), properties).unwrap();
        ndk
    }

    /// A library for this machine with what the header declares, as the real one is linked.
    fn library(&self, more: &str) {
        let headers = ["whinchat.h", "whinchat_ffi.h"].map(|name| Path::new(HEADERS).join(name));
        let header: String = headers.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
        let functions = header.match_indices("whinchat_").filter_map(|(at, _)| header[at..].split_once('('));
        let names = functions
            .map(|(name, _)| name)
            .filter(|name| name.chars().all(|c| c == '_' || c.is_alphanumeric()));
        let mut names: Vec<&str> = names.collect();
        names.dedup();
        let source: String = names
            .iter()
            .map(|name| format!("void {name}(void) {{}}\n"))
            .chain(iter::once(more.into()))
            .collect();
        fs::write(self.folder.join("library.c"), source).unwrap();
        let output = Command::new(std::env::var_os("CC").unwrap_or_else(|| "cc".into()))
            .args(["-shared", "-fPIC", "-s", "-nostdlib", "-Wl,-soname,libwhinchat.so"])
            .args(["-Wl,-z,max-page-size=16384", "-Wl,-z,common-page-size=16384", "-o"])
            .arg(self.folder.join("library"))
            .arg(self.folder.join("library.c"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    fn android(&self, abis: &[&str]) -> Result<(), String> {
        let abis: Vec<String> = abis.iter().map(|&abi| abi.to_owned()).collect();
        android::run(&self.tools, &abis)
    }
}

/// A refusal is one line that holds all these words.
fn assert_refused(result: Result<(), String>, words: &[&str]) {
    let message = result.unwrap_err();
    assert!(!message.contains('\n'), "{message}");
    for word in words {
        assert!(message.contains(word), "{word}: {message}");
    }
}

const ANDROID: [&str; 4] =
    ["aarch64-linux-android", "armv7-linux-androideabi", "x86_64-linux-android", "i686-linux-android"];

#[test]
fn without_an_ndk_it_says_how_to_get_one() {
    let mut machine = Machine::new("linux");
    assert_refused(machine.android(&[]), &["no Android NDK, r27", "sdkmanager", "ANDROID_NDK_HOME"]);
    // An SDK without one is no better.
    machine.set("ANDROID_HOME", machine.folder.join("sdk"));
    assert_refused(machine.android(&[]), &["no Android NDK"]);
    machine.set("ANDROID_NDK_HOME", machine.folder.join("nowhere"));
    assert_refused(machine.android(&[]), &["ANDROID_NDK_HOME", "nowhere is no NDK"]);
    assert_refused(machine.android(&["arm64"]), &["no ABI arm64", "arm64-v8a"]);
}

#[test]
fn an_ndk_that_is_too_old_or_for_another_system_is_named() {
    let mut machine = Machine::new("linux");
    machine.set("ANDROID_NDK_ROOT", machine.ndk("old", "21.4.7075529"));
    assert_refused(machine.android(&[]), &["ANDROID_NDK_ROOT", "NDK 21.4.7075529", "r27 or newer"]);
    machine.set("ANDROID_NDK_ROOT", machine.ndk("new", "28.2.13676358"));
    machine.tools.host = "macos";
    assert_refused(machine.android(&[]), &["no compilers for this system", "darwin-x86_64"]);
}

#[test]
fn the_newest_ndk_of_an_sdk_is_taken_and_missing_targets_stand_in_one_line() {
    let mut machine = Machine::new("linux").with_targets(&["aarch64-linux-android", "i686-linux-android"]);
    machine.ndk("sdk/ndk/9.0.1", "9.0.1");
    machine.ndk("sdk/ndk/27.0.12077973", "27.0.12077973");
    machine.ndk("sdk/ndk/28.2.13676358", "28.2.13676358-beta1");
    machine.set("ANDROID_HOME", machine.folder.join("sdk"));
    assert_refused(machine.android(&[]), &["rustup target add armv7-linux-androideabi x86_64-linux-android"]);
    assert_eq!(machine.log(), "");
}

#[test]
fn each_abi_is_built_with_its_compiler_and_checked() {
    let mut machine = Machine::new("linux").with_targets(&ANDROID);
    machine.library("");
    let ndk = machine.ndk("ndk", "28.2.13676358");
    machine.set("ANDROID_NDK_HOME", &ndk);
    // The library is one for this machine: only the ABI of the same name can be right.
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    machine.android(&["x86_64"]).unwrap();
    let message = machine.android(&[]).unwrap_err();
    for (abi, number) in [("arm64-v8a", 62), ("armeabi-v7a", 62), ("x86", 62)] {
        let fault =
            format!("jniLibs/{abi}/libwhinchat.so: it is for another processor (ELF machine {number})");
        #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
        assert!(message.contains(&fault), "{fault}: {message}");
        #[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
        let _ = (&fault, &message);
    }
    let (log, bin) = (machine.log(), ndk.join("toolchains/llvm/prebuilt/linux-x86_64/bin"));
    for line in [
        "--profile mobile --crate-type cdylib --target aarch64-linux-android --target-dir".to_owned(),
        format!("CARGO_TARGET_AARCH64_LINUX_ANDROID_LINKER={}/aarch64-linux-android21-clang", bin.display()),
        format!("CC_armv7_linux_androideabi={}/armv7a-linux-androideabi21-clang", bin.display()),
        format!("AR_i686_linux_android={}/llvm-ar", bin.display()),
    ] {
        assert!(log.contains(&line), "{line}: {log}");
    }
}

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
#[test]
fn a_library_with_a_symbol_too_many_is_no_result() {
    let mut machine = Machine::new("linux").with_targets(&ANDROID);
    machine.library("void sqlite3_open(void) {}\n");
    machine.set("ANDROID_NDK_HOME", machine.ndk("ndk", "27.0.12077973"));
    assert_refused(machine.android(&["x86_64"]), &["exports sqlite3_open"]);
    machine.program("cargo", "exit 101\n");
    assert_refused(machine.android(&["x86_64"]), &["x86_64"]);
}

const APPLE: [&str; 5] = [
    "aarch64-apple-ios",
    "aarch64-apple-ios-sim",
    "x86_64-apple-ios",
    "aarch64-apple-darwin",
    "x86_64-apple-darwin",
];
const XCODEBUILD: &str = "echo \"xcodebuild $*\" >> \"$(dirname \"$0\")/log\"\n";
const LIPO: &str =
    "echo \"lipo $*\" >> \"$(dirname \"$0\")/log\"\nfor last; do :; done\necho binary > \"$last\"\n";

#[test]
fn what_a_mac_lacks_is_named_one_by_one() {
    assert_refused(apple::run(&Machine::new("linux").tools), &["on a Mac with Xcode", "linux"]);
    let machine = Machine::new("macos").with_targets(&["aarch64-apple-ios"]);
    assert_refused(apple::run(&machine.tools), &["no Xcode", "xcode-select"]);
    machine.program("xcodebuild", XCODEBUILD);
    assert_refused(apple::run(&machine.tools), &["no iOS SDK", "downloadPlatform"]);
    machine.program("xcrun", "exit 0\n");
    assert_refused(apple::run(&machine.tools), &["rustup target add aarch64-apple-ios-sim x86_64-apple-ios"]);
}

#[test]
fn an_xcframework_has_a_framework_for_each_kind_of_device() {
    let machine = Machine::new("macos").with_targets(&APPLE);
    fs::write(machine.folder.join("library"), "binary").unwrap();
    machine.program("xcodebuild", XCODEBUILD);
    machine.program("xcrun", "echo '/path (for architecture arm64):'; echo _whinchat_call\n");
    machine.program("lipo", LIPO);
    apple::run(&machine.tools).unwrap();

    let slices = machine.folder.join("target/apple/slices");
    let read =
        |path: &str| fs::read_to_string(slices.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    for slice in ["ios", "ios-simulator", "macos"] {
        let framework = |file: &str| read(&format!("{slice}/WhinchatFFI.framework/{file}"));
        assert!(framework("Headers/whinchat.h").contains("whinchat_call"));
        let map = framework("Modules/module.modulemap");
        assert!(map.starts_with("framework module WhinchatFFI"), "{map}");
        assert!(map.contains("header \"whinchat_ffi.h\"") && map.contains("header \"Some.h\""), "{map}");
        assert_eq!(framework("Headers/Some.h"), "/* generated */\n");
        assert_eq!(framework("WhinchatFFI"), "binary\n");
    }
    assert!(read("ios/WhinchatFFI.framework/PrivacyInfo.xcprivacy").contains("NSPrivacyTracking"));
    assert!(read("ios/WhinchatFFI.framework/Info.plist").contains("<string>iPhoneOS</string>"));
    assert!(
        read("macos/WhinchatFFI.framework/Versions/A/Resources/Info.plist")
            .contains("LSMinimumSystemVersion")
    );
    let link = fs::read_link(slices.join("macos/WhinchatFFI.framework/WhinchatFFI")).unwrap();
    assert_eq!(link, Path::new("Versions/Current/WhinchatFFI"));

    let log = machine.log();
    for line in [
        "--target x86_64-apple-ios",
        "-C link-arg=-Wl,-install_name,@rpath/WhinchatFFI.framework/WhinchatFFI\nIPHONEOS_DEPLOYMENT_TARGET=13.0",
        "-install_name,@rpath/WhinchatFFI.framework/Versions/A/WhinchatFFI\nMACOSX_DEPLOYMENT_TARGET=11.0",
        "xcodebuild -create-xcframework -framework",
    ] {
        assert!(log.contains(line), "{line}: {log}");
    }
    // Made anew over what is there, and refused when it shows more than its faces.
    machine.program("xcrun", "echo _whinchat_call; echo _sqlite3_open\n");
    assert_refused(apple::run(&machine.tools), &["exports what belongs to none of its faces: sqlite3_open"]);
}
