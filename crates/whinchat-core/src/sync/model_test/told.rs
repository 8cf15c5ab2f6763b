//! What the app was told: in order, nothing twice, nothing forgotten.

use std::collections::{BTreeMap, BTreeSet};

use whinchat_proto::id::ConversationId;
use whinchat_proto::limits::RECENT_ENTRIES;

use super::server::ModelServer;
use super::store::Data;
use crate::sync::{Input, Log, Outcome};

/// Whether the state of a conversation was known, and its epoch.
pub(super) type Before = BTreeMap<ConversationId, (bool, u64)>;

/// Which seqs were announced.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// Of each log, over all lives of the process.
    pub(super) ever: BTreeMap<(ConversationId, u64), BTreeSet<u64>>,
    /// Of each conversation, what lies at or below it need not be announced.
    pub(super) from: BTreeMap<ConversationId, u64>,
    /// Of each log, the last in this life.
    last: BTreeMap<(ConversationId, u64), u64>,
}

impl Told {
    pub(super) fn next_life(&mut self) {
        self.last.clear();
    }

    pub(super) fn before(&self, data: &Data) -> Before {
        data.logs.iter().map(|(id, log)| (id.clone(), (log.known, log.epoch))).collect()
    }

    pub(super) fn after(
        &mut self,
        before: &Before,
        data: &Data,
        inputs: &[Input],
        outcome: &Outcome,
        server: &ModelServer,
    ) {
        let is_snapshot = |input: &Input| matches!(input, Input::Changes { page, .. } if page.snapshot);
        let first_sync = inputs.iter().any(is_snapshot) || data.position.gaps.iter().any(|gap| gap.snapshot);
        for id in &outcome.removed {
            self.from.remove(id);
            self.ever.retain(|(of, _), _| of != id);
            self.last.retain(|(of, _), _| of != id);
        }
        for (id, log) in &data.logs {
            self.begin(id, log, before.get(id).copied(), first_sync, server);
        }
        let names = |input: &Input, id: &ConversationId| matches!(input, Input::Changes { page, .. } if page.from == 0 && page.changes.iter().any(|(s, _)| s.conversation == *id));
        for (id, first, last) in &outcome.announced {
            let of_snapshot = inputs.iter().any(|input| names(input, id));
            assert!(before.contains_key(id) || !of_snapshot, "a snapshot announced all of {id}");
            let log = data.logs.get(id).expect("only of a log that is there");
            assert!(
                log.known && first <= last && *last <= log.head_seq,
                "announced {first}..{last} of {log:?}"
            );
            let held = log.held.containing(*first).expect("only what is held");
            assert!(held.to >= *last, "announced over a hole: {first}..{last} of {log:?}");
            let key = (id.clone(), log.epoch);
            let before = self.last.insert(key.clone(), *last).unwrap_or(0);
            assert!(*first > before, "announced twice or out of order: {first} after {before} of {id}");
            let ever = self.ever.entry(key).or_default();
            ever.extend(*first..=*last);
            // What had left the recent window by then is the history's, even if a restore moves the window back.
            let recent = (log.head_seq + 1).saturating_sub(RECENT_ENTRIES as u64).max(log.visible_from);
            ever.extend(1..recent.min(*first));
        }
    }

    /// Notes from where a conversation has to be announced.
    fn begin(
        &mut self,
        id: &ConversationId,
        log: &Log,
        before: Option<(bool, u64)>,
        first_sync: bool,
        server: &ModelServer,
    ) {
        match before {
            Some((true, epoch)) if epoch == log.epoch => {}
            Some((true, epoch)) => {
                let shared = (server.conversations.get(id))
                    .filter(|conversation| conversation.previous_epoch == epoch)
                    .map_or(0, |conversation| conversation.base);
                let from = self.from.entry(id.clone()).or_default();
                let (old, new) = ((id.clone(), epoch), (id.clone(), log.epoch));
                let kept: BTreeSet<u64> =
                    self.ever.get(&old).into_iter().flatten().copied().filter(|seq| *seq <= shared).collect();
                self.ever.entry(new).or_default().extend(kept);
                *from = if shared > 0 { (*from).min(shared) } else { log.head_seq };
            }
            _ if !log.known => {}
            // A fresh device is not told of what was there; everybody else of all since he came in, read elsewhere or not.
            _ if first_sync => drop(self.from.insert(id.clone(), log.head_seq)),
            _ => {
                let joined = if log.floor.seq > log.read_seq { log.floor.seq } else { 0 };
                self.from.insert(id.clone(), joined.max(log.visible_from - 1));
            }
        }
    }
}
