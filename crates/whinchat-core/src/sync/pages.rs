//! How the pages of the change log move the position.

use super::cursor::{ChangeGap, Position};
use super::input::ChangesPage;

/// What a page of changes is part of.
pub(super) struct Place {
    /// It tells what there is, not what changed.
    pub(super) snapshot: bool,
    /// Whatever exists has been named now.
    pub(super) ends_snapshot: bool,
}

/// Takes the page that begins a reading: it names the position that holds once all its pages are in.
pub(super) fn first_page(position: &mut Position, page: &ChangesPage, hole: &mut bool) -> Place {
    let starts_snapshot = page.epoch != position.epoch || page.snapshot;
    let had_gaps = !starts_snapshot && !position.gaps.is_empty();
    // This reading may be the last one of a snapshot; if it has pages of its own, the snapshot goes on with them.
    let mut of_snapshot = starts_snapshot;
    if starts_snapshot {
        *position = Position {
            epoch: page.epoch,
            top: page.to,
            gaps: Vec::new(),
            whole: 0,
            generation: position.generation + 1,
            loose: Vec::new(),
            groups: page.groups,
        };
    } else {
        if page.continue_below > 0 && !position.loose.is_empty() {
            // See Position::link: links that came early must not be taken over the gap that this page leaves.
            position.loose.clear();
            *hole = true;
        }
        position.reach(page.to);
        position.groups = position.groups.max(page.groups);
        let closed = |gap: &ChangeGap| *gap == ChangeGap::closing(page.from, gap.snapshot);
        of_snapshot = position.gaps.iter().any(|gap| closed(gap) && gap.snapshot);
        position.gaps.retain(|gap| !closed(gap));
    }
    if page.continue_below > 0 {
        let gap = ChangeGap { from: page.from, below: page.continue_below, snapshot: of_snapshot };
        if !position.gaps.iter().any(|other| other.from == gap.from && other.below == gap.below) {
            position.gaps.push(gap);
        }
    } else if of_snapshot && let Some(gap) = position.gaps.last_mut() {
        gap.snapshot = true;
    }
    if position.gaps.is_empty() {
        position.whole = 0;
    } else if !had_gaps {
        position.whole = page.from;
    }
    Place { snapshot: starts_snapshot, ends_snapshot: of_snapshot && position.gaps.is_empty() }
}

/// Takes a page that follows. None when no gap waits for it.
pub(super) fn next_page(position: &mut Position, page: &ChangesPage, below: u64) -> Option<Place> {
    if page.epoch != position.epoch {
        return None;
    }
    let at = position.gaps.iter().position(|gap| gap.from == page.from && gap.below == below)?;
    let snapshot = position.gaps.get(at)?.snapshot;
    if page.continue_below > 0 {
        position.gaps.get_mut(at)?.below = page.continue_below;
    } else {
        position.gaps.remove(at);
        match position.gaps.last_mut() {
            Some(other) => other.snapshot |= snapshot,
            None => position.gaps.push(ChangeGap::closing(position.top, snapshot)),
        }
    }
    Some(Place { snapshot: snapshot && page.from == 0, ends_snapshot: false })
}
