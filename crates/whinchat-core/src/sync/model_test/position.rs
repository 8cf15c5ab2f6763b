//! The position against a set of the versions whose pushes came.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::sync::Position;

#[derive(Clone, Debug)]
enum Step {
    /// One of the pushes comes, perhaps not for the first time.
    Link(usize),
    /// A page tells everything up to a version.
    Reach(u64),
    /// Another connection.
    Up,
}

fn step(links: usize) -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => (0..links).prop_map(Step::Link),
        1 => (0..60_u64).prop_map(Step::Reach),
        1 => Just(Step::Up),
    ]
}

proptest! {
    #![proptest_config(super::config())]

    /// `top` is where the unbroken chain of what came ends, in whatever order it came.
    #[test]
    fn top_is_the_end_of_the_unbroken_chain(
        lengths in prop::collection::vec(1..4_u64, 1..25),
        steps in prop::collection::vec(step(25), 0..80),
    ) {
        let ends: Vec<u64> = lengths.iter().scan(0, |end, length| { *end += length; Some(*end) }).collect();
        let mut position = Position { epoch: 1, ..Position::default() };
        let mut came: BTreeSet<u64> = BTreeSet::new();
        let mut reached = 0;
        for step in steps {
            let mut linked = None;
            match step {
                Step::Link(at) => {
                    let version = ends[at % ends.len()];
                    let prev = version - lengths[at % ends.len()];
                    came.extend(prev + 1..=version);
                    linked = Some((version, position.link(prev, version)));
                }
                Step::Reach(version) => {
                    position.reach(version);
                    reached = reached.max(version);
                    came.extend(1..=version);
                }
                Step::Up => {
                    position.loose.clear();
                    came.retain(|version| *version <= position.top);
                }
            }
            let unbroken = (1..).take_while(|version| came.contains(version)).last().unwrap_or(0);
            prop_assert_eq!(position.top, unbroken);
            if let Some((version, joined)) = linked {
                prop_assert_eq!(joined, version <= unbroken);
            }
            let above = came.iter().any(|version| *version > unbroken);
            prop_assert_eq!(!position.loose.is_empty(), above);
        }
    }
}
