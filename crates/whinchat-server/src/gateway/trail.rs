//! Which movements of large groups this node has heard of, so that what the bus lost is noticed. No I/O inside.

use std::collections::{HashMap, VecDeque};

use whinchat_proto::id::GroupId;

use crate::storage::MovedGroup;

/// Movements of one group that may wait for one before them; with more, something is taken to be lost.
const LOOSE: usize = 64;

/// What was heard of one group.
#[derive(Debug)]
struct Trail {
    /// Every movement up to this one.
    upto: u64,
    /// Movements above it whose predecessor is missing: (before, moved).
    loose: Vec<(u64, u64)>,
    /// Storage has this movement, which was not heard of when last looked.
    missing: Option<u64>,
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Trails {
    /// Every movement of every group up to this one is dealt with.
    swept: u64,
    groups: HashMap<GroupId, Trail>,
    /// Groups of which something was lost, until their members were told.
    lost: VecDeque<GroupId>,
}

impl Trails {
    /// Begins with what storage says now.
    pub(super) fn new(swept: u64) -> Self {
        Self { swept, ..Self::default() }
    }

    /// Movements above this one have to be looked at.
    pub(super) fn swept(&self) -> u64 {
        self.swept
    }

    /// A movement was heard of, with the one of the same group before it.
    pub(super) fn heard(&mut self, group: &GroupId, before: u64, moved: u64) {
        let swept = self.swept;
        let trail = self.groups.entry(group.clone()).or_insert_with(|| Trail {
            upto: swept,
            loose: Vec::new(),
            missing: None,
        });
        if moved <= trail.upto {
            return;
        }
        if trail.loose.len() < LOOSE {
            trail.loose.push((before, moved));
        }
        while let Some(at) = trail.loose.iter().position(|(before, _)| *before <= trail.upto) {
            let (_, moved) = trail.loose.swap_remove(at);
            trail.upto = trail.upto.max(moved);
        }
    }

    /// Storage says that these have moved, and no others up to `swept`. Lost is what is missing at two looks in a row, since
    /// what is missing at one may be on its way.
    pub(super) fn sweep(&mut self, swept: u64, moved: Vec<MovedGroup>) {
        for (group, trail) in &mut self.groups {
            if let Some(missing) = trail.missing.take()
                && trail.upto < missing
            {
                trail.upto = missing;
                trail.loose.retain(|(_, moved)| *moved > missing);
                if !self.lost.contains(group) {
                    self.lost.push_back(group.clone());
                }
            }
        }
        for found in moved {
            let before = self.swept;
            let trail = self.groups.entry(found.group).or_insert_with(|| Trail {
                upto: before,
                loose: Vec::new(),
                missing: None,
            });
            if trail.upto < found.moved {
                trail.missing = Some(found.moved);
            }
        }
        self.swept = self.swept.max(swept);
        let swept = self.swept;
        self.groups
            .retain(|_, trail| trail.missing.is_some() || trail.upto > swept || !trail.loose.is_empty());
    }

    /// A group of which something was lost.
    pub(super) fn lost(&self) -> Option<&GroupId> {
        self.lost.front()
    }

    /// The members of that group were told where it stands.
    pub(super) fn told(&mut self) {
        self.lost.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(name: &str) -> GroupId {
        GroupId::new(name).unwrap()
    }

    fn moved(name: &str, moved: u64) -> MovedGroup {
        MovedGroup { group: id(name), epoch: 1, head_seq: moved, moved }
    }

    /// What was lost by another look; the members are told.
    fn lost(trails: &mut Trails, swept: u64, moved: Vec<MovedGroup>) -> Vec<GroupId> {
        trails.sweep(swept, moved);
        let mut lost = Vec::new();
        while let Some(group) = trails.lost().cloned() {
            lost.push(group);
            trails.told();
        }
        lost
    }

    #[test]
    fn what_was_lost_stays_so_until_the_members_were_told() {
        let mut trails = Trails::new(0);
        trails.sweep(2, vec![moved("a", 1), moved("b", 2)]);
        trails.sweep(2, Vec::new());
        // Storage could not say where the second one stands, and the same is lost once more.
        let first = trails.lost().cloned().unwrap();
        trails.told();
        let second = trails.lost().cloned().unwrap();
        trails.sweep(3, vec![moved(second.as_str(), 3)]);
        trails.sweep(3, Vec::new());
        assert!(first != second);
        assert_eq!(lost(&mut trails, 3, Vec::new()), [second]);
        assert!(trails.groups.is_empty(), "{trails:?}");
    }

    #[test]
    fn what_was_heard_in_any_order_is_not_lost() {
        let mut trails = Trails::new(10);
        trails.heard(&id("a"), 11, 13);
        trails.heard(&id("a"), 3, 11);
        trails.heard(&id("b"), 0, 12);
        assert!(lost(&mut trails, 13, vec![moved("a", 13), moved("b", 12)]).is_empty());
        assert!(lost(&mut trails, 13, Vec::new()).is_empty());
        assert!(trails.groups.is_empty(), "{trails:?}");
        trails.heard(&id("a"), 13, 14);
        assert!(lost(&mut trails, 14, vec![moved("a", 14)]).is_empty());
        assert!(lost(&mut trails, 14, Vec::new()).is_empty());
    }

    #[test]
    fn what_is_missing_at_two_looks_is_lost_and_what_was_late_is_not() {
        let mut trails = Trails::new(0);
        trails.heard(&id("hole"), 1, 2);
        let found = vec![moved("hole", 2), moved("tail", 3), moved("late", 4)];
        assert!(lost(&mut trails, 4, found).is_empty());
        trails.heard(&id("late"), 0, 4);
        let mut found = lost(&mut trails, 4, Vec::new());
        found.sort();
        assert_eq!(found, [id("hole"), id("tail")]);
        assert!(lost(&mut trails, 4, Vec::new()).is_empty(), "told once");
        // From there on all is well again.
        trails.heard(&id("hole"), 2, 5);
        assert!(lost(&mut trails, 5, vec![moved("hole", 5)]).is_empty());
        assert!(lost(&mut trails, 5, Vec::new()).is_empty());
        assert!(trails.groups.is_empty(), "{trails:?}");
    }

    #[test]
    fn a_hole_between_what_was_heard_is_found() {
        let mut trails = Trails::new(0);
        trails.heard(&id("a"), 0, 1);
        trails.heard(&id("a"), 2, 3);
        assert!(lost(&mut trails, 3, vec![moved("a", 3)]).is_empty());
        assert_eq!(lost(&mut trails, 3, Vec::new()), [id("a")]);
    }
}
