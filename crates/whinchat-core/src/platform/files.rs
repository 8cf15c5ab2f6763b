//! Folders and small files.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorCode, Result};

/// Name of the file whose lock stands for its folder.
const LOCK_FILE: &str = "lock";

/// Makes a folder and those above it, so that they outlive a power cut. Folders made here are for this user of the machine
/// alone.
pub(crate) fn create_dir_all(path: &Path) -> Result<()> {
    let mut missing: Vec<&Path> = Vec::new();
    let mut above = Some(path);
    while let Some(folder) = above.filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir()) {
        missing.push(folder);
        above = folder.parent();
    }
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    for folder in missing.into_iter().rev() {
        let made = match builder.create(folder) {
            // Somebody else was faster.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => Ok(()),
            made => made,
        };
        made.and_then(|()| folder.parent().map_or(Ok(()), sync_folder))
            .map_err(|error| cannot("the folder cannot be made", path, &error))?;
    }
    Ok(())
}

/// Puts the names of the files in a folder on the disk.
pub(crate) fn keep_names(folder: &Path) -> Result<()> {
    sync_folder(folder).map_err(|error| cannot("the folder cannot be synced", folder, &error))
}

/// The files of a folder whose names end with `suffix`, sorted by name; none when there is no such folder.
pub(crate) fn list(folder: &Path, suffix: &str) -> Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(cannot("the folder cannot be read", folder, &error)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| cannot("the folder cannot be read", folder, &error))?;
        if entry.file_name().to_string_lossy().ends_with(suffix) {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// The content of a file, or `None` when there is none.
pub(crate) fn read(path: &Path) -> Result<Option<Vec<u8>>> {
    read_begin(path, u64::MAX)
}

/// The same of a file that somebody else may have put there: of a larger one, a byte more than so many, whatever its size.
pub(crate) fn read_up_to(path: &Path, bytes: usize) -> Result<Option<Vec<u8>>> {
    read_begin(path, u64::try_from(bytes).unwrap_or(u64::MAX).saturating_add(1))
}

fn read_begin(path: &Path, bytes: u64) -> Result<Option<Vec<u8>>> {
    let mut content = Vec::new();
    match File::open(path).and_then(|file| file.take(bytes).read_to_end(&mut content)) {
        Ok(_) => Ok(Some(content)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::new(
            ErrorCode::StoreUnreadable,
            format!("the file {} cannot be read: {error}", path.display()),
        )),
    }
}

/// Puts `content` into a file so that a crash or a power cut leaves either the old content or the new.
pub(crate) fn write(path: &Path, content: &[u8]) -> Result<()> {
    let temporary = beside(path, ".tmp");
    let written = write_and_sync(&temporary, content)
        .and_then(|()| fs::rename(&temporary, path))
        .and_then(|()| path.parent().map_or(Ok(()), sync_folder));
    written.map_err(|error| {
        // Nothing more can be done about the leftover when even this fails; the next write replaces it.
        let _ = fs::remove_file(&temporary);
        cannot("the file cannot be written", path, &error)
    })
}

/// Gives a file another name, over whatever has that name. `false` when there is no such file.
pub(crate) fn rename(from: &Path, to: &Path) -> Result<bool> {
    match fs::rename(from, to) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(cannot("the file cannot be renamed", from, &error)),
    }
}

/// Removes a file, if there is one.
pub(crate) fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(cannot("the file cannot be removed", path, &error))
        }
        _ => Ok(()),
    }
}

/// `path` with `suffix` added to the file's name.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn write_and_sync(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

/// A rename is on the disk only when its folder is.
fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        File::open(folder)?.sync_all()
    }
    #[cfg(not(unix))]
    {
        // Other systems do not open folders as files, and order renames by themselves.
        let _ = folder;
        Ok(())
    }
}

fn cannot(what: &str, path: &Path, error: &io::Error) -> Error {
    Error::new(ErrorCode::FileSystem, format!("{what}: {}: {error}", path.display()))
}

/// Keeps other processes out of a folder for as long as it lives, however the process ends.
#[derive(Debug)]
pub(crate) struct FolderLock(File);

impl FolderLock {
    /// Takes the folder.
    pub(crate) fn acquire(folder: &Path) -> Result<Self> {
        let path = folder.join(LOCK_FILE);
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|error| cannot("the lock file cannot be opened", &path, &error))?;
        match try_lock(&file) {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(Error::new(
                ErrorCode::StoreUnreadable,
                format!("another process uses this folder: {}", folder.display()),
            )),
            // Some file systems have no locks. One process a folder is then the app's own care, as it mostly is anyway.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
                tracing::warn!(folder = %folder.display(), "this file system has no locks; the folder is not guarded");
                Ok(Self(file))
            }
            Err(TryLockError::Error(error)) => Err(cannot("the lock cannot be taken", &path, &error)),
        }
    }
}

