//! A disk that loses power: what was not synced when the process died is taken back.
//!
//! The process runs with `whinchat-powerloss` preloaded, which keeps a journal (see there). What a power loss leaves is read
//! pessimistically, as POSIX allows and not as a kind file system would have it:
//!
//! * bytes and lengths last from a sync of the file that began after they were written;
//! * names (created, renamed, removed, folders too) last from a sync of the folder they are in, not from one of the file;
//! * of everything else nothing is left ([`Left::Nothing`]), or anything may be ([`Left::Something`]): any subset of the
//!   writes, any sectors of a write, and the name changes up to some moment, which journaling file systems keep in order.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{FileExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use crate::dice::Dice;

#[path = "../powerloss/src/record.rs"]
pub mod record;
use record::Record;

/// What a disk writes as a whole.
const SECTOR: usize = 512;

/// What is left of what was not synced.
#[derive(Debug)]
pub enum Left<'a> {
    /// Nothing.
    Nothing,
    /// What the dice say.
    Something(&'a mut Dice),
}

/// What a cut took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Writes and lengths that no sync covered.
    pub unsynced: usize,
    /// Those of them that left nothing, or not all.
    pub lost: usize,
    /// Name changes that were undone.
    pub names: usize,
}

/// How much of something a test does: what the environment says, for longer runs, or the usual.
#[must_use]
pub fn setting(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).ok().and_then(|value| value.parse().ok()).unwrap_or(usual)
}

/// A folder whose files lose what was not synced.
#[derive(Clone, Debug)]
pub struct Disk {
    folder: PathBuf,
    power: PathBuf,
}

/// The library to preload: cargo builds it beside the tests, since they depend on it.
pub(crate) fn shim() -> PathBuf {
    let this = std::env::current_exe().expect("this program knows where it is");
    let beside = this.ancestors().skip(1).take(2);
    let mut found = beside.flat_map(|folder| [folder.join("deps"), folder.to_owned()]);
    found
        .find_map(|folder| Some(folder.join("libwhinchat_powerloss.so")).filter(|path| path.exists()))
        .expect("libwhinchat_powerloss.so is built with the tests")
}

