//! The journal: what the process did to its files, in order, with what stood there before.

/// One thing that was done. Files and folders are named by inode, names by absolute path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// Bytes were written.
    Write {
        /// Into which file.
        file: u64,
        /// Where.
        offset: u64,
        /// How long the file was.
        old_len: u64,
        /// What stood there; shorter than `after` at the end of the file.
        before: Vec<u8>,
        /// What was written.
        after: Vec<u8>,
    },
    /// The length was set.
    Resize {
        /// Of which file.
        file: u64,
        /// How long it was.
        old_len: u64,
        /// How long it is.
        new_len: u64,
        /// What was cut off.
        before: Vec<u8>,
    },
    /// A sync came back.
    Sync {
        /// The file or folder.
        inode: u64,
        /// Records that begin before this place of the journal are on the disk, as far as they are about it.
        upto: u64,
    },
    /// A file came to be.
    Create {
        /// In which folder.
        dir: u64,
        /// Its path.
        path: Vec<u8>,
    },
    /// A folder came to be.
    MakeDir {
        /// In which folder.
        dir: u64,
        /// Its path.
        path: Vec<u8>,
    },
    /// A file's name was taken away.
    Remove {
        /// In which folder.
        dir: u64,
        /// Its path.
        path: Vec<u8>,
        /// A name under which it is kept.
        kept: Vec<u8>,
    },
    /// An empty folder was taken away.
    RemoveDir {
        /// In which folder.
        dir: u64,
        /// Its path.
        path: Vec<u8>,
    },
    /// A name was changed.
    Rename {
        /// The folder it was in.
        from_dir: u64,
        /// The folder it is in.
        to_dir: u64,
        /// The old path.
        from: Vec<u8>,
        /// The new path.
        to: Vec<u8>,
        /// A name under which that is kept which stood at the new path; empty when nothing did.
        kept: Vec<u8>,
    },
    /// The system refused what an earlier record announces.
    Refused {
        /// Where that record begins.
        record: u64,
    },
}

impl Record {
    /// As bytes: a kind, three numbers, three texts with their lengths.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        const NONE: &[u8] = &[];
        let (kind, numbers, texts): (u8, [u64; 3], [&[u8]; 3]) = match self {
            Self::Write { file, offset, old_len, before, after } => {
                (0, [*file, *offset, *old_len], [before, after, NONE])
            }
            Self::Resize { file, old_len, new_len, before } => {
                (1, [*file, *old_len, *new_len], [before, NONE, NONE])
            }
            Self::Sync { inode, upto } => (2, [*inode, *upto, 0], [NONE; 3]),
            Self::Create { dir, path } => (3, [*dir, 0, 0], [path, NONE, NONE]),
            Self::MakeDir { dir, path } => (4, [*dir, 0, 0], [path, NONE, NONE]),
            Self::Remove { dir, path, kept } => (5, [*dir, 0, 0], [path, kept, NONE]),
            Self::RemoveDir { dir, path } => (6, [*dir, 0, 0], [path, NONE, NONE]),
            Self::Rename { from_dir, to_dir, from, to, kept } => {
                (7, [*from_dir, *to_dir, 0], [from, to, kept])
            }
            Self::Refused { record } => (8, [*record, 0, 0], [NONE; 3]),
        };
        let mut bytes = vec![kind];
        for number in numbers {
            bytes.extend(number.to_le_bytes());
        }
        for text in texts {
            bytes.extend((text.len() as u64).to_le_bytes());
            bytes.extend(text);
        }
        bytes
    }

    /// Takes one from the front of `bytes`; nothing when the kill came before all of it was written.
    #[must_use]
    pub fn decode(bytes: &mut &[u8]) -> Option<Self> {
        let mut rest = *bytes;
        let (&kind, after_kind) = rest.split_first()?;
        rest = after_kind;
        let [a, b, c] = [number(&mut rest)?, number(&mut rest)?, number(&mut rest)?];
        let [x, y, z] = [text(&mut rest)?, text(&mut rest)?, text(&mut rest)?];
        *bytes = rest;
        Some(match kind {
            0 => Self::Write { file: a, offset: b, old_len: c, before: x, after: y },
            1 => Self::Resize { file: a, old_len: b, new_len: c, before: x },
            2 => Self::Sync { inode: a, upto: b },
            3 => Self::Create { dir: a, path: x },
            4 => Self::MakeDir { dir: a, path: x },
            5 => Self::Remove { dir: a, path: x, kept: y },
            6 => Self::RemoveDir { dir: a, path: x },
            7 => Self::Rename { from_dir: a, to_dir: b, from: x, to: y, kept: z },
            8 => Self::Refused { record: a },
            _ => return None,
        })
    }
}

fn number(bytes: &mut &[u8]) -> Option<u64> {
    let (first, rest) = bytes.split_first_chunk::<8>()?;
    *bytes = rest;
    Some(u64::from_le_bytes(*first))
}

fn text(bytes: &mut &[u8]) -> Option<Vec<u8>> {
    let len = usize::try_from(number(bytes)?).ok()?;
    let (first, rest) = bytes.split_at_checked(len)?;
    *bytes = rest;
    Some(first.to_vec())
}
