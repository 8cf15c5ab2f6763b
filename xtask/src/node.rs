//! Folders of JavaScript: installed, built, and left alone while nothing in them has changed.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where it is remembered what was built from which files.
const STAMPS: &str = "target/node";
/// Folders that hold what comes out, not what goes in.
const OUTPUTS: &[&str] = &["node_modules", "dist", "unpackage"];

/// Does `work` for a folder unless it was done for exactly these files and what came out is still there.
pub(crate) fn once(
    name: &str,
    inputs: &[&str],
    output: &str,
    work: impl FnOnce() -> Result<(), String>,
) -> Result<(), String> {
    let stamp = PathBuf::from(STAMPS).join(name);
    let state = format!("{:016x}", fingerprint(inputs)?);
    if Path::new(output).exists() && fs::read_to_string(&stamp).is_ok_and(|done| done == state) {
        return Ok(());
    }
    println!("== {name}: built, because its files are new or changed");
    work()?;
    let noted = fs::create_dir_all(STAMPS).and_then(|()| fs::write(&stamp, state));
    noted.map_err(|error| format!("{} cannot be written: {error}", stamp.display()))
}

/// Installs what the lock file of a folder says, without running anything of it.
pub(crate) fn install(folder: &str) -> Result<(), String> {
    let quiet = ["--ignore-scripts", "--no-audit", "--no-fund"];
    // Registries that leave out what other systems need make `ci` refuse the lock file; `install` keeps to it as well.
    run(folder, "npm", &[&["ci"], &quiet[..]].concat())
        .or_else(|_| run(folder, "npm", &[&["install", "--no-save"], &quiet[..]].concat()))
}

/// Runs a program in a folder. What it says is shown only when it fails.
pub(crate) fn run(folder: &str, program: &str, args: &[&str]) -> Result<(), String> {
    let output = Command::new(program)
        .args(args)
        .current_dir(folder)
        .output()
        .map_err(|error| format!("{program} did not start: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    Err(format!("{program} {} failed in {folder}:\n{}", args.join(" "), said.trim_end()))
}

/// Tells one state of the files from another.
fn fingerprint(inputs: &[&str]) -> Result<u64, String> {
    let mut files = Vec::new();
    for input in inputs {
        collect(Path::new(input), &mut files).map_err(|error| format!("{input} cannot be read: {error}"))?;
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        file.hash(&mut hasher);
        fs::read(&file)
            .map_err(|error| format!("{} cannot be read: {error}", file.display()))?
            .hash(&mut hasher);
    }
    Ok(hasher.finish())
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let is_output = OUTPUTS.iter().any(|output| entry.file_name() == *output);
        if !is_output && !entry.file_type()?.is_symlink() {
            collect(&entry.path(), files)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_follows_what_goes_in_and_not_what_comes_out() {
        let folder = std::env::temp_dir().join(format!("xtask-node-{}", std::process::id()));
        fs::create_dir_all(folder.join("src")).unwrap();
        fs::create_dir_all(folder.join("node_modules/a")).unwrap();
        fs::write(folder.join("src/a.ts"), "1").unwrap();
        let inputs = [folder.to_str().unwrap()];
        let before = fingerprint(&inputs).unwrap();
        fs::write(folder.join("node_modules/a/b.js"), "1").unwrap();
        assert_eq!(fingerprint(&inputs).unwrap(), before);
        fs::write(folder.join("src/a.ts"), "2").unwrap();
        assert_ne!(fingerprint(&inputs).unwrap(), before);
        fs::remove_dir_all(folder).unwrap();
    }
}
