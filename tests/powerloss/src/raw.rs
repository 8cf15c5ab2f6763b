//! The system calls themselves. The C functions of the same names are replaced by this library, so they go past them.

use std::ffi::{CStr, CString};

use libc::{c_char, c_int, c_long, c_uint, mode_t, off64_t, ssize_t};

/// Ends the process with a sentence.
pub(crate) fn fail(sentence: &str) -> ! {
    let line = format!("power loss cannot be simulated: {sentence}\n");
    // SAFETY: the pointer and the length are of one live string; abort takes nothing.
    unsafe {
        libc::syscall(libc::SYS_write, 2, line.as_ptr(), line.len());
        libc::abort()
    }
}

fn int(result: c_long) -> c_int {
    c_int::try_from(result).unwrap_or(-1)
}

/// A path as C wants it.
pub(crate) fn c_path(path: &[u8]) -> CString {
    CString::new(path).unwrap_or_default()
}

/// # Safety
///
/// `path` has to be a C string, or what the system answers with an error.
pub(crate) unsafe fn openat(dir: c_int, path: *const c_char, flags: c_int, mode: mode_t) -> c_int {
    // SAFETY: the arguments are what the system call takes.
    int(unsafe { libc::syscall(libc::SYS_openat, dir, path, flags, mode) })
}

/// Opens a path of one's own.
pub(crate) fn open(dir: c_int, path: &CStr, flags: c_int) -> c_int {
    // SAFETY: the path is a C string.
    unsafe { openat(dir, path.as_ptr(), flags | libc::O_CLOEXEC, 0o600) }
}

pub(crate) fn close(fd: c_int) {
    // SAFETY: only descriptors that this library has opened come here.
    let _ = unsafe { libc::close(fd) };
}

/// Writes all of it at the end.
pub(crate) fn append(fd: c_int, bytes: &[u8]) {
    let mut rest = bytes;
    while !rest.is_empty() {
        // SAFETY: the pointer and the length are of one live slice.
        let written = unsafe { libc::syscall(libc::SYS_write, fd, rest.as_ptr(), rest.len()) };
        match usize::try_from(written).ok().and_then(|written| rest.get(written..)) {
            Some(less) if written > 0 => rest = less,
            _ => fail("the journal cannot be written"),
        }
    }
}

/// # Safety
///
/// `buffer` has to have `count` bytes.
pub(crate) unsafe fn pwrite(fd: c_int, buffer: *const u8, count: usize, offset: Option<u64>) -> ssize_t {
    // SAFETY: as above.
    let written = unsafe {
        match offset {
            Some(offset) => libc::syscall(libc::SYS_pwrite64, fd, buffer, count, offset),
            None => libc::syscall(libc::SYS_write, fd, buffer, count),
        }
    };
    ssize_t::try_from(written).unwrap_or(-1)
}

pub(crate) fn ftruncate(fd: c_int, len: off64_t) -> c_int {
    // SAFETY: plain numbers.
    int(unsafe { libc::syscall(libc::SYS_ftruncate, fd, len) })
}

pub(crate) fn fallocate(fd: c_int, mode: c_int, offset: off64_t, len: off64_t) -> c_int {
    // SAFETY: plain numbers.
    int(unsafe { libc::syscall(libc::SYS_fallocate, fd, mode, offset, len) })
}

pub(crate) fn fsync(fd: c_int) -> c_int {
    // SAFETY: a plain number.
    int(unsafe { libc::syscall(libc::SYS_fsync, fd) })
}

/// # Safety
///
/// `path` has to be a C string, or what the system answers with an error.
pub(crate) unsafe fn unlinkat(dir: c_int, path: *const c_char, flags: c_int) -> c_int {
    // SAFETY: as above.
    int(unsafe { libc::syscall(libc::SYS_unlinkat, dir, path, flags) })
}

/// # Safety
///
/// `path` has to be a C string, or what the system answers with an error.
pub(crate) unsafe fn mkdirat(dir: c_int, path: *const c_char, mode: mode_t) -> c_int {
    // SAFETY: as above.
    int(unsafe { libc::syscall(libc::SYS_mkdirat, dir, path, mode) })
}

/// # Safety
///
/// Both paths have to be C strings, or what the system answers with an error.
pub(crate) unsafe fn renameat2(
    from_dir: c_int,
    from: *const c_char,
    to_dir: c_int,
    to: *const c_char,
    flags: c_uint,
) -> c_int {
    // SAFETY: as above.
    int(unsafe { libc::syscall(libc::SYS_renameat2, from_dir, from, to_dir, to, flags) })
}

/// Gives a file a second name.
pub(crate) fn link(from: &[u8], to: &[u8]) -> bool {
    let (from, to) = (c_path(from), c_path(to));
    // SAFETY: both are C strings.
    unsafe { libc::link(from.as_ptr(), to.as_ptr()) == 0 }
}

/// What the system knows of an open file.
pub(crate) fn fstat(fd: c_int) -> Option<libc::stat64> {
    // SAFETY: all zeros are a valid value of this plain structure.
    let mut stat: libc::stat64 = unsafe { std::mem::zeroed() };
    // SAFETY: the structure is there to be filled.
    (unsafe { libc::fstat64(fd, &raw mut stat) } == 0).then_some(stat)
}

/// What the system knows of a path; the last part is not followed.
pub(crate) fn stat(path: &[u8]) -> Option<libc::stat64> {
    let path = c_path(path);
    // SAFETY: all zeros are a valid value of this plain structure.
    let mut stat: libc::stat64 = unsafe { std::mem::zeroed() };
    // SAFETY: a C string, and a structure to be filled.
    (unsafe { libc::lstat64(path.as_ptr(), &raw mut stat) } == 0).then_some(stat)
}

/// Which kind of file this is, such as `S_IFREG`.
pub(crate) fn kind(stat: &libc::stat64) -> mode_t {
    stat.st_mode & libc::S_IFMT
}

/// The path of an open file, as the kernel has it.
pub(crate) fn path_of(fd: c_int) -> Option<Vec<u8>> {
    let link = c_path(format!("/proc/self/fd/{fd}").as_bytes());
    let mut path = vec![0_u8; 4_096];
    // SAFETY: the buffer is as long as is said.
    let len = unsafe { libc::readlink(link.as_ptr(), path.as_mut_ptr().cast(), path.len()) };
    path.truncate(usize::try_from(len).ok()?);
    Some(path)
}

/// The bytes of a file from `offset` to `end`, or to where it ends. The descriptor need not be readable.
pub(crate) fn read_range(fd: c_int, offset: u64, end: u64) -> Vec<u8> {
    let mut bytes = vec![0_u8; usize::try_from(end.saturating_sub(offset)).unwrap_or(0)];
    if bytes.is_empty() {
        return bytes;
    }
    let own = open(libc::AT_FDCWD, &c_path(format!("/proc/self/fd/{fd}").as_bytes()), libc::O_RDONLY);
    let mut filled = 0;
    while let Some(rest) = bytes.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        let at = off64_t::try_from(offset).unwrap_or(off64_t::MAX).saturating_add_unsigned(filled as u64);
        // SAFETY: the pointer and the length are of one live slice.
        let read = unsafe { libc::pread64(own, rest.as_mut_ptr().cast(), rest.len(), at) };
        match usize::try_from(read) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(_) => fail("a file cannot be read before it is changed"),
        }
    }
    close(own);
    bytes.truncate(filled);
    bytes
}
