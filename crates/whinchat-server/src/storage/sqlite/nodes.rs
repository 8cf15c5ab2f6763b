//! Several nodes over one file: who runs, and whose turn it is to write. All of it is file locks, which the system takes
//! back from a process that dies. Network file systems do not keep them; the folder has to be on a disk of this machine.
//!
//! * `node-<name>.lock` is held by the node for as long as it runs: a second one of the name is refused.
//! * `opening.lock` is held while a node starts, so that each knows for certain who else runs.
//! * `turn.lock` and `write.lock` queue the writers. SQLite alone would let a busy node begin again and again while another
//!   one sleeps between two tries. Whoever waits for `write` holds `turn`, so the one who has just written comes after him.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

const OPENING: &str = "opening.lock";
const TURN: &str = "turn.lock";
const WRITE: &str = "write.lock";
/// What a server of the first version holds, which knows nothing of nodes.
const FIRST_VERSION: &str = "lock";
const PREFIX: &str = "node-";
const SUFFIX: &str = ".lock";

fn open(folder: &Path, name: &str) -> io::Result<File> {
    File::options().read(true).write(true).create(true).truncate(false).open(folder.join(name))
}

/// Waits for a lock; a signal does not end the wait.
fn lock(file: &File) -> io::Result<()> {
    loop {
        match file.lock() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            done => return done,
        }
    }
}

/// A lock that is given back when this is dropped.
#[derive(Debug)]
pub(super) struct Held(File);

impl Held {
    /// Waits for it.
    fn wait(file: File) -> io::Result<Self> {
        lock(&file)?;
        Ok(Self(file))
    }

