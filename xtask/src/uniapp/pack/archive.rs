//! Archives, by the JDK's `jar`: it is there wherever the shell's classes can be compiled, it keeps the order that it is given,
//! and it writes one date into all of them, so that the same files make the same archive.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Within what the format can hold.
const DATE: &str = "2000-01-01T00:00:00Z";

/// Packs everything in a folder, or the folder itself where `inside` names it.
pub(super) fn make(archive: &Path, folder: &Path, inside: &str) -> Result<(), String> {
    let archive = absolute(archive)?;
    let _ = fs::remove_file(&archive);
    let mut files = Vec::new();
    let root = folder.join(inside);
    collect(folder, &root, &mut files)
        .map_err(|error| format!("{} cannot be read: {error}", root.display()))?;
    files.sort();
    // A list in a file: there may be more names than a command line holds.
    let list = archive.with_extension("list");
    let quoted: String = files.iter().map(|file| format!("\"{file}\"\n")).collect();
    fs::write(&list, quoted).map_err(|error| format!("{} cannot be written: {error}", list.display()))?;
    let mut command = Command::new("jar");
    command.current_dir(folder).args(["--create", "--no-manifest", "--date", DATE, "--file"]).arg(&archive);
    let done = run(command.arg(format!("@{}", list.display())));
    let _ = fs::remove_file(&list);
    done.map(drop)
}

/// Opens an archive into a new folder.
pub(super) fn open(archive: &Path, folder: &Path) -> Result<(), String> {
    let archive = absolute(archive)?;
    fs::create_dir_all(folder).map_err(|error| format!("{} cannot be made: {error}", folder.display()))?;
    run(Command::new("jar").current_dir(folder).args(["--extract", "--file"]).arg(archive)).map(drop)
}

/// The names in an archive, in its order.
pub(super) fn list(archive: &Path) -> Result<Vec<String>, String> {
    let said = run(Command::new("jar").args(["--list", "--file"]).arg(archive))?;
    Ok(said.lines().map(str::to_owned).collect())
}

fn run(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| format!("jar did not start: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(format!("jar: {}", String::from_utf8_lossy(&output.stderr).trim_end()))
}

fn absolute(path: &Path) -> Result<PathBuf, String> {
    std::path::absolute(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<String>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else {
            files.push(path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/"));
        }
    }
    Ok(())
}
