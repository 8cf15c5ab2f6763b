//! Names of files and folders: they come, change and go.

use std::ffi::CStr;

use libc::{AT_FDCWD, c_char, c_int, c_uint, mode_t};

use crate::journal::{Journal, is_volatile, journal};
use crate::record::Record;
use crate::{data, raw};

/// A name in the folder.
struct Place {
    dir: u64,
    path: Vec<u8>,
}

/// Where a path leads, if that is in the folder and is to be followed.
///
/// # Safety
///
/// `path` has to be null or a C string.
unsafe fn place(journal: &Journal, dir: c_int, path: *const c_char) -> Option<Place> {
    if path.is_null() {
        return None;
    }
    // SAFETY: as the caller has promised.
    let path = unsafe { CStr::from_ptr(path) }.to_bytes();
    let path = path.strip_suffix(b"/").unwrap_or(path);
    let (parent, name) = match path.iter().rposition(|&byte| byte == b'/') {
        Some(0) => (&b"/"[..], path.get(1..)?),
        Some(slash) => (path.get(..slash)?, path.get(slash + 1..)?),
        None => (&b"."[..], path),
    };
    let parent = raw::open(dir, &raw::c_path(parent), libc::O_PATH | libc::O_DIRECTORY);
    if parent < 0 {
        return None;
    }
    let (folder, stat) = (raw::path_of(parent), raw::fstat(parent));
    raw::close(parent);
    let (folder, stat) = (folder?, stat?);
    let path = [folder.as_slice(), b"/", name].concat();
    (journal.holds(&folder) && !is_volatile(&path)).then_some(Place { dir: stat.st_ino, path })
}

/// # Safety
///
/// As for `openat`.
unsafe fn open_at(dir: c_int, path: *const c_char, flags: c_int, mode: mode_t) -> c_int {
    // SAFETY: as the caller has promised.
    let open = |flags| unsafe { raw::openat(dir, path, flags, mode) };
    let Some(mut journal) = journal() else { return open(flags) };
    if flags & (libc::O_CREAT | libc::O_TRUNC) == 0 {
        // A FIFO may block.
        drop(journal);
        let fd = open(flags);
        if fd >= 0
            && let Some(mut journal) = self::journal()
        {
            journal.follow(fd);
        }
        return fd;
    }
    // SAFETY: as the caller has promised.
    let Some(place) = (unsafe { place(&journal, dir, path) }) else { return open(flags) };
    let is_new = raw::stat(&place.path).is_none();
    let noted = is_new.then(|| journal.note(&Record::Create { dir: place.dir, path: place.path }));
    let fd = open(flags & !libc::O_TRUNC);
    if fd < 0 {
        if let Some(noted) = noted {
            journal.note_outcome(noted, fd);
        }
        return fd;
    }
    journal.follow(fd);
    drop(journal);
    if flags & libc::O_TRUNC != 0 && !is_new {
        data::ftruncate(fd, 0);
    }
    fd
}

/// `open` takes the mode only with `O_CREAT`; on this system an argument that is not given is a register that is not read.
macro_rules! open_functions {
    ($($name:ident),*) => { $(
        /// # Safety
        ///
        /// As for `open`.
        #[unsafe(no_mangle)]
        pub(crate) unsafe extern "C" fn $name(path: *const c_char, flags: c_int, mode: mode_t) -> c_int {
            // SAFETY: as the caller has promised.
            unsafe { open_at(AT_FDCWD, path, flags, mode) }
        }
    )* };
}
open_functions!(open, open64, __open_2, __open64_2);

macro_rules! openat_functions {
    ($($name:ident),*) => { $(
        /// # Safety
        ///
        /// As for `openat`.
        #[unsafe(no_mangle)]
        pub(crate) unsafe extern "C" fn $name(
            dir: c_int,
            path: *const c_char,
            flags: c_int,
            mode: mode_t,
        ) -> c_int {
            // SAFETY: as the caller has promised.
            unsafe { open_at(dir, path, flags, mode) }
        }
    )* };
}
openat_functions!(openat, openat64, __openat_2, __openat64_2);

/// # Safety
///
/// As for `creat`.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn creat(path: *const c_char, mode: mode_t) -> c_int {
    // SAFETY: as the caller has promised.
    unsafe { open_at(AT_FDCWD, path, libc::O_WRONLY | libc::O_CREAT | libc::O_TRUNC, mode) }
}

/// # Safety
///
/// As for `creat`.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn creat64(path: *const c_char, mode: mode_t) -> c_int {
    // SAFETY: as the caller has promised.
    unsafe { creat(path, mode) }
}

