//! What is generated from the table of methods is fresh in the repository.
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;

use whinchat_bridge::generate;

#[test]
fn generated_files_are_fresh() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut stale = Vec::new();
    for file in generate::files() {
        let path = root.join(file.path);
        if std::env::var_os("WHINCHAT_WRITE_BINDINGS").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &file.text).unwrap();
        }
        if std::fs::read_to_string(&path).unwrap_or_default() != file.text {
            stale.push(file.path);
        }
    }
    assert!(stale.is_empty(), "stale: {stale:?}; run `cargo xtask bindings`");
}

#[test]
fn the_same_table_gives_the_same_files() {
    assert_eq!(generate::files(), generate::files());
}