    /// Takes it unless somebody else has it.
    fn take(file: File) -> io::Result<Option<Self>> {
        match file.try_lock() {
            Ok(()) => Ok(Some(Self(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // Closing alone leaves it to whoever has a copy of the file: a process that another thread is just starting.
        let _ = self.0.unlock();
    }
}

fn lock_name(node: &str) -> String {
    format!("{PREFIX}{node}{SUFFIX}")
}

/// A node that is starting. Nobody else starts until this is dropped.
pub(crate) struct Entrance {
    folder: PathBuf,
    node: String,
    held: Held,
    _opening: Held,
}

impl Entrance {
    /// Takes the node's name in the folder, once no other node is starting; nothing when a node of this name runs.
    pub(crate) fn take(folder: &Path, node: &str) -> io::Result<Option<Self>> {
        let opening = Held::wait(open(folder, OPENING)?)?;
        if is_held(&folder.join(FIRST_VERSION))? {
            return Ok(None);
        }
        let held = Held::take(open(folder, &lock_name(node))?)?;
        Ok(held.map(|held| Self {
            folder: folder.to_owned(),
            node: node.to_owned(),
            held,
            _opening: opening,
        }))
    }

    /// The other nodes that run.
    pub(super) fn others(&self) -> io::Result<Vec<String>> {
        let mut others = Vec::new();
        for entry in std::fs::read_dir(&self.folder)? {
            let name = entry?.file_name();
            let name = name.to_str().and_then(|name| name.strip_prefix(PREFIX)?.strip_suffix(SUFFIX));
            if let Some(name) = name
                && name != self.node
                && runs(&self.folder, name)?
            {
                others.push(name.to_owned());
            }
        }
        Ok(others)
    }

    /// Others may start now; the node's own lock is held for as long as this is.
    pub(super) fn enter(self) -> Held {
        self.held
    }
}

/// Whether a node of this name runs. Only while nobody can be starting: looking takes the lock for a moment.
fn runs(folder: &Path, node: &str) -> io::Result<bool> {
    is_held(&folder.join(lock_name(node)))
}

fn is_held(path: &Path) -> io::Result<bool> {
    match File::options().read(true).write(true).open(path) {
        Ok(file) => Ok(Held::take(file)?.is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Which of these nodes do not run; none when a node is starting just now.
pub(super) fn dead(folder: &Path, nodes: Vec<String>) -> io::Result<Vec<String>> {
    let Some(_opening) = Held::take(open(folder, OPENING)?)? else { return Ok(Vec::new()) };
    let mut dead = Vec::new();
    for node in nodes {
        if !runs(folder, &node)? {
            dead.push(node);
        }
    }
    Ok(dead)
}

/// Where writers of all nodes queue.
pub(super) struct Gate {
    turn: File,
    write: File,
}

/// The right to write, until it is dropped.
pub(super) struct Turn<'a>(&'a File);

impl Gate {
    pub(super) fn open(folder: &Path) -> io::Result<Self> {
        Ok(Self { turn: open(folder, TURN)?, write: open(folder, WRITE)? })
    }

    /// Waits until it is this writer's turn. Two locks that nobody else wants cost a few microseconds.
    pub(super) fn enter(&self) -> io::Result<Turn<'_>> {
        lock(&self.turn)?;
        let written = lock(&self.write);
        // Unlocking cannot fail on a file that is open and locked.
        let _ = self.turn.unlock();
        written.map(|()| Turn(&self.write))
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

    #[test]
    fn a_name_is_taken_once_and_others_are_known() {
        let folder = tempfile::tempdir().unwrap();
        let main = Entrance::take(folder.path(), "main").unwrap().unwrap();
        assert!(main.others().unwrap().is_empty());
        let held = main.enter();
        assert!(Entrance::take(folder.path(), "main").unwrap().is_none());
        let other = Entrance::take(folder.path(), "b").unwrap().unwrap();
        assert_eq!(other.others().unwrap(), ["main"]);
        // While somebody starts nobody is declared dead.
        assert!(dead(folder.path(), vec!["ghost".into()]).unwrap().is_empty());
        let other = other.enter();
        assert_eq!(dead(folder.path(), vec!["main".into(), "ghost".into(), "b".into()]).unwrap(), ["ghost"]);
        drop((held, other));
        assert_eq!(dead(folder.path(), vec!["main".into()]).unwrap(), ["main"]);
    }

    #[test]
    fn a_name_is_free_again_although_a_process_that_is_being_started_has_a_copy_of_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let entrance = Entrance::take(folder.path(), "main").unwrap().unwrap();
        let copies = [entrance.held.0.try_clone().unwrap(), entrance._opening.0.try_clone().unwrap()];
        drop(entrance.enter());
        // Waiting for the other lock would never end.
        assert!(Held::take(open(folder.path(), OPENING).unwrap()).unwrap().is_some());
        assert!(Entrance::take(folder.path(), "main").unwrap().is_some());
        drop(copies);
    }

    /// Sets the flag when dropped, also by a failure: the other thread shall end.
    struct AtTheEnd<'a>(&'a AtomicBool);

    impl Drop for AtTheEnd<'_> {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }

    #[test]
    fn a_busy_writer_lets_the_other_have_its_turn() {
        let folder = tempfile::tempdir().unwrap();
        let (busy, patient) = (Gate::open(folder.path()).unwrap(), Gate::open(folder.path()).unwrap());
        let (done, turns, writing) = (AtomicBool::new(false), AtomicU64::new(0), AtomicBool::new(false));
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let _done = AtTheEnd(&done);
                while !done.load(Ordering::Relaxed) {
                    let _turn = busy.enter().unwrap();
                    assert!(!writing.swap(true, Ordering::Relaxed), "two write at once");
                    turns.fetch_add(1, Ordering::Relaxed);
                    std::thread::sleep(std::time::Duration::from_millis(1));
                    writing.store(false, Ordering::Relaxed);
                }
            });
            let _done = AtTheEnd(&done);
            while turns.load(Ordering::Relaxed) == 0 && !done.load(Ordering::Relaxed) {
                std::thread::yield_now();
            }
            for _ in 0..20 {
                let before = turns.load(Ordering::Relaxed);
                let turn = patient.enter().unwrap();
                assert!(!writing.swap(true, Ordering::Relaxed), "two write at once");
                assert!(turns.load(Ordering::Relaxed) <= before + 2, "it was passed over");
                writing.store(false, Ordering::Relaxed);
                drop(turn);
            }
        });
    }
}