/// # Safety
///
/// As for `unlinkat`.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn unlinkat(dir: c_int, path: *const c_char, flags: c_int) -> c_int {
    // SAFETY: as the caller has promised.
    let remove = || unsafe { raw::unlinkat(dir, path, flags) };
    let Some(mut journal) = journal() else { return remove() };
    // SAFETY: as the caller has promised.
    let Some(Place { dir: folder, path: name }) = (unsafe { place(&journal, dir, path) }) else {
        return remove();
    };
    let Some(stat) = raw::stat(&name) else { return remove() };
    let record = if raw::kind(&stat) == libc::S_IFDIR {
        Record::RemoveDir { dir: folder, path: name }
    } else {
        let kept = journal.keep(&name);
        Record::Remove { dir: folder, path: name, kept }
    };
    let noted = journal.note(&record);
    let result = remove();
    journal.note_outcome(noted, result);
    result
}

/// # Safety
///
/// As for `unlink`.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn unlink(path: *const c_char) -> c_int {
    // SAFETY: as the caller has promised.
    unsafe { unlinkat(AT_FDCWD, path, 0) }
}

/// # Safety
///
/// As for `rmdir`.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn rmdir(path: *const c_char) -> c_int {
    // SAFETY: as the caller has promised.
    unsafe { unlinkat(AT_FDCWD, path, libc::AT_REMOVEDIR) }
}

/// # Safety
///
/// As for `mkdirat`.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn mkdirat(dir: c_int, path: *const c_char, mode: mode_t) -> c_int {
    // SAFETY: as the caller has promised.
    let make = || unsafe { raw::mkdirat(dir, path, mode) };
    let Some(mut journal) = journal() else { return make() };
    // SAFETY: as the caller has promised.
    match unsafe { place(&journal, dir, path) } {
        Some(place) if raw::stat(&place.path).is_none() => {
            let noted = journal.note(&Record::MakeDir { dir: place.dir, path: place.path });
            let result = make();
            journal.note_outcome(noted, result);
            result
        }
        _ => make(),
    }
}

/// # Safety
///
/// As for `mkdir`.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn mkdir(path: *const c_char, mode: mode_t) -> c_int {
    // SAFETY: as the caller has promised.
    unsafe { mkdirat(AT_FDCWD, path, mode) }
}

/// # Safety
///
/// As for `renameat2`.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn renameat2(
    from_dir: c_int,
    from: *const c_char,
    to_dir: c_int,
    to: *const c_char,
    flags: c_uint,
) -> c_int {
    // SAFETY: as the caller has promised.
    let rename = || unsafe { raw::renameat2(from_dir, from, to_dir, to, flags) };
    let Some(mut journal) = journal() else { return rename() };
    // SAFETY: as the caller has promised.
    let places = unsafe { (place(&journal, from_dir, from), place(&journal, to_dir, to)) };
    let (old, new) = match places {
        (Some(old), Some(new)) if raw::stat(&old.path).is_some() => (old, new),
        places => {
            let result = rename();
            // What is volatile has no place, and may go anywhere.
            if result == 0 && places.0.is_some() {
                raw::fail("something is renamed out of the folder");
            }
            return result;
        }
    };
    let covered = raw::stat(&new.path).map(|stat| raw::kind(&stat));
    let kept = match covered {
        Some(kind) if kind != libc::S_IFDIR => journal.keep(&new.path),
        _ => Vec::new(),
    };
    let record = Record::Rename { from_dir: old.dir, to_dir: new.dir, from: old.path, to: new.path, kept };
    let noted = journal.note(&record);
    let result = rename();
    journal.note_outcome(noted, result);
    if result == 0 && (flags & libc::RENAME_EXCHANGE != 0 || covered == Some(libc::S_IFDIR)) {
        raw::fail("two names are exchanged, or a folder is replaced");
    }
    result
}

/// # Safety
///
/// As for `renameat`.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn renameat(
    from_dir: c_int,
    from: *const c_char,
    to_dir: c_int,
    to: *const c_char,
) -> c_int {
    // SAFETY: as the caller has promised.
    unsafe { renameat2(from_dir, from, to_dir, to, 0) }
}

/// # Safety
///
/// As for `rename`.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn rename(from: *const c_char, to: *const c_char) -> c_int {
    // SAFETY: as the caller has promised.
    unsafe { renameat2(AT_FDCWD, from, AT_FDCWD, to, 0) }
}
