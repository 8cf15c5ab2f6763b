//! What a process takes, as the system tells it.

use std::fs;
use std::path::Path;
use std::time::Duration;

use super::heap::read;

/// One look at one process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// When, since the beginning.
    pub at: Duration,
    /// What it is called.
    pub name: String,
    /// The system's number for it: a process that was started again is another one.
    pub id: u32,
    /// Memory that it holds, in KiB, files that it has mapped included.
    pub resident_kib: u64,
    /// The part of it that is no file: heap and stacks, in KiB.
    pub anonymous_kib: u64,
    /// What the program has allocated and not given back, in KiB; 0 when it does not say.
    pub heap_kib: u64,
    /// What SQLite has, in KiB; 0 when the program does not say.
    pub sqlite_kib: u64,
    /// Open files and sockets.
    pub descriptors: u64,
    /// Threads.
    pub threads: u64,
    /// What lies in its folder, in KiB.
    pub files_kib: u64,
}

/// The heading of a table of samples.
pub const HEADING: &str =
    "second,process,pid,rss_kib,anonymous_kib,heap_kib,sqlite_kib,descriptors,threads,files_kib";

impl Sample {
    /// Looks at a process; nothing when it is gone. Beside its folder lies what it has written down of its heap.
    #[must_use]
    pub fn take(at: Duration, name: &str, id: u32, folder: &Path) -> Option<Self> {
        let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
        let number = |key: &str| -> Option<u64> {
            let line = status.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))?;
            line.split_whitespace().next()?.parse().ok()
        };
        let (heap, sqlite) = read(&folder.with_file_name(format!("{name}.heap"))).unwrap_or_default();
        Some(Self {
            at,
            name: name.to_owned(),
            id,
            resident_kib: number("VmRSS")?,
            anonymous_kib: number("RssAnon")?,
            heap_kib: heap / 1_024,
            sqlite_kib: sqlite / 1_024,
            descriptors: u64::try_from(fs::read_dir(format!("/proc/{id}/fd")).ok()?.count()).ok()?,
            threads: number("Threads")?,
            files_kib: size_of_folder(folder) / 1_024,
        })
    }

    /// A row below [`HEADING`].
    #[must_use]
    pub fn row(&self) -> String {
        format!(
            "{},{},{},{},{},{},{},{},{},{}",
            self.at.as_secs(),
            self.name,
            self.id,
            self.resident_kib,
            self.anonymous_kib,
            self.heap_kib,
            self.sqlite_kib,
            self.descriptors,
            self.threads,
            self.files_kib
        )
    }
}

/// Files may come and go while it is looked at.
fn size_of_folder(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    let size = |entry: fs::DirEntry| match entry.metadata() {
        Ok(about) if about.is_dir() => size_of_folder(&entry.path()),
        Ok(about) => about.len(),
        Err(_) => 0,
    };
    entries.flatten().map(size).sum()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_process_sees_itself() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("inner")).unwrap();
        fs::write(folder.path().join("inner/file"), vec![1; 5_000]).unwrap();
        let sample = Sample::take(Duration::from_secs(7), "me", std::process::id(), folder.path()).unwrap();
        assert!(sample.resident_kib >= sample.anonymous_kib && sample.anonymous_kib > 100, "{sample:?}");
        assert!(sample.descriptors >= 3 && sample.threads >= 1 && sample.files_kib == 4, "{sample:?}");
        assert!(sample.row().starts_with("7,me,"));
        assert_eq!(HEADING.split(',').count(), sample.row().split(',').count());
        assert_eq!(Sample::take(Duration::ZERO, "nobody", u32::MAX, folder.path()), None);
    }
}
