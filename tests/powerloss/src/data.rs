//! What is in files: writes, lengths, syncs, mappings.

use std::time::Duration;

use libc::{c_int, c_void, iovec, off64_t, size_t, ssize_t};

use crate::journal::journal;
use crate::raw;
use crate::record::Record;
use crate::weather;

fn is_regular(fd: c_int) -> bool {
    raw::fstat(fd).is_some_and(|stat| raw::kind(&stat) == libc::S_IFREG)
}

/// # Safety
///
/// `buffer` has to have `count` bytes.
unsafe fn write_at(fd: c_int, buffer: *const c_void, count: size_t, at: Option<off64_t>) -> ssize_t {
    let buffer: *const u8 = buffer.cast();
    let count = match weather::room(fd, at, count) {
        Some(0) => return weather::refuse() as ssize_t,
        // As a disk does that has a little room left.
        Some(room) => room,
        None => count,
    };
    let at = at.and_then(|at| u64::try_from(at).ok());
    // Sockets and pipes may block, and never wait for the journal.
    let mut journal = if count > 0 && is_regular(fd) { journal() } else { None };
    let followed = journal.as_ref().and_then(|journal| journal.followed(fd));
    if let (Some(journal), Some((file, old_len))) = (journal.as_mut(), followed) {
        // SAFETY: plain numbers.
        let (flags, place) =
            unsafe { (libc::fcntl(fd, libc::F_GETFL), libc::lseek64(fd, 0, libc::SEEK_CUR)) };
        let offset = match at {
            _ if flags & libc::O_APPEND != 0 => old_len,
            Some(at) => at,
            None => u64::try_from(place).unwrap_or(0),
        };
        let end = offset.saturating_add(count as u64).min(old_len);
        let before = raw::read_range(fd, offset, end);
        // SAFETY: the caller has promised so many bytes.
        let after = unsafe { std::slice::from_raw_parts(buffer, count) }.to_vec();
        journal.note(&Record::Write { file, offset, old_len, before, after });
    } else {
        journal = None;
    }
    // SAFETY: as the caller has promised.
    let written = unsafe { raw::pwrite(fd, buffer, count, at) };
    drop(journal);
    written
}

/// # Safety
///
/// As for `write`.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn write(fd: c_int, buffer: *const c_void, count: size_t) -> ssize_t {
    // SAFETY: as the caller has promised.
    unsafe { write_at(fd, buffer, count, None) }
}

/// # Safety
///
/// As for `pwrite`.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn pwrite(
    fd: c_int,
    buffer: *const c_void,
    count: size_t,
    at: off64_t,
) -> ssize_t {
    // SAFETY: as the caller has promised.
    unsafe { write_at(fd, buffer, count, Some(at)) }
}

/// # Safety
///
/// As for `pwrite`.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn pwrite64(
    fd: c_int,
    buffer: *const c_void,
    count: size_t,
    at: off64_t,
) -> ssize_t {
    // SAFETY: as the caller has promised.
    unsafe { write_at(fd, buffer, count, Some(at)) }
}

/// # Safety
///
/// `parts` has to have `count` elements, each with its bytes.
unsafe fn gathered(parts: *const iovec, count: c_int) -> Vec<u8> {
    // SAFETY: as the caller has promised.
    let parts = unsafe { std::slice::from_raw_parts(parts, usize::try_from(count).unwrap_or(0)) };
    let mut bytes = Vec::new();
    for part in parts.iter().filter(|part| part.iov_len > 0) {
        // SAFETY: as the caller has promised.
        bytes.extend(unsafe { std::slice::from_raw_parts(part.iov_base.cast::<u8>(), part.iov_len) });
    }
    bytes
}

/// # Safety
///
/// As for `writev`.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn writev(fd: c_int, parts: *const iovec, count: c_int) -> ssize_t {
    if count <= 0 || !is_regular(fd) {
        // SAFETY: as the caller has promised.
        let written = unsafe { libc::syscall(libc::SYS_writev, fd, parts, count) };
        return ssize_t::try_from(written).unwrap_or(-1);
    }
    // SAFETY: as the caller has promised; then the bytes are our own.
    unsafe {
        let bytes = gathered(parts, count);
        write_at(fd, bytes.as_ptr().cast(), bytes.len(), None)
    }
}

/// # Safety
///
/// As for `pwritev`.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn pwritev(
    fd: c_int,
    parts: *const iovec,
    count: c_int,
    at: off64_t,
) -> ssize_t {
    // SAFETY: as the caller has promised; then the bytes are our own.
    unsafe {
        let bytes = gathered(parts, count.max(0));
        write_at(fd, bytes.as_ptr().cast(), bytes.len(), Some(at))
    }
}

/// # Safety
///
/// As for `pwritev`.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn pwritev64(
    fd: c_int,
    parts: *const iovec,
    count: c_int,
    at: off64_t,
) -> ssize_t {
    // SAFETY: as the caller has promised.
    unsafe { pwritev(fd, parts, count, at) }
}

/// Whoever copies inside the kernel is told that this kernel cannot, and then reads and writes.
fn no_copy_in_the_kernel(to: c_int) -> bool {
    is_regular(to) && journal().is_some_and(|journal| journal.followed(to).is_some())
}

fn refuse() -> ssize_t {
    // SAFETY: the place of this thread's error number is always there.
    unsafe { *libc::__errno_location() = libc::ENOSYS };
    -1
}

