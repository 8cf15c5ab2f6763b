//! A small package made of real files, and the class files and libraries in it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use super::super::{Findings, Package, Target, check, core_archive, names};

/// The processor whose libraries the compiler of this machine makes.
pub(super) const ABI: &str = if cfg!(target_arch = "aarch64") { "arm64-v8a" } else { "x86_64" };
/// What the library of a good package exports.
pub(super) const FUNCTIONS: &str =
    "int whinchat_call(int id) { return id; } int Java_im_whinchat_Native_call(void) { return 0; }";
const HEADER: &str = "int whinchat_call(int id);";
const CONTRACT: &str = "# Every method.\n\n1  [S] login\n2.5  [S] sendMessage\n";
const EXPORT: &str = "Lio/dcloud/feature/uniapp/annotation/UniJSMethod;";
const DESCRIPTION: &str = r#"{
  "name": "Whinchat IM", "id": "Whinchat-IM", "version": "1.2.3", "description": "An IM", "_dp_type": "nativeplugin",
  "_dp_nativeplugin": {
    "android": {
      "plugins": [{ "type": "module", "name": "Whinchat-IM", "class": "im.Module" }], "hooksClass": "im.Hook",
      "integrateType": "aar", "dependencies": [], "abis": ["ABI"], "minSdkVersion": "21",
      "parameters": { "server": { "des": "The server", "key": "im.server" } }
    },
    "ios": {
      "plugins": [{ "type": "module", "name": "Whinchat-IM", "class": "Module" }], "hooksClass": "Hook",
      "integrateType": "framework", "frameworks": ["UIKit.framework", "WhinchatFFI.framework"], "embedFrameworks": ["WhinchatFFI.framework"], "deploymentTarget": "13.0",
      "validArchitectures": ["arm64"], "parameters": { "server": { "des": "The server", "key": "Server" } }
    }
  }
}"#;
const RULES: &str = "-keepattributes *Annotation*\n-keep class * extends io.dcloud.feature.uniapp.UniAppHookProxy\n\
    -keep class * extends io.dcloud.feature.uniapp.common.UniModule\n-keepclasseswithmembers class im.** { native <methods>; }";
const MANIFEST: &str = "<manifest><uses-permission android:name=\"android.permission.INTERNET\"/>\
    <uses-permission android:name=\"android.permission.ACCESS_NETWORK_STATE\"/></manifest>";
const PRIVACY: &str = "<key>NSPrivacyTracking</key><key>NSPrivacyTrackingDomains</key>\
    <key>NSPrivacyCollectedDataTypes</key><key>NSPrivacyAccessedAPITypes</key>";

/// A package in a folder of its own that goes with it.
pub(super) struct Made {
    root: PathBuf,
    name: String,
    pub(super) exports: &'static str,
    pub(super) target: Target,
}

impl Made {
    pub(super) fn good() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        static GOOD: OnceLock<Vec<u8>> = OnceLock::new();
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let root = std::env::temp_dir().join(format!("whinchat-pack-{}-{number}", std::process::id()));
        let exports = "UNI_EXPORT_METHOD(@selector(login:callback:))\nUNI_EXPORT_METHOD(@selector(sendMessage:callback:))\n";
        let made = Self { root, name: "Whinchat-IM".into(), exports, target: Target::Phones };
        made.write("package.json", DESCRIPTION.replace("ABI", ABI).as_bytes());
        made.write("ios/PrivacyInfo.xcprivacy", PRIVACY.as_bytes());
        made.write("android/whinchat-im.aar", b"lies opened beside");
        for (part, text) in
            [("proguard.txt", RULES), ("AndroidManifest.xml", MANIFEST), ("R.txt", ""), ("classes.jar", "")]
        {
            made.write_opened(part, text.as_bytes());
        }
        made.write_opened(&format!("jni/{ABI}/libwhinchat.so"), GOOD.get_or_init(|| library(&[], FUNCTIONS)));
        let init = || method("<init>", "()V").public();
        made.write_class("im/Module", &class("im/Module", "im/Methods", &[], &[init()]));
        made.write_class("im/Methods", &methods(&["login", "sendMessage"]));
        made.write_class(
            "im/Hook",
            &class("im/Hook", "java/lang/Object", &["io/dcloud/feature/uniapp/UniAppHookProxy"], &[init()]),
        );
        let call = method("call", "(I)I").native();
        made.write_class(
            "im/whinchat/Native",
            &class("im/whinchat/Native", "java/lang/Object", &[], &[call]),
        );
        made
    }

    pub(super) fn findings(&self) -> Findings {
        let names: BTreeSet<String> = names(CONTRACT);
        check(&Package {
            folder: &self.folder(),
            opened: &self.root.join("opened"),
            names: &names,
            exports: self.exports,
            header: HEADER,
            version: "1.2.3",
            target: self.target,
        })
    }

    /// The same archive, taken for that of the UTS plugin.
    pub(super) fn core_findings(&self) -> Findings {
        let mut findings = Findings::default();
        core_archive(&self.opened(""), &[ABI], HEADER, &mut findings);
        findings
    }

    fn folder(&self) -> PathBuf {
        self.root.join(&self.name)
    }

    fn opened(&self, path: &str) -> PathBuf {
        self.root.join("opened/whinchat-im.aar").join(path)
    }

    pub(super) fn rename(&mut self, name: &str) {
        fs::rename(self.folder(), self.root.join(name)).unwrap();
        self.name = name.into();
    }

    pub(super) fn write(&self, path: &str, bytes: &[u8]) {
        write(&self.folder().join(path), bytes);
    }

    pub(super) fn remove(&self, path: &str) {
        fs::remove_file(self.folder().join(path)).unwrap();
    }

    pub(super) fn rewrite(&self, path: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.folder().join(path)).unwrap();
        assert!(text.contains(from), "{path} has no {from}");
        self.write(path, text.replacen(from, to, 1).as_bytes());
    }

    #[cfg(unix)]
    pub(super) fn link(&self, path: &str, to: &str) {
        fs::create_dir_all(self.folder().join(path).parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(to, self.folder().join(path)).unwrap();
    }

    pub(super) fn write_opened(&self, path: &str, bytes: &[u8]) {
        write(&self.opened(path), bytes);
    }

    pub(super) fn write_class(&self, name: &str, bytes: &[u8]) {
        self.write_opened(&format!("classes/{name}.class"), bytes);
    }

    pub(super) fn remove_opened(&self, path: &str) {
        fs::remove_file(self.opened(path)).unwrap();
    }

    pub(super) fn move_opened(&self, from: &str, to: &str) {
        fs::create_dir_all(self.opened(to).parent().unwrap()).unwrap();
        fs::rename(self.opened(from), self.opened(to)).unwrap();
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

fn write(file: &Path, bytes: &[u8]) {
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, bytes).unwrap();
}

/// A library as it ships, but for its functions and for more flags.
pub(super) fn library(flags: &[&str], functions: &str) -> Vec<u8> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("whinchat-pack-library-{}-{number}", std::process::id()));
    write(&folder.join("library.c"), functions.as_bytes());
    let output = Command::new(std::env::var_os("CC").unwrap_or_else(|| "cc".into()))
        .current_dir(&folder)
        .args([
            "-shared",
            "-fPIC",
            "-nostdlib",
            "-s",
            "-Wl,-soname,libwhinchat.so",
            "-Wl,-z,max-page-size=16384",
        ])
        .args(["-Wl,-z,common-page-size=16384", "library.c", "-o", "library.so"])
        .args(flags)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let bytes = fs::read(folder.join("library.so")).unwrap();
    fs::remove_dir_all(folder).unwrap();
    bytes
}

