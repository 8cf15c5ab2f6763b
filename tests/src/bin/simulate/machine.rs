//! The machine's clock, its random source and its disk, as a simulated world has them.
//!
//! The two functions below take the place of the C library's in this program: the standard library, `getrandom` and SQLite
//! ask them. As long as no world has begun they pass on what the kernel says.
#![allow(unsafe_code)]

use std::ffi::{c_int, c_uint, c_void};

use whinchat_tests::simulation::clock;

/// The C library's function of this name.
///
/// # Safety
///
/// `time` has to point to a `timespec` that can be written.
#[unsafe(no_mangle)]
unsafe extern "C" fn clock_gettime(id: libc::clockid_t, time: *mut libc::timespec) -> c_int {
    if id == libc::CLOCK_REALTIME
        && let Some(now_ms) = clock::wall_ms()
    {
        // SAFETY: the caller promises that it can be written.
        unsafe {
            (*time).tv_sec = now_ms.div_euclid(1_000);
            (*time).tv_nsec = now_ms.rem_euclid(1_000) * 1_000_000;
        }
        return 0;
    }
    // SAFETY: the arguments are the caller's, and mean the same to the kernel.
    let result = unsafe { libc::syscall(libc::SYS_clock_gettime, id, time) };
    c_int::try_from(result).unwrap_or(-1)
}

/// The C library's function of this name.
///
/// # Safety
///
/// `buffer` has to point to `length` bytes that can be written.
#[unsafe(no_mangle)]
unsafe extern "C" fn getrandom(buffer: *mut c_void, length: usize, flags: c_uint) -> isize {
    let mut written = 0;
    while written < length {
        let Some(random) = clock::random() else {
            // SAFETY: the arguments are the caller's, and mean the same to the kernel.
            let result = unsafe { libc::syscall(libc::SYS_getrandom, buffer, length, flags) };
            return isize::try_from(result).unwrap_or(-1);
        };
        let bytes = random.to_le_bytes();
        let count = bytes.len().min(length - written);
        // SAFETY: `count` bytes from `written` on lie within the `length` bytes that the caller promises.
        unsafe {
            std::ptr::copy_nonoverlapping(bytes.as_ptr(), buffer.cast::<u8>().add(written), count);
        }
        written += count;
    }
    isize::try_from(written).unwrap_or(-1)
}

/// From now on every database of this process lies in memory, under the name of its file.
pub(crate) fn databases_in_memory() {
    // SAFETY: no connection is open yet, the name is a constant with its end, and what was found is registered as it is.
    let registered = unsafe {
        let vfs = rusqlite::ffi::sqlite3_vfs_find(c"memdb".as_ptr());
        assert!(!vfs.is_null(), "this SQLite has no databases in memory");
        rusqlite::ffi::sqlite3_vfs_register(vfs, 1)
    };
    assert_eq!(registered, 0, "databases in memory cannot be the default");
}

/// Splits this process in two. The child gets 0.
pub(crate) fn fork() -> c_int {
    // SAFETY: this process has one thread, so nothing is held that the child would wait for.
    unsafe { libc::fork() }
}

/// Ends this process as it stands.
pub(crate) fn end(code: c_int) -> ! {
    // SAFETY: it does not return, and nothing of the parent's is flushed twice.
    unsafe { libc::_exit(code) }
}

/// Ends this process if it has not ended by itself in so many seconds.
pub(crate) fn end_within(seconds: c_uint) {
    // SAFETY: it takes a number and has no other condition.
    unsafe { libc::alarm(seconds) };
}

/// Waits for a child; gives which one, and whether it ended by itself and well.
pub(crate) fn wait() -> Option<(c_int, bool)> {
    let mut status = 0;
    // SAFETY: the status is a number of ours that can be written.
    let child = unsafe { libc::waitpid(-1, &raw mut status, 0) };
    (child > 0).then(|| (child, libc::WIFEXITED(status) && libc::WEXITSTATUS(status) == 0))
}
