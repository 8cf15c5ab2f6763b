//! A new file lasts once its folder is synced as well. That is said in the own file, so that it is done once and not at
//! every opening; of the log files beside the two, SQLite syncs the names by itself.

use std::path::Path;

use rusqlite::Connection;

use super::outbox::{account, set_account};
use crate::error::Result;
use crate::platform::files;

/// Set to [`KEPT`] once both names are on the disk.
const KEY: &str = "names";
const KEPT: &str = "kept";

/// To be called before the cache is made: a process killed before [`keep`] leaves it to the next one.
pub(super) fn about_to_change(own: &Connection) -> Result<()> {
    if is_kept(own)? { set_account(own, KEY, "") } else { Ok(()) }
}

/// Puts the names of both files on the disk, unless they are there.
pub(super) fn keep(own: &Connection, folder: &Path) -> Result<()> {
    if is_kept(own)? {
        return Ok(());
    }
    files::keep_names(folder)?;
    if let Err(error) = set_account(own, KEY, KEPT) {
        // A full disk, say: the next opening syncs once more.
        tracing::debug!(code = error.code, "that the files have lasting names could not be noted");
    }
    Ok(())
}

fn is_kept(own: &Connection) -> Result<bool> {
    Ok(account(own, KEY)?.as_deref() == Some(KEPT))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::Runtime;
    use crate::store::Store;
    use std::sync::Arc;

    async fn open(folder: &Path) -> Result<bool> {
        let runtime = Arc::new(Runtime::new()?);
        let (store, _) = Store::open(&runtime, folder, false)?;
        store.close().await;
        noted(folder)
    }

    fn noted(folder: &Path) -> Result<bool> {
        is_kept(&Connection::open(folder.join("own.db")).unwrap())
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn that_the_names_last_is_noted_and_not_while_a_new_cache_is_being_made() {
        let folder = tempfile::tempdir().unwrap();
        assert!(open(folder.path()).await.unwrap());
        let cache = folder.path().join("cache.db");
        std::fs::remove_file(&cache).unwrap();
        // Its making fails half way.
        std::os::unix::fs::symlink(folder.path().join("nowhere/cache.db"), &cache).unwrap();
        open(folder.path()).await.unwrap_err();
        assert!(!noted(folder.path()).unwrap());
        std::fs::remove_file(&cache).unwrap();
        assert!(open(folder.path()).await.unwrap());
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn what_is_noted_is_not_done_again() {
        let folder = tempfile::tempdir().unwrap();
        assert!(open(folder.path()).await.unwrap());
        let own = Connection::open(folder.path().join("own.db")).unwrap();
        // A folder that cannot be synced.
        let nowhere = folder.path().join("nowhere");
        keep(&own, &nowhere).unwrap();
        about_to_change(&own).unwrap();
        keep(&own, &nowhere).unwrap_err();
    }
}
