//! What a process has allocated and not given back, counted inside it. What the system says besides is fragmentation.

use std::alloc::{GlobalAlloc, Layout, System};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// How often it is written down.
const EVERY: Duration = Duration::from_secs(1);

static LIVE: AtomicUsize = AtomicUsize::new(0);

/// The system's allocator, counted. For a program that says `#[global_allocator]`.
#[derive(Debug)]
pub struct Counted;

// SAFETY: everything is handed on to the system's allocator as it came.
#[allow(unsafe_code)]
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        LIVE.fetch_add(layout.size(), Ordering::Relaxed);
        // SAFETY: as the caller has promised.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as the caller has promised.
        unsafe { System.dealloc(place, layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        LIVE.fetch_add(layout.size(), Ordering::Relaxed);
        // SAFETY: as the caller has promised.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        LIVE.fetch_add(size, Ordering::Relaxed);
        LIVE.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as the caller has promised.
        unsafe { System.realloc(place, layout, size) }
    }
}

/// What SQLite has allocated, its page caches above all.
fn of_sqlite() -> i64 {
    // SAFETY: it takes nothing and may be called at any time.
    #[allow(unsafe_code)]
    unsafe {
        rusqlite::ffi::sqlite3_memory_used()
    }
}

/// Writes both numbers into a file, in bytes, now and then, for as long as the process lives.
pub async fn write_down(path: PathBuf) {
    loop {
        // Seen half written, a look is left out.
        let _ = std::fs::write(&path, format!("{} {} .", LIVE.load(Ordering::Relaxed), of_sqlite()));
        tokio::time::sleep(EVERY).await;
    }
}

/// What was written down last: of the program, and of SQLite, in bytes.
#[must_use]
pub fn read(path: &std::path::Path) -> Option<(u64, u64)> {
    let text = std::fs::read_to_string(path).ok()?;
    let mut words = text.strip_suffix(" .")?.split(' ').map(str::parse);
    Some((words.next()?.ok()?, words.next()?.ok()?))
}
