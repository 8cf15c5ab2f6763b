//! The ledger file of one device: appended by its processes, read by the judge.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use super::line::Line;

/// Writes the lines of one device. Each goes to the kernel before [`Book::write`] returns, so that it outlives a SIGKILL.
#[derive(Debug)]
pub struct Book {
    file: File,
    accepted: u64,
}

impl Book {
    /// Opens the book of a device, or begins it, and notes the start of a process.
    ///
    /// # Errors
    ///
    /// When the file cannot be written, or holds something else.
    pub fn open(path: &Path) -> io::Result<Self> {
        let earlier = if path.exists() { read_book(path)? } else { Vec::new() };
        let accepted = earlier.iter().filter(|line| matches!(line, Line::Accepted { .. })).count();
        let file = OpenOptions::new().create(true).append(true).open(path)?;
        let mut book = Self { file, accepted: u64::try_from(accepted).unwrap_or(u64::MAX) };
        book.write(&Line::Life)?;
        Ok(book)
    }

    /// Messages accepted on this device so far, earlier processes included.
    #[must_use]
    pub fn accepted(&self) -> u64 {
        self.accepted
    }

    /// Writes one line down.
    ///
    /// # Errors
    ///
    /// When the file system refuses; the fact is then not in the ledger, and nobody may count on it.
    pub fn write(&mut self, line: &Line) -> io::Result<()> {
        // One write for the whole line: a kill leaves all of it or nothing.
        self.file.write_all(format!("{line}\n").as_bytes())?;
        if matches!(line, Line::Accepted { .. }) {
            self.accepted += 1;
        }
        Ok(())
    }
}

/// Reads a book.
///
/// # Errors
///
/// When it cannot be read or a line in it is none of ours.
pub fn read_book(path: &Path) -> io::Result<Vec<Line>> {
    let text = std::fs::read_to_string(path)?;
    let mut lines = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let Some(line) = Line::parse(line) else {
            let message = format!("line {} of {} is not a ledger line", index + 1, path.display());
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        };
        lines.push(line);
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_book_goes_on_where_the_last_process_stopped() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("alice.ledger");
        drop(Book::open(&path).unwrap());
        let mut book = Book::open(&path).unwrap();
        book.write(&Line::Finished).unwrap();
        assert_eq!(read_book(&path).unwrap(), [Line::Life, Line::Life, Line::Finished]);
        std::fs::write(&path, "nonsense\n").unwrap();
        assert!(Book::open(&path).is_err());
    }
}