/// A method of a class file.
#[derive(Clone)]
pub(super) struct Method {
    name: String,
    descriptor: &'static str,
    flags: u16,
    is_exported: bool,
}

pub(super) fn method(name: &str, descriptor: &'static str) -> Method {
    Method { name: name.to_owned(), descriptor, flags: 0, is_exported: false }
}

impl Method {
    pub(super) fn public(mut self) -> Self {
        self.flags |= 0x0001;
        self
    }

    fn native(mut self) -> Self {
        self.flags |= 0x0100 | 0x0008;
        self
    }
}

/// The class that has the exports, as the shell's generated one.
pub(super) fn methods(exported: &[&str]) -> Vec<u8> {
    let export = |name: &&str| Method { is_exported: true, ..method(name, "(Ljava/lang/String;)V").public() };
    let methods: Vec<_> = exported.iter().map(export).collect();
    class("im/Methods", "io/dcloud/feature/uniapp/common/UniModule", &[], &methods)
}

/// A class file.
pub(super) fn class(name: &str, extends: &str, implements: &[&str], methods: &[Method]) -> Vec<u8> {
    let mut pool = Pool::default();
    let (this, base) = (pool.class(name), pool.class(extends));
    let mut body = Vec::new();
    for number in [0x0021, this, base, u16::try_from(implements.len()).unwrap()] {
        body.extend(number.to_be_bytes());
    }
    for name in implements {
        body.extend(pool.class(name).to_be_bytes());
    }
    body.extend(0_u16.to_be_bytes());
    body.extend(u16::try_from(methods.len()).unwrap().to_be_bytes());
    for method in methods {
        let (name, descriptor) = (pool.utf8(&method.name), pool.utf8(method.descriptor));
        for number in [method.flags, name, descriptor, u16::from(method.is_exported)] {
            body.extend(number.to_be_bytes());
        }
        if method.is_exported {
            let (attribute, kind, argument) =
                (pool.utf8("RuntimeVisibleAnnotations"), pool.utf8(EXPORT), pool.utf8("uiThread"));
            body.extend(attribute.to_be_bytes());
            body.extend(11_u32.to_be_bytes());
            for number in [1, kind, 1, argument] {
                body.extend(number.to_be_bytes());
            }
            body.push(b'Z');
            body.extend(argument.to_be_bytes());
        }
    }
    body.extend(0_u16.to_be_bytes());
    let mut file = vec![0xCA, 0xFE, 0xBA, 0xBE, 0, 0, 0, 52];
    file.extend((pool.count + 1).to_be_bytes());
    file.extend(pool.bytes);
    file.extend(body);
    file
}

#[derive(Default)]
struct Pool {
    bytes: Vec<u8>,
    count: u16,
}

impl Pool {
    fn utf8(&mut self, text: &str) -> u16 {
        self.bytes.push(1);
        self.bytes.extend(u16::try_from(text.len()).unwrap().to_be_bytes());
        self.bytes.extend(text.as_bytes());
        self.count += 1;
        self.count
    }

    fn class(&mut self, name: &str) -> u16 {
        let name = self.utf8(name);
        self.bytes.push(7);
        self.bytes.extend(name.to_be_bytes());
        self.count += 1;
        self.count
    }
}
