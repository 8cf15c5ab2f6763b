//! What this process knows: its folder, its journal, its files.

use std::collections::HashSet;
use std::os::unix::ffi::OsStringExt as _;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use libc::c_int;

use crate::raw;
use crate::record::Record;

/// Everything under one lock, so that the journal has the order in which things were done.
pub(crate) struct Journal {
    folder: Vec<u8>,
    fd: c_int,
    /// Device and inode of the files in the folder that were opened.
    files: HashSet<(u64, u64)>,
    steps: u64,
    die_at: u64,
    pub(crate) sync_us: u64,
    pub(crate) lies: bool,
}

static JOURNAL: OnceLock<Option<Mutex<Journal>>> = OnceLock::new();

/// The journal, unless no folder is named.
pub(crate) fn journal() -> Option<MutexGuard<'static, Journal>> {
    let journal = JOURNAL.get_or_init(|| Journal::open().map(Mutex::new)).as_ref()?;
    Some(journal.lock().unwrap_or_else(PoisonError::into_inner))
}

fn number(variable: &str) -> u64 {
    std::env::var(variable).ok().and_then(|value| value.parse().ok()).unwrap_or(0)
}

impl Journal {
    fn open() -> Option<Self> {
        let folder = std::env::var_os(crate::FOLDER)?.into_vec();
        let path = [folder.as_slice(), b".power/journal"].concat();
        let flags = libc::O_RDWR | libc::O_CREAT | libc::O_APPEND;
        let fd = raw::open(libc::AT_FDCWD, &raw::c_path(&path), flags);
        if fd < 0 {
            raw::fail("the journal cannot be opened");
        }
        let (die_at, sync_us) = (number(crate::DIE_AT), number(crate::SYNC_US));
        let lies = number(crate::LIES) != 0;
        Some(Self { folder, fd, files: HashSet::new(), steps: 0, die_at, sync_us, lies })
    }

    /// Where the next record begins.
    pub(crate) fn end(&self) -> u64 {
        raw::fstat(self.fd).and_then(|stat| u64::try_from(stat.st_size).ok()).unwrap_or(0)
    }

    /// Notes what is about to be done, or dies before it. Gives the place of the record.
    pub(crate) fn note(&mut self, record: &Record) -> u64 {
        self.steps += 1;
        if self.steps == self.die_at {
            // SAFETY: plain numbers. Nothing is done any more, in this thread or another.
            unsafe { libc::kill(libc::getpid(), libc::SIGKILL) };
            loop {
                std::thread::park();
            }
        }
        let place = self.end();
        raw::append(self.fd, &record.encode());
        place
    }

    /// Notes that what was noted at `place` has not happened, if it has not.
    pub(crate) fn note_outcome(&mut self, place: u64, result: c_int) {
        if result != 0 {
            raw::append(self.fd, &Record::Refused { record: place }.encode());
        }
    }

    /// Whether a path lies in the folder, or is the folder.
    pub(crate) fn holds(&self, path: &[u8]) -> bool {
        path.strip_prefix(self.folder.as_slice())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
    }

    /// A name under which something can be kept that is about to lose its own.
    pub(crate) fn keep(&self, path: &[u8]) -> Vec<u8> {
        let kept = [self.folder.as_slice(), b".power/", self.end().to_string().as_bytes()].concat();
        if !raw::link(path, &kept) {
            raw::fail("a file that is about to be removed cannot be kept");
        }
        kept
    }

    /// From now on the changes of this open file are followed, if it is in the folder.
    pub(crate) fn follow(&mut self, fd: c_int) {
        let Some(stat) = raw::fstat(fd).filter(|stat| raw::kind(stat) == libc::S_IFREG) else { return };
        if raw::path_of(fd).is_some_and(|path| self.holds(&path) && !is_volatile(&path)) {
            self.files.insert((stat.st_dev, stat.st_ino));
        }
    }

    /// Inode and length of an open file that is followed.
    pub(crate) fn followed(&self, fd: c_int) -> Option<(u64, u64)> {
        let stat = raw::fstat(fd)?;
        let len = u64::try_from(stat.st_size).ok()?;
        self.files.contains(&(stat.st_dev, stat.st_ino)).then_some((stat.st_ino, len))
    }

    /// Inode of an open file that is followed, or of an open folder in the folder.
    pub(crate) fn can_be_synced(&self, fd: c_int) -> Option<u64> {
        if let Some((file, _)) = self.followed(fd) {
            return Some(file);
        }
        let stat = raw::fstat(fd).filter(|stat| raw::kind(stat) == libc::S_IFDIR)?;
        raw::path_of(fd).filter(|path| self.holds(path)).map(|_| stat.st_ino)
    }
}

/// The wal-index of SQLite is shared memory with a name: no power loss leaves anything of it that counts.
pub(crate) fn is_volatile(path: &[u8]) -> bool {
    path.ends_with(b"-shm")
}