impl Disk {
    /// A disk at `folder`, which is made if need be. What is there counts as synced.
    ///
    /// # Panics
    ///
    /// When it cannot be made.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        fs::create_dir_all(folder).expect("the folder can be made");
        let folder = folder.canonicalize().expect("the folder is there");
        let mut power = folder.clone().into_os_string();
        power.push(".power");
        let power = PathBuf::from(power);
        fs::create_dir_all(&power).expect("the journal's folder can be made");
        Self { folder, power }
    }

    /// Its folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.folder
    }

    /// What a process needs in its environment to be followed.
    #[must_use]
    pub fn environment(&self) -> [(&'static str, OsString); 2] {
        [("LD_PRELOAD", shim().into()), ("WHINCHAT_POWERLOSS_FOLDER", self.folder.clone().into())]
    }

    /// A program in a script of its own that runs under the shim and has the disk of the folder it was told with `--data`.
    /// For whoever starts programs by their path.
    ///
    /// # Panics
    ///
    /// When the script cannot be written.
    #[must_use]
    pub fn wrapped(program: &Path, script: &Path, sync_us: u32) -> PathBuf {
        use std::os::unix::fs::PermissionsExt as _;
        let text = format!(
            "#!/bin/sh\n\
             for word in \"$@\"; do\n\
             [ \"$before\" = --data ] && data=$word\n\
             case $word in --data=*) data=${{word#--data=}} ;; esac\n\
             before=$word\n\
             done\n\
             exec env LD_PRELOAD='{}' WHINCHAT_POWERLOSS_FOLDER=\"$data\" WHINCHAT_POWERLOSS_SYNC_US={sync_us} '{}' \"$@\"\n",
            shim().display(),
            program.display(),
        );
        fs::write(script, text).expect("the script can be written");
        fs::set_permissions(script, fs::Permissions::from_mode(0o700)).expect("the script can be run");
        script.to_owned()
    }

    fn journal(&self) -> Vec<(u64, Record)> {
        let path = self.power.join("journal");
        if !path.exists() {
            return Vec::new();
        }
        let bytes = fs::read(path).expect("the journal can be read");
        let (mut rest, mut records) = (bytes.as_slice(), Vec::new());
        loop {
            let place = u64::try_from(bytes.len() - rest.len()).expect("a length");
            match Record::decode(&mut rest) {
                Some(record) => records.push((place, record)),
                None => return records,
            }
        }
    }

    /// The power fails; how kindly, the dice say.
    pub fn cut_somehow(&self, dice: &mut Dice) -> Taken {
        if dice.chance(40) { self.cut(Left::Nothing) } else { self.cut(Left::Something(dice)) }
    }

    /// The power fails. The process has to be dead.
    ///
    /// # Panics
    ///
    /// When the files cannot be changed.
    pub fn cut(&self, mut left: Left<'_>) -> Taken {
        let records = self.journal();
        let synced = Synced::of(&records);
        let mut taken = Taken::default();

        let mut places = HashMap::new();
        for folder in [&self.folder, &self.power] {
            find_files(folder, &mut places);
        }
        let mut changes: HashMap<u64, Vec<&Record>> = HashMap::new();
        for (place, record) in &records {
            if let Record::Write { file, .. } | Record::Resize { file, .. } = record
                && !synced.covers(*file, *place)
            {
                changes.entry(*file).or_default().push(record);
            }
        }
        // In the order of the journal, so that the dice fall alike each time.
        let mut files: Vec<u64> = Vec::new();
        for (_, record) in &records {
            if let Record::Write { file, .. } | Record::Resize { file, .. } = record
                && !files.contains(file)
            {
                files.push(*file);
            }
        }
        for file in files {
            let (Some(changes), Some(path)) = (changes.get(&file), places.get(&file)) else { continue };
            let open = OpenOptions::new().write(true).open(path).expect("a file can be opened");
            for change in changes.iter().rev() {
                undo(&open, change);
            }
            taken.unsynced += changes.len();
            for change in changes {
                let whole = match &mut left {
                    Left::Nothing => false,
                    Left::Something(dice) => redo_perhaps(&open, change, dice),
                };
                taken.lost += usize::from(!whole);
            }
        }

        let names: Vec<&Record> = records
            .iter()
            .filter(|(place, record)| synced.loses_name(*place, record))
            .map(|(_, r)| r)
            .collect();
        let keeps = match &mut left {
            Left::Nothing => 0,
            Left::Something(dice) => below(dice, names.len() + 1),
        };
        for name in names[keeps..].iter().rev() {
            undo_name(name);
            taken.names += 1;
        }
        remove_volatile(&self.folder);
        fs::remove_dir_all(&self.power).expect("the journal can be removed");
        fs::create_dir(&self.power).expect("the journal's folder can be made");
        taken
    }
}

fn below(dice: &mut Dice, limit: usize) -> usize {
    usize::try_from(dice.below(u64::try_from(limit).expect("a length"))).expect("a length")
}

/// Up to which place of the journal each file and folder is on the disk, and what never happened.
struct Synced {
    upto: HashMap<u64, u64>,
    refused: Vec<u64>,
}

impl Synced {
    fn of(records: &[(u64, Record)]) -> Self {
        let mut synced = Self { upto: HashMap::new(), refused: Vec::new() };
        for (_, record) in records {
            match record {
                Record::Sync { inode, upto } => {
                    let known = synced.upto.entry(*inode).or_default();
                    *known = (*known).max(*upto);
                }
                Record::Refused { record } => synced.refused.push(*record),
                _ => {}
            }
        }
        synced
    }

    fn covers(&self, inode: u64, place: u64) -> bool {
        self.upto.get(&inode).is_some_and(|upto| place < *upto)
    }

