//! The generated part of the package: written from the library, next to the sources, and never committed.

use std::fs;
use std::path::Path;

use super::lighter::lighter;
use crate::step::Step;

/// Where the generator writes everything.
const WRITTEN: &str = "target/swift/generated";
const SWIFT: &str = "bindings/swift/Sources/WhinchatCore";
const HEADERS: &str = "bindings/swift/Sources/WhinchatFFI";
/// What is called before anything that was generated.
const BEFORE: &str = "crates/whinchat-mobile/include/whinchat_ffi.h";

/// Writes what calls the library in this folder, and the file by which SwiftPM finds the library.
pub(super) fn write(library_folder: &Path) -> Result<(), String> {
    let library =
        library_folder.join(if cfg!(target_os = "macos") { "libwhinchat.dylib" } else { "libwhinchat.so" });
    let library = library.to_string_lossy();
    let arguments =
        ["run", "--quiet", "--package", "whinchat-bindgen", "--", "generate", &library, "swift", WRITTEN];
    // The second holds nothing that is committed: in a new clone it is not there.
    for folder in [WRITTEN, SWIFT] {
        fs::create_dir_all(folder).map_err(|error| format!("{folder} cannot be written: {error}"))?;
    }
    Step::cargo("swift, generated part", &arguments).run()?;
    fs::copy(BEFORE, Path::new(WRITTEN).join("whinchat_ffi.h"))
        .map_err(|error| format!("{BEFORE} cannot be copied: {error}"))?;
    let listed = fs::read_dir(WRITTEN).map_err(|error| format!("{WRITTEN} cannot be read: {error}"))?;
    for entry in listed.filter_map(Result::ok) {
        let (path, name) = (entry.path(), entry.file_name());
        let folder = match path.extension().and_then(|kind| kind.to_str()) {
            Some("swift") => SWIFT,
            Some("h") => HEADERS,
            _ => continue,
        };
        let text = fs::read_to_string(&path);
        let mut text = text.map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
        // Beside what calls, there is the file with the number of the border.
        if folder == SWIFT && text.contains("createReader") {
            text = lighter(&text)?;
        }
        put(&Path::new(folder).join(name), text.as_bytes())?;
    }
    let found = format!(
        "Name: whinchat\nDescription: the library of Whinchat\nVersion: {}\nLibs: -L{} -lwhinchat\n",
        env!("CARGO_PKG_VERSION"),
        library_folder.display(),
    );
    let folder = library_folder.join("pkgconfig");
    fs::create_dir_all(&folder)
        .map_err(|error| format!("{} cannot be written: {error}", folder.display()))?;
    put(&folder.join("whinchat.pc"), found.as_bytes())
}

/// Leaves a file alone that is as it should be: its date says what has to be compiled.
fn put(path: &Path, text: &[u8]) -> Result<(), String> {
    if fs::read(path).is_ok_and(|there| there == text) {
        return Ok(());
    }
    fs::write(path, text).map_err(|error| format!("{} cannot be written: {error}", path.display()))
}
