//! What has to be on the machine. A missing thing is named in one line, with what to install.

use std::ffi::OsString;
use std::process::{Command, Stdio};

use crate::step::cargo;

fn runs(program: &OsString, args: &[&str]) -> bool {
    Command::new(program)
        .args(args)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// What every build needs.
pub(crate) fn to_build() -> Result<(), String> {
    let compiler = std::env::var_os("CC").unwrap_or_else(|| "cc".into());
    if runs(&compiler, &["--version"]) {
        return Ok(());
    }
    Err(format!(
        "no C compiler `{}`, which the bundled SQLite needs: install gcc or clang (Debian: apt-get install build-essential), or set CC",
        compiler.to_string_lossy()
    ))
}

/// What the tests need besides.
pub(crate) fn to_test() -> Result<(), String> {
    to_build()?;
    if !runs(&cargo(), &["fmt", "--version"]) {
        return Err("no rustfmt: run `rustup component add rustfmt`".into());
    }
    if !runs(&cargo(), &["clippy", "--version"]) {
        return Err("no clippy: run `rustup component add clippy`".into());
    }
    Ok(())
}

/// The checker of dependencies.
pub(crate) fn deny() -> Result<(), String> {
    if runs(&cargo(), &["deny", "--version"]) {
        return Ok(());
    }
    Err("cargo-deny is not installed: run `cargo install --locked cargo-deny`".into())
}