/// # Safety
///
/// As for `copy_file_range`.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn copy_file_range(
    from: c_int,
    from_at: *mut off64_t,
    to: c_int,
    to_at: *mut off64_t,
    len: size_t,
    flags: libc::c_uint,
) -> ssize_t {
    if no_copy_in_the_kernel(to) {
        return refuse();
    }
    // SAFETY: as the caller has promised.
    let copied = unsafe { libc::syscall(libc::SYS_copy_file_range, from, from_at, to, to_at, len, flags) };
    ssize_t::try_from(copied).unwrap_or(-1)
}

/// # Safety
///
/// As for `sendfile`.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn sendfile64(
    to: c_int,
    from: c_int,
    at: *mut off64_t,
    count: size_t,
) -> ssize_t {
    if no_copy_in_the_kernel(to) {
        return refuse();
    }
    // SAFETY: as the caller has promised.
    let copied = unsafe { libc::syscall(libc::SYS_sendfile, to, from, at, count) };
    ssize_t::try_from(copied).unwrap_or(-1)
}

fn resize(fd: c_int, to: u64, act: impl FnOnce() -> c_int) -> c_int {
    if weather::room(fd, Some(0), usize::try_from(to).unwrap_or(usize::MAX)).is_some() {
        return weather::refuse();
    }
    let mut journal = journal();
    let followed = journal.as_ref().and_then(|journal| journal.followed(fd));
    if let (Some(journal), Some((file, old_len))) = (journal.as_mut(), followed) {
        let before = raw::read_range(fd, to, old_len);
        journal.note(&Record::Resize { file, old_len, new_len: to, before });
    }
    act()
}

/// `ftruncate`, and what `O_TRUNC` does.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn ftruncate(fd: c_int, len: off64_t) -> c_int {
    resize(fd, u64::try_from(len).unwrap_or(0), || raw::ftruncate(fd, len))
}

/// The same.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn ftruncate64(fd: c_int, len: off64_t) -> c_int {
    ftruncate(fd, len)
}

/// Reserving space may lengthen a file; punching holes is not followed.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn fallocate(fd: c_int, mode: c_int, offset: off64_t, len: off64_t) -> c_int {
    let followed = journal().and_then(|journal| journal.followed(fd));
    match followed {
        Some(_) if mode != 0 => raw::fail("fallocate with a mode"),
        Some((_, old_len)) => {
            let end = u64::try_from(offset.saturating_add(len)).unwrap_or(0);
            resize(fd, end.max(old_len), || raw::fallocate(fd, mode, offset, len))
        }
        None => {
            let end = usize::try_from(offset.saturating_add(len)).unwrap_or(0);
            match weather::room(fd, Some(0), end) {
                Some(_) => weather::refuse(),
                None => raw::fallocate(fd, mode, offset, len),
            }
        }
    }
}

/// The same.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn fallocate64(fd: c_int, mode: c_int, offset: off64_t, len: off64_t) -> c_int {
    fallocate(fd, mode, offset, len)
}

/// The same; it returns the error.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn posix_fallocate(fd: c_int, offset: off64_t, len: off64_t) -> c_int {
    if fallocate(fd, 0, offset, len) == 0 {
        0
    } else {
        std::io::Error::last_os_error().raw_os_error().unwrap_or(0)
    }
}

/// The same.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn posix_fallocate64(fd: c_int, offset: off64_t, len: off64_t) -> c_int {
    posix_fallocate(fd, offset, len)
}

/// Takes its time and is written down when it is over; what came meanwhile is not covered.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn fsync(fd: c_int) -> c_int {
    let begun = journal().and_then(|journal| {
        let inode = journal.can_be_synced(fd)?;
        Some((inode, journal.end(), journal.sync_us))
    });
    let Some((inode, upto, sync_us)) = begun else { return raw::fsync(fd) };
    // Not random, but no two alike.
    std::thread::sleep(Duration::from_micros(upto.wrapping_mul(0x9e37_79b9) % (sync_us + 1)));
    if let Some(mut journal) = journal().filter(|journal| !journal.lies) {
        journal.note(&Record::Sync { inode, upto });
    }
    0
}

/// As far as files are concerned that are read by their length, the same.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn fdatasync(fd: c_int) -> c_int {
    fsync(fd)
}

/// # Safety
///
/// As for `mmap`.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn mmap(
    addr: *mut c_void,
    len: size_t,
    protection: c_int,
    flags: c_int,
    fd: c_int,
    offset: off64_t,
) -> *mut c_void {
    let written_through = protection & libc::PROT_WRITE != 0 && flags & libc::MAP_SHARED != 0;
    if written_through && fd >= 0 && journal().is_some_and(|journal| journal.followed(fd).is_some()) {
        raw::fail("a file is mapped to be written");
    }
    // SAFETY: as the caller has promised; the call gives an address, or -1 as the C function does.
    unsafe {
        let address = libc::syscall(libc::SYS_mmap, addr, len, protection, flags, fd, offset);
        std::ptr::with_exposed_provenance_mut(usize::try_from(address.cast_unsigned()).unwrap_or(usize::MAX))
    }
}

/// # Safety
///
/// As for `mmap`.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn mmap64(
    addr: *mut c_void,
    len: size_t,
    protection: c_int,
    flags: c_int,
    fd: c_int,
    offset: off64_t,
) -> *mut c_void {
    // SAFETY: as the caller has promised.
    unsafe { mmap(addr, len, protection, flags, fd, offset) }
}
