//! Where a command gets server, app id and key from: flags first, then the development file.

use std::path::Path;

use whinchat_server::AppKey;

use crate::args::KeyArgs;
use crate::development::Development;
use crate::failure::Failure;

/// An app and the key of its UserSigs.
#[derive(Debug)]
pub struct AppAndKey {
    /// The app.
    pub app_id: u64,
    /// Its key.
    pub key: AppKey,
}

/// Reads a file that holds a key: everything in it but white space at the ends.
///
/// # Errors
///
/// A sentence when it cannot be read or is empty.
pub fn read_key(path: &Path) -> Result<AppKey, Failure> {
    let text = read_secret(path, "key")?;
    warn_if_others_can_read(path);
    Ok(AppKey::new(text))
}

/// Reads a small secret from a file.
///
/// # Errors
///
/// A sentence when it cannot be read or is empty.
pub fn read_secret(path: &Path, what: &str) -> Result<String, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        Failure::new(format!("The {what} file {} cannot be read: {error}.", path.display()))
    })?;
    let text = text.trim();
    if text.is_empty() {
        return Err(Failure::new(format!("The {what} file {} is empty.", path.display())));
    }
    Ok(text.to_owned())
}

fn warn_if_others_can_read(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        if std::fs::metadata(path).is_ok_and(|meta| meta.permissions().mode() & 0o077 != 0) {
            tracing::warn!(file = %path.display(), "other users of this machine can read the key file (chmod 600 it)");
        }
    }
}

impl KeyArgs {
    /// App and key.
    ///
    /// # Errors
    ///
    /// A sentence that says what is missing and where it could come from.
    pub fn resolve(&self) -> Result<AppAndKey, Failure> {
        if let Some(path) = &self.key_file {
            let app_id = self.app_id.ok_or_else(|| Failure::usage("--key-file needs --app-id beside it."))?;
            return Ok(AppAndKey { app_id, key: read_key(path)? });
        }
        let file = self.development()?;
        Ok(AppAndKey { app_id: self.app_id.unwrap_or(file.app_id), key: file.key })
    }

    /// The development file of the data folder.
    ///
    /// # Errors
    ///
    /// A sentence when there is none.
    pub fn development(&self) -> Result<Development, Failure> {
        Development::read(&self.data)?.ok_or_else(|| {
            Failure::new(format!(
                "There is no development server in {}: start `whinchat serve` here first, name its folder with --data, \
                 or give --app-id and --key-file.",
                self.data.display()
            ))
        })
    }
}
