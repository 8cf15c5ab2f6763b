//! Damage that is met while running is remembered beside the file: the next opening sets the file aside, even if it
//! happens not to touch the damaged page itself.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::{Error, ErrorCode, Result};
use crate::platform::files;

/// Remembers damage of one file; the default remembers nothing, for a file that nobody may throw away.
#[derive(Clone, Debug, Default)]
pub(crate) struct Suspect(Option<Arc<PathBuf>>);

impl Suspect {
    /// Of a file that can be fetched again.
    pub(crate) fn of(file: &Path) -> Self {
        Self(Some(Arc::new(files::beside(file, ".suspect"))))
    }

    /// Looks at a result on its way to the caller.
    pub(crate) fn look<T>(&self, result: Result<T>) -> Result<T> {
        if let (Err(error), Some(marker)) = (&result, &self.0)
            && error.is(ErrorCode::StoreUnreadable)
        {
            Self::note(marker, error);
        }
        result
    }

    fn note(marker: &Path, damage: &Error) {
        match files::write(marker, damage.message.as_bytes()) {
            Ok(()) => tracing::warn!(%damage, "the cache is damaged; it is set aside when it is opened next"),
            // The next opening may still notice by itself.
            Err(error) => tracing::warn!(%damage, %error, "the cache is damaged, which could not be noted"),
        }
    }

    /// Whether an earlier run met damage.
    pub(crate) fn is_noted(&self) -> Result<bool> {
        self.0.as_ref().map_or(Ok(false), |marker| Ok(files::read(marker)?.is_some()))
    }

    /// The damaged file is out of the way.
    pub(crate) fn forget(&self) -> Result<()> {
        self.0.as_ref().map_or(Ok(()), |marker| files::remove(marker))
    }
}
