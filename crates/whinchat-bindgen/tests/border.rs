//! The library that was built with this test, and the code that is written from it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use camino::Utf8PathBuf;
use whinchat_bindgen::{Language, contract, generate};

/// Cargo puts it where it puts the test.
fn library() -> Utf8PathBuf {
    let test = Utf8PathBuf::from_path_buf(std::env::current_exe().unwrap()).unwrap();
    let folder = test.parent().unwrap();
    let found = ["libwhinchat.so", "libwhinchat.dylib"].map(|name| folder.join(name));
    found.into_iter().find(|path| path.exists()).expect("the library beside the test")
}

#[test]
fn the_library_says_the_number_of_its_border() {
    let is = contract(&library()).unwrap();
    let says = whinchat::whinchat_ffi::whinchat_ffi_contract();
    assert_eq!(says, is, "the border has changed: write {is:#018x} into crates/whinchat-ffi/src/contract.rs");
}

#[test]
fn the_code_of_both_languages_carries_the_number_and_checks_nothing_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let out = Utf8PathBuf::from_path_buf(folder.path().to_owned()).unwrap();
    let number = format!("0x{:016x}", contract(&library()).unwrap());
    generate(&library(), Language::Kotlin, &out).unwrap();
    generate(&library(), Language::Swift, &out).unwrap();
    let read = |path: &str| std::fs::read_to_string(out.join(path)).unwrap();
    assert!(read("im/whinchat/ffi/Contract.kt").contains(&format!("{number}uL")));
    assert!(read("Contract.swift").contains(&number));
    let kotlin = [read("im/whinchat/ffi/whinchat_ffi.kt"), read("im/whinchat/ffi/core/whinchat_core.kt")];
    let swift = [read("WhinchatGenerated.swift"), read("WhinchatCoreGenerated.swift")];
    for code in kotlin.iter().chain(&swift) {
        let calls_a_checksum = code.lines().any(|line| line.contains("_checksum_") && line.contains("!="));
        assert!(!calls_a_checksum, "a checksum that differs would end the process");
    }
}

#[test]
fn a_file_without_a_border_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let text = Utf8PathBuf::from_path_buf(folder.path().join("text.so")).unwrap();
    std::fs::write(&text, "no library").unwrap();
    let stripped = text.with_file_name("stripped.so");
    let strip =
        std::process::Command::new("strip").args(["-o", stripped.as_str(), library().as_str()]).status();
    let mut refused = vec![text, Utf8PathBuf::from("nowhere.so")];
    if strip.is_ok_and(|status| status.success()) {
        refused.push(stripped);
    }
    for path in refused {
        assert!(contract(&path).is_err(), "{path}");
    }
}
