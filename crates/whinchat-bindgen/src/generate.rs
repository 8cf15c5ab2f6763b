//! Writing the code of the other side.

use std::fs;

use anyhow::{Result, bail};
use camino::{Utf8Path, Utf8PathBuf};
use uniffi_bindgen::bindings::{GenerateOptions, TargetLanguage, generate_with_bindgen_paths};
use uniffi_bindgen::{BindgenPaths, BindgenPathsLayer};

use crate::contract;

/// A language that code is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Kotlin, package `im.whinchat.ffi` and below.
    Kotlin,
    /// Swift, with the C headers that it needs.
    Swift,
}

impl std::str::FromStr for Language {
    type Err = anyhow::Error;
    fn from_str(name: &str) -> Result<Self> {
        match name {
            "kotlin" => Ok(Self::Kotlin),
            "swift" => Ok(Self::Swift),
            other => bail!("there is no language `{other}`; kotlin or swift"),
        }
    }
}

/// Where each crate's `uniffi.toml` is.
struct Workspace(Utf8PathBuf);

impl BindgenPathsLayer for Workspace {
    fn get_crate_root(&self, crate_name: &str) -> Option<Utf8PathBuf> {
        let root = self.0.join(crate_name.replace('_', "-"));
        root.exists().then_some(root)
    }
}

/// Writes the code that calls `library` into `folder`, and the number that belongs to it.
///
/// # Errors
///
/// The library cannot be read or was stripped, the folder cannot be written.
pub fn generate(library: &Utf8Path, language: Language, folder: &Utf8Path) -> Result<()> {
    let number = contract(library)?;
    let mut paths = BindgenPaths::default();
    let crates = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    paths.add_layer(Workspace(crates));
    let options = GenerateOptions {
        languages: vec![match language {
            Language::Kotlin => TargetLanguage::Kotlin,
            Language::Swift => TargetLanguage::Swift,
        }],
        source: library.to_owned(),
        out_dir: folder.to_owned(),
        ..GenerateOptions::default()
    };
    generate_with_bindgen_paths(options, paths)?;
    let docs = "What `whinchat_ffi_contract()` of the library says that this code was written for.";
    let (path, text) = match language {
        Language::Kotlin => (
            folder.join("im/whinchat/ffi/Contract.kt"),
            format!(
                "package im.whinchat.ffi\n\n/** {docs} */\ninternal const val CONTRACT: ULong = 0x{number:016x}uL\n"
            ),
        ),
        Language::Swift => (
            folder.join("Contract.swift"),
            format!("/// {docs}\npublic let whinchatContract: UInt64 = 0x{number:016x}\n"),
        ),
    };
    fs::write(path, text)?;
    Ok(())
}
