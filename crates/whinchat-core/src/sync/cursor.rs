//! The position in the user's change log.
//!
//! `top` moves at once to the head that a first page of changes tells; the pages behind it are remembered as gaps until
//! they are in. So a resume never asks twice for what it has, however often it is cut.

/// A part of the change log that is still to be read: versions in `from + 1 .. below`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ChangeGap {
    pub(crate) from: u64,
    pub(crate) below: u64,
    /// It belongs to a snapshot: once it is closed, what the snapshot did not name is removed.
    pub(crate) snapshot: bool,
}

impl ChangeGap {
    /// The last reading after several pages: a first page (`below` is 0) from where they ended. What moved while they were
    /// read has left its place in them; only now is everything told, and known what a snapshot did not name.
    pub(crate) fn closing(top: u64, snapshot: bool) -> Self {
        Self { from: top, below: 0, snapshot }
    }
}

/// The position, as it is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Position {
    /// Names the log; 0 before the first contact.
    pub(crate) epoch: u64,
    /// Everything up to here is held, but for the gaps.
    pub(crate) top: u64,
    /// What is still to be read, oldest request first.
    pub(crate) gaps: Vec<ChangeGap>,
    /// With gaps: up to here there was none. What was deleted since then has to be told with every key, since a key that
    /// moves out of a gap takes along what stood there. 0 without gaps.
    pub(crate) whole: u64,
    /// Counts snapshots; conversations carry the number of the one that named them last.
    pub(crate) generation: u64,
    /// Links of the push chain above `top` that came before the link below them.
    pub(crate) loose: Vec<(u64, u64)>,
    /// Movements of large groups that are held, or remembered as missing by the logs and gaps.
    pub(crate) groups: u64,
}

/// More loose links than this are forgotten: a read of the change log replaces them all.
const LOOSE_LINKS: usize = 64;

impl Position {
    /// From where on deletions have to be listed, if not from where changes are asked.
    pub(crate) fn deleted_since(&self) -> Option<u64> {
        (!self.gaps.is_empty()).then_some(self.whole)
    }

    /// Takes one link of the push chain. False: something before it is missing.
    pub(crate) fn link(&mut self, prev: u64, version: u64) -> bool {
        if version <= self.top {
            return true;
        }
        if !self.gaps.is_empty() {
            // A key that moves now leaves the gap it may have stood in, and a push need not tell all of its state: marks
            // that moved in the gap would never be heard of. A read from `top` tells it all.
            return false;
        }
        if prev > self.top {
            if self.loose.len() < LOOSE_LINKS && !self.loose.contains(&(prev, version)) {
                self.loose.push((prev, version));
            }
            return false;
        }
        self.top = version;
        self.settle();
        true
    }

    /// Moves `top` to a head that a first page told.
    pub(crate) fn reach(&mut self, version: u64) {
        self.top = self.top.max(version);
        self.settle();
    }

    fn settle(&mut self) {
        while let Some(at) =
            self.loose.iter().position(|(prev, version)| *prev <= self.top && *version > self.top)
        {
            let (_, version) = self.loose.swap_remove(at);
            self.top = version;
        }
        let top = self.top;
        self.loose.retain(|(_, version)| *version > top);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_that_came_early_counts_once_the_one_below_is_in() {
        let mut position = Position { epoch: 1, top: 4, ..Position::default() };
        assert!(!position.link(5, 6));
        assert_eq!(position.top, 4);
        assert!(position.link(4, 5));
        assert_eq!(position.top, 6);
        assert!(position.loose.is_empty());
    }

    #[test]
    fn a_link_that_is_known_already_changes_nothing() {
        let mut position = Position { epoch: 1, top: 9, ..Position::default() };
        assert!(position.link(3, 4));
        assert_eq!(position.top, 9);
    }
}
