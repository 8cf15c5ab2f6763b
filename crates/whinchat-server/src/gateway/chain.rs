//! Keeps the pushes of one session in the order of the user's log, without holes. No I/O inside.

use std::collections::BTreeMap;

use bytes::Bytes;

/// Steps that may wait for one before them; with more, reading storage is cheaper.
const HELD: usize = 256;

/// What a session has been told of its user's log.
#[derive(Debug, Default)]
pub(crate) struct Chain {
    /// The version told last; nothing before Welcome.
    pushed: Option<u64>,
    /// Steps that came before those they follow, by the version before them. A step without a frame has to be read.
    held: BTreeMap<u64, (u64, Option<Bytes>)>,
    /// Something is missing for good.
    lost: bool,
    /// Highest version that was heard of before Welcome.
    heard: u64,
}

/// Whether the session has all there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Yes.
    Whole,
    /// A step is missing and may be on its way.
    Waiting,
    /// Storage has to be read.
    Lost,
}

impl Chain {
    /// The version told last.
    pub(crate) fn pushed(&self) -> Option<u64> {
        self.pushed
    }

    /// How things stand.
    pub(crate) fn standing(&self) -> Standing {
        if self.pushed.is_none() {
            Standing::Whole
        } else if self.lost {
            Standing::Lost
        } else if self.held.is_empty() {
            Standing::Whole
        } else {
            Standing::Waiting
        }
    }

    /// Welcome has told everything up to `version`.
    pub(crate) fn begin(&mut self, version: u64, send: &mut dyn FnMut(Bytes)) {
        self.pushed = Some(version);
        self.lost |= self.heard > version;
        self.follow(send);
    }

    /// A step from `prev` to `version`; without a frame only that it happened.
    pub(crate) fn step(
        &mut self,
        prev: u64,
        version: u64,
        frame: Option<Bytes>,
        send: &mut dyn FnMut(Bytes),
    ) {
        match self.pushed {
            Some(pushed) if version <= pushed => return,
            Some(pushed) if prev < pushed => {
                // The step began before what was told and ends after it: only storage knows the difference.
                self.lost = true;
                return;
            }
            _ => {}
        }
        if self.held.len() >= HELD {
            // Before Welcome nothing is lost by this: the gap shows when the chain begins.
            self.held.pop_last();
            self.lost = true;
        }
        self.held.insert(prev, (version, frame));
        self.follow(send);
    }

    /// Only a version is known.
    pub(crate) fn heard_of(&mut self, version: u64) {
        match self.pushed {
            Some(pushed) => self.lost |= version > pushed,
            None => self.heard = self.heard.max(version),
        }
    }

    /// Whether a response may carry this step. If so it has to be sent at once.
    pub(crate) fn answer(&mut self, prev: u64, version: u64) -> bool {
        match self.pushed {
            Some(pushed) if pushed == prev => {
                self.pushed = Some(version);
                true
            }
            _ => false,
        }
    }

    /// Sends what has become due.
    pub(crate) fn follow(&mut self, send: &mut dyn FnMut(Bytes)) {
        let Some(mut pushed) = self.pushed else { return };
        while let Some((prev, (version, frame))) = self.held.pop_first() {
            if version <= pushed {
                continue;
            }
            if prev != pushed {
                if prev < pushed {
                    self.lost = true;
                } else {
                    self.held.insert(prev, (version, frame));
                }
                break;
            }
            match frame {
                Some(frame) => {
                    send(frame);
                    pushed = version;
                }
                None => {
                    self.lost = true;
                    break;
                }
            }
        }
        self.pushed = Some(pushed);
    }

    /// Storage was read and what it said up to `version` was sent.
    pub(crate) fn repaired(&mut self, version: u64, send: &mut dyn FnMut(Bytes)) {
        self.lost = false;
        self.pushed = Some(self.pushed.map_or(version, |pushed| pushed.max(version)));
        self.follow(send);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(n: u8) -> Option<Bytes> {
        Some(Bytes::copy_from_slice(&[n]))
    }

    fn sent(work: impl FnOnce(&mut dyn FnMut(Bytes))) -> Vec<u8> {
        let mut out = Vec::new();
        work(&mut |bytes| out.extend_from_slice(&bytes));
        out
    }

    #[test]
    fn steps_go_out_in_order_once_each_whatever_order_they_come_in() {
        let mut chain = Chain::default();
        assert!(sent(|s| chain.step(3, 4, frame(4), s)).is_empty());
        assert!(sent(|s| chain.step(2, 3, frame(3), s)).is_empty());
        assert_eq!(sent(|s| chain.begin(2, s)), [3, 4]);
        assert!(sent(|s| chain.step(5, 6, frame(6), s)).is_empty());
        assert_eq!(chain.standing(), Standing::Waiting);
        assert!(sent(|s| chain.step(2, 3, frame(3), s)).is_empty());
        assert_eq!(sent(|s| chain.step(4, 5, frame(5), s)), [5, 6]);
        assert_eq!(chain.standing(), Standing::Whole);
    }

    #[test]
    fn an_own_step_without_a_frame_is_read_from_storage() {
        let mut chain = Chain::default();
        chain.begin(1, &mut |_| {});
        assert!(!chain.answer(2, 3));
        chain.step(2, 3, None, &mut |_| {});
        assert_eq!(sent(|s| chain.step(1, 2, frame(2), s)), [2]);
        assert_eq!(chain.standing(), Standing::Lost);
        chain.repaired(3, &mut |_| {});
        assert_eq!((chain.standing(), chain.pushed()), (Standing::Whole, Some(3)));
        assert!(chain.answer(3, 4));
    }

    #[test]
    fn what_was_heard_of_before_welcome_is_missing_only_above_it() {
        for (heard, standing) in [(7, Standing::Whole), (8, Standing::Lost)] {
            let mut chain = Chain::default();
            chain.heard_of(heard);
            chain.begin(7, &mut |_| {});
            assert_eq!(chain.standing(), standing);
        }
    }

    #[test]
    fn too_many_steps_before_the_missing_one_mean_reading() {
        let mut chain = Chain::default();
        chain.begin(0, &mut |_| {});
        for n in 1..=HELD as u64 + 1 {
            chain.step(n, n + 1, frame(0), &mut |_| {});
        }
        assert_eq!(chain.standing(), Standing::Lost);
        assert_eq!(chain.held.len(), HELD);
    }
}
