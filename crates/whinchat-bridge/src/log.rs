//! A device's log: a file in the folder that `init` names, with what the levels of spec 0.6 let through. Signatures, keys and
//! message text are never logged, at any level.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tracing::{Dispatch, Level};
use tracing_subscriber::filter::dynamic_filter_fn;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::{Registry, fmt};
use whinchat_core::{Error, ErrorCode, Result};

const NAME: &str = "whinchat.log";
const OLDER: &str = "whinchat.1.log";
/// When a file has so many bytes a new one begins; the one before it is kept.
const BYTES: u64 = 4 * 1_024 * 1_024;

/// Where a device's threads log.
#[derive(Clone, Debug, Default)]
pub(crate) struct Log {
    level: Arc<AtomicU8>,
    file: Arc<Mutex<Option<LogFile>>>,
}

#[derive(Debug)]
struct LogFile {
    folder: PathBuf,
    file: File,
    bytes: u64,
}

impl Log {
    /// Where threads of this device log. What the whole process logs to otherwise is left alone.
    pub(crate) fn dispatch(&self) -> Dispatch {
        let level = self.level.clone();
        let wanted =
            dynamic_filter_fn(move |meta, _| severity(*meta.level()) <= level.load(Ordering::Relaxed));
        let log = self.clone();
        let lines = fmt::layer().with_ansi(false).with_writer(move || Line(log.clone())).with_filter(wanted);
        Dispatch::new(Registry::default().with(lines))
    }

    /// Begins to log into `folder`, or ends it. Levels: 0 none, 1 debug, 2 info, 3 warning, 4 error; 5 and 6 as the systems
    /// that apps come from have them, warning and error.
    ///
    /// # Errors
    ///
    /// 6022 the folder cannot be written.
    pub(crate) fn begin(&self, level: i64, folder: &Path) -> Result<()> {
        let severity = match level {
            1 => 4,
            2 => 3,
            3 | 5 => 2,
            4 | 6 => 1,
            _ => 0,
        };
        let file = if severity == 0 {
            None
        } else {
            let failed = |error: std::io::Error| {
                Error::new(
                    ErrorCode::FileSystem,
                    format!("the log cannot be written to {}: {error}", folder.display()),
                )
            };
            std::fs::create_dir_all(folder).map_err(failed)?;
            Some(LogFile::open(folder).map_err(failed)?)
        };
        *self.file.lock().unwrap_or_else(PoisonError::into_inner) = file;
        self.level.store(severity, Ordering::Relaxed);
        Ok(())
    }
}

fn severity(level: Level) -> u8 {
    match level {
        Level::ERROR => 1,
        Level::WARN => 2,
        Level::INFO => 3,
        Level::DEBUG => 4,
        _ => 5,
    }
}

impl LogFile {
    fn open(folder: &Path) -> std::io::Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(folder.join(NAME))?;
        let bytes = file.metadata()?.len();
        Ok(Self { folder: folder.to_owned(), file, bytes })
    }

    fn write(&mut self, line: &[u8]) -> std::io::Result<()> {
        if self.bytes >= BYTES {
            std::fs::rename(self.folder.join(NAME), self.folder.join(OLDER))?;
            *self = Self::open(&self.folder)?;
        }
        self.file.write_all(line)?;
        self.bytes += line.len() as u64;
        Ok(())
    }
}

/// Writes one line, whole.
struct Line(Log);

impl Write for Line {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        if let Some(file) = self.0.file.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            // A full disk is no reason for anything else to fail.
            let _ = file.write(line);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_let_through_what_they_say_and_none_writes_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let log = Log::default();
        let dispatch = log.dispatch();
        let say = || {
            tracing::dispatcher::with_default(&dispatch, || {
                tracing::debug!("a debug");
                tracing::info!("an info");
                tracing::warn!("a warning");
                tracing::error!("an error");
            });
        };
        log.begin(0, folder.path()).unwrap();
        say();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        for (level, lines) in [(1, 4), (2, 3), (3, 2), (5, 2), (4, 1), (6, 1)] {
            let folder = folder.path().join(level.to_string());
            log.begin(level, &folder).unwrap();
            say();
            let text = std::fs::read_to_string(folder.join(NAME)).unwrap();
            assert_eq!(text.lines().count(), lines, "{level}: {text}");
        }
    }

    #[test]
    fn the_log_does_not_grow_for_ever() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(NAME), vec![b'x'; usize::try_from(BYTES).unwrap()]).unwrap();
        let log = Log::default();
        log.begin(1, folder.path()).unwrap();
        tracing::dispatcher::with_default(&log.dispatch(), || tracing::info!("first of the next"));
        assert!(std::fs::metadata(folder.path().join(NAME)).unwrap().len() < 1_000);
        assert_eq!(std::fs::metadata(folder.path().join(OLDER)).unwrap().len(), BYTES);
    }
}
