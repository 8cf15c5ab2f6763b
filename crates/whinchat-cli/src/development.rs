//! The development file: what `whinchat serve` without a configuration leaves in its data folder, so that `chat` and
//! `sig` on the same machine find the server and the key by themselves.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use whinchat_server::AppKey;

use crate::failure::Failure;

/// Its name in the data folder.
pub const FILE_NAME: &str = "development.toml";
/// Random bytes of a made key; written in hex.
const KEY_BYTES: usize = 32;
const HEADER: &str = "# Written by `whinchat serve` for development on this machine. The key lets its holder log in as anybody.\n";

/// What the file holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Development {
    /// The server's address, such as `ws://127.0.0.1:7200`.
    pub server: String,
    /// The app that it serves.
    pub app_id: u64,
    /// The key that signs its UserSigs.
    pub key: AppKey,
}

/// Where the file of a data folder is.
#[must_use]
pub fn path_in(data: &Path) -> PathBuf {
    data.join(FILE_NAME)
}

impl Development {
    /// Reads the file of a data folder; none when there is no file.
    ///
    /// # Errors
    ///
    /// A sentence when it cannot be read or understood.
    pub fn read(data: &Path) -> Result<Option<Self>, Failure> {
        let path = path_in(data);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error)
                if matches!(
                    error.kind(),
                    std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory
                ) =>
            {
                return Ok(None);
            }
            Err(error) => return Err(Failure::new(format!("{} cannot be read: {error}.", path.display()))),
        };
        // The parser's own report quotes the line, and the line may be the key.
        let parsed = toml::from_str(&text);
        parsed.map(Some).map_err(|error: toml::de::Error| {
            Failure::new(format!(
                "{} is damaged ({}); move it away and start `whinchat serve` again to get a new key.",
                path.display(),
                error.message()
            ))
        })
    }

    /// Writes the file so that only its owner can read it, whole or not at all.
    ///
    /// # Errors
    ///
    /// A sentence when the folder cannot be written.
    pub fn write(&self, data: &Path) -> Result<(), Failure> {
        let path = path_in(data);
        let attempt = || -> std::io::Result<()> {
            std::fs::create_dir_all(data)?;
            let body = toml::to_string(self).map_err(std::io::Error::other)?;
            // A named temporary file is made with mode 0600.
            let mut file = tempfile::NamedTempFile::new_in(data)?;
            file.write_all(HEADER.as_bytes())?;
            file.write_all(body.as_bytes())?;
            file.as_file().sync_all()?;
            file.persist(&path)?;
            Ok(())
        };
        attempt().map_err(|error| Failure::new(format!("{} cannot be written: {error}.", path.display())))
    }
}

/// A new random key.
///
/// # Errors
///
/// A sentence when the system has no randomness to give.
pub fn new_key() -> Result<AppKey, Failure> {
    let mut bytes = [0_u8; KEY_BYTES];
    getrandom::fill(&mut bytes)
        .map_err(|error| Failure::new(format!("The system gave no random bytes for a key: {error}.")))?;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(AppKey::new(hex))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_comes_back_and_is_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("not/yet/there");
        assert_eq!(Development::read(&data).unwrap(), None);
        let written =
            Development { server: "ws://127.0.0.1:7200".into(), app_id: 7, key: new_key().unwrap() };
        assert_eq!(written.key.expose().len(), 2 * KEY_BYTES);
        written.write(&data).unwrap();
        assert_eq!(Development::read(&data).unwrap(), Some(written));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(path_in(&data)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn a_damaged_file_is_reported_without_its_key() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(path_in(folder.path()), "key = \"very-secret\nserver = 3").unwrap();
        let failure = Development::read(folder.path()).unwrap_err().to_string();
        assert!(failure.contains("development.toml is damaged"), "{failure}");
        assert!(!failure.contains("very-secret"), "{failure}");
    }
}
