//! A clock that can be wrong and a disk that can be full, for processes that run with `whinchat-powerloss` preloaded.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::power_loss::shim;

/// The weather of the processes that have one folder.
#[derive(Debug)]
pub struct Weather {
    file: File,
    path: PathBuf,
    folder: PathBuf,
}

impl Weather {
    /// Fair weather over `folder`, which is made if need be; the weather itself is written at `path`, outside of it.
    ///
    /// # Errors
    ///
    /// When a file or folder cannot be made.
    pub fn over(folder: &Path, path: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let file = File::create(path)?;
        let weather = Self { file, path: path.canonicalize()?, folder: folder.canonicalize()? };
        weather.set_clock_ms(0)?;
        weather.set_full(false)?;
        Ok(weather)
    }

    /// What a process needs in its environment to be out in it.
    #[must_use]
    pub fn environment(&self) -> Vec<(&'static str, OsString)> {
        vec![
            ("LD_PRELOAD", shim().into()),
            ("WHINCHAT_WEATHER", self.path.clone().into()),
            ("WHINCHAT_WEATHER_FOLDER", self.folder.clone().into()),
        ]
    }

    /// Sets the wall clock so many milliseconds ahead of the machine's; behind it when that is negative.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn set_clock_ms(&self, ahead: i64) -> io::Result<()> {
        self.put(0, &ahead.saturating_mul(1_000_000).to_ne_bytes())
    }

    /// Makes the disk full, or gives its room back.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn set_full(&self, full: bool) -> io::Result<()> {
        self.put(8, &u64::from(full).to_ne_bytes())
    }

    fn put(&self, at: u64, bytes: &[u8]) -> io::Result<()> {
        use std::os::unix::fs::FileExt as _;
        self.file.write_all_at(bytes, at)
    }
}