impl Drop for FolderLock {
    fn drop(&mut self) {
        // Closing alone leaves it to whoever has a copy of the file: a process that another thread is just starting.
        unlock(&self.0);
    }
}

/// Gives a lock back, whoever else has the file. What fails here is given back by closing.
#[cfg(unix)]
fn unlock(file: &File) {
    let _ = rustix::fs::flock(file, rustix::fs::FlockOperation::Unlock);
}

#[cfg(not(unix))]
fn unlock(file: &File) {
    let _ = file.unlock();
}

/// Like [`File::try_lock`], which knows no locks on Android. Elsewhere on Unix it takes the same one.
#[cfg(unix)]
fn try_lock(file: &File) -> Result<(), TryLockError> {
    use rustix::fs::{FlockOperation, flock};
    use rustix::io::{Errno, retry_on_intr};
    retry_on_intr(|| flock(file, FlockOperation::NonBlockingLockExclusive)).map_err(|error| match error {
        Errno::WOULDBLOCK => TryLockError::WouldBlock,
        error => TryLockError::Error(error.into()),
    })
}

#[cfg(not(unix))]
fn try_lock(file: &File) -> Result<(), TryLockError> {
    file.try_lock()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_one_holder_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let held = FolderLock::acquire(folder.path()).unwrap();
        let error = FolderLock::acquire(folder.path()).unwrap_err();
        assert!(error.is(ErrorCode::StoreUnreadable));
        assert!(error.message.contains("another process uses this folder"));
        drop(held);
        FolderLock::acquire(folder.path()).unwrap();
    }

    #[test]
    fn a_lock_is_given_back_although_a_process_that_is_being_started_has_a_copy_of_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let held = FolderLock::acquire(folder.path()).unwrap();
        let copy = held.0.try_clone().unwrap();
        drop(held);
        FolderLock::acquire(folder.path()).unwrap();
        drop(copy);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_lock_is_the_one_that_the_standard_library_takes() {
        let folder = tempfile::tempdir().unwrap();
        let held = FolderLock::acquire(folder.path()).unwrap();
        let other = File::open(folder.path().join(LOCK_FILE)).unwrap();
        assert!(matches!(other.try_lock(), Err(TryLockError::WouldBlock)));
        drop(held);
        other.try_lock().unwrap();
        let error = FolderLock::acquire(folder.path()).unwrap_err();
        assert!(error.message.contains("another process uses this folder"));
    }

    #[test]
    fn a_written_file_is_read_back_and_leaves_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("device");
        assert_eq!(read(&path).unwrap(), None);
        write(&path, b"one").unwrap();
        write(&path, b"two").unwrap();
        assert_eq!(read(&path).unwrap().as_deref(), Some(&b"two"[..]));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_leftover_of_a_crash_is_in_nobodys_way() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("device");
        fs::write(beside(&path, ".tmp"), b"half of somethi").unwrap();
        write(&path, b"new").unwrap();
        assert_eq!(read(&path).unwrap().as_deref(), Some(&b"new"[..]));
    }

    #[test]
    fn what_cannot_be_done_is_a_typed_error_that_names_the_path() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, b"").unwrap();
        let inside = file.join("inside");
        for error in [
            create_dir_all(&inside).unwrap_err(),
            write(&inside, b"").unwrap_err(),
            rename(&inside, &file).unwrap_err(),
            FolderLock::acquire(&inside).unwrap_err(),
        ] {
            assert!(error.is(ErrorCode::FileSystem), "{error}");
            assert!(error.message.contains("inside"), "{error}");
        }
        assert!(read(&inside).unwrap_err().is(ErrorCode::StoreUnreadable));
        assert!(!rename(&folder.path().join("absent"), &file).unwrap());
    }

    #[cfg(unix)]
    #[test]
    fn others_on_the_machine_cannot_read_along() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("a/b");
        create_dir_all(&inner).unwrap();
        write(&inner.join("file"), b"mine").unwrap();
        assert_eq!(fs::metadata(&inner).unwrap().permissions().mode() & 0o077, 0);
        assert_eq!(fs::metadata(inner.join("file")).unwrap().permissions().mode() & 0o077, 0);
    }
}
