//! Unread is derived, never counted up and down: running totals make it a subtraction.

/// Running totals at one place of a log: counted entries, and those of the reader's own among them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    pub(crate) counted: u64,
    pub(crate) own: u64,
}

/// Where unread starts to count. Kept apart from the read mark, which alone causes receipts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Floor {
    pub(crate) seq: u64,
    pub(crate) totals: Totals,
}

impl Floor {
    /// Marks merge by maximum; at the same place the other's totals win, since the server's are exact.
    pub(crate) fn merge(&mut self, other: Self) {
        if other.seq >= self.seq {
            *self = other;
        }
    }
}

/// Entries above the floor that count, are not the reader's own, and are not among the `excepted` ones (blank, revoked or
/// deleted counted entries above the floor).
pub(crate) fn unread(head: Totals, floor: Floor, excepted: u64) -> u64 {
    let counted = head.counted.saturating_sub(floor.totals.counted);
    let own = head.own.saturating_sub(floor.totals.own);
    counted.saturating_sub(own).saturating_sub(excepted)
}
