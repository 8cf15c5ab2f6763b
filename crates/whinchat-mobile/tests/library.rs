//! The shared library that cargo built with this test, held against the rules for the one that ships.
#![cfg(target_os = "linux")]
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::expect_used, unreachable_pub, unused_imports, dead_code)]

#[path = "../../../xtask/src/elf/mod.rs"]
mod elf;

use elf::{Elf, Rules, System};

const HEADERS: &str =
    concat!(include_str!("../include/whinchat.h"), include_str!("../include/whinchat_ffi.h"));

#[test]
fn the_library_exports_its_faces_and_nothing_else_and_fits_every_page() {
    let folder = std::env::current_exe().unwrap().parent().unwrap().to_owned();
    let library = std::fs::read(folder.join("libwhinchat.so")).unwrap();
    // Only the one that ships is stripped.
    let rules = Rules::new(System::Linux, HEADERS, false);
    assert_eq!(rules.faults(&Elf::read(&library).unwrap()), Vec::<String>::new());
}
