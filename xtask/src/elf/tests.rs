//! Small libraries, made here with the C compiler, each with one thing wrong.

use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::elf::{Elf, Rules, System};

const HEADER: &str = "int whinchat_call(int id); /* answers a whinchat_deliver */ void whinchat_stop(void);";
const SOURCE: &str = "\
int puts(const char *);\n\
static int counter = 1;\n\
static int *const cell = &counter;\n\
__attribute__((visibility(\"hidden\"))) int sqlite3_open(void) { return **(int *const volatile *)&cell; }\n\
int whinchat_call(int id) { return id + sqlite3_open(); }\n\
void whinchat_stop(void) { counter++; puts(\"stopped\"); }\n";
/// How the library that ships is linked.
const FLAGS: &[&str] =
    &["-s", "-Wl,-soname,libwhinchat.so", "-Wl,-z,max-page-size=16384", "-Wl,-z,common-page-size=16384"];

/// A folder of one test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("whinchat-elf-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The bytes of a library of this source.
fn linked(source: &str, flags: &[&str]) -> Vec<u8> {
    let folder = Folder::new();
    let (from, to) = (folder.0.join("library.c"), folder.0.join("library.so"));
    std::fs::write(&from, source).unwrap();
    let output = Command::new(std::env::var_os("CC").unwrap_or_else(|| "cc".into()))
        .args(["-shared", "-fPIC", "-O1", "-g"])
        .arg(&from)
        .args(flags)
        .arg("-o")
        .arg(&to)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    std::fs::read(to).unwrap()
}

fn faults(bytes: &[u8]) -> Vec<String> {
    Rules::new(System::Linux, HEADER, true).faults(&Elf::read(bytes).unwrap())
}

/// The faults of a library that was linked with other flags than it should be.
fn faults_with(change: impl Fn(&str) -> Option<&'static str>, more: &[&str]) -> Vec<String> {
    let kept = FLAGS.iter().map(|flag| change(flag).unwrap_or(flag)).filter(|flag| !flag.is_empty());
    faults(&linked(SOURCE, &kept.chain(more.iter().copied()).collect::<Vec<_>>()))
}

/// Each fault that was found holds one of these words, and each word was found.
fn assert_only(faults: &[String], words: &[&str]) {
    let known = |fault: &String| words.iter().any(|word| fault.contains(word));
    assert!(faults.iter().all(known), "{words:?}: {faults:#?}");
    assert!(
        words.iter().all(|word| faults.iter().any(|fault| fault.contains(word))),
        "{words:?}: {faults:#?}"
    );
}

#[test]
fn a_library_that_is_linked_as_it_ships_has_no_fault() {
    let bytes = linked(SOURCE, FLAGS);
    assert_eq!(faults(&bytes), Vec::<String>::new());
    let elf = Elf::read(&bytes).unwrap();
    assert_eq!(elf.exports, ["whinchat_call", "whinchat_stop"]);
    assert!(elf.needed.contains(&"libc.so.6".to_owned()), "{:?}", elf.needed);
    assert!(elf.is_64_bit == cfg!(target_pointer_width = "64"));
}

#[test]
fn pages_of_four_kilobytes_are_found() {
    let small = |flag: &str| flag.contains("page-size").then_some("");
    let more = ["-Wl,-z,max-page-size=4096", "-Wl,-z,common-page-size=4096"];
    assert_only(&faults_with(small, &more), &["aligned to 4096 bytes, not to 16384"]);
}

#[test]
fn a_symbol_too_many_and_one_too_few_are_found() {
    let source = SOURCE.replace("__attribute__((visibility(\"hidden\")))", "");
    assert_only(&faults(&linked(&source, FLAGS)), &["exports sqlite3_open"]);
    let source = SOURCE.replace("void whinchat_stop", "static __attribute__((used)) void whinchat_stop");
    assert_only(&faults(&linked(&source, FLAGS)), &["does not export whinchat_stop"]);
}

#[test]
fn the_faces_of_the_library_may_be_exported() {
    let rules = Rules::new(System::Android, HEADER, true);
    for name in
        ["JNI_OnLoad", "Java_im_whinchat_uniapp_Native_call", "uniffi_whinchat_ffi_fn_x", "whinchat_call"]
    {
        assert!(rules.may_export(name), "{name}");
    }
    for name in [
        "Java_im_other_Native_call",
        "sqlite3_open",
        "ring_core_0_17_x",
        "whinchat_deliver",
        "_ZN3std",
        "JNI_On",
    ] {
        assert!(!rules.may_export(name), "{name}");
    }
}

#[test]
fn what_a_phone_does_not_have_is_found() {
    let more = ["-Wl,--no-as-needed", "-Wl,-l:libdl.so.2", "-Wl,-rpath,/home/builder/lib"];
    assert_only(
        &faults_with(|_| None, &more),
        &["needs libdl.so.2", "looks for libraries in /home/builder/lib"],
    );
    let rules = Rules::new(System::Android, HEADER, true);
    let found = rules.faults(&Elf::read(&linked(SOURCE, FLAGS)).unwrap());
    assert_only(&found, &["needs libc.so.6, which is not on every device"]);
}

#[test]
fn names_and_debug_information_that_were_left_are_found() {
    let whole = |flag: &str| (flag == "-s").then_some("");
    assert_only(&faults_with(whole, &[]), &["not stripped"]);
    let nameless = |flag: &str| flag.contains("soname").then_some("");
    assert_only(&faults_with(nameless, &[]), &["calls itself nothing"]);
}

#[test]
fn a_stack_that_can_be_executed_is_found() {
    assert_only(&faults_with(|_| None, &["-Wl,-z,execstack"]), &["stack that can be executed"]);
}

/// Code with an address in it, which only the loader knows.
#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
#[test]
fn code_that_the_loader_has_to_change_is_found() {
    let source = format!("{SOURCE}__asm__(\".text\\n.quad whinchat_call\\n\");\n");
    let mut flags = FLAGS.to_vec();
    flags.push("-Wl,-z,notext");
    assert_only(&faults(&linked(&source, &flags)), &["text relocations"]);
}

#[test]
fn what_is_no_library_is_refused_in_a_sentence() {
    let bytes = linked(SOURCE, FLAGS);
    assert!(Elf::read(b"#!/bin/sh\n").unwrap_err().contains("no ELF file"));
    assert!(Elf::read(b"\x7fELF").unwrap_err().contains("kind of ELF"));
    // Cut short anywhere: an error or what is left, and never a panic.
    for end in (0..bytes.len()).step_by(7) {
        let _ = Elf::read(bytes.get(..end).unwrap_or_default());
    }
    // So with a byte that is another one, in the headers first of all.
    let headers = (0..1_024).chain(bytes.len().saturating_sub(2_048)..bytes.len());
    for at in headers {
        for value in [0x00, 0x01, 0x7f, 0xff] {
            let mut broken = bytes.clone();
            if let Some(byte) = broken.get_mut(at) {
                *byte = value;
            }
            if let Ok(elf) = Elf::read(&broken) {
                let _ = Rules::new(System::Linux, HEADER, true).faults(&elf);
            }
        }
    }
}
