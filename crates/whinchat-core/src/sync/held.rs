//! Which stretches of a log are held: disjoint, never touching, in order.

/// A closed stretch of seqs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) from: u64,
    pub(crate) to: u64,
}

/// The held stretches of one log. What is not in here is a hole, and is never shown as if it were not there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct HeldRanges(Vec<Range>);

impl HeldRanges {
    /// Takes stored ranges, which may touch or overlap.
    pub(crate) fn from_stored(ranges: impl IntoIterator<Item = Range>) -> Self {
        let mut held = Self::default();
        for range in ranges {
            held.insert(range.from, range.to);
        }
        held
    }

    /// Adds `from..=to`; nothing happens when it is empty.
    pub(crate) fn insert(&mut self, from: u64, to: u64) {
        if from > to {
            return;
        }
        // Everything that overlaps or touches the new stretch melts into it.
        let first = self.0.partition_point(|r| r.to.saturating_add(1) < from);
        let last = self.0.partition_point(|r| r.from <= to.saturating_add(1));
        let mut merged = Range { from, to };
        if let Some(touched) = self.0.get(first..last) {
            for range in touched {
                merged.from = merged.from.min(range.from);
                merged.to = merged.to.max(range.to);
            }
        }
        self.0.splice(first..last.max(first), [merged]);
    }

    /// Forgets everything above `seq`.
    pub(crate) fn truncate(&mut self, seq: u64) {
        self.0.retain(|r| r.from <= seq);
        if let Some(last) = self.0.last_mut() {
            last.to = last.to.min(seq);
        }
    }

    /// The stretch that holds `seq`.
    pub(crate) fn containing(&self, seq: u64) -> Option<Range> {
        let at = self.0.partition_point(|r| r.to < seq);
        self.0.get(at).copied().filter(|r| r.from <= seq)
    }

    /// The last hole in `from..=to`, the one to fill first: readers look at the newest end.
    pub(crate) fn last_hole(&self, from: u64, to: u64) -> Option<Range> {
        if from > to {
            return None;
        }
        match self.containing(to) {
            Some(held) if held.from <= from => None,
            Some(held) => self.last_hole(from, held.from - 1),
            None => {
                let at = self.0.partition_point(|r| r.to < to);
                let below = at.checked_sub(1).and_then(|i| self.0.get(i)).map_or(0, |r| r.to);
                Some(Range { from: from.max(below + 1), to })
            }
        }
    }

    /// The stretches, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Range> + '_ {
        self.0.iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[derive(Debug, Clone)]
    enum Op {
        Insert(u64, u64),
        Truncate(u64),
    }

    fn op() -> impl Strategy<Value = Op> {
        prop_oneof![
            4 => (1..60u64, 0..12u64).prop_map(|(from, n)| Op::Insert(from, from + n)),
            1 => (0..60u64).prop_map(Op::Truncate),
        ]
    }

    proptest! {
        #[test]
        fn ranges_behave_like_a_set_of_seqs(ops in proptest::collection::vec(op(), 0..40), lo in 1..70u64, len in 0..20u64) {
            let mut held = HeldRanges::default();
            let mut model = BTreeSet::new();
            for op in ops {
                match op {
                    Op::Insert(from, to) => { held.insert(from, to); model.extend(from..=to); }
                    Op::Truncate(seq) => { held.truncate(seq); model.retain(|s| *s <= seq); }
                }
            }
            let flat: BTreeSet<u64> = held.iter().flat_map(|r| r.from..=r.to).collect();
            prop_assert_eq!(&flat, &model);
            let ranges: Vec<_> = held.iter().collect();
            for pair in ranges.windows(2) {
                prop_assert!(pair[0].to + 1 < pair[1].from, "touching: {:?}", pair);
            }
            let hi = lo + len;
            let hole = held.last_hole(lo, hi);
            let missing: Vec<u64> = (lo..=hi).filter(|s| !model.contains(s)).collect();
            match (hole, missing.last()) {
                (None, None) => {}
                (Some(r), Some(last)) => {
                    prop_assert_eq!(r.to, *last);
                    prop_assert!((r.from..=r.to).all(|s| !model.contains(&s)));
                    prop_assert!(r.from == lo || model.contains(&(r.from - 1)));
                }
                other => prop_assert!(false, "{:?}", other),
            }
        }
    }
}
