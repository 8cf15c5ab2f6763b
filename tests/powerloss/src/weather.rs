//! What the weather file says: how wrong the clock is, and whether the disk is full.

use std::os::unix::ffi::OsStringExt as _;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use libc::{c_int, c_void, clockid_t, off64_t, size_t, time_t, timespec, timeval, timezone};

use crate::raw;

/// As it lies in the file. Others write it while this process runs.
#[repr(C)]
struct Weather {
    /// By how many nanoseconds the wall clock is ahead.
    ahead_ns: AtomicI64,
    /// Not 0: files in the folder cannot grow.
    full: AtomicU64,
}

struct Place {
    weather: &'static Weather,
    folder: Vec<u8>,
}

static PLACE: OnceLock<Option<Place>> = OnceLock::new();

fn place() -> Option<&'static Place> {
    PLACE.get_or_init(open).as_ref()
}

fn open() -> Option<Place> {
    let file = std::env::var_os(crate::WEATHER)?.into_vec();
    let folder = std::env::var_os(crate::WEATHER_FOLDER).map(|name| name.into_vec()).unwrap_or_default();
    let fd = raw::open(libc::AT_FDCWD, &raw::c_path(&file), libc::O_RDONLY);
    let len = size_of::<Weather>();
    if fd < 0 || raw::fstat(fd).is_none_or(|stat| usize::try_from(stat.st_size).unwrap_or(0) < len) {
        raw::fail("the weather file cannot be opened, or is too short");
    }
    // As wide as the call takes it: what is passed narrower brings anything in its upper half.
    let (anywhere, start): (*mut c_void, off64_t) = (std::ptr::null_mut(), 0);
    // SAFETY: a new mapping of a file that is open and long enough; it is never unmapped.
    let address =
        unsafe { libc::syscall(libc::SYS_mmap, anywhere, len, libc::PROT_READ, libc::MAP_SHARED, fd, start) };
    raw::close(fd);
    let address = usize::try_from(address).ok().filter(|address| *address > 4_096);
    let Some(address) = address else { raw::fail("the weather file cannot be mapped") };
    // SAFETY: the mapping is as long as the value, aligned to a page, lives as long as the process, and any bytes are good.
    let weather = unsafe { &*std::ptr::with_exposed_provenance::<Weather>(address) };
    Some(Place { weather, folder })
}

/// How many of `count` bytes at `at` (the current place when there is none) an open file has room for; `None` for all.
pub(crate) fn room(fd: c_int, at: Option<off64_t>, count: size_t) -> Option<size_t> {
    let place = place().filter(|place| place.weather.full.load(Ordering::Relaxed) != 0)?;
    let stat = raw::fstat(fd).filter(|stat| raw::kind(stat) == libc::S_IFREG)?;
    let path = raw::path_of(fd)?;
    if !path.strip_prefix(place.folder.as_slice()).is_some_and(|rest| rest.starts_with(b"/")) {
        return None;
    }
    // SAFETY: plain numbers.
    let (flags, here) = unsafe { (libc::fcntl(fd, libc::F_GETFL), libc::lseek64(fd, 0, libc::SEEK_CUR)) };
    let from = if flags & libc::O_APPEND != 0 { stat.st_size } else { at.unwrap_or(here) };
    let left = usize::try_from(stat.st_size.saturating_sub(from)).unwrap_or(0);
    (left < count).then_some(left)
}

/// Says that the disk is full, as a system call does.
pub(crate) fn refuse() -> c_int {
    // SAFETY: the place of this thread's error number is always there.
    unsafe { *libc::__errno_location() = libc::ENOSPC };
    -1
}

fn ahead_ns() -> i64 {
    place().map_or(0, |place| place.weather.ahead_ns.load(Ordering::Relaxed))
}

fn shifted(seconds: time_t, ns: i64) -> (time_t, i64) {
    let ahead = ahead_ns();
    let ns = ns + ahead.rem_euclid(1_000_000_000);
    (seconds + ahead.div_euclid(1_000_000_000) + ns / 1_000_000_000, ns % 1_000_000_000)
}

/// The monotonic clocks are left as they are.
///
/// # Safety
///
/// As for `clock_gettime`.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn clock_gettime(clock: clockid_t, time: *mut timespec) -> c_int {
    // SAFETY: as the caller has promised.
    let result = unsafe { libc::syscall(libc::SYS_clock_gettime, clock, time) };
    if result == 0 && (clock == libc::CLOCK_REALTIME || clock == libc::CLOCK_REALTIME_COARSE) {
        // SAFETY: the system has just filled it.
        let time = unsafe { &mut *time };
        (time.tv_sec, time.tv_nsec) = shifted(time.tv_sec, time.tv_nsec);
    }
    c_int::try_from(result).unwrap_or(-1)
}

/// # Safety
///
/// As for `gettimeofday`.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn gettimeofday(time: *mut timeval, zone: *mut timezone) -> c_int {
    // SAFETY: as the caller has promised.
    let result = unsafe { libc::syscall(libc::SYS_gettimeofday, time, zone) };
    if result == 0 && !time.is_null() {
        // SAFETY: the system has just filled it.
        let time = unsafe { &mut *time };
        let (seconds, ns) = shifted(time.tv_sec, time.tv_usec * 1_000);
        (time.tv_sec, time.tv_usec) = (seconds, ns / 1_000);
    }
    c_int::try_from(result).unwrap_or(-1)
}

/// # Safety
///
/// As for `time`.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn time(place: *mut time_t) -> time_t {
    let mut now = timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the structure is there to be filled.
    unsafe { clock_gettime(libc::CLOCK_REALTIME, &raw mut now) };
    if !place.is_null() {
        // SAFETY: as the caller has promised.
        unsafe { *place = now.tv_sec };
    }
    now.tv_sec
}
