//! A list that is kept in order, and what changes in it.

use std::collections::HashMap;
use std::hash::Hash;

/// One step from a list to the next. Steps are applied in the order in which they come; each index counts in the list as the
/// steps before have left it.
#[derive(Clone, Debug, PartialEq)]
pub enum ListDiff<T> {
    /// A new item.
    Insert {
        /// Where it stands afterwards.
        index: usize,
        /// The item.
        item: T,
    },
    /// An item is gone.
    Remove {
        /// Where it stood.
        index: usize,
    },
    /// An item has a new state, at the same place.
    Update {
        /// Where it stands.
        index: usize,
        /// Its new state.
        item: T,
    },
    /// An item stands at another place, perhaps with a new state: it is taken out at `from`, then put in at `to`.
    Move {
        /// Where it stood.
        from: usize,
        /// Where it stands afterwards.
        to: usize,
        /// Its state.
        item: T,
    },
}

impl<T> ListDiff<T> {
    /// Makes this step on `list`. A step that does not fit the list, because another one was left out, is not made.
    pub fn apply(self, list: &mut Vec<T>) {
        match self {
            Self::Insert { index, item } if index <= list.len() => list.insert(index, item),
            Self::Remove { index } if index < list.len() => drop(list.remove(index)),
            Self::Update { index, item } => {
                if let Some(place) = list.get_mut(index) {
                    *place = item;
                }
            }
            Self::Move { from, to, item } if from < list.len() && to < list.len() => {
                drop(list.remove(from));
                list.insert(to, item);
            }
            Self::Insert { .. } | Self::Remove { .. } | Self::Move { .. } => {}
        }
    }
}

struct Slot<K, I, T> {
    key: K,
    id: I,
    /// Boxed: a slot is moved whenever one before it comes or goes.
    item: Box<T>,
}

/// Items in the order of their keys, found by id or key without looking at the others.
pub(super) struct Window<K, I, T> {
    slots: Vec<Slot<K, I, T>>,
    keys: HashMap<I, K>,
}

impl<K: Ord + Copy, I: Eq + Hash + Clone, T: PartialEq + Clone> Window<K, I, T> {
    pub(super) fn new() -> Self {
        Self { slots: Vec::new(), keys: HashMap::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    /// Where `id` stands in the order, if it is here.
    pub(super) fn key(&self, id: &I) -> Option<K> {
        self.keys.get(id).copied()
    }

    /// Key and id of the last one.
    pub(super) fn last(&self) -> Option<(K, &I)> {
        self.slots.last().map(|slot| (slot.key, &slot.id))
    }

    /// Everything, in order.
    pub(super) fn items(&self) -> Vec<T> {
        self.slots.iter().map(|slot| T::clone(&slot.item)).collect()
    }

    /// Ids and keys, in order.
    pub(super) fn entries(&self) -> impl DoubleEndedIterator<Item = (K, &I)> {
        self.slots.iter().map(|slot| (slot.key, &slot.id))
    }

    fn place_of(&self, id: &I) -> Option<usize> {
        let key = self.keys.get(id)?;
        let at = self.slots.partition_point(|slot| slot.key < *key);
        match self.slots.get(at) {
            Some(slot) if slot.id == *id => Some(at),
            // Two may have the same key for a moment, when one has taken the place of one that is gone and not yet removed.
            _ => self.slots.iter().position(|slot| slot.id == *id),
        }
    }

    /// Puts an item where its key says, and says what that changed.
    pub(super) fn put(&mut self, id: I, key: K, item: T, diffs: &mut Vec<ListDiff<T>>) {
        if let Some(from) = self.place_of(&id) {
            let Some(slot) = self.slots.get_mut(from) else { return };
            if slot.key == key {
                if *slot.item != item {
                    *slot.item = item.clone();
                    diffs.push(ListDiff::Update { index: from, item });
                }
                return;
            }
            let is_same = *slot.item == item;
            self.slots.remove(from);
            let to = self.insert(id, key, item.clone());
            if from != to {
                diffs.push(ListDiff::Move { from, to, item });
            } else if !is_same {
                diffs.push(ListDiff::Update { index: to, item });
            }
        } else {
            let index = self.insert(id, key, item.clone());
            diffs.push(ListDiff::Insert { index, item });
        }
    }

    fn insert(&mut self, id: I, key: K, item: T) -> usize {
        let at = self.slots.partition_point(|slot| slot.key < key);
        self.keys.insert(id.clone(), key);
        self.slots.insert(at, Slot { key, id, item: Box::new(item) });
        at
    }

    /// Takes an item out, if it is here.
    pub(super) fn remove(&mut self, id: &I, diffs: &mut Vec<ListDiff<T>>) {
        if let Some(index) = self.place_of(id) {
            self.slots.remove(index);
            self.keys.remove(id);
            diffs.push(ListDiff::Remove { index });
        }
    }

    /// Takes out what `stays` does not want, from the end on.
    pub(super) fn retain(&mut self, mut stays: impl FnMut(K, &I) -> bool, diffs: &mut Vec<ListDiff<T>>) {
        let gone: Vec<I> = self
            .entries()
            .rev()
            .filter_map(|(key, id)| if stays(key, id) { None } else { Some(id.clone()) })
            .collect();
        for id in gone {
            self.remove(&id, diffs);
        }
    }

    /// Empties it without a word.
    pub(super) fn clear(&mut self) {
        self.slots.clear();
        self.keys.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn replayed_diffs_equal_the_list(steps in proptest::collection::vec((0..12_u8, 0..6_u8, 0..4_u8), 0..80)) {
            let mut window = Window::new();
            let mut replay = Vec::new();
            let mut model: Vec<((u8, u8), u8, u8)> = Vec::new();
            for (id, key, value) in steps {
                let mut diffs = Vec::new();
                model.retain(|(_, other, _)| *other != id);
                if value == 3 {
                    window.remove(&id, &mut diffs);
                } else {
                    window.put(id, (key, id), value, &mut diffs);
                    model.push(((key, id), id, value));
                    model.sort_unstable();
                }
                prop_assert!(diffs.len() <= 1);
                for diff in diffs {
                    diff.apply(&mut replay);
                }
                let expected: Vec<u8> = model.iter().map(|(_, _, value)| *value).collect();
                prop_assert_eq!(&replay, &expected);
                prop_assert_eq!(window.items(), expected);
            }
        }
    }

    #[test]
    fn steps_that_do_not_fit_are_not_made() {
        let mut list = vec![1, 2];
        for diff in [
            ListDiff::Insert { index: 3, item: 9 },
            ListDiff::Remove { index: 2 },
            ListDiff::Update { index: 2, item: 9 },
            ListDiff::Move { from: 0, to: 2, item: 9 },
            ListDiff::Move { from: 2, to: 0, item: 9 },
        ] {
            diff.apply(&mut list);
        }
        assert_eq!(list, [1, 2]);
    }
}