    /// Whether this changes a name, did happen, and is not on the disk.
    fn loses_name(&self, place: u64, record: &Record) -> bool {
        let dirs = match record {
            Record::Create { dir, .. }
            | Record::MakeDir { dir, .. }
            | Record::Remove { dir, .. }
            | Record::RemoveDir { dir, .. } => [*dir, *dir],
            Record::Rename { from_dir, to_dir, .. } => [*from_dir, *to_dir],
            _ => return false,
        };
        !self.refused.contains(&place) && !dirs.iter().all(|dir| self.covers(*dir, place))
    }
}

fn find_files(folder: &Path, places: &mut HashMap<u64, PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder can be read") {
        let entry = entry.expect("a folder can be read");
        let about = entry.metadata().expect("a file can be looked at");
        if about.is_dir() {
            find_files(&entry.path(), places);
        } else {
            places.insert(about.ino(), entry.path());
        }
    }
}

fn remove_volatile(folder: &Path) {
    let mut places = HashMap::new();
    find_files(folder, &mut places);
    for path in places.values().filter(|path| path.as_os_str().as_bytes().ends_with(b"-shm")) {
        fs::remove_file(path).expect("a file can be removed");
    }
}

fn undo(file: &File, change: &Record) {
    let (offset, old_len, before) = match change {
        Record::Write { offset, old_len, before, .. } => (*offset, *old_len, before),
        Record::Resize { old_len, new_len, before, .. } => (*new_len, *old_len, before),
        _ => return,
    };
    file.set_len(old_len).expect("a length can be set");
    file.write_all_at(before, offset).expect("a file can be written");
}

/// The disk may have come to this change before the power failed. Whether it did, wholly.
fn redo_perhaps(file: &File, change: &Record, dice: &mut Dice) -> bool {
    let (all, some) = match dice.below(3) {
        0 => return false,
        1 => (true, true),
        _ => (false, true),
    };
    match change {
        Record::Write { offset, after, .. } => {
            let mut rest = after.as_slice();
            let mut at = *offset;
            while !rest.is_empty() {
                let place = usize::try_from(at).expect("an offset") % SECTOR;
                let (sector, more) = rest.split_at(rest.len().min(SECTOR - place));
                if all || dice.chance(50) {
                    file.write_all_at(sector, at).expect("a file can be written");
                }
                at += u64::try_from(sector.len()).expect("a length");
                rest = more;
            }
        }
        Record::Resize { new_len, .. } => file.set_len(*new_len).expect("a length can be set"),
        _ => {}
    }
    all || (some && matches!(change, Record::Resize { .. }))
}

fn path(bytes: &[u8]) -> &Path {
    Path::new(OsStr::from_bytes(bytes))
}

/// Undone newest first, every path is what it was at the time.
fn undo_name(name: &Record) {
    let there = |bytes: &[u8]| path(bytes).symlink_metadata().is_ok();
    let done = match name {
        // The kill came between the record and the deed, or a folder above it is gone already.
        Record::Create { path: it, .. } | Record::MakeDir { path: it, .. } if !there(it) => Ok(()),
        Record::Remove { path: it, .. } | Record::RemoveDir { path: it, .. } if there(it) => Ok(()),
        Record::Rename { to, .. } if !there(to) => Ok(()),
        Record::Create { path: it, .. } => fs::remove_file(path(it)),
        Record::MakeDir { path: it, .. } => fs::remove_dir_all(path(it)),
        Record::Remove { path: it, kept, .. } => fs::hard_link(path(kept), path(it)),
        Record::RemoveDir { path: it, .. } => fs::create_dir(path(it)),
        Record::Rename { from, to, .. } if there(from) && there(to) => Ok(()),
        Record::Rename { from, to, kept, .. } => fs::rename(path(to), path(from))
            .and_then(|()| if kept.is_empty() { Ok(()) } else { fs::hard_link(path(kept), path(to)) }),
        _ => Ok(()),
    };
    done.unwrap_or_else(|error| panic!("{name:?} cannot be undone: {error}"));
}
